"""Templates, and publishing again what was once: a date is all that is asked for."""

import pytest

from bot.domain import activities
from bot.domain.activities import Activity, Kind, Least
from bot.domain.series.templates import LIST
from bot.storage import Storage
from tests import plans
from tests.founding import founded
from tests.publishing import DAY, fills_in, published
from tests.test_activities import last
from tests.town import Town


async def test_a_leader_publishes_from_a_template_in_three_taps_and_one_text(town: Town) -> None:
    """Kept from an activity under its title; then: /templates, the template, its usual weekday and time, publish."""
    group = await founded(town, "Dance", leader=town.lan)
    await town.lan.says("/templates")
    await town.lan.presses("What I lead")
    await town.lan.presses("From a template")
    saturday = await published(town, group, starts_in=7 * DAY, about="Bring gloves", least=Least(3, 24, lapses=True))
    await town.lan.presses_data(f"activities.anew:{saturday.id}")
    await town.lan.presses("Keep as a template")
    await town.lan.presses("River bank")
    await town.lan.presses("Keep it")
    await town.lan.presses("Publish")
    assert "Sat 28 Nov, 10:00" not in town.lan.screen.labels, "it takes place then already"
    await town.lan.presses("Cancel")
    await town.days_pass(8)

    await town.lan.says("/templates")
    await town.lan.presses("River bank")
    assert town.lan.screen.labels[:3] == ["Sat 5 Dec, 10:00", "Sat 12 Dec, 10:00", "Sat 19 Dec, 10:00"]
    await town.lan.presses("Sat 5 Dec, 10:00")
    assert "When: Sat 5 Dec, 10:00–12:00" in town.lan.screen.text
    assert "At least: 3; with fewer it is called off by itself" in town.lan.screen.text
    await town.lan.presses("Publish")

    made = await last(town)
    assert made.id != saturday.id
    assert _same(made) == _same(saturday)
    assert made.starts_at == saturday.starts_at + 7 * DAY


def _same(activity: Activity) -> dict[str, object]:
    other = (
        "id",
        "starts_at",
        "ends_at",
        "made_at",
        "made_by",
        "lacked_at",
        "state",
        "reason",
        "settled_at",
        "lacked",
        "told",
    )
    return {name: value for name, value in activity.__dict__.items() if name not in other}


async def test_what_is_over_takes_place_again_on_a_typed_date(town: Town) -> None:
    """«Once more» on its card; the date is written as people write it, with another end if they like."""
    group = await founded(town, "Dance", leader=town.lan)
    activity = await published(town, group, kind=Kind.VISIT)
    await town.days_pass(5)
    await town.lan.presses_data(f"activities.open:{activity.id}")
    await town.lan.presses("Once more …")
    await town.lan.presses("On another date")
    await fills_in(town.lan, "yesterday 3pm")
    assert "That has passed already" in town.lan.screen.text
    await fills_in(town.lan, "next Sun 14:00 to 17:00", "!Publish")
    made = await last(town)
    assert (made.kind, made.title, made.ends_at - made.starts_at) == (Kind.VISIT, "River bank", 3 * 3600)


async def test_the_countys_templates_serve_every_leader(town: Town) -> None:
    """Kept by an admin, used by a leader for his group, changed by admins alone; a stranger to a group uses none of its."""
    await founded(town, "Chess", leader=town.hua)
    group = await founded(town, "Dance", leader=town.lan)
    for home, name in ((None, "Care home"), (group, "Dance night")):
        activity = await published(town, home, title=name)
        await town.dong.presses_data(f"templates.keep:{activity.id}")
        await fills_in(town.dong, name, "!Keep it")
    await town.hua.says("/templates")
    assert "Care home" in town.hua.screen.labels
    assert "Dance night" not in town.hua.screen.labels
    await town.hua.presses("Care home")
    await town.hua.presses(town.hua.screen.labels[0])
    assert "Group: Chess" in town.hua.screen.text
    await town.hua.presses("Publish")
    made = await last(town)
    assert (made.title, made.made_by) == ("Care home", (await town.person(town.hua)).id)
    for data in ("templates.delete:1", "templates.rename:1", "templates.open:1"):
        await town.hua.presses_data(data)
        assert "This is the county's" in town.hua.toasts[-1].text
    await town.hua.presses_data("templates.use:2")
    assert "Only the leaders of Dance" in town.hua.toasts[-1].text


async def test_a_template_is_renamed_and_deleted_and_brought_back(town: Town) -> None:
    """No two of a group have the same name; a deletion is taken back for a minute, and not after it."""
    group = await founded(town, "Dance", leader=town.lan)
    activity = await published(town, group)
    for name in ("One", "Two"):
        await town.lan.presses_data(f"templates.keep:{activity.id}")
        await fills_in(town.lan, name, "!Keep it")
    await town.lan.presses_data("templates.rename:2")
    await fills_in(town.lan, "one", "!Change it")
    assert "There is a template “one” already" in town.lan.screen.text
    await town.lan.presses_data("templates.rename:2")
    await fills_in(town.lan, "Three", "!Change it")
    assert "Three" in town.lan.screen.text
    await town.lan.presses("Delete")
    await town.lan.presses("Undo (60 s)")
    await town.lan.presses("Delete")
    await town.passes(seconds=61)
    await town.lan.presses("Undo (60 s)")
    assert "There is nothing to undo" in town.lan.screen.text
    await town.lan.says("/templates")
    assert "Three" not in town.lan.screen.labels
    kept = await town.does(lambda tx: activities.by_id(tx, activity.id))
    assert kept.is_open


async def test_places_by_role_and_conditions_are_kept_with_a_template(town: Town) -> None:
    """Who is needed and who gets a place is the same again; what ends so long before the start does so again."""
    await founded(town, "Dance", leader=town.lan)
    await town.lan.says(
        "/publish\ntitle: River bank\nwhen: next Sat 15:00 to 17:00\nplace: Bridge\n"
        "places: 6 helpers, 1 first-aider (training: first aid)\nwho gets a place: lottery\nonly for: 18+\n"
        "sign-up ends: next Thu 15:00\nmeeting point: 30.25，120.15"
    )
    assert "Meeting point: 30.25000, 120.15000 (latitude, longitude)" in town.lan.screen.text
    await town.lan.presses("Publish")
    first = await last(town)
    await town.lan.presses_data(f"activities.again:{first.id}")
    await fills_in(town.lan, "5 Dec 15:00")
    assert "Places: 6 × helpers; 1 × first-aider (training “first aid”)" in town.lan.screen.text
    assert "Who gets a place: Lottery\nOnly for: people of 18 and older" in town.lan.screen.text
    assert "Meeting point: 30.25000, 120.15000" in town.lan.screen.text
    await town.lan.presses("Publish")
    again = await last(town)
    assert again.closes_at is not None
    assert first.closes_at is not None
    assert again.starts_at - again.closes_at == first.starts_at - first.closes_at == 2 * DAY
    assert again.point == first.point == (30_250_000, 120_150_000)
    assert (again.mode, again.conditions, again.role_places) == (first.mode, first.conditions, 7)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_an_admins_long_list_is_not_sorted_for_a_page(storage: Storage) -> None:
    """Of thousands of groups, it comes in the order of an index."""
    steps = await storage.read(lambda tx: plans.steps(tx, LIST, me=1, admin=1, limit=9, offset=0))
    assert any("templates_by_name" in step for step in steps)
    assert not any("ORDER BY" in step for step in steps)
