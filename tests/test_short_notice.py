"""Stand-bys for places at short notice, and watches."""

from datetime import datetime
from typing import Any

from bot.domain import activities, people
from bot.domain.activities import Activity, Change, Least
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.founding import founded
from tests.publishing import DAY, all_read, broken, join, names, published, together
from tests.rotating import drawn, guides, post
from tests.town import SHANGHAI, Town

HOUR = 3600


async def stands_by(town: Town, persona: Persona, **words: tuple[str, ...]) -> None:
    """Somebody who may be asked, with words by kind."""
    person = await town.person(persona)

    async def deed(tx: Transaction) -> None:
        await activities.set_takes(tx, person, True)
        for kind, found in words.items():
            await activities.set_words(tx, person, kind, found)

    await town.does(deed)


async def lets_go(town: Town, activity: Activity, persona: Persona) -> None:
    """Withdraw, and let the minute pass in which that can be undone."""
    person = await town.person(persona)
    all_read(town)
    await town.does(lambda tx: activities.withdraw(tx, activity.id, by=person))
    await town.passes(seconds=60)


async def late(town: Town, **given: Any) -> Activity:
    """A task of Lan's group, with one place that Lan has, in eight hours."""
    group = await founded(town, leader=town.lan)
    activity = await published(town, group, **{"places": 1, "starts_in": 8 * HOUR, **given})
    await join(town, activity, town.lan)
    return activity


async def test_wishes_are_set_in_a_few_taps(town: Town) -> None:
    """From the settings: asked or not, words, and when one is free; and one tap ends it."""
    await town.ming.says("/settings")
    await town.ming.presses("Short notice")
    await town.ming.presses("Ask me")
    await town.ming.presses("Interests")
    await town.ming.says("River, 读书、river")
    await town.ming.presses("Save")
    assert "Interests: river, 读书" in town.ming.screen.text
    await town.ming.presses("When I am free")
    await town.ming.presses("Sat evening")
    assert "✅ Sat evening" in town.ming.screen.labels
    await town.ming.presses("‹ Back")
    assert "Free: Sat evening" in town.ming.screen.text
    assert "✅ I may ask you, 2 times a day at most." in town.ming.screen.text
    await town.ming.presses("Don't ask me any more")
    assert "✖️ I do not ask you." in town.ming.screen.text


async def test_a_place_freed_late_goes_to_the_first_stand_by_who_says_yes(town: Town) -> None:
    """Those whom it suits are asked, with the reason; two say yes at once, one has it, the other is in no queue."""
    activity = await late(town)
    await stands_by(town, town.ming, interest=("river",))
    await stands_by(town, town.hua, area=("west",))
    await stands_by(town, town.dong, interest=("chess",))
    await lets_go(town, activity, town.lan)
    assert "because you take places at short notice, and you care for “river”." in town.ming.heard[-1]
    assert "and it is near “west”." in town.hua.heard[-1]
    assert town.dong.heard == []
    async with together(town):
        for persona in (town.ming, town.hua):
            await persona.presses("I take it")
    holders = await names(town, activity, "in")
    assert len(holders) == 1
    assert await names(town, activity, "waiting") == []
    other = town.hua if holders == ["Ming"] else town.ming
    assert "Somebody was quicker" in other.screen.text
    assert await broken(town) == []


async def test_nobody_is_asked_whom_it_does_not_suit(town: Town) -> None:
    """Not at another time of the week, not in quiet hours, not who has something else or a duty then, not who said no."""
    crowd = [await town.newcomer(f"P{i}") for i in range(6)]
    await drawn(town, await post(town, await guides(town, crowd[5]), (5, 19, 1, 1)))
    await town.until(2026, 11, 28, 10)
    activity = await late(town)  # Saturday evening
    await town.does(lambda tx: tx.run("UPDATE people SET age = 'youth' WHERE nickname = 'Hua'"))
    await town.hua.presses_data("activities.standby.turn:1")
    assert "Nobody under 18 is asked at short notice" in town.hua.screen.text
    for each in crowd:
        await stands_by(town, each, interest=("river",))
    sunday, quiet, busy, tired, free, _ = [await town.person(each) for each in crowd]
    await town.does(lambda tx: activities.turn_part(tx, sunday, 6 * 3))
    noon = datetime.fromtimestamp(town.clock.instant, SHANGHAI).hour * 60
    await town.does(lambda tx: people.set_quiet_hours(tx, quiet, noon, noon + 120))
    await join(town, await published(town, None, title="Other", starts_in=8 * HOUR), busy)
    await town.does(lambda tx: activities.set_takes(tx, tired, False))
    await town.does(lambda tx: activities.turn_part(tx, free, 5 * 3 + 2))
    await lets_go(town, activity, town.lan)
    assert [each.user.first_name for each in crowd if each.heard] == ["P4"]


