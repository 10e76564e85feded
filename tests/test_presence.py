"""Check-in and check-out: by the code at the door, by one's own code, once, in time, and never at two places."""

import io
import re

import pytest
from PIL import Image

from bot.domain import activities, hours
from bot.domain.activities import Activity, codes
from bot.domain.hours import Record
from bot.sandbox.people import Persona
from tests.founding import founded
from tests.publishing import all_read, broken, join, published
from tests.scanning import scanned
from tests.town import Town

SECRET = "ab" * 32


@pytest.mark.parametrize(
    ("seconds_later", "accepted"),
    [(0, True), (29, True), (30, True), (59, True), (60, False), (600, False), (-1, False)],
)
def test_a_code_is_good_for_its_half_minute_and_the_next(seconds_later: int, accepted: bool) -> None:
    """This half minute's code and the last one's are accepted, no older one and none of the future."""
    made = 1_800_000_000
    code = codes.code_at(SECRET, "activity:1", codes.step_at(made))
    assert (codes.step_of(SECRET, "activity:1", code, made + seconds_later) is not None) is accepted


def test_codes_of_two_activities_and_of_two_secrets_differ() -> None:
    """Six digits each, and nobody computes one from another."""
    made = {
        codes.code_at(secret, subject, 7) for secret in (SECRET, "cd" * 32) for subject in ("activity:1", "activity:2")
    }
    assert len(made) == 4 and all(re.fullmatch(r"\d{6}", code) for code in made)


async def begun(town: Town, *personas: Persona) -> Activity:
    """A task of Lan's group that these have a place in, and that has just begun."""
    activity = await published(town, await founded(town, "Dance", leader=town.lan), starts_in=60, places=9)
    await join(town, activity, *personas)
    town.clock.move(60)
    all_read(town)
    return activity


async def at_the_door(town: Town, activity: Activity) -> str:
    """The code on Lan's screen just now."""
    shown = await town.does(lambda tx: activities.code_now(tx, activity.name))
    return shown.text


async def records(town: Town, persona: Persona) -> list[Record]:
    person = await town.person(persona)
    return list((await town.does(lambda tx: hours.records_of(tx, person.id, 0))).items)


async def confirm(town: Town, activity: Activity, *taps: str) -> None:
    await town.lan.starts(f"activities_open-{activity.id}")
    for label in ("Who came?", *taps, "Confirm", "Confirm"):
        await town.lan.presses(label)
    await town.tick()


async def test_the_leaders_screen_turns_and_own_check_ins_are_grade_a(town: Town) -> None:
    """The code changes in place; digits alone check in, the picture's link checks out; the presence is what counts."""
    activity = await begun(town, town.ming)
    await town.lan.starts(f"activities_open-{activity.id}")
    await town.lan.presses("📲 Show the code")
    first = re.search(r"^\d{6}$", town.lan.screen.text, re.MULTILINE)
    assert first and "Here now: 0. Have been here: 0 of 1." in town.lan.screen.text
    large = "".join(f"{digit}\ufe0f\u20e3" for digit in first[0])
    assert large in town.lan.screen.text.replace(" ", ""), "read by those who stand around"
    await town.ming.says(first[0])
    assert "You are checked in to “River bank”" in town.ming.screen.text
    await town.passes(seconds=31)
    assert first[0] not in town.lan.screen.text and "Here now: 1." in town.lan.screen.text
    await town.passes(minutes=99)
    assert "the code is shown no more" in town.lan.screen.text
    await town.ming.starts(f"activities_in-{activity.id}-{await at_the_door(town, activity)}")
    assert "You were here for 1 h 39 min" in town.ming.screen.text
    assert "It counts once a leader has confirmed who came" in town.ming.screen.text
    await town.passes(hours=1)
    await confirm(town, activity)
    (record,) = await records(town, town.ming)
    assert (record.state, record.grade, record.minutes) == ("standing", "A", 99)
    assert "⏱ 1 h 39 min (A: own check-in and check-out)" in town.ming.heard[-1]
    await town.ming.starts(f"activities_open-{activity.id}")
    await town.ming.presses("How it was noted")
    assert "out Sat 21 Nov, 11:40 by the code at the door" in town.ming.screen.text
    assert await broken(town) == []


async def test_a_code_that_is_used_old_or_wrong_says_so(town: Town) -> None:
    """Once a person; a relayed old one is recognised; after five wrong ones he waits, and the roll is left to his leader."""
    activity = await begun(town, town.ming, town.hua)
    code = await at_the_door(town, activity)
    await town.lan.says("/checkin")
    assert town.lan.screen.labels[0] == "📲 Show the code: River bank", "who leads it gets the code to show"
    await town.lan.presses_data(f"activities.qr:{activity.id}")
    picture = town.lan.files[-1].content
    width, height = Image.open(io.BytesIO(picture)).size
    assert height > width * 1.2, "the same digits stand large beneath the code"
    assert scanned(picture) == [f"https://t.me/county_bot?start=activities_in-{activity.id}-{code}"]
    await town.ming.says(f"/checkin {code}")
    await town.ming.says(code)
    assert "This code was used for you already" in town.ming.screen.text
    town.clock.move(90)
    await town.hua.says(code)
    assert "That code is an old one." in town.hua.screen.text and "You can try 4 more times." in town.hua.screen.text
    wrong = "000000" if await at_the_door(town, activity) != "000000" else "000001"
    for _ in range(4):
        await town.hua.says(wrong)
    assert "That was the last try for some minutes." in town.hua.screen.text
    await town.hua.says(await at_the_door(town, activity))
    assert "5 wrong codes within 10 minutes: please wait until" in town.hua.screen.text
    town.clock.move(601)
    await town.hua.says(await at_the_door(town, activity))
    assert "You are checked in" in town.hua.screen.text
    assert await broken(town) == []


