"""What expires when, under random credits, spending, reservations, corrections, gifts, merges, new rules and a clock that jumps.

The model knows each single point: it is slow and plainly right, and shares nothing with what is tested.
"""

from collections import Counter
from dataclasses import dataclass
from functools import partial

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.config import House, Settings
from bot.domain import audit, people, points
from bot.domain.people import Becoming, Person
from bot.domain.points import EXPIRE, Leg, Reason
from bot.due import Due
from bot.storage import Transaction
from tests.databases import Databases
from tests.machines import Office, opened, play
from tests.town import TownClock

DAY = 86_400
RUNS = {"sqlite": (12, 30), "postgresql": (3, 20)}
NEVER = 9999


@dataclass
class Credit:
    """Points that came in a year and go with the end of another, unless they were taken back."""

    came: int
    end: int
    amount: int
    stands: bool = True


@dataclass
class Debit:
    """Points that went, unless they came back."""

    amount: int
    stands: bool = True


class Purse:
    """One person's points. While nothing was undone and no rule was changed, `queue` is what a purse of coins would be."""

    def __init__(self) -> None:
        self.credits: list[Credit] = []
        self.debits: list[Debit] = []
        self.queue: list[Credit] | None = []
        self.years: set[int] = set()

    def left(self) -> list[int]:
        """The years with which the single points go that are left: what goes first was spent first."""
        ends = sorted(credit.end for credit in self.credits if credit.stands for _ in range(credit.amount))
        return ends[sum(debit.amount for debit in self.debits if debit.stands) :]

    def gets(self, credit: Credit) -> Credit:
        self.credits.append(credit)
        if self.queue is not None:
            self.queue += [credit] * credit.amount
        return credit

    def gives(self, amount: int) -> Debit:
        self.debits.append(Debit(amount))
        if self.queue is not None:
            del self.queue[:amount]
        return self.debits[-1]


