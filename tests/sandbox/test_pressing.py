"""Buttons pressed: what the bot hears, and what it may answer and when."""

import pytest
from telegram.error import BadRequest

from bot.sandbox.people import Impossible, Persona, Toast
from tests.sandbox.conftest import Small, saying

TOO_OLD = "query is too old and response timeout expired or query id is invalid"


async def screen(small: Small, ming: Persona, *labels: str) -> None:
    await ming.starts()
    rows = [[{"text": label, "callback_data": f"data:{label}"}] for label in labels]
    await small.call("sendMessage", chat_id=ming.id, text="what?", reply_markup={"inline_keyboard": rows})
    await small.heard()


async def test_a_press_is_heard_and_answered(small: Small) -> None:
    """The bot hears who pressed what on which message, and the person sees the answer."""
    ming = small.people.person("Ming")
    await screen(small, ming, "Join", "Leave")

    await ming.presses("Leave")
    (update,) = await small.heard()
    query = update["callback_query"]
    await small.bot.answer_callback_query(query["id"], "done", show_alert=True)

    assert (query["data"], query["from"]["id"], query["message"]["text"]) == ("data:Leave", ming.id, "what?")
    assert (ming.toasts, ming.unanswered) == ([Toast("done", is_alert=True)], [])


async def test_an_answer_comes_once_and_in_time(clean: Small) -> None:
    """Twice, late or to nothing is the same 400, and a press without an answer is seen to be one."""
    ming = clean.people.person("Ming")
    await screen(clean, ming, "Join")
    first, late = await ming.presses("Join"), await ming.presses("Join")
    assert first is not None
    assert late is not None
    await clean.bot.answer_callback_query(first.id)
    clean.clock.now += 11

    for query_id in (first.id, late.id, "12345"):
        with pytest.raises(BadRequest, match=saying(TOO_OLD)):
            await clean.bot.answer_callback_query(query_id)
    assert ming.unanswered == [late]


async def test_a_long_answer_is_refused(memory: Small) -> None:
    """An answer has 200 characters at most."""
    ming = memory.people.person("Ming")
    await screen(memory, ming, "Join")
    press = await ming.presses("Join")
    assert press is not None
    memory.world.check = None
    with pytest.raises(BadRequest, match=saying("message_too_long")):
        await memory.bot.answer_callback_query(press.id, "x" * 201)


async def test_a_missing_button_names_those_that_are_there(clean: Small) -> None:
    """A test that presses what isn't there learns what is."""
    ming = clean.people.person("Ming")
    await screen(clean, ming, "Join", "Leave")
    with pytest.raises(Impossible, match=r"Ming sees no button 'Stay'; the newest buttons are \['Join', 'Leave'\]"):
        await ming.presses("Stay")


async def test_anybody_can_forge_data_on_any_message(clean: Small) -> None:
    """Data that no button holds, on somebody else's message, reaches the bot under the name of who pressed."""
    ming, wei = clean.people.person("Ming"), clean.people.person("Wei")
    await screen(clean, ming, "Join")

    await wei.presses_data("admin.grant:1", message=ming.chat.messages[2])

    update = (await clean.heard())[-1]
    assert (update["callback_query"]["from"]["id"], update["callback_query"]["data"]) == (wei.id, "admin.grant:1")


async def test_a_button_of_a_deleted_message_tells_only_where_it_was(clean: Small) -> None:
    """A stale press brings a message without text, dated 0."""
    ming = clean.people.person("Ming")
    await screen(clean, ming, "Join")
    stale = ming.chat.messages[2]
    await clean.bot.delete_message(ming.id, 2)

    await ming.presses_data("data:Join", message=stale)

    (update,) = await clean.heard()
    assert (update["callback_query"]["message"]["date"], update["callback_query"]["message"]["message_id"]) == (0, 2)


async def test_a_link_to_the_bot_is_followed(clean: Small) -> None:
    """A button with t.me/<bot>?start=... presses Start with that payload."""
    ming = clean.people.person("Ming")
    await ming.starts()
    link = {"inline_keyboard": [[{"text": "Open", "url": "https://t.me/county_bot?start=g_7"}]]}
    await clean.call("sendMessage", chat_id=ming.id, text="x", reply_markup=link)
    await clean.heard()

    await ming.presses("Open")

    assert [update["message"]["text"] for update in await clean.heard()] == ["/start g_7"]


@pytest.mark.parametrize(("payload", "text"), [("g_7-x", "/start g_7-x"), ("x" * 65, "/start"), ("a b", "/start")])
async def test_a_deep_link_that_is_too_long_is_lost(clean: Small, payload: str, text: str) -> None:
    """Telegram's apps drop a payload of more than 64 characters or of other characters without a word."""
    await clean.people.person("Ming").starts(payload)
    assert [update["message"]["text"] for update in await clean.heard()] == [text]
