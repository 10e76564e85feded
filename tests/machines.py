"""Playing a state machine: hypothesis does its deeds in any order, the same ones each time, and stops some on their way."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import uvloop
from hypothesis import HealthCheck
from hypothesis import settings as playing
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from bot.config import Settings
from bot.domain import activities, people
from bot.domain.people import Person
from bot.refusal import Refused
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
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        opening = databases.opened(kind, clock or TownClock())
        storage = runner.run(opening.__aenter__())
        try:
            yield Office(runner, storage)
        finally:
            runner.run(opening.__aexit__(None, None, None))


class AtTasks(RuleBasedStateMachine):
    """Its people, by their places in `ids`, take part in its `activities`."""

    office: Office
    clock: TownClock
    settings: Settings
    ids: list[int]
    activities: list[int]

    async def who(self, tx: Transaction, place: int) -> Person:
        return await people.by_id(tx, self.ids[place])

    async def signup(self, tx: Transaction, who: int, which: int) -> int:
        """The number of somebody's place, 0 without one."""
        sql = "SELECT id FROM participations WHERE person_id = :who AND activity_id = :which AND state = 'in'"
        return int(await tx.value(sql, who=self.ids[who], which=self.activities[which]) or 0)

    def tries(self, deed: Deed[Any]) -> None:
        """Do it, unless the bot says no."""
        with suppress(Refused):
            self.office.does(deed)

    def goes_in(self, who: int, which: int, late: int) -> None:
        """Check in or out, with the code of now or one that is so many half minutes old."""
        number = self.activities[which]
        code = self.office.does(lambda tx: activities.code_now(tx, f"activity:{number}")).text
        self.clock.move(30 * late)

        async def deed(tx: Transaction) -> None:
            me = await self.who(tx, who)
            await activities.enter(tx, code, by=me, settings=self.settings, activity_id=number)

        self.tries(deed)


def play(machine: type[RuleBasedStateMachine], runs: tuple[int, int], *, phases: Any = None, **known: Any) -> None:
    """Play `machine` on what is `known` to it: `runs` are how many stories, and how many deeds each.

    Raises what its rules and invariants raise.
    """
    examples, steps = runs
    more = {} if phases is None else {"phases": phases}
    run_state_machine_as_test(
        type("Machine", (machine,), known),
        settings=playing(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )
