"""After a call: answers, numbers and names, withdrawing; and calls to thousands."""

import pytest

from bot.domain import calls, groups, telling
from tests.calling import announces, call_now, dancers, goes_out, got, is_quiet, many, recruits, sends
from tests.publishing import published
from tests.town import Town

TEXT = "Dance with us on Saturday"

# Answers


async def test_an_answer_counts_once_and_can_be_changed(town: Town) -> None:
    """The call stays as it is; a short word confirms, and the last answer is the one."""
    await dancers(town, town.ming)
    await recruits(town)
    await sends(town, town.lan)
    await town.ming.presses("🙋 I'm in")
    await town.ming.presses("🙋 I'm in")
    assert "Noted: you're in" in town.ming.toasts[-1].text
    assert (await call_now(town))[1].coming == 1
    await town.ming.presses("Not now")
    assert "Noted: not now" in town.ming.toasts[-1].text
    _, counts = await call_now(town)
    assert (counts.coming, counts.not_now) == (0, 1)
    assert got(town.ming, TEXT) == 1


async def test_im_in_leads_on_to_the_card(town: Town) -> None:
    """The answer counts, the group's card comes as a new message, and the call stays."""
    await dancers(town)
    await announces(town, "New group!", link="dance")
    await sends(town, town.dong)
    await town.ming.presses("🙋 I'm in")
    assert "Dance" in town.ming.screen.text and "Join" in town.ming.screen.labels
    assert got(town.ming, "New group!") == 1
    assert (await call_now(town))[1].coming == 1


async def test_a_leaders_call_leads_to_the_groups_card(town: Town) -> None:
    """From a call to the county to a member of the group: two taps."""
    await dancers(town)
    await town.lan.says(f"/recruit {TEXT}")
    await town.lan.presses("Our group's card")
    await town.lan.presses("Choose who gets it")
    await town.lan.presses("Dance: county")
    await sends(town, town.lan)
    await town.ming.presses("🙋 I'm in")
    await town.ming.presses("Join")
    ming = await town.person(town.ming)
    assert await town.does(lambda tx: groups.is_member(tx, 1, ming))


async def test_only_those_who_were_called_answer(town: Town) -> None:
    """A forged press by somebody else finds no call."""
    await dancers(town, town.ming)
    await recruits(town)
    await sends(town, town.lan)
    await town.hua.says("/groups")
    await town.hua.presses_data("calls.coming:1")
    assert "There is no call" in town.hua.screen.text
    assert (await call_now(town))[1].coming == 0


# Numbers and names


async def test_every_number_opens_its_names(town: Town) -> None:
    """The leader sees who is in, to whom it went, who has blocked."""
    await dancers(town, town.ming, town.hua, town.shen)
    town.hua.user.blocked.add(town.bot.id)
    await recruits(town)
    await sends(town, town.lan)
    await town.ming.presses("🙋 I'm in")
    await town.lan.says("/calls")
    await town.lan.presses("📣 Dance with us on …")
    assert town.lan.screen.rows[0] == ("Coming 1", "Sent 2", "Blocked 1")
    for label, names in (("Coming 1", "Ming"), ("Sent 2", "Ming\n• Shen"), ("Blocked 1", "Hua")):
        await town.lan.presses(label)
        assert town.lan.screen.text.endswith(f"• {names}")
        await town.lan.presses("‹ Back")


async def test_who_got_a_county_call_is_not_named(town: Town) -> None:
    """Neither its sender nor an admin reads to whom it was sent: there are numbers."""
    await dancers(town)
    await recruits(town, to="Dance: county")
    await sends(town, town.lan)
    for name in ("lan", "dong"):
        await town[name].says("/calls")
        await town[name].presses("📣 Dance with us on …")
        assert [row[0] for row in town[name].screen.rows[:2]] == ["Who comes, group by group", "Refresh"]
        await town[name].presses_data("calls.names:1:2")
        assert "is counted and not named" in town[name].toasts[-1].text


async def test_those_who_can_not_be_reached_are_named(town: Town) -> None:
    """Who had blocked the bot before is not written to, and stands under Unreachable."""
    await dancers(town, town.ming, town.hua)
    await town.hua.blocks_bot()
    await recruits(town)
    await sends(town, town.lan)
    assert "– 1 can't be reached" in town.lan.screen.text
    await town.lan.says("/calls")
    await town.lan.presses("📣 Dance with us on …")
    await town.lan.presses("Unreachable 1")
    assert town.lan.screen.text.endswith("• Hua")


