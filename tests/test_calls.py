"""Calls: written, previewed in numbers, sent once, answered, counted, withdrawn."""

import asyncio

import pytest

from bot.domain import calls, groups
from bot.refusal import Refused
from bot.storage import Transaction
from tests.audited import newest_rows
from tests.calling import announces, call_now, dancers, goes_out, got, is_quiet, joins, many, recruits, sends
from tests.founding import founded
from tests.publishing import published
from tests.test_tree import registered
from tests.town import Town

TEXT = "Dance with us on Saturday"

# Writing, and who may


async def test_the_preview_says_what_sending_means(town: Town) -> None:
    """The text as they will get it, how many are reached in what time, who is not, and who is in quiet hours."""
    await dancers(town, town.ming, town.hua, town.shen)
    await is_quiet(town, town.ming, 9, 12)
    await town.hua.blocks_bot()
    await recruits(town)
    screen = town.lan.screen.text
    assert f"Dance is looking for you\n\n{TEXT}" in screen
    assert "Reaches 2 people in 1 s." in screen
    assert "1 can't be reached: never pressed Start, or blocked me." in screen
    assert "1 is in quiet hours now and gets it when they end." in screen
    assert "Send to 2" in town.lan.screen.labels


async def test_the_preview_of_a_large_county_is_an_estimate(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where counting everybody would take too long a sample is counted, and the screen says so."""
    monkeypatch.setattr("bot.domain.calls.drafting.SAMPLE", 2)
    await announces(town, "Water is off")
    assert "Reaches about 4 people" in town.dong.screen.text
    assert "Estimated from a sample." in town.dong.screen.text
    assert "Send to about 4" in town.dong.screen.labels
    await sends(town, town.dong)
    assert "4 of 4 sent" in town.dong.screen.text


async def test_the_time_follows_the_set_rate(town: Town) -> None:
    """At one message in four seconds, twenty people take a minute and twenty seconds."""
    group = await dancers(town)
    for persona in await many(town, 20):
        await joins(town, group, await town.person(persona))
    lan = await town.person(town.lan)
    call = await town.does(lambda tx: calls.draft(tx, "recruit", TEXT, "", by=lan))
    call = await town.does(lambda tx: calls.address(tx, call.id, group.id, county=False, by=lan))
    reach = await town.does(lambda tx: calls.reach(tx, call, 0.25))
    assert (reach.reached, reach.seconds) == (20, 80)


async def test_a_call_is_written_by_a_form(town: Town) -> None:
    """Text, link, summary, audience, preview: nothing is sent on the way, and Cancel sends nothing."""
    await dancers(town, town.ming)
    await town.lan.says("/recruit")
    await town.lan.says("First line\n\n\n  second <b>line</b>")
    await town.lan.presses("Our group's card")
    await town.lan.presses("Choose who gets it")
    await town.lan.presses("Dance: members")
    assert "First line\n\nsecond <b>line</b>" in town.lan.screen.text
    await town.lan.presses("Cancel")
    assert "Cancelled. Nothing was sent." in town.lan.screen.text
    await goes_out(town)
    assert town.ming.heard == []


@pytest.mark.parametrize("name", ["ming", "dong", "shen"])
async def test_recruiting_is_for_leaders(town: Town, name: str) -> None:
    """Whoever leads no group is refused, admins too, who can announce."""
    await dancers(town, town.ming)
    await town[name].says("/recruit Come")
    assert "you lead no group" in town[name].screen.text


@pytest.mark.parametrize("name", ["ming", "lan", "shen"])
async def test_announcing_is_for_admins(town: Town, name: str) -> None:
    """Leaders and auditors are refused like everybody."""
    await dancers(town, town.ming)
    await town[name].says("/announce Come")
    assert "Only county admins" in town[name].screen.text


@pytest.mark.parametrize("data", ["calls.send:1", "calls.who:1", "calls.cancel:1", "calls.to:1:0:1", "calls.groups:1"])
@pytest.mark.parametrize("name", ["ming", "lan", "shen"])
async def test_anothers_draft_is_nobodys_business(town: Town, name: str, data: str) -> None:
    """A forged press on an admin's draft finds no call, and nothing is sent."""
    await dancers(town)
    await announces(town, "Snow tomorrow")
    await town[name].says("/groups")
    await town[name].presses_data(data)
    assert "There is no call with the number 1" in town[name].screen.text
    await goes_out(town)
    assert (await call_now(town))[0].state == "draft"


async def test_a_leader_can_not_call_for_anothers_group(town: Town) -> None:
    """The group in the button is a hint: whose it is, is checked."""
    await dancers(town)
    dong = await town.person(town.dong)
    other = await town.does(lambda tx: groups.found(tx, "Chess", "", None, by=dong))
    await recruits(town)
    await town.lan.presses_data(f"calls.to:1:{other.id}:0")
    assert "Only the leaders of Chess" in town.lan.toasts[-1].text


async def test_a_leader_can_not_announce_to_the_county_nameless(town: Town) -> None:
    """A recruiting call always bears its group."""
    await dancers(town)
    await recruits(town)
    await town.lan.presses_data("calls.to:1:0:1")
    assert "comes from a group" in town.lan.toasts[-1].text


async def test_a_leader_who_was_dismissed_meanwhile_sends_nothing(town: Town) -> None:
    """Permission is checked when Send is pressed, not when the preview was made."""
    group = await dancers(town, town.ming)
    await recruits(town)
    lan = await town.person(town.lan)
    await town.does(
        lambda tx: tx.run("DELETE FROM leaders WHERE group_id = :g AND person_id = :p", g=group.id, p=lan.id)
    )
    await sends(town, town.lan)
    assert got(town.ming, TEXT) == 0


async def test_a_group_calls_the_county_once_a_week(town: Town) -> None:
    """The second time is refused with the day from which it is possible; to its members it may always call."""
    await dancers(town, town.ming)
    await recruits(town, to="Dance: county")
    await sends(town, town.lan)
    assert got(town.hua, TEXT) == 1
    await recruits(town, "Again", to="Dance: county")
    assert "once in 7 days" in town.lan.screen.text
    assert "28 November" in town.lan.screen.text or "28 Nov" in town.lan.screen.text
    await recruits(town, "For us")
    await sends(town, town.lan)
    assert got(town.ming, "For us") == 1
    await town.days_pass(7)
    await recruits(town, "Again", to="Dance: county")
    await sends(town, town.lan)
    assert got(town.hua, "Again") == 1


async def test_two_previews_for_the_county_are_sent_once(town: Town) -> None:
    """Both were possible when they were made; only the first one goes."""
    await dancers(town)
    await recruits(town, "One", to="Dance: county")
    await recruits(town, "Two", to="Dance: county")
    await town.lan.presses_data("calls.send:1")
    await town.lan.presses_data("calls.send:2")
    await goes_out(town)
    assert (got(town.ming, "One"), got(town.ming, "Two")) == (1, 0)


@pytest.mark.parametrize(("typed", "answer"), [("x" * 1001, "1001 characters"), ("\u200b", "at least one word")])
async def test_a_text_that_can_not_be_sent_is_refused(town: Town, typed: str, answer: str) -> None:
    """Over a thousand characters, or nothing readable."""
    await town.dong.says(f"/announce {typed}")
    assert answer in town.dong.screen.text


async def test_a_link_that_leads_nowhere_is_refused(town: Town) -> None:
    """The form stays open, so that another one can be given."""
    await town.dong.says("/announce Come")
    await town.dong.says("Origami")
    assert "no group called Origami" in town.dong.screen.text
    assert "2 of 2" in town.dong.screen.text
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM calls")) == 0


async def test_a_call_for_an_activity_knows_where_it_leads(town: Town) -> None:
    """From the activity's card the leader writes the text and chooses the audience; nobody types a number."""
    group = await dancers(town, town.ming)
    activity = await published(town, group)
    await town.lan.starts(f"activities_open-{activity.id}")
    await town.lan.presses("Recruit")
    await town.lan.says(TEXT)
    await town.lan.presses("Choose who gets it")
    await town.lan.presses("Dance: members")
    await sends(town, town.lan)
    await town.ming.presses("🙋 I'm in")
    assert "River bank" in town.ming.screen.text and "Sign up" in town.ming.screen.labels


async def test_calling_is_offered_to_those_who_may(town: Town) -> None:
    """A resident's list of calls has no button that would only refuse; a card has none for other groups' activities."""
    activity = await published(town, await dancers(town))
    for persona, offered in ((town.ming, False), (town.lan, True)):
        await persona.says("/calls")
        assert ("Recruit" in persona.screen.labels) is offered
    for persona, offered in ((town.dong, False), (town.lan, True)):
        await persona.starts(f"activities_open-{activity.id}")
        assert ("Recruit" in persona.screen.labels) is offered


# Sending


async def test_a_call_reaches_the_groups_members_alone(town: Town) -> None:
    """Members, each once and in their language; neither others nor the sender."""
    yun = await town.newcomer("Yun", language="zh")
    await dancers(town, town.ming, yun, town.lan)
    await recruits(town)
    await sends(town, town.lan)
    assert [got(town[name], "is looking for you") for name in ("ming", "hua")] == [1, 0]
    assert got(yun, TEXT) == 1 and "Dance在找你" in yun.screen.text
    assert yun.screen.labels == ["🙋 我参加", "暂不"]
    assert "Your call is out\n✓ 2 of 2 sent" in town.lan.screen.text


async def test_an_announcement_reaches_a_group_or_the_county(town: Town) -> None:
    """Chosen by buttons; without a card it asks for no answer."""
    await dancers(town, town.ming)
    await announces(town, "Snow tomorrow")
    await town.dong.presses("Another audience")
    await town.dong.presses("One group …")
    await town.dong.presses("Dance")
    await sends(town, town.dong)
    assert [got(town[name], "Snow tomorrow") for name in ("ming", "hua")] == [1, 0]
    assert town.ming.screen.labels == []
    await announces(town, "Sun tomorrow")
    await sends(town, town.dong)
    assert [got(town[name], "Sun tomorrow") for name in ("ming", "hua", "lan", "shen")] == [1, 1, 1, 1]


async def test_a_stale_send_button_sends_nothing_more(town: Town) -> None:
    """Pressed twice, and again when all is done: everybody has it once."""
    await dancers(town, town.ming)
    await recruits(town)
    await town.lan.presses("Send to 1")
    await town.lan.presses_data("calls.send:1")
    assert "This call was sent before" in town.lan.screen.text
    await goes_out(town)
    await town.lan.presses_data("calls.send:1")
    await goes_out(town)
    assert got(town.ming, TEXT) == 1


async def test_send_in_the_same_moment_sends_once(town: Town) -> None:
    """Five presses that meet: one sends, four are refused."""
    await dancers(town, town.ming)
    await recruits(town)
    lan = await town.person(town.lan)
    outcomes = await asyncio.gather(
        *(town.does(lambda tx: calls.send(tx, 1, by=lan)) for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 4
    await goes_out(town)
    assert got(town.ming, TEXT) == 1


async def test_what_went_out_last_is_counted_before_the_quiet_hours(town: Town) -> None:
    """Telegram lets a message through in the second of a look at the progress: the screen that stands until noon counts it."""
    await dancers(town, town.ming, town.hua)
    await is_quiet(town, town.ming, 9, 12)
    await recruits(town)
    town.world.faults.too_many(4, fits=lambda method, params: params.get("chat_id") == town.hua.id)
    await sends(town, town.lan)
    assert got(town.hua, TEXT) == 1
    assert "✓ 1 of 2 sent" in town.lan.screen.text
    assert "… 1 still waits\nAll of them are in quiet hours" in town.lan.screen.text


async def test_quiet_hours_are_respected(town: Town) -> None:
    """Who is quiet until noon gets it at noon, and the sender's screen says when it goes on."""
    await dancers(town, town.ming, town.hua)
    await is_quiet(town, town.ming, 9, 12)
    await recruits(town)
    await sends(town, town.lan)
    assert [got(town[name], TEXT) for name in ("ming", "hua")] == [0, 1]
    assert (
        "✓ 1 of 2 sent" in town.lan.screen.text and "quiet hours; it goes on Sat 21 Nov, 12:00" in town.lan.screen.text
    )
    await town.until(2026, 11, 21, 12)
    await goes_out(town)
    assert got(town.ming, TEXT) == 1
    assert "Your call is out\n✓ 2 of 2 sent" in town.lan.screen.text


@pytest.mark.parametrize("how", ["leaves", "is forgotten"])
async def test_whoever_is_gone_meanwhile_is_not_written_to(town: Town, how: str) -> None:
    """In quiet hours when it was sent, out of the group or forgotten when they end: the call does not come."""
    group = await dancers(town, town.ming)
    ming = await is_quiet(town, town.ming, 9, 12)
    await recruits(town)
    await sends(town, town.lan)
    await town.does(lambda tx: groups.leave(tx, group.id, by=ming) if how == "leaves" else calls.forget(tx, ming))
    await town.until(2026, 11, 21, 12)
    await goes_out(town)
    assert got(town.ming, TEXT) == 0
    call, counts = await call_now(town)
    assert (call.state, counts.dropped, counts.waiting) == ("done", 1, 0)


async def test_the_senders_screen_is_one_message(town: Town) -> None:
    """The preview becomes the progress and the progress the result; a second look at it comes as a new message."""
    await dancers(town, town.ming)
    await recruits(town)
    number = town.lan.screen.message_id
    await town.lan.presses("Send to 1")
    assert "on its way" in town.lan.screen.text
    await town.lan.presses("The call")
    assert town.lan.screen.message_id != number
    await goes_out(town)
    assert "Your call is out" in town.lan.chat.messages[number]["text"]


async def test_sending_is_in_the_audit_log(town: Town) -> None:
    """Who sent, what kind, to whom; and who withdrew."""
    await announces(town, "Snow tomorrow")
    await sends(town, town.dong)
    await town.dong.presses_data("calls.withdraw.yes:1")
    entries = await town.does(lambda tx: newest_rows(tx, 2))
    assert [entry.deed for entry in entries] == ["call.withdrawn", "call.sent"]


async def test_the_choice_of_a_group_can_be_cancelled(town: Town) -> None:
    """Wherever a call stands before it is sent, one way out drops it."""
    await dancers(town)
    await town.dong.says("/announce Hello")
    await town.dong.presses("Skip")
    await town.dong.presses("Choose who gets it")
    await town.dong.presses("One group …")
    await town.dong.presses("Cancel")
    assert "Nothing was sent" in town.dong.screen.text


async def test_a_call_that_leads_nowhere_can_be_corrected(town: Town) -> None:
    """A group's name with a slip does not cost the leader the text: it is asked for again at once."""
    await dancers(town, town.ming)
    await town.lan.says("/recruit Come and dance")
    await town.lan.says("Dence")
    assert "no group called Dence" in town.lan.screen.text

    await town.lan.says("dance")

    assert "Text: Come and dance" in town.lan.screen.text
    assert "Leads to: Dance" in town.lan.screen.text


@pytest.mark.parametrize("typed", ["1", "#1", "river bank"])
async def test_a_call_leads_to_the_activity_that_was_named(town: Town, typed: str) -> None:
    """By its number or its title; the summary says which one it is."""
    await published(town, await dancers(town, town.ming))
    await town.lan.says("/recruit Come and help")
    await town.lan.says(typed)
    assert "Leads to: River bank" in town.lan.screen.text


async def test_an_announcement_may_do_without_a_button(town: Town) -> None:
    """The question says what Skip means, and that the button is a choice."""
    await town.dong.says("/announce The office is closed on Monday")
    assert "Shall there be a button “I'm in” below it?" in town.dong.screen.text
    assert "“Skip”: the text alone, no button." in town.dong.screen.text


async def test_a_call_that_has_just_begun_compares_with_no_total(town: Town) -> None:
    """Nought of nought would be a lie: nobody has been written down yet."""
    await dancers(town, town.ming)
    await recruits(town)
    await town.lan.presses(next(label for label in town.lan.screen.labels if label.startswith("Send to")))
    assert "✓ 0 sent so far" in town.lan.screen.text
    await goes_out(town)
    assert "✓ 1 of 1 sent" in town.lan.screen.text


async def test_a_call_to_a_school_reaches_its_classes(town: Town) -> None:
    """Each once, in the school itself, a class or both; its leader reads the school's own names, an auditor all of them."""
    school = await registered(town, "No. 1 School", "school")
    team = await registered(town, "Class 3", "team", school)
    beside = await founded(town, "Chess")
    dong, ming, hua, lan, shen = [
        await town.person(who) for who in (town.dong, town.ming, town.hua, town.lan, town.shen)
    ]

    async def joined(tx: Transaction) -> None:
        for group, who in ((school, ming), (team, ming), (team, hua), (beside, shen)):
            await groups.join(tx, group.id, by=who)
        await groups.appoint(tx, school, lan, by=dong)

    await town.does(joined)
    await recruits(town, to="No. 1 School: members")
    assert "Reaches 2 people" in town.lan.screen.text
    await sends(town, town.lan)
    await town.lan.presses_data("calls.open:1")
    for persona, read in (
        (town.lan, "there are numbers alone:\n• Ming"),
        (town.shen, "in the group now:\n• Hua\n• Ming"),
    ):
        await persona.presses_data("calls.names:1:2")
        assert persona.screen.text.endswith(read)
