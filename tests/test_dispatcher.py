"""Telegram out: lanes, limits, order, and every way in which a sending can go wrong."""

from functools import partial
from typing import Any

import pytest

from bot import outbox
from bot.cards import card
from bot.domain import chats, people
from bot.locales import say
from bot.outbox import Lane, Sending
from bot.sandbox.answers import Json
from bot.sandbox.faults import Fits, only
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.probe import probed
from tests.town import Town

HOUR = 3600
HELLO = card(say("hello"), home=False)


async def put(town: Town, to: Persona | int, *texts: str, **more: Any) -> None:
    """Write sendings into the outbox as a deed would."""
    chat_id = to if isinstance(to, int) else to.id
    for text in texts:
        sending = Sending("sendMessage", {"text": text}, chat_id=chat_id, **more)
        await town.does(partial(outbox.put, sending=sending))


async def states(town: Town) -> dict[str, str]:
    """What became of each text that was put."""
    rows = await town.does(lambda tx: tx.all("SELECT params, state FROM outbox WHERE method = 'sendMessage'"))
    return {row["params"].split('"text":"')[1].split('"')[0]: row["state"] for row in rows}


def to(persona: Persona) -> Fits:
    """Calls for this person's chat."""
    return lambda method, params: params.get("chat_id") == persona.id


async def seconds_pass(town: Town, seconds: int) -> None:
    for _ in range(seconds):
        await town.passes(seconds=1)


async def test_what_is_answered_slowly_keeps_its_order(town: Town) -> None:
    """While the first message to a chat is under way the second waits, and other chats go on."""
    town.world.faults.slow(0.05, fits=to(town.ming))
    await put(town, town.ming, *(f"m{n}" for n in range(5)))
    await put(town, town.hua, *(f"h{n}" for n in range(5)))
    await town.settle()
    assert town.ming.heard == [f"m{n}" for n in range(5)]
    assert town.hua.heard == [f"h{n}" for n in range(5)]
    order = [call.params["text"] for call in town.world.calls if call.method == "sendMessage"]
    assert order.index("h0") < order.index("m0")


async def test_one_chat_told_to_wait_waits_exactly_so_long(town: Town) -> None:
    """429 for one chat: it is left alone for the seconds that were named, the others get theirs at once."""
    town.world.faults.too_many(retry_after=7, fits=to(town.ming))
    await put(town, town.ming, "m1", "m2")
    await put(town, town.hua, "h1", "h2")
    await town.settle()
    assert town.hua.heard == ["h1", "h2"]
    await seconds_pass(town, 6)
    assert town.ming.heard == []
    await seconds_pass(town, 1)
    assert town.ming.heard == ["m1", "m2"]


async def test_being_told_off_again_and_again_loses_nothing(town: Town) -> None:
    """Ten times 429 use up no attempts: all is sent at last, in order, once."""
    town.world.faults.too_many(retry_after=2, times=10, fits=only("sendMessage"))
    await put(town, town.ming, "m1", "m2", "m3")
    await seconds_pass(town, 30)
    assert town.ming.heard == ["m1", "m2", "m3"]


async def test_an_answer_told_to_wait_is_not_tried_in_circles(town: Town) -> None:
    """429 for an answer to a press: one more call when the time is over, none before."""
    await town.ming.says("/settings")
    fault = town.world.faults.too_many(retry_after=3, times=None, fits=only("answerCallbackQuery"))
    await town.ming.presses("Quiet hours")
    await seconds_pass(town, 2)
    assert fault.hits == 1
    town.world.faults.clear()
    await seconds_pass(town, 2)
    assert town.ming.unanswered == []


@pytest.mark.parametrize("how", ["refused", "cut_off", "gateway"])
async def test_an_answer_is_not_tried_in_circles_while_telegram_is_away(town: Town, how: str) -> None:
    """Some calls in a minute, not thousands, whatever waits."""
    await town.ming.says("/settings")
    fault = getattr(town.world.faults, how)(times=None, fits=lambda method, params: method.lower() != "getupdates")
    await town.ming.presses("Quiet hours")
    await seconds_pass(town, 60)
    assert 3 < fault.hits < 12


