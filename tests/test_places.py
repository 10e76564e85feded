"""Places by role: each with its own number, conditions and queue; written by leaders in one line."""

from typing import Any

import pytest

from bot.domain import activities
from bot.domain.activities import Activity, Condition, Role, RoleDraft, Terms, wording
from bot.refusal import Refused
from bot.sandbox.people import Persona
from tests.founding import founded
from tests.publishing import all_read, bind, broken, fills_in, names, now, published
from tests.test_signups import two_hundred_tap
from tests.town import Town

HELPERS = (RoleDraft("helper", 2), RoleDraft("first-aider", 1, (Condition("training", "First aid"),)))


async def roles_of(town: Town, activity: Activity) -> dict[str, Role]:
    ming = await town.person(town.ming)
    view = await town.does(lambda tx: activities.view(tx, activity.id, ming))
    return {role.name: role for role in view.roles}


async def joins(town: Town, activity: Activity, role: str, *personas: Persona) -> None:
    found = (await roles_of(town, activity))[role]
    for persona in personas:
        await persona.presses_data(f"activities.join:{activity.id}:{found.id}")


async def test_each_role_has_its_own_places_queue_and_condition(town: Town) -> None:
    """Who lacks what one role asks for takes another; a full one has its own queue while others are free."""
    activity = await published(town, None, places=None, terms=Terms(roles=HELPERS))
    await town.ming.starts(f"activities_open-{activity.id}")
    assert "👥 3 of 3 places free" in town.ming.screen.text
    assert "· first-aider: 1 of 1 place free · training “First aid”" in town.ming.screen.text
    await town.ming.presses("Sign up: first-aider")
    assert "You can't sign up for “River bank · first-aider”: it needs the training" in town.ming.screen.text
    await town.ming.says(f"/signup {activity.id}")
    assert "What do you want to come as?" in town.ming.screen.text
    await town.ming.presses("helper (2 free)")
    assert "You are signed up as helper." in town.ming.screen.text
    await joins(town, activity, "helper", town.hua, town.lan, town.shen)
    assert "You are number 2 on the waiting list" in town.shen.toasts[-1].text
    assert (await now(town, activity)).taken == 2
    assert "👥 1 of 3 places free, 2 waiting" in town.shen.screen.text
    aider = (await roles_of(town, activity))["first-aider"]
    await town.shen.presses("Another role")
    assert "You are number 2 on the waiting list" in town.shen.screen.text
    await town.shen.presses("first-aider (1 free)")
    assert "it needs the training" in town.shen.screen.text
    assert (await now(town, activity)).role_waiting == 2, "what is refused costs no number"
    await town.does(lambda tx: tx.run("UPDATE activity_roles SET conditions = '[]' WHERE id = :id", id=aider.id))
    await town.shen.presses_data(f"activities.switch:{activity.id}:{aider.id}")
    assert "You are signed up as first-aider." in town.shen.screen.text
    assert (await now(town, activity)).role_waiting == 1
    assert await broken(town) == []


async def test_a_freed_place_goes_to_the_queue_of_its_role(town: Town) -> None:
    """Offered to the first of that role; undone within a minute it is his again; at last it is free."""
    roles = (RoleDraft("helper", 1), RoleDraft("driver", 1))
    activity = await published(town, None, places=None, terms=Terms(roles=roles))
    await joins(town, activity, "driver", town.lan, town.dong)
    await joins(town, activity, "helper", town.ming, town.hua)
    all_read(town)
    await town.ming.says(f"/withdraw {activity.id}")
    assert await names(town, activity, "offered") == ["Hua"]
    await town.ming.presses("Undo (60 s)")
    assert (await names(town, activity, "in"), await names(town, activity, "waiting")) == (
        ["Lan", "Ming"],
        ["Dong", "Hua"],
    )
    assert await broken(town) == []
    await town.ming.says(f"/withdraw {activity.id}")
    await town.passes(minutes=3)
    await town.hua.presses("I take it")
    assert await names(town, activity, "in") == ["Lan", "Hua"]
    for persona in (town.hua, town.lan, town.dong):
        await persona.says(f"/withdraw {activity.id}")
    after = await now(town, activity)
    assert (after.taken, after.role_waiting, await broken(town)) == (0, 0, [])


async def test_places_that_were_offered_and_not_answered_end_with_the_start(town: Town) -> None:
    """Nobody waits for anything any more, in each role."""
    roles = (RoleDraft("helper", 1), RoleDraft("driver", 1))
    activity = await published(town, None, places=None, terms=Terms(roles=roles))
    await joins(town, activity, "driver", town.lan, town.dong)
    await joins(town, activity, "helper", town.ming, town.hua, town.shen)
    await town.passes(seconds=activity.starts_at - 40 * 60 - town.clock.instant)
    await town.ming.presses_data(f"activities.leave.late:{activity.id}")
    await town.passes(hours=1)
    assert await names(town, activity, "in") == ["Lan"]
    assert await broken(town) == []


async def test_two_hundred_taps_at_once_on_twenty_places_of_one_role(town: Town) -> None:
    """Twenty are in, a hundred and eighty are queued in order, and every tap has its own answer."""
    roles = (RoleDraft("helper", 20), RoleDraft("driver", 2))
    activity = await published(town, None, places=None, terms=Terms(roles=roles))
    await two_hundred_tap(town, activity, "Sign up: helper")


