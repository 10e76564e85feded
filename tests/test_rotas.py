"""Duty posts: made by leaders, drawn fairly, told once, and reminded of."""

import asyncio

import pytest

from bot.domain import groups, hours, privacy, rotas
from bot.domain.rotas import Duty, Shift, asking
from bot.refusal import Refused
from bot.storage import Transaction
from tests.databases import Databases
from tests.publishing import DAY, all_read, fills_in, join, published
from tests.rotating import MONDAY, drawn, guides, holds, on, post, seats, taps
from tests.town import Town, TownClock, built


async def test_a_leader_makes_a_post_draws_and_publishes(town: Town) -> None:
    """From nothing to a published rota by buttons: the numbers are seen first, everybody is told once, the card says why."""
    await guides(town, town.ming, town.hua)
    lan, ming = town.lan, town.ming
    await lan.says("/rota")
    await taps(lan, "＋ New duty post", "Guides")
    await fills_in(lan, "Museum", "Old town hall", "!All members of the group")
    await taps(lan, "Make the duty post", "＋ Add a time")
    await fills_in(lan, "!Sat", "9:00", "!3 hours", "!1")
    await lan.presses("Add it")
    assert "Sat 09:00–12:00, 1 person" in lan.screen.text
    await taps(lan, "Draw", "4")
    assert "4 duties for 2 people" in lan.screen.text
    assert "Each has 2" in lan.screen.text
    assert "Every place is filled" in lan.screen.text
    assert ming.heard == []
    await lan.presses("Publish")
    assert "Sat 28 Nov, 09:00–12:00" in lan.screen.text
    await town.passes(seconds=61)
    assert "The rota of Museum is there: Mon 23 Nov to Sun 20 Dec" in ming.screen.text
    assert "Each has 2." in ming.screen.text
    assert len(ming.heard) == 1
    await ming.presses("My duties")
    await ming.presses(ming.screen.labels[0])
    assert "Why you: not served here yet; 2 duties, as everybody" in ming.screen.text
    assert await holds(town)


async def test_whoever_served_longest_ago_is_first(town: Town) -> None:
    """A second draw goes by who served in the first one, and says so."""
    made = await post(town, await guides(town, town.ming, town.hua), (0, 9, 3, 1))
    await drawn(town, made)
    (first,) = (await on(town, made)).values()
    await town.until(2026, 11, 29, 12)
    all_read(town)
    await drawn(town, made, first=MONDAY.replace(day=30))
    (second,) = (await on(town, made, MONDAY.replace(day=30))).values()
    assert {*first, *second} == {"Ming", "Hua"}
    await town.until(2026, 12, 6, 12)
    await drawn(town, made, first=MONDAY.replace(month=12, day=7))
    (third,) = (await on(town, made, MONDAY.replace(month=12, day=7))).values()
    assert third == first
    served = town[third[0]]
    await served.presses_data(f"rotas.duty:{(await seats(town, served))[0].duty.id}")
    assert "last served 2 weeks before" in served.screen.text


async def test_nobody_is_drawn_for_days_on_which_he_cannot(town: Town) -> None:
    """Weekdays, absences and a place in an activity are kept free."""
    group = await guides(town, town.ming, town.hua)
    made = await post(town, group, (0, 9, 3, 2), (2, 9, 3, 2), (4, 9, 3, 2))
    await town.ming.presses_data(f"rotas.serve:{made.id}")
    await town.ming.presses("✅ Mon")
    assert "Tue Wed Thu Fri Sat Sun" in town.ming.screen.text
    await town.hua.presses_data("rotas.away.new")
    await fills_in(town.hua, "25 November", "25 November")
    await town.hua.presses("Save")
    assert "Wed 25 Nov to Wed 25 Nov" in town.hua.screen.text
    # Friday morning.
    task = await published(town, None, starts_in=6 * DAY - 3600)
    await join(town, task, town.hua)
    await town.lan.presses_data(f"rotas.limits.set:{made.id}")
    await fills_in(town.lan, "7", "0", "3")
    await town.lan.presses("Save")
    await drawn(town, made)
    found = await on(town, made)
    assert found == {"2026-11-23": ["Hua"], "2026-11-25": ["Ming"], "2026-11-27": ["Ming"]}


