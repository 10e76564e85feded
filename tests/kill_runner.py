"""A bot in a process of its own, for tests that kill it. `/note deadly` kills it each time."""

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import uvloop

from bot import assembly
from bot.clock import Clock
from bot.config import House, Settings
from bot.databases.migrations import migrate
from bot.domain import audit
from bot.due import Due
from bot.scheduler import DEEDS
from bot.storage import Deed, Storage, Transaction
from bot.transport import AiohttpRequest
from tests.probe import Probe
from tests.town import TOKEN

POINTS = ("before a deed", "before a commit", "after a commit", "before a call", "after a call")
IN_FLIGHT = 8
DEADLY = "deadly"
STARTED = "at work"


class Points:
    """Counts how often each point was passed, and ends the process at the one that was named."""

    def __init__(self, named: str) -> None:
        self._name, _, number = named.partition(":")
        self._left = int(number or 0)

    def passed(self, name: str) -> None:
        if name != self._name:
            return
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def watch(storage: Storage, points: Points) -> None:
    """Let the points of every transaction be passed."""
    for name in ("transact", "transact_when"):
        setattr(storage, name, _watched(getattr(storage, name), points, 1 if name == "transact_when" else 0))


def _watched(transact: Callable[..., Awaitable[Any]], points: Points, place: int) -> Callable[..., Awaitable[Any]]:
    async def watched(*given: Any) -> Any:
        deed: Deed[Any] = given[place]

        async def inside(tx: Transaction) -> Any:
            points.passed("before a deed")
            outcome = await deed(tx)
            points.passed("before a commit")
            return outcome

        outcome = await transact(*given[:place], inside, *given[place + 1 :])
        points.passed("after a commit")
        return outcome

    return watched


class WatchedRequest(AiohttpRequest):
    """The real transport, with a point before and after each call that sends."""

    points = Points("")

    async def do_request(self, url: str, *given: Any, **more: Any) -> tuple[int, bytes]:
        sends = "getupdates" not in url.lower()
        if sends:
            self.points.passed("before a call")
        answer = await super().do_request(url, *given, **more)
        if sends:
            self.points.passed("after a call")
        return answer


async def die(tx: Transaction, item: Due, house: House) -> None:
    """A deed that ends the process each time."""
    os.kill(os.getpid(), signal.SIGKILL)


async def note(tx: Transaction, item: Due, house: House) -> None:
    """A deed that leaves a trace each time it is done."""
    await audit.note(tx, "probe.due", item.subject, by=None)


async def main(database_url: str, base_url: str, point: str) -> None:
    WatchedRequest.points = Points(point)
    settings = Settings(
        telegram={"token": TOKEN, "base_url": base_url, "polling_seconds": 2},  # type: ignore[arg-type]
        storage={"url": database_url, "connections": 5},  # type: ignore[arg-type]
        sending={"per_second": 10_000, "per_chat_second": 10_000, "chat_burst": 1000, "in_flight": IN_FLIGHT},  # type: ignore[arg-type]
    )
    clock = Clock(settings.county.zone)
    storage = await assembly.open_up(settings, clock)
    try:
        await migrate(storage)
        watch(storage, WatchedRequest.points)
        probe = Probe()
        probe.deadly.add(DEADLY)
        vars(assembly)["DEEDS"] = {**DEEDS, "probe.deadly": die, "probe.note": note}
        parts = await assembly.assemble(settings, WatchedRequest, storage, probe.routes())
        try:
            logging.getLogger(__name__).info(STARTED)
            await assembly.run(parts)
        finally:
            await parts.frame.shutdown()
    finally:
        await storage.close()


def until_ended(database_url: str, base_url: str, point: str) -> None:
    """Run until SIGTERM, which ends it in order, or until it comes to `point` for the n-th time: "name:n", "" for never."""

    async def work() -> None:
        task = asyncio.ensure_future(main(database_url, base_url, point))
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        await asyncio.gather(task, return_exceptions=True)
        if not task.cancelled() and task.exception():
            raise SystemExit(repr(task.exception()))

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work())
