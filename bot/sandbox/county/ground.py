"""What the sample county is made on: its people, the bot that hears them, and a clock that can be moved."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot import due
from bot.clock import Clock
from bot.sandbox.people import People
from bot.storage import Deed

STEP_SECONDS_MAX = 12 * 3600
# What falls due within so many seconds is done together: a tick for each would take longer than all the deeds.
TOGETHER_SECONDS = 900
Does = Callable[[Deed[Any]], Awaitable[Any]]


@dataclass(frozen=True)
class Ground:
    """`does` runs a deed of the domain as a screen would; `settle` lets the bot hear and answer all that was said.

    `move` sets the clock to an instant, `plan` plans what repeats from then on, `tick` does what is due by then.
    """

    people: People
    clock: Clock
    does: Does
    settle: Callable[[], Awaitable[None]]
    plan: Callable[[], Awaitable[None]]
    tick: Callable[[], Awaitable[Any]]
    move: Callable[[float], None]

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """Everything that is said and pressed inside reaches the bot in one go."""
        settle, self.people.settle = self.people.settle, _later
        try:
            yield
        finally:
            self.people.settle = settle
        await self.settle()

    async def until(self, instant: int) -> None:
        """Let time pass, with everything that falls due on the way."""
        while self.clock.now < instant:
            planned = await self.does(due.next_at)
            step = min(instant, self.clock.now + STEP_SECONDS_MAX)
            if planned is not None:
                step = min(step, max(planned, self.clock.now) + TOGETHER_SECONDS)
            self.move(step)
            await self.tick()
            await self.settle()


async def _later() -> None:
    """The bot hears of it at the end."""
