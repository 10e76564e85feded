"""Telling many people without holding the database: a slice at a time, each a due row, nobody twice."""

from collections.abc import Callable

from bot import due
from bot.cards import Card
from bot.domain import people
from bot.due import Due
from bot.outbox import Lane
from bot.storage import Transaction, Value

SLICE = 500
Key = Callable[[int], str]


async def begin(tx: Transaction, deed: str, subject: str) -> None:
    """Let the scheduler do `deed` for the first slice of `subject` (`session:5`)."""
    await due.plan(tx, deed, f"{subject}:0", tx.now)


async def spread(
    tx: Transaction, item: Due, audience: str, screen: Card, key: Key, *, not_after: int | None = None, **values: Value
) -> None:
    """Tell the next slice of people and plan the one after it.

    `audience` is a condition on people `p`; `key` names what somebody is told once. The subject of `item` ends with the
    number of the last person who was told.
    """
    subject, _, after = item.subject.rpartition(":")
    rows = await tx.all(
        f"SELECT p.* FROM people p WHERE p.id > :after AND p.telegram_id IS NOT NULL AND ({audience}) "  # noqa: S608
        "ORDER BY p.id LIMIT :limit",
        after=int(after),
        limit=SLICE,
        **values,
    )
    for row in rows:
        person = people.of_row(row)
        await people.tell(tx, person, screen, lane=Lane.REMINDER, key=key(person.id), not_after=not_after)
    if len(rows) == SLICE:
        await due.plan(tx, item.deed, f"{subject}:{rows[-1]['id']}", tx.now)
