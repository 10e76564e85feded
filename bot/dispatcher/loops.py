"""The dispatcher's two loops: one keeps the books of the outbox, one sends."""

import asyncio
import logging
from collections import Counter
from collections.abc import Coroutine
from typing import Any

import telegram

from bot.dispatcher.books import ANSWERS, QUICK, SLOW, Books, Outcome
from bot.dispatcher.postman import Migrate, Postman
from bot.lanes import Lanes, Waiting
from bot.outbox import Lane
from bot.pace import Limits, Pace
from bot.storage import Storage, StorageUnavailable

IN_MEMORY_MAX = {ANSWERS: 4096, QUICK: 4096, SLOW: 128}
IDLE_SECONDS = 0.25
# How long what was sent may wait for company before it is marked in a commit of its own.
MARK_SECONDS = 0.01
AWAY_SECONDS = 1.0
TIDY_SECONDS = 60.0
_log = logging.getLogger(__name__)


class Dispatcher:
    """Sends what stands in the outbox of one bot."""

    def __init__(
        self, bot: telegram.Bot, storage: Storage, limits: Limits, *, in_flight: int, attempts: int, migrate: Migrate
    ) -> None:
        self._storage = storage
        self._pace = Pace(limits)
        self._lanes = Lanes(self._pace)
        self._books = Books(storage)
        self._postman = Postman(bot, storage, self._pace, attempts=attempts, migrate=migrate)
        self._in_flight_max = in_flight
        self._flying: set[asyncio.Task[None]] = set()
        self._knocking: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()

    async def recover(self) -> int:
        """Take back what a process before us left half-way; how many may-not-repeat sendings are in doubt."""
        return await self._books.recover()

    async def run(self) -> None:
        """Send until cancelled: one loop keeps the books, one sends. `finish` is for afterwards."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_books())
            group.create_task(self._send_on())

    async def finish(self, seconds: float) -> None:
        """Wait for what is on its way and write it down, so that an orderly end doubles nothing."""
        if self._flying:
            _, late = await asyncio.wait(self._flying, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._lanes = Lanes(self._pace)
        try:
            await self._books.settle({})
        except StorageUnavailable as error:
            _log.warning("%d sendings can't be marked as sent: %s", self._books.unmarked, error)
        self._books.forget()

    async def _keep_books(self) -> None:
        seconds = 0.0
        while True:
            try:
                more = await self._settle(seconds)
            except StorageUnavailable as error:
                _log.warning("the outbox can't be used just now: %s", error)
                await asyncio.sleep(AWAY_SECONDS)
                continue
            except Exception:
                # One row's misfortune must not take the whole bot down; it is tried again.
                _log.exception("the outbox can't be kept, for an unforeseen reason")
                await asyncio.sleep(AWAY_SECONDS)
                continue
            self._wake.set()
            seconds = 0.0 if more else IDLE_SECONDS

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
        return self._knocking is not None or len(self._flying) + self._books.unmarked >= self._in_flight_max

    def launch(self) -> int:
        """Start every sending that may go now. What a crash may double is bounded: in flight, or not yet marked."""
        if self._postman.is_cut_off:
            return self._knock()
        started = 0
        while not self._is_full() and (row := self._lanes.take(now := self._steady())):
            self._start(self._send(row, now))
            started += 1
        return started

    def _start(self, sending: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(sending)
        self._flying.add(task)
        task.add_done_callback(self._flying.discard)
        return task

    def _knock(self) -> int:
        """While Telegram is away, one harmless question at a time finds out whether it is back."""
        next_at = self._lanes.next_at(self._steady())
        if self._knocking or next_at is None or next_at > self._steady():
            return 0
        self._knocking = self._start(self._postman.knock())
        self._knocking.add_done_callback(self._knocked)
        return 1

    def _knocked(self, task: asyncio.Task[None]) -> None:
        self._knocking = None
        self._wake.set()

    async def drain(self) -> int:
        """Send what may go now and wait for it; how many calls were made. For tests and for the sandbox's making."""
        await self.settle()
        started = self.launch()
        if started:
            while self._flying:
                await asyncio.gather(*self._flying)
            await self.settle()
        return started

    async def settle(self) -> int:
        """Mark what has been sent and take what is new, in one transaction; how many rows that concerned."""
        taken, moved = await self._books.settle(self._room())
        self._take_in(taken)
        return moved

    async def _settle(self, seconds: float) -> bool:
        """The same, sharing the commit of whoever puts something into the outbox. True when more may wait there."""
        room = self._room()
        taken, _ = await self._books.settle(room, seconds)
        self._take_in(taken)
        counts = Counter(row.lane for row in taken)
        return any(0 < free <= sum(counts[lane] for lane in lanes) for lanes, free in room.items())

    def _room(self) -> dict[tuple[Lane, ...], int]:
        return {lanes: most - self._lanes.size(*lanes) for lanes, most in IN_MEMORY_MAX.items()}

    def _take_in(self, taken: list[Waiting]) -> None:
        for row in taken:
            self._lanes.add(row)

    async def _send(self, row: Waiting, left_at: float) -> None:
        chat_id = row.chat_id
        try:
            outcome = await self._postman.attempt(row)
        except StorageUnavailable as error:
            _log.warning("sending %s waits for the database: %s", row.id, error)
            outcome = None
            self._pace.hold_all(AWAY_SECONDS, self._steady())
        except Exception as error:
            # Whatever it was: the row must not be lost in memory, and its chat must not wait for ever.
            _log.exception("sending %s failed in an unforeseen way", row.id)
            outcome = Outcome(row, "failed", error=f"{type(error).__name__}: {error}"[:500])
        if outcome is None:
            self._lanes.add(row)
        else:
            self._finish(outcome)
        if chat_id is not None and row.chat_id is not None and row.chat_id != chat_id:
            self._lanes.move(chat_id, row.chat_id)
        self._arrived(chat_id, left_at)

    def _arrived(self, chat_id: int | None, left_at: float) -> None:
        if chat_id is not None:
            self._pace.answered(left_at, self._steady())
        self._lanes.arrived(chat_id)
        self._wake.set()

    def _finish(self, outcome: Outcome) -> None:
        self._books.finish(outcome)
        if len(self._flying) + self._books.unmarked > self._in_flight_max:
            self._mark_now()
        elif self._books.unmarked == 1:
            asyncio.get_running_loop().call_later(MARK_SECONDS, self._mark_now)

    def _mark_now(self) -> None:
        self._storage.bell.ring(("outbox",))
