"""Call-outs: who is asked, in which order, what they answer, and that nobody is at two places."""

import asyncio

import pytest

from bot.domain import callouts
from bot.outbox import Lane
from tests.brigading import FIRST_AID, brigade_of, called, enters, holds, now, states
from tests.calling import announces, got, is_quiet, many
from tests.publishing import all_read, fills_in
from tests.town import Town


async def test_from_command_to_sent_it_takes_two_taps(town: Town) -> None:
    """The command with a place shows all else set, and whom it reaches ring by ring; one tap sends it."""
    brigade = await brigade_of(town, town.ming, leader=town.lan)
    await called_in(town)
    await town.lan.says("/callout West bridge, sandbags, 12 people, in 45 min")
    assert "1. 1 of the brigade, on standby" in town.lan.screen.text.split("\n")
    assert "📍 West bridge, sandbags\n🛠 whoever can come · 12 wanted" in town.lan.screen.text
    assert "10:45" in town.lan.screen.text and "Nothing is sent yet" in town.lan.screen.text
    assert "⚠️ All rings together reach 1 person, and 12 are wanted." in town.lan.screen.text
    await town.lan.presses("🚨 Call out: 1 person at once")
    await town.passes(seconds=1)
    assert "🚨 Call-out · Flood" in town.ming.screen.text
    assert "West bridge, sandbags" in town.ming.screen.text
    assert "Mission 1 is running" in town.lan.screen.text
    assert brigade.name in town.ming.screen.text


async def called_in(town: Town) -> None:
    """Everything that was told so far is read."""
    await town.settle()
    all_read(town)


async def test_everything_of_a_call_out_can_be_changed_before_it_is_sent(town: Town) -> None:
    """Skill, number, time and rehearsal: by a tap or typed; cancelled, nothing is sent and nothing is left."""
    await brigade_of(town, town.ming, leader=town.lan)
    await town.lan.says("/callout")
    await fills_in(town.lan, "West bridge", "!Whom it reaches", "!👥 10", "!🛠 Skill", "!First aid", "!⏱ 60 min")
    assert "🛠 First aid · 10 wanted" in town.lan.screen.text
    assert "1. 1 of the brigade, on standby, with the skill" in town.lan.screen.text
    await fills_in(town.lan, "!Other number", "7", "!Save", "!Other time", "14:30", "!Save", "!Only a rehearsal")
    assert "🛠 First aid · 7 wanted" in town.lan.screen.text
    assert "14:30" in town.lan.screen.text and "REHEARSAL" in town.lan.screen.text
    await town.lan.presses("🛠 Skill")
    await town.lan.presses("Boat")
    assert "2. 1 everybody else in the brigade" in town.lan.screen.text
    await town.lan.presses("Cancel")
    await town.passes(seconds=2)
    assert got(town.ming, "Call-out ·") == 0
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM callouts")) == 0


@pytest.mark.parametrize(("wanted", "at_once", "button"), [(1, 1, "1 person"), (3, 3, "3 people")])
async def test_rings_widen_until_enough_have_answered_and_ask_nobody_twice(
    town: Town, wanted: int, at_once: int, button: str
) -> None:
    """Standby of the brigade, the brigade, other brigades' standby, whoever is willing: at once as many as are wanted,
    as the button says, then ring by ring."""
    fei, nan, tao = [await town.newcomer(name) for name in ("Fei", "Nan", "Tao")]
    brigade = await brigade_of(town, town.ming, leader=town.lan)
    await brigade_of(town, fei, name="Fire")
    await enters(town, brigade, await town.person(town.hua), standby=False)
    for persona in (nan, tao):
        await persona.presses_data("callouts.willing")
    await nan.presses_data(f"callouts.tick:{FIRST_AID}:0")
    await called_in(town)
    await fills_in(town.lan, f"/callout West bridge, {wanted} people", "!🛠 Skill", "!First aid")
    await town.lan.presses(f"🚨 Call out: {button} at once")
    await town.passes(seconds=1)
    seen = []
    for _ in range(6):
        seen.append([each.user.first_name for each in (town.ming, town.hua, fei, nan, tao) if got(each, "🚨 Call-out")])
        await town.passes(minutes=5)
        await town.passes(seconds=1)
    everybody = ["Ming", "Hua", "Fei", "Nan"]
    assert seen == [everybody[: at_once + turn] for turn in range(6)]
    assert [got(each, "🚨 Call-out") for each in (town.ming, town.hua, fei, nan, tao)] == [1, 1, 1, 1, 0]
    await town.passes(minutes=90)
    await town.lan.presses_data("callouts.open:1")
    assert "⏱ as soon as possible, wanted by Sat 21 Nov, 10:30" in town.lan.screen.text
    assert (await town.does(lambda tx: callouts.by_id(tx, 1))).ring == 4 and await holds(town)