async def test_a_page_of_html_is_no_answer(town: Town) -> None:
    """502 from a server before Telegram's: the message is sent when it is gone."""
    town.world.faults.gateway(times=2, fits=only("sendMessage"))
    await put(town, town.ming, "m1", "m2")
    await seconds_pass(town, 30)
    assert town.ming.heard == ["m1", "m2"]


async def test_a_refused_connection_uses_up_no_attempt(town: Town) -> None:
    """However often the connection is refused, nothing is given up and nothing doubled."""
    town.world.faults.refused(times=50)
    await put(town, town.ming, "m1", "m2")
    for _ in range(60):
        await _ticks(town, 60)
    assert town.ming.heard == ["m1", "m2"]
    assert await attempts(town, "m1") == 1


async def attempts(town: Town, text: str) -> int:
    found = await town.does(
        lambda tx: tx.value("SELECT attempts FROM outbox WHERE params LIKE :like", like=f'%"{text}"%')
    )
    return int(found)


async def _ticks(town: Town, seconds: int) -> None:
    """Time passes for the sending side alone, while polling fails as well."""
    town.clock.move(seconds)
    await town.parts.scheduler.tick()
    await town.parts.dispatcher.drain()
    await town.parts.dispatcher.drain()


async def test_a_lost_answer_doubles_a_message_at_most_once(town: Town) -> None:
    """It was sent and we never heard so: at least once is kept, and each such fault adds one copy at most."""
    town.world.faults.answer_lost(fits=to(town.ming))
    await put(town, town.ming, "m1", "m2")
    await seconds_pass(town, 10)
    assert town.ming.heard in (["m1", "m1", "m2"], ["m1", "m2"])


async def test_what_may_not_be_repeated_is_not(town: Town) -> None:
    """`once`: after a lost answer the row is unsure, is never sent again, and those behind it go on."""
    town.world.faults.answer_lost(fits=to(town.ming))
    await put(town, town.ming, "m1", once=True)
    await put(town, town.ming, "m2")
    await seconds_pass(town, 10)
    await town.opens()
    await seconds_pass(town, 10)
    assert town.ming.heard == ["m1", "m2"]
    assert (await states(town))["m1"] == "unsure"


async def test_what_may_not_be_repeated_is_sent_when_the_connection_was_refused(town: Town) -> None:
    """`once`: nothing was written to the connection, so it is no repetition."""
    town.world.faults.refused(times=3, fits=only("sendMessage"))
    await put(town, town.ming, "m1", once=True)
    await seconds_pass(town, 10)
    assert town.ming.heard == ["m1"]
    assert (await states(town))["m1"] == "sent"


async def test_what_fails_again_and_again_is_set_aside(town: Town) -> None:
    """One message that never gets an answer while others do is given up after its attempts; its chat goes on."""

    def poison(method: str, params: Json) -> bool:
        return params.get("text") == "poison"

    fault = town.world.faults.cut_off(times=None, fits=poison)
    await put(town, town.ming, "poison", "m2")
    await put(town, town.hua, "h1")
    for _ in range(60):
        await town.passes(seconds=10)
    assert fault.hits == 5
    assert (await states(town))["poison"] == "failed"
    assert (town.ming.heard, town.hua.heard) == (["m2"], ["h1"])


async def test_somebody_who_blocked_the_bot_is_marked_so(town: Town) -> None:
    """403: the row is blocked, the chat is marked, and after the person's return it is open again."""
    await put(town, town.ming, "lost")
    town.ming.user.blocked.add(town.bot.id)
    await town.settle()
    assert (await states(town))["lost"] == "blocked"
    known = await town.does(lambda tx: chats.known(tx, town.ming.id))
    assert known and known.state == "blocked"
    await town.ming.starts()
    known = await town.does(lambda tx: chats.known(tx, town.ming.id))
    assert known and known.state == "open"


