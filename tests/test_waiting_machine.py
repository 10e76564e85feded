"""The waiting list under random deeds: a model in plain Python always agrees, and each freed place is offered once."""

from typing import Any

import pytest
from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.config import House
from bot.domain import activities, people
from bot.domain.activities import Change, Draft, Kind
from bot.due import Due
from bot.refusal import Refused
from bot.scheduler import DEEDS
from bot.storage import Deed, Transaction
from tests.databases import Databases
from tests.machines import Office, opened, play
from tests.town import TownClock
from tests.town import settings as of_a_town

PEOPLE, DAY = 6, 24 * 3600
RUNS = {"sqlite": (20, 30), "postgresql": (3, 20)}
SOMEBODY = st.integers(1, PEOPLE)
SETTINGS = of_a_town()


class Queue:
    """What ought to be: who stands how, in the order of the sign-ups; nothing else is known of time than who let it pass."""

    def __init__(self, places: int) -> None:
        self.places = places
        self.states: dict[int, str] = {}
        self.order: dict[int, int] = {}
        self.left: dict[int, int] = {}
        self.offered: dict[int, int] = {}
        self.newest = 0

    def those(self, state: str) -> list[int]:
        found = [each for each, is_so in self.states.items() if is_so == state]
        return sorted(found, key=lambda each: self.order[each])

    @property
    def free(self) -> int:
        return self.places - len(self.those("in")) - len(self.those("offered"))

    def comes(self, who: int) -> None:
        self.newest += 1
        self.order[who] = self.newest
        self.states[who] = "in" if self.free > 0 else "waiting"

    def goes(self, who: int, now: int) -> None:
        was = self.states.pop(who)
        self.left[who] = now if was != "offered" else -DAY
        if was != "waiting":
            self.offer(now)

    def offer(self, now: int) -> None:
        """Whoever waits longest has each free place kept for him."""
        while self.free > 0 and self.those("waiting"):
            first = self.those("waiting")[0]
            self.states[first] = "offered"
            self.offered[first] = now


