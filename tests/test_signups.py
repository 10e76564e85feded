"""Signing up, the waiting list, withdrawing, and the reminders that follow."""

import re

import pytest

from bot.domain import activities
from bot.domain.activities import Activity
from tests.founding import founded
from tests.publishing import DAY, all_read, bind, broken, join, names, now, published, register, reminders_of, together
from tests.town import Town


async def test_from_a_poster_to_signed_up_in_three_taps(town: Town) -> None:
    """Start by the poster's link, “Yes, that is me”, “Sign up”: no typing, and the tap itself says when and where."""
    activity = await published(town, await founded(town))
    await town.wei.starts(f"activities_open-{activity.id}")
    await town.wei.presses("Yes, that is me")
    assert "River bank" in town.wei.screen.text
    await town.wei.presses("Sign up")
    assert town.wei.toasts[-1].text == "You are signed up: Tue 24 Nov, 10:00, West bridge."
    assert "You are signed up." in town.wei.screen.text
    assert await names(town, activity, "in") == ["Wei"]


async def test_a_full_activity_puts_people_on_the_waiting_list_in_order(town: Town) -> None:
    """Whoever comes too late is told his place in the queue."""
    activity = await published(town, None, places=1)
    await join(town, activity, town.lan)
    for persona in (town.ming, town.hua):
        await persona.says("/tasks")
        await persona.presses("River bank")
        await persona.presses("Join the waiting list")
    assert "You are number 1 on the waiting list" in town.ming.toasts[-1].text
    assert "You are number 2 on the waiting list" in town.hua.toasts[-1].text
    assert "You are number 2 on the waiting list." in town.hua.screen.text
    assert await broken(town) == []


async def test_a_freed_place_is_kept_for_the_first_in_the_queue_who_is_told_once(town: Town) -> None:
    """The queue moves in the transaction of the withdrawal; the word goes out when that can't be undone any more."""
    activity = await published(town, None, places=1)
    await join(town, activity, town.lan, town.ming, town.hua)
    all_read(town)
    await town.lan.says(f"/withdraw {activity.id}")
    assert await names(town, activity, "in") == []
    assert await names(town, activity, "offered") == ["Ming"]
    assert await names(town, activity, "waiting") == ["Hua"]
    await town.passes(seconds=60)
    assert [text for text in town.ming.heard if "A place has become free for you!" in text] == town.ming.heard
    assert town.hua.heard == []
    await town.days_pass(0.1)
    assert len(town.ming.heard) == 1
    assert await broken(town) == []


async def test_two_hundred_taps_at_once_on_twenty_places(town: Town) -> None:
    """Twenty are in, a hundred and eighty are queued in order, and every tap has its own answer."""
    await two_hundred_tap(town, await published(town, await founded(town), places=20), "Sign up")


async def two_hundred_tap(town: Town, activity: Activity, label: str) -> None:
    """All at once, for twenty places: each is answered, as the rows have it."""
    crowd = [town.people.person(f"P{i}", language_code="en") for i in range(200)]
    await register(town, *crowd)
    async with together(town):
        for each in crowd:
            await each.starts(f"activities_open-{activity.id}")
    async with together(town):
        for each in crowd:
            await each.presses(label)
    assert all(each.unanswered == [] and len(each.toasts) == 1 for each in crowd)
    told = [each.toasts[0].text for each in crowd]
    assert sum(text.startswith("You are signed up") for text in told) == 20
    assert sorted(place_in(text) for text in told) == [*[0] * 20, *range(1, 181)]
    by_place = {place_in(text): each.user.first_name for each, text in zip(crowd, told, strict=True)}
    assert [by_place[n] for n in range(1, 181)] == await names(town, activity, "waiting")
    assert await broken(town) == []


def place_in(text: str) -> int:
    """The place in the queue that an answer names; 0 for a place."""
    found = re.search(r"number (\d+)", text)
    return int(found[1]) if found else 0


async def test_a_second_tap_changes_nothing(town: Town) -> None:
    """Whoever is in, or waits, is told so, and keeps his place."""
    activity = await published(town, None, places=1)
    await join(town, activity, town.ming, town.hua)
    before = await now(town, activity)
    for persona, why in ((town.ming, "You are signed up already"), (town.hua, "on the waiting list already, number 1")):
        await persona.says(f"/signup {activity.id}")
        assert why in persona.screen.text
        assert "Nothing was changed" in persona.screen.text
    assert await now(town, activity) == before
    assert "Leave the waiting list" in town.hua.screen.labels
    await town.ming.presses("Withdraw")
    assert await names(town, activity, "in") == []
    assert await broken(town) == []


