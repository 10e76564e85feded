"""Series by a rule: begun, made ahead once a day of the rule, joined as a whole, changed and called off from a day on."""

from typing import Any

import pytest

from bot.domain import activities, groups, privacy, series
from tests.founding import founded
from tests.publishing import DAY, bind, broken, fills_in, join, names, now, published
from tests.repeating import ahead, begun, days_of, stopped
from tests.test_activities import last
from tests.town import Town

# Signing up ends an hour before the start.
CLOSING: dict[str, Any] = {
    "mode": "first",
    "opens_at": None,
    "closes_at": 3600,
    "conditions": "[]",
    "roles": [],
    "share": 0,
    "teaches": "",
    "valid_months": None,
}


async def test_a_leader_repeats_an_activity_by_a_typed_rule(town: Town) -> None:
    """The rule is echoed with its next five dates, counts by a tap, and has the activity itself as its first date."""
    group = await founded(town, "Dance", leader=town.lan)
    activity = await published(town, group, starts_in=7 * DAY, title="River bank")
    await town.lan.presses_data(f"activities.anew:{activity.id}")
    await town.lan.presses("Repeat it by a rule")
    assert town.lan.screen.labels[:3] == [
        "every Saturday, 10:00",
        "every other Saturday, 10:00",
        "each month on the fourth Saturday, 10:00",
    ]
    await town.lan.says("every other Sat until 30 Jan, not on 26 Dec")
    assert "every other Saturday, 10:00, until Sat 30 Jan 2027, not on Sat 26 Dec" in town.lan.screen.text
    assert "Sat 28 Nov, Sat 12 Dec, Sat 9 Jan 2027, Sat 23 Jan 2027\n" in town.lan.screen.text
    await town.lan.presses("Begin it")
    assert "The series began; 1 date is made." in town.lan.toasts[-1].text
    found = await town.does(lambda tx: series.by_id(tx, 1))
    assert await days_of(town, found) == ["2026-11-28", "2026-12-12"]
    assert (await ahead(town, found))[0].id == activity.id


async def test_a_rule_is_tapped_and_read_in_chinese_too(town: Town) -> None:
    """From a template, with another time and end; what can't be read says how to write it."""
    group = await founded(town, "Dance", leader=town.lan)
    activity = await published(town, group)
    await town.lan.presses_data(f"templates.keep:{activity.id}")
    await fills_in(town.lan, "Rehearsal", "!Keep it")
    await town.lan.presses_data("templates.open:1")
    await town.lan.presses("Repeat it by a rule")
    for typed, why in (
        ("whenever", "I could not read that rule"),
        ("every third Thursday 19:00", "That can mean two things"),
        ("每月32日19:00", "There is no such day or hour"),
    ):
        await town.lan.says(typed)
        assert why in town.lan.screen.text
    await fills_in(town.lan, "每月第一个周六上午9点到12点，共3次", "!Begin it")
    made = await last(town)
    assert (made.ends_at - made.starts_at, made.series_day) == (3 * 3600, "2026-12-05")
    assert "each month on the first Saturday, 09:00, 3 times" in town.lan.screen.text


async def test_dates_are_made_five_weeks_ahead_once_each_over_the_years_end(town: Town) -> None:
    """Each night what has come within five weeks, by the local clock; the same night twice makes nothing twice."""
    found = await begun(town, await founded(town, "Dance"))
    first = ["2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15", "2026-12-22"]
    assert await days_of(town, found) == first
    await town.days_pass(15)
    assert await days_of(town, found) == [*first, "2026-12-29", "2027-01-05"]
    for _ in range(2):
        await town.does(lambda tx: series.grow(tx, found, 5))
    assert len(await days_of(town, found)) == 7
    walls = {town.clock.clock.local(each.starts_at).strftime("%a %H:%M") for each in await ahead(town, found)}
    assert walls == {"Tue 19:30"}
    assert await town.does(series.invariants) == []


