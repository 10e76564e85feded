"""The ledger under random deeds, doubles, conflicts, reversals and crashes: a model in plain Python always agrees."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.domain import people, points
from bot.refusal import Refused
from bot.storage import Deed, Got, Row, Storage, Transaction, Value
from tests.databases import Databases
from tests.ledger import spend
from tests.machines import play
from tests.town import TownClock

PEOPLE = 3
RUNS = {"sqlite": (25, 30), "postgresql": (6, 20)}


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
def opened(databases: Databases, kind: str) -> Iterator[Office]:
    """A fresh database of this kind, with an event loop of its own."""
    with asyncio.Runner() as runner:
        opening = databases.opened(kind, TownClock())
        yield Office(runner, runner.run(opening.__aenter__()))
        runner.run(opening.__aexit__(None, None, None))


class LedgerMachine(RuleBasedStateMachine):
    """Deeds as leaders, schedulers and admins do them, in any order, with crashes between any two statements."""

    office: Office
    person = st.integers(0, PEOPLE - 1)
    event = st.integers(1, 4)
    amount = st.integers(1, 9)
    reason = st.sampled_from(["task", "event"])
    by_somebody = st.booleans()

    def __init__(self) -> None:
        super().__init__()
        *self.people, self.admin = self.office.newcomers(PEOPLE + 1)
        # The model. events: what each key gave, and its transfer; amounts: what each transfer moved for whom;
        # reversed_by: which transfer took it back, and for what cause.
        self.events: dict[tuple[int, str, int], int] = {}
        self.amounts: dict[int, tuple[int, int]] = {}
        self.reversed_by: dict[int, tuple[int, str]] = {}
        self.balances = [0] * PEOPLE

    def _award(self, person: int, event: int, reason: str, amount: int, by_somebody: bool) -> Deed[int]:
        by = self.admin if by_somebody else None

        async def deed(tx: Transaction) -> int:
            cause = f"activity:{self.admin}{event}"
            return await points.award(tx, self.people[person], amount, reason=reason, cause=cause, by=by)

        return deed

    def _reverse(self, transfer: int, cause: str) -> Deed[int]:
        async def deed(tx: Transaction) -> int:
            return await points.reverse(tx, transfer, by=self.admin, cause=cause)

        return deed

    @rule(person=person, event=event, reason=reason, amount=amount, by_somebody=by_somebody)
    def award(self, person: int, event: int, reason: str, amount: int, by_somebody: bool) -> None:
        """New, told again, or told otherwise."""
        deed = self._award(person, event, reason, amount, by_somebody)
        before = self.events.get((person, reason, event))
        if before is not None and self.amounts[before][1] != amount:
            with pytest.raises(points.LedgerConflict):
                self.office.does(deed)
            return
        transfer = self.office.does(deed)
        if before is not None:
            assert transfer == before
            return
        self.events[person, reason, event] = transfer
        self._moved(transfer, person, amount)

    def _moved(self, transfer: int, person: int, amount: int) -> None:
        assert transfer not in self.amounts
        self.amounts[transfer] = (person, amount)
        self.balances[person] += amount

    @precondition(lambda self: any(self.balances))
    @rule(data=st.data())
    def spend(self, data: st.DataObject) -> None:
        """Points go where redemptions will put them; what they came from can't be taken back any more."""
        person = data.draw(st.sampled_from([k for k in range(PEOPLE) if self.balances[k]]))
        amount = data.draw(st.integers(1, self.balances[person]))
        cause = f"goods:{self.admin}{len(self.amounts)}"
        self._moved(self.office.does(lambda tx: spend(tx, self.people[person], amount, cause)), person, -amount)

    @precondition(lambda self: self.amounts)
    @rule(data=st.data(), cause=st.sampled_from(["activity:1", "person:1"]))
    def reverse(self, data: st.DataObject, cause: str) -> None:
        """What stands is taken back once; a reversal can itself be taken back."""
        transfer = data.draw(st.sampled_from(sorted(self.amounts)))
        person, amount = self.amounts[transfer]
        before = self.reversed_by.get(transfer)
        if (before and before[1] != cause) or (not before and self.balances[person] < amount):
            with pytest.raises(Refused):
                self.office.does(self._reverse(transfer, cause))
            return
        made = self.office.does(self._reverse(transfer, cause))
        if before:
            assert made == before[0]
            return
        self.reversed_by[transfer] = (made, cause)
        self._moved(made, person, -amount)

    @precondition(lambda self: self.amounts)
    @rule(data=st.data(), statements=st.integers(0, 14), person=person, event=event, amount=amount)
    def crash(self, data: st.DataObject, statements: int, person: int, event: int, amount: int) -> None:
        """Nothing is left of a deed that ended in its middle; and one that ends after its last statement is as none."""
        transfer = data.draw(st.sampled_from(sorted(self.amounts)))
        deed = data.draw(
            st.sampled_from([self._award(person, event, "task", amount, True), self._reverse(transfer, "person:1")])
        )

        async def dies(tx: Transaction) -> None:
            try:
                await deed(Crashing(tx, statements))
            except (Refused, points.LedgerConflict) as error:
                raise Crash from error
            raise Crash

        with pytest.raises(Crash):
            self.office.does(dies)

    @invariant()
    def all_promises_hold(self) -> None:
        assert self.office.does(points.invariants) == []

    @invariant()
    def the_model_agrees(self) -> None:
        async def asked(tx: Transaction) -> list[tuple[int, int, set[tuple[int, int]]]]:
            return [await _seen(tx, person) for person in self.people]

        for person, (balance, summed, entries) in enumerate(self.office.does(asked)):
            mine = {(transfer, amount) for transfer, (whose, amount) in self.amounts.items() if whose == person}
            assert (balance, summed, entries) == (self.balances[person], self.balances[person], mine)


