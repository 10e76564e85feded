"""A duty goes to somebody else: one tap decides, the first one; gaps are never unseen."""

import asyncio
from datetime import date, timedelta

import pytest

from bot.domain import privacy, rotas
from bot.domain.rotas import Seat
from bot.refusal import Refused
from bot.sandbox.people import Persona
from tests.publishing import all_read, fills_in, join, published
from tests.rotating import MONDAY, drawn, guides, holds, minute, on, post, seats, taps
from tests.town import Town

HOUR = 3600


async def one_duty(town: Town, *others: Persona, people: int = 1) -> int:
    """Ming alone has a duty on Thursday morning; the others serve there too, but have none. Its number."""
    group = await guides(town, town.ming)
    made = await post(town, group, (3, 9, 3, people))
    await drawn(town, made)
    for persona in others:
        await persona.says("/join Guides")
    all_read(town)
    return (await seats(town, town.ming))[0].duty.id


async def test_somebody_is_found_in_one_tap(town: Town) -> None:
    """Those who are free are asked once; the first has it, whoever was relieved and the leader hear of it, and it is undone
    within a minute as if it had not been.
    """
    duty = await one_duty(town, town.hua, town.shen)
    # Shen has something else then.
    task = await published(town, None, starts_in=4 * 24 * HOUR + 23 * HOUR)
    await join(town, task, town.shen)
    await town.ming.presses_data(f"rotas.duty:{duty}")
    await town.ming.presses("🔎 Find somebody for me")
    week = await town.does(lambda tx: tx.value("SELECT MIN(day) FROM rota_shifts"))
    await town.ming.presses_data(f"rotas.plan:1:{date.fromisoformat(week).toordinal()}")
    assert "🔎 looks for somebody to take it over" in town.ming.screen.text
    assert "Thu 26 Nov, 09:00" in town.ming.screen.labels
    await town.tick()
    assert "Ming looks for somebody to take over" in town.hua.screen.text
    assert not any("looks for somebody" in text for text in town.shen.heard)
    await town.hua.presses("I take this duty")
    assert "With" not in town.hua.screen.text
    await town.hua.presses("Undo (60 s)")
    assert (await seats(town, town.ming))[0].duty.seeking_at is not None
    await town.hua.presses_data(f"rotas.relieve:{duty}")
    await minute(town)
    assert "Hua serves" in town.ming.screen.text
    assert "Hua serves" in town.lan.screen.text
    assert await seats(town, town.ming) == []
    await town.shen.presses_data(f"rotas.relieve:{duty}")
    assert "Somebody was quicker" in town.shen.screen.text
    assert await holds(town)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_nobody_who_has_left_for_good_serves_again(town: Town) -> None:
    """Whoever was relieved leaves, and the other takes it back within the minute: the place is empty, and its leader hears so."""
    made = await post(town, await guides(town, town.ming, town.hua), (2, 9, 2, 1))
    await drawn(town, made)
    giver, taker = (town.ming, town.hua) if await seats(town, town.ming) else (town.hua, town.ming)
    leaving = await town.person(giver)
    await giver.presses_data(f"rotas.seek:{(await seats(town, giver))[0].duty.id}")
    await taker.presses_data(f"rotas.relieve:{(await seats(town, giver))[0].duty.id}")
    await town.does(lambda tx: privacy.forget(tx, leaving))
    await taker.presses("Undo (60 s)")
    assert (await on(town, made))["2026-11-25"] == [] and await holds(town)
    await minute(town)
    assert "A place has become empty:" in town.lan.heard[-1]


async def test_of_many_who_tap_at_once_one_has_it(town: Town) -> None:
    """One offer, one taker, ten times; the others read that somebody was quicker."""
    duty = await one_duty(town, town.hua, town.dong)
    hua, dong, ming = [await town.person(each) for each in (town.hua, town.dong, town.ming)]
    await town.does(lambda tx: rotas.seek(tx, duty, by=ming))
    answers = await asyncio.gather(
        *(town.does(lambda tx, p=p: rotas.stand_in(tx, duty, by=p, rules=town.settings)) for p in (hua, dong) * 5),  # type: ignore[misc]
        return_exceptions=True,
    )
    assert sum(isinstance(each, rotas.Seat) for each in answers) == 1
    assert all(isinstance(each, rotas.Seat | Refused) for each in answers)
    assert await holds(town)