async def test_members_are_told_of_many_dates_at_once(town: Town) -> None:
    """One message when it begins and one in the morning for all that was made in the night, not one for each date."""
    group = await founded(town, "Dance", leader=town.lan)
    await join_group(town, group.id)
    activity = await published(town, group, starts_in=9 * 3600 + 2 * DAY)
    await town.tick()
    town.ming.forget()
    await town.lan.presses_data(f"series.repeat:{activity.id}")
    await fills_in(town.lan, "every Mon 19:00", "!Begin it")
    await town.tick()
    assert len(town.ming.heard) == 1
    assert "· Mon 23 Nov, 19:00–21:00\n· Mon 30 Nov, 19:00–21:00" in town.ming.screen.text
    town.ming.forget()
    await town.until(2026, 11, 24, 8, 30)
    assert town.ming.heard == []
    await town.until(2026, 11, 24, 9, 30)
    assert [text.split("\n")[0] for text in town.ming.heard] == ["🔁 Dance: new dates"]
    assert "River bank · Mon 28 Dec, 19:00–21:00" in town.ming.screen.text
    await town.days_pass(2)
    assert len(town.ming.heard) == 1


async def join_group(town: Town, group_id: int) -> None:
    await town.ming.presses_data(f"groups.join:{group_id}")
    town.ming.forget()


async def test_the_groups_chat_hears_of_it_and_one_signs_up_there(town: Town) -> None:
    """Its news stand in the chat with the dates to tap and all of them to tap; strangers come in by the link."""
    group = await founded(town, "Dance", leader=town.lan)
    chat = town.telegram_group("Dance", town.lan, town.ming, town.hua)
    await bind(town, group, chat)
    activity = await published(town, group, starts_in=3 * DAY)
    posted = len(chat.messages)
    await town.lan.presses_data(f"series.repeat:{activity.id}")
    await fills_in(town.lan, "every Tue 10:00", "!Begin it")
    assert len(chat.messages) == posted + 1
    await town.ming.presses("Sign me up for all", chat)
    assert "You are in all of it: 5 places" in town.ming.toasts[-1].text
    assert await names(town, activity, "in") == ["Ming"]


async def test_to_be_in_all_of_it_is_by_each_dates_rules(town: Town) -> None:
    """A full date queues, what was signed up for before stays, later dates follow by themselves; and out again."""
    found = await begun(town, await founded(town, "Dance"), places=1)
    dates = await ahead(town, found)
    await join(town, dates[0], town.hua)
    await join(town, dates[1], town.ming)
    await town.ming.presses_data(f"series.follow:{found.id}")
    assert "4 places, 1 times on the waiting list, 0 refused" in town.ming.toasts[-1].text
    assert "⏳ Tue 24 Nov, 19:30–21:30 · the one place is taken, 1 waiting" in town.ming.screen.text
    await town.days_pass(4)
    new = (await ahead(town, found))[-1]
    assert (new.series_day, await names(town, new, "in")) == ("2026-12-29", ["Ming"])
    assert any("You are signed up, as you wanted for all of it" in text for text in town.ming.heard)
    await town.ming.says("/mysignups")
    assert "Tue 1 Dec, 19:30 · Open stage" in town.ming.screen.labels
    await town.ming.presses_data(f"series.unfollow:{found.id}")
    assert "You are still in 5 dates ahead" in town.ming.screen.text
    await town.ming.presses("Withdraw from all of them")
    assert "You have withdrawn from 5 dates" in town.ming.toasts[-1].text
    await town.days_pass(8)
    assert await names(town, (await ahead(town, found))[-1], "in") == []


async def test_from_here_on_another_time_is_for_all_after_it_and_told_once(town: Town) -> None:
    """Exact numbers before; those before it stay, those made later follow; each person hears of it once."""
    found = await begun(town, await founded(town, "Dance", leader=town.lan))
    dates = await ahead(town, found)
    for each in dates[:3]:
        await join(town, each, town.ming)
    await join(town, dates[3], town.hua)
    town.ming.forget()
    await town.lan.presses_data(f"activities.change:{dates[1].id}")
    await town.lan.presses("🔁 This one and all after it")
    assert "From Tue 1 Dec on: 4 dates, and 2 people are in them or wait." in town.lan.screen.text
    await town.lan.presses("Time")
    await fills_in(town.lan, "20:00 to 21:00")
    assert "From Tue 1 Dec on: 4 dates, and 2 people" in town.lan.screen.text
    await town.lan.presses("Change it")
    await town.passes(seconds=61)
    changed = await ahead(town, found)
    assert [each.starts_at - before.starts_at for each, before in zip(changed, dates, strict=True)] == [0, *[1800] * 4]
    assert changed[1].ends_at - changed[1].starts_at == 3600
    assert sum("Time or place have changed from Tue 1 Dec on" in text for text in town.ming.heard) == 1
    await town.days_pass(4)
    assert (await ahead(town, found))[-1].ends_at - (await ahead(town, found))[-1].starts_at == 3600


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_time_over_midnight_is_read_back_as_one(town: Town) -> None:
    """22:00 to 7:00 ends on the next day, at an hour that clocks have."""
    found = await begun(town, await founded(town, "Dance", leader=town.lan))
    await town.lan.says("/me")
    await town.lan.presses_data(f"series.edit:{(await ahead(town, found))[0].id}:clock")
    await fills_in(town.lan, "22:00-7:00")
    assert "22:00 to 07:00 the next day" in town.lan.screen.text


