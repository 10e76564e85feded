"""The sample county settles: the bot's parts in this process, worked by hand, until the bot's own process takes over."""

import asyncio
from collections.abc import Callable

from bot.assembly import Parts, assemble
from bot.config import Settings
from bot.sandbox.county import NEIGHBOURS, Days, Ground, Progress, settle_in
from bot.sandbox.memory import MemoryRequest
from bot.sandbox.people import People
from bot.storage import Storage

ROUNDS_MAX = 200


async def settle(
    settings: Settings,
    storage: Storage,
    people: People,
    days: Days,
    move: Callable[[float], None],
    progress: Progress,
    others: int = NEIGHBOURS,
) -> None:
    """Let the county come to life in `storage`, which is open and migrated. `move` sets its clock and the people's.

    `progress` hears how much is there; `others` is how many live there beside the cast.
    """
    parts = await assemble(settings, lambda: MemoryRequest(people.world), storage)
    hand, scheduler = _Hand(parts), parts.scheduler
    at_once, people.settle = people.settle, hand.settle
    ground = Ground(
        people, storage.clock, storage.transact, hand.settle, scheduler.plan_timetable, scheduler.tick, move
    )
    try:
        await settle_in(ground, settings, days, others=others, progress=progress)
    finally:
        people.settle = at_once
        await hand.rest()
        await parts.frame.shutdown()


class _Hand:
    """Works the parts in turn. Whoever plays on the page meanwhile waits for his turn."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._turn = asyncio.Lock()

    async def settle(self) -> None:
        """Let the bot hear and answer all that was said."""
        parts = self._parts
        async with self._turn:
            for _ in range(ROUNDS_MAX):
                if not await parts.poller.poll() + await parts.worker.work() + await parts.dispatcher.drain():
                    return

    async def rest(self) -> None:
        """Wait for whoever has his turn, and let nobody have one after him."""
        await self._turn.acquire()