@pytest.mark.parametrize("data", ["calls.open:1", "calls.names:1:0", "calls.withdraw:1", "calls.withdraw.yes:1"])
async def test_members_see_nothing_of_a_call_but_itself(town: Town, data: str) -> None:
    """Numbers, names and withdrawing are refused, as if there were no call."""
    await dancers(town, town.ming)
    await recruits(town)
    await sends(town, town.lan)
    await town.ming.presses_data(data)
    assert "There is no call" in town.ming.screen.text
    assert (await call_now(town))[0].state == "done"


async def test_an_auditor_reads_and_changes_nothing(town: Town) -> None:
    """The numbers are his to see, withdrawing is not."""
    await dancers(town, town.ming)
    await recruits(town)
    await sends(town, town.lan)
    await town.shen.says("/calls")
    await town.shen.presses("📣 Dance with us on …")
    assert "Delete everywhere" not in town.shen.screen.labels
    await town.shen.presses_data("calls.withdraw.yes:1")
    assert "Only its sender" in town.shen.toasts[-1].text


# Withdrawing


async def test_a_withdrawn_call_is_deleted_everywhere(town: Town) -> None:
    """Asked first, with numbers; gone from every chat, and those who wait never get it."""
    await dancers(town, town.ming, town.hua, town.shen)
    await is_quiet(town, town.shen, 9, 12)
    await recruits(town)
    await sends(town, town.lan)
    await town.lan.says("/calls")
    await town.lan.presses("📣 Dance with us on …")
    await town.lan.presses("Delete everywhere")
    assert "2 messages are deleted." in town.lan.screen.text
    assert "1 that still waits is not sent." in town.lan.screen.text
    await town.lan.presses("Yes, delete it")
    await goes_out(town)
    await town.until(2026, 11, 21, 13)
    assert [got(town[name], TEXT) for name in ("ming", "hua", "shen")] == [0, 0, 0]
    await town.lan.presses("Refresh")
    assert "Withdrawn\n2 messages deleted\n1 never sent" in town.lan.screen.text


async def test_what_is_older_than_two_days_stays(town: Town) -> None:
    """Telegram deletes nothing older; the question says so."""
    await dancers(town, town.ming)
    await recruits(town)
    await sends(town, town.lan)
    await town.days_pass(3)
    await town.lan.presses_data("calls.withdraw:1")
    assert "1 is older than 48 hours and stays" in town.lan.screen.text
    await town.lan.presses("Yes, delete it")
    await goes_out(town)
    assert got(town.ming, TEXT) == 1


async def test_what_somebody_deleted_himself_is_no_failure(town: Town) -> None:
    """It is gone already, which is what withdrawing wants."""
    await dancers(town, town.ming)
    await recruits(town)
    await sends(town, town.lan)
    await town.ming.deletes(next(m for m in town.ming.chat.messages.values() if TEXT in m.get("text", "")))
    await town.lan.presses_data("calls.withdraw.yes:1")
    await goes_out(town)
    states = await town.does(lambda tx: tx.all("SELECT state FROM outbox WHERE method = 'deleteMessage'"))
    assert [row["state"] for row in states] == ["sent"]


async def test_a_withdrawn_call_takes_no_answers(town: Town) -> None:
    """Pressed in the moment before it went."""
    await dancers(town, town.ming)
    await recruits(town)
    await sends(town, town.lan)
    lan = await town.person(town.lan)
    await town.does(lambda tx: calls.withdraw(tx, 1, by=lan))
    await town.ming.presses("🙋 I'm in")
    assert "was withdrawn" in town.ming.toasts[-1].text


async def test_withdrawing_twice_changes_nothing(town: Town) -> None:
    """The second press is told so."""
    await dancers(town, town.ming)
    await recruits(town)
    await sends(town, town.lan)
    await town.lan.presses_data("calls.withdraw.yes:1")
    await town.lan.presses_data("calls.withdraw.yes:1")
    assert "was withdrawn before" in town.lan.screen.text


# Forgetting


async def test_answers_of_the_forgotten_go(town: Town) -> None:
    """What is known of somebody is all given, and gone when he is forgotten."""
    await dancers(town, town.ming)
    await recruits(town)
    await sends(town, town.lan)
    await town.ming.presses("🙋 I'm in")
    ming, lan = await town.person(town.ming), await town.person(town.lan)
    assert len((await town.does(lambda tx: calls.known_of(tx, ming)))["calls answered"]) == 1
    assert len((await town.does(lambda tx: calls.known_of(tx, lan)))["calls written"]) == 1
    await town.does(lambda tx: calls.forget(tx, ming))
    assert (await town.does(lambda tx: calls.known_of(tx, ming)))["calls answered"] == []


