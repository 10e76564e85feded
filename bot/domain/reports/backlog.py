"""What waits, what went wrong, and whether the scheduler lives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.storage import Transaction

PULSE_SECONDS_MAX = 60
LATE_SECONDS = 60


@dataclass(frozen=True)
class Backlog:
    """One part of the road: how much waits, since when the oldest (Unix seconds), and how much went wrong."""

    waiting: int
    oldest: int | None
    troubles: Mapping[str, int]

    def is_well(self, now: int) -> bool:
        """Nothing waits for more than a minute, and nothing is left for a person to look at."""
        return not any(self.troubles.values()) and (self.oldest is None or now - self.oldest <= LATE_SECONDS)


@dataclass(frozen=True)
class Trouble:
    """Something that was set aside: where (inbox, outbox, due), its number there, what it is and what was wrong."""

    place: str
    number: int
    what: str
    error: str


INBOX = """
    SELECT (SELECT COUNT(*) FROM inbox WHERE bot = :bot AND state = 'new') AS waiting,
        (SELECT MIN(kept_at) FROM inbox WHERE bot = :bot AND state = 'new') AS oldest,
        (SELECT COUNT(*) FROM inbox WHERE bot = :bot AND state = 'broken') AS broken
"""
# The conditions are those of the partial indexes, word for word: else the whole table would be looked through.
OUTBOX = """
    SELECT (SELECT COUNT(*) FROM outbox WHERE bot = :bot AND state = 'new') +
            (SELECT COUNT(*) FROM outbox WHERE bot = :bot AND state IN ('taken', 'sending')) AS waiting,
        (SELECT MIN(due_at) FROM outbox WHERE bot = :bot AND state = 'new' AND lane < 4) AS oldest,
        COUNT(*) FILTER (WHERE state = 'failed') AS failed, COUNT(*) FILTER (WHERE state = 'unsure') AS unsure
    FROM outbox WHERE bot = :bot AND state IN ('failed', 'unsure')
"""
DUE = """
    SELECT (SELECT COUNT(*) FROM due WHERE bot = :bot AND state = 'new' AND retry_at <= :now) AS waiting,
        (SELECT MIN(retry_at) FROM due WHERE bot = :bot AND state = 'new') AS oldest,
        COUNT(*) FILTER (WHERE state = 'late') AS late, COUNT(*) FILTER (WHERE state = 'broken') AS broken
    FROM due WHERE bot = :bot AND state IN ('late', 'broken')
"""
TROUBLES = """
    SELECT 'inbox' AS place, update_id AS number, '' AS what, COALESCE(error, '') AS error
        FROM inbox WHERE bot = :bot AND state = 'broken'
    UNION ALL SELECT 'outbox', id, method, COALESCE(error, '')
        FROM outbox WHERE bot = :bot AND state IN ('failed', 'unsure')
    UNION ALL SELECT 'due', id, deed || ' ' || subject, COALESCE(error, state)
        FROM due WHERE bot = :bot AND state IN ('late', 'broken')
    ORDER BY place, number DESC LIMIT :limit OFFSET :offset
"""


# Questions


async def inbox(tx: Transaction) -> Backlog:
    """What we were told and have not handled."""
    return await _backlog(tx, INBOX, bot=tx.bot)


async def outbox(tx: Transaction) -> Backlog:
    """What we have to tell and have not sent; broadcasts may wait for long and are no trouble."""
    return await _backlog(tx, OUTBOX, bot=tx.bot)


async def due(tx: Transaction) -> Backlog:
    """What should have been done by now."""
    return await _backlog(tx, DUE, bot=tx.bot, now=tx.now)


async def _backlog(tx: Transaction, sql: str, **values: Any) -> Backlog:
    row = await tx.one(sql, **values)
    assert row is not None, "a query of counts always gives a row"
    found = dict(row)
    return Backlog(found.pop("waiting"), found.pop("oldest"), found)


async def troubles(tx: Transaction, *, limit: int, offset: int = 0) -> list[Trouble]:
    """What was set aside, by place, the newest first."""
    rows = await tx.all(TROUBLES, bot=tx.bot, limit=limit, offset=offset)
    return [Trouble(**row) for row in rows]


async def pulse(tx: Transaction) -> int | None:
    """When the scheduler last showed that it lives, None when it never did."""
    at = await tx.value("SELECT at FROM pulse WHERE bot = :bot AND name = 'scheduler'", bot=tx.bot)
    return None if at is None else int(at)


def is_alive(beat: int | None, now: int) -> bool:
    """A scheduler beats every ten seconds."""
    return beat is not None and now - beat <= PULSE_SECONDS_MAX
