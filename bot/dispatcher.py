"""Telegram out: the only one who speaks to Telegram, by lanes, within the limits, and again when it failed."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import telegram
from telegram import InputFile
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.botapi import call
from bot.lanes import Lanes, Waiting
from bot.outbox import Lane
from bot.pace import Limits, Pace
from bot.storage import Storage, StorageUnavailable, Transaction
from bot.transport import certainly_not_sent

QUICK = (Lane.ANSWER, Lane.REPLY, Lane.URGENT)
SLOW = (Lane.REMINDER, Lane.BROADCAST)
QUICK_IN_MEMORY_MAX = 4096
SLOW_IN_MEMORY_MAX = 128
IDLE_SECONDS = 0.25
AWAY_PAUSES_SECONDS = (0.5, 1, 2, 5, 10, 30)
TIDY_SECONDS = 60.0
UNEDITABLE = ("message to edit not found", "can't be edited", "no text in the message to edit")
_log = logging.getLogger(__name__)
Migrate = Callable[[Transaction, int, int], Awaitable[None]]


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
    WHERE id = :id
"""
REMEMBER = """
    INSERT INTO remembered (bot, name, chat_id, message_id) VALUES (:bot, :name, :chat_id, :message_id)
    ON CONFLICT (bot, name) DO UPDATE SET chat_id = excluded.chat_id, message_id = excluded.message_id
"""


