"""The outbox as one dispatcher keeps it: which rows it has in hand, and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.lanes import Waiting
from bot.outbox import Lane
from bot.storage import Storage, Transaction

# Taken and held apart, so that none of them can fill the memory before another: thousands of edited cards may wait for
# the limits of sending, and an answer to a press, which no limit counts, must not wait behind them.
ANSWERS = (Lane.ANSWER,)
QUICK = (Lane.REPLY, Lane.URGENT)
SLOW = (Lane.REMINDER, Lane.BROADCAST)


@dataclass(frozen=True)
class Outcome:
    """What became of one sending, as it is written into the outbox."""

    row: Waiting
    state: str
    message_id: int | None = None
    error: str | None = None


CLAIM = """
    UPDATE outbox SET state = 'taken' WHERE id IN (
        SELECT id FROM outbox WHERE bot = :bot AND state = 'new' AND lane BETWEEN :first AND :last
        ORDER BY lane, id LIMIT :limit /*pg FOR UPDATE SKIP LOCKED*/)
    RETURNING id, lane, chat_id, method, params, letter_id, file_id, once, remember, attempts
"""
SETTLE = """
    UPDATE outbox SET state = :state, message_id = :message_id, error = :error, attempts = :attempts, done_at = :now
    WHERE id = :id AND done_at IS NULL
"""
IN_HAND = "SELECT id, state FROM outbox WHERE bot = :bot AND state IN ('taken', 'sending')"
GIVE_BACK = "UPDATE outbox SET state = 'new' WHERE id = :id AND state = 'taken'"
DOUBT = """
    UPDATE outbox SET state = 'unsure', done_at = :now, error = 'the process ended while sending'
    WHERE id = :id AND state = 'sending'
"""
REMEMBER = """
    INSERT INTO remembered (bot, name, chat_id, message_id) VALUES (:bot, :name, :chat_id, :message_id)
    ON CONFLICT (bot, name) DO UPDATE SET chat_id = excluded.chat_id, message_id = excluded.message_id
"""
UNREACHABLE = """
    UPDATE chats SET state = :state, since = :now WHERE bot = :bot AND chat_id = :chat AND state = 'open'
"""


class Books:
    """Takes rows and marks them. Nothing is forgotten while the database is away: it is marked when that is back."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._held: set[int] = set()
        self._finished: list[Outcome] = []
        self._in_doubt = False

    @property
    def unmarked(self) -> int:
        """How many were sent and are not yet written down: a crash would double them."""
        return len(self._finished)

    def finish(self, outcome: Outcome) -> None:
        self._finished.append(outcome)

    def forget(self) -> None:
        """Let go of what has not been begun; `recover` takes it back."""
        self._held = {outcome.row.id for outcome in self._finished}

    async def recover(self) -> int:
        """Take back what was left half-way, by a process before us or by a connection that broke off.

        How many may-not-repeat sendings are in doubt.
        """
        return await self._storage.transact(self._give_back)

    async def _give_back(self, tx: Transaction) -> int:
        strays = [row for row in await tx.all(IN_HAND, bot=tx.bot) if row["id"] not in self._held]
        doubtful = [{"id": row["id"], "now": tx.now} for row in strays if row["state"] == "sending"]
        await tx.run_many(GIVE_BACK, [{"id": row["id"]} for row in strays])
        await tx.run_many(DOUBT, doubtful)
        return len(doubtful)

    async def settle(self, room: Mapping[tuple[Lane, ...], int], seconds: float = 0) -> tuple[list[Waiting], int]:
        """Mark what is finished and take as many rows of each kind as there is room for, in one transaction.

        With `seconds` it waits so long at most for somebody to put something into the outbox, and shares that commit.
        What was taken, and how many rows it all concerned.
        """
        finished: list[Outcome] = []

        async def deed(tx: Transaction) -> list[Waiting]:
            finished[:] = self._finished
            if self._in_doubt:
                await self._give_back(tx)
            await _mark(tx, finished)
            return [row for lanes, free in room.items() if free > 0 for row in await _claim(tx, lanes, free)]

        try:
            if seconds:
                taken = await self._storage.transact_when("outbox", deed, seconds)
            else:
                taken = await self._storage.transact(deed)
        except BaseException:
            # It may have been committed all the same, when only the answer was lost.
            self._in_doubt = True
            raise
        self._in_doubt = False
        del self._finished[: len(finished)]
        self._held -= {outcome.row.id for outcome in finished}
        self._held |= {row.id for row in taken}
        return sorted(taken, key=lambda row: row.id), len(finished) + len(taken)


async def _claim(tx: Transaction, lanes: tuple[Lane, ...], room: int) -> list[Waiting]:
    rows = await tx.all(CLAIM, bot=tx.bot, first=int(lanes[0]), last=int(lanes[-1]), limit=room)
    taken = [Waiting(**row) for row in rows]
    for row in taken:
        row.lane = Lane(row.lane)
    return taken


async def _mark(tx: Transaction, finished: list[Outcome]) -> None:
    marks = [
        {
            "id": outcome.row.id,
            "state": outcome.state,
            "message_id": outcome.message_id,
            "error": outcome.error,
            "attempts": outcome.row.attempts,
            "now": tx.now,
        }
        for outcome in finished
    ]
    if marks:
        await tx.run_many(SETTLE, marks)
    for outcome in finished:
        await _follow(tx, outcome)


async def _follow(tx: Transaction, outcome: Outcome) -> None:
    """What else is so now: which message bears a remembered name, and who can't be reached."""
    row = outcome.row
    if row.remember and outcome.message_id and row.chat_id:
        await tx.run(REMEMBER, bot=tx.bot, name=row.remember, chat_id=row.chat_id, message_id=outcome.message_id)
    if outcome.state == "blocked" and row.chat_id:
        state = "blocked" if row.chat_id > 0 else "gone"
        await tx.run(UNREACHABLE, state=state, now=tx.now, bot=tx.bot, chat=row.chat_id)
