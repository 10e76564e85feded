"""“Still coming?”, the leader's list of places at risk, and stand-ins."""

import asyncio
from typing import Any

import pytest

from bot.domain import activities
from bot.domain.activities import Activity, View, Wish, handing
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.databases import Databases
from tests.founding import founded
from tests.publishing import DAY, all_read, bind, broken, join, names, published, together
from tests.town import Town, TownClock, built

HOUR = 3600


async def led(town: Town, *signed_up: Persona, places: int = 2, starts_in: int = 3 * DAY) -> Activity:
    """A task of Lan's group."""
    activity = await published(town, await founded(town, leader=town.lan), places=places, starts_in=starts_in)
    await join(town, activity, *signed_up)
    all_read(town)
    return activity


async def test_the_silent_are_the_leaders_list_until_they_answer(town: Town) -> None:
    """Asked a day and two hours before; whoever answers is off the list, until he is asked again."""
    activity = await led(town, town.ming, town.hua)
    await town.passes(seconds=2 * DAY)
    assert "Still coming?" in town.ming.heard[-1]
    await town.ming.presses("I'm coming")
    assert town.ming.toasts[-1].text == "Good, the place stays yours: Tue 24 Nov, 10:00, West bridge."
    await town.lan.starts(f"activities_open-{activity.id}")
    await town.lan.presses("Who may be missing?")
    assert "❔ Hua: no answer" in town.lan.screen.text
    assert "Ming" not in town.lan.screen.text
    await town.hua.presses("I'm coming")
    await town.lan.presses("‹ Back")
    await town.lan.presses("Who may be missing?")
    assert "Nobody is at risk" in town.lan.screen.text
    await town.passes(hours=22)
    await town.lan.presses("‹ Back")
    await town.lan.presses("Who may be missing?")
    assert "❔ Ming: no answer" in town.lan.screen.text
    assert await broken(town) == []


async def test_whoever_was_missed_lately_is_on_the_list_too(town: Town) -> None:
    """A no-show without excuse within ninety days; an excused one, or one long ago, does not count."""
    activity = await led(town, town.ming, town.hua, places=5, starts_in=100 * DAY)

    async def missed(tx: Transaction) -> None:
        for name, ends_at, how in (
            ("Ming", tx.now, None),
            ("Hua", tx.now, "excused"),
            ("Hua", tx.now - 91 * DAY, None),
        ):
            person = await tx.value("SELECT id FROM people WHERE nickname = :name", name=name)
            other = await tx.value(
                "INSERT INTO activities (kind, title, place, starts_at, ends_at, taken, state, settled_at, made_at, "
                "made_by) VALUES ('task', 'Past', 'There', :ends - 60, :ends, 1, 'confirmed', :ends, :ends, :by) "
                "RETURNING id",
                ends=ends_at,
                by=person,
            )
            await tx.run(
                "INSERT INTO participations (activity_id, person_id, state, since, made_at, came, how, confirmed_at, "
                "confirmed_by) VALUES (:id, :person, 'in', 1, 1, 0, :how, :ends, :other)",
                id=other,
                person=person,
                how=how,
                ends=ends_at,
                other=person + 1,
            )

    await town.does(missed)
    await town.lan.starts(f"activities_open-{activity.id}")
    await town.lan.presses("Who may be missing?")
    assert "❔ Ming: missed 1 time in 90 days" in town.lan.screen.text
    assert "Hua" not in town.lan.screen.text


async def test_a_silent_ones_place_is_offered_on_and_kept_by_a_quicker_answer(town: Town) -> None:
    """He is told, and taps first: who was asked is refused, and stays in the queue."""
    activity = await led(town, town.ming, town.hua, places=1)
    await town.passes(seconds=2 * DAY)
    await town.lan.starts(f"activities_open-{activity.id}")
    await town.lan.presses("Who may be missing?")
    await town.lan.presses("Offer on: Ming")
    assert "🔁 Ming: others are asked to take the place" in town.lan.screen.text
    await town.passes(seconds=1)
    assert "the leader offers your place to others" in town.ming.heard[-1]
    assert "Can you stand in for Ming?" in town.hua.heard[-1]
    await town.ming.presses("I'm coming")
    await town.hua.presses("I take over")
    assert "somebody was quicker, or its owner comes after all" in town.hua.screen.text
    assert (await names(town, activity, "in"), await names(town, activity, "waiting")) == (["Ming"], ["Hua"])
    assert await broken(town) == []