REFUSALS = [
    ("/signup {id}", "has begun", "begun", "What is coming up"),
    ("/signup {id}", "is over", "over", "What is coming up"),
    ("/signup {id}", "was cancelled: Storm.", "cancelled", "What is coming up"),
    ("/signup 4711", "There is no activity with the number 4711", "", "Volunteer tasks"),
    ("/signup twelve", "Nothing ahead is called “twelve”.", "", "River bank · Tue 24 Nov, 10:00"),
    ("/signup", "Tap it, or send its number, such as /signup 12", "", "River bank · Tue 24 Nov, 10:00"),
    ("/signup", "There is nothing ahead to choose from", "over", "Volunteer tasks"),
    ("/withdraw {id}", "You are not signed up for “River bank”", "", "My sign-ups"),
    ("/withdraw 4711", "There is no activity with the number 4711", "", "Volunteer tasks"),
    ("/withdraw", "You have not signed up for anything that is still ahead. Nothing was changed", "", "My sign-ups"),
]


@pytest.mark.parametrize(("typed", "why", "state", "way_out"), REFUSALS)
async def test_each_refusal_says_why_and_what_next(town: Town, typed: str, why: str, state: str, way_out: str) -> None:
    """Past, cancelled, unknown, not in: the reason, that nothing was changed, and a button onward where there is one."""
    activity = await published(town, None)
    await become(town, activity, state)
    await town.ming.says(typed.format(id=activity.id))
    assert why in town.ming.screen.text
    assert way_out in town.ming.screen.labels
    assert await names(town, activity, "in") == []
    assert await broken(town) == []


NAMED = ["{id}", "#{id}", "{id}号", "第 {id} 号", "River bank", "river BANK", "  river　bank "]


@pytest.mark.parametrize("name", NAMED)
async def test_an_activity_is_named_by_number_or_title(town: Town, name: str) -> None:
    """However the number is written, or by its whole title; for signing up and for withdrawing."""
    activity = await published(town, None)
    await town.ming.says(f"/signup {name.format(id=activity.id)}")
    assert await names(town, activity, "in") == ["Ming"]
    await town.ming.says(f"/withdraw {name.format(id=activity.id)}")
    assert await names(town, activity, "in") == []


async def test_a_part_of_a_title_or_a_title_twice_asks_which(town: Town) -> None:
    """Nobody is signed up for what was perhaps not meant; for withdrawing only one's own are offered."""
    first = await published(town, None)
    await published(town, None, starts_in=4 * DAY)
    await join(town, first, town.ming)
    for typed in ("/signup River", "/signup River bank"):
        await town.hua.says(typed)
        offered = [label for label in town.hua.screen.labels if label.startswith("River bank")]
        assert offered == ["River bank · Tue 24 Nov, 10:00", "River bank · Wed 25 Nov, 10:00"]
    await town.ming.says("/withdraw River")
    assert [label for label in town.ming.screen.labels if label.startswith("River bank")] == [offered[0]]
    assert await names(town, first, "in") == ["Ming"]


async def become(town: Town, activity: Activity, state: str) -> None:
    """Bring an activity into a state that takes nobody."""
    if state == "begun":
        town.clock.move(3 * DAY + 60)
    elif state == "over":
        town.clock.move(4 * DAY)
    elif state == "cancelled":
        dong = await town.person(town.dong)
        await town.does(lambda tx: activities.cancel(tx, activity.id, "Storm", by=dong))


async def test_a_stranger_who_presses_in_the_group_comes_to_the_card(town: Town) -> None:
    """The button under the posted card works for members on the spot, and leads strangers to Start and the card."""
    group = await founded(town, leader=town.lan)
    chat = town.telegram_group("Dance talk", town.lan, town.ming, town.wei)
    await bind(town, group, chat)
    activity = await published(town, group)
    near = await published(town, None, title="Fair", starts_in=3 * DAY + 7800, place="Town hall")
    await join(town, near, town.ming)
    await town.ming.presses("Sign up", chat)
    assert "Only 10 min lie between" in town.ming.screen.text, "what asks is asked where it can be answered"
    await town.ming.presses("Yes, sign up")
    assert town.ming.toasts[-1].text.startswith("You are signed up")
    await town.wei.presses("Sign up", chat)
    await town.wei.starts(f"activities_here-{activity.id}")
    await town.wei.presses("Yes, that is me")
    await town.wei.presses("Sign up")
    assert await names(town, activity, "in") == ["Ming", "Wei"]