async def test_a_search_is_ended_by_whoever_began_it(town: Town) -> None:
    """Nobody can take it then, and nobody else could have begun or ended it."""
    duty = await one_duty(town, town.hua)
    await town.hua.presses_data(f"rotas.seek:{duty}")
    assert "changed meanwhile" in town.hua.screen.text
    await town.ming.presses_data(f"rotas.seek:{duty}")
    await town.ming.presses("Stop looking")
    await town.tick()
    await town.hua.presses_data(f"rotas.relieve:{duty}")
    assert "not needed any more" in town.hua.screen.text
    assert len(await seats(town, town.ming)) == 1


async def test_a_swap_needs_both(town: Town) -> None:
    """Offered, asked, declined; offered, withdrawn; offered, accepted and undone; accepted: both have each other's."""
    made = await post(town, await guides(town, town.ming, town.hua), (1, 9, 3, 1), (3, 9, 3, 1))
    await drawn(town, made)
    before = await on(town, made)
    mine, theirs = (await seats(town, town.ming))[0], (await seats(town, town.hua))[0]
    ask = f"rotas.swap.ask:{mine.duty.id}:{theirs.duty.id}"
    await town.ming.presses_data(f"rotas.swap:{mine.duty.id}")
    await town.ming.presses(next(label for label in town.ming.screen.labels if "Hua" in label))
    await town.hua.presses("No, thanks")
    assert "would rather not swap" in town.ming.heard[-1]
    await town.ming.presses_data(ask)
    await town.ming.presses("Swap offer 2")
    await town.ming.presses("Withdraw the offer")
    await town.hua.presses_data("rotas.swap.yes:2")
    assert "changed meanwhile" in town.hua.screen.text
    await town.ming.presses_data(ask)
    await town.ming.presses_data("rotas.swap.yes:3")
    assert "changed meanwhile" in town.ming.screen.text
    await town.hua.presses_data("rotas.swap.yes:3")
    assert await on(town, made) != before
    await town.hua.presses("Undo (60 s)")
    assert await on(town, made) == before
    await town.ming.presses_data(ask)
    await town.hua.presses_data("rotas.swap.yes:4")
    await minute(town)
    assert "Ming and Hua have swapped duties" in town.lan.heard[-1]
    assert "Ming and Hua have swapped duties" in town.ming.heard[-1]
    assert {name for names in (await on(town, made)).values() for name in names} == {"Ming", "Hua"}
    assert await holds(town)


async def test_a_duty_is_offered_for_five_others_at_a_time(town: Town) -> None:
    """The sixth is refused with that number, and nobody is asked."""
    made = await post(town, await guides(town, town.ming, town.hua), (1, 9, 3, 1), (3, 9, 3, 1))
    await drawn(town, made, weeks=6)
    mine, theirs = (await seats(town, town.ming))[0], await seats(town, town.hua)
    for each in theirs:
        await town.ming.presses_data(f"rotas.swap.ask:{mine.duty.id}:{each.duty.id}")
    assert len(theirs) == 6
    assert "There are 5 offers open for this duty" in town.ming.screen.text
    assert sum("would like to swap duties" in text for text in town.hua.heard) == 5


async def test_what_is_given_up_and_undone_is_no_gap(town: Town) -> None:
    """Where somebody is missing besides, nobody is told or asked either, as the answer says."""
    duty = await one_duty(town, town.hua, people=2)
    await town.ming.presses_data(f"rotas.giveup.yes:{duty}")
    await town.ming.presses("Undo (60 s)")
    await minute(town)
    assert town.lan.heard == [] and town.hua.heard == []


