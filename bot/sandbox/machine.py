"""The machine room: the county's time, Telegram's bad days and the bot's process, moved by whoever plays."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from bot import dates
from bot.clock import Clock
from bot.config import Council
from bot.sandbox.answers import Json
from bot.sandbox.chats import Chat
from bot.sandbox.hands import Hands
from bot.sandbox.ledger import Ledger
from bot.sandbox.people import People
from bot.sandbox.process import Keeper
from bot.sandbox.troubles import FAULTS, Troubles
from bot.storage import Deed, Got

__all__ = ["DEEDS", "FAULTS", "PLACES", "CannotNow", "Machine"]
HOUR = 3600
MORNING_HOUR = 9
PLACES = ("hour", "morning", "council")
DEEDS = ("kill", "start", "restart")
TELL_SECONDS = 0.25
# How long a step waits for what became due to be sent: not for ever, for Telegram may be away.
SENT_SECONDS = 1.0
POLLED_SECONDS = 3.0
# More often than the silence of which the bot tells the admins.
POLL_EVERY_SECONDS = 12 * HOUR
LOOK_SECONDS = 0.002
# As long as Telegram is away, the progress of a call falls due every few seconds.
STEP_SECONDS_MIN = 60
_log = logging.getLogger(__name__)


class CannotNow(Exception):
    """The machine can't do this just now: why in one word, for the page's catalogue, and in a sentence."""

    def __init__(self, why: str, sentence: str) -> None:
        super().__init__(sentence)
        self.why = why


class Machine:
    """Everybody in `on_change` hears the state soon after it has changed, as long as `run` runs."""

    def __init__(
        self,
        people: People,
        hands: Hands,
        clock: Clock,
        council: Council,
        keeper: Keeper,
        troubles: Troubles,
        ledger: Ledger,
    ) -> None:
        self._bot = people.bot
        self._hands = hands
        self._clock = clock
        self._council = council
        self._keeper = keeper
        self._troubles = troubles
        self._ledger = ledger
        self._settling: tuple[int, int] | None = (0, 0)
        self._moving: asyncio.Task[None] | None = None
        self._until = 0
        self._changed = asyncio.Event()
        self.on_change: list[Callable[[Json], None]] = []
        keeper.on_change = self._changed.set
        people.world.on_change.append(self._listen)

    def _listen(self, kind: str, chat: Chat, content: Json) -> None:
        self._changed.set()

    async def run(self) -> None:
        """Tell of what changes, until cancelled."""
        try:
            while True:
                await self._changed.wait()
                self._changed.clear()
                state = await self.state()
                for listener in list(self.on_change):
                    listener(state)
                await asyncio.sleep(TELL_SECONDS)
                await self._look_after(state["ledger"])
        finally:
            if self._moving is not None:
                self._moving.cancel()

    async def _look_after(self, told: Json) -> None:
        """What arrived is written down a moment later, of which nobody is told: look, as long as something is under way."""
        while (told["unsent"] or told["updates_waiting"]) and not self._changed.is_set():
            if await self._ledger.figures() != told:
                self._changed.set()
            await asyncio.sleep(TELL_SECONDS)

    async def state(self) -> Json:
        figures = await self._ledger.figures()
        # Nothing is awaited from here on, so that what is told last is also what is so last.
        now, settling = self._clock.now, self._settling
        return {
            "now": now,
            "zone": self._clock.zone.key,
            "bot": self._keeper.state,
            "settling": settling and {"done": settling[0], "of": settling[1]},
            "moving": {"to": self._until, "left": max(0, self._until - now)} if self._moving else None,
            "faults": self._troubles.state,
            "ledger": figures,
        }

    async def read(self, question: Deed[Got]) -> Got:
        """Ask the bot's database, in which nothing is changed."""
        return await self._ledger.read(question)

    def settled(self, done: int, of: int) -> None:
        """So much of the county is there."""
        self._settling = (done, of)
        self._changed.set()

    def begin(self) -> None:
        """The county is there: from now on the bot's own process serves it."""
        self._settling = None
        self._keeper.begin()
        self._changed.set()

    async def switch(self, wanted: Mapping[str, bool]) -> None:
        """Switch faults on and off. Raises CannotNow."""
        self._check_settled()
        try:
            await self._troubles.switch(wanted)
        except OSError as error:
            raise CannotNow("port_taken", f"Telegram can't come back: {error.strerror}") from error
        self._changed.set()

    async def handle(self, deed: str) -> None:
        """Kill the bot's process, start it, or both. Raises CannotNow."""
        self._check_settled()
        is_killed = self._keeper.state == "killed"
        if deed == "start" and self._keeper.state in ("starting", "running"):
            raise CannotNow("bot_runs", "the bot runs already")
        if deed != "start":
            if is_killed:
                raise CannotNow("bot_killed", "the bot doesn't run")
            self._keeper.kill()
        if deed != "kill":
            self._keeper.start()
        self._changed.set()

    def _check_settled(self) -> None:
        if self._settling is not None:
            raise CannotNow("settling", "the county is still being made")

    # Time

    async def move(self, to: str) -> None:
        """Begin to move the county's clock: an hour, to tomorrow at nine, to the next council. Raises CannotNow."""
        self._check_settled()
        if self._moving is not None:
            raise CannotNow("moving", "time is moving already")
        self._until = self._instant(to)
        self._moving = asyncio.create_task(self._move())
        self._moving.add_done_callback(self._moved)
        self._changed.set()

    def _instant(self, to: str) -> int:
        here = self._clock.local(self._clock.now)
        if to == "hour":
            return self._clock.now + HOUR
        if to == "morning":
            return self._next(here.replace(hour=23, minute=59, second=59), MORNING_HOUR)
        return self._next(here, self._council.hour, self._council.day)

    def _next(self, after: datetime, hour: int, month_day: int | None = None) -> int:
        then = dates.next_local(after, zone=self._clock.zone, hour=hour, minute=0, month_day=month_day)
        return int(then.timestamp())

    async def _move(self) -> None:
        """From one thing that is due to the next, an hour at most, each with what is said of it."""
        polled_at = self._clock.now
        while (now := self._clock.now) < self._until:
            planned = await self._ledger.next_due() or self._until
            step = max(planned, now + STEP_SECONDS_MIN) if planned > now else now + HOUR
            self._hands.move(min(self._until, now + HOUR, step))
            await self._keeper.tell_time()
            await self._all_sent()
            if self._clock.now - polled_at >= POLL_EVERY_SECONDS:
                await self._polled()
                polled_at = self._clock.now
            self._changed.set()

    def _moved(self, task: asyncio.Task[None]) -> None:
        self._moving = None
        self._changed.set()
        if not task.cancelled() and task.exception() is not None:
            _log.error("moving the county's clock broke off", exc_info=task.exception())

    async def _all_sent(self) -> None:
        if self._keeper.state == "running" and not self._troubles.are_on:
            await _soon(SENT_SECONDS, self._nothing_unsent)

    async def _nothing_unsent(self) -> bool:
        return not await self._ledger.unsent()

    async def _polled(self) -> None:
        """Let the poll under way end, as it would have many times by now, and wait until the bot asks again."""
        polls = self._bot.polls
        self._bot.updates.arrived.set()

        async def has_asked() -> bool:
            return self._bot.polls > polls

        if self._keeper.state == "running":
            await _soon(POLLED_SECONDS, has_asked)


async def _soon(seconds: float, is_so: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it is so, or until the patience ends."""
    try:
        async with asyncio.timeout(seconds):
            while not await is_so():
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        return
