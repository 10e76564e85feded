"""Volunteering as a whole under random deeds: places, queue, offers, check-ins, the roll, hours and points, all at once.

Two tasks at the same time and one after them; six people, a leader who takes part himself, another leader and an admin.
"""

from typing import Any

import pytest
from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from bot.config import House
from bot.domain import activities, groups, hours, points
from bot.domain.activities import Attendance, Change, Draft, Kind
from bot.due import Due
from bot.scheduler import DEEDS
from bot.storage import Transaction
from tests.databases import Databases
from tests.machines import AtTasks, opened, play
from tests.test_presence_machine import WRONG_HOURS
from tests.town import TownClock
from tests.town import settings as town_settings

RUNS = {"sqlite": (10, 25), "postgresql": (2, 12)}
HOUR, POINTS = 3600, 10
MEMBERS, LEADER, OTHER, ADMIN = 6, 6, 7, 8
SOMEBODY = st.integers(0, LEADER)
WHO_LEADS = st.integers(LEADER, ADMIN)
WHICH = st.integers(0, 2)
STATE = st.sampled_from([each for each in Attendance if each is not Attendance.SIGNED])
# FACTS 11 to 14 beside what the promises of the rooms say: one place at a time, one stay, one of each planned deed.
TWICE = """
    SELECT p.person_id, a.id FROM participations p JOIN activities a ON a.id = p.activity_id
    JOIN participations q ON q.person_id = p.person_id AND q.id > p.id AND q.state IN ('in', 'offered')
    JOIN activities b ON b.id = q.activity_id AND b.state = 'open'
    WHERE p.state = 'in' AND q.state = 'in' AND a.state = 'open' AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
    UNION ALL SELECT person_id, COUNT(*) FROM stays WHERE state = 'open' GROUP BY person_id HAVING COUNT(*) > 1
    UNION ALL SELECT due_at, COUNT(*) FROM due WHERE state = 'new' GROUP BY bot, deed, subject, due_at HAVING COUNT(*) > 1
"""
OVERSOLD = """
    SELECT a.id FROM activities a JOIN participations p ON p.activity_id = a.id AND p.state IN ('in', 'offered')
    GROUP BY a.id, a.places HAVING COUNT(*) > a.places
"""
# Points recomputed from who is confirmed as having come.
OWED = """
    SELECT COUNT(*) FROM participations WHERE person_id = :id AND state = 'in' AND came = 1 AND confirmed_at IS NOT NULL
"""
NEXT_DUE = """
    SELECT id, deed, subject, due_at, until, attempts FROM due WHERE state = 'new' AND due_at <= :now
    ORDER BY due_at, id LIMIT 1
"""