async def test_who_was_asked_to_stand_in_takes_what_is_kept_for_him_by_the_same_tap(town: Town) -> None:
    """The giver has withdrawn, and the place is offered to the next in the queue: the older question is as good."""
    activity = await led(town, town.ming, town.hua, places=1)
    await town.ming.starts(f"activities_open-{activity.id}")
    await town.ming.presses("Find a stand-in")
    await town.passes(seconds=1)
    await town.ming.presses("Withdraw")
    await town.passes(seconds=70)
    asked, offered = town.hua.screens[-2:]
    assert ("Can you stand in" in asked.text, "A place has become free for you" in offered.text) == (True, True)
    await town.hua.presses("I take over")
    assert await names(town, activity, "in") == ["Hua"]
    assert await broken(town) == []


async def test_a_silent_ones_place_goes_to_the_first_who_takes_it(town: Town) -> None:
    """Two tap at once: one has it, the other waits as before; all concerned are told."""
    activity = await led(town, town.ming, town.hua, town.dong, places=1)
    await town.passes(seconds=2 * DAY)
    await town.lan.starts(f"activities_open-{activity.id}")
    await town.lan.presses("Who may be missing?")
    await town.lan.presses("Offer on: Ming")
    await town.passes(seconds=1)
    async with together(town):
        for persona in (town.hua, town.dong):
            await persona.presses("I take over")
    holders = await names(town, activity, "in")
    assert sorted([*holders, *await names(town, activity, "waiting")]) == ["Dong", "Hua"]
    assert len(holders) == 1
    assert f"{holders[0]} stands in for you" in town.ming.heard[-1]
    assert f"🔁 {holders[0]} stands in for Ming" in town.lan.heard[-1]
    await town.ming.presses("I'm coming")
    assert any("You have no place in “River bank”" in text for text in town.ming.heard)
    assert await broken(town) == []


async def test_who_has_answered_is_not_offered_on(town: Town) -> None:
    """A stale button of the leader, and a forged one of another, change nothing."""
    activity = await led(town, town.ming, town.hua, places=1)
    await town.passes(seconds=2 * DAY)
    await town.lan.starts(f"activities_open-{activity.id}")
    await town.lan.presses("Who may be missing?")
    await town.ming.presses("I'm coming")
    await town.lan.presses("Offer on: Ming")
    assert "He has answered" in town.lan.screen.text
    sign_up = await town.does(lambda tx: tx.value("SELECT id FROM participations WHERE state = 'in'"))
    await town.hua.says("/start")
    await town.hua.presses_data(f"activities.offeron:{sign_up}")
    assert any("Only the leaders of" in text for text in (*town.hua.heard, *(each.text for each in town.hua.toasts)))
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM handovers")) == 0


async def test_a_stand_in_is_found_in_the_telegram_group(town: Town) -> None:
    """Nobody waits: the group is asked once, whoever taps there has the place, the giver kept his until then."""
    group = await founded(town, leader=town.lan)
    chat = town.telegram_group("Dance talk", town.lan, town.ming, town.hua)
    await bind(town, group, chat)
    activity = await published(town, group, places=1)
    await join(town, activity, town.ming)
    await town.ming.starts(f"activities_open-{activity.id}")
    await town.ming.presses("Find a stand-in")
    assert "I am looking for a stand-in for you." in town.ming.screen.text
    assert await names(town, activity, "in") == ["Ming"]
    await town.passes(seconds=1)
    await town.hua.presses("I take over", chat)
    assert town.hua.toasts[-1].text == "The place is yours: Tue 24 Nov, 10:00, West bridge."
    assert await names(town, activity, "in") == ["Hua"]
    await town.lan.starts(f"activities_open-{activity.id}")
    await town.lan.presses("Who may be missing?")
    assert "🔁 Hua stands in for Ming." in town.lan.screen.text
    assert await broken(town) == []


