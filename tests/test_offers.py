"""Offers of places: kept for one at a time in the order of the queue, for a set time, and never twice."""

import pytest

from bot.config import Waiting
from bot.domain import activities, people
from bot.domain.activities import Activity, Change, Condition, Terms, offering
from bot.sandbox.people import Persona
from tests.founding import founded
from tests.publishing import DAY, all_read, broken, join, names, now, published, register, together
from tests.town import Town

HOUR = 3600
RULES = Waiting()
ENDS = [
    (10 * DAY, 12 * HOUR),
    (48 * HOUR, 12 * HOUR),
    (24 * HOUR, 6 * HOUR),
    (2 * HOUR, 1800),
    (HOUR, 900),
    (1800, 900),
    (600, 600),
]


@pytest.mark.parametrize(("left", "stands"), ENDS)
def test_an_offer_is_shorter_near_the_start(left: int, stands: int) -> None:
    """Twelve hours, at most a quarter of the time left, a quarter of an hour at least, never past the start."""
    assert offering.ends(0, left, RULES) == stands


async def full(town: Town, *queue: Persona, starts_in: int = 3 * DAY, leader: Persona | None = None) -> Activity:
    """One place, which Lan has, and a queue; everything is read."""
    group = await founded(town, leader=leader) if leader else None
    activity = await published(town, group, places=1, starts_in=starts_in)
    await join(town, activity, town.lan, *queue)
    all_read(town)
    return activity


async def gives_up(town: Town, activity: Activity, persona: Persona) -> None:
    """Withdraw, and let the minute pass in which that can be undone."""
    person = await town.person(persona)
    await town.does(lambda tx: activities.withdraw(tx, activity.id, by=person))
    await town.passes(seconds=60)


async def test_an_offer_is_declined_and_goes_to_the_next(town: Town) -> None:
    """No, thanks: the next is told at once, and takes it."""
    activity = await full(town, town.ming, town.hua)
    await gives_up(town, activity, town.lan)
    assert "I keep it for you until Sat 21 Nov, 22:01" in town.ming.heard[-1]
    await town.dong.starts(f"activities_open-{activity.id}")
    assert "🔔 1 place is kept for who waits, until there is an answer." in town.dong.screen.text
    await town.dong.presses_data(f"activities.roll:{activity.id}")
    assert "Nobody has a place yet." in town.dong.screen.text
    await town.dong.presses("⏳ Who waits: 2")
    assert "🔔 Ming\n⏳ Hua\n2 in all" in town.dong.screen.text
    await town.ming.presses("No, thanks")
    await town.passes(seconds=1)
    await town.hua.says("/mysignups")
    assert "🔔 River bank · Tue 24 Nov, 10:00 · a place is kept for you until Sat 21 Nov, 22:02" in town.hua.screen.text
    await town.hua.presses("River bank")
    assert "A place is kept for you until Sat 21 Nov, 22:02." in town.hua.screen.text
    await town.hua.presses("I take it")
    assert town.hua.toasts[-1].text == "The place is yours: Tue 24 Nov, 10:00, West bridge."
    assert await names(town, activity, "in") == ["Hua"]
    assert (await now(town, activity)).waiting == 0
    assert await broken(town) == []


async def test_an_offer_asks_again_what_the_activity_asks_for(town: Town) -> None:
    """Whoever lacks it by now reads why, and that the place is kept until it goes on; “No, thanks” gives it to the next."""
    group = await founded(town, leader=town.lan)
    for each in (town.ming, town.hua, town.shen):
        await each.presses_data(f"groups.join:{group.id}")
    asks = Terms(conditions=(Condition("group", group.name),))
    activity = await published(town, group, places=1, terms=asks)
    await join(town, activity, town.shen, town.ming, town.hua)
    await gives_up(town, activity, town.shen)
    await town.ming.presses_data(f"groups.leave:{group.id}")
    await town.ming.presses_data(f"activities.accept:{activity.id}")
    assert (
        "it is for members of Dance, and you are none. Nothing was changed. The place is kept" in town.ming.screen.text
    )
    assert await names(town, activity, "in") == [] and await names(town, activity, "offered") == ["Ming"]
    await town.ming.presses("No, thanks")
    assert await names(town, activity, "offered") == ["Hua"] and await broken(town) == []


