"""The rules of points: read by everybody, changed version by version, named by each entry."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain import points
from bot.domain.activities import RULES as KINDS
from bot.domain.activities import Activity, Kind
from bot.domain.points import Done, Request, Rules
from bot.domain.points.earning import cut
from bot.domain.points.rulebook import KIND_NAMES
from bot.refusal import Refused
from bot.sandbox.people import Persona
from tests.founding import founded
from tests.needing import claimed, undertaken
from tests.publishing import DAY, all_read, fills_in, join, published
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


async def by_hand(town: Town, amount: int, key: str) -> Request:
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
    """Everybody reads what is new, what it was, and why, also of a limit that falls; the old entry names version 1, the next one version 2."""
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
    assert "One activity gives a person 20 points at most. (so far: 1000)" in town.hua.screen.text
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
    await changed(town, "day_max", "30")
    await changed(town, "day_max", "0")
    assert "this is version 4" in town.hua.screen.text
    assert "• A day at most: 30 → no limit" in town.hua.screen.text
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


async def served(town: Town, *, kind: Kind = Kind.TASK, starts_in: int = 3600) -> Activity:
    """Ming has served an hour, and Dong has confirmed it in time."""
    activity = await published(town, None, kind=kind, points=10, starts_in=starts_in, lasts=3600)
    await join(town, activity, town.ming)
    town.clock.move(starts_in + 2 * 3600)
    await confirmed(town, activity)
    return activity


async def confirmed(town: Town, activity: Activity) -> None:
    for deed in ("rest", "settle", "settled"):
        await town.dong.presses_data(f"activities.{deed}:{activity.id}")
    await town.tick()


async def test_limits_of_the_day_and_the_month_cut_what_activities_give(town: Town) -> None:
    """The message, the statement and the handbook say so; a limit that is used up gives nothing, and another day is another day."""
    await changed(town, "day_max", "15")
    await changed(town, "month_max", "28")
    await served(town)
    await served(town)
    assert "of 10 you got 5" in town.ming.heard[-1] and "15 points at most" in town.ming.heard[-1]
    await served(town)
    assert "of 10 you got 0" in town.ming.heard[-1]
    assert await has(town, town.ming) == 15
    await town.ming.says("/points")
    assert "(of 10: A day at most)" in town.ming.screen.text
    await town.ming.says("/handbook")
    for words in ("one day give a person 15 points at most", "today have given you 15 of at most 15"):
        assert words in town.ming.screen.text
    await served(town, starts_in=DAY)
    assert await has(town, town.ming) == 25
    await served(town, starts_in=DAY)
    assert "a month" not in town.ming.heard[-1] and "of 10 you got 3" in town.ming.heard[-1]
    assert await has(town, town.ming) == 28
    assert await town.does(points.invariants) == []


async def test_a_correction_gives_back_what_was_given_and_no_more(town: Town) -> None:
    """What a limit has cut stays cut, however often it is said otherwise; what was taken back may return, so its room is kept."""
    await changed(town, "day_max", "15")
    await served(town)
    second = await served(town)
    signup = await town.does(lambda tx: tx.value("SELECT MAX(id) FROM participations"))
    for state, balance in (("missed", 10), ("came", 15), ("late", 15), ("missed", 10)):
        await town.dong.presses_data(f"activities.correct:{signup}:{state}")
        assert await has(town, town.ming) == balance
    await served(town)
    assert await has(town, town.ming) == 10
    assert await town.does(lambda tx: points.award_for(tx, 1, second.name)) is not None
    assert await town.does(points.invariants) == []


async def test_two_confirm_at_once_and_no_limit_is_passed(town: Town) -> None:
    """Each activity of one day gives ten, and the day fifteen."""
    await changed(town, "day_max", "15")
    ming, dong = await town.person(town.ming), await town.person(town.dong)

    async def given(number: int) -> int:
        done = Done(f"activity:{number}", "task", "B", 10, "2026-11-21")
        return (await town.does(lambda tx: points.earn(tx, ming.id, done, reason="task", by=dong.id))).given

    assert sum(await asyncio.gather(*(given(number) for number in range(1, 6)))) == 15
    assert await has(town, town.ming) == 15
    assert await given(1) + await given(2) + await given(3) + await given(4) + await given(5) == 15
    assert await town.does(points.invariants) == []


async def test_a_kind_counts_more_and_evidence_less(town: Town) -> None:
    """A visit at one and a half; the leader reads it before he confirms, and what is written afterwards gives nothing."""
    await town.dong.presses_data("points.rules.pick:visit_tenths")
    await fills_in(town.dong, "!×1.5", "Nobody is left alone", "!Put them into force")
    await town.tick()
    await served(town, kind=Kind.VISIT)
    assert "You have got 15 points" in town.ming.heard[-1]
    assert "Of 10 points on the card the rules make 15: Visit counts ×1.5" in town.ming.heard[-1]
    await town.ming.says("/handbook")
    assert "Visit counts ×1.5: 10 points on the card become 15" in town.ming.screen.text
    assert "(by the rules, of 10 on the card)" in town.ming.screen.text
    ahead_of = await published(town, None, kind=Kind.VISIT, points=10)
    await town.ming.presses_data(f"activities.open:{ahead_of.id}")
    assert "Of 10 points on the card the rules make 15: Visit counts ×1.5" in town.ming.screen.text
    late = await published(town, None, points=10, starts_in=3600, lasts=3600)
    await join(town, late, town.ming)
    town.clock.move(4 * DAY)
    await town.dong.presses_data(f"activities.rest:{late.id}")
    await town.dong.presses_data(f"activities.settle:{late.id}")
    assert "with 0 points each" in town.dong.screen.text
    assert "written down afterwards counts 0 %" in town.dong.screen.text
    await confirmed(town, late)
    assert await has(town, town.ming) == 15
    assert await town.does(points.invariants) == []


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
async def test_the_tightest_limit_cuts(town: Town) -> None:
    """Of an activity, a day and a month: what was earned, what day and month had before, what is given."""
    in_force = replace(await town.does(points.rules), activity_max=20, day_max=50, month_max=100)
    for earned, day_had, month_had, given in (
        (10, 0, 0, (10, "")),
        (30, 0, 0, (20, "activity_max")),
        (10, 45, 45, (5, "day_max")),
        (10, 0, 99, (1, "month_max")),
        (10, 60, 0, (0, "day_max")),
        (0, 60, 200, (0, "")),
    ):
        assert cut(in_force, earned, day_had, month_had) == given


def test_each_kind_that_gives_points_has_its_rule() -> None:
    """And no other kind."""
    assert {kind for kind, rules in KINDS.items() if rules.earns} == set(KIND_NAMES)


async def test_wherever_points_are_promised_the_rules_in_force_are_told(town: Town) -> None:
    """A task counts half: the news of it and the need that it is for say what it brings, as its card does."""
    await changed(town, "task_tenths", "!×0.5")
    group = await founded(town, "Handy", leader=town.lan)
    await town.hua.says("/join Handy")
    need = await claimed(town, town.lan, group, giver=town.ming)
    await published(town, group)
    await town.passes(seconds=2)
    assert "Of 10 points on the card the rules make 5" in "".join(town.hua.heard)
    await undertaken(town, need, group, town.lan)
    await town.ming.presses_data(f"projects.open:{need.id}")
    assert "⭐ 5" in town.ming.screen.text