# Thousands


@pytest.mark.usefixtures("a_slice_a_tick")
async def test_three_thousand_are_called_through_a_crash_and_nobody_twice(town: Town) -> None:
    """A third has blocked the bot; the process dies twice on the way; in the end each of the others has it once."""
    crowd = await many(town, 3000)
    for persona in crowd[::3]:
        persona.user.blocked.add(town.bot.id)
    await announces(town, "Snow tomorrow")
    await town.dong.presses("Send to about 3000")
    town.clock.move(1)
    await town.parts.scheduler.tick()
    assert 400 < await _enlisted(town) <= telling.SLICE
    await _dies_while_sending(town)
    town.clock.move(1)
    await town.parts.scheduler.tick()
    await _dies_while_sending(town)
    await goes_out(town)
    call, counts = await call_now(town)
    assert call.state == "done"
    assert (counts.sent, counts.blocked, counts.waiting) == (2004, 1000, 0)
    reached = [got(persona, "Snow tomorrow") for persona in crowd]
    assert sum(reached) == 2000 and max(reached) == 1
    assert "✓ 2004 of 3004 sent\n✗ 1000 blocked me, 0 failed" in town.dong.screen.text


async def _enlisted(town: Town) -> int:
    return int(await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM outbox WHERE letter_id IS NOT NULL")))


async def _dies_while_sending(town: Town) -> None:
    """Some were sent and marked, some are in memory only; what comes next is another process."""
    await town.parts.dispatcher.drain()
    assert await town.does(lambda tx: tx.value("SELECT COUNT(*) FROM outbox WHERE state = 'taken'"))
    await town.opens()


async def test_progress_is_edited_at_most_every_three_seconds(town: Town) -> None:
    """However often the clock ticks: the sender's screen changes in steps of three seconds."""
    await many(town, 50)
    await announces(town, "Snow tomorrow")
    await town.dong.presses("Send to 54")
    before = len(town.dong.chat.changes)
    for _ in range(30):
        await town.passes(seconds=0.2)
    assert len(town.dong.chat.changes) - before <= 2


async def test_whoever_led_a_group_still_opens_the_calls_that_he_sent(town: Town) -> None:
    """By /calls, though menus offer it to leaders; and whoever never sent one reads that there is none."""
    await dancers(town, town.ming)
    await recruits(town)
    await sends(town, town.lan)
    group = await town.does(lambda tx: groups.by_id(tx, 1))
    lan, dong = await town.person(town.lan), await town.person(town.dong)
    await town.does(lambda tx: groups.dismiss(tx, group, lan, by=dong))
    await town.lan.says("/calls")
    await town.lan.presses("📣 Dance with us on …")
    assert "✓ 1 of 1 sent" in town.lan.screen.text
    await town.ming.says("/calls")
    assert "No call that you may see" in town.ming.screen.text
    assert "calls" not in town.ming.menu()


async def test_an_admin_who_leads_nothing_is_led_to_announce(town: Town) -> None:
    """/recruit is for leaders; the button next to it is for him."""
    await town.dong.says("/recruit")
    assert "As a county admin you can announce" in town.dong.screen.text
    await town.dong.presses("Announce")
    assert "An announcement" in town.dong.screen.text


async def test_im_in_says_what_is_left_to_do(town: Town) -> None:
    """An answer is no sign-up: the press says so, until there is one."""
    activity = await published(town, await dancers(town, town.ming))
    await town.lan.presses_data(f"calls.recruit:{activity.id}")
    await town.lan.presses("Ready words: who, when, where")
    assert "Leads to: River bank" in town.lan.screen.text
    await town.lan.presses("Choose who gets it")
    await town.lan.presses("Dance: members")
    await sends(town, town.lan)

    assert "“River bank” still needs 2 people: Tue 24 Nov, 10:00, West bridge. Will you come?" in town.ming.screen.text
    await town.ming.presses("🙋 I'm in")
    assert town.ming.toasts[-1].text == "Noted: you're in. To get a place, tap “Sign up” on this card."
    await town.ming.presses("Sign up")
    await town.ming.presses("🙋 I'm in")
    assert town.ming.toasts[-1].text == "Noted: you're in. “Not now” changes it."