async def test_somebody_who_blocked_the_bot_is_not_reminded(town: Town) -> None:
    """Reminders are not even written for him; what is pressing is tried, and after his return all is as before."""
    await town.ming.blocks_bot()
    ming = await town.person(town.ming)
    told = [await town.does(partial(people.tell, person=ming, screen=HELLO, lane=lane)) for lane in Lane]
    assert told == [True, True, True, False, False]
    await town.settle()
    await town.ming.unblocks_bot()
    assert await town.does(partial(people.tell, person=ming, screen=HELLO, lane=Lane.REMINDER))
    await town.settle()
    assert town.ming.heard == ["hello"]


async def test_a_third_who_blocked_the_bot_keep_nobody_from_hearing(town: Town) -> None:
    """All the others are reached."""
    crowd = [await town.newcomer(f"P{n}") for n in range(9)]
    for person in crowd[::3]:
        person.user.blocked.add(town.bot.id)
    for person in crowd:
        await put(town, person, "hello", lane=Lane.BROADCAST)
    await town.settle()
    assert [person.heard for person in crowd] == [[] if n % 3 == 0 else ["hello"] for n in range(9)]


async def test_a_group_that_moves_while_it_is_written_to_misses_nothing(town: Town) -> None:
    """Telegram names the new chat in its refusal: all that waits follows, in order, and the chat is known anew."""
    group = town.telegram_group("Dancers", town.lan, kind="group")
    await town.does(lambda tx: chats.note(tx, group.id, "group", "Dancers"))
    await put(town, group.id, "g1", "g2", "g3")
    await town.parts.dispatcher.settle()
    above = await town.lan.upgrades(group)
    await put(town, above.id, "g4")
    await town.settle()
    assert town.lan.heard_in(above) == ["g1", "g2", "g3", "g4"]
    old = await town.does(lambda tx: chats.known(tx, group.id))
    assert old and (old.state, old.became) == ("gone", above.id)


async def test_a_broken_message_does_not_block_its_lane(town: Town) -> None:
    """400: it is set aside with Telegram's words, visibly, and those behind it go."""
    await put(town, town.ming, "", "m2")
    await put(town, 12345, "nobody")
    await town.settle()
    assert town.ming.heard == ["m2"]
    failed = await town.does(lambda tx: tx.all("SELECT error FROM outbox WHERE state = 'failed' ORDER BY id"))
    assert ["empty" in failed[0]["error"].lower(), len(failed)] == [True, 2]


async def test_an_unknown_method_blocks_nothing(town: Town) -> None:
    """404, as an older server says to a newer method: that row alone is set aside."""
    await town.does(lambda tx: outbox.put(tx, Sending("sendNothing", {}, chat_id=town.ming.id)))
    await put(town, town.ming, "m2")
    await seconds_pass(town, 60)
    assert town.ming.heard == ["m2"]
    town.world.violations.clear()


async def test_an_edit_that_changes_nothing_is_fine(town: Town) -> None:
    """“Message is not modified” is a success."""
    await town.ming.says("/settings")
    number = town.ming.screen.message_id
    edit = Sending("editMessageText", {"text": "same", "message_id": number}, chat_id=town.ming.id)
    for _ in range(2):
        await town.does(lambda tx: outbox.put(tx, edit))
        await town.settle()
    assert await _states_of(town, "editMessageText") == ["sent", "sent"]


async def _states_of(town: Town, method: str) -> list[str]:
    rows = await town.does(
        lambda tx: tx.all("SELECT state FROM outbox WHERE method = :method ORDER BY id", method=method)
    )
    return [row["state"] for row in rows][-2:]


