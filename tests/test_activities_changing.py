"""Changing and calling off what was published: who may, what follows, who is told."""

import pytest

from bot.domain import activities, people
from bot.domain.activities import Activity, Mode, Terms
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.founding import founded
from tests.publishing import all_read, bind, broken, fills_in, join, names, now, published, register
from tests.town import Town


async def test_a_leader_changes_each_thing(town: Town) -> None:
    """Title, time, place, places, points: asked, shown, confirmed; those signed up hear of time and place."""
    activity = await published(town, await founded(town, "Dance", leader=town.lan))
    await join(town, activity, town.ming)
    all_read(town)
    await town.lan.starts(f"activities_open-{activity.id}")
    for name, answer in (("Title", "River park"), ("Places", "5"), ("Points", "20")):
        await fills_in(town.lan, "!Change", f"!{name}", answer, "!Change it")
    await town.tick()
    assert town.ming.heard == []
    await fills_in(town.lan, "!Change", "!When", "next Sat 3pm")
    assert "“River park”, until now: Tue 24 Nov, 10:00–12:00" in town.lan.screen.text
    assert "1 person in it is told of it." in town.lan.screen.text
    await town.lan.presses("Change it")
    await town.tick()
    assert "Time or place have changed" in town.ming.heard[-1]
    assert "Sat 28 Nov, 15:00–17:00" in town.ming.heard[-1], "as long as before"
    await fills_in(town.lan, "!Change", "!Place", "East bridge", "!Change it")
    await town.tick()
    assert "📍 East bridge" in town.ming.heard[-1]
    changed = await now(town, activity)
    assert (changed.title, changed.places, changed.points) == ("River park", 5, 20)
    assert await audited(town, activity) == ["activity.published", *["activity.changed"] * 5]


async def audited(town: Town, activity: Activity) -> list[str]:
    """What the audit log has of an activity."""
    rows = await town.does(
        lambda tx: tx.all("SELECT deed FROM audit WHERE subject = :name ORDER BY number", name=activity.name)
    )
    return [row["deed"] for row in rows]


async def test_more_places_let_the_queue_move(town: Town) -> None:
    """As many as there is room for, in order, and they are told."""
    activity = await published(town, await founded(town, "Dance", leader=town.lan), places=1)
    await join(town, activity, town.lan, town.ming, town.hua, town.dong)
    all_read(town)
    await town.lan.starts(f"activities_open-{activity.id}")
    await fills_in(town.lan, "!Change", "!Places", "3", "!Change it")
    assert await names(town, activity, "in") == ["Lan"]
    assert await names(town, activity, "offered") == ["Ming", "Hua"]
    assert await names(town, activity, "waiting") == ["Dong"]
    await town.passes(seconds=1)
    for persona in (town.ming, town.hua):
        assert "A place has become free for you!" in persona.heard[-1]
        await persona.presses("I take it")
    assert await names(town, activity, "in") == ["Lan", "Ming", "Hua"]
    await fills_in(town.lan, "!Change", "!Places", "2", "!Change it")
    assert "3 people have a place already, so there can't be only 2" in town.lan.toasts[-1].text
    assert await broken(town) == []


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_who_has_applied_is_among_those_who_are_told(town: Town) -> None:
    """On the question, in the summary and after it the number is the same."""
    group = await founded(town, "Dance", leader=town.lan)
    activity = await published(town, group, terms=Terms(mode=Mode.LOTTERY))
    await join(town, activity, town.ming, town.hua)
    await town.lan.presses_data(f"activities.stop:{activity.id}")
    assert "2 people are told: 0 signed up, 2 waiting." in town.lan.screen.text
    await fills_in(town.lan, "!Yes, give the reason", "Storm")
    assert "2 people are told a minute later." in town.lan.screen.text


