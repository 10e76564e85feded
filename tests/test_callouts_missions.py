"""Missions: the live board, the roll-call, kit, everybody back, rest, hours, and a log that counts itself."""

import json

import pytest

from bot.domain import callouts, groups, hours, services
from bot.domain.callouts import Callout
from bot.refusal import Refused
from bot.sandbox.people import Persona
from tests.brigading import HOUR, brigade_of, called, holds, now, states
from tests.calling import got, is_quiet
from tests.founding import founded
from tests.publishing import all_read, fills_in
from tests.test_hours import sums
from tests.town import Town


async def on_mission(town: Town, *there: Persona) -> Callout:
    """A mission that Lan leads, to which these have come."""
    brigade = await brigade_of(town, *there, leader=town.lan)
    callout = await called(town, brigade, town.lan, wanted=3)
    for persona in there:
        await persona.presses("15 min")
        await persona.presses("📍 I'm there")
    all_read(town)
    return callout


async def test_one_live_board_shows_where_everybody_is(town: Town) -> None:
    """Asked, coming with time of arrival, there, back, reserve: one message, edited at most every three seconds."""
    fei = await town.newcomer("Fei")
    brigade = await brigade_of(town, town.ming, town.hua, fei, leader=town.lan)
    await town.lan.says("/callout West bridge")
    await town.lan.presses("👥 2")
    await town.lan.presses("🚨 Call out: 3 people at once")
    await town.passes(seconds=1)
    messages = len(town.lan.chat.messages)
    edits = []
    for persona in (town.ming, town.hua, fei):
        await persona.presses("15 min")
    for _ in range(6):
        town.lan.forget()
        await town.passes(seconds=1)
        edits.append(len(town.lan.heard))
    assert sum(edits) == 1 and len(town.lan.chat.messages) == messages and brigade.id == 1
    assert "📨 3 asked · ring 1 of 4" in town.lan.screen.text
    assert "🚗 2 coming · 📍 0 there · 🏠 0 back, of 2 wanted" in town.lan.screen.text
    assert "⏳ 1 in reserve" in town.lan.screen.text
    # What was shown last is kept as a mark alone: a name in it would outlive whoever leaves for good.
    assert "Ming" not in await town.does(lambda tx: tx.value("SELECT shown FROM callouts WHERE id = 1"))
    await town.ming.presses("📍 I'm there")
    await town.passes(seconds=3)
    assert "📍 Ming" in town.lan.screen.text
    board = town.lan.screen.message_id
    await town.lan.presses("Roll-call")
    assert town.lan.screen.message_id != board


async def test_the_brigades_leader_has_a_board_of_his_own(town: Town) -> None:
    """Called out by an admin, the leader of the brigade sees the same, live, and may lead."""
    brigade = await brigade_of(town, town.ming, leader=town.lan)
    await called(town, brigade, town.dong)
    assert got(town.lan, "Mission 1 is running") == 1
    await town.dong.presses_data("callouts.closing:1")
    assert "Nobody was there" in town.dong.screen.text and town.dong.screen.labels[0] == "Stand down"
    await town.ming.presses("15 min")
    await town.passes(seconds=3)
    assert got(town.lan, "🚗 1 coming") == 1


async def test_a_mission_ends_when_everybody_is_back(town: Town) -> None:
    """While somebody is out it can't be closed; closed, it is in the log with who, how long, and hours of grade B."""
    callout = await on_mission(town, town.ming, town.hua)
    await town.passes(hours=2)
    await town.ming.presses("🏠 I'm back")
    await town.lan.presses_data(f"callouts.close:{callout.id}")
    assert "Not everybody is back: Hua" in town.lan.screen.text
    await town.lan.presses("Roll-call")
    await town.lan.presses(next(label for label in town.lan.screen.labels if label.startswith("📍 Hua")))
    await town.lan.presses("Everybody is back: close")
    await town.lan.presses("Close the mission now")
    assert "2 people, 4 h of service" in town.lan.screen.text and "• Hua: 2 h" in town.lan.screen.text
    await town.passes(seconds=2)
    assert (await sums(town, town.ming)).b == 120 and (await sums(town, town.hua)).b == 120
    await town.ming.says("/missions")
    assert "🗂 1 mission" in town.ming.screen.text
    assert await town.does(callouts.missions_number) == 1 and await holds(town)