class ExpiryMachine(RuleBasedStateMachine):
    """Two people, two admins, and years."""

    office: Office
    clock: TownClock
    who = st.integers(0, 1)
    amount = st.integers(1, 9)

    def __init__(self) -> None:
        super().__init__()
        *self.people, self.admin, self.other = self.office.newcomers(4)
        self.purses = [Purse(), Purse()]
        # By the number of its newest transfer: whose it is, and what stands or has been taken back by it.
        self.booked: dict[int, tuple[int, Credit | Debit]] = {}
        self.aside: dict[int, tuple[int, int, Debit]] = {}
        # By the number of a gift: who gave it, what went from him, and what came to the other.
        self.given: dict[int, tuple[int, Debit, Credit]] = {}
        rules = self.office.does(points.rules)
        self.years, self.version, self.changed_at = rules.expiry_years, rules.version, rules.made_at + 1
        self.newest_at = 0
        self.number = 0

    def _cause(self) -> str:
        self.number += 1
        return f"moved:{self.admin}{self.number:03}"

    @property
    def year(self) -> int:
        return self.clock.clock.today.year

    def _end(self, came: int) -> int:
        return came + self.years if self.years else NEVER

    def _credit(self, amount: int) -> Credit:
        self.newest_at = max(self.newest_at, self.clock.clock.now)
        return Credit(self.year, self._end(self.year), amount)

    def _has(self, who: int) -> int:
        return len(self.purses[who].left())

    @rule(who=who, amount=amount)
    def earns(self, who: int, amount: int) -> None:
        """Points come."""
        cause, person = self._cause(), self.people[who]
        made = self.office.does(lambda tx: points.award(tx, person, amount, reason="task", cause=cause, by=None))
        self.booked[made] = who, self.purses[who].gets(self._credit(amount))

    @rule(who=who, amount=amount)
    def spends(self, who: int, amount: int) -> None:
        """Points go for good."""
        if (amount := min(amount, self._has(who))) == 0:
            return
        cause, person = self._cause(), self.people[who]
        legs = Leg("member", person, -amount), Leg("redeemed", 0, amount)
        made = self.office.does(
            lambda tx: points.transfer(tx, legs, reason=Reason.COLLECT, cause=cause, person_id=person, by=None)
        )
        self.booked[made] = who, self.purses[who].gives(amount)

    @rule(who=who, amount=amount)
    def reserves(self, who: int, amount: int) -> None:
        """Points are set aside."""
        if (amount := min(amount, self._has(who))) == 0:
            return
        cause, person = self._cause(), self.people[who]
        legs = Leg("member", person, -amount), Leg("reserved", self.number + 1000 * person, amount)
        made = self.office.does(lambda tx: points.reserve(tx, legs, cause=cause, person_id=person, by=None))
        self.aside[made] = who, self.number + 1000 * person, self.purses[who].gives(amount)

    @precondition(lambda self: self.aside)
    @rule(data=st.data(), back=st.integers(0, 9))
    def ends(self, data: st.DataObject, back: int) -> None:
        """What was set aside is used up, or a part of it goes back, or all."""
        reservation = data.draw(st.sampled_from(sorted(self.aside)))
        who, number, debit = self.aside.pop(reservation)
        back = min(back, debit.amount)
        legs = [Leg("reserved", number, -debit.amount)]
        legs += [Leg("member", self.people[who], back)] if back else []
        legs += [Leg("redeemed", 0, debit.amount - back)] if back < debit.amount else []
        cause = self._cause()
        self.office.does(lambda tx: points.post(tx, reservation, legs, by=None, cause=cause))
        debit.amount -= back
        if back:
            self.purses[who].queue = None

    @rule(who=who, amount=amount)
    def gives(self, who: int, amount: int) -> None:
        """What one person gives the other is new there."""
        if (amount := min(amount, self._has(who))) == 0:
            return
        cause, giver, receiver = self._cause(), self.people[who], self.people[1 - who]

        async def give(tx: Transaction) -> int:
            gift = int(await tx.value(GIVEN, giver=giver, person=receiver, n=amount, now=tx.now, key=cause))
            aside = Leg("member", giver, -amount), Leg("reserved", -gift, amount)
            number = await points.reserve(tx, aside, reason=Reason.GIFT, cause=cause, person_id=giver, by=None)
            legs = Leg("reserved", -gift, -amount), Leg("member", receiver, amount)
            await points.post(tx, number, legs, by=None, cause=cause, reason=Reason.GIFT)
            await tx.run("UPDATE gifts SET reservation_id = :number WHERE id = :gift", number=number, gift=gift)
            return gift

        made = self.office.does(give)
        self.given[made] = who, self.purses[who].gives(amount), self.purses[1 - who].gets(self._credit(amount))

    @precondition(lambda self: self.given)
    @rule(data=st.data())
    def a_gift_goes_back(self, data: st.DataObject) -> None:
        """As far as so much is left: nobody's points live longer for it."""
        gift = data.draw(st.sampled_from(sorted(self.given)))
        who, debit, credit = self.given[gift]
        if self._has(1 - who) < credit.amount:
            return

        async def back(tx: Transaction) -> None:
            await points.reverse_gift(tx, gift, by=await _admin(tx, self.admin))

        self.office.does(back)
        del self.given[gift]
        self._undo(debit, credit)

    def _undo(self, debit: Debit, credit: Credit) -> None:
        debit.stands = credit.stands = False
        for purse in self.purses:
            purse.queue = None

    @precondition(lambda self: self.booked)
    @rule(data=st.data())
    def corrects(self, data: st.DataObject) -> None:
        """What stands is taken back, and what was taken back stands again."""
        transfer = data.draw(st.sampled_from(sorted(self.booked)))
        who, moved = self.booked[transfer]
        if isinstance(moved, Credit) == moved.stands and self._has(who) < moved.amount:
            return
        cause = self._cause()
        made = self.office.does(lambda tx: points.reverse(tx, transfer, by=self.admin, cause=cause))
        del self.booked[transfer]
        moved.stands = not moved.stands
        self.booked[made] = who, moved
        self.purses[who].queue = None

    @rule(years=st.integers(0, 3))
    def rules_change(self, years: int) -> None:
        """Points that come later go by the new rules; what is there only lives longer. Nobody changes them on a clock set back."""
        if years == self.years or self.clock.clock.now < self.newest_at:
            return

        async def change(tx: Transaction) -> None:
            await points.change_rules(tx, self.version, {"expiry_years": years}, "Why", by=await _admin(tx, self.admin))

        self.office.does(change)
        self.years, self.version = years, self.version + 1
        for purse in self.purses:
            purse.queue = None
            for credit in purse.credits:
                if credit.end >= self.year:
                    credit.end = max(credit.end, self._end(credit.came))
        self.clock.move(1)
        self.changed_at = self.clock.clock.now

    @rule(days=st.one_of(st.integers(1, 40), st.integers(150, 420)))
    def time_passes(self, days: int) -> None:
        """Days, or more than a year."""
        self.clock.move(days * DAY)

    @rule(hours=st.integers(1, 24))
    def the_clock_is_set_back(self, hours: int) -> None:
        """By a day at most, and not to before the rules that are in force."""
        self.clock.instant = max(self.clock.instant - hours * 3600, self.changed_at)

    @rule(times=st.integers(1, 2))
    def the_year_is_over(self, times: int) -> None:
        """In the night or late, once or twice: what went with the last year goes once."""
        item = Due(1, EXPIRE, f"{self.year - 1}:0", self.clock.clock.now, None, 0)
        house = House(Settings())
        for _ in range(times):
            self.office.does(lambda tx: points.DEEDS[EXPIRE](tx, item, house))
        for who, purse in enumerate(self.purses):
            amount = sum(end < self.year for end in purse.left())
            if amount and self.year - 1 not in purse.years:
                purse.years.add(self.year - 1)
                self.booked[self._expiry(who)] = who, purse.gives(amount)

    def _expiry(self, who: int) -> int:
        found: int = self.office.does(
            lambda tx: tx.value(
                "SELECT id FROM transfers WHERE reason = 'expiry' AND cause = :cause AND person_id = :person",
                cause=f"year:{self.year - 1}",
                person=self.people[who],
            )
        )
        return found

    @invariant()
    def the_model_agrees(self) -> None:
        """The balance, and what of it goes with which year; what came back after its year goes with this one."""
        for who, purse in enumerate(self.purses):
            balance, foretold = self.office.does(partial(_seen, person_id=self.people[who]))
            ends = [max(end, self.year) for end in purse.left()]
            assert (balance, foretold) == (len(ends), Counter(end for end in ends if end != NEVER))
            if purse.queue is not None:
                assert Counter(ends) == Counter(max(coin.end, self.year) for coin in purse.queue)

    def teardown(self) -> None:
        """The county's forecast is everybody's; and the two become one, as if there had always been one."""
        self._add_up()
        self._become_one()
        self._add_up()

    def _become_one(self) -> None:
        """What one gave the other was never given."""
        for _, debit, credit in self.given.values():
            self._undo(debit, credit)
        old, into = self.people

        async def merge(tx: Transaction) -> None:
            both = await people.by_id(tx, old), await people.by_id(tx, into)
            admins = await _admin(tx, self.admin), await _admin(tx, self.other)
            number = await audit.note(tx, "merge.done", f"person:{into}", by=self.other, person=old)
            await points.merged(tx, Becoming(old, *both, None, *admins, number, Settings().hours))

        self.office.does(merge)
        one = Purse()
        one.queue = None
        for purse in self.purses:
            one.credits += purse.credits
            one.debits += purse.debits
        self.people, self.purses = [into], [one]
        self.the_model_agrees()

    def _add_up(self) -> None:

        async def asked(tx: Transaction) -> tuple[Counter[int], Counter[int]]:
            rows = await tx.all("SELECT owner FROM accounts WHERE kind = 'member' AND unit = 'points'")
            each = [(await _seen(tx, row["owner"]))[1] for row in rows]
            return _by_year(await points.county_forecast(tx)), sum(each, Counter())

        whole, summed = self.office.does(asked)
        assert whole == summed
        # Its lots can be followed, too.
        self.office.does(points.seal)
        self.office.does(points.count_figures)
        assert self.office.does(points.invariants) == []


GIVEN = """
    INSERT INTO gifts (giver_id, person_id, amount, words, key, made_at, final_at, state, settled_at)
    VALUES (:giver, :person, :n, '', :key, :now, :now, 'given', :now) RETURNING id
"""


async def _admin(tx: Transaction, person_id: int) -> Person:
    await tx.run("UPDATE people SET role = 'admin' WHERE id = :id", id=person_id)
    return await people.by_id(tx, person_id)


def _by_year(endings: tuple[points.Ending, ...]) -> Counter[int]:
    return Counter({ending.year: ending.amount for ending in endings})


async def _seen(tx: Transaction, person_id: int) -> tuple[int, Counter[int]]:
    return await points.balance(tx, person_id), _by_year(await points.forecast(tx, person_id))


@pytest.mark.parametrize("kind", list(RUNS))
def test_what_expires_when_is_what_a_purse_of_single_points_says(databases: Databases, kind: str) -> None:
    """After each random step balance and forecast are the model's, and in the end every promise of the ledger holds."""
    clock = TownClock()
    with opened(databases, kind, clock) as office:
        play(ExpiryMachine, RUNS[kind], office=office, clock=clock)