async def test_an_offer_lapses_kindly_and_the_way_back_is_the_queues_end(town: Town) -> None:
    """Whoever does not answer hears of it once; a late yes is refused with the way back, and he is last then."""
    activity = await full(town, town.ming, town.hua)
    await gives_up(town, activity, town.lan)
    await town.passes(hours=13)
    assert await names(town, activity, "offered") == ["Hua"]
    assert [text for text in town.ming.heard if "the time to answer is over" in text] == town.ming.heard[-1:]
    await town.ming.presses("I take it")
    assert "No place is kept for you any more" in town.ming.heard[0]
    await town.ming.presses("Join the waiting list")
    assert "You are number 1 on the waiting list" in town.ming.toasts[-1].text
    await join(town, activity, town.dong)
    await town.days_pass(0.6)
    assert await names(town, activity, "offered") == ["Ming"]
    assert await names(town, activity, "waiting") == ["Dong"]
    assert await broken(town) == []


async def test_a_yes_at_the_last_second_counts_and_one_at_the_end_does_not(town: Town) -> None:
    """The end itself is too late, also before the bot has passed the place on."""
    first, second = await full(town, town.ming), await full(town, town.hua, starts_in=4 * DAY)
    for activity in (first, second):
        await gives_up(town, activity, town.lan)
    end = (await mine(town, first, town.ming)).until
    assert end is not None
    town.clock.move(end - 1 - town.clock.instant)
    await town.ming.presses("I take it")
    assert await names(town, first, "in") == ["Ming"]
    end = (await mine(town, second, town.hua)).until
    assert end is not None
    town.clock.move(end - town.clock.instant)
    await town.hua.presses("I take it")
    assert "the time to answer is over" in town.hua.screen.text
    assert await names(town, second, "in") == []


async def mine(town: Town, activity: Activity, persona: Persona) -> activities.Mine:
    person = await town.person(persona)
    found = (await town.does(lambda tx: activities.view(tx, activity.id, person))).mine
    assert found is not None
    return found


async def test_undo_takes_the_place_back_while_it_is_only_offered(town: Town) -> None:
    """Within the minute nobody was told of the offer: the queue is as it was."""
    activity = await full(town, town.ming, town.hua)
    await town.lan.says(f"/withdraw {activity.id}")
    assert "In 60 seconds the place is offered to the next" in town.lan.screen.text
    town.clock.move(50)
    await town.lan.presses("Undo (60 s)")
    await town.passes(minutes=5)
    assert await names(town, activity, "in") == ["Lan"]
    assert await names(town, activity, "waiting") == ["Ming", "Hua"]
    assert town.ming.heard == []
    assert await broken(town) == []


async def test_undo_leaves_the_offer_where_there_is_room_for_both(town: Town) -> None:
    """More places were made within the minute: he is back, and the place that was offered stays offered."""
    activity = await full(town, town.ming)
    await town.lan.says(f"/withdraw {activity.id}")
    dong = await town.person(town.dong)
    more = Change(places=2)
    await town.does(lambda tx: activities.change(tx, activity.id, more, by=dong, reminders=town.settings.reminders))
    await town.lan.presses("Undo (60 s)")
    assert (await names(town, activity, "in"), await names(town, activity, "offered")) == (["Lan"], ["Ming"])
    assert await broken(town) == []


