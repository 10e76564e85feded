"""The ledger under random deeds, doubles, conflicts, reversals, reservations, crashes and a clock that jumps.

A model in plain Python always agrees.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.domain import points
from bot.refusal import Refused
from bot.storage import Deed, Transaction
from tests.databases import Databases
from tests.ledger import spend
from tests.machines import Crash, Crashing, Office, opened, play
from tests.town import TownClock

PEOPLE = 3
RUNS = {"sqlite": (25, 30), "postgresql": (6, 20)}


class LedgerMachine(RuleBasedStateMachine):
    """Deeds as leaders, schedulers and admins do them, in any order, with crashes between any two statements."""

    office: Office
    clock: TownClock
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
        # What is on the shelf, and what each key brought there; the reservations: whose, how many points and pieces,
        # and which way they ended by which transfer.
        self.cups = f"goods:{self.admin}"
        self.stock = 0
        self.lots: dict[int, tuple[int, int]] = {}
        self.reservations: dict[int, tuple[int, int, int]] = {}
        self.ended: dict[int, tuple[str, int]] = {}

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
        bound = transfer in self.reservations or transfer in {end for _, end in self.ended.values()}
        if bound or (before and before[1] != cause) or (not before and self.balances[person] < amount):
            with pytest.raises(Refused):
                self.office.does(self._reverse(transfer, cause))
            return
        made = self.office.does(self._reverse(transfer, cause))
        if before:
            assert made == before[0]
            return
        self.reversed_by[transfer] = (made, cause)
        self._moved(made, person, -amount)

    @rule(key=st.integers(1, 3), pieces=st.integers(1, 3))
    def take_in(self, key: int, pieces: int) -> None:
        """Goods come with a key that was made by whoever brings them: the same again is the same, more is an error."""
        legs = [points.Leg("issue", 0, -pieces, self.cups), points.Leg("stock", self.admin, pieces, self.cups)]

        async def deed(tx: Transaction) -> int:
            cause, made = f"lot:{self.admin}{key}", f"{self.admin}:{key}"
            return await points.transfer(
                tx, legs, reason=points.Reason.STOCK, cause=cause, person_id=None, by=None, key=made
            )

        before = self.lots.get(key)
        if before is not None and before[1] != pieces:
            with pytest.raises(points.LedgerConflict):
                self.office.does(deed)
            return
        transfer = self.office.does(deed)
        if before is not None:
            assert transfer == before[0]
            return
        self.lots[key] = (transfer, pieces)
        self.stock += pieces

    def _reserve(self, person: int, cost: int, pieces: int) -> Deed[int]:
        number = self.admin * 100 + len(self.reservations)
        legs = [
            points.Leg("member", self.people[person], -cost),
            points.Leg("reserved", number, cost),
            points.Leg("stock", self.admin, -pieces, self.cups),
            points.Leg("reserved", number, pieces, self.cups),
        ]
        whose = self.people[person]
        return lambda tx: points.reserve(tx, legs, cause=f"redemption:{number}", person_id=whose, by=whose)

    @rule(person=person, cost=amount, pieces=st.integers(1, 2))
    def reserve(self, person: int, cost: int, pieces: int) -> None:
        """Points and pieces are set aside together, or neither."""
        deed = self._reserve(person, cost, pieces)
        if self.balances[person] < cost or self.stock < pieces:
            with pytest.raises(Refused):
                self.office.does(deed)
            return
        reservation = self.office.does(deed)
        self.reservations[reservation] = (person, cost, pieces)
        self.stock -= pieces
        self._moved(reservation, person, -cost)

    def _end(self, reservation: int, how: str) -> Deed[int]:
        """Handed out, handed out in part (one point and no piece are used), or given up."""
        if how == "void":
            return lambda tx: points.void(tx, reservation, by=self.admin, cause="end")
        person, cost, pieces = self.reservations[reservation]
        used, gone = (1, 0) if how == "part" else (cost, pieces)
        number = self.admin * 100 + list(self.reservations).index(reservation)
        legs = [
            points.Leg("reserved", number, -cost),
            points.Leg("redeemed", 0, used),
            points.Leg("member", self.people[person], cost - used),
            points.Leg("reserved", number, -pieces, self.cups),
            points.Leg("redeemed", 0, gone, self.cups),
            points.Leg("stock", self.admin, pieces - gone, self.cups),
        ]
        real = [leg for leg in legs if leg.amount]
        return lambda tx: points.post(tx, reservation, real, by=self.admin, cause="end")

    @precondition(lambda self: self.reservations)
    @rule(data=st.data(), how=st.sampled_from(["post", "part", "void"]))
    def end(self, data: st.DataObject, how: str) -> None:
        """A reservation ends in exactly one way; the same way told again is the same end."""
        reservation = data.draw(st.sampled_from(sorted(self.reservations)))
        person, cost, pieces = self.reservations[reservation]
        deed, before = self._end(reservation, how), self.ended.get(reservation)
        how = "post" if how == "part" and (cost, pieces) == (1, 0) else how
        if before is not None and before[0] != how:
            with pytest.raises(Refused):
                self.office.does(deed)
            return
        made = self.office.does(deed)
        if before is not None:
            assert made == before[1]
            return
        self.ended[reservation] = (how, made)
        self.stock += 0 if how == "post" else pieces
        if back := {"post": 0, "part": cost - 1, "void": cost}[how]:
            self._moved(made, person, back)

    @rule(hours=st.sampled_from([-24, -1, 1, 24, 24 * 31]))
    def the_clock_jumps(self, hours: int) -> None:
        """Back or ahead, by an hour, a day, or ahead by a month."""
        self.clock.move(hours * 3600)

    @rule(limit=st.integers(10, 1000))
    def change_rules(self, limit: int) -> None:
        """Other rules are in force from now on, whatever the clock says."""
        self.office.does(
            lambda tx: tx.run(
                "INSERT INTO point_rules (version, activity_max, granted_alone, granted_month, why, made_at) "
                "SELECT MAX(version) + 1, :limit, 50, 500, '', :now FROM point_rules",
                limit=limit,
                now=tx.now,
            )
        )

    @rule()
    def seal(self) -> None:
        """What was written so far gets its places in the chain, and is counted: its lots are followed."""
        self.office.does(points.seal)
        self.office.does(points.count_figures)

    @precondition(lambda self: self.amounts)
    @rule(data=st.data(), statements=st.integers(0, 14), person=person, event=event, amount=amount)
    def crash(self, data: st.DataObject, statements: int, person: int, event: int, amount: int) -> None:
        """Nothing is left of a deed that ended in its middle; and one that ends after its last statement is as none."""
        transfer = data.draw(st.sampled_from(sorted(self.amounts)))
        deeds = [
            self._award(person, event, "task", amount, True),
            self._reverse(transfer, "person:1"),
            self._reserve(person, amount, 1),
            *(self._end(each, "void") for each in self.reservations),
        ]
        deed = data.draw(st.sampled_from(deeds))

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
    def the_chain_holds(self) -> None:
        assert self.office.does(points.first_gap) is None

    @invariant()
    def the_shelf_holds_what_is_left(self) -> None:
        held = "SELECT balance FROM accounts WHERE kind = 'stock' AND unit = :unit"
        assert (self.office.does(lambda tx: tx.value(held, unit=self.cups)) or 0) == self.stock

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
    clock = TownClock()
    with opened(databases, kind, clock) as office:
        play(LedgerMachine, RUNS[kind], office=office, clock=clock)


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