async def test_who_may_not_check_in_reads_why(town: Town) -> None:
    """Without a place, too early, after the end, and by a code that one can open oneself."""
    activity = await published(town, await founded(town, "Dance", leader=town.lan), starts_in=7200)
    await join(town, activity, town.ming, town.lan)
    await town.ming.starts(f"activities_in-{activity.id}-123456")
    assert "Checking in to “River bank” begins Sat 21 Nov, 11:30" in town.ming.screen.text
    await town.ming.says("123456")
    assert "nothing that you have a place in runs now" in town.ming.screen.text
    town.clock.move(7300)
    await town.hua.starts(f"activities_in-{activity.id}-{await at_the_door(town, activity)}")
    assert "You have no place in “River bank”." in town.hua.screen.text
    await town.lan.says(await at_the_door(town, activity))
    assert "You can open this code yourself, so it proves nothing" in town.lan.screen.text
    town.clock.move(7300)
    await town.ming.says(await at_the_door(town, activity))
    assert "checking in ends with it" in town.ming.screen.text
    await town.hua.says("/me")
    await town.hua.presses_data(f"activities.door:{activity.id}")
    assert "This is for leaders" in town.hua.screen.text
    await confirm(town, activity, "All came")
    assert [each.grade for each in await records(town, town.ming)] == ["B"]


async def test_three_stays_a_day_are_enough_and_count_together(town: Town) -> None:
    """The fourth check-in of a day is refused; short stays count together."""
    activity = await begun(town, town.ming)
    for _ in range(3):
        await town.ming.says(await at_the_door(town, activity))
        town.clock.move(1800)
        await town.ming.says(await at_the_door(town, activity))
        assert "You were here for 30 min" in town.ming.screen.text
        assert "Hours count from 1 h 12 min on, all stays together: 60 % of the planned" in town.ming.screen.text
        town.clock.move(60)
    await town.ming.says(await at_the_door(town, activity))
    assert "More than 3 check-ins a day to one activity don't count." in town.ming.screen.text
    town.clock.move(3600)
    await confirm(town, activity)
    assert [(each.state, each.grade, each.minutes) for each in await records(town, town.ming)] == [
        ("standing", "A", 30)
    ] * 3
    assert await broken(town) == [] and await town.does(hours.invariants) == []


async def test_a_member_shows_his_own_code_to_the_leader(town: Town) -> None:
    """By its link or typed; it is the leader's word, and the member is told; nobody else can use it."""
    activity = await begun(town, town.ming)
    await town.ming.says("/mycode")
    ming = await town.person(town.ming)
    shown = (await town.does(lambda tx: activities.code_now(tx, f"person:{ming.id}"))).text
    assert shown in town.ming.screen.text
    await town.hua.starts(f"activities_shown-{ming.id}-{shown}")
    assert "This is for leaders" in town.hua.screen.text
    await town.lan.starts(f"activities_shown-{ming.id}-{shown}")
    assert "✅ Ming is checked in to “River bank”, and is told." in town.lan.screen.text
    assert "Lan has checked you in to “River bank”." in town.ming.heard[-1]
    await town.lan.says(shown)
    assert "This code was used for you already" in town.lan.screen.text
    town.clock.move(5400)
    shown = (await town.does(lambda tx: activities.code_now(tx, f"person:{ming.id}"))).text
    await town.lan.says(shown)
    assert "Ming is checked out of “River bank” after 1 h 30 min" in town.lan.screen.text
    town.clock.move(3600)
    await confirm(town, activity)
    assert [(each.grade, each.minutes) for each in await records(town, town.ming)] == [("B", 90)]


async def test_who_forgot_to_check_out_left_when_the_roll_was_confirmed(town: Town) -> None:
    """From his check-in to the end, by the leader's word; he came late, and the roll knew it by itself."""
    activity = await begun(town, town.ming, town.hua)
    town.clock.move(1800)
    await town.ming.says(await at_the_door(town, activity))
    town.clock.move(7200)
    await town.lan.starts(f"activities_open-{activity.id}")
    await town.lan.presses("Who came?")
    assert town.lan.screen.labels[:2] == ["🕘 Ming", "▫️ Hua"]
    await confirm(town, activity, "▫️ Hua")
    assert [(each.grade, each.minutes) for each in await records(town, town.ming)] == [("B", 90)]
    assert [(each.grade, each.minutes) for each in await records(town, town.hua)] == [("B", 120)]
    assert await broken(town) == []
