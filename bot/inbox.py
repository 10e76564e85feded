"""What we were told: every update once, kept before anything is made of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.storage import Transaction

ATTEMPTS_MAX = 3
RETRY_SECONDS = (0, 1, 5)


@dataclass(frozen=True)
class Kept:
    """One update as it was kept: the raw JSON, and the line in which it is handled in order."""

    update_id: int
    line: int
    payload: str
    attempts: int = 0


# Questions


async def waiting(tx: Transaction, *, limit: int) -> list[Kept]:
    """The oldest updates that wait to be handled."""
    rows = await tx.all(
        "SELECT update_id, line, payload, attempts FROM inbox WHERE bot = :bot AND state = 'new' AND retry_at <= :now "
        "ORDER BY update_id LIMIT :limit",
        bot=tx.bot,
        now=tx.now,
        limit=limit,
    )
    return [Kept(**row) for row in rows]


# Deeds


async def keep(tx: Transaction, updates: Sequence[Kept]) -> None:
    """Keep what Telegram handed us; what is here already stays as it is."""
    await tx.run_many(
        "INSERT INTO inbox (bot, update_id, line, payload, kept_at) VALUES (:bot, :update_id, :line, :payload, :now) "
        "ON CONFLICT DO NOTHING",
        [
            {"bot": tx.bot, "update_id": u.update_id, "line": u.line, "payload": u.payload, "now": tx.now}
            for u in updates
        ],
    )
    tx.wakes("inbox")


async def claim(tx: Transaction, kept: Kept) -> bool:
    """Mark the update as done, first thing in the transaction that handles it: both are committed, or neither.

    False when somebody else has it, or when an older one of the same line still waits.
    """
    return bool(
        await tx.run(
            "UPDATE inbox SET state = 'done', done_at = :now WHERE bot = :bot AND update_id = :update_id AND state = 'new' "
            "AND NOT EXISTS (SELECT 1 FROM inbox older WHERE older.bot = :bot AND older.line = :line "
            "AND older.update_id < :update_id AND older.state = 'new')",
            bot=tx.bot,
            update_id=kept.update_id,
            line=kept.line,
            now=tx.now,
        )
    )


async def failed(tx: Transaction, kept: Kept, error: str) -> bool:
    """Count a failed attempt; True when it was the last one and the update is set aside as broken."""
    attempts = kept.attempts + 1
    broken = attempts >= ATTEMPTS_MAX
    await tx.run(
        "UPDATE inbox SET attempts = :attempts, error = :error, retry_at = :retry_at, state = :state, "
        "done_at = CASE WHEN :broken = 1 THEN CAST(:now AS BIGINT) ELSE NULL END "
        "WHERE bot = :bot AND update_id = :update_id AND state = 'new'",
        attempts=attempts,
        error=error[:500],
        retry_at=tx.now + RETRY_SECONDS[min(attempts, len(RETRY_SECONDS) - 1)],
        state="broken" if broken else "new",
        broken=int(broken),
        now=tx.now,
        bot=tx.bot,
        update_id=kept.update_id,
    )
    return broken


async def set_aside(tx: Transaction, update_id: int, payload: str, error: str) -> None:
    """Keep an update that can't even be read; it is broken from the start, and those behind it go on."""
    await tx.run(
        "INSERT INTO inbox (bot, update_id, line, payload, state, error, kept_at, done_at) "
        "VALUES (:bot, :update_id, 0, :payload, 'broken', :error, :now, :now) ON CONFLICT DO NOTHING",
        bot=tx.bot,
        update_id=update_id,
        payload=payload,
        error=error[:500],
        now=tx.now,
    )
