"""What is kept of somebody who shared or declined, and what must be so of all shares."""

from typing import Any

from bot.domain.people import Becoming, Person, share, stay
from bot.domain.promises import Broken, Promise, broken
from bot.storage import Transaction

MERGED = stay("shares", "made_by", "settled_by")
PROMISES = (
    Promise(
        "shares",
        "Whoever an activity is shared with has places of its own there that are not closed, and nobody else has.",
        "SELECT s.id, s.state, r.id AS role_id FROM shares s LEFT JOIN activity_roles r "
        "ON r.activity_id = s.activity_id AND r.partner_id = s.partner_id "
        "WHERE (s.state = 'on') <> COALESCE(r.closed = 0, 1 = 0)",
    ),
    Promise(
        "partners",
        "Places of a partner's own come of a share.",
        "SELECT r.id, r.activity_id FROM activity_roles r WHERE r.partner_id IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM shares s WHERE s.activity_id = r.activity_id AND s.partner_id = r.partner_id)",
    ),
)


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """What somebody shared with partners, or settled for one, for /mydata."""
    rows = await tx.all("SELECT * FROM shares WHERE made_by = :id OR settled_by = :id ORDER BY id", id=person.id)
    return {"shared with partners": [dict(row) for row in rows]}


async def forget(tx: Transaction, person: Person) -> None:
    """A share is the activity's and stays under its maker's number; words that somebody declined with go."""
    await tx.run("UPDATE shares SET reason = '' WHERE settled_by = :id", id=person.id)


async def merged(tx: Transaction, it: Becoming) -> None:
    """What was shared or declined stays under the old number."""
    await share(tx, MERGED, it)


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well."""
    return await broken(tx, PROMISES)