async def test_an_alarm_names_the_missing_every_quarter_of_an_hour(town: Town) -> None:
    """Once the planned end has passed, leader and admins hear who is not back, until all are."""
    callout = await on_mission(town, town.ming, town.hua)
    await town.ming.presses("🏠 I'm back")
    end = (await now(town, callout)).ends_at or 0
    await town.passes(seconds=end - town.clock.instant + 1)
    for persona in (town.lan, town.dong):
        assert got(persona, "🆘 Not back from West bridge: 1") == 1
        assert got(persona, "📍 Hua, there since") == 1
    for _ in range(4):
        await town.passes(minutes=15)
    assert got(town.dong, "🆘 Not back from West bridge") == 5
    await town.hua.presses("🏠 I'm back")
    for _ in range(4):
        await town.passes(minutes=15)
    assert got(town.dong, "🆘 Not back from West bridge") == 5 and await holds(town)


async def test_a_mission_that_nobody_closes_floods_nobody(town: Town) -> None:
    """The alarms come at growing pauses: each quarter of an hour at first, once a day in the end."""
    callout = await on_mission(town, town.ming)
    end = (await now(town, callout)).ends_at or 0
    await town.passes(seconds=end - town.clock.instant + 1)
    for _ in range(8):
        await town.passes(minutes=15)
    first = got(town.dong, "🆘 Not back from West bridge")
    await town.days_pass(10)
    before = got(town.dong, "🆘 Not back from West bridge")
    await town.days_pass(1)
    after = got(town.dong, "🆘 Not back from West bridge")
    assert (first, after - before) == (9, 1) and before < 60 and await holds(town)


async def test_a_mission_that_takes_longer_alarms_later(town: Town) -> None:
    """The leader plans more hours, and nobody is looked for before."""
    callout = await on_mission(town, town.ming)
    await town.lan.presses_data(f"callouts.longer:{callout.id}")
    await town.lan.presses("+4 h")
    await town.passes(hours=6)
    assert got(town.dong, "🆘") == 0
    await town.passes(hours=3)
    assert got(town.dong, "🆘") > 0


async def test_the_roll_is_called_by_taps_and_a_slip_is_undone(town: Town) -> None:
    """There, not there yet, doesn't come: the leader's taps count as the person's own, and the place goes on."""
    fei = await town.newcomer("Fei")
    brigade = await brigade_of(town, town.ming, town.hua, fei, leader=town.lan)
    callout = await called(town, brigade, town.lan, wanted=2)
    for persona in (town.ming, town.hua, fei):
        await persona.presses("15 min")
    await town.lan.presses_data(f"callouts.roll:{callout.id}")
    assert "🚗 Ming · " in town.lan.screen.text
    await town.lan.presses("🚗 Ming")
    await town.lan.presses("Not there yet")
    assert (await states(town, callout))["Ming"] == "coming"
    ming = (await town.person(town.ming)).id
    await town.lan.presses_data(f"callouts.mark:{callout.id}:{ming}:excuse")
    assert "You are not expected at West bridge any more" in town.ming.screen.text
    assert await states(town, callout) == {"Ming": "declined", "Hua": "coming", "Fei": "coming"}
    await town.lan.presses("Roll called: it begins")
    assert "Begun" in town.lan.screen.text and await holds(town)


async def test_only_whoever_leads_the_mission_calls_the_roll(town: Town) -> None:
    """Forged taps of a member, a leader of another brigade and an auditor change nothing."""
    callout = await on_mission(town, town.ming)
    await brigade_of(town, name="Fire", leader=town.hua)
    ming = (await town.person(town.ming)).id
    for persona in (town.ming, town.hua, town.shen):
        for data in (
            f"mark:{callout.id}:{ming}:back",
            f"close:{callout.id}",
            f"standdown.yes:{callout.id}",
            f"widen:{callout.id}",
        ):
            await persona.presses_data(f"callouts.{data}")
    assert (await now(town, callout)).is_open and await states(town, callout) == {"Ming": "there"}


