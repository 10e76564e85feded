"""Locations are a flag: a distance for the leader, of what one is checked in to, and nothing else."""

from functools import partial

import pytest

from bot.domain import activities
from bot.domain.activities import Activity, reading
from bot.domain.activities.nearness import metres_between
from bot.refusal import Refused
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.founding import founded
from tests.publishing import all_read, broken, fills_in, join, published
from tests.town import Town

BRIDGE = (30.123456, 120.654321)
KEPT = "SELECT COUNT(*) FROM inbox WHERE payload LIKE '%\"latitude\"%'"


@pytest.mark.parametrize(
    ("other", "metres"),
    [
        ((30_123_456, 120_654_321), 0),
        ((30_123_556, 120_654_321), 50),
        ((30_132_456, 120_654_321), 1050),
        ((30_123_456, 120_664_321), 1000),
        ((-30_123_456, -59_345_679), 20_000),
    ],
)
def test_a_distance_is_rounded_up_and_ends_somewhere(other: tuple[int, int], metres: int) -> None:
    """In steps of 50 metres: near or far, and no more than that can be read from it."""
    assert metres_between((30_123_456, 120_654_321), other) == metres


TYPED = {
    "30.25,120.15": [30_250_000, 120_150_000],
    "（30.25、 120.15）": [30_250_000, 120_150_000],
    "120.150000 30.250000": [30_250_000, 120_150_000],
    "-33.8568, 151.2153": [-33_856_800, 151_215_300],
    **dict.fromkeys(("120.15", "130,120", "30.25,181", "30.25,120.15,5", "the bridge")),
}


async def test_coordinates_are_read_as_maps_give_them(town: Town) -> None:
    """Latitude first, or longitude where the first number can't be anything else; the rest is refused."""

    async def read(tx: Transaction, typed: str) -> list[int] | None:
        try:
            return reading.point(typed, tx)
        except Refused:
            return None

    assert {typed: await town.does(partial(read, typed=typed)) for typed in TYPED} == TYPED


async def begun(town: Town, *personas: Persona) -> Activity:
    activity = await published(town, await founded(town, "Dance", leader=town.lan), starts_in=60, places=9)
    await join(town, activity, *personas)
    town.clock.move(60)
    all_read(town)
    return activity


async def check_in(town: Town, activity: Activity, persona: Persona) -> None:
    await persona.says((await town.does(lambda tx: activities.code_now(tx, activity.name))).text)
    town.clock.move(30)


async def test_from_the_meeting_point_to_the_leaders_flag(town: Town) -> None:
    """The leader sends the place, who is far off is named to him, hours stay as they are, and no place is kept of anybody."""
    activity = await begun(town, town.ming, town.hua)
    await town.lan.starts(f"activities_open-{activity.id}")
    for label in ("Change", "🧭 Meeting point", "Send a location"):
        await town.lan.presses(label)
    assert "as GPS has them (WGS 84)" in town.lan.screen.text
    await fills_in(town.lan, "the bridge")
    assert "or write latitude and longitude, such as 30.25,120.15. Nothing was saved yet." in town.lan.screen.text
    await town.lan.sends_location(*BRIDGE)
    await town.lan.presses("Set it")
    assert town.lan.toasts[-1].text == "The meeting point is set."
    for persona, there in ((town.ming, BRIDGE), (town.hua, (30.2, 120.7))):
        await check_in(town, activity, persona)
        assert "You may send your location, too" in persona.screen.text
        await persona.sends_location(*there)
    assert "0 m from the meeting point" in town.ming.screen.text
    assert "9.6 km from the meeting point" in town.hua.screen.text
    assert await town.does(lambda tx: tx.value(KEPT)) == 0
    await town.lan.presses_data(f"activities.roll:{activity.id}")
    assert "Phones err; you decide:\nHua: 9.6 km" in town.lan.screen.text and "Ming: " not in town.lan.screen.text
    assert "✅ Hua" in town.lan.screen.labels
    await town.hua.presses_data(f"activities.trail:{await _signup(town, 'Hua')}")
    assert "9.6 km from the meeting point" in town.hua.screen.text
    await town.hua.says("/mydata")
    assert await broken(town) == []


async def _signup(town: Town, name: str) -> int:
    sql = "SELECT p.id FROM participations p JOIN people pe ON pe.id = p.person_id WHERE pe.nickname = :name"
    return int(await town.does(lambda tx: tx.value(sql, name=name)))


async def test_a_location_is_refused_where_it_is_of_no_use(town: Town) -> None:
    """Not checked in, no meeting point, a stranger: nothing is kept, and each reads why."""
    activity = await begun(town, town.ming)
    await town.ming.sends_location(*BRIDGE)
    assert "only while you are checked in to something. Nothing was kept." in town.ming.screen.text
    await check_in(town, activity, town.ming)
    assert "You may send your location" not in town.ming.screen.text
    await town.ming.sends_location(*BRIDGE)
    assert "Nobody has said where “River bank” meets" in town.ming.screen.text
    await town.wei.sends_location(*BRIDGE)
    assert "I can only read text here" in town.wei.screen.text
    await town.hua.presses_data(f"activities.point.set:{activity.id}")
    assert "leaders" in town.hua.screen.text
    lan = await town.person(town.lan)
    for there in ((30_123_456, 120_654_321), None):
        found = await town.does(lambda tx, there=there: activities.meet_at(tx, activity.id, there, by=lan))  # type: ignore[misc]
        assert found.point == there
    assert await town.does(lambda tx: tx.value(KEPT)) == 0
