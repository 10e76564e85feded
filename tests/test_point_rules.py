"""The rules of points: read by everybody, changed version by version, named by each entry."""

import asyncio

from bot.domain import points
from bot.domain.points import Grant, Rules
from bot.refusal import Refused
from bot.sandbox.people import Persona
from tests.publishing import all_read, fills_in
from tests.repeating import ahead, begun
from tests.shopping import has, rich, stocked
from tests.town import Town


def told(persona: Persona) -> str:
    return persona.screen.text + "".join(toast.text for toast in persona.toasts[-1:])


async def changed(town: Town, rule: str = "activity_max", number: str = "20") -> None:
    """Dong changes a rule."""
    await town.dong.presses_data(f"points.rules.pick:{rule}")
    await fills_in(town.dong, number, "Fairer for all", "!Put them into force")
    await town.tick()
    await town.settle()


async def by_hand(town: Town, amount: int, key: str) -> Grant:
    """Dong gives Ming so many points by hand."""
    dong, ming = await town.person(town.dong), await town.person(town.ming)
    return await town.does(lambda tx: points.ask_grant(tx, ming.id, amount, "Chairs", key, by=dong))


async def test_the_handbook_says_how_points_come_and_go(town: Town) -> None:
    """From the rules in force, with what has come to me and what I could get; empty for whoever has nothing yet."""
    await town.ming.says("/handbook")
    assert "your first task begins it" in town.ming.screen.text
    await stocked(town)
    await rich(town, town.ming, 60)
    await town.ming.says("积分手册")
    for words in ("1000 points at most", "+60", "event", "In the shop from 50 points on: “Cup”", "now it is version 1"):
        assert words in town.ming.screen.text


async def test_a_change_is_announced_and_leaves_old_entries_alone(town: Town) -> None:
    """Everybody reads what is new and why; the old entry names version 1, the next one version 2."""
    await rich(town, town.ming, 60)
    await town.dong.presses_data("points.rules")
    await town.dong.presses("Change them")
    await town.dong.presses("Activities")
    await town.dong.presses("An activity at most · 1000")
    await fills_in(town.dong, "1001")
    assert "from 0 to 1000" in town.dong.screen.text
    await fills_in(town.dong, "20", "Fairer for all", "!Put them into force")
    await town.tick()
    assert "this is version 2" in town.hua.screen.text
    assert "One activity gives a person 20 points at most" in town.hua.screen.text
    assert "Why it changed: Fairer for all" in town.hua.screen.text
    assert "By hand" not in town.hua.screen.text
    await rich(town, town.hua, 10)
    named = await town.does(lambda tx: tx.all("SELECT rule FROM transfers ORDER BY id"))
    assert [row["rule"] for row in named] == [1, 2]
    assert await has(town, town.ming) == 60
    await town.hua.presses_data("points.rules.old")
    assert "Version 2" in town.hua.screen.text
    assert "Version 1" in town.hua.screen.text
    await town.hua.presses("№ 1")
    assert "gives a person 1000 points at most" in town.hua.screen.text
    assert await town.does(points.invariants) == []


async def test_the_rules_are_kept(town: Town) -> None:
    """What an admin gives alone, what a person gets by hand in a month: each no says its number."""
    await changed(town, "granted_alone", "5")
    await changed(town, "granted_month", "30")
    all_read(town)
    for number in range(6):
        await by_hand(town, 5, f"form:{number}")
    ming = await town.person(town.ming)
    await town.dong.presses_data(f"points.give:{ming.id}")
    await fills_in(town.dong, "5", "Chairs", "!Give them")
    assert "gets 30 points a month at most; Ming has had 30" in told(town.dong)
    town.clock.move(32 * 86_400)
    await by_hand(town, 6, "form:9")
    assert await has(town, town.ming) == 30


async def test_two_admins_change_them_at_once(town: Town) -> None:
    """Who comes second has not read what is in force: refused, nothing saved."""
    dong = await town.person(town.dong)

    async def to(most: int) -> Rules:
        return await town.does(lambda tx: points.change_rules(tx, 1, {"activity_max": most}, "Why", by=dong))

    ends = await asyncio.gather(to(20), to(30), return_exceptions=True)
    assert [isinstance(end, Refused) for end in ends].count(True) == 1
    assert (await town.does(points.rules)).version == 2


async def test_who_is_no_admin_changes_nothing(town: Town) -> None:
    """A forged press of the button."""
    for forged in ("points.rules.change", "points.rules.about:activities", "points.rules.pick:day_max"):
        await town.ming.presses_data(forged)
        await town.ming.says("5")
    assert (await town.does(points.rules)).version == 1
    await town.ming.presses_data("points.rules")
    assert "Change them" not in [label for row in town.ming.screen.rows for label in row]


async def test_a_series_goes_on_with_what_the_rules_allow(town: Town) -> None:
    """Rules that are lowered later don't stop it: the next dates give as much as one activity may, no more."""
    found = await begun(town, None, points=50)
    before = [each.id for each in await ahead(town, found)]
    await changed(town)
    await town.days_pass(8)
    dates = {each.id: each.points for each in await ahead(town, found)}
    assert {points for number, points in dates.items() if number in before} == {50}
    assert {points for number, points in dates.items() if number not in before} == {20}
