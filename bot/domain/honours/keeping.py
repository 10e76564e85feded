"""What honours keep of one person, how they forget him, and what must be so of all rows together."""

from typing import Any

from bot import due
from bot.domain.honours.nominating import ENDING
from bot.domain.people import Person
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
    return {name: [dict(row) for row in await tx.all(sql, id=person.id)] for name, sql in KNOWN.items()}


async def forget(tx: Transaction, person: Person) -> None:
    """What waits is declined; what was written about or by him goes."""
    for row in await tx.all(
        "UPDATE nominations SET state = 'declined', settled_at = :now "
        "WHERE person_id = :id AND state IN ('nominated', 'public') RETURNING id",
        now=tx.now,
        id=person.id,
    ):
        await due.drop(tx, f"nomination:{row['id']}", ENDING)
    await tx.run("UPDATE nominations SET why = '' WHERE person_id = :id OR by_id = :id", id=person.id)
    await tx.run("UPDATE honour_objections SET words = '' WHERE person_id = :id", id=person.id)


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well."""
    return await broken(tx, PROMISES)