async def test_a_sudden_gap_is_told_once_and_taken_once(town: Town) -> None:
    """Given up, undone, given up: the leader hears it once a change, others are asked once, and the first has it."""
    duty = await one_duty(town, town.hua)
    await town.ming.presses_data(f"rotas.giveup:{duty}")
    await town.ming.presses("Yes, give it up")
    await town.ming.presses("Undo (60 s)")
    await minute(town)
    assert town.lan.heard == []
    await town.ming.presses_data(f"rotas.giveup.yes:{duty}")
    await minute(town)
    assert "Ming can't come" in town.lan.screen.text and "I ask those who can" in town.lan.screen.text
    assert not [text for text in town.ming.heard if "needs somebody" in text], "who can't come isn't asked to"
    asked = [text for text in town.hua.heard if "needs somebody" in text]
    assert len(asked) == 1
    await town.passes(hours=3)
    await town.passes(minutes=1)
    assert [text for text in town.lan.heard if "Nobody I asked has taken it so far" in text] == [town.lan.screen.text]
    await town.until(2026, 11, 24, 12)
    assert len([text for text in town.hua.heard if "needs somebody" in text]) == 1
    # Three days ahead, of the same gap, the leader is told that it is soon.
    assert [text for text in town.lan.heard if "short of people" in text] == [town.lan.screen.text]
    assert "There is nobody left to ask" in town.lan.screen.text
    shift = (await town.does(lambda tx: rotas.duty_of(tx, duty))).shift_id
    await town.hua.presses_data(f"rotas.take:{shift}")
    await town.ming.presses_data(f"rotas.take:{shift}")
    assert "quicker" in town.ming.screen.text
    assert await holds(town)


async def test_places_that_were_never_filled_are_alarmed_ahead(town: Town) -> None:
    """Three days before, the leader is told and those who can are asked; a drawn one is not asked for his own duty."""
    await town.opens(rotas={"gap_alarm_days": 2})
    made = await post(town, await guides(town, town.ming), (3, 9, 3, 2))
    await drawn(town, made)
    await town.until(2026, 11, 24, 8)
    assert town.lan.heard == []
    await town.until(2026, 11, 24, 10)
    assert "1 place is empty" in town.lan.screen.text and "There is nobody left to ask" in town.lan.screen.text
    assert town.ming.heard == []
    await town.hua.says("/join Guides")
    await town.hua.presses_data(f"rotas.plan:{made.id}:{town.clock.clock.today.toordinal()}")
    await taps(town.hua, next(label for label in town.hua.screen.labels if "09:00" in label), "I take this duty")
    assert "You took an empty place" in town.hua.screen.text
    assert await holds(town)


async def test_a_post_for_which_nobody_is_drawn_is_said_in_time(town: Town) -> None:
    """The morning after its first weekly time, and three days before its rota ends; not where the next one is drawn."""
    made = await post(town, await guides(town, town.ming), (3, 9, 3, 1), (5, 9, 3, 1))
    await town.until(2026, 11, 22, 10)
    assert town.lan.heard == ["Nobody is drawn yet for the weekly times of Museum."]
    await drawn(town, made)
    await town.until(2026, 11, 26, 10)
    assert "The rota of Museum ends on Sun 29 Nov: nobody is drawn for what comes after." in town.lan.heard
    await town.lan.presses("Draw")
    await taps(town.lan, "1", "Publish")
    all_read(town)
    await drawn(town, made, first=MONDAY + timedelta(days=14))
    await town.until(2026, 12, 3, 10)
    assert not [text for text in town.lan.heard if "ends on" in text] and await holds(town)


async def test_whoever_leaves_for_good_leaves_gaps_that_are_offered(town: Town) -> None:
    """His duties ahead become gaps, others are asked, and what he wrote is gone."""
    duty = await one_duty(town, town.hua)
    await town.ming.says("/forget")
    assert "1 duty ahead" in town.ming.screen.text
    await town.ming.presses("Yes, forget me")
    await minute(town)
    assert "needs somebody" in town.hua.heard[-1]
    assert "has become empty" in town.lan.heard[-1]
    gone = await town.does(lambda tx: rotas.duty_of(tx, duty))
    assert (gone.state, gone.why, gone.note) == ("off", "gone", "")
    assert await holds(town)


async def test_a_closed_post_ends_its_duties(town: Town) -> None:
    """The numbers are seen first; undone within a minute nobody is told; else those who had duties are, once."""
    duty = await one_duty(town)
    await town.lan.presses_data("rotas.closing:1")
    assert "1 duty ahead ends with it; 1 person" in town.lan.screen.text
    await taps(town.lan, "Close it", "Undo")
    await minute(town)
    assert town.ming.heard == []
    await town.lan.presses_data("rotas.slot.removal:1")
    await town.lan.presses("Remove it")
    await minute(town)
    assert "not needed any more" in town.ming.screen.text
    assert (await town.does(lambda tx: rotas.duty_of(tx, duty))).why == "gone"
    assert await seats(town, town.ming) == []
    assert await holds(town)