class Dispatcher:
    """Sends what stands in the outbox of one bot."""

    def __init__(
        self, bot: telegram.Bot, storage: Storage, limits: Limits, *, in_flight: int, attempts: int, migrate: Migrate
    ) -> None:
        self._bot = bot
        self._storage = storage
        self._pace = Pace(limits)
        self._lanes = Lanes(self._pace)
        self._in_flight_max = in_flight
        self._attempts_max = attempts
        self._migrate = migrate
        self._flying: set[asyncio.Task[None]] = set()
        self._finished: list[Outcome] = []
        self._unmarked = 0
        self._letters: dict[int, tuple[str, dict[str, Any]]] = {}
        self._away = 0
        self._wake = asyncio.Event()

    async def recover(self) -> int:
        """Take back what a process before us left half-way; how many may-not-repeat sendings are in doubt."""

        async def deed(tx: Transaction) -> int:
            await tx.run("UPDATE outbox SET state = 'new' WHERE bot = :bot AND state = 'taken'", bot=tx.bot)
            return await tx.run(
                "UPDATE outbox SET state = 'unsure', done_at = :now, error = 'the process ended while sending' "
                "WHERE bot = :bot AND state = 'sending'",
                bot=tx.bot,
                now=tx.now,
            )

        return await self._storage.transact(deed)

    async def run(self) -> None:
        """Send for ever: one loop keeps the books, one sends."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_books())
            group.create_task(self._send_on())

    async def _keep_books(self) -> None:
        while True:
            try:
                moved = await self.settle()
            except StorageUnavailable as error:
                _log.warning("the outbox can't be used just now: %s", error)
                await asyncio.sleep(1)
                continue
            self._wake.set()
            if not moved:
                await self._storage.bell.wait("outbox", IDLE_SECONDS)

    async def _send_on(self) -> None:
        tidied = self._steady()
        while True:
            self._wake.clear()
            self.launch()
            if self._steady() - tidied > TIDY_SECONDS:
                tidied = self._steady()
                self._pace.tidy(tidied)
            next_at = self._lanes.next_at(self._steady())
            pause = None if next_at is None or self._is_full() else max(0.0, next_at - self._steady())
            try:
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def _steady(self) -> float:
        return self._storage.clock.steady()

    def _is_full(self) -> bool:
        return len(self._flying) + self._unmarked >= self._in_flight_max

    def launch(self) -> int:
        """Start every sending that may go now. What a crash may double is bounded: in flight, or not yet marked."""
        started = 0
        while not self._is_full() and (row := self._lanes.take(self._steady())):
            task = asyncio.create_task(self._send(row))
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)
            started += 1
        return started

    async def drain(self) -> int:
        """Send what may go now and wait for it; how many were sent. For the last moments of a process, and for tests."""
        await self.settle()
        started = self.launch()
        while self._flying:
            await asyncio.gather(*self._flying)
        await self.settle()
        return started

    async def settle(self) -> int:
        """Mark what has been sent and take what is new, in one transaction; how many rows that concerned."""
        finished, self._finished = self._finished, []
        quick = QUICK_IN_MEMORY_MAX - self._lanes.size(*QUICK)
        slow = SLOW_IN_MEMORY_MAX - self._lanes.size(*SLOW)

        async def deed(tx: Transaction) -> list[Waiting]:
            await self._mark(tx, finished)
            taken = []
            for first, last, room in ((QUICK[0], QUICK[-1], quick), (SLOW[0], SLOW[-1], slow)):
                if room > 0:
                    rows = await tx.all(CLAIM, bot=tx.bot, first=int(first), last=int(last), limit=room)
                    taken += [Waiting(**row) for row in rows]
            return taken

        try:
            taken = await self._storage.transact(deed)
        except BaseException:
            self._finished = finished + self._finished
            raise
        self._unmarked -= len(finished)
        for row in sorted(taken, key=lambda row: row.id):
            row.lane = Lane(row.lane)
            self._lanes.add(row)
        return len(finished) + len(taken)

    async def _mark(self, tx: Transaction, finished: list[Outcome]) -> None:
        if not finished:
            return
        await tx.run_many(
            SETTLE,
            [
                {
                    "id": o.row.id,
                    "state": o.state,
                    "message_id": o.message_id,
                    "error": o.error,
                    "attempts": o.row.attempts,
                    "now": tx.now,
                }
                for o in finished
            ],
        )
        for outcome in finished:
            await self._consequences(tx, outcome)

    async def _consequences(self, tx: Transaction, outcome: Outcome) -> None:
        row = outcome.row
        if row.remember and outcome.message_id and row.chat_id:
            await tx.run(REMEMBER, bot=tx.bot, name=row.remember, chat_id=row.chat_id, message_id=outcome.message_id)
        if outcome.state == "blocked" and row.chat_id:
            state = "blocked" if row.chat_id > 0 else "gone"
            await tx.run(
                "UPDATE chats SET state = :state, since = :now WHERE bot = :bot AND chat_id = :chat AND state = 'open'",
                state=state,
                now=tx.now,
                bot=tx.bot,
                chat=row.chat_id,
            )

    async def _send(self, row: Waiting) -> None:
        chat_id = row.chat_id
        try:
            outcome = await self._attempt(row)
        except StorageUnavailable as error:
            _log.warning("sending %s waits for the database: %s", row.id, error)
            outcome = None
            self._pace.hold_all(1, self._steady())
        except Exception as error:
            # Whatever it was: the row must not be lost in memory, and its chat must not wait for ever.
            _log.exception("sending %s failed in an unforeseen way", row.id)
            outcome = Outcome(row, "failed", error=f"{type(error).__name__}: {error}"[:500])
        if outcome is None:
            self._lanes.add(row, first=True)
        else:
            self._unmarked += 1
            self._finished.append(outcome)
            self._storage.bell.ring(("outbox",))
        self._lanes.arrived(chat_id)
        self._wake.set()

    async def _attempt(self, row: Waiting) -> Outcome | None:
        """One try. None when it is to be tried again."""
        method, params = await self._call_of(row)
        if row.once:
            await self._mark_sending(row)
        row.attempts += 1
        try:
            result = await call(self._bot, method, params)
        except TelegramError as error:
            return await self._after(error, row)
        self._away = 0
        return Outcome(row, "sent", result.get("message_id") if isinstance(result, dict) else None)

    async def _call_of(self, row: Waiting) -> tuple[str, dict[str, Any]]:
        method, params = row.method, json.loads(row.params)
        if row.letter_id:
            if row.letter_id not in self._letters:
                self._letters[row.letter_id] = await self._storage.read(lambda tx: _letter(tx, row.letter_id))
            method, shared = self._letters[row.letter_id]
            params = {**shared, **params}
        if row.chat_id is not None:
            params["chat_id"] = row.chat_id
        if row.file_id:
            field = {"sendPhoto": "photo"}.get(method, "document")
            params[field] = await self._storage.read(lambda tx: _file(tx, row.file_id))
        return method, params

    async def _mark_sending(self, row: Waiting) -> None:
        async def deed(tx: Transaction) -> None:
            await tx.run("UPDATE outbox SET state = 'sending' WHERE id = :id", id=row.id)

        await self._storage.transact(deed)

    async def _after(self, error: TelegramError, row: Waiting) -> Outcome | None:
        """What follows from an error: done, given up, or None to try again."""
        match error:
            case RetryAfter():
                after = error.retry_after
                seconds = after if isinstance(after, int | float) else after.total_seconds()
                self._pace.told_to_wait(row.chat_id, float(seconds), self._steady())
                row.attempts -= 1
                return None
            case ChatMigrated():
                await self._move(row, error.new_chat_id)
                return None
            case Forbidden():
                return Outcome(row, "blocked", error=error.message)
            case InvalidToken():
                _log.critical("Telegram does not accept the token: check [telegram] token")
                self._pace.hold_all(AWAY_PAUSES_SECONDS[-1], self._steady())
                return None
            case BadRequest():
                return self._refused(error, row)
            case NetworkError():
                return self._not_reached(error, row)
        return Outcome(row, "failed", error=error.message)

    def _refused(self, error: BadRequest, row: Waiting) -> Outcome | None:
        said = error.message.lower()
        if "not modified" in said:
            return Outcome(row, "sent")
        if row.method == "answerCallbackQuery":
            return Outcome(row, "dropped", error=error.message)
        if row.method == "editMessageText" and any(reason in said for reason in UNEDITABLE):
            # The screen was deleted under our hands, or is a picture: show it anew rather than not at all.
            params = json.loads(row.params)
            params.pop("message_id", None)
            row.method, row.params = "sendMessage", json.dumps(params, ensure_ascii=False)
            return None
        _log.error("Telegram refuses sending %s (%s): %s", row.id, row.method, error.message)
        return Outcome(row, "failed", error=error.message)

    def _not_reached(self, error: NetworkError, row: Waiting) -> Outcome | None:
        self._away += 1
        pause = AWAY_PAUSES_SECONDS[min(self._away, len(AWAY_PAUSES_SECONDS)) - 1]
        self._pace.hold_all(pause, self._steady())
        if certainly_not_sent(error):
            row.attempts -= 1
            return None
        if row.once:
            return Outcome(row, "unsure", error=error.message)
        return Outcome(row, "failed", error=error.message) if row.attempts >= self._attempts_max else None

    async def _move(self, row: Waiting, new_chat_id: int) -> None:
        old_chat_id = row.chat_id
        assert old_chat_id is not None, "only a chat can become another chat"
        await self._storage.transact(lambda tx: self._migrate(tx, old_chat_id, new_chat_id))
        row.chat_id = new_chat_id


async def _letter(tx: Transaction, letter_id: int | None) -> tuple[str, dict[str, Any]]:
    row = await tx.one("SELECT method, params FROM letters WHERE id = :id", id=letter_id)
    assert row is not None, "letters outlive the outbox rows that name them"
    return row["method"], json.loads(row["params"])


async def _file(tx: Transaction, file_id: int | None) -> InputFile:
    row = await tx.one("SELECT name, content FROM files WHERE id = :id", id=file_id)
    assert row is not None, "files outlive the outbox rows that name them"
    return InputFile(row["content"], filename=row["name"])