async def test_the_queue_is_asked_a_few_at_a_time(town: Town) -> None:
    """Five at once, an hour later the next; whoever withdraws or comes after all ends the search."""
    crowd = [await town.newcomer(f"P{i}") for i in range(6)]
    activity = await led(town, town.ming, *crowd, places=1)
    await town.ming.starts(f"activities_open-{activity.id}")
    await town.ming.presses("Find a stand-in")
    await town.passes(seconds=1)
    assert [each.user.first_name for each in crowd if each.heard] == ["P0", "P1", "P2", "P3", "P4"]
    await town.passes(hours=1)
    assert crowd[5].heard
    await town.ming.presses("I'm coming")
    await crowd[0].presses("I take over")
    assert "The place is not to be had any more" in crowd[0].screen.text
    assert await names(town, activity, "in") == ["Ming"]
    await town.ming.presses("Find a stand-in")
    ming = await town.person(town.ming)
    await town.does(lambda tx: activities.withdraw(tx, activity.id, by=ming))
    await town.passes(seconds=61)
    assert await names(town, activity, "offered") == ["P0"]
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM handovers WHERE state = 'open'")) == 0
    assert await broken(town) == []


async def test_a_place_to_take_over_stands_on_the_card(town: Town) -> None:
    """Where nobody is left to be asked, the giver hears it; whoever opens the full card takes over in one tap."""
    activity = await led(town, town.ming, places=1)
    await town.ming.starts(f"activities_open-{activity.id}")
    await town.ming.presses("Find a stand-in")
    await town.passes(minutes=1)
    assert "I know nobody else to ask" in town.ming.screen.text
    await town.dong.presses_data(f"activities.roll:{activity.id}")
    assert "🔁 Ming\n🔁 looks for a stand-in" in town.dong.screen.text
    await town.hua.starts(f"activities_open-{activity.id}")
    await town.hua.presses("🔁 Stand in")
    assert await names(town, activity, "in") == ["Hua"]
    assert "Hua stands in for you" in town.ming.screen.text
    await town.shen.starts(f"activities_open-{activity.id}")
    assert "🔁 Stand in" not in town.shen.screen.labels
    assert await broken(town) == []


async def test_whoever_joins_the_queue_later_is_asked_too(town: Town) -> None:
    """Where everybody had been asked, a newcomer in the queue is; the giver hears once that nobody is left."""
    activity = await led(town, town.ming, places=1)
    await town.ming.starts(f"activities_open-{activity.id}")
    await town.ming.presses("Find a stand-in")
    await town.passes(minutes=1)
    all_read(town)
    await join(town, activity, town.hua)
    await town.passes(hours=3)
    assert not any("nobody else to ask" in words for words in town.ming.heard)
    await town.hua.presses("I take over")
    assert await names(town, activity, "in") == ["Hua"]
    assert await broken(town) == []


async def test_whoever_joins_the_queue_in_the_moment_of_asking_is_asked_too(
    databases: Databases, clock: TownClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL, where both go on at once: nobody is left to be asked just as somebody signs up."""
    async with databases.opened("postgresql", clock) as storage, built(storage, clock) as town:
        activity = await led(town, town.ming, places=1)
        hua, joining = await town.person(town.hua), list[asyncio.Task[View]]()

        async def then_hua_joins(*question: Any) -> Any:
            found = await next_to_ask(*question)
            if not joining and not found:
                sign_up = town.does(
                    lambda tx: activities.sign_up(tx, activity.id, by=hua, rules=town.settings, wish=Wish())
                )
                joining.append(asyncio.create_task(sign_up))
                await asyncio.wait(joining, timeout=0.1)
            return found

        next_to_ask = handing._next_to_ask
        monkeypatch.setattr(handing, "_next_to_ask", then_hua_joins)
        await town.passes(hours=3)
        await town.ming.starts(f"activities_open-{activity.id}")
        await town.ming.presses("Find a stand-in")
        await town.passes(seconds=2)
        await asyncio.gather(*joining)
        await town.passes(hours=3)
        assert joining and "I take over" in town.hua.screen.labels