async def test_only_those_who_may_see_and_lead(town: Town) -> None:
    """A stranger to the group sees the post and not who serves; a member draws nothing; one's own row is another's to mark."""
    duty = await one_duty(town)
    await town.hua.presses_data("rotas.plan:1")
    assert "seen by those who serve" in town.hua.screen.text
    await town.hua.presses_data(f"rotas.duty:{duty}")
    assert "changed meanwhile" in town.hua.screen.text
    await town.ming.presses_data("rotas.preview:1:20261123:1")
    assert "Only the leaders of Guides" in town.ming.toasts[-1].text
    await town.ming.presses_data("rotas.publish:1")
    assert "Only the leaders of Guides" in town.ming.toasts[-1].text


async def test_a_rota_as_text_and_in_the_calendar(town: Town) -> None:
    """The file of text names who serves; the calendar has one's own duties, with a UID that stays."""
    await one_duty(town)
    await town.ming.presses_data("rotas.text:1")
    assert "09:00–12:00: Ming" in town.ming.files[-1].content.decode()
    await town.ming.presses_data("rotas.calendar")
    calendar = town.ming.files[-1].content.decode()
    assert "DTSTART:20261126T010000Z" in calendar
    assert "SUMMARY:Museum" in calendar
    assert "UID:duty-1-" in calendar
    await town.shen.presses_data("rotas.calendar")
    assert "You have no duty ahead" in town.shen.screen.text and not town.shen.files


async def test_anyone_draws_it_again(town: Town) -> None:
    """The rules, the seed, and that a new draw came to the same; the file has numbers instead of names."""
    await one_duty(town)
    await town.ming.presses_data("rotas.how:1")
    assert "Drawn again just now: the same" in town.ming.screen.text
    await town.ming.presses("What it was drawn from")
    assert '"seed"' in town.ming.files[-1].content.decode()
    assert "Ming" not in town.ming.files[-1].content.decode()
    await town.does(lambda tx: tx.run("UPDATE rota_drawings SET outcome = '[[]]'"))
    await town.ming.presses_data("rotas.how:1")
    assert "not the same" in town.ming.screen.text


async def test_volunteers_serve_where_not_all_members_do(town: Town) -> None:
    """Whoever likes says so in one tap and is drawn; whoever stops is not drawn again; people under 18 serve at none."""
    made = await post(town, await guides(town), (3, 9, 3, 1), everybody=False)
    await town.hua.presses_data(f"rotas.post:{made.id}")
    await town.hua.presses("✋ I serve here")
    assert "every day" in town.hua.screen.text
    await drawn(town, made)
    assert list((await on(town, made)).values()) == [["Hua"]]
    await town.hua.presses_data(f"rotas.leave:{made.id}")
    await town.lan.presses_data(f"rotas.preview:{made.id}:20261130:1")
    assert "nobody serves at Museum yet" in town.lan.screen.text
    await town.does(lambda tx: tx.run("UPDATE people SET age = 'youth' WHERE nickname = 'Ming'"))
    await town.ming.presses_data(f"rotas.serve:{made.id}")
    assert "people of 18 and older serve" in town.ming.screen.text


async def test_days_away_and_lengths_are_refused_in_words(town: Town) -> None:
    """The wrong way round, in the past, far ahead or unreadable: what is possible is said, and nothing is kept."""
    await guides(town)
    await town.hua.presses_data("rotas.away.new")
    await fills_in(town.hua, "yesterday")
    assert "from today on" in town.hua.screen.text
    await fills_in(town.hua, "someday")
    assert "could not read that day" in town.hua.screen.text
    await fills_in(town.hua, "30 November", "25 November")
    await town.hua.presses("Save")
    assert "before the first one" in town.hua.toasts[-1].text
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM rota_away")) == 0


