"""What we have to do later: rows with an instant. Planning the same thing twice plans it once."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

import orjson

from bot.storage import UNLESS_THERE, Transaction

# So many are planned by one statement, so that writing the list of them holds nobody up.
PORTION = 10_000
# From so many on it pays to take them for new until one of them is not.
MANY = 500


@dataclass(frozen=True)
class Due:
    """One planned deed whose time has come. `due_at` is when it was meant to be done."""

    id: int
    deed: str
    subject: str
    due_at: int
    until: int | None
    attempts: int

    @property
    def number(self) -> int:
        """The number in a subject such as `activity:12`."""
        return int(self.subject.split(":")[1])


PLAN = """
    INSERT INTO due (bot, deed, subject, due_at, until, retry_at) VALUES (:bot, :deed, :subject, :at, :until, :at)
    ON CONFLICT DO NOTHING
"""


# It says nothing of what is planned already: `Transaction.add` or UNLESS_THERE does.
PLAN_EACH = """
    INSERT INTO due (bot, deed, subject, due_at, until, retry_at)
    SELECT :bot, :deed, value ->> 0, CAST(value ->> 1 AS BIGINT), :until, CAST(value ->> 1 AS BIGINT)
    FROM json_each(:plans) WHERE true
"""


async def plan(tx: Transaction, deed: str, subject: str, at: int, *, until: int | None = None) -> None:
    """Let the scheduler do `deed` for `subject` at `at` (Unix seconds); after `until` it is reported as too late."""
    await tx.run(PLAN, bot=tx.bot, deed=deed, subject=subject, at=at, until=until)


async def is_planned(tx: Transaction, deed: str, subject: str) -> bool:
    """Will `deed` be done for `subject` anyway?"""
    found = await tx.value(
        "SELECT 1 FROM due WHERE bot = :bot AND deed = :deed AND subject = :subject AND state = 'new'",
        bot=tx.bot,
        deed=deed,
        subject=subject,
    )
    return found is not None


async def plan_each(tx: Transaction, deed: str, plans: Iterable[tuple[str, int]], *, until: int | None = None) -> None:
    """The same for many pairs of subject and instant, a portion of them by one statement."""
    remaining = iter(plans)
    while portion := list(islice(remaining, PORTION)):
        listed = orjson.dumps(portion).decode()
        if len(portion) < MANY:
            await tx.run(PLAN_EACH + UNLESS_THERE, bot=tx.bot, deed=deed, until=until, plans=listed)
        else:
            await tx.add(PLAN_EACH, bot=tx.bot, deed=deed, until=until, plans=listed)


async def drop(tx: Transaction, subject: str, deed: str | None = None) -> int:
    """Forget what was planned for `subject` and has not been done: all of it, or one deed. How much that was."""
    return await tx.run(
        "DELETE FROM due WHERE bot = :bot AND subject = :subject AND state = 'new' "
        "AND (CAST(:deed AS TEXT) IS NULL OR deed = CAST(:deed AS TEXT))",
        bot=tx.bot,
        subject=subject,
        deed=deed,
    )


async def next_at(tx: Transaction) -> int | None:
    """When there is something to do next: a planned deed, or a sending that waits for its time. None: nothing is."""
    earliest: int | None = await tx.value(
        "SELECT MIN(at) FROM (SELECT MIN(retry_at) AS at FROM due WHERE bot = :bot AND state = 'new' "
        "UNION ALL SELECT MIN(due_at) FROM outbox WHERE bot = :bot AND state = 'later') planned",
        bot=tx.bot,
    )
    return earliest
