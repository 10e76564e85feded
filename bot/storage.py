"""The database as the house sees it: one Transaction given to every deed, and nothing else commits.

Two databases stand behind it (`bot/databases/`): SQLite, where many deeds share one commit, each in its own savepoint,
and PostgreSQL, where each deed has a transaction of its own and several processes may work.
"""

import asyncio
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

import orjson

from bot.clock import Clock

Value = int | str | bytes | float | None
Got = TypeVar("Got")
UNLESS_THERE = " ON CONFLICT DO NOTHING"


class StorageUnavailable(Exception):
    """The database can't be reached or written just now (locked, disk full, server away). Nothing was kept."""


class StorageReplaced(Exception):
    """Another file stands in the database's place, as after a restore: whoever opened the old one must begin anew."""


class NoCopy(Exception):
    """This can't be copied or put back, and the text says why. Nothing was changed."""


class Row(Protocol):
    """One row of an answer; `Group(**row)` makes a thing of it, `filled(Group, row)` where the row has other columns too."""

    def __getitem__(self, name: str) -> Any: ...

    def keys(self) -> Iterable[str]: ...

    def __iter__(self) -> Iterator[Any]: ...


def filled(kind: type[Got], row: Row, /, **made: Any) -> Got:
    """A thing whose fields are the columns of the same names. `made`: what it has in another shape than the row."""
    # Not by name: a row looks for each among all of its columns, and a thing among all of its fields.
    columns = dict(zip(row.keys(), row, strict=True)) | made
    return kind(*map(columns.__getitem__, vars(kind)["__match_args__"]))


class Transaction(ABC):
    """What a deed may do: ask and change rows. `now` and `today` stand still for the whole of it.

    SQL is written once for both databases, with `:name` values. A comment `/*pg ... */` is unwrapped on PostgreSQL.
    """

    def __init__(self, clock: Clock, bot: int) -> None:
        self.clock = clock
        self.bot = bot
        self.now = clock.now
        self.woken: set[str] = set()
        # What this transaction answers: `update:991`, `due:17`; audit rows and ledger entries name it.
        self.cause = "command line"

    @property
    def today(self) -> date:
        """The county's day."""
        return self.local(self.now).date()

    def local(self, instant: int) -> datetime:
        return self.clock.local(instant)

    def wakes(self, name: str) -> None:
        """Whoever waits for `name` is woken once this transaction has been committed."""
        self.woken.add(name)

    @abstractmethod
    async def all(self, sql: str, **values: Value) -> Sequence[Row]:
        """Every row of the answer."""

    @abstractmethod
    async def run(self, sql: str, **values: Value) -> int:
        """Change rows; how many were changed."""

    async def add(self, sql: str, **values: Value) -> int:
        """Add many rows by an INSERT that says nothing of conflicts: what is there already stays as it is. How many are new."""
        return await self.run(sql + UNLESS_THERE, **values)

    @abstractmethod
    async def run_many(self, sql: str, rows: Sequence[Mapping[str, Value]]) -> None:
        """The same change once for each of `rows`."""

    @abstractmethod
    def portions(self, sql: str, size: int, **values: Value) -> AsyncIterator[Sequence[Row]]:
        """The rows of a long answer, `size` at a time: all of it is never in memory at once."""

    @abstractmethod
    async def apart(self, work: Callable[..., Got], *given: Any) -> Got:
        """A portion of computing that must not hold up the loop. For `Storage.report` alone: a deed has no such work."""

    @abstractmethod
    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """What is done inside is undone when an exception leaves it; the rest of the transaction stands."""

    async def one(self, sql: str, **values: Value) -> Row | None:
        """The first row, or None where there is none."""
        rows = await self.all(sql, **values)
        return rows[0] if rows else None

    async def value(self, sql: str, **values: Value) -> Any:
        """The first column of the first row, or None where there is no row."""
        row = await self.one(sql, **values)
        return None if row is None else row[next(iter(row.keys()))]

    async def numbers(self, questions: Mapping[str, str], **values: Value) -> dict[str, int]:
        """The number that each of several questions gives, under its name; they are asked all at once."""
        row = await self.one("SELECT " + ", ".join(f"({sql}) AS {name}" for name, sql in questions.items()), **values)
        assert row is not None, "numbers give a row"
        return {name: int(row[name]) for name in questions}


