"""What feedback keeps of one person, how it forgets him, and what must be so of all rows together."""

from typing import Any

from bot.domain.people import Becoming, Person, move, rows_of, share, stay
from bot.domain.promises import Broken, Promise, broken
from bot.storage import Transaction

KNOWN = {
    "feedback": "SELECT * FROM feedback WHERE person_id = :id ORDER BY activity_id",
    "remarks": "SELECT * FROM feedback_remarks WHERE person_id = :id ORDER BY activity_id, remark",
    "worries": "SELECT * FROM feedback_worries WHERE person_id = :id ORDER BY id",
    "thanks received": "SELECT * FROM thanks WHERE person_id = :id ORDER BY id",
    "thanks given": "SELECT id, activity_id, word, at FROM thanks WHERE by_id = :id ORDER BY id",
}
# What was written goes; that somebody answered stays with the number, so that counts stay whole.
FORGET = (
    "UPDATE feedback SET words = '' WHERE person_id = :id AND words <> ''",
    "UPDATE feedback_worries SET words = '' WHERE person_id = :id AND words <> ''",
)
PROMISES = (
    Promise(
        "who came",
        "Only whoever came is thanked, and by nobody but others.",
        "SELECT t.id FROM thanks t WHERE t.by_id = t.person_id OR NOT EXISTS (SELECT 1 FROM participations p "
        "WHERE p.activity_id = t.activity_id AND p.person_id = t.person_id AND p.confirmed_at IS NOT NULL)",
    ),
)


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Every row of feedback from or for this person, by what it is."""
    return await rows_of(tx, KNOWN, person)


async def forget(tx: Transaction, person: Person) -> None:
    """Words go, answers stay under the number."""
    for sql in FORGET:
        await tx.run(sql, id=person.id)


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well."""
    return await broken(tx, PROMISES)


MERGED = (
    *stay("feedback", "person_id"),
    *stay("feedback_remarks", "person_id"),
    *stay("feedback_worries", "person_id", "taken_by"),
    *stay("thanks", "by_id"),
    move("thanks", "person_id", once=("activity_id",), only="by_id <> :into"),
)


async def merged(tx: Transaction, it: Becoming) -> None:
    """Thanks go on; what was said of an activity stays as it was said."""
    await share(tx, MERGED, it)