async def test_the_posted_card_is_edited_at_most_every_three_seconds(town: Town) -> None:
    """Many taps make one edit, which shows the numbers as they are then."""
    group = await founded(town)
    chat = town.telegram_group("Dance talk", town.lan, town.ming, town.hua)
    await bind(town, group, chat)
    activity = await published(town, group)
    assert "2 of 2 places free" in town.lan.screen_in(chat).text
    before = edits(town)
    await join(town, activity, town.ming, town.hua, town.lan)
    await town.passes(seconds=4)
    assert "all 2 places taken, 1 waiting" in town.lan.screen_in(chat).text
    assert edits(town) == before + 1
    assert town.lan.screen_in(chat).labels == ["Join the waiting list"]


def edits(town: Town) -> int:
    return sum(call.method.lower() == "editmessagetext" for call in town.world.calls)


async def test_withdrawing_is_free_until_a_day_before(town: Town) -> None:
    """One tap, nobody is told."""
    activity = await published(town, await founded(town, leader=town.lan), starts_in=DAY + 60)
    await join(town, activity, town.ming)
    all_read(town)
    await town.ming.says("/mysignups")
    assert "✅ River bank · Sun 22 Nov, 10:01 · West bridge" in town.ming.screen.text
    await town.ming.presses("River bank")
    await town.ming.presses("Withdraw")
    assert "You have withdrawn" in town.ming.toasts[-1].text
    assert town.lan.heard == []
    assert await names(town, activity, "in") == []


async def test_withdrawing_later_asks_first_and_tells_the_leader(town: Town) -> None:
    """Less than 24 hours before, a second tap is needed, and the leader hears of it at once."""
    activity = await published(town, await founded(town, leader=town.lan), starts_in=DAY - 60)
    await join(town, activity, town.ming)
    all_read(town)
    await town.ming.says(f"/withdraw {activity.id}")
    assert "I tell the leader" in town.ming.screen.text
    assert await names(town, activity, "in") == ["Ming"]
    await town.ming.presses("Withdraw all the same")
    assert await names(town, activity, "in") == []
    assert "Ming has withdrawn from “River bank”" in town.lan.heard[-1]
    assert "The place is free now." in town.lan.heard[-1]


async def test_a_withdrawal_is_undone_within_a_minute(town: Town) -> None:
    """The place is still free: it is his again, reminders and all."""
    activity = await published(town, None)
    await join(town, activity, town.ming)
    await town.ming.says(f"/withdraw {activity.id}")
    town.clock.move(59)
    await town.ming.presses("Undo (60 s)")
    assert await names(town, activity, "in") == ["Ming"]
    assert await reminders_of(town) == 2
    assert await broken(town) == []


async def test_an_undone_withdrawal_is_first_in_the_queue_when_the_place_has_gone(town: Town) -> None:
    """Nobody is put out again, and nobody who came later is before him."""
    activity = await published(town, None, places=1)
    await join(town, activity, town.ming, town.hua, town.lan)
    await town.ming.says(f"/withdraw {activity.id}")
    await town.lan.says("/mysignups")
    assert "number 1 on the waiting list" in town.lan.screen.text
    await town.hua.says("/mysignups")
    await town.hua.presses("River bank")
    await town.hua.presses("I take it")
    await town.ming.presses("Undo (60 s)")
    assert await names(town, activity, "in") == ["Hua"]
    assert await names(town, activity, "waiting") == ["Ming", "Lan"]
    assert "You are number 1 on the waiting list" in town.ming.toasts[-1].text
    assert await broken(town) == []


async def test_after_a_minute_nothing_is_undone(town: Town) -> None:
    """The refusal says how long it works; signing up anew is a button away."""
    activity = await published(town, None)
    await join(town, activity, town.ming)
    await town.ming.says(f"/withdraw {activity.id}")
    town.clock.move(61)
    await town.ming.presses("Undo (60 s)")
    assert "that works for 60 seconds" in town.ming.screen.text
    assert await names(town, activity, "in") == []
    assert await broken(town) == []


async def test_whoever_is_forgotten_makes_room(town: Town) -> None:
    """His places ahead go to the queue; what is past stays under his number."""
    past = await published(town, None, starts_in=60)
    activity = await published(town, None, places=1)
    await join(town, past, town.ming)
    await join(town, activity, town.ming, town.hua)
    town.clock.move(3600)
    ming = await town.person(town.ming)
    await town.does(lambda tx: activities.forget(tx, ming))
    assert await names(town, activity, "offered") == ["Hua"]
    assert await names(town, past, "in") == ["Ming"]
    assert await broken(town) == []