async def test_from_here_on_a_change_is_taken_back_within_a_minute(town: Town) -> None:
    """Each date is as it was and nobody was told; not once somebody has signed up by what is new, and not later."""
    found = await begun(town, await founded(town, "Dance", leader=town.lan), terms=CLOSING)
    dates = await ahead(town, found)
    await join(town, dates[1], town.ming)
    dates = await ahead(town, found)
    town.ming.forget()
    for field, typed in (("clock", "9:00 to 10:00"), ("place", "Library"), ("places", "7"), ("title", "Stage")):
        await town.lan.presses_data(f"series.edit:{dates[1].id}:{field}")
        await fills_in(town.lan, typed, "!Change it")
        assert await ahead(town, found) != dates
        await town.lan.presses("Undo (60 s)")
        assert [each.__dict__ for each in await ahead(town, found)] == [each.__dict__ for each in dates]
    await town.passes(minutes=2)
    assert town.ming.heard == []
    for wait, said in ((0, "Somebody has signed up since"), (61, "There is nothing to undo")):
        await town.lan.presses_data(f"series.edit:{dates[1].id}:title")
        await fills_in(town.lan, "Stage", "!Change it")
        town.clock.move(wait)
        await town.hua.says(f"/signup {dates[2].id}")
        await town.lan.presses("Undo (60 s)")
        assert said in town.lan.screen.text
    assert await broken(town) == []


async def test_who_is_there_for_people_under_18_is_said_from_here_on(town: Town) -> None:
    """For all dates, those made later too, and taken back in one tap; a template has it said anew by whoever publishes."""
    found = await begun(town, await founded(town, "Dance", leader=town.lan))
    lan, dates = await town.person(town.lan), await ahead(town, found)
    await town.lan.presses_data(f"series.change:{dates[1].id}")
    await town.lan.presses("🧒 I am there for them")
    assert [each.supervisor_id for each in await ahead(town, found)] == [None, *[lan.id] * 4]
    await town.lan.presses("Undo (60 s)")
    assert [each.supervisor_id for each in await ahead(town, found)] == [None] * 5
    await town.lan.presses_data(f"series.mind:{dates[1].id}:me")
    await town.days_pass(8)
    last = (await ahead(town, found))[-1]
    assert (last.supervisor_id, last.series_day) == (lan.id, "2026-12-29")
    await town.dong.presses_data(f"activities.again:{last.id}")
    await town.dong.presses(town.dong.screen.labels[0])
    assert "you say that you are there for people under 18" in town.dong.screen.text
    await town.dong.presses("Publish")
    sql = "SELECT supervisor_id FROM activities ORDER BY id DESC LIMIT 1"
    assert await town.does(lambda tx: tx.value(sql)) == (await town.person(town.dong)).id


async def test_a_series_is_one_line_of_the_list(town: Town) -> None:
    """Its next date, however many are ahead; when that is over the one after it. The others are a tap away."""
    await begun(town, None, "every day 19:30")
    await begun(town, None, title="Choir")
    await town.ming.says("/events")
    assert town.ming.screen.text.count("Open stage") == 1
    assert "🔁 Open stage · Sat 21 Nov, 19:30" in town.ming.screen.text and "🔁 Choir" in town.ming.screen.text
    await town.passes(hours=10)
    await town.ming.says("/events stage")
    assert "🔁 Open stage · Sun 22 Nov, 19:30" in town.ming.screen.text and "1 in all" in town.ming.screen.text
    await town.ming.presses("Open stage")
    await town.ming.presses("🔁 The series")
    assert "Mon 23 Nov" in town.ming.screen.text


