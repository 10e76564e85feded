"""A database in which one call of a deed fails, and what a database holds."""

import json
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from bot.databases.postgres import PostgresStorage
from bot.storage import Deed, Storage, StorageUnavailable, Transaction

# What the road itself keeps of an update that failed: that it failed, and what the person and the admins were told.
ROAD = {"inbox", "outbox", "pulse", "files", "migrations", "sqlite_stat1"}


class Failure(Exception):
    """The call that failed."""


class Fault:
    """Lets the call with the number `at` fail, in each transaction that answers an update."""

    def __init__(self, storage: Storage) -> None:
        self.at: int | None = None
        self.hits = 0
        self.times: int | None = None
        self.further = 0
        self._transact: Callable[[Deed[Any]], Awaitable[Any]] = storage.transact
        storage.transact = self._faulty  # type: ignore[method-assign]

    def on(self, at: int, *, times: int | None = None, further: int = 0) -> None:
        """Fail `times` at most, and each time so many calls `further` on than before."""
        self.at, self.times, self.further, self.hits = at, times, further, 0

    def off(self) -> None:
        self.at = None

    async def _faulty(self, deed: Deed[Any]) -> Any:
        async def armed(tx: Transaction) -> Any:
            _Counter(self, tx)
            return await deed(tx)

        return await self._transact(armed)


class _Counter:
    """Stands before the three calls of one transaction."""

    def __init__(self, fault: Fault, tx: Transaction) -> None:
        self._fault = fault
        self._tx = tx
        self._calls = 0
        self._fails_at = fault.at
        for name in ("all", "run", "run_many"):
            setattr(tx, name, self._guarded(getattr(tx, name)))

    def _guarded(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def guarded(*args: Any, **values: Any) -> Any:
            self._check()
            return await call(*args, **values)

        return guarded

    def _check(self) -> None:
        fault = self._fault
        if fault.at is None or not self._tx.cause.startswith("update:"):
            return
        self._calls += 1
        if self._calls == self._fails_at and (fault.times is None or fault.hits < fault.times):
            fault.hits += 1
            fault.at += fault.further
            raise Failure(f"call {self._calls}")


async def contents(storage: Storage) -> dict[str, list[str]]:
    """Every row of every table that a deed may change."""
    tables = sorted(set(await storage.tables()) - ROAD)
    if isinstance(storage, PostgresStorage):
        return await storage.read(lambda tx: _at_once(tx, tables))

    async def question(tx: Transaction) -> dict[str, list[str]]:
        return {table: sorted(map(_shown, await tx.all(f"SELECT * FROM {table}"))) for table in tables}

    return await storage.read(question)


def _shown(row: Any) -> str:
    return json.dumps({name: row[name] for name in row.keys()}, default=repr, sort_keys=True)  # noqa: SIM118 - a Row


async def _at_once(tx: Transaction, tables: Iterable[str]) -> dict[str, list[str]]:
    """By one question: a server takes its time over each."""
    each = (f"SELECT '{table}' AS name, CAST(row_to_json({table}) AS TEXT) AS shown FROM {table}" for table in tables)
    found: dict[str, list[str]] = {table: [] for table in tables}
    for row in await tx.all(" UNION ALL ".join(each)):
        found[row["name"]].append(row["shown"])
    return {table: sorted(rows) for table, rows in found.items()}


@contextmanager
def away(storage: Storage, *, after_commit: bool = False) -> Iterator[None]:
    """No deed is kept meanwhile; or, with `after_commit`, each is kept and the news of it is lost."""
    names = ("transact", "transact_when")
    before = {name: getattr(storage, name) for name in names}

    def broken(name: str) -> Callable[..., Awaitable[Any]]:
        async def fails(*given: Any) -> Any:
            if after_commit:
                await before[name](*given)
            raise StorageUnavailable("away")

        return fails

    for name in names:
        setattr(storage, name, broken(name))
    try:
        yield
    finally:
        for name, original in before.items():
            setattr(storage, name, original)