async def _seen(tx: Transaction, person_id: int) -> tuple[int, int, set[tuple[int, int]]]:
    """What a person sees: the balance, the sums that explain it, and all entries."""
    shown = await points.entries(tx, person_id, 0, each=1000)
    return (
        await points.balance(tx, person_id),
        sum(part.amount for part in await points.sums(tx, person_id)),
        {(entry.transfer_id, entry.amount) for entry in shown.items},
    )


@pytest.mark.parametrize("kind", list(RUNS))
def test_the_ledger_agrees_with_its_model_whatever_happens(databases: Databases, kind: str) -> None:
    """After each random step every promise holds, and balances, sums and entries are the model's."""
    with opened(databases, kind) as office:
        play(LedgerMachine, RUNS[kind], office=office)


CRASHES: dict[str, Callable[[Transaction, int, int], Awaitable[Any]]] = {
    "award": lambda tx, person, admin: points.award(tx, person, 5, reason="event", cause="activity:2", by=admin),
    "reverse": lambda tx, person, admin: points.reverse(tx, 1, by=admin, cause="activity:1"),
}


@pytest.mark.parametrize("name", CRASHES)
@pytest.mark.parametrize("kind", list(RUNS))
def test_a_deed_that_ends_after_any_statement_leaves_nothing(databases: Databases, kind: str, name: str) -> None:
    """For every number of statements: the deed is undone as a whole, and done as a whole when nothing stops it."""
    with opened(databases, kind) as office:
        person, admin = office.newcomers(2)
        office.does(lambda tx: points.award(tx, person, 5, reason="task", cause="activity:1", by=None))
        for statements in range(100):
            before = office.does(_everything)
            if not _dies(office, name, statements, person, admin):
                break
            assert office.does(_everything) == before
        assert statements > 5
        assert office.does(lambda tx: points.balance(tx, person)) == (10 if name == "award" else 0)
        assert office.does(points.invariants) == []


def _dies(office: Office, name: str, statements: int, person: int, admin: int) -> bool:
    """Did the deed end in its middle?"""
    try:
        office.does(lambda tx: CRASHES[name](Crashing(tx, statements), person, admin))
    except Crash:
        return True
    return False


async def _everything(tx: Transaction) -> list[Any]:
    """Each row that a deed of the ledger could write."""
    tables = ("accounts", "transfers", "entries", "audit", "audit_head")
    return [[dict(row) for row in await tx.all(f"SELECT * FROM {table} ORDER BY 1, 2")] for table in tables]