async def test_enough_answers_stop_the_rings_and_the_leader_can_widen_by_hand(town: Town) -> None:
    """With the places taken nobody else is asked by himself; the leader still may, and reads how many that are."""
    brigade = await brigade_of(town, town.ming, leader=town.lan)
    other = await brigade_of(town, town.hua, name="Fire")
    callout = await called(town, brigade, town.lan, wanted=1)
    await town.ming.presses("30 min")
    await town.passes(minutes=30)
    assert got(town.hua, "🚨 Call-out") == 0 and other.id != brigade.id
    await town.lan.presses_data(f"callouts.wider:{callout.id}")
    assert "1 more could be asked in all" in town.lan.screen.text
    await town.lan.presses("Yes, ask them")
    await town.passes(seconds=1)
    assert got(town.hua, "🚨 Call-out") == 1
    await town.lan.presses_data(f"callouts.widen:{callout.id}")
    assert "Everybody who could be asked has been asked" in town.lan.screen.text


async def test_beyond_the_number_one_is_in_reserve_and_moves_up(town: Town) -> None:
    """The third of two waits; when somebody can't come after all he has the place, and hears it at once."""
    fei = await town.newcomer("Fei")
    brigade = await brigade_of(town, town.ming, town.hua, fei, leader=town.lan)
    callout = await called(town, brigade, town.lan, wanted=2)
    for persona in (town.ming, town.hua, fei):
        await persona.presses("15 min")
    assert "you are in reserve" in fei.screen.text
    await fei.presses_data(f"callouts.there:{callout.id}")
    assert "you are in reserve and have no place yet" in fei.toasts[-1].text + fei.screen.text
    await town.ming.presses("I can't")
    assert "You are wanted now: a place at West bridge is free" in fei.screen.text
    assert await states(town, callout) == {"Ming": "declined", "Hua": "coming", "Fei": "coming"}
    assert (await now(town, callout)).accepted == 2 and await holds(town)


async def test_a_time_of_arrival_can_be_typed_and_changed(town: Town) -> None:
    """14:30 is as good as a tap; the board shows it, and the newer one counts."""
    brigade = await brigade_of(town, town.ming, leader=town.lan)
    await called(town, brigade, town.lan)
    for typed, at in (("14:30", "14:30"), ("20 min", "10:20"), ("两小时", "12:00")):
        await fills_in(town.ming, "!Another time", typed, "!I come")
        assert "You are expected by" in town.ming.screen.text and at in town.ming.screen.text
    await town.ming.presses("Another time")
    await town.ming.says("tomorrow")
    assert "I need a time that is ahead" in town.ming.screen.text
    await fills_in(town.ming, "15:00", "!I come")
    await town.passes(seconds=3)
    await town.lan.presses_data("callouts.open:1")
    assert "🚗 Ming ·" in town.lan.screen.text and "15:00" in town.lan.screen.text


async def test_nobody_is_sent_to_two_places(town: Town) -> None:
    """Whoever is out is not asked elsewhere, and can't accept what he was asked before; he reads why, and the way out."""
    brigade = await brigade_of(town, town.ming, leader=town.lan)
    other = await brigade_of(town, town.ming, town.hua, name="Fire")
    first = await called(town, brigade, town.lan)
    second = await called(town, other, town.dong, place="East bridge")
    await town.ming.presses_data(f"callouts.come:{first.id}:15")
    await town.ming.presses_data(f"callouts.come:{second.id}:15")
    assert "nobody is sent to two places" in town.ming.screen.text
    assert "Open that mission" in town.ming.screen.labels
    third = await called(town, other, town.dong, place="South bridge")
    assert "Ming" not in await states(town, third)
    await town.ming.presses_data(f"callouts.cant:{first.id}")
    await town.ming.presses_data(f"callouts.come:{second.id}:15")
    assert (await states(town, second))["Ming"] == "coming" and await holds(town)


async def test_taps_in_the_same_moment_fill_the_places_exactly(town: Town) -> None:
    """Eight answer at once for two places, and one of them two call-outs: two have a place, he has one in all."""
    crowd = await many(town, 8)
    brigade = await brigade_of(town, *crowd, leader=town.lan)
    other = await brigade_of(town, crowd[0], name="Fire")
    first = await called(town, brigade, town.lan, wanted=2)
    second = await called(town, other, town.dong, wanted=1)
    answers = [(first, await town.person(each)) for each in crowd] + [(second, await town.person(crowd[0]))]
    eta = int(town.clock.instant) + 900
    await asyncio.gather(
        *(town.does(lambda tx, c=c, p=p: callouts.come(tx, c.id, eta, by=p)) for c, p in answers),  # type: ignore[misc]
        return_exceptions=True,
    )
    found = await states(town, first), await states(town, second)
    assert sorted(found[0].values()).count("coming") == 2
    assert [each["P0"] for each in found].count("coming") <= 1 and await holds(town)


async def test_quiet_hours_do_not_hold_a_call_out_back(town: Town) -> None:
    """At night, in the middle of quiet hours, it comes at once; whoever joins is told so before."""
    await town.until(2026, 11, 22, 2)
    await is_quiet(town, town.ming, 22, 8)
    brigade = await brigade_of(town, town.ming, leader=town.lan)
    await town.ming.presses_data(f"callouts.brigade:{brigade.id}")
    assert "also in your quiet hours" in await invited(town, brigade.id)
    await called(town, brigade, town.lan)
    assert "🚨 Call-out" in town.ming.screen.text


async def invited(town: Town, brigade_id: int) -> str:
    """What Hua reads when she is asked to join."""
    await town.lan.presses_data(f"callouts.invite:{brigade_id}")
    await fills_in(town.lan, "Hua", "!Ask")
    return town.hua.screen.text


async def test_a_call_out_overtakes_a_running_broadcast(town: Town) -> None:
    """With hundreds of a broadcast waiting its messages go first, to those too who wait for the broadcast."""
    crowd = await many(town, 300)
    brigade = await brigade_of(town, *crowd[:20], leader=town.lan)
    await announces(town, "The library is open")
    await town.opens(sending={"per_second": 25, "per_chat_second": 1, "chat_burst": 3})
    await town.dong.presses(next(label for label in town.dong.screen.labels if label.startswith("Send to")))
    await passes_in_steps(town, 60)
    before = sum(got(each, "The library is open") for each in crowd)
    assert before > 20
    callout = await called(town, brigade, town.lan, wanted=20)
    await passes_in_steps(town, 24)
    assert callout.is_open and all(got(each, "🚨 Call-out") == 1 for each in crowd[:20])
    assert sum(got(each, "The library is open") for each in crowd) < before + 10
    lanes = await town.does(lambda tx: tx.all("SELECT DISTINCT lane FROM outbox WHERE key LIKE 'callout:%'"))
    assert {row["lane"] for row in lanes} <= {int(Lane.URGENT), int(Lane.REPLY)}


async def passes_in_steps(town: Town, steps: int) -> None:
    """Time in steps of which each is long enough for one sending."""
    for _ in range(steps):
        await town.passes(seconds=0.05)


async def test_standing_down_tells_everybody_who_was_asked(town: Town) -> None:
    """Those on the way, in reserve and undecided are told; answers come too late from then on; the log has nothing."""
    brigade = await brigade_of(town, town.ming, town.hua, leader=town.lan)
    callout = await called(town, brigade, town.lan, wanted=1)
    await town.ming.presses("15 min")
    await town.lan.presses_data(f"callouts.standdown:{callout.id}")
    await town.lan.presses("Yes, stand down")
    await town.passes(seconds=1)
    for persona in (town.ming, town.hua):
        assert got(persona, "Stood down: nobody need come to West bridge any more") == 1
    await town.hua.presses_data(f"callouts.come:{callout.id}:15")
    assert "is over" in town.hua.screen.text
    assert await town.does(callouts.missions_number) == 0 and await holds(town)


async def test_a_rehearsal_says_so_and_yields_to_the_real_thing(town: Town) -> None:
    """Each message bears the mark; whoever takes part is free for a real call-out, and the log does not count it."""
    brigade = await brigade_of(town, town.ming, leader=town.lan)
    drill = await called(town, brigade, town.lan, drill=True)
    assert "🎽 REHEARSAL" in town.ming.screen.text
    await town.ming.presses("15 min")
    assert "🎽 REHEARSAL" in town.ming.screen.text
    real = await called(town, brigade, town.lan, place="East bridge")
    await town.ming.presses_data(f"callouts.come:{real.id}:15")
    assert (await states(town, real))["Ming"] == "coming"
    assert (await states(town, drill))["Ming"] == "back"
    assert await town.does(callouts.missions_number) == 0 and await holds(town)


async def test_a_skill_goes_off_the_list_with_all_who_have_it(town: Town) -> None:
    """An admin reads first how many have it ticked; then nobody has it, and nobody else but an admin could."""
    await brigade_of(town, town.ming, town.hua)
    await town.ming.presses_data(f"callouts.noskill.yes:{FIRST_AID}")
    await town.dong.presses_data(f"callouts.skill:{FIRST_AID}")
    await town.dong.presses("Take it off the list")
    assert "2 people have it ticked" in town.dong.screen.text
    assert await town.does(lambda tx: callouts.skilled_number(tx, FIRST_AID)) == 2
    await town.dong.presses("Yes, take it off")
    assert await town.does(lambda tx: callouts.skilled_number(tx, FIRST_AID)) == 0
    assert "First aid" not in town.dong.screen.labels


async def test_whose_brigade_was_disbanded_is_called_by_no_other(town: Town) -> None:
    """He is in no brigade any more: standing by he is asked only if he has said that brigades may."""
    brigade = await brigade_of(town, town.ming, leader=town.lan)
    fire = await brigade_of(town, town.hua, name="Fire")
    await town.dong.presses_data(f"callouts.disband:{fire.id}")
    await town.dong.presses("Yes, disband it")
    callout = await called(town, brigade, town.lan, wanted=5)
    assert await states(town, callout) == {"Ming": "asked"}


async def test_however_many_missions_run_each_can_be_opened(town: Town) -> None:
    """Above the log stand two at most; a tap shows the others, those I lead and those I am asked for."""
    places = ("West bridge", "East dam", "Mill")
    for place, member in zip(places, (town.ming, town.hua, town.lan), strict=True):
        await called(town, await brigade_of(town, member, name=place), town.dong, place=place)
    await town.dong.says("/missions")
    assert [label for label in town.dong.screen.labels if "🚨" in label] == ["🚨 Mill", "🚨 All that runs: 3"]
    await town.dong.presses("🚨 All that runs: 3")
    await town.dong.presses("🚨 West bridge")
    assert "is running" in town.dong.screen.text and "West bridge" in town.dong.screen.text