async def test_after_long_service_one_rests(town: Town) -> None:
    """More than eight hours, and nobody asks for twelve; it says so, and an older call-out can't be accepted."""
    callout = await on_mission(town, town.ming)
    await town.lan.presses_data(f"callouts.extend:{callout.id}:4")
    await town.lan.presses_data(f"callouts.extend:{callout.id}:4")
    await town.passes(hours=9)
    await town.ming.presses("🏠 I'm back")
    assert "Rest now: you are not asked before" in town.ming.screen.text
    brigade = await town.does(lambda tx: callouts.brigade(tx, callout.brigade_id))
    with pytest.raises(Refused, match="Nobody could be asked"):
        await called(town, brigade, town.lan, place="East bridge")
    await town.passes(hours=12)
    await town.ming.presses_data("callouts.standby:8")
    again = await called(town, brigade, town.lan, place="East bridge")
    assert await states(town, again) == {"Ming": "asked"}


async def test_a_short_mission_is_nothing_to_look_at(town: Town) -> None:
    """What was called out minutes ago is done: no rule for hours points at it."""
    callout = await on_mission(town, town.ming)
    await town.passes(minutes=20)
    await town.ming.presses("🏠 I'm back")
    await town.lan.presses_data(f"callouts.close:{callout.id}")
    await town.passes(seconds=2)
    assert (await sums(town, town.ming)).total == 20
    await town.dong.says("/oddhours")
    assert "No rule points at anything" in town.dong.screen.text


async def test_kit_is_handed_out_and_what_is_missing_is_named(town: Town) -> None:
    """Never more than there is; at the close whoever has something is named; it can come back later."""
    callout = await on_mission(town, town.ming)
    await town.lan.presses_data("callouts.addkit:1")
    await fills_in(town.lan, "Life jacket", "3", "!Save")
    await town.lan.presses_data(f"callouts.kit:{callout.id}")
    await fills_in(town.lan, "!Hand out", "!Life jacket · 3 left", "!× 2")
    assert "↩ 2 × Life jacket · Ming" in town.lan.screen.labels
    ming = (await town.person(town.ming)).id
    await town.lan.presses_data(f"callouts.handed:{callout.id}:1:{ming}:2")
    assert "Only 1 of Life jacket are left" in town.lan.screen.text
    await town.ming.presses("🏠 I'm back")
    assert "🧰 You have: 2 × Life jacket" in town.ming.screen.text
    await town.lan.presses_data(f"callouts.closing:{callout.id}")
    assert "🧰 Missing: 2 × Life jacket, Ming has it" in town.lan.screen.text
    await town.lan.presses("Close the mission now")
    assert "2 missing, Ming has it" in town.lan.screen.text
    assert "from “West bridge”: 2 × Life jacket. Please give it back to Lan" in "".join(town.ming.heard)
    await town.lan.presses_data("callouts.lost:1")
    await town.lan.presses("↩ one of them")
    await town.lan.presses_data("callouts.kitback:1:0")
    assert "That has come back already, or has changed" in town.lan.screen.text, "a second tap brings no second piece"
    await town.lan.presses_data("callouts.lost:1")
    await town.lan.presses("↩ 1 × Life jacket · Ming")
    assert "Life jacket · 3 of 3" in town.lan.screen.labels and await holds(town)
    await fills_in(town.lan, "!Life jacket · 3 of 3", "!Take it off the list", "!Yes, take it off")
    assert "Nothing is written down yet" in town.lan.screen.text