async def test_calling_off_tells_exactly_those_in_it_unless_undone(town: Town) -> None:
    """The number is shown before; nobody hears of it within the minute in which it can be undone."""
    activity = await published(town, await founded(town, "Dance", leader=town.lan), places=1)
    await join(town, activity, town.ming, town.hua)
    all_read(town)
    await town.lan.starts(f"activities_open-{activity.id}")
    await town.lan.presses("Call it off")
    assert "2 people are told: 1 signed up, 1 waiting." in town.lan.screen.text
    await fills_in(town.lan, "!Yes, give the reason", "Storm")
    assert "“River bank” is called off, and 2 people are told a minute later." in town.lan.screen.text
    assert town.lan.screen.labels == ["Yes, call it off", "‹ Back", "Let it take place"]
    await town.lan.presses("Yes, call it off")
    assert "2 people are told in a minute." in town.lan.screen.text
    await town.passes(seconds=30)
    await town.lan.presses("Undo (60 s)")
    assert "It takes place after all" in town.lan.toasts[-1].text
    await town.passes(seconds=90)
    assert town.ming.heard == town.hua.heard == []
    await fills_in(town.lan, "!Call it off", "!Yes, give the reason", "Flood", "!Yes, call it off")
    await town.passes(seconds=61)
    for persona in (town.ming, town.hua):
        assert [text for text in persona.heard if "Cancelled: Flood" in text] == persona.heard
        assert len(persona.heard) == 1
    await town.lan.presses("Undo (60 s)")
    assert "There is nothing to undo" in town.lan.screen.text
    assert (await now(town, activity)).is_cancelled


async def test_everybody_is_told_however_many_they_are(town: Town) -> None:
    """Word goes out in portions, each person once."""
    activity = await published(town, None, places=500)
    crowd = [town.people.person(f"P{i}", language_code="en") for i in range(450)]
    await register(town, *crowd)
    for each in crowd:
        each.user.started.add(town.bot.id)
    await join_all(town, activity, crowd)
    await town.dong.starts(f"activities_open-{activity.id}")
    await fills_in(town.dong, "!Call it off", "!Yes, give the reason", "Flood", "!Yes, call it off")
    await town.passes(seconds=61)
    await town.tick()
    await town.tick()
    assert all(len(each.heard) == 1 for each in crowd)


async def join_all(town: Town, activity: Activity, crowd: list[Persona]) -> None:
    async def deed(tx: Transaction) -> None:
        for each in crowd:
            person = await people.by_telegram(tx, each.id)
            assert person is not None
            await activities.sign_up(tx, activity.id, by=person, rules=town.settings)

    await town.does(deed)
    await town.settle()


async def test_the_card_in_the_group_says_when_it_is_called_off(town: Town) -> None:
    """And has no button any more."""
    group = await founded(town, "Dance", leader=town.lan)
    chat = town.telegram_group("Dance talk", town.lan)
    await bind(town, group, chat)
    activity = await published(town, group)
    await town.lan.starts(f"activities_open-{activity.id}")
    await fills_in(town.lan, "!Call it off", "!Yes, give the reason", "Flood", "!Yes, call it off")
    await town.passes(seconds=4)
    assert "Cancelled: Flood" in town.lan.screen_in(chat).text
    assert town.lan.screen_in(chat).labels == []


async def test_what_waits_for_its_leader_is_one_plain_line(town: Town) -> None:
    """In a leader's own list: what it was, and the question; whether he took part himself is of no account there."""
    activity = await published(town, await founded(town, "Dance", leader=town.lan))
    await join(town, activity, town.lan)
    await town.days_pass(4)
    await town.lan.says("What I lead")
    assert "❓ River bank · Tue 24 Nov, 10:00 · who came?" in town.lan.screen.text


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_was_cancelled_is_not_asked_for_anything_new(town: Town) -> None:
    """An old card's buttons refuse at once, not after the leader has typed it all."""
    activity = await published(town, await founded(town, leader=town.lan))
    dong = await town.person(town.dong)
    await town.does(lambda tx: activities.cancel(tx, activity.id, "Rain", by=dong))
    await town.lan.says("/me")
    for data in ("change:{}", "edit:{}:title", "stop:{}", "stop.why:{}"):
        town.lan.forget()
        await town.lan.presses_data(f"activities.{data.format(activity.id)}")
        assert "“River bank” was cancelled. Nothing was changed." in town.lan.toasts[-1].text
        assert town.lan.heard == []
