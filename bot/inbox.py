"""What we were told: every update once, kept before anything is made of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.storage import Transaction

ATTEMPTS_MAX = 3
RETRY_SECONDS = (0, 1, 5)
ERROR_CHARACTERS_MAX = 500


@dataclass(frozen=True)
class Kept:
    """One update as it was kept: the raw JSON, and the line in which it is handled in order."""

    update_id: int
    line: int
    payload: str
    attempts: int = 0


# Questions


async def waiting(tx: Transaction, *, after: int = -1, limit: int) -> list[Kept]:
    """The oldest updates past the number `after` that wait; those behind one that failed wait with it."""
    rows = await tx.all(
        "SELECT update_id, line, payload, attempts FROM inbox WHERE bot = :bot AND state = 'new' AND update_id > :after "
        "AND line NOT IN "
        "(SELECT line FROM inbox WHERE bot = :bot AND state = 'new' AND attempts > 0 AND retry_at > :now) "
        "ORDER BY update_id LIMIT :limit",
        bot=tx.bot,
        after=after,
        now=tx.now,
        limit=limit,
    )
    return [Kept(**row) for row in rows]


async def newest(tx: Transaction) -> int:
    """The highest number among the updates that wait; -1 where none does."""
    number = await tx.value("SELECT MAX(update_id) FROM inbox WHERE bot = :bot AND state = 'new'", bot=tx.bot)
    return -1 if number is None else int(number)


# Deeds


async def keep(tx: Transaction, updates: Sequence[Kept], *, wake: bool = True) -> None:
    """Keep what Telegram handed us; what is here already stays as it is. Without `wake` nobody need look for it."""
    await tx.run_many(
        "INSERT INTO inbox (bot, update_id, line, payload, kept_at) VALUES (:bot, :update_id, :line, :payload, :now) "
        "ON CONFLICT DO NOTHING",
        [
            {"bot": tx.bot, "update_id": u.update_id, "line": u.line, "payload": u.payload, "now": tx.now}
            for u in updates
        ],
    )
    if wake:
        tx.wakes("inbox")


async def claim(tx: Transaction, kept: Kept) -> bool:
    """Mark the update as done, first thing in the transaction that handles it: both are committed, or neither.

    False when somebody else has it, at once, or when an older one of the same line still waits.
    """
    return bool(
        await tx.run(
            "UPDATE inbox SET state = 'done', done_at = :now WHERE bot = :bot AND update_id = "
            "(SELECT update_id FROM inbox WHERE bot = :bot AND update_id = :update_id AND state = 'new' "
            "/*pg FOR UPDATE SKIP LOCKED*/) "
            "AND NOT EXISTS (SELECT 1 FROM inbox older WHERE older.bot = :bot AND older.line = :line "
            "AND older.update_id < :update_id AND older.state = 'new')",
            bot=tx.bot,
            update_id=kept.update_id,
            line=kept.line,
            now=tx.now,
        )
    )


async def empty(tx: Transaction, kept: Kept) -> None:
    """Keep the number of an update that is done, and not what stood in it: where somebody was is nobody's to look up."""
    await tx.run(
        "UPDATE inbox SET payload = NULL WHERE bot = :bot AND update_id = :update_id",
        bot=tx.bot,
        update_id=kept.update_id,
    )


async def begin(tx: Transaction, kept: Kept) -> bool:
    """Count an attempt before it is made: should it end the process, it has been counted all the same.

    False when somebody else has done it meanwhile.
    """
    return bool(
        await tx.run(
            "UPDATE inbox SET attempts = :attempts WHERE bot = :bot AND update_id = :update_id AND state = 'new'",
            attempts=kept.attempts + 1,
            bot=tx.bot,
            update_id=kept.update_id,
        )
    )


async def failed(tx: Transaction, kept: Kept, error: str, *, hopeless: bool = False) -> bool:
    """Count a failed attempt; True when it was the last one, or is `hopeless`, and the update is set aside as broken."""
    attempts = kept.attempts + 1
    broken = hopeless or attempts >= ATTEMPTS_MAX
    changed = await tx.run(
        "UPDATE inbox SET attempts = :attempts, error = :error, retry_at = :retry_at, state = :state, "
        "done_at = CASE WHEN :broken = 1 THEN CAST(:now AS BIGINT) ELSE NULL END "
        "WHERE bot = :bot AND update_id = :update_id AND state = 'new'",
        attempts=attempts,
        error=_writable(error),
        retry_at=tx.now + RETRY_SECONDS[min(attempts, len(RETRY_SECONDS) - 1)],
        state="broken" if broken else "new",
        broken=int(broken),
        now=tx.now,
        bot=tx.bot,
        update_id=kept.update_id,
    )
    return broken and bool(changed)


async def set_aside(tx: Transaction, update_id: int, payload: str, error: str) -> bool:
    """Keep an update that can't even be read as broken, so that those behind it go on; False when it is there already."""
    return bool(
        await tx.run(
            "INSERT INTO inbox (bot, update_id, line, payload, state, error, kept_at, done_at) "
            "VALUES (:bot, :update_id, 0, :payload, 'broken', :error, :now, :now) ON CONFLICT DO NOTHING",
            bot=tx.bot,
            update_id=update_id,
            payload=payload,
            error=_writable(error),
            now=tx.now,
        )
    )


def _writable(error: str) -> str:
    """An error quotes what it stumbled over, which may be what no database can hold."""
    return error[:ERROR_CHARACTERS_MAX].encode("utf-8", "replace").decode().replace("\0", "")
