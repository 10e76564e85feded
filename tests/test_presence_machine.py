"""Check-ins, rolls, corrections and appeals under random deeds: no presence overlaps, and hours follow what is confirmed."""

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from bot.domain import activities, groups, hours, points
from bot.domain.activities import Attendance, Draft, Kind
from bot.storage import Row, Transaction
from tests.databases import Databases
from tests.machines import AtTasks, opened, play
from tests.town import TownClock
from tests.town import settings as town_settings

RUNS = {"sqlite": (10, 25), "postgresql": (2, 15)}
WHO = st.integers(0, 2)
LEADER = st.integers(3, 5)
WHICH = st.integers(0, 1)
STATE = st.sampled_from([each for each in Attendance if each is not Attendance.SIGNED])
# Whoever is down as not having come has no hours of it, and nobody more than was planned.
WRONG_HOURS = """
    SELECT p.id FROM participations p JOIN activities a ON a.id = p.activity_id
    JOIN hours_records r ON r.cause = 'activity:' || CAST(a.id AS TEXT) AND r.person_id = p.person_id
        AND r.state IN ('pending', 'standing')
    WHERE p.state = 'in'
    GROUP BY p.id, p.came, p.confirmed_at, a.starts_at, a.ends_at
    HAVING p.confirmed_at IS NULL OR p.came = 0 OR SUM(r.minutes) * 60 > a.ends_at - a.starts_at
        OR MIN(r.begins) < a.starts_at OR MAX(r.ends) > a.ends_at
"""


class PresenceMachine(AtTasks):
    """Three members have places in two tasks, one after the other; a leader, another one and an admin say who came."""

    def __init__(self) -> None:
        super().__init__()
        self.ids = self.office.newcomers(6)
        self.activities: list[int] = self.office.does(self._begin)
        self.clock.move(60)

    async def _begin(self, tx: Transaction) -> list[int]:
        await tx.run("UPDATE people SET role = 'admin' WHERE id = :id", id=self.ids[5])
        admin = await self.who(tx, 5)
        group = await groups.found(tx, f"Dance {self.ids[0]}", "", None, by=admin)
        for place in (3, 4):
            await groups.appoint(tx, group, await self.who(tx, place), by=admin)
        made = []
        for start in (tx.now + 60, tx.now + 60 + 3600):
            draft = Draft(Kind.TASK, group.id, "River", "", "Bank", start, start + 3600, 5, 10)
            made.append((await activities.publish(tx, draft, by=admin)).id)
        for place in range(3):
            for number in made:
                await activities.sign_up(tx, number, by=await self.who(tx, place), rules=self.settings)
        return made

    @rule(which=WHICH, who=st.sets(WHO), minutes=st.sampled_from([20, 40, 70]), by=LEADER)
    def some_come_and_go(self, which: int, who: set[int], minutes: int, by: int) -> None:
        """As it mostly is: in, out again, and confirmed."""
        for late in (0, 1):
            for each in sorted(who):
                self.goes_in(each, which, late)
            self.clock.move(minutes * 60 * (1 - late))
        self._confirms(which, by)

    @rule(minutes=st.sampled_from([5, 20, 45]))
    def time_passes(self, minutes: int) -> None:
        self.clock.move(minutes * 60)

    @rule(who=WHO, which=WHICH, late=st.sampled_from([0, 1, 5]))
    def enters(self, who: int, which: int, late: int) -> None:
        """With the code of now, or with one that is some half minutes old."""
        self.goes_in(who, which, late)

    @rule(who=WHO, by=LEADER)
    def shows_his_code(self, who: int, by: int) -> None:
        async def deed(tx: Transaction) -> None:
            code = (await activities.code_now(tx, f"person:{self.ids[who]}")).text
            await activities.enter_shown(tx, self.ids[who], code, by=await self.who(tx, by), settings=self.settings)

        self.tries(deed)

    @rule(who=WHO, which=WHICH, by=LEADER, state=STATE)
    def marks(self, who: int, which: int, by: int, state: Attendance) -> None:
        async def deed(tx: Transaction) -> None:
            await activities.mark(tx, await self.signup(tx, who, which), state, by=await self.who(tx, by))

        self.tries(deed)

    @rule(which=WHICH, by=LEADER)
    def confirms(self, which: int, by: int) -> None:
        self._confirms(which, by)

    def _confirms(self, which: int, by: int) -> None:
        async def deed(tx: Transaction) -> None:
            rules = self.settings.hours
            await activities.confirm(tx, self.activities[which], by=await self.who(tx, by), rules=rules)

        self.tries(deed)

    @rule(who=WHO, which=WHICH, by=LEADER, state=STATE)
    def corrects(self, who: int, which: int, by: int, state: Attendance) -> None:
        async def deed(tx: Transaction) -> None:
            number, rules = await self.signup(tx, who, which), self.settings.hours
            await activities.correct(tx, number, state, by=await self.who(tx, by), rules=rules)

        self.tries(deed)

    @rule(who=WHO, which=WHICH)
    def appeals(self, who: int, which: int) -> None:
        async def deed(tx: Transaction) -> None:
            number, rules = await self.signup(tx, who, which), self.settings.absences
            await activities.appeal_against(tx, number, by=await self.who(tx, who), rules=rules)

        self.tries(deed)

    @rule(who=WHO, by=LEADER, outcome=st.sampled_from(["stands", "came", "excused"]))
    def answers(self, who: int, by: int, outcome: str) -> None:
        async def deed(tx: Transaction) -> None:
            number = await tx.value(
                "SELECT id FROM appeals WHERE person_id = :id AND outcome IS NULL LIMIT 1", id=self.ids[who]
            )
            me = await self.who(tx, by)
            await activities.answer_appeal(tx, number or 0, outcome, by=me, settings=self.settings)

        self.tries(deed)

    @invariant()
    def all_promises_hold(self) -> None:
        async def question(tx: Transaction) -> list[Any]:
            wrong: list[Row] = list(await tx.all(WRONG_HOURS))
            found = [await activities.invariants(tx), await hours.invariants(tx), await points.invariants(tx)]
            return [*wrong, *(each for some in found for each in some)]

        assert self.office.does(question) == []


@pytest.mark.parametrize("kind", list(RUNS))
def test_hours_follow_what_is_confirmed_whatever_happens(databases: Databases, kind: str) -> None:
    """After each random step every promise holds, and nobody has hours for what he is down as having missed."""
    clock = TownClock()
    with opened(databases, kind, clock) as office:
        play(PresenceMachine, RUNS[kind], office=office, clock=clock, settings=town_settings())