async def test_quiet_hours_do_not_cost_an_offer(town: Town) -> None:
    """Whoever sleeps hears of it in the morning, and his time begins then."""
    ming = await town.person(town.ming)
    await town.does(lambda tx: people.set_quiet_hours(tx, ming, 22 * 60, 7 * 60))
    activity = await full(town, town.ming)
    await town.until(2026, 11, 21, 23)
    await gives_up(town, activity, town.lan)
    await town.until(2026, 11, 22, 6, 59)
    assert town.ming.heard == []
    await town.until(2026, 11, 22, 7, 1)
    assert "I keep it for you until Sun 22 Nov, 19:00" in town.ming.heard[-1]


async def starts_earlier(town: Town, activity: Activity, hours: int) -> None:
    """The activity begins so many hours from now."""
    dong = await town.person(town.dong)
    at = int(town.clock.instant) + hours * HOUR
    soon = Change(starts_at=at, ends_at=at + HOUR)
    await town.does(lambda tx: activities.change(tx, activity.id, soon, by=dong, reminders=town.settings.reminders))
    for _ in range(2):
        await town.passes(seconds=1)


async def test_an_earlier_start_makes_offers_shorter_by_the_rule(town: Town) -> None:
    """Twelve hours become a quarter of what is left; whoever was offered the place reads until when it is kept now."""
    activity = await full(town, town.ming, town.hua)
    await gives_up(town, activity, town.lan)
    assert "I keep it for you until Sat 21 Nov, 22:01" in town.ming.heard[-1]
    await starts_earlier(town, activity, hours=4)
    kept = "I keep it for you until Sat 21 Nov, 11:02"
    assert any(kept in text for text in town.ming.heard)
    await starts_earlier(town, activity, hours=5)
    assert sum("A place has become free for you!" in text for text in town.ming.heard) == 2
    await town.passes(hours=1, minutes=2)
    assert await names(town, activity, "offered") == ["Hua"] and await broken(town) == []


async def test_whoever_would_wake_after_the_earlier_start_hears_of_his_offer_at_once(town: Town) -> None:
    """Quiet hours do not keep an offer back that could be answered no more when they are over."""
    ming = await town.person(town.ming)
    await town.does(lambda tx: people.set_quiet_hours(tx, ming, 22 * 60, 7 * 60))
    activity = await full(town, town.ming)
    await town.until(2026, 11, 21, 23)
    await gives_up(town, activity, town.lan)
    await starts_earlier(town, activity, hours=8)
    assert any("I keep it for you until Sun 22 Nov, 01:02" in text for text in town.ming.heard)
    await town.until(2026, 11, 22, 7, 1)
    assert sum("A place has become free for you!" in text for text in town.ming.heard) == 1


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_place_kept_in_vain_for_the_last_who_waited_is_free(town: Town) -> None:
    """Nobody is told that it went on to others where nobody else waited."""
    activity = await full(town, town.ming)
    await gives_up(town, activity, town.lan)
    await town.passes(hours=13)
    assert "Nobody else waited, so it is free" in town.ming.screen.text
    assert "Sign up" in town.ming.screen.labels


async def test_a_place_that_nobody_takes_late_alarms_the_leader(town: Town) -> None:
    """The last of the queue lets it go a few hours before: the leader hears that it is free."""
    activity = await full(town, town.ming, starts_in=8 * HOUR, leader=town.lan)
    await gives_up(town, activity, town.lan)
    all_read(town)
    await town.ming.presses("No, thanks")
    assert "nobody on the waiting list took the place" in town.lan.heard[-1]
    assert (await now(town, activity)).free == 1


async def test_what_begins_ends_its_offers_and_its_queue(town: Town) -> None:
    """The start comes while a place is kept: nobody has it, nobody waits, the counts are those of the rows."""
    activity = await full(town, town.ming, town.hua, starts_in=20 * 60)
    await gives_up(town, activity, town.lan)
    town.clock.move(20 * 60)
    await town.ming.presses("I take it")
    assert "“River bank” takes nobody any more" in town.ming.screen.text
    await town.tick()
    after = await now(town, activity)
    assert (after.taken, after.waiting) == (0, 0)
    assert await broken(town) == []