async def test_from_here_on_it_is_called_off_and_back_within_a_minute(town: Town) -> None:
    """With numbers and a reason; undone nobody heard of it; else each hears once, and the series has ended."""
    found = await begun(town, await founded(town, "Dance", leader=town.lan))
    dates = await ahead(town, found)
    await join(town, dates[2], town.ming)
    await join(town, dates[3], town.ming)
    town.ming.forget()
    await town.lan.presses_data(f"activities.stop:{dates[2].id}")
    await town.lan.presses("🔁 This one and all after it")
    assert "From Tue 8 Dec on: 3 dates, and 1 person is in them or waits." in town.lan.screen.text
    await fills_in(town.lan, "!Yes, give the reason", "The hall is closed", "!Yes, call it off")
    assert len(await ahead(town, found)) == 2
    await town.lan.presses("Undo (60 s)")
    assert len(await ahead(town, found)) == 5
    await town.passes(minutes=3)
    assert town.ming.heard == []
    await stopped(town, dates[2], "The hall is closed")
    await town.passes(minutes=3)
    assert sum("Cancelled from Tue 8 Dec on: The hall is closed" in text for text in town.ming.heard) == 1
    await town.lan.presses("Undo (60 s)")
    assert "There is nothing to undo" in town.lan.screen.text
    await town.days_pass(10)
    assert len(await days_of(town, found)) == 5


async def test_one_date_is_moved_or_called_off_alone(town: Town) -> None:
    """The others stay; a day that was moved or called off is not made again."""
    found = await begun(town, await founded(town, "Dance", leader=town.lan))
    dates = await ahead(town, found)
    await town.lan.presses_data(f"activities.edit:{dates[0].id}:when")
    await fills_in(town.lan, "next Wed 19:30 to 21:30", "!Change it")
    await town.lan.presses_data(f"activities.stop.why:{dates[1].id}")
    await fills_in(town.lan, "Holiday", "!Yes, call it off")
    await town.does(lambda tx: series.grow(tx, found, 5))
    assert len(await days_of(town, found)) == 5
    await town.lan.starts(f"series_open-{found.id}")
    assert town.lan.screen.labels[1:3] == ["Wed 25 Nov", "Tue 8 Dec"], "when it is, not when it was to be"
    assert (await now(town, dates[2])).starts_at == dates[2].starts_at


async def test_a_later_day_is_left_out_put_back_or_made_before_its_time(town: Town) -> None:
    """Days that are still to be made stand in a list of their own."""
    found = await begun(town, await founded(town, "Dance", leader=town.lan))
    await town.lan.presses_data(f"series.later:{found.id}")
    await town.lan.presses("Tue 29 Dec")
    await town.lan.presses("Leave this day out")
    assert "Tue 29 Dec" not in town.lan.screen.labels
    await town.lan.presses("Tue 5 Jan 2027")
    await town.lan.presses("Publish it now")
    assert (await last(town)).series_day == "2027-01-05"
    await town.lan.presses_data(f"series.early:{found.id}:739981")
    assert "is no day of this series" in town.lan.toasts[-1].text + town.lan.screen.text
    await town.days_pass(5)
    assert "2026-12-29" not in await days_of(town, found)
    await town.lan.presses_data(f"series.later:{found.id}")
    await town.lan.presses("＋ Tue 29 Dec")
    assert "2026-12-29" in await days_of(town, found)


async def test_it_pauses_goes_on_and_ends(town: Town) -> None:
    """Paused nothing is made; let go on, what is missing ahead; ended, what is there takes place and nothing follows."""
    found = await begun(town, await founded(town, "Dance", leader=town.lan))
    await town.lan.presses_data(f"series.pause:{found.id}")
    await stopped(town, (await ahead(town, found))[1], "The hall is closed")
    await town.lan.presses("Undo (60 s)")
    await town.days_pass(15)
    assert len(await days_of(town, found)) == 5, "still paused"
    await town.lan.presses_data(f"series.on:{found.id}")
    assert "It goes on; 2 dates were made." in town.lan.toasts[-1].text
    await town.lan.presses("End it")
    assert "No further dates are made; 5 that are there take place." in town.lan.screen.text
    await town.lan.presses("End it")
    assert "It has ended" in town.lan.screen.text
    await town.days_pass(15)
    assert len(await days_of(town, found)) == 7


