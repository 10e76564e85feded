"""PostgreSQL: each deed has a transaction of its own on a pooled connection; several processes may work."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import asyncpg

from bot.clock import Clock
from bot.databases.dialect import for_postgres, script_for
from bot.storage import Deed, Got, Hold, Row, Storage, StorageUnavailable, Transaction, Value

RUNS_MAX = 5
_AGAIN = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
_AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.DiskFullError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.LockNotAvailableError,
    asyncpg.TooManyConnectionsError,
)


class PostgresTransaction(Transaction):
    """One transaction on one connection."""

    def __init__(self, connection: Any, clock: Clock, bot: int) -> None:
        super().__init__(clock, bot)
        self._connection = connection

    async def all(self, sql: str, **values: Value) -> Sequence[Row]:
        text, names = for_postgres(sql)
        return cast(Sequence[Row], await self._connection.fetch(text, *(values[name] for name in names)))

    async def run(self, sql: str, **values: Value) -> int:
        text, names = for_postgres(sql)
        status = await self._connection.execute(text, *(values[name] for name in names))
        last = status.rsplit(" ", 1)[-1]
        return int(last) if last.isdigit() else 0

    async def run_many(self, sql: str, rows: Sequence[Mapping[str, Value]]) -> None:
        text, names = for_postgres(sql)
        await self._connection.executemany(text, [tuple(row[name] for name in names) for row in rows])

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        async with self._connection.transaction():
            yield


class PostgresStorage(Storage):
    """A database server that several processes share."""

    dialect = "postgresql"

    def __init__(self, url: str, connections: int, clock: Clock, bot: int = 0) -> None:
        super().__init__(clock, bot)
        self.url = url
        self._connections = connections
        self._pool: Any = None

    async def open(self) -> None:
        try:
            self._pool = await asyncpg.create_pool(
                self.url, min_size=1, max_size=self._connections, server_settings={"lock_timeout": "30000"}
            )
        except (*_AWAY, asyncpg.PostgresError) as error:
            raise StorageUnavailable(f"the PostgreSQL server can't be reached: {error}") from error

    async def close(self) -> None:
        if self._pool:
            await self._pool.close()
            self._pool = None

    async def transact(self, deed: Deed[Got]) -> Got:
        # Somebody who stops waiting does not stop the deed half-way: it is committed or undone as a whole.
        return await asyncio.shield(asyncio.ensure_future(self._transact(deed)))

    async def _transact(self, deed: Deed[Got]) -> Got:
        for run in range(1, RUNS_MAX + 1):
            try:
                return await self._once(deed)
            except _AGAIN:
                if run == RUNS_MAX:
                    raise
                await asyncio.sleep(0.01 * run)
            except _AWAY as error:
                raise StorageUnavailable(str(error) or type(error).__name__) from error
        raise AssertionError("unreachable: the last run returns or raises")

    async def _once(self, deed: Deed[Got]) -> Got:
        async with self._pool.acquire() as connection:
            tx = PostgresTransaction(connection, self.clock, self.bot)
            async with connection.transaction():
                outcome = await deed(tx)
        self.bell.ring(tx.woken)
        return outcome

    async def read(self, question: Deed[Got]) -> Got:
        try:
            async with (
                self._pool.acquire() as connection,
                connection.transaction(readonly=True, isolation="repeatable_read"),
            ):
                return await question(PostgresTransaction(connection, self.clock, self.bot))
        except _AWAY as error:
            raise StorageUnavailable(str(error) or type(error).__name__) from error

    async def hold(self, name: str) -> Hold | None:
        try:
            connection = await asyncpg.connect(self.url)
        except (*_AWAY, asyncpg.PostgresError) as error:
            raise StorageUnavailable(str(error)) from error
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        if await connection.fetchval("SELECT pg_try_advisory_lock($1)", key):
            return SessionHold(connection)
        await connection.close()
        return None

    async def run_script(self, script: str, record: str, **values: Value) -> None:
        async def migrate(tx: Transaction) -> None:
            await cast(PostgresTransaction, tx)._connection.execute(script_for(self.dialect, script))
            await tx.run(record, **values)

        await self.transact(migrate)

    async def tables(self) -> list[str]:
        async def names(tx: Transaction) -> list[str]:
            rows = await tx.all("SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()")
            return [row["name"] for row in rows]

        return await self.read(names)


class SessionHold(Hold):
    """An advisory lock of a session: the server lets go of it when the connection ends."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def still_ours(self) -> bool:
        try:
            await self._connection.fetchval("SELECT 1", timeout=10)
        except (*_AWAY, asyncpg.PostgresError, TimeoutError):
            return False
        return True

    async def let_go(self) -> None:
        await self._connection.close()
