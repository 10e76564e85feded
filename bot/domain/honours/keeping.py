"""What honours keep of one person, how they forget him, and what must be so of all rows together."""

from typing import Any

from bot import due
from bot.domain.honours.nominating import ENDING
from bot.domain.people import Becoming, Person, move, rows_of, share, stay
from bot.domain.promises import Broken, Promise, broken
from bot.storage import Transaction

KNOWN = {
    "nominations": "SELECT * FROM nominations WHERE person_id = :id ORDER BY id",
    "nominated by me": "SELECT id, honour_id, why, state, made_at FROM nominations WHERE by_id = :id ORDER BY id",
    "objections": "SELECT * FROM honour_objections WHERE person_id = :id ORDER BY at",
}
PROMISES = (
    Promise(
        "four eyes",
        "Whoever looked at a nomination neither nominated nor is nominated.",
        "SELECT id FROM nominations WHERE reviewed_by IN (person_id, by_id) OR by_id = person_id",
    ),
    Promise(
        "objections",
        "Nothing is awarded while an objection waits, or after one was right.",
        "SELECT n.id FROM nominations n JOIN honour_objections o ON o.nomination_id = n.id "
        "WHERE n.state = 'awarded' AND COALESCE(o.upheld, 1) = 1",
    ),
)


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Every row of honours from or about this person, by what it is."""
    return await rows_of(tx, KNOWN, person)


async def forget(tx: Transaction, person: Person) -> None:
    """What waits is declined; what was written about or by him goes."""
    await _decline(tx, person)
    await tx.run("UPDATE nominations SET why = '' WHERE person_id = :id OR by_id = :id", id=person.id)
    await tx.run("UPDATE honour_objections SET words = '' WHERE person_id = :id", id=person.id)


async def _decline(tx: Transaction, person: Person) -> None:
    for row in await tx.all(
        "UPDATE nominations SET state = 'declined', settled_at = :now "
        "WHERE person_id = :id AND state IN ('nominated', 'public') RETURNING id",
        now=tx.now,
        id=person.id,
    ):
        await due.drop(tx, f"nomination:{row['id']}", ENDING)


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well."""
    return await broken(tx, PROMISES)


MERGED = (
    *stay("honours", "made_by"),
    *stay("nominations", "by_id", "reviewed_by"),
    # Whoever nominated or reviewed himself under his other number keeps nothing of it.
    move(
        "nominations",
        "person_id",
        once=("honour_id",),
        only="by_id <> :into AND COALESCE(reviewed_by, 0) <> :into",
    ),
    *stay("honour_objections", "person_id", "answered_by"),
)


async def merged(tx: Transaction, it: Becoming) -> None:
    """Honours go on under the other number; of two nominations for one honour the old record's ends."""
    await share(tx, MERGED, it)
    await _decline(tx, it.old)
