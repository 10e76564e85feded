"""The monthly council: its members, its day, and months in which nothing came of it."""

import pytest

from bot.domain import council
from tests.audited import newest_rows
from tests.sitting import by_hand, seat, to_december, told, until
from tests.town import Town

# The town begins on Saturday 21 November 2026; the council's day is the first of the month at 10:00, open for 7 days.
ASKED = "The youth council asks"

# Members


async def test_an_admin_adds_members_by_name_and_by_number(town: Town) -> None:
    """Both ways lead to the list, which everybody may read, and the new member is told."""
    hua = await town.person(town.hua)
    await town.dong.says("/council add Ming")
    await town.dong.says(f"/council add #{hua.id}")
    assert "You sit in the youth council now" in town.ming.screen.text
    await town.lan.says("/council members")
    assert "Ming" in town.lan.screen.text and "Hua" in town.lan.screen.text


async def test_a_member_is_removed_by_a_button(town: Town) -> None:
    """It is asked first, for he is told at once: then gone from the list."""
    await seat(town, "Ming")
    await town.dong.says("/council members")
    await town.dong.presses("Remove Ming")
    assert "You no longer sit" not in town.ming.screen.text
    await town.dong.presses("Yes, remove")
    assert "Nobody sits in the council yet" in town.dong.screen.text
    assert "You no longer sit" in town.ming.screen.text


async def test_a_seat_is_given_once(town: Town) -> None:
    """The second time is refused and changes nothing."""
    await seat(town, "Ming")
    await town.dong.says("/council add Ming")
    assert "sits in the council already" in town.dong.screen.text


async def test_namesakes_are_told_apart_by_their_numbers(town: Town) -> None:
    """Two people of one name: the admin chooses by number."""
    second = await town.newcomer("Ming")
    number = (await town.person(second)).id
    await town.dong.says("/council add Ming")
    await town.dong.presses(f"Ming #{number}")
    assert f"#{number}" in town.dong.screen.text
    assert "You sit in the youth council now" in second.screen.text


async def test_a_member_is_added_by_a_form(town: Town) -> None:
    """Button, name, Add."""
    await town.dong.says("/council members")
    await town.dong.presses("Add a member")
    await town.dong.says("Hua")
    await town.dong.presses("Add")
    assert "Hua" in town.dong.screen.text


@pytest.mark.parametrize("data", ["council.open.yes", "council.close.yes", "council.add:1", "council.removed:1"])
@pytest.mark.parametrize("name", ["ming", "shen", "lan"])
async def test_an_admins_buttons_are_refused_to_others(town: Town, name: str, data: str) -> None:
    """Whoever forges an admin's press is told that only admins can, and nothing changes."""
    await town[name].says("/council")
    await town[name].presses_data(data)
    assert "Only county admins" in town[name].toasts[-1].text
    assert await town.does(council.current) is None


@pytest.mark.parametrize("words", ["add Ming", "remove Ming", "open", "close"])
async def test_an_admins_words_are_refused_to_others(town: Town, words: str) -> None:
    """The same by command."""
    await town.ming.says(f"/council {words}")
    assert "Only county admins" in town.ming.screen.text


async def test_every_deed_of_an_admin_is_in_the_audit_log(town: Town) -> None:
    """Adding, removing, opening, closing and recording."""
    await town.dong.says("/council add Ming")
    await town.dong.says("/council remove Ming")
    await town.dong.presses("Yes, remove")
    await town.ming.says("/topic Lamps")
    await by_hand(town, "open")
    await by_hand(town, "close")
    await town.dong.presses("1. Lamps · 0 👍")
    await town.dong.presses("Record the outcome")
    await town.dong.says("Repaired")
    await town.dong.presses("Record and tell them")
    entries = await town.does(lambda tx: newest_rows(tx, 5))
    assert [entry.deed for entry in reversed(entries)] == [
        "council.added",
        "council.removed",
        "council.opened",
        "council.closed",
        "council.answered",
    ]


# The month


async def test_on_its_day_the_council_is_asked_for_topics(town: Town) -> None:
    """At the hour, and not before; its members, and nobody else."""
    await seat(town, "Ming", "Hua")
    await until(town, 2026, 12, 1, 9)
    assert told(town, "ming", ASKED) == 0
    await until(town, 2026, 12, 1, 10)
    assert [told(town, name, ASKED) for name in ("ming", "hua", "lan")] == [1, 1, 0]


async def test_everybody_is_asked_where_that_is_set(town: Town) -> None:
    """With ask_everybody all who are registered hear of it, once each."""
    await town.opens(council={"ask_everybody": True})
    await to_december(town, "Ming")
    await town.tick()
    assert [told(town, name, ASKED) for name in ("ming", "hua", "lan", "dong", "shen")] == [1] * 5


