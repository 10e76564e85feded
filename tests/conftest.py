"""The fixtures that every test may name: a database of either kind, and the town that lives on it."""

import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
import uvloop

from bot.storage import Storage
from tests.databases import KINDS, Begin, Databases, postgres_server
from tests.town import Town, TownClock, Towns

ROOM_BYTES = 4 * 1024**3


def roomy() -> Path:
    """Where the tests' databases live: in memory where there is room, for they need not outlast their tests."""
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_BYTES:
        return memory
    return Path(tempfile.gettempdir())


@pytest.fixture(scope="session")
def towns() -> Towns:
    return Towns()


@pytest.fixture(scope="session")
async def databases(towns: Towns) -> AsyncIterator[Databases]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    # Not among pytest's own folders: the server gives up root's rights and could not look into them.
    shared = roomy() / f"county-youth-bot-tests-{run}"
    (shared / worker).mkdir(parents=True)
    here = shared / f"{worker}.here"
    here.touch()
    with ExitStack() as stack:
        starts = partial(stack.enter_context, postgres_server(shared / "postgres"))
        made = Databases(shared / worker, starts, worker, towns)
        yield made
        await made.close()
    here.unlink()
    # The last worker removes it: another may be about to start the server.
    if not any(shared.glob("*.here")):
        shutil.rmtree(shared, ignore_errors=True)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Which database: each test that asks for one runs on both."""
    return str(request.param)


@pytest.fixture
def clock() -> TownClock:
    return TownClock()


@pytest.fixture
async def storage(
    request: pytest.FixtureRequest, kind: str, databases: Databases, clock: TownClock
) -> AsyncIterator[Storage]:
    """A database with nobody in it, or with the cast if the test asks for the town as well."""
    begin: Begin = "cast" if "town" in request.fixturenames else "bare"
    async with databases.opened(kind, clock, begin) as opened:
        yield opened


@pytest.fixture
async def town(storage: Storage, clock: TownClock, towns: Towns) -> AsyncIterator[Town]:
    async with towns.again(storage, clock) as made:
        yield made


@pytest.fixture
def a_slice_a_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tick does what is planned by then, and not what its deeds plan: a test can look between two slices, or die there."""
    monkeypatch.setattr("bot.scheduler.ticking.GO_ON_SECONDS", 0)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: those who wait for a process, a browser or the database leave one to others."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], uvloop.Loop]]:
    """The tests run on the loop that the bot runs on."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Next to nothing that is made meanwhile goes again, and what is loaded by then stays: the collector is kept from it."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests recorded is shown at the end of the run: how far the crawler came."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {name}: {value}")