class VolunteeringMachine(AtTasks):
    """Everybody does what he can, at all times; what is planned is done when its time has come."""

    def __init__(self) -> None:
        super().__init__()
        self.ids = self.office.newcomers(ADMIN + 1)
        self.activities: list[int] = self.office.does(self._begin)
        for who, which in ((0, 0), (LEADER, 0), (1, 1), (2, 1), (2, 2), (3, 2)):
            self.signs_up(who, which)

    async def _begin(self, tx: Transaction) -> list[int]:
        await tx.run("UPDATE people SET role = 'admin' WHERE id = :id", id=self.ids[ADMIN])
        admin, made = await self.who(tx, ADMIN), []
        group = await groups.found(tx, f"River {self.ids[0]}", "", None, by=admin)
        for place in (LEADER, OTHER):
            await groups.appoint(tx, group, await self.who(tx, place), by=admin)
        for start in (4 * HOUR, 4 * HOUR + 1800, 7 * HOUR):
            draft = Draft(Kind.TASK, group.id, "Bank", "", "Bridge", tx.now + start, tx.now + start + HOUR, 2, POINTS)
            made.append((await activities.publish(tx, draft, by=admin)).id)
        return made

    # Places

    @rule(who=SOMEBODY, which=WHICH)
    def signs_up(self, who: int, which: int) -> None:
        async def deed(tx: Transaction) -> None:
            by = await self.who(tx, who)
            await activities.sign_up(tx, self.activities[which], by=by, rules=self.settings)

        self.tries(deed)

    @rule(who=SOMEBODY, which=WHICH, undo=st.booleans())
    def withdraws(self, who: int, which: int, undo: bool) -> None:
        number = self.activities[which]

        async def leave(tx: Transaction) -> None:
            await activities.withdraw(tx, number, by=await self.who(tx, who))

        async def back(tx: Transaction) -> None:
            await activities.undo_withdrawal(tx, number, by=await self.who(tx, who), rules=self.settings)

        self.tries(leave)
        if undo:
            self.tries(back)

    @rule(who=SOMEBODY, which=WHICH, takes=st.booleans())
    def answers_an_offer(self, who: int, which: int, takes: bool) -> None:
        async def deed(tx: Transaction) -> None:
            by, number = await self.who(tx, who), self.activities[which]
            if takes:
                await activities.accept(tx, number, by=by, rules=self.settings)
            else:
                await activities.decline(tx, number, by=by)

        self.tries(deed)

    @rule(giver=SOMEBODY, taker=SOMEBODY, which=WHICH)
    def stands_in(self, giver: int, taker: int, which: int) -> None:
        async def look(tx: Transaction) -> None:
            await activities.look_for_stand_in(tx, self.activities[which], by=await self.who(tx, giver))

        async def take(tx: Transaction) -> None:
            found = await tx.value("SELECT MAX(id) FROM handovers WHERE activity_id = :id", id=self.activities[which])
            await activities.take_over(tx, found or 0, by=await self.who(tx, taker), rules=self.settings)

        self.tries(look)
        self.tries(take)

    @rule(which=WHICH, places=st.integers(1, 4))
    def has_other_places(self, which: int, places: int) -> None:
        async def deed(tx: Transaction) -> None:
            by, more = await self.who(tx, OTHER), Change(places=places)
            await activities.change(tx, self.activities[which], more, by=by, reminders=self.settings.reminders)

        self.tries(deed)

    # Time

    @rule(minutes=st.sampled_from([1, 20, 45, 150]))
    def time_passes(self, minutes: int) -> None:
        self._wait(minutes * 60)

    def _wait(self, seconds: int) -> None:
        self.clock.move(seconds)
        while self.office.does(self._run_due):
            continue

    async def _run_due(self, tx: Transaction) -> bool:
        row = await tx.one(NEXT_DUE, now=tx.now)
        if row is None:
            return False
        await tx.run("UPDATE due SET state = 'done', done_at = :now WHERE id = :id", now=tx.now, id=row["id"])
        await DEEDS[row["deed"]](tx, Due(**row), House(self.settings))
        return True

    # Who is there

    @rule(who=SOMEBODY, which=WHICH, late=st.sampled_from([0, 1, 5]))
    def enters(self, who: int, which: int, late: int) -> None:
        self.goes_in(who, which, late)

    @rule(which=WHICH, by=WHO_LEADS, minutes=st.sampled_from([10, 40, 70]), seen=st.sets(SOMEBODY, max_size=3))
    def takes_place(self, which: int, by: int, minutes: int, seen: set[int]) -> None:
        """As it mostly is: it begins, some check in and out, others are marked, and it is confirmed."""
        begins = self.office.does(lambda tx: activities.by_id(tx, self.activities[which])).starts_at
        self._wait(max(0, begins - self.clock.clock.now))
        for late in (0, 1):
            for each in sorted(seen):
                self.enters(each, which, late)
            self._wait(minutes * 60 * (1 - late))
        for each in range(LEADER + 1):
            self.corrects(each, which, by, Attendance.CAME if each % 2 else Attendance.LATE)
        self.confirms(which, by)

    @rule(who=SOMEBODY, which=WHICH, by=WHO_LEADS, state=STATE)
    def corrects(self, who: int, which: int, by: int, state: Attendance) -> None:
        """Marked before it is confirmed, corrected afterwards."""

        async def deed(tx: Transaction) -> None:
            number, me = await self.signup(tx, who, which), await self.who(tx, by)
            if (await activities.by_id(tx, self.activities[which])).is_confirmed:
                await activities.correct(tx, number, state, by=me, rules=self.settings.hours)
            else:
                await activities.mark(tx, number, state, by=me)

        self.tries(deed)

    @rule(which=WHICH, by=WHO_LEADS)
    def confirms(self, which: int, by: int) -> None:
        async def deed(tx: Transaction) -> None:
            me, rules = await self.who(tx, by), self.settings.hours
            await activities.confirm(tx, self.activities[which], by=me, rules=rules)

        self.tries(deed)

    # What must be so

    @invariant()
    def all_promises_hold(self) -> None:
        async def question(tx: Transaction) -> list[Any]:
            found = [await tx.all(sql) for sql in (WRONG_HOURS, TWICE, OVERSOLD)]
            kept = [await activities.invariants(tx), await hours.invariants(tx), await points.invariants(tx)]
            return [each for some in (*found, *kept) for each in some]

        assert self.office.does(question) == []

    @invariant()
    def points_are_what_is_confirmed(self) -> None:
        async def question(tx: Transaction) -> list[tuple[int, int]]:
            return [(await points.balance(tx, each), POINTS * await tx.value(OWED, id=each)) for each in self.ids]

        assert all(has == owed for has, owed in self.office.does(question))


@pytest.mark.parametrize("kind", list(RUNS))
def test_volunteering_holds_whatever_happens(databases: Databases, kind: str) -> None:
    """After each random step every promise of places, presence, hours and points holds, and all agree with one another."""
    clock = TownClock()
    with opened(databases, kind, clock) as office:
        known = {"office": office, "clock": clock, "settings": town_settings()}
        play(VolunteeringMachine, RUNS[kind], phases=[Phase.generate], **known)