async def test_two_ticks_ask_once(town: Town) -> None:
    """Nobody is told twice, however often the clock ticks or the bot starts anew."""
    await to_december(town, "Ming")
    await town.tick()
    await town.opens()
    await town.tick()
    assert told(town, "ming", ASKED) == 1


async def test_quiet_hours_hold_the_question_back(town: Town) -> None:
    """Whoever is quiet until noon is asked at noon."""
    await town.ming.says("/settings")
    await town.ming.presses("Quiet hours")
    await town.ming.presses("Other hours")
    await town.ming.says("9:00-12:00")
    await town.ming.presses("Save")
    await to_december(town, "Ming")
    assert told(town, "ming", ASKED) == 0
    await town.passes(hours=2)
    assert told(town, "ming", ASKED) == 1


async def test_a_bot_that_was_down_over_the_hour_opens_when_it_is_back(town: Town) -> None:
    """A day late is still in time: the session is opened, and stays open for its full days."""
    await seat(town, "Ming")
    town.clock.move(11 * 24 * 3600)
    await town.opens()
    await town.tick()
    await town.tick()
    session = await town.does(council.current)
    assert session is not None and session.month == "2026-12"
    assert told(town, "ming", ASKED) == 1


async def test_a_month_that_was_slept_through_is_flagged_once(town: Town) -> None:
    """Five days late is too late: the admins hear of it once, and next month goes its way."""
    await seat(town, "Ming")
    town.clock.move(15 * 24 * 3600)
    await town.opens()
    await town.tick()
    await town.tick()
    assert told(town, "dong", "no session in December 2026") == 1
    assert told(town, "ming", ASKED) == 0
    await until(town, 2027, 1, 1, 10)
    assert told(town, "ming", ASKED) == 1
    assert told(town, "dong", "no session") == 1


async def test_months_slept_through_are_each_flagged(town: Town) -> None:
    """Away from November to the second of February: December and January are flagged, February is opened."""
    await seat(town, "Ming")
    town.clock.move(73 * 24 * 3600)
    await town.opens()
    await town.tick()
    await town.tick()
    assert [
        told(town, "dong", f"no session in {month}") for month in ("December 2026", "January 2027", "February 2027")
    ] == [1, 1, 0]
    assert told(town, "ming", ASKED) == 1


async def test_a_month_without_topics_is_flagged_once(town: Town) -> None:
    """The session closes empty: the admins are told, and nobody gets an empty agenda."""
    await to_december(town, "Ming")
    town.ming.forget()
    await town.days_pass(8)
    assert told(town, "dong", "closed without any topic") == 1
    assert told(town, "ming", "Agenda") == 0


async def test_a_session_opened_by_hand_counts_for_its_month(town: Town) -> None:
    """The timetable opens no second one, neither beside it nor after it."""
    await town.until(2026, 11, 30, 10)
    await seat(town, "Ming")
    await by_hand(town, "open")
    await town.tick()
    await town.until(2026, 12, 31, 10)
    assert told(town, "ming", ASKED) == 1
    session, *others = await town.does(lambda tx: council.held(tx, limit=5))
    assert (session.month, others) == ("2026-12", [])


async def test_one_session_at_a_time(town: Town) -> None:
    """Opening while one is open is refused."""
    await by_hand(town, "open")
    await by_hand(town, "open")
    assert "A session is open already" in town.dong.screen.text


async def test_a_second_tap_on_yes_closes_nothing_more(town: Town) -> None:
    """The session is closed once; the stale button says that none is open."""
    await town.ming.says("/topic Lamps")
    await by_hand(town, "open")
    await town.dong.says("/council close")
    message = town.dong.screen.message_id
    await town.dong.presses("Yes, close it")
    await town.dong.presses_data("council.close.yes", {"message_id": message, "chat": town.dong.chat.brief})
    assert "No session is open" in town.dong.screen.text
    assert len(await town.does(lambda tx: council.held(tx, limit=5))) == 1


async def test_admins_hear_when_nobody_was_asked(town: Town) -> None:
    """A session without council members is opened, and said to be nobody's."""
    await town.until(2026, 12, 1, 10)
    assert told(town, "dong", "nobody sits in the council") == 1


async def test_an_old_page_of_members_shows_the_last_one(town: Town) -> None:
    """The list has grown shorter since: whoever turns its page sees who is there, not an empty page."""
    await seat(town, "Ming", "Hua")
    await town.dong.presses_data("council.people:3")
    assert "Ming #1" in town.dong.screen.text
