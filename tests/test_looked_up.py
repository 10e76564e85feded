"""What is asked of one person, group or record is looked up, and not searched for in tables of a hundred thousand rows."""

from collections.abc import Awaitable, Callable

import pytest

from bot.domain import activities, council, hours, minors
from bot.domain.activities import Team
from bot.domain.people import Person
from bot.storage import Transaction
from tests.plans import gone_through
from tests.town import Town

LARGE = ("people", "participations", "memberships", "hours_disputes", "guardianships")
ASKED: dict[str, Callable[[Transaction, Person], Awaitable[object]]] = {
    "whom a leader may choose for a team": lambda tx, me: activities.candidates(tx, Team(1, 1, 1), 0),
    "the council's members": lambda tx, me: council.seats(tx, limit=8),
    "somebody's children": minors.children_of,
    "what was said to be wrong of a record": lambda tx, me: hours.dispute_of(tx, 1),
    "who has places of a role": lambda tx, me: tx.run("UPDATE participations SET role_id = 2 WHERE role_id = 1"),
}


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("what", ASKED)
async def test_it_is_looked_up(town: Town, what: str) -> None:
    """Nothing large is read from one end to the other."""
    me = await town.person(town.ming)
    assert not await town.does(lambda tx: gone_through(tx, lambda: ASKED[what](tx, me), LARGE))
