"""PostgreSQL: each deed has a transaction of its own on a pooled connection; several processes may work."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, cast

import asyncpg

from bot.clock import Clock
from bot.databases.dialect import for_postgres, paged, script_for
from bot.storage import Deed, Got, Hold, Row, Storage, StorageUnavailable, Transaction, Value

RUNS_MAX = 5
REPORTS = 2
# A query that takes longer is one to a server that has vanished without a word.
QUERY_SECONDS = 60
CLOSE_SECONDS = 10
# So many texts a connection keeps prepared: more than the bot has, a few pages of long lists among them.
STATEMENTS_KEPT = 2_000
# Planning a join of seven tables takes twenty times as long as looking it up in their indexes: each text is planned once.
SERVER_SETTINGS = {"lock_timeout": "30000", "plan_cache_mode": "force_generic_plan"}
_log = logging.getLogger(__name__)
_AGAIN = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
# What a query says when the server is away, full, or on its way up or down.
_AWAY = (
    ConnectionError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.LockNotAvailableError,
)


def _is_away(error: Exception, connection: Any) -> bool:
    # What asyncpg itself complains of is our mistake, such as a value of the wrong type, unless its connection has
    # ended. An inner error is what comes of a server's last word when nobody had asked.
    return isinstance(error, (*_AWAY, asyncpg.InternalClientError)) or (
        isinstance(error, asyncpg.InterfaceError) and _has_ended(connection)
    )


def _has_ended(connection: Any) -> bool:
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        # The pool takes a connection away from whoever has it as soon as the server has ended it.
        return True


def _unavailable(error: Exception) -> StorageUnavailable:
    return StorageUnavailable(f"{type(error).__name__}: {error}".rstrip(": "))


async def _left_as_it_was(connection: Any) -> None:
    """Nothing to take back: no deed leaves more on its connection than its transaction, which has ended.

    Asking the server to forget what nobody has set took two fifths of a transaction with one question.
    """


async def _released(pool: Any, connection: Any) -> None:
    try:
        await pool.release(connection)
    except Exception as error:
        # What was committed stays committed, even if the server ended right after it; the pool throws the rest away.
        if not _is_away(error, connection):
            raise
        _log.warning("a connection was lost on its way back: %s", error)


class PostgresTransaction(Transaction):
    """One transaction on one connection."""

    def __init__(self, connection: Any, clock: Clock, bot: int) -> None:
        super().__init__(clock, bot)
        self._connection = connection

    async def all(self, sql: str, **values: Value) -> Sequence[Row]:
        text, names = for_postgres(paged(sql, values))
        return cast(Sequence[Row], await self._connection.fetch(text, *(values[name] for name in names)))

    async def run(self, sql: str, **values: Value) -> int:
        text, names = for_postgres(sql)
        status = await self._connection.execute(text, *(values[name] for name in names))
        last = status.rsplit(" ", 1)[-1]
        return int(last) if last.isdigit() else 0

    async def add(self, sql: str, **values: Value) -> int:
        # Looking for each row before it is written costs half as much again as writing it: all are taken for new.
        try:
            async with self.savepoint():
                return await self.run(sql, **values)
        except asyncpg.UniqueViolationError:
            return await super().add(sql, **values)

    async def run_many(self, sql: str, rows: Sequence[Mapping[str, Value]]) -> None:
        text, names = for_postgres(sql)
        await self._connection.executemany(text, [tuple(row[name] for name in names) for row in rows])

    async def portions(self, sql: str, size: int, **values: Value) -> AsyncIterator[Sequence[Row]]:
        text, names = for_postgres(sql)
        found = await self._connection.cursor(text, *(values[name] for name in names))
        while rows := await found.fetch(size):
            yield cast(Sequence[Row], rows)

    async def apart(self, work: Callable[..., Got], *given: Any) -> Got:
        return await asyncio.to_thread(work, *given)

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
        self._reports = asyncio.Semaphore(min(REPORTS, connections - 1))
        self._at_work = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def open(self) -> None:
        try:
            self._pool = await asyncpg.create_pool(
                self.url,
                min_size=1,
                max_size=self._connections,
                command_timeout=QUERY_SECONDS,
                server_settings=SERVER_SETTINGS,
                statement_cache_size=STATEMENTS_KEPT,
                reset=_left_as_it_was,
            )
        except (OSError, asyncpg.InterfaceError, asyncpg.PostgresError) as error:
            raise StorageUnavailable(f"the PostgreSQL server can't be reached: {error}") from error

    async def close(self) -> None:
        """Do what waits, and take no more; a server that does not answer is left without a word."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                # The pool waits for nobody who still queues for a connection: it would end theirs in mid-commit.
                await self._idle.wait()
                await pool.close()
        except TimeoutError:
            pool.terminate()

    async def transact(self, deed: Deed[Got]) -> Got:
        work = asyncio.ensure_future(self._transact(deed))
        # Whoever no longer waits for it has no use for its error either.
        work.add_done_callback(lambda done: done.cancelled() or done.exception())
        # Somebody who stops waiting does not stop the deed half-way: it is committed or undone as a whole.
        return await asyncio.shield(work)

    async def _transact(self, deed: Deed[Got]) -> Got:
        for run in range(1, RUNS_MAX + 1):
            try:
                return await self._once(deed)
            except _AGAIN:
                if run == RUNS_MAX:
                    raise
                await asyncio.sleep(0.01 * run)
        raise AssertionError("unreachable: the last run returns or raises")

    async def _once(self, deed: Deed[Got]) -> Got:
        async with self._connected() as connection:
            tx = PostgresTransaction(connection, self.clock, self.bot)
            async with connection.transaction():
                outcome = await deed(tx)
        self.bell.ring(tx.woken)
        return outcome

    async def read(self, question: Deed[Got]) -> Got:
        async with (
            self._connected() as connection,
            connection.transaction(readonly=True, isolation="repeatable_read"),
        ):
            return await question(PostgresTransaction(connection, self.clock, self.bot))

    async def report(self, question: Deed[Got]) -> Got:
        async with self._reports:
            return await self.read(question)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Any]:
        """A connection of the pool. Raises StorageUnavailable in place of what a server says that is not there."""
        pool = self._pool
        if pool is None:
            raise StorageUnavailable("the database is closed")
        with self._working():
            try:
                connection = await pool.acquire()
            except (OSError, asyncpg.InterfaceError, asyncpg.PostgresError) as error:
                raise _unavailable(error) from error
            try:
                yield connection
            except Exception as error:
                if _is_away(error, connection):
                    raise _unavailable(error) from error
                raise
            finally:
                await _released(pool, connection)

    @contextmanager
    def _working(self) -> Iterator[None]:
        """Whoever has a connection or queues for one: closing waits for them."""
        self._at_work += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._at_work -= 1
            if not self._at_work:
                self._idle.set()

    async def hold(self, name: str) -> Hold | None:
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        try:
            connection = await asyncpg.connect(self.url, timeout=QUERY_SECONDS, command_timeout=QUERY_SECONDS)
        except (OSError, asyncpg.InterfaceError, asyncpg.PostgresError) as error:
            raise _unavailable(error) from error
        hold = SessionHold(connection)
        taken = False
        try:
            taken = await connection.fetchval("SELECT pg_try_advisory_lock($1)", key)
        except (*_AWAY, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            raise _unavailable(error) from error
        finally:
            if not taken:
                await hold.let_go()
        return hold if taken else None

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
        except (*_AWAY, asyncpg.InterfaceError, asyncpg.InternalClientError):
            return False
        return True

    async def let_go(self) -> None:
        try:
            await self._connection.close(timeout=CLOSE_SECONDS)
        except (*_AWAY, asyncpg.InterfaceError, asyncpg.InternalClientError):
            # The server is gone, and the lock with it.
            self._connection.terminate()