async def test_somebody_joins_by_a_word_from_both_sides(town: Town) -> None:
    """Made by an admin, applied for or asked: nobody is in before both have said so; the leader is one of them."""
    await town.dong.says("/brigades")
    await fills_in(town.dong, "!＋ New brigade", "Flood", "!Skip", "!Make it")
    await town.ming.says("/brigades")
    await fills_in(town.ming, "!Flood · 0 of 0 ready", "!Join")
    assert "Ming would like to join Flood" in town.dong.screen.text
    assert "Take the application back" in town.ming.screen.labels
    all_read(town)
    await town.ming.presses_data("callouts.join:1")
    assert town.dong.heard == []
    await town.dong.presses_data(f"callouts.take:1:{(await town.person(town.ming)).id}:1")
    assert "You are in Flood" in town.ming.screen.text
    await town.dong.presses_data("callouts.invite:1")
    await fills_in(town.dong, "Hua", "!Ask")
    assert "Dong asks you to join the brigade Flood" in town.hua.screen.text
    await town.hua.presses("Join")
    group, wei = await founded(town, leader=town.dong), await town.newcomer("Wei")
    asked = await town.person(wei)
    await town.does(lambda tx: groups.join(tx, group.id, by=asked))
    all_read(town)
    await town.dong.presses_data("callouts.invite:1")
    await fills_in(town.dong, f"!Wei #{asked.id}", "!Ask")
    assert "Dong asks you to join the brigade Flood" in wei.screen.text
    await town.dong.presses_data("callouts.members:1")
    await fills_in(town.dong, "!From my groups ›", f"!{group.name}", "!Wei")
    assert "Wei is in Flood already, or was asked" in town.dong.screen.text
    ming = (await town.person(town.ming)).id
    await town.dong.presses_data(f"callouts.appoint:1:{ming}")
    assert "You lead Flood from now on" in town.ming.screen.text
    await town.ming.presses_data("callouts.ready")
    await fills_in(town.ming, "!My skills · 0", "!☐ Boat", "!‹ Back", "!8 h")
    assert "🟢 On standby until" in town.ming.screen.text
    await town.ming.presses_data("callouts.brigade:1")
    assert "2 members, 1 on standby" in town.ming.screen.text and "• Boat: 1, 1 on standby" in town.ming.screen.text


async def test_holes_in_the_county_are_shown_and_alarmed_each_week(town: Town) -> None:
    """Brigades and people check in for the week; who covers an area answers with names for those who may see."""
    await brigade_of(town, town.ming, leader=town.lan)
    for name in ("Old town", "River side"):
        await town.dong.presses_data("callouts.newarea")
        await fills_in(town.dong, name, "!Save")
    ming, dong = await town.person(town.ming), await town.person(town.dong)
    await town.does(lambda tx: services.appoint(tx, 2, ming.id, services.Role.GRID, by=dong))
    for number in (1, 2):
        await town.lan.presses_data(f"callouts.leading:{number}")
        await town.lan.presses("Flood is there this week")
    assert "🚨 Flood is there for River side this week." in town.ming.screen.text
    await town.ming.presses("Who is there now?")
    assert "🟢 Ming" in town.ming.screen.text, "who works for the area sees who is there"
    await town.ming.presses_data("callouts.covers:1:0")
    assert "🟢 Ming" not in town.ming.screen.text and "2 people are there" in town.ming.screen.text
    await town.lan.presses_data("callouts.leading:2")
    await town.lan.presses("Flood is not there")
    await town.hua.presses_data("callouts.checkin:2:0")
    await town.hua.presses_data("callouts.areas")
    assert "• Old town: First aid 2" in town.hua.screen.text
    assert "• River side: First aid –" in town.hua.screen.text
    assert "🕳 1 hole in the county this week" in town.hua.screen.text
    await town.lan.presses_data("callouts.covers:1:1")
    assert "🟢 Ming" in town.lan.screen.text
    await town.hua.presses_data("callouts.covers:1:1")
    assert "2 people are there" in town.hua.screen.text and "Ming" not in town.hua.screen.text
    await town.until(2026, 11, 23, 9, 1)
    assert "Areas that nobody covers this week" in town.dong.screen.text
    assert "• Old town" in town.dong.screen.text and "• River side" in town.dong.screen.text


async def test_everything_is_told_and_whoever_leaves_is_not_missed(town: Town) -> None:
    """/mydata has it all; forgotten in the middle of a mission, his place is another's and nobody looks for him."""
    brigade = await brigade_of(town, town.ming, town.hua, leader=town.lan)
    callout = await called(town, brigade, town.lan, wanted=1)
    for place in range(5):
        await called(town, brigade, town.lan, place=f"Bridge {place}")
    for persona in (town.ming, town.hua):
        await persona.presses_data(f"callouts.come:{callout.id}:15")
    ming = await town.person(town.ming)
    known = await town.does(lambda tx: callouts.known_of(tx, ming))
    assert known["skills"] and known["brigades"][0]["name"] == "Flood"
    assert known["call-outs answered"][0]["state"] == "coming" and json.dumps(known)
    await town.does(lambda tx: callouts.forget(tx, ming))
    await town.settle()
    assert await states(town, callout) == {"Ming": "declined", "Hua": "coming"}
    left = await town.does(lambda tx: callouts.known_of(tx, ming))
    assert {name for name, rows in left.items() if rows} == {"call-outs answered"}
    assert {row["state"] for row in left["call-outs answered"]} == {"declined"}
    lan = await town.person(town.lan)
    await town.does(lambda tx: callouts.forget(tx, lan))
    await town.settle()
    assert "has no leader any more" in town.dong.screen.text and await holds(town)


