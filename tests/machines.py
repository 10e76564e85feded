"""Playing a state machine: hypothesis does its deeds in any order, the same ones each time, and stops some on their way."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from bot.domain import people
from bot.storage import Deed, Got, Row, Storage, Transaction, Value
from tests.databases import Databases
from tests.town import TownClock


class Crash(Exception):
    """The process ends here."""


class Crashing(Transaction):
    """A transaction that ends after so many statements, whatever was being done."""

    def __init__(self, tx: Transaction, statements: int) -> None:
        super().__init__(tx.clock, tx.bot)
        self.cause = tx.cause
        self._tx = tx
        self._left = statements

    def _count(self) -> None:
        if self._left == 0:
            raise Crash
        self._left -= 1

    async def all(self, sql: str, **values: Value) -> Sequence[Row]:
        self._count()
        return await self._tx.all(sql, **values)

    async def run(self, sql: str, **values: Value) -> int:
        self._count()
        return await self._tx.run(sql, **values)

    async def run_many(self, sql: str, rows: Sequence[Mapping[str, Value]]) -> None:
        self._count()
        await self._tx.run_many(sql, rows)

    def portions(self, sql: str, size: int, **values: Value) -> AsyncIterator[Sequence[Row]]:
        self._count()
        return self._tx.portions(sql, size, **values)

    async def apart(self, work: Callable[..., Got], *given: Any) -> Got:
        return await self._tx.apart(work, *given)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        async with self._tx.savepoint():
            yield


class Office:
    """A storage that a synchronous test can use; each example gets people of its own."""

    def __init__(self, runner: asyncio.Runner, storage: Storage) -> None:
        self._runner = runner
        self._storage = storage
        self.newest = 100

    def does(self, deed: Deed[Got]) -> Got:
        return self._runner.run(self._storage.transact(deed))

    def newcomers(self, n: int) -> list[int]:
        self.newest += n

        async def deed(tx: Transaction) -> list[int]:
            return [(await people.register(tx, self.newest + k, f"P{self.newest + k}", "en")).id for k in range(n)]

        return self.does(deed)


@contextmanager
def opened(databases: Databases, kind: str, clock: TownClock | None = None) -> Iterator[Office]:
    """A fresh database of this kind, with an event loop of its own; time is what `clock` says."""
    with asyncio.Runner() as runner:
        opening = databases.opened(kind, clock or TownClock())
        storage = runner.run(opening.__aenter__())
        try:
            yield Office(runner, storage)
        finally:
            runner.run(opening.__aexit__(None, None, None))


def play(machine: type[RuleBasedStateMachine], runs: tuple[int, int], *, phases: Any = None, **known: Any) -> None:
    """Play `machine` on what is `known` to it: `runs` are how many stories, and how many deeds each.

    Raises what its rules and invariants raise.
    """
    examples, steps = runs
    more = {} if phases is None else {"phases": phases}
    run_state_machine_as_test(
        type("Machine", (machine,), known),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )
