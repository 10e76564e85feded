"""Help where people live: service points, liaisons, duties of those who work for an area."""

import json

import pytest

from bot.domain import activities, callouts, privacy, services
from bot.domain.activities import Kind
from bot.domain.services import Role
from tests.founding import founded
from tests.publishing import all_read, fills_in, join
from tests.test_activities_hours import confirm, records
from tests.town import Town


async def areas(town: Town, *names: str) -> None:
    dong = await town.person(town.dong)
    for name in names:
        await town.does(lambda tx, name=name: callouts.add_area(tx, name, by=dong))  # type: ignore[misc]


async def works(town: Town, name: str, role: Role) -> None:
    """Let one of the cast work for the first area."""
    dong, person = await town.person(town.dong), await town.person(town[name])
    await town.does(lambda tx: services.appoint(tx, 1, person.id, role, by=dong))
    await town.settle()
    all_read(town)


async def test_a_resident_asks_a_service_point_which_assigns_logs_and_hears_once_how_it_was(town: Town) -> None:
    """The leader says in what the group helps, gives the request to a member, who answers and logs it; one rating counts."""
    group = await founded(town, "Old town helpers", leader=town.lan)
    await town.hua.says("/join Old town helpers")
    await town.lan.presses_data(f"groups.lead:{group.id}")
    await town.lan.presses("Service point")
    await town.lan.presses("· Help at home")
    assert "✓ Help at home" in town.lan.screen.labels
    await town.ming.says("/help")
    await town.ming.presses("Ask for help")
    await town.ming.presses("🏠 Help at home")
    await town.ming.presses("🤝 Old town helpers")
    await fills_in(town.ming, "A lamp has to be changed <b", "!Send it")
    assert "waits for somebody" in town.ming.screen.text
    assert "A lamp has to be changed" in town.lan.heard[-1]
    await town.lan.presses("Open")
    await town.lan.presses("Give it to somebody")
    await town.lan.presses("Hua")
    assert "Lan has given you" in town.hua.heard[-1] and "Hua sees to it" in town.ming.heard[-1]
    await town.lan.presses_data("services.list:ours")
    await town.hua.presses_data("services.list:ours")
    assert "request 1" in town.lan.screen.text and "request 1" not in town.hua.screen.text
    await town.hua.presses_data("services.one:1")
    await town.passes(minutes=90)
    await town.hua.presses("Answer")
    await fills_in(town.hua, "I come at five", "!Say it")
    assert "I come at five" in town.ming.heard[-1]
    await town.hua.presses("It is done")
    await fills_in(town.hua, "Lamp changed", "!30 minutes", "!Log it")
    await town.hua.presses("Undo (60 s)")
    await town.passes(minutes=2)
    assert "is done" not in town.ming.heard[-1]
    await town.hua.presses("It is done")
    await fills_in(town.hua, "Lamp changed", "!30 minutes", "!Log it")
    await town.passes(minutes=2)
    assert "“Lamp changed”" in town.ming.heard[-1] and "Did it help?" in town.ming.heard[-1]
    await town.ming.presses("👍 Yes")
    assert "Did it help? 👍 Yes" in town.ming.screen.text and "First answer after 2 hours" in town.ming.screen.text
    await town.ming.presses_data("services.rate:1:0")
    assert "You have said so already" in town.ming.toasts[-1].text
    for persona, sees in ((town.lan, True), (town.hua, True), (town.ming, False)):
        await persona.presses_data("services.list:done")
        assert ("request 1" in persona.screen.text) == sees
    assert await town.does(services.invariants) == []
    await town.does(lambda tx: tx.run("UPDATE service_figures SET content = content + 1 WHERE state = 'done'"))
    assert [each.name for each in await town.does(services.invariants)] == ["how it goes"]


async def test_whoever_is_on_duty_at_a_service_point_has_hours(town: Town) -> None:
    """The point's screen says so and begins a duty; it then leads to it, and who came has hours from it, once."""
    group = await founded(town, "Dance", leader=town.lan)
    await town.lan.presses_data(f"services.point:{group.id}")
    assert "Whoever is on duty here gets hours" in town.lan.screen.text
    await town.lan.presses("＋ Duty here")
    await fills_in(town.lan, "Desk", "!Skip", "next Sat 15:00 to 17:00", "Old town", "2", "!0", "!Publish")
    duty = await town.does(lambda tx: activities.by_id(tx, 1))
    assert (duty.kind, duty.group_id) == (Kind.DUTY, group.id)
    await join(town, duty, town.ming)
    await town.lan.presses_data(f"services.point:{group.id}")
    await town.lan.presses("🦺 Sat 28 Nov, 15:00 · Desk")
    assert "Desk" in town.lan.screen.text
    town.clock.move(duty.ends_at - duty.made_at + 60)
    await confirm(town, duty.id)
    (record,) = await records(town, town.ming)
    assert (record.minutes, record.cause) == (120, duty.name)
    await town.lan.presses_data(f"services.point:{group.id}")
    assert "🦺 Sat 28 Nov, 15:00 · Desk" not in town.lan.screen.labels


async def test_help_leads_to_the_liaison_of_ones_own_area_and_what_is_sensitive_is_masked(town: Town) -> None:
    """The own community's liaison answers; how long that took is shown; lists, admins and other workers read no word."""
    await areas(town, "Old town", "River side")
    await works(town, "Lan", Role.LIAISON)
    await works(town, "Hua", Role.LIAISON)
    ming = await town.person(town.ming)
    await town.does(lambda tx: callouts.live_in(tx, 1, by=ming))
    await town.ming.says("求助")
    await town.ming.presses("💬 Counselling")
    assert "Liaison of Old town: Hua · Lan" in town.ming.screen.text
    assert "Please don't post it as a need" in town.ming.screen.text
    assert "＋ Post a need" not in town.ming.screen.labels
    await town.ming.presses("📮 Ask the liaison of Old town")
    await fills_in(town.ming, "I can't sleep", "!Send it")
    assert "I can't sleep" not in "".join([*town.lan.heard, *town.dong.heard])
    await town.lan.presses("Open")
    assert "I can't sleep" in town.lan.screen.text
    await town.lan.presses("I see to it")
    await town.passes(hours=3)
    await town.lan.presses_data("services.speak:1")
    await fills_in(town.lan, "Shall we talk tomorrow?", "!Say it")
    await town.hua.presses_data("services.one:1")
    await town.dong.presses_data("services.one:1")
    for persona in (town.hua, town.dong):
        assert "🔒 Only whoever asked" in persona.screen.text
        assert "sleep" not in persona.screen.text and "Ming" not in persona.screen.text
    await town.lan.presses_data("services.list:todo")
    assert "🔒" in town.lan.screen.text and "sleep" not in town.lan.screen.text and "Ming" not in town.lan.screen.text
    await town.shen.presses_data("services.one:1")
    assert "sleep" not in town.shen.screen.text
    await town.ming.presses_data("services.kind:counselling")
    assert "The first answer takes 3 hours on average." in town.ming.screen.text
    await town.dong.presses_data("services.figures")
    assert "Counselling: 1 asked · 0 done · 1 going on · answered after 3 hours" in town.dong.screen.text


async def test_workers_of_an_area_have_a_list_of_duties_done_or_blocked_and_notes_of_their_own(town: Town) -> None:
    """An admin names a grid worker from those who live there and gives a duty; what a handler notes, nobody else reads."""
    await areas(town, "Old town")
    ming = await town.person(town.ming)
    await town.does(lambda tx: callouts.live_in(tx, 1, by=ming))
    await town.dong.presses_data("callouts.area:1")
    await town.dong.presses("🧩 Who works here")
    await town.dong.presses("＋ grid worker")
    await town.dong.presses("Ming")
    assert (
        "Ming · grid worker" in town.dong.screen.text and "You are grid worker for Old town now" in town.ming.heard[-1]
    )
    for words in ("Register the new households", "Settle the quarrel about the hedge"):
        await town.dong.presses_data("services.duty:1")
        await town.dong.presses("🧩 Grid duty")
        await fills_in(town.dong, words, "next Sat", "!Give it")
    await town.ming.presses_data("services.list:todo")
    assert "Register the new households" in town.ming.screen.text
    await town.ming.presses("🧩 Grid duty 1")
    await town.ming.presses("I see to it")
    await town.ming.presses("It is done")
    await fills_in(town.ming, "12 households", "!60 minutes", "!Log it")
    await town.ming.presses_data("services.take:2")
    await town.ming.presses("🔏 Note for me alone")
    await fills_in(town.ming, "She is right, I think", "!Note it")
    assert "She is right" in town.ming.screen.text
    await town.ming.presses("I can't go on")
    await fills_in(town.ming, "He is away until May", "!Say so")
    assert "can't go on for now" in town.dong.heard[-1] and "He is away until May" in town.dong.heard[-1]
    await town.passes(minutes=2)
    assert "12 households" in town.dong.heard[-1] and "Did it help?" not in town.dong.heard[-1]
    await town.dong.presses_data("services.list:duties")
    assert "blocked" in town.dong.screen.text
    await town.dong.presses_data("services.one:2")
    assert "She is right" not in town.dong.screen.text
    known = [await town.does(lambda tx, p=p: services.known_of(tx, p)) for p in (ming, await town.person(town.dong))]  # type: ignore[misc]
    assert ["She is right" in json.dumps(each) for each in known] == [True, False]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_request_without_a_word_is_reminded_of_and_then_the_county_hears(town: Town) -> None:
    """After a day its liaison, after two the admins, neither with its words; who asked can say more or withdraw."""
    await areas(town, "Old town")
    await works(town, "Lan", Role.LIAISON)
    ming = await town.person(town.ming)
    await town.does(lambda tx: services.ask(tx, "disputes", "My neighbour shouts", by=ming, area_id=1))
    await town.passes(hours=25)
    assert "has waited for a word since" in town.lan.heard[-1] and not town.dong.heard
    await town.passes(hours=24)
    assert "has waited for a word since" in town.dong.heard[-1] and "shouts" not in town.dong.heard[-1]
    await town.dong.presses_data("services.list:late")
    assert "🔒" in town.dong.screen.text
    await town.ming.presses_data("services.withdraw:1")
    await town.ming.presses("Yes, withdraw it")
    await town.lan.presses_data("services.take:1")
    assert "taken, done or withdrawn in the meantime" in town.lan.screen.text


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_who_has_nothing_to_do_with_a_request_does_nothing_with_it(town: Town) -> None:
    """Forged presses are refused, each at the press; whoever asked does not see to it himself."""
    await areas(town, "Old town")
    for name in ("Lan", "Ming"):
        await works(town, name, Role.LIAISON)
    ming = await town.person(town.ming)
    await town.does(lambda tx: services.ask(tx, "health", "Blood pressure", by=ming, area_id=1))
    deeds = (
        "one:1",
        "take:1",
        "assign:1",
        "assigned:1:1",
        "back:1",
        "resume:1",
        "undo:1",
        "withdraw.yes:1",
        "rate:1:2",
    )
    for deed in (*deeds, "speak:1", "note:1", "block:1", "finish:1", "words:1"):
        await town.hua.presses_data(f"services.{deed}")
        assert "no request with the number" in town.hua.screen.text or "not yours" in town.hua.screen.text
    await town.ming.presses_data("services.take:1")
    assert "Nothing was changed" in town.ming.screen.text
    await town.lan.presses_data(f"services.assigned:1:{ming.id}")
    assert "Ming can't be given this" in town.lan.screen.text
    for data in ("services.workers:1", "services.dismiss:1:1:liaison", "services.added:1:grid:2", "services.duty:1"):
        await town.hua.presses_data(data)
    assert (await town.does(lambda tx: services.workers(tx, 1, 0))).total is None
    assert len((await town.does(lambda tx: services.workers(tx, 1, 0))).items) == 2


async def test_whoever_leaves_takes_his_words_with_him_and_what_he_had_waits_for_others(town: Town) -> None:
    """Requests of the one who left are withdrawn and empty; those that he had are open again, and the others hear of it."""
    await areas(town, "Old town")
    for name in ("Lan", "Hua"):
        await works(town, name, Role.LIAISON)
    ming, hua, lan = [await town.person(each) for each in (town.ming, town.hua, town.lan)]
    for by, words in ((ming, "Mine"), (lan, "Another one")):
        await town.does(lambda tx, by=by, words=words: services.ask(tx, "papers", words, by=by, area_id=1))  # type: ignore[misc]
    await town.does(lambda tx: services.take(tx, 2, by=hua))
    await town.does(lambda tx: services.take(tx, 1, by=hua))
    await town.does(lambda tx: services.speak(tx, 1, "I am coming", by=hua))
    assert "I am coming" in json.dumps(await town.does(lambda tx: services.known_of(tx, hua)))
    await town.does(lambda tx: privacy.forget(tx, ming))
    await town.does(lambda tx: privacy.forget(tx, hua))
    await town.settle()
    rows = await town.does(
        lambda tx: tx.all("SELECT words, state, asker_id, handler_id FROM service_requests ORDER BY id")
    )
    assert [row["state"] for row in rows] == ["withdrawn", "open"]
    assert (rows[0]["words"], rows[0]["asker_id"], rows[1]["handler_id"]) == ("", None, None)
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM service_words")) == 0
    assert await town.does(services.invariants) == []


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_a_dismissed_liaison_had_is_handed_to_the_others_or_to_the_county(town: Town) -> None:
    """The next liaison hears of what waits again; where nobody is left the county does, also of what nobody had taken."""
    await areas(town, "Old town")
    for name, role in (
        ("Hua", Role.LIAISON),
        ("Lan", Role.LIAISON),
        *((name, Role.GRID) for name in ("Hua", "Lan", "Shen")),
    ):
        await works(town, name, role)
    ming, hua = await town.person(town.ming), await town.person(town.hua)
    for words in ("An errand", "A form"):
        await town.does(lambda tx, words=words: services.ask(tx, "papers", words, by=ming, area_id=1))  # type: ignore[misc]
    await town.does(lambda tx: services.take(tx, 1, by=hua))
    await town.settle()
    all_read(town)
    await town.dong.presses_data(f"services.dismiss:1:{hua.id}:liaison")
    assert "request 1 waits for somebody in Old town" in "".join(town.lan.heard) and len(town.lan.heard) == 1
    assert "You are no longer liaison for Old town" in town.hua.heard[-1]
    assert "Undo" in town.dong.screen.labels and len(town.dong.screen.rows) <= 8
    all_read(town)
    await town.dong.presses_data(f"services.dismiss:1:{(await town.person(town.lan)).id}:liaison")
    assert ["waits for somebody in Old town" in each for each in town.dong.heard].count(True) == 2


async def test_who_waits_for_a_group_that_is_closed_hears_so(town: Town) -> None:
    """Counted before; a minute later whoever asked is told where else to ask, nobody is reminded of it, and nobody asks it anew."""
    group, lan = await founded(town, "Old town helpers", leader=town.lan), await town.person(town.lan)
    await town.does(lambda tx: services.toggle_block(tx, group.id, "home", by=lan))
    ask = f"services.ask:home:group:{group.id}"
    await town.ming.presses_data(ask)
    await fills_in(town.ming, "A lamp has to be changed", "!Send it")
    await town.dong.presses_data(f"groups.closing:{group.id}")
    assert "1 request for help waits there" in town.dong.screen.text
    await town.dong.presses("Close it")
    await town.passes(minutes=2)
    assert "Old town helpers was closed" in town.ming.screen.text
    await town.ming.presses("Ask somebody else")
    assert "Old town helpers" not in town.ming.screen.text
    await town.days_pass(3)
    assert "has waited for a word" not in "".join([*town.dong.heard, *town.lan.heard])
    await town.ming.presses_data(ask)
    await fills_in(town.ming, "A lamp", "!Send it")
    assert "Nobody is there for it any more" in town.ming.screen.text
    assert await town.does(services.invariants) == []