async def test_whoever_closes_a_mission_has_hours_by_somebody_elses_word(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An admin, or who leads beside him, is asked; one tap writes them down, once; he himself can't.

    However many names the report has, its hours are all people's.
    """
    callout = await called(town, await brigade_of(town, town.ming, leader=town.lan), town.lan, wanted=3)
    await town.ming.presses_data(f"callouts.come:{callout.id}:15")
    await town.lan.presses_data(f"callouts.roll:{callout.id}")
    await town.lan.presses("🙋 I go too")
    assert "🙋 I go too" not in town.lan.screen.labels
    for persona in (town.ming, town.lan):
        await persona.presses_data(f"callouts.there:{callout.id}")
    await town.passes(hours=2)
    for persona in (town.ming, town.lan):
        await persona.presses_data(f"callouts.back:{callout.id}")
    monkeypatch.setattr("bot.handlers.callouts.leading.REPORTED_MAX", 1)
    await town.lan.presses_data(f"callouts.close:{callout.id}")
    assert "2 people, 4 h of service" in town.lan.screen.text and town.lan.screen.text.count("• ") == 1
    await town.passes(seconds=2)
    assert (await sums(town, town.ming)).b == 120 and (await sums(town, town.lan)).total == 0
    assert "wait for somebody else's word. I have asked: Dong" in "".join(town.lan.heard[-3:])
    lan = await town.person(town.lan)
    for persona, said in ((town.lan, "Somebody else has to say that"), (town.ming, "There is no such call-out")):
        await persona.presses_data(f"callouts.vouch:{callout.id}:{lan.id}")
        assert said in persona.screen.text + persona.toasts[-1].text
    await town.dong.presses("Was there: credit them")
    assert "Written down: 2 h, by your word." in town.dong.screen.text
    await town.dong.presses_data(f"callouts.vouch:{callout.id}:{lan.id}")
    assert "written down already" in town.dong.screen.text + town.dong.toasts[-1].text
    assert (await sums(town, town.lan)).b == 120 and await holds(town)


async def test_hours_that_overlap_others_are_refused_and_the_leader_is_told(town: Town) -> None:
    """Closing does not fail for one person's hours: the others' count, and whoever closed it reads why."""
    callout = await on_mission(town, town.ming, town.hua)
    begins = int(town.clock.instant)
    await town.passes(hours=2)
    ming, dong = await town.person(town.ming), await town.person(town.dong)
    await town.does(
        lambda tx: hours.credit(
            tx,
            hours.Presence(ming.id, hours.Grade.ROLL, 60, begins, begins + HOUR, "activity:1", "River"),
            by=dong,
            rules=town.settings.hours,
        )
    )
    for persona in (town.ming, town.hua):
        await persona.presses_data(f"callouts.back:{callout.id}")
    await town.lan.presses_data(f"callouts.close:{callout.id}")
    await town.passes(seconds=2)
    assert "The hours of Ming at West bridge were not written down" in town.lan.screen.text
    assert (await sums(town, town.hua)).b == 120


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_rehearsal_wakes_nobody_and_stops_asking(town: Town) -> None:
    """Four words about who is not back from a rehearsal, none in quiet hours, and one last one to its leader."""
    brigade = await brigade_of(town, town.ming, leader=town.lan)
    callout = await called(town, brigade, town.lan, drill=True)
    await town.ming.presses("15 min")
    all_read(town)
    end = (await now(town, callout)).ends_at or 0
    asleep = (end + 8 * HOUR) // HOUR % 24
    await is_quiet(town, town.dong, asleep, (asleep + 10) % 24)
    await town.passes(seconds=end - town.clock.instant + 1)
    for _ in range(4 * 8):
        await town.passes(minutes=15)
    assert (got(town.lan, "Not back from West bridge"), got(town.dong, "Not back from West bridge")) == (4, 0)
    assert got(town.lan, "I ask no more") == 1
    await town.days_pass(2)
    assert (got(town.dong, "Not back"), got(town.lan, "Not back"), got(town.lan, "I ask no more")) == (0, 4, 1)