async def test_the_card_in_the_group_has_a_button_for_each_role(town: Town) -> None:
    """One tap there is enough; a forged role is no role."""
    group = await founded(town, leader=town.lan)
    chat = town.telegram_group("Dance talk", town.lan, town.ming)
    await bind(town, group, chat)
    activity = await published(town, group, places=None, terms=Terms(roles=HELPERS))
    await town.ming.presses("Sign up: helper", chat)
    assert town.ming.toasts[-1].text.startswith("You are signed up")
    await town.hua.presses_data(f"activities.join:{activity.id}:999999")
    assert "What do you want to come as?" in town.hua.screen.text
    assert await names(town, activity, "in") == ["Ming"]


async def test_a_role_is_given_more_places_and_its_queue_is_offered_them(town: Town) -> None:
    """In three taps and a number; fewer than are taken is refused. The roll says who comes as what."""
    group = await founded(town, leader=town.lan)
    roles = (RoleDraft("helper", 1), RoleDraft("driver", 1))
    activity = await published(town, group, places=None, terms=Terms(roles=roles))
    await joins(town, activity, "helper", town.ming, town.hua, town.shen)
    await town.lan.starts(f"activities_open-{activity.id}")
    for label in ("Change", "Places", "helper (1)"):
        await town.lan.presses(label)
    await fills_in(town.lan, "2", "!Change it")
    assert "👥 1 of 3 places free, 1 waiting" in town.lan.screen.text
    assert await names(town, activity, "offered") == ["Hua"]
    await town.lan.presses("Who is signed up?")
    assert "▫️ Ming · helper" in town.lan.screen.text
    helper = (await roles_of(town, activity))["helper"]
    await town.lan.presses_data(f"activities.resize:{helper.id}")
    await fills_in(town.lan, "1", "!Change it")
    assert "2 people have a place already" in "".join((town.lan.screen.text, *(t.text for t in town.lan.toasts)))
    assert await broken(town) == []


READ = {
    "20": 20,
    "二十": 20,
    "6 helpers, 1 first-aider (training: first aid), 2 drivers": [
        ["helpers", 6, []],
        ["first-aider", 1, [["training", "first aid"]]],
        ["drivers", 2, []],
    ],
    "6名志愿者、1名急救员（培训：急救，18岁以上）、司机2人": [
        ["志愿者", 6, []],
        ["急救员", 1, [["training", "急救"], ["age", 18]]],
        ["司机", 2, []],
    ],
    "helpers: 6; drivers: 2": [["helpers", 6, []], ["drivers", 2, []]],
    "helpers and drivers": None,
    "0 helpers": None,
    "22:00-7:00": None,
    "2 drivers (tall)": None,
    "0001009999999999 helpers": None,
    "٠٠٠١٠٠٩٩٩٩ helpers": None,
    "、": None,
    "\u3000": None,
}


@pytest.mark.parametrize(("typed", "expected"), READ.items())
async def test_roles_are_read_from_one_line(town: Town, typed: str, expected: Any) -> None:
    """With numbers before or after, conditions in parentheses, in both languages; what is none is refused."""
    if expected is None:
        with pytest.raises(Refused):
            await town.does(lambda tx: _read(tx, typed))
    else:
        assert await town.does(lambda tx: _read(tx, typed)) == expected


async def _read(tx: Any, typed: str) -> Any:
    return wording.places(typed, tx)


async def test_one_message_publishes_roles_a_lottery_and_a_time_to_sign_up(town: Town) -> None:
    """All of it stands in the summary, and on the card."""
    await founded(town, "Dance", leader=town.lan)
    await town.lan.says(
        "/publish\ntitle: Fair\nwhen: next Sat 3pm\nduration: 2 hours\nplace: Square\n"
        "places: 6 helpers, 1 driver (18+)\npoints: 5\nwho gets a place: lottery\nsign-up ends: next Fri 12:00"
    )
    assert "Places: 6 × helpers; 1 × driver (people of 18 and older)" in town.lan.screen.text
    assert "Who gets a place: Lottery" in town.lan.screen.text
    assert "Sign-up ends: Fri 27 Nov, 12:00" in town.lan.screen.text
    await town.lan.presses("Publish")
    assert "🎲 Lottery · seal" in town.lan.screen.text
    assert "Apply: helpers" in town.lan.screen.labels


async def test_the_form_asks_for_the_rest_only_behind_more(town: Town) -> None:
    """The usual way has not a tap more; behind More are the ways to choose, conditions, times and the meeting point."""
    await founded(town, "Dance", leader=town.lan)
    await town.lan.says("/newtask")
    await fills_in(town.lan, "Fair", "!Skip", "next Sat 3pm", "!2 hours", "Square", "20", "!5")
    assert {"Publish", "More …"} <= set(town.lan.screen.labels)
    await town.lan.presses("More …")
    await fills_in(town.lan, "!One place in four for first-timers", "18+", "!Skip", "!Skip", "!Skip", "!Skip")
    await town.lan.sends_location(30.123456, 120.654321)
    assert "Meeting point: 30.12346, 120.65432 (latitude, longitude)" in town.lan.screen.text
    assert "More …" not in town.lan.screen.labels
    await town.lan.presses("Publish")
    assert "🌱 5 places are kept for people who come for the first time" in town.lan.screen.text
    assert "🔑 For: people of 18 and older" in town.lan.screen.text
    assert (await town.does(lambda tx: activities.by_id(tx, 1))).point == (30_123_456, 120_654_321)
