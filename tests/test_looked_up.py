"""What is asked of one person, group or record is looked up, and not searched for in tables of a hundred thousand rows."""

from collections.abc import Awaitable, Callable

import pytest

from bot.domain import activities, council, hours, minors, people, reports
from bot.domain.activities import Team, afterwards
from bot.domain.people import Person
from bot.domain.reports import Figure
from bot.storage import Transaction
from tests.plans import gone_through
from tests.town import Town

LARGE = ("people", "participations", "memberships", "hours_disputes", "guardianships")
ASKED: dict[str, Callable[[Transaction, Person], Awaitable[object]]] = {
    "whom a leader may choose for a team": lambda tx, me: activities.candidates(tx, Team(1, 1, 1), 0),
    "the council's members": lambda tx, me: council.seats(tx, limit=8),
    "somebody's children": minors.children_of,
    "what was said to be wrong of a record": lambda tx, me: hours.dispute_of(tx, 1),
    "a day's sign-ups": lambda tx, me: reports.entries(tx, Figure.SIGN_UPS, tx.today, 0),
    "whose hours are missing of a school's places": lambda tx, me: afterwards.by_its_places(tx, 1, 0, but=1),
    "who has places of a role": lambda tx, me: tx.run("UPDATE participations SET role_id = 2 WHERE role_id = 1"),
}


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("what", ASKED)
async def test_it_is_looked_up(town: Town, what: str) -> None:
    """Nothing large is read from one end to the other."""
    me = await town.person(town.ming)
    assert not await town.does(lambda tx: gone_through(tx, lambda: ASKED[what](tx, me), LARGE))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_of_all_people_those_with_a_role_are_read(town: Town) -> None:
    """From an index that has nobody else."""
    read = await town.does(lambda tx: gone_through(tx, lambda: people.with_roles(tx), LARGE))
    assert read == ["SCAN people USING INDEX people_by_role"]