async def test_drawn_again_what_people_arranged_stays(town: Town) -> None:
    """A swap outlives a second draw of the same weeks; of what was drawn nothing is doubled, and all is told once more."""
    made = await post(town, await guides(town, town.ming, town.hua), (1, 9, 3, 1), (3, 9, 3, 1))
    await drawn(town, made, 2)
    mine, theirs = (await seats(town, town.ming))[0], (await seats(town, town.hua))[0]
    await town.ming.presses_data(f"rotas.swap.ask:{mine.duty.id}:{theirs.duty.id}")
    await town.hua.presses("Swap")
    before = await on(town, made)
    await drawn(town, made, 2)
    assert (await on(town, made)) == before
    assert await holds(town)


async def test_a_publication_is_undone_within_a_minute(town: Town) -> None:
    """Nobody is told, and the rota before it is there again; a minute later it is too late."""
    made = await post(town, await guides(town, town.ming), (1, 9, 3, 1))
    await drawn(town, made)
    before = await on(town, made)
    await drawn(town, made, told=False)
    await town.hua.says("/join Guides")
    await town.lan.presses_data("rotas.unpublish:2")
    await town.passes(minutes=2)
    assert "The rota of" not in "".join(town.ming.heard)
    assert await on(town, made) == before
    await town.lan.presses_data("rotas.unpublish:1")
    assert "for 60 seconds only" in town.lan.screen.text
    assert await holds(town)


async def test_what_was_looked_at_is_what_counts(town: Town) -> None:
    """When somebody joins between preview and publishing, nothing is published and the leader looks again."""
    made = await post(town, await guides(town, town.ming), (1, 9, 3, 1))
    await town.lan.presses_data(f"rotas.preview:{made.id}:20261123:1")
    seed = town.lan.screen.text.partition("Seed ")[2][:12]
    await town.hua.says("/join Guides")
    await town.lan.presses("Publish")
    assert "Something has changed since this draw" in town.lan.screen.text
    assert await on(town, made) == {}
    await town.lan.presses_data(f"rotas.preview:{made.id}:20261123:1")
    assert seed in town.lan.screen.text


async def test_weekly_times_of_a_post_do_not_overlap(town: Town) -> None:
    """A second time over the first one is refused with what to do instead, around the week's end too; of five days all or none."""
    made = await post(town, await guides(town), (6, 22, 4, 1))
    for weekday, when in (("!Sun", "23:00"), ("!Mon", "1:00"), ("!Mon to Fri, each day", "1:30")):
        await town.lan.presses_data(f"rotas.slot.new:{made.id}")
        await fills_in(town.lan, weekday, when, "!1 hour", "!1")
        await town.lan.presses("Add it")
        assert "overlaps Sun 22:00–02:00" in town.lan.screen.text
    await town.lan.presses_data(f"rotas.slot.new:{made.id}")
    await fills_in(town.lan, "!Mon to Fri, each day", "16:30", "90 minutes", "2", "!Add it")
    assert town.lan.screen.text.count("16:30–18:00, 2 people") == 5


async def test_a_weekday_that_there_is_not_is_refused(town: Town) -> None:
    """Typed instead of tapped, with zeros before it or in other digits: the form asks again."""
    made = await post(town, await guides(town))
    await town.lan.presses_data(f"rotas.slot.new:{made.id}")
    for typed in ("7", "0069", "000" + "9" * 800, "٣"):
        await town.lan.says(typed)
        assert "Please tap the weekday." in town.lan.screen.text


async def test_a_duty_is_reminded_of_with_the_note_of_the_last_one(town: Town) -> None:
    """Both reminders come, the second one after quiet hours; what the last ones left to be known stands in them."""
    made = await post(town, await guides(town, town.ming), (0, 9, 3, 1), (2, 9, 3, 1))
    await town.lan.presses_data(f"rotas.limits.set:{made.id}")
    await fills_in(town.lan, "2", "0", "3")
    await town.lan.presses("Save")
    await town.ming.says("/settings")
    await taps(town.ming, "Quiet hours", "22:00 to 07:00")
    await drawn(town, made)
    first = (await seats(town, town.ming))[0]
    await town.until(2026, 11, 23, 9, 30)
    reminders = [text for text in town.ming.heard if "Reminder · duty" in text]
    assert ["about 2 hours" in text for text in reminders] == [False, True]
    await town.ming.presses_data(f"rotas.note:{first.duty.id}")
    await fills_in(town.ming, "The key is <b>below</b> the mat")
    await town.ming.presses("Leave it")
    all_read(town)
    await town.until(2026, 11, 25, 8)
    assert "From Ming: The key is <b>below</b> the mat" in town.ming.heard[-1]


