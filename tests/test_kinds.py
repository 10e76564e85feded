"""Kinds of activities: one engine, and each kind has its words, its list and its rules."""

import pytest

from bot.domain.activities import KIND_LISTS, RULES, Kind, listed_in
from tests.founding import founded
from tests.publishing import fills_in, join, published, reminders_of
from tests.test_activities import last
from tests.town import Town


def test_each_kind_stands_in_one_list_and_no_word_means_two() -> None:
    """The lists are those of tasks and of events; what people write names one kind."""
    assert {rules.listed for rules in RULES.values()} == set(KIND_LISTS)
    words = [word for rules in RULES.values() for word in rules.typed]
    assert len(words) == len(set(words))
    assert listed_in(Kind.DUTY) == listed_in(Kind.TASK) == "'task', 'duty', 'visit'"


async def test_a_duty_is_published_by_taps_listed_with_its_kind_and_earns_points(town: Town) -> None:
    """It is found behind «More», stands in the list of tasks, and whoever came has the points."""
    await founded(town, "First aid", leader=town.lan)
    await town.lan.says("/tasks")
    await town.lan.presses("⋯ More")
    await town.lan.presses("🦺 Duty")
    await fills_in(town.lan, "Stadium", "!Skip", "tomorrow 14:00 to 18:00", "Gate 2", "3", "!10", "!Publish")
    duty = await last(town)
    assert (duty.kind, duty.points, duty.places) == (Kind.DUTY, 10, 3)
    await join(town, duty, town.ming)
    await town.ming.says("/tasks")
    assert "🦺 Duty Stadium" in town.ming.screen.text
    await town.ming.presses("Stadium")
    assert f"Duty {duty.id} · First aid" in town.ming.screen.text
    await town.ming.presses("‹ Back")
    assert "Volunteer tasks" in town.ming.screen.text
    await town.days_pass(1.4)
    await town.lan.presses_data(f"activities.rest:{duty.id}")
    await town.lan.presses_data(f"activities.settled:{duty.id}")
    assert any("You have got 10 points" in each for each in town.ming.heard)


async def test_a_class_stands_among_the_events_and_has_no_points(town: Town) -> None:
    """Its lines may be pasted; points in them are refused, and so is a class without a number of places."""
    await founded(town, "Drawing", leader=town.lan)
    lines = "/publish\nkind: class\ntitle: Ink\nwhen: tomorrow 14:00 to 16:00\nplace: Hall"
    await town.lan.says(f"{lines}\npoints: 5")
    assert "Only tasks, duties and visits give points" in town.lan.screen.text
    assert "places – This line is missing" in town.lan.screen.text
    await town.lan.says(f"{lines}\nplaces: 12")
    await town.lan.presses("Publish")
    assert (await last(town)).kind is Kind.CLASS
    await town.ming.says("/events")
    assert "🎓 Class Ink" in town.ming.screen.text
    await town.ming.says("/tasks")
    assert "Ink" not in town.ming.screen.text


@pytest.mark.parametrize(("sort", "reminders"), [(Kind.EVENT, 1), (Kind.TRAINING, 2), (Kind.VISIT, 2)])
async def test_the_kind_says_how_often_one_is_reminded(town: Town, sort: Kind, reminders: int) -> None:
    """Events as each person chose; everything else by the county's settings, before and after it was moved."""
    activity = await published(town, None, kind=sort, points=0)
    await join(town, activity, town.ming)
    assert await reminders_of(town) == reminders
    await town.dong.presses_data(f"activities.edit:{activity.id}:when")
    await fills_in(town.dong, "next Sun 15:00 to 17:00", "!Change it")
    assert await reminders_of(town) == reminders
