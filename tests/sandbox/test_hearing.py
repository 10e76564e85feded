"""How a bot hears: the offset's rule, kinds of updates, one poller, what is too old, privacy in groups."""

import asyncio

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import Conflict, InvalidToken

from tests.sandbox.conftest import Small

ONE_BUTTON = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])


async def test_updates_wait_until_an_offset_confirms_them(small: Small) -> None:
    """Asked twice, the same updates come twice; the offset after the last one ends that."""
    ming = small.people.person("Ming")
    await ming.says("one")
    await ming.says("two")

    first = await small.call("getUpdates")
    again = await small.call("getUpdates")
    later = await small.call("getUpdates", offset=first[0]["update_id"] + 1)
    last = await small.call("getUpdates", offset=first[1]["update_id"] + 1)

    assert [update["message"]["text"] for update in first] == ["one", "two"]
    assert (again, later, last) == (first, first[1:], [])
    assert first[1]["update_id"] == first[0]["update_id"] + 1


async def test_no_more_come_than_asked_for(small: Small) -> None:
    """`limit` bounds a batch, and a negative offset leaves the last ones alone."""
    ming = small.people.person("Ming")
    for number in range(5):
        await ming.says(str(number))

    assert len(await small.call("getUpdates", limit=2)) == 2
    left = await small.call("getUpdates", offset=-1)
    assert [update["message"]["text"] for update in left] == ["4"]


async def begun(small: Small) -> None:
    """Until a long poll is under way."""
    async with asyncio.timeout(5):
        while small.people.bot.poll is None:
            await asyncio.sleep(0.01)


async def test_a_long_poll_ends_with_the_first_news(small: Small) -> None:
    """Somebody who waits hears of it when it is said, not when his time is over."""
    ming = small.people.person("Ming")

    poll = asyncio.create_task(small.bot.get_updates(timeout=30))
    await begun(small)
    await ming.says("now")

    async with asyncio.timeout(3):
        assert [update.message.text for update in await poll if update.message] == ["now"]


async def test_a_second_poller_ends_the_first(small: Small) -> None:
    """Two processes on one token: the one that waits gets a 409."""
    first = asyncio.create_task(small.bot.get_updates(timeout=30))
    await begun(small)
    second = asyncio.create_task(small.bot.get_updates(timeout=1))

    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first
    assert await second == ()


async def test_nobody_polls_while_a_webhook_is_set(small: Small) -> None:
    """Polling is a 409 until the webhook is deleted."""
    await small.bot.set_webhook("http://127.0.0.1:9/hook", secret_token="s3cret")

    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await small.bot.get_updates()
    assert (await small.call("getWebhookInfo"))["url"] == "http://127.0.0.1:9/hook"

    await small.bot.delete_webhook()
    assert await small.bot.get_updates() == ()


async def test_some_kinds_want_to_be_named(clean: Small) -> None:
    """chat_member comes only to those who ask for it; the list stays until another is given."""
    li, ming = clean.people.person("Li"), clean.people.person("Ming")
    group = clean.people.group("Dance", li)

    await ming.joins(group)
    unnamed = await clean.heard(allowed_updates=["chat_member", "callback_query"])
    await ming.leaves(group)
    named = await clean.heard()

    assert [key for update in unnamed for key in update if key != "update_id"] == ["message"]
    assert [update["chat_member"]["new_chat_member"]["status"] for update in named] == ["left"]


async def test_what_is_too_old_is_never_told(clean: Small) -> None:
    """A press waits for 150 seconds and a message for a day."""
    ming = clean.people.person("Ming")
    await ming.says("hello")
    await clean.bot.send_message(ming.id, "?", reply_markup=ONE_BUTTON)
    await ming.presses("A")

    clean.clock.now += 151
    assert [list(update)[1] for update in await clean.call("getUpdates")] == ["message"]
    clean.clock.now += 86_400
    assert await clean.call("getUpdates") == []


@pytest.mark.parametrize("token", ["1:no", "nonsense"])
async def test_a_wrong_token_is_refused(small: Small, token: str) -> None:
    """401 for an unknown token and 404 for what looks like none."""
    url = f"{small.bot.base_url.rpartition('/bot')[0]}/bot{token}/getMe"
    with pytest.raises(InvalidToken, match="Unauthorized" if ":" in token else "Not Found"):
        await small.bot.request.post(url)


PRIVATE_IN_A_GROUP: list[tuple[str, bool]] = [
    ("good morning", False),
    ("/tasks", True),
    ("/tasks@county_bot", True),
    ("/tasks@COUNTY_BOT dance", True),
    ("/tasks@other_bot", False),
    ("@county_bot are you there?", True),
    ("see http://x.cn/tasks", False),
]


@pytest.mark.parametrize(("text", "is_heard"), PRIVATE_IN_A_GROUP)
async def test_privacy_hides_what_isnt_meant_for_the_bot(clean: Small, text: str, is_heard: bool) -> None:
    """As a plain member the bot hears commands, mentions of it and replies to it; as an admin everything."""
    ming = clean.people.person("Ming")
    plain = clean.people.group("Plain", ming, bot="member")
    led = clean.people.group("Led", ming, bot="administrator")

    await ming.says(text, plain)
    assert len(await clean.heard()) == is_heard
    await ming.says(text, led)
    assert len(await clean.heard()) == 1


async def test_a_reply_to_the_bot_is_heard(clean: Small) -> None:
    """A reply reaches the bot even in privacy mode, with what it replies to."""
    ming = clean.people.person("Ming")
    plain = clean.people.group("Plain", ming, bot="member")
    await clean.bot.send_message(plain.id, "who comes?")

    await ming.says("me", plain, reply_to=plain.messages[1])

    (update,) = await clean.heard()
    assert update["message"]["reply_to_message"]["text"] == "who comes?"


async def test_an_odd_update_comes_as_it_is(clean: Small) -> None:
    """A test can have the bot told what Telegram would never say."""
    clean.people.bot.updates.inject({"update_id": 700_000_500, "message": "not an object"})

    assert await clean.raw("getUpdates") == [{"update_id": 700_000_500, "message": "not an object"}]