@pytest.mark.parametrize(
    "deed", ["change", "stop", "pause", "end", "later", "day:1:739950", "skip:1:739950", "early:1:739950"]
)
async def test_only_those_who_answer_for_it_steer_it(town: Town, deed: str) -> None:
    """Neither a member nor another group's leader, by whatever button."""
    found = await begun(town, await founded(town, "Dance", leader=town.lan))
    await founded(town, "Chess", leader=town.hua)
    data = f"series.{deed}" if ":" in deed else f"series.{deed}:{found.id}"
    for persona in (town.ming, town.hua):
        await persona.presses_data(data)
        assert "Only the leaders of Dance" in persona.toasts[-1].text
    assert len(await ahead(town, found)) == 5


async def test_whoever_leaves_is_signed_up_for_nothing_more(town: Town) -> None:
    """He is in none of the dates, also not in those that are made later; what he joined stands in his data before."""
    found = await begun(town, await founded(town, "Dance"))
    await town.ming.presses_data(f"series.follow:{found.id}")
    ming = await town.person(town.ming)
    known = await town.does(lambda tx: series.known_of(tx, ming))
    assert [row["series_id"] for row in known["series joined"]] == [found.id]
    await town.does(lambda tx: privacy.forget(tx, ming))
    await town.days_pass(5)
    assert [each.taken for each in await ahead(town, found)] == [0] * 5
    assert await town.does(series.invariants) == []
    assert await town.does(activities.invariants) == []


async def test_a_line_of_the_pasted_message_makes_it_a_series(town: Town) -> None:
    """The rule beside the first date; its days are echoed, and its time is that of the date, with all the other terms."""
    await founded(town, "Dance", leader=town.lan)
    lines = "/publish\n标题：排练\n时间：下周一19:30到21:00\n地点：青年之家\n名额：志愿者6人、急救员1人\n集合点：120.15,30.25\n"
    await town.lan.says(f"{lines}重复：每周二18:00")
    assert "重复：每周二18:00 – The time of day is that of the first date" in town.lan.screen.text
    await town.lan.says(f"{lines}重复：每两周的周二，到12月31日")
    assert "When: Tue 24 Nov, 19:30–21:00" in town.lan.screen.text
    assert (
        "Repeats: every other Tuesday, until Thu 31 Dec\n🗓 Tue 24 Nov, Tue 8 Dec, Tue 22 Dec\n" in town.lan.screen.text
    ), "there are no more"
    await fills_in(town.lan, "!More …", *["!Skip"] * 5, "!Publish")
    assert "The series began; 3 dates are made." in town.lan.toasts[-1].text, "what was pasted is not asked again"
    found = await town.does(lambda tx: series.by_id(tx, 1))
    assert await days_of(town, found) == ["2026-11-24", "2026-12-08", "2026-12-22"]
    assert [(each.role_places, each.point) for each in await ahead(town, found)] == [(7, (30_250_000, 120_150_000))] * 3


async def test_what_cannot_be_signed_up_for_says_why_beside_the_rest(town: Town) -> None:
    """Of a whole series one date may be refused: the others stand, and the reason is shown."""
    found = await begun(town, await founded(town, "Dance"))
    dates = await ahead(town, found)
    other = await published(town, None, title="Elsewhere", starts_in=dates[0].starts_at - dates[0].made_at)
    await join(town, other, town.ming)
    await town.ming.presses_data(f"series.follow:{found.id}")
    assert "4 places, 0 times on the waiting list, 1 refused" in town.ming.toasts[-1].text
    assert "✗ Tue 24 Nov: " in town.ming.screen.text
    assert "Elsewhere" in town.ming.screen.text


async def test_a_closed_group_makes_no_more_dates(town: Town) -> None:
    """What is ahead is called off with the group, and the night pauses its series."""
    group = await founded(town, "Dance")
    found = await begun(town, group)
    dong = await town.person(town.dong)
    await town.does(lambda tx: groups.close(tx, group.id, concerned=0, by=dong))
    await town.does(lambda tx: activities.call_off_all(tx, group.id, by=dong))
    await town.days_pass(15)
    assert (await town.does(lambda tx: series.by_id(tx, found.id))).state == "paused"
    assert len(await days_of(town, found)) == 5


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_who_is_refused_by_every_date_is_not_told_that_he_is_in(town: Town) -> None:
    """The word at the press does not say the contrary of what became of it."""
    found = await begun(town, await founded(town, "Dance"))
    for each in await ahead(town, found):
        other = await published(town, None, title="Elsewhere", starts_in=each.starts_at - each.made_at)
        await join(town, other, town.ming)
    await town.ming.says("/me")
    await town.ming.presses_data(f"series.follow:{found.id}")
    assert "None of these dates would have you" in town.ming.toasts[-1].text