async def test_offers_survive_a_cancellation_that_is_undone_and_an_earlier_start(town: Town) -> None:
    """Nothing is told of what was called off; once it takes place, earlier, the offer ends before the start."""
    activity = await full(town, town.ming)
    dong, lan = await town.person(town.dong), await town.person(town.lan)
    await town.does(lambda tx: activities.withdraw(tx, activity.id, by=lan))
    town.clock.move(30)
    await town.does(lambda tx: activities.cancel(tx, activity.id, "Storm", by=dong))
    await town.passes(seconds=40)
    assert town.ming.heard == []
    await town.does(lambda tx: activities.undo_cancelling(tx, activity.id, by=dong))
    await town.passes(seconds=1)
    assert "A place has become free for you!" in town.ming.heard[-1]
    soon = Change(starts_at=int(town.clock.instant) + HOUR, ends_at=int(town.clock.instant) + 2 * HOUR)
    await town.does(lambda tx: activities.change(tx, activity.id, soon, by=dong, reminders=town.settings.reminders))
    assert (await mine(town, activity, town.ming)).until == soon.starts_at
    await town.passes(hours=1)
    assert await names(town, activity, "offered") == []
    assert await broken(town) == []


async def test_many_more_places_are_offered_in_one_go(town: Town) -> None:
    """A leader doubles the places: sixty people are offered one each, told in slices, in the order of the queue."""
    activity = await published(town, None, places=1)
    crowd = [town.people.person(f"P{i}", language_code="en") for i in range(63)]
    await register(town, *crowd)
    async with together(town):
        for each in crowd:
            await each.starts(f"activities_open-{activity.id}")
    await join(town, activity, *crowd)
    dong = await town.person(town.dong)
    more = Change(places=61)
    await town.does(lambda tx: activities.change(tx, activity.id, more, by=dong, reminders=town.settings.reminders))
    all_read(town)
    await town.passes(seconds=1)
    await town.passes(seconds=1)
    assert [each.user.first_name for each in crowd if each.heard] == [f"P{i}" for i in range(1, 61)]
    assert await names(town, activity, "waiting") == ["P61", "P62"]
    await town.days_pass(1.5)
    assert await names(town, activity, "in") == ["P0"]
    assert (await now(town, activity)).free == 60
    assert await broken(town) == []


async def test_places_freed_under_fire_are_offered_once_each(town: Town) -> None:
    """Ten leave, ten take or let go, ten undo, all at once: each place has one person, each tap its answer."""
    activity = await published(town, await founded(town), places=10)
    crowd = [town.people.person(f"P{i}", language_code="en") for i in range(40)]
    await register(town, *crowd)
    async with together(town):
        for each in crowd:
            await each.starts(f"activities_open-{activity.id}")
    await join(town, activity, *crowd)
    async with together(town):
        for each in crowd[:10]:
            await each.says(f"/withdraw {activity.id}")
    await town.passes(seconds=60)
    async with together(town):
        for number, each in enumerate(crowd[10:20]):
            await each.presses("I take it" if number % 2 else "No, thanks")
        for each in crowd[:10]:
            await each.says(f"/signup {activity.id}")
        for each in crowd[11:20:2]:
            await each.says(f"/withdraw {activity.id}")
    await town.passes(seconds=61)
    assert await names(town, activity, "in") == []
    assert await names(town, activity, "offered") == [f"P{i}" for i in range(20, 30)]
    waiting = await names(town, activity, "waiting")
    assert waiting[:10] == [f"P{i}" for i in range(30, 40)]
    assert set(waiting[10:]) == {f"P{i}" for i in range(10)}
    assert all("A place has become free for you!" in each.heard[-1] for each in crowd[20:30])
    assert all(each.unanswered == [] for each in crowd)
    assert await broken(town) == []