async def test_hours_are_credited_to_whoever_served(town: Town) -> None:
    """The leader is asked at the end, marks, sees the numbers and confirms once, also where the post was closed meanwhile; hours
    count at once as a roll-call.
    """
    made = await post(town, await guides(town, town.ming, town.hua), (0, 9, 3, 2))
    await drawn(town, made)
    await town.until(2026, 11, 23, 12, 1)
    assert "2 people were on" in town.lan.screen.text
    await town.lan.presses_data("rotas.close:1")
    await town.lan.presses_data("rotas.shift:1")
    await taps(town.lan, "Who served?", "▫️ Ming")
    assert "✅ Ming" in town.lan.screen.text
    await town.lan.presses("Confirm")
    assert "1 served, with 3 h each" in town.lan.screen.text
    assert "1 missed it, 1 of them not marked" in town.lan.screen.text
    await town.lan.presses("Confirm")
    assert "1 served, 1 missed it" in town.lan.screen.text
    person = await town.person(town.ming)
    assert (await town.does(lambda tx: hours.sums(tx, person.id))).b == 180
    await town.lan.presses_data("rotas.settled:1")
    assert "It was said before who served" in town.lan.screen.text
    assert "3 h" in "".join(town.ming.heard)
    assert await holds(town)


async def test_where_nobody_leads_the_county_says_who_served(town: Town) -> None:
    """The group was closed while a duty ran: its leaders are let go, and an admin is asked, who may answer."""
    group = await guides(town, town.ming)
    await drawn(town, await post(town, group, (0, 9, 3, 1)))
    await town.until(2026, 11, 23, 10)
    dong = await town.person(town.dong)
    await town.does(lambda tx: groups.close(tx, group.id, concerned=1, by=dong))
    await town.until(2026, 11, 23, 12, 1)
    await town.dong.presses("Who served?")
    await taps(town.dong, "All served", "Confirm", "Confirm")
    assert "1 served, 0 missed it" in town.dong.screen.text
    assert "A duty is over" not in "".join(town.lan.heard)


async def test_a_mark_while_it_is_settled_comes_too_late(
    databases: Databases, clock: TownClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL, where both go on at once: who missed it as it was confirmed has missed it."""
    async with databases.opened("postgresql", clock) as storage, built(storage, clock) as town:
        made = await post(town, await guides(town, town.ming), (0, 9, 3, 1))
        await drawn(town, made)
        await town.until(2026, 11, 23, 12, 1)
        lan, dong = await town.person(town.lan), await town.person(town.dong)
        duties: list[Duty] = []
        marking: list[asyncio.Task[Shift]] = []

        async def while_another_marks(tx: Transaction, shift_id: int) -> list[Duty]:
            if duties and not marking:
                mark = town.does(lambda other: rotas.mark(other, duties[0].id, by=dong))
                marking.append(asyncio.create_task(mark))
                await asyncio.wait(marking, timeout=0.1)
            duties[:] = (await asking.duties_on_each(tx, [shift_id]))[shift_id]
            return duties

        monkeypatch.setattr(asking, "duties_on", while_another_marks)
        await town.does(lambda tx: rotas.settle(tx, 1, by=lan))
        await asyncio.wait(marking)
        assert isinstance(marking[0].exception(), Refused)
        assert (await town.does(lambda tx: rotas.duty_of(tx, duties[0].id))).came == 0


async def test_a_shorter_draw_over_a_longer_one_ends_nothing(town: Town) -> None:
    """What was drawn for four weeks stays, and the card says until when: nobody is told early that it ends."""
    made = await post(town, await guides(town, town.ming), (1, 9, 3, 1))
    await drawn(town, made, weeks=4)
    await drawn(town, made, weeks=1)
    await town.lan.presses_data(f"rotas.plan:{made.id}")
    assert "Drawn until Sun 20 Dec." in town.lan.screen.text


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_an_undone_draw_brings_nobody_back_who_has_left(town: Town) -> None:
    """Redrawn while he was away, gone for good within the minute: the draw stands, and nobody serves who is not here."""
    made = await post(town, await guides(town, town.ming, town.hua), (2, 9, 2, 1))
    await drawn(town, made)
    persona = town.ming if await seats(town, town.ming) else town.hua
    person = await town.person(persona)
    await town.does(lambda tx: rotas.go_away(tx, "2026-11-25", "2026-11-25", by=person))
    again = await drawn(town, made, told=False)
    await town.does(lambda tx: privacy.forget(tx, person))
    await town.lan.presses_data(f"rotas.unpublish:{again.id}")
    serving = "SELECT COUNT(*) FROM rota_duties WHERE person_id = :id AND state = 'on'"
    assert await town.does(lambda tx: tx.value(serving, id=person.id)) == 0
    assert "so it can't be undone" in town.lan.screen.text
