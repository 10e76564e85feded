"""SQLite: one connection writes, in a thread of its own, and many deeds share one commit.

A deed awaits nothing but its transaction, so it never waits at all here: the writer's thread runs it from end to end
with plain calls, and a statement costs microseconds instead of two changes of thread. A deed that awaits anything else
is stopped with an error, which keeps the rule of the house by construction.
"""

import asyncio
import logging
import os
import sqlite3
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import aiosqlite

from bot.clock import Clock
from bot.databases.dialect import script_for, statements
from bot.databases.file_holds import FileHold
from bot.storage import Deed, Got, Hold, Row, Storage, StorageReplaced, StorageUnavailable, Transaction, Value

# Deeds that share a commit wait for one another: for so long at most.
COMMIT_SECONDS = 0.01
BUSY_SECONDS = 5.0
READERS = 2
REPORTS = 2
BREATH_SECONDS = 0.0005
CHECKPOINT_PAGES = 4000
# The pages that the writer has at hand. With the 2 MB that SQLite takes by itself, whatever is asked of somebody who was quiet for
# a while is read page by page: in a county of 110,000 people the home screen took six times as long, its slowest ones twelve times.
WRITERS_PAGES = "cache_size=-16384"
# Where the pages are kept to which a savepoint goes back. SQLite writes them into a file of its own as soon as a deed has
# touched 16 pages, which cost a seventh of a sign-up; a migration may touch all there are, and has no need to be quick.
QUICK_UNDO, BIG_UNDO = "temp_store=MEMORY", "temp_store=FILE"
_log = logging.getLogger(__name__)


def _folded(text: str | None) -> str | None:
    """In small letters, whatever the script: SQLite's own lower() knows only A to Z."""
    return None if text is None else text.lower()


class AwaitedElsewhere(RuntimeError):
    """A deed awaited something that is not its transaction. It was undone; the deed must ask before, or tell after."""