async def test_a_screen_that_was_deleted_is_shown_anew(town: Town) -> None:
    """An edit of a message that is gone is sent as a new one."""
    await town.ming.says("/settings")
    message = town.ming.chat.messages[town.ming.screen.message_id]
    await town.ming.deletes(message)
    town.ming.forget()
    await town.ming.presses_data("people.quiet", message)
    assert "In quiet hours" in town.ming.screen.text


async def test_a_tag_that_may_not_be_set_is_no_trouble(town: Town) -> None:
    """Telegram lets nobody tag an administrator; no admin need look at that."""
    group = town.telegram_group("Dancers", town.lan)
    tag = Sending("setChatMemberTag", {"user_id": town.lan.id, "tag": "1 star"}, chat_id=group.id)
    await town.does(lambda tx: outbox.put(tx, tag))
    await town.settle()
    assert await _states_of(town, "setChatMemberTag") == ["dropped"]


async def test_an_answer_that_comes_too_late_is_dropped(town: Town) -> None:
    """400 “query is too old” harms nothing, and the screen comes all the same."""
    await town.ming.says("/settings")
    town.world.faults.refused(times=6, fits=lambda method, params: method.lower() != "getupdates")
    await town.ming.presses("Quiet hours")
    await seconds_pass(town, 60)
    assert "In quiet hours" in town.ming.screen.text
    assert (await _states_of(town, "answerCallbackQuery"))[-1] == "dropped"


@pytest.mark.parametrize("how", ["refused", "cut_off", "gateway"])
async def test_after_an_hour_without_telegram_all_goes_out_in_order(town: Town, how: str) -> None:
    """Telegram away for an hour, however it shows: nothing is given up, and each chat gets its own in order."""
    getattr(town.world.faults, how)(times=None)
    people = (town.ming, town.hua, town.lan)
    for minute in range(60):
        await put(town, people[minute % 3], f"{minute}")
        await _ticks(town, 60)
    town.world.faults.clear()
    await seconds_pass(town, 40)
    for place, person in enumerate(people):
        assert person.heard == [str(minute) for minute in range(place, 60, 3)]


async def test_what_is_for_later_waits_for_its_time(town: Town) -> None:
    """A row with an instant goes then, and not before, whatever restarts in between."""
    await put(town, town.ming, "later", due_at=town.clock.clock.now + 2 * HOUR)
    await town.passes(hours=1)
    await town.opens()
    await town.passes(minutes=59)
    assert town.ming.heard == []
    await town.passes(minutes=1)
    assert town.ming.heard == ["later"]


async def test_a_row_is_there_only_if_its_cause_is(town: Town) -> None:
    """A handler that fails leaves no sending behind; one that works leaves one."""
    probe = await probed(town)
    probe.failing.add("bad")
    await town.ming.says("/note bad")
    await town.hua.says("/note good")
    causes = await town.does(lambda tx: tx.all("SELECT chat_id FROM outbox WHERE params LIKE '%Noted%'"))
    assert [row["chat_id"] for row in causes] == [town.hua.id]


async def test_letters_do_not_stay_in_memory(town: Town) -> None:
    """A hundred calls, each with a letter of its own: memory holds the last few."""
    for number in range(100):
        await town.does(partial(_put_letter, chat_id=town.ming.id, text=f"letter {number}"))
    await town.settle()
    assert town.ming.heard == [f"letter {number}" for number in range(100)]
    assert len(town.parts.dispatcher._postman._letters) <= 32


async def _put_letter(tx: Transaction, *, chat_id: int, text: str) -> None:
    letter = await outbox.letter(tx, "sendMessage", {"text": text})
    await tx.run(
        "INSERT INTO outbox (bot, lane, chat_id, method, params, letter_id, due_at, made_at) "
        "VALUES (:bot, 4, :chat, 'sendMessage', '{}', :letter, :now, :now)",
        bot=tx.bot,
        chat=chat_id,
        letter=letter,
        now=tx.now,
    )
