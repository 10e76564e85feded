"""More people than one slice holds: each of them is drawn, offered a place, or told that nothing came of it, once."""

from collections import Counter

import pytest

from bot.domain import activities, people
from bot.domain.activities import Activity, Change, Mode, Terms
from bot.domain.activities.drawing import TOLD_AT_ONCE
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.calling import got, many
from tests.publishing import DAY, broken, published
from tests.town import Town

CROWD = 2 * TOLD_AT_ONCE + 10


async def crowded(town: Town, places: int, mode: Mode) -> tuple[Activity, list[Persona]]:
    """An activity in two days for which more people than two slices hold have signed up."""
    activity = await published(town, None, starts_in=2 * DAY, places=places, terms=Terms(mode=mode))
    crowd = await many(town, CROWD)

    async def deed(tx: Transaction) -> None:
        for persona in crowd:
            person = await people.by_telegram(tx, persona.id)
            assert person is not None, "everybody of the crowd is registered"
            await activities.sign_up(tx, activity.id, by=person, rules=town.settings)

    await town.does(deed)
    return activity, crowd


def words(crowd: list[Persona], *texts: str) -> list[Counter[int]]:
    """How many of the crowd have each of these texts how often."""
    return [Counter(got(persona, text) for persona in crowd) for text in texts]


@pytest.mark.parametrize("places", [1, CROWD - 1])
async def test_a_crowd_is_drawn_and_each_is_told_once(town: Town, places: int) -> None:
    """Three slices of results: as many places as there are, and everybody else waits in the drawn order."""
    activity, crowd = await crowded(town, places, Mode.LOTTERY)
    await town.days_pass(1.2)
    won, lost = words(crowd, "You have a place", "you are on the waiting list, in the drawn order")
    assert won == {1: places, 0: CROWD - places} and lost == {1: CROWD - places, 0: places}
    drawn = await town.does(lambda tx: activities.tickets(tx, activity))
    assert [each.rank for each in drawn] == list(range(1, CROWD + 1)) and await broken(town) == []


async def test_a_crowd_that_waits_is_offered_places_once_each(town: Town) -> None:
    """So many more places are made at once: all who wait are told in slices, each of one place."""
    activity, crowd = await crowded(town, 1, Mode.FIRST)
    dong = await town.person(town.dong)
    more = Change(places=CROWD)
    await town.does(lambda tx: activities.change(tx, activity.id, more, by=dong, reminders=town.settings.reminders))
    await town.passes(seconds=5)
    for _ in range(4):
        await town.passes(seconds=2)
    (offered,) = words(crowd, "A place has become free for you!")
    assert offered == {1: CROWD - 1, 0: 1} and await broken(town) == []


async def test_a_crowd_that_nobody_decided_about_is_told_so_once(town: Town) -> None:
    """When it begins, every application lapses, in slices, and each hears it."""
    _, crowd = await crowded(town, 5, Mode.REVIEW)
    await town.days_pass(2.1)
    (lapsed,) = words(crowd, "nobody decided about your application")
    assert lapsed == {1: CROWD} and await broken(town) == []