class SqliteTransaction(Transaction):
    """Runs in the writer's thread, on the one connection that writes.

    Each answer is read to its end at once, so all of them come by one cursor: to make one costs more than many a statement.
    """

    def __init__(self, cursor: sqlite3.Cursor, clock: Clock, bot: int) -> None:
        super().__init__(clock, bot)
        self._cursor = cursor
        self._depth = 0

    async def all(self, sql: str, **values: Value) -> Sequence[Row]:
        return cast(Sequence[Row], self._cursor.execute(sql, values).fetchall())

    async def run(self, sql: str, **values: Value) -> int:
        return self._cursor.execute(sql, values).rowcount

    async def run_many(self, sql: str, rows: Sequence[Mapping[str, Value]]) -> None:
        self._cursor.executemany(sql, rows)

    async def portions(self, sql: str, size: int, **values: Value) -> AsyncIterator[Sequence[Row]]:
        # With a cursor of its own: others ask between two portions.
        found = self._cursor.connection.execute(sql, values)
        while rows := found.fetchmany(size):
            yield cast(Sequence[Row], rows)

    async def apart(self, work: Callable[..., Got], *given: Any) -> Got:
        done = work(*given)
        _breathe()
        return done

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        self._depth += 1
        name = f"inner{self._depth}"
        self._cursor.execute(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            _undo_to(self._cursor, name)
            raise
        else:
            self._cursor.execute(f"RELEASE {name}")
        finally:
            self._depth -= 1


def _undo_to(cursor: sqlite3.Cursor, name: str) -> None:
    # A full disk makes SQLite undo the whole transaction by itself; then there is no savepoint left to go back to.
    if cursor.connection.in_transaction:
        cursor.execute(f"ROLLBACK TO {name}")
        cursor.execute(f"RELEASE {name}")


def _breathe() -> None:
    """A report has a thread of its own, but others get the interpreter only when it is let go."""
    time.sleep(BREATH_SECONDS)


def run_through(work: Awaitable[Got]) -> Got:
    """The result of a coroutine that never waits. Raises AwaitedElsewhere when it does."""
    steps = work.__await__()
    try:
        next(steps)
    except StopIteration as done:
        return cast(Got, done.value)
    cast(Any, steps).close()
    raise AwaitedElsewhere("a deed awaited something else than its transaction")


@dataclass
class _Waiting:
    """A deed in the queue and the future of whoever waits for it."""

    deed: Deed[Any]
    answer: asyncio.Future[Any]
    outcome: Any = None
    error: BaseException | None = None
    woken: frozenset[str] = frozenset()


class SqliteStorage(Storage):
    """The embedded database in one file."""

    dialect = "sqlite"
    in_order = True

    def __init__(self, path: str, clock: Clock, bot: int = 0, *, guest: bool = False) -> None:
        """A `guest` is a command beside the running bot: it leaves checkpoints to the bot."""
        super().__init__(clock, bot)
        self.path = path
        self._checkpoint_pages = 0 if guest else CHECKPOINT_PAGES
        # Filled by the loop, emptied by the writer's thread while it commits.
        self._queue: deque[_Waiting] = deque()
        self._called = asyncio.Event()
        # Deeds that wait for a name to be woken; the writer's thread takes them out, or the loop, whichever is first.
        self._joining: dict[str, _Waiting] = {}
        self.bell.answered_by(self._join_no_longer)
        self._writer: asyncio.Task[None] | None = None
        self._connection: aiosqlite.Connection | None = None
        # Whoever was given back last is taken first: it knows the tables and the questions already.
        self._readers: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        self._all_readers: list[aiosqlite.Connection] = []
        self._reporters: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        self._closing = False
        self._opened: tuple[int, int] | None = None

    async def open(self) -> None:
        self._connection = await self._connect(BUSY_SECONDS)
        self._opened = _identity(self.path)
        # Only this connection writes and checkpoints: two that checkpoint at once can corrupt a WAL before 3.51.3.
        pragmas = ("journal_mode=WAL", "synchronous=FULL", f"wal_autocheckpoint={self._checkpoint_pages}")
        try:
            for pragma in (*pragmas, QUICK_UNDO, WRITERS_PAGES):
                await self._connection.execute_fetchall(f"PRAGMA {pragma}")
        except sqlite3.DatabaseError as error:
            await self._connection.close()
            raise StorageUnavailable(f"{self.path} can't be used as a database: {error}") from error
        for readers in (*(self._readers,) * READERS, *(self._reporters,) * REPORTS):
            reader = await self._connect(BUSY_SECONDS)
            await reader.execute_fetchall("PRAGMA query_only=ON")
            self._all_readers.append(reader)
            readers.put_nowait(reader)
        self._writer = asyncio.create_task(self._write_on())

    async def _connect(self, busy_seconds: float) -> aiosqlite.Connection:
        try:
            # Where it can't be opened, aiosqlite's thread complains of it as well, in words for programmers.
            sqlite3.connect(self.path).close()
            connection = await aiosqlite.connect(
                self.path, isolation_level=None, timeout=busy_seconds, cached_statements=512
            )
        except sqlite3.OperationalError as error:
            raise StorageUnavailable(f"{self.path} can't be opened: {error}") from error
        connection.row_factory = sqlite3.Row
        await connection.create_function("folded", 1, _folded, deterministic=True)
        await connection.execute_fetchall("PRAGMA foreign_keys=ON")
        return connection

    async def close(self) -> None:
        """Do what waits, and take no more."""
        self._closing = True
        if self._writer:
            self._called.set()
            await self._writer
        for reporter in self._all_readers[READERS:]:
            # Nobody waits half a minute for a report that nobody will get.
            await reporter.interrupt()
        for connection in (*self._all_readers, self._connection):
            if connection:
                await connection.close()
        self._all_readers.clear()
        self._readers, self._reporters = asyncio.LifoQueue(), asyncio.LifoQueue()
        self._connection = self._writer = None
        self._closing = False

    async def transact(self, deed: Deed[Got]) -> Got:
        if self._writer is None or self._closing:
            raise StorageUnavailable("the database is closed")
        waiting = _Waiting(deed, asyncio.get_running_loop().create_future())
        self._call(waiting)
        # Somebody who stops waiting does not stop the deed: whether it counts is decided by the commit alone.
        return cast(Got, await waiting.answer)

    async def transact_when(self, name: str, deed: Deed[Got], seconds: float) -> Got:
        loop = asyncio.get_running_loop()
        waiting = _Waiting(deed, loop.create_future())
        assert name not in self._joining, f"somebody waits for {name} already"
        self._joining[name] = waiting
        if self.bell.was_rung(name):
            self._join_no_longer(name)
        timer = loop.call_later(seconds, self._join_no_longer, name)
        try:
            return cast(Got, await waiting.answer)
        finally:
            timer.cancel()
            # Whoever gives up before it was begun takes it back.
            if self._joining.get(name) is waiting:
                del self._joining[name]

    def _join_no_longer(self, name: str) -> bool:
        """Nobody has woken it in time, or not by a commit of ours: it gets a commit of its own. False for nobody."""
        waiting = self._joining.pop(name, None)
        if waiting:
            self._call(waiting)
        return waiting is not None

    def _call(self, waiting: _Waiting) -> None:
        self._queue.append(waiting)
        self._called.set()

    async def read(self, question: Deed[Got]) -> Got:
        return await self._asked(self._readers, question)

    async def report(self, question: Deed[Got]) -> Got:
        return await self._asked(self._reporters, question)

    async def _asked(self, readers: asyncio.LifoQueue[aiosqlite.Connection], question: Deed[Got]) -> Got:
        if not self._all_readers:
            raise StorageUnavailable("the database is closed")
        reader = await readers.get()
        try:
            return await _in_thread(reader, self._answer, question)
        except sqlite3.DatabaseError as error:
            raise _translated(error) from error
        finally:
            readers.put_nowait(reader)

    def _answer(self, connection: sqlite3.Connection, question: Deed[Got]) -> Got:
        connection.execute("BEGIN")
        try:
            return run_through(question(SqliteTransaction(connection.cursor(), self.clock, self.bot)))
        finally:
            connection.execute("ROLLBACK")

    async def _write_on(self) -> None:
        while self._queue or not self._closing:
            if not self._queue:
                await self._called.wait()
                self._called.clear()
                continue
            batch: list[_Waiting] = []
            try:
                await _in_thread(cast(aiosqlite.Connection, self._connection), self._commit, batch)
            except Exception as error:
                self._fail(batch, error)
            else:
                self._answer_all(batch)

    def _commit(self, connection: sqlite3.Connection, batch: list[_Waiting]) -> None:
        """Do what waits, and what comes meanwhile, as far as there is time; it is found in `batch`."""
        try:
            connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            batch.extend(self._queue)
            self._queue.clear()
            raise
        over_at, cursor = self.clock.steady() + COMMIT_SECONDS, connection.cursor()
        try:
            while self._queue and self.clock.steady() < over_at:
                batch.append(self._queue.popleft())
                self._do(cursor, batch[-1])
            for waiting in self._joiners(batch):
                batch.append(waiting)
                self._do(cursor, waiting)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _do(self, cursor: sqlite3.Cursor, waiting: _Waiting) -> None:
        tx = SqliteTransaction(cursor, self.clock, self.bot)
        cursor.execute("SAVEPOINT deed")
        try:
            waiting.outcome = run_through(waiting.deed(tx))
        except Exception as error:
            _undo_to(cursor, "deed")
            if not cursor.connection.in_transaction:
                raise
            waiting.error = _translated(error)
        else:
            cursor.execute("RELEASE deed")
            waiting.woken = frozenset(tx.woken)

    def _joiners(self, batch: list[_Waiting]) -> list[_Waiting]:
        """Those who waited for what this batch wakes. They are told by being done, so the bell needn't ring for it."""
        woken = sorted(frozenset().union(*(waiting.woken for waiting in batch)))
        joining = {name: waiting for name in woken if (waiting := self._joining.pop(name, None))}
        for waiting in batch:
            waiting.woken -= joining.keys()
        return list(joining.values())

    def _fail(self, batch: list[_Waiting], error: Exception) -> None:
        _log.error("a commit of %d deeds failed and was undone: %s", len(batch), error)
        for waiting in batch:
            if not waiting.answer.done():
                waiting.answer.set_exception(_translated(error))

    def _answer_all(self, batch: list[_Waiting]) -> None:
        for waiting in batch:
            if waiting.error and not waiting.answer.done():
                waiting.answer.set_exception(waiting.error)
            elif not waiting.answer.done():
                waiting.answer.set_result(waiting.outcome)
        self.bell.ring(frozenset().union(*(waiting.woken for waiting in batch)))

    async def hold(self, name: str) -> Hold | None:
        hold = FileHold.taken(f"{self.path}.{name}.lock")
        if hold and self._opened and self._opened != _identity(self.path):
            await hold.let_go()
            raise StorageReplaced(f"another file stands in the place of {self.path} since I opened it: start again")
        return hold

    async def run_script(self, script: str, record: str, **values: Value) -> None:
        async def migrate(tx: Transaction) -> None:
            for statement in statements(script_for(self.dialect, script)):
                await tx.run(statement)
            await tx.run(record, **values)

        await self._writes_with(BIG_UNDO)
        try:
            await self.transact(migrate)
        finally:
            await self._writes_with(QUICK_UNDO)

    async def _writes_with(self, pragma: str) -> None:
        """Between two commits, for inside of one nothing can be set."""
        await cast(aiosqlite.Connection, self._connection).execute_fetchall(f"PRAGMA {pragma}")

    async def tables(self) -> list[str]:
        async def names(tx: Transaction) -> list[str]:
            rows = await tx.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
            return [row["name"] for row in rows]

        return await self.read(names)


def _identity(path: str) -> tuple[int, int] | None:
    """Which file this is, whatever its name; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - a database in memory has a name that is no path
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _translated(error: BaseException) -> BaseException:
    # A statement that SQLite can't read is our mistake, and no waiting helps. Exactly DatabaseError says that the file
    # is damaged; its children, such as a broken UNIQUE, are the deed's matter.
    mistake = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
    if (isinstance(error, sqlite3.OperationalError) and not mistake) or type(error) is sqlite3.DatabaseError:
        return StorageUnavailable(str(error))
    return error


async def _in_thread(connection: aiosqlite.Connection, work: Callable[..., Got], *given: object) -> Got:
    # aiosqlite has no public way to run more than one statement in its thread; the lock file pins the version, and a
    # test fails should this method ever change.
    return cast(Got, await connection._execute(work, connection._conn, *given))  # type: ignore[no-untyped-call]
