"""Places under random deeds: never oversold, every queue in its order, each freed place offered once, in every mode."""

from functools import partial
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.config import House, Settings
from bot.domain import activities, people
from bot.domain.activities import Activity, Change, Draft, Kind, Mode, RoleDraft, Terms, Wish, drawing
from bot.domain.people import Person
from bot.due import Due
from bot.refusal import Refused
from bot.storage import Deed, Transaction
from tests.databases import Databases
from tests.machines import Office, opened, play
from tests.publishing import DAY
from tests.town import settings as town_settings

RUNS = {"sqlite": (12, 40), "postgresql": (3, 25)}
PEOPLE = 6
SHAPES: tuple[tuple[int | None, Terms], ...] = (
    (2, Terms()),
    (None, Terms(roles=(RoleDraft("helper", 2), RoleDraft("driver", 1)))),
    (2, Terms(mode=Mode.LOTTERY)),
    (None, Terms(mode=Mode.RECENT, roles=(RoleDraft("helper", 1), RoleDraft("driver", 1)))),
    (1, Terms(mode=Mode.REVIEW)),
    (4, Terms(share=4)),
)
SOMEBODY = st.integers(0, PEOPLE - 1)
SOMETHING = st.integers(0, len(SHAPES) - 1)
SETTINGS: Settings = town_settings()


class PlacesMachine(RuleBasedStateMachine):
    """Members who come and go, and a leader who draws, chooses and changes."""

    office: Office

    def __init__(self) -> None:
        super().__init__()
        *self.members, self.admin = self.office.newcomers(PEOPLE + 1)
        self.office.does(self._appoint)
        self.numbers = [self.office.does(self._publish(day, *shape)) for day, shape in enumerate(SHAPES, 2)]

    async def _appoint(self, tx: Transaction) -> None:
        await tx.run("UPDATE people SET role = 'admin' WHERE id = :id", id=self.admin)

    def _publish(self, day: int, places: int | None, terms: Terms) -> Deed[int]:
        async def deed(tx: Transaction) -> int:
            start = tx.now + day * DAY
            draft = Draft(Kind.TASK, None, "River", "", "Bridge", start, start + 7200, places, 0, terms=terms)
            return (await activities.publish(tx, draft, by=await people.by_id(tx, self.admin))).id

        return deed

    def _tries(self, deed: Deed[Any]) -> None:
        try:
            self.office.does(deed)
        except Refused:
            return

    async def _who(self, tx: Transaction, place: int) -> Person:
        return await people.by_id(tx, self.members[place])

    @rule(who=SOMEBODY, what=SOMETHING, role=st.integers(0, 1))
    def join(self, who: int, what: int, role: int) -> None:
        async def deed(tx: Transaction) -> None:
            person = await self._who(tx, who)
            roles = (await activities.view(tx, self.numbers[what], person)).roles
            wish = Wish(role_id=roles[role].id if roles else None)
            await activities.sign_up(tx, self.numbers[what], by=person, rules=SETTINGS, wish=wish)

        self._tries(deed)

    @rule(who=SOMEBODY, what=SOMETHING, how=st.sampled_from(["leave", "leave", "undo", "accept", "decline"]))
    def go(self, who: int, what: int, how: str) -> None:
        number = self.numbers[what]

        async def deed(tx: Transaction) -> None:
            person = await self._who(tx, who)
            if how == "leave":
                await activities.withdraw(tx, number, by=person)
            elif how == "undo":
                await activities.undo_withdrawal(tx, number, by=person, rules=SETTINGS)
            elif how == "accept":
                await activities.accept(tx, number, by=person, rules=SETTINGS)
            else:
                await activities.decline(tx, number, by=person)

        self._tries(deed)

    @rule(what=SOMETHING, places=st.integers(1, 5))
    def change(self, what: int, places: int) -> None:
        async def deed(tx: Transaction) -> None:
            admin = await people.by_id(tx, self.admin)
            await activities.change(
                tx, self.numbers[what], Change(places=places), by=admin, reminders=SETTINGS.reminders
            )

        self._tries(deed)

    @rule(what=SOMETHING)
    def falls_due(self, what: int) -> None:
        """The draw, and the places kept for first-timers; where neither is due they do nothing."""
        item, house = Due(0, "", f"activity:{self.numbers[what]}", 0, None, 0), House(SETTINGS, "county_bot")

        async def deed(tx: Transaction) -> None:
            await activities.draw(tx, item, house)
            await activities.open_share(tx, item, house)

        self.office.does(deed)

    @rule(who=SOMEBODY, yes=st.booleans())
    def decide(self, who: int, yes: bool) -> None:
        async def deed(tx: Transaction) -> None:
            admin = await people.by_id(tx, self.admin)
            activity = await activities.by_id(tx, self.numbers[4])
            page = await activities.applicants(tx, activity, 0)
            if who < len(page.items):
                chosen = page.items[who].id
                if yes:
                    await activities.take_on(tx, chosen, by=admin, rules=SETTINGS)
                else:
                    await activities.turn_down(tx, chosen, "No", by=admin)

        self._tries(deed)

    @invariant()
    def all_promises_hold(self) -> None:
        assert self.office.does(activities.invariants) == []

    @invariant()
    def draws_are_as_the_seed_says(self) -> None:
        for number in self.numbers[2:4]:
            assert self.office.does(partial(_recomputes, number=number))


async def _recomputes(tx: Transaction, *, number: int) -> bool:
    activity: Activity = await activities.by_id(tx, number)
    tickets = await activities.tickets(tx, activity)
    by_role = {role: [each for each in tickets if each.role == role] for role in {each.role for each in tickets}}
    return all(
        [each.number for each in drawn] == drawing.order(activity.seed, {each.number: each.served for each in drawn})
        for drawn in by_role.values()
    )


@pytest.mark.parametrize("kind", list(RUNS))
def test_places_hold_whatever_happens(databases: Databases, kind: str) -> None:
    """After each random step every promise holds: places, counts, queues, roles, draws."""
    with opened(databases, kind) as office:
        play(PlacesMachine, RUNS[kind], office=office)