async def test_each_is_asked_twice_a_day_at_most_and_once_a_place(town: Town) -> None:
    """Three places become free in a day: two of them are worth a word to the same person; the day after, again."""
    await stands_by(town, town.ming, interest=("river",))
    tasks = [await published(town, None, places=1, starts_in=14 * HOUR + i * HOUR * 3) for i in range(3)]
    for activity in tasks:
        await join(town, activity, town.lan)
        await lets_go(town, activity, town.lan)
        await town.passes(hours=1)
        assert len(town.ming.heard) == (activity is not tasks[2])
    await town.until(2026, 11, 22, 10)
    last = await published(town, None, places=1, starts_in=20 * HOUR)
    await join(town, last, town.lan)
    await lets_go(town, last, town.lan)
    assert len(town.ming.heard) == 1


async def test_the_queue_comes_before_stand_bys(town: Town) -> None:
    """While somebody waits the place is his; only when he lets it go are stand-bys asked."""
    activity = await late(town)
    await join(town, activity, town.hua)
    await stands_by(town, town.ming, skill=("river",))
    await lets_go(town, activity, town.lan)
    assert town.ming.heard == []
    await town.hua.presses("No, thanks")
    await town.passes(seconds=1)
    assert "and you can “river”." in town.ming.heard[-1]


async def test_stand_bys_are_asked_to_stand_in(town: Town) -> None:
    """Nobody waits: whoever looks for a stand-in finds one among them."""
    activity = await late(town)
    await stands_by(town, town.ming, interest=("river",))
    all_read(town)
    await town.lan.starts(f"activities_open-{activity.id}")
    await town.lan.presses("Find a stand-in")
    await town.passes(seconds=1)
    assert "Can you stand in for Lan?" in town.ming.heard[-1]
    await town.ming.presses("I take over")
    assert await names(town, activity, "in") == ["Ming"]
    assert await broken(town) == []


async def test_what_is_short_of_people_asks_stand_bys_and_tells_watchers(town: Town) -> None:
    """When it is looked at, and it lacks people: the watch fires once, those whom it suits are asked."""
    activity = await published(town, None, places=5, least=Least(2, 24))
    await stands_by(town, town.ming, interest=("river",))
    await town.hua.starts(f"activities_open-{activity.id}")
    await town.hua.presses("Watch")
    await town.hua.presses("Tell me when it is short of people")
    assert "when it is short of people" in town.hua.screen.text
    all_read(town)
    await town.passes(seconds=2 * DAY)
    await town.passes(seconds=1)
    await town.passes(seconds=1)
    assert "Can you help out at short notice?" in town.ming.heard[-1]
    assert "🔔 “River bank” is short of people." in town.hua.heard[-1]


async def test_a_watch_fires_once_and_is_set_again_with_one_tap(town: Town) -> None:
    """Told when a place opens that nobody waits for; the next one only where it was set again."""
    activity = await published(town, None, places=1)
    await town.ming.says("/watch")
    assert "Volunteer tasks" in town.ming.screen.labels, "where nothing is watched, where to look"
    await town.ming.starts(f"activities_open-{activity.id}")
    await town.ming.presses("Watch")
    await town.ming.presses("Tell me when a place opens")
    assert "There is a free place in “River bank” now" in town.ming.screen.text
    await join(town, activity, town.lan)
    await town.ming.starts(f"activities_open-{activity.id}")
    await town.ming.presses("Watch")
    await town.ming.presses("Tell me when a place opens")
    for told in (1, 0):
        await lets_go(town, activity, town.lan)
        await town.passes(seconds=1)
        assert len(town.ming.heard) == told
        await join(town, activity, town.lan)
    await town.ming.says("/watch river bank")
    assert "River bank: what shall I tell you?" in town.ming.screen.text
    await town.ming.says("关注")
    assert "🔕 River bank · Tue 24 Nov, 10:00 · when a place opens: used up" in town.ming.screen.text
    await town.ming.presses("Watch again")
    dong = await town.person(town.dong)
    all_read(town)
    await town.does(
        lambda tx: activities.change(tx, activity.id, Change(places=2), by=dong, reminders=town.settings.reminders)
    )
    await town.passes(seconds=1)
    await town.passes(seconds=1)
    assert "🔔 A place has become free in “River bank”." in town.ming.heard[-1]
    await town.ming.presses("Sign up")
    assert await names(town, activity, "in") == ["Lan", "Ming"]


async def test_wishes_and_watches_are_given_out_and_forgotten(town: Town) -> None:
    """/mydata has them; whoever leaves takes them with him."""
    activity = await published(town, None, places=1)
    await join(town, activity, town.lan)
    await stands_by(town, town.ming, interest=("river",))
    ming = await town.person(town.ming)
    await town.does(lambda tx: activities.watch(tx, activity.id, "open", by=ming))
    known = await town.does(lambda tx: activities.known_of(tx, ming))
    assert (known["short notice"][0]["word"], known["watches"][0]["what"]) == ("river", "open")
    await town.does(lambda tx: activities.forget(tx, ming))
    known = await town.does(lambda tx: activities.known_of(tx, ming))
    assert (known["short notice"], known["watches"]) == ([], [])