async def test_a_duty_is_kept_free_of_activities(town: Town) -> None:
    """Signing up for what is at the same time is refused, with the duty named and a way to it; the next day is open."""
    await one_duty(town)
    for hours, said in ((4 * 24 + 23, "at the same time as “Museum”"), (5 * 24 + 23, "You are signed up")):
        task = await published(town, None, starts_in=hours * HOUR)
        await town.ming.says(f"/signup {task.id}")
        assert said in town.ming.screen.text.replace("✅ ", "")
        if "Open the other one" in town.ming.screen.labels:
            await town.ming.presses("Open the other one")
            assert "🔎 Find somebody for me" in town.ming.screen.labels


async def test_no_undo_puts_anybody_at_two_places(town: Town) -> None:
    """Whoever serves elsewhere at that time by now doesn't get a duty back, be it a stand-in, a swap or a draw that is undone."""
    group = await guides(town, town.ming, town.hua)
    desk = await post(town, group, (0, 9, 2, 1), (2, 9, 2, 1), name="Desk")
    gate = await post(town, group, (0, 9, 2, 2), (2, 9, 2, 2), everybody=False, name="Gate")
    await town.dong.presses_data(f"rotas.serve:{gate.id}")
    await drawn(town, gate, weeks=3)
    await town.ming.presses_data(f"rotas.serve:{gate.id}")
    await drawn(town, desk, weeks=3)
    mine, theirs = await seats(town, town.ming), await seats(town, town.hua)
    assert len(mine) == len(theirs) == 3

    async def serves_at_the_gate_instead(of: Seat) -> None:
        same = "SELECT id FROM rota_shifts WHERE post_id = :gate AND starts_at = :at"
        shift = await town.does(lambda tx: tx.value(same, gate=gate.id, at=of.shift.starts_at))
        await town.ming.presses_data(f"rotas.take:{shift}")
        assert "Gate" in town.ming.screen.text

    await town.ming.presses_data(f"rotas.seek:{mine[0].duty.id}")
    await town.hua.presses_data(f"rotas.relieve:{mine[0].duty.id}")
    await serves_at_the_gate_instead(mine[0])
    await town.hua.presses("Undo (60 s)")
    assert (await on(town, desk))[mine[0].shift.day] == [] and await holds(town)

    await town.ming.presses_data(f"rotas.swap.ask:{mine[1].duty.id}:{theirs[1].duty.id}")
    await town.hua.presses_data("rotas.swap.yes:1")
    await serves_at_the_gate_instead(mine[1])
    await town.hua.presses("Undo (60 s)")
    assert "Ming has something else at that time" in town.hua.screen.text and await holds(town)

    await minute(town)
    ming = await town.person(town.ming)
    await town.does(lambda tx: rotas.go_away(tx, mine[2].shift.day, mine[2].shift.day, by=ming))
    again = await drawn(town, desk, first=MONDAY + timedelta(days=14), told=False)
    await serves_at_the_gate_instead(mine[2])
    await town.lan.presses_data(f"rotas.unpublish:{again.id}")
    assert "so it can't be undone" in town.lan.screen.text and await holds(town)


async def test_however_many_times_and_posts_each_can_be_opened(town: Town) -> None:
    """The ninth weekly time can be removed, the seventh post of a group is on its second page, every gap is counted and can
    be opened.
    """
    group = await guides(town, town.ming)
    made = await post(town, group, *((day, hour, 1, 1) for day in range(7) for hour in (9, 14)), name="Desk 1")
    for number in range(2, 8):
        await post(town, group, name=f"Desk {number}")
    await drawn(town, made)
    await town.lan.presses_data(f"rotas.post:{made.id}")
    assert "⚠️ 13 places are empty in two weeks." in town.lan.screen.text
    await town.lan.presses_data(f"rotas.plan:{made.id}:{MONDAY.toordinal()}")
    await taps(town.lan, "Next ›", "Sun 29 Nov, 14:00")
    assert "👥 0 of 1 people" in town.lan.screen.text
    await town.lan.presses_data(f"rotas.slots:{made.id}")
    await taps(town.lan, "Next ›", "✕ Fri 09:00–10:00", "Remove it")
    await town.lan.presses_data(f"rotas.group:{group.id}")
    await taps(town.lan, "Next ›", "Desk 7")
    assert "Desk 7 · number 7" in town.lan.screen.text