Deed = Callable[[Transaction], Awaitable[Got]]
# What a statement says of a number that is one of those `:ids`: the same words, and one plan, however many they are.
AMONG = "IN (SELECT CAST(value AS BIGINT) FROM json_each(:ids))"


def listed(numbers: Iterable[int]) -> str:
    """The value of `:ids`."""
    return orjson.dumps([int(number) for number in numbers]).decode()


def containing(words: str) -> str:
    """The pattern by which `LIKE ... ESCAPE '!'` finds these words, wherever they stand: as they are, without wildcards."""
    return "%" + "".join("!" + c if c in "!%_" else c for c in words) + "%"


class Bell:
    """Lets a worker sleep until something was committed that concerns it."""

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._answered: Callable[[str], bool] = lambda name: False

    def ring(self, names: Iterable[str]) -> None:
        for name in names:
            if not self._answered(name):
                self._events[name].set()

    def answered_by(self, answered: Callable[[str], bool]) -> None:
        """Ask `answered` first at each ring: True when somebody heard it there, and nobody else need be woken."""
        self._answered = answered

    def was_rung(self, name: str) -> bool:
        """Whether it was rung since somebody last asked or waited."""
        rung = self._events[name].is_set()
        self._events[name].clear()
        return rung

    async def wait(self, name: str, seconds: float) -> bool:
        """True when rung, False when `seconds` passed without a ring."""
        event = self._events[name]
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return False
        event.clear()
        return True


class Hold(ABC):
    """A right that only one process has at a time: to poll and to send for one bot. It ends with the process."""

    @abstractmethod
    async def still_ours(self) -> bool: ...

    @abstractmethod
    async def let_go(self) -> None: ...


class Storage(ABC):
    """One open database."""

    dialect: str
    # Deeds are done in the order in which they were asked for, so that one may build on another that isn't committed yet.
    in_order = False

    def __init__(self, clock: Clock, bot: int = 0) -> None:
        self.clock = clock
        self.bot = bot
        self.bell = Bell()

    @abstractmethod
    async def open(self) -> None: ...

    @abstractmethod
    async def close(self) -> None: ...

    @abstractmethod
    async def transact(self, deed: Deed[Got]) -> Got:
        """Do `deed` wholly or not at all. An exception that leaves it undoes it and is raised here.

        The deed may be run again when the database asks for it (a deadlock), so it awaits nothing but its transaction.
        Raises StorageUnavailable when it can't be kept.
        """

    async def transact_when(self, name: str, deed: Deed[Got], seconds: float) -> Got:
        """Do `deed` once something that wakes `name` was done, after `seconds` at the latest.

        Where many deeds share a commit it shares that of the one that woke it. Raises what `transact` raises.
        """
        await self.bell.wait(name, seconds)
        return await self.transact(deed)

    @abstractmethod
    async def read(self, question: Deed[Got]) -> Got:
        """Ask without changing anything, beside the writer: for what takes milliseconds."""

    @abstractmethod
    async def report(self, question: Deed[Got]) -> Got:
        """The same for what may take long: only a few at a time, and nothing else waits for them."""

    @abstractmethod
    async def hold(self, name: str) -> Hold | None:
        """Take the right called `name`, or None while another process has it."""

    @abstractmethod
    async def run_script(self, script: str, record: str, **values: Value) -> None:
        """Run one migration and the statement that records it, together."""

    @abstractmethod
    async def tables(self) -> list[str]:
        """The names of all tables, in no particular order."""