class WaitingMachine(RuleBasedStateMachine):
    """Six people and a leader do what they can, at all times; what is planned is done when its time has come."""

    office: Office
    clock: TownClock

    def __init__(self) -> None:
        super().__init__()
        self.ids = self.office.newcomers(PEOPLE + 1)
        self.queue = Queue(2)
        self.had: dict[int, str] = {}
        self.activity = self.office.does(self._publish)
        for who in range(1, PEOPLE):
            self.sign_up(who)

    async def _publish(self, tx: Transaction) -> int:
        await tx.run("UPDATE people SET role = 'admin' WHERE id = :id", id=self.ids[0])
        start = tx.now + 30 * DAY
        draft = Draft(Kind.TASK, None, "River", "", "Bridge", start, start + 7200, 2, 0)
        return (await activities.publish(tx, draft, by=await people.by_id(tx, self.ids[0]))).id

    def _tries(self, deed: Deed[Any]) -> bool:
        try:
            self.office.does(deed)
        except Refused:
            return False
        return True

    @property
    def now(self) -> int:
        return self.clock.clock.now

    @rule(who=SOMEBODY)
    def signs_up(self, who: int) -> None:
        self.sign_up(who)

    def sign_up(self, who: int) -> None:
        async def deed(tx: Transaction) -> None:
            await activities.sign_up(tx, self.activity, by=await people.by_id(tx, self.ids[who]), rules=SETTINGS)

        assert self._tries(deed) == (who not in self.queue.states)
        if who not in self.queue.states:
            self.queue.comes(who)

    @rule(who=SOMEBODY)
    def withdraw(self, who: int) -> None:
        async def deed(tx: Transaction) -> None:
            await activities.withdraw(tx, self.activity, by=await people.by_id(tx, self.ids[who]))

        assert self._tries(deed) == (who in self.queue.states)
        if who in self.queue.states:
            was = self.queue.states[who]
            self.queue.goes(who, self.now)
            self.queue.left[who] = self.now if was != "offered" else -DAY
            self.had[who] = was

    @rule(who=SOMEBODY)
    def undo(self, who: int) -> None:
        """The place is his again while it is only offered; else he stands where he stood in the queue."""

        async def deed(tx: Transaction) -> None:
            by = await people.by_id(tx, self.ids[who])
            await activities.undo_withdrawal(tx, self.activity, by=by, rules=SETTINGS)

        left = self.queue.left.get(who, -DAY)
        may = who not in self.queue.states and left > self.now - 60
        assert self._tries(deed) == may
        if not may:
            return
        since = [each for each in self.queue.those("offered") if self.queue.offered[each] >= left]
        if self.had[who] == "in" and since and not self.queue.free:
            self.queue.states[since[-1]] = "waiting"
            self.queue.states[who] = "in"
        else:
            self.queue.states[who] = "in" if self.queue.free > 0 else "waiting"

    @rule(who=SOMEBODY, takes=st.booleans())
    def answer(self, who: int, takes: bool) -> None:
        async def deed(tx: Transaction) -> None:
            by = await people.by_id(tx, self.ids[who])
            if takes:
                await activities.accept(tx, self.activity, by=by, rules=SETTINGS)
            else:
                await activities.decline(tx, self.activity, by=by)

        may = self.queue.states.get(who) == "offered"
        assert self._tries(deed) == may
        if may and takes:
            self.queue.states[who] = "in"
        elif may:
            self.queue.goes(who, self.now)

    @rule(many=st.integers(1, 2))
    def more_places(self, many: int) -> None:
        if self.queue.places >= PEOPLE - 1:
            return

        async def deed(tx: Transaction) -> None:
            by = await people.by_id(tx, self.ids[0])
            more = Change(places=self.queue.places + many)
            await activities.change(tx, self.activity, more, by=by, reminders=SETTINGS.reminders)

        assert self._tries(deed)
        self.queue.places += many
        self.queue.offer(self.now)

    @rule(giver=SOMEBODY, taker=SOMEBODY)
    def stand_in(self, giver: int, taker: int) -> None:
        """Those who wait come first, whoever is kept a place has that one; the giver keeps his where nobody may take it."""

        async def look(tx: Transaction) -> None:
            await activities.look_for_stand_in(tx, self.activity, by=await people.by_id(tx, self.ids[giver]))

        async def take(tx: Transaction) -> None:
            found = await tx.value("SELECT MAX(id) FROM handovers WHERE activity_id = :id", id=self.activity)
            by = await people.by_id(tx, self.ids[taker])
            await activities.take_over(tx, found, by=by, rules=SETTINGS)

        states = self.queue.states
        self._tries(look)
        if states.get(giver) != "in":
            return
        self.office.does(self._only_search_of(giver))
        stands = states.get(taker)
        if stands == "offered":
            assert self._tries(take)
            states[taker] = "in"
            return
        may = stands == "waiting" or (stands is None and not self.queue.those("waiting"))
        assert self._tries(take) == may
        if may:
            states.pop(giver)
            self.queue.left[giver] = -DAY
            if stands is None:
                self.queue.newest += 1
                self.queue.order[taker] = self.queue.newest
            states[taker] = "in"

    def _only_search_of(self, giver: int) -> Deed[None]:
        """Let the newest search be this one's."""

        async def deed(tx: Transaction) -> None:
            by = await people.by_id(tx, self.ids[giver])
            await activities.say_coming(tx, self.activity, by=by)
            await activities.look_for_stand_in(tx, self.activity, by=by)

        return deed

    @rule(seconds=st.sampled_from([1, 30, 61, 3600, 7 * 3600, 13 * 3600]))
    def time_passes(self, seconds: int) -> None:
        if self.office.does(self._starts_in) < 2 * DAY + seconds:
            return
        self.clock.move(seconds)
        while (gone := self.office.does(self._run_due)) is not None:
            for name in gone:
                del self.queue.states[name]
                self.queue.left[name] = -DAY
            self.queue.offer(self.now)

    async def _starts_in(self, tx: Transaction) -> int:
        starts_at = await tx.value("SELECT starts_at FROM activities WHERE id = :id", id=self.activity)
        return int(starts_at) - tx.now

    async def _run_due(self, tx: Transaction) -> list[int] | None:
        """Do the next planned deed; whose offers ended by it. None: nothing is due."""
        row = await tx.one(
            "SELECT id, deed, subject, due_at, until, attempts FROM due WHERE state = 'new' AND due_at <= :now "
            "ORDER BY due_at, id LIMIT 1",
            now=tx.now,
        )
        if row is None:
            return None
        ending = await tx.all(
            "SELECT person_id FROM participations WHERE activity_id = :id AND state = 'offered' AND until <= :now",
            id=self.activity,
            now=tx.now,
        )
        await tx.run("UPDATE due SET state = 'done', done_at = :now WHERE id = :id", now=tx.now, id=row["id"])
        await DEEDS[row["deed"]](tx, Due(**row), House(SETTINGS))
        ours = row["deed"] == "activities.lapse" and row["subject"] == f"activity:{self.activity}"
        return [self.ids.index(each["person_id"]) for each in ending] if ours else []

    @invariant()
    def the_model_agrees(self) -> None:
        async def question(tx: Transaction) -> dict[int, str]:
            rows = await tx.all(
                "SELECT person_id, state FROM participations WHERE activity_id = :id AND state <> 'out'",
                id=self.activity,
            )
            return {self.ids.index(row["person_id"]): row["state"] for row in rows}

        assert self.office.does(question) == self.queue.states

    @invariant()
    def all_promises_hold(self) -> None:
        assert self.office.does(activities.invariants) == []


@pytest.mark.parametrize("kind", list(RUNS))
def test_the_queue_keeps_its_order_whatever_happens(databases: Databases, kind: str) -> None:
    """Confirmed sign-ups never exceed the places, the queue keeps its order, each freed place is offered once."""
    clock = TownClock()
    with opened(databases, kind, clock) as office:
        # Shrinking a story of so many statements takes minutes and tells little more.
        play(WaitingMachine, RUNS[kind], phases=[Phase.generate], office=office, clock=clock)
