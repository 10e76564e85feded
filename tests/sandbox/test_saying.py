"""How a bot speaks: texts, marks, lengths, buttons, edits, and Telegram's refusals in its own words."""

from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.sandbox import html
from bot.sandbox.answers import Refusal
from tests.sandbox.conftest import Small, saying

MARKED: list[tuple[str, str, list[dict[str, Any]]]] = [
    ("plain", "plain", []),
    ("<b>你好</b>!", "你好!", [{"type": "bold", "offset": 0, "length": 2}]),
    ("👍 <i>a</i>", "👍 a", [{"type": "italic", "offset": 3, "length": 1}]),
    ("a &lt;b&gt; &amp; &quot;c&quot; &#39;", 'a <b> & "c" \'', []),
    (
        "<b>x<u>y</u></b>",
        "xy",
        [{"type": "bold", "offset": 0, "length": 2}, {"type": "underline", "offset": 1, "length": 1}],
    ),
    (
        '<a href="https://x.cn/?a=1&amp;b">z</a>',
        "z",
        [{"type": "text_link", "offset": 0, "length": 1, "url": "https://x.cn/?a=1&b"}],
    ),
    (
        '<pre><code class="language-sh">ls</code></pre>',
        "ls",
        [{"type": "pre", "offset": 0, "length": 2, "language": "sh"}],
    ),
    ("<blockquote expandable>q</blockquote>", "q", [{"type": "expandable_blockquote", "offset": 0, "length": 1}]),
    (
        '<tg-time unix="1800000000" format="wDT">soon</tg-time>',
        "soon",
        [{"type": "date_time", "offset": 0, "length": 4, "unix_time": 1_800_000_000, "date_time_format": "wDT"}],
    ),
]


@pytest.mark.parametrize(("source", "text", "entities"), MARKED)
def test_marks_become_entities(source: str, text: str, entities: list[dict[str, Any]]) -> None:
    """HTML is read into text and entities, whose places are counted in UTF-16 units."""
    assert html.parse(source) == (text, entities)


BROKEN: list[tuple[str, str]] = [
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("你<b>x</i>", 'Unmatched end tag at byte offset 7, expected "</b>", found "</i>"'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("<table>", 'Unsupported start tag "table" at byte offset 0'),
    ("a<br>b", 'Unsupported start tag "br" at byte offset 1'),
    ("1 < 2 > 0", 'Unsupported start tag "" at byte offset 2'),
    ("hi <b", "Unclosed start tag at byte offset 3"),
]


@pytest.mark.parametrize(("source", "words"), BROKEN)
def test_broken_marks_are_refused(source: str, words: str) -> None:
    """What isn't Telegram's HTML is a 400 that says where."""
    with pytest.raises(Refusal) as caught:
        html.parse(source)
    assert caught.value.description == f"Bad Request: can't parse entities: {words}"


TEXTS: list[tuple[str, str]] = [
    ("", "message text is empty"),
    (" \n ", "message text is empty"),
    ("<b></b>", "message text is empty"),
    ("x" * 4097, "message is too long"),
    ("👍" * 2049, "message is too long"),
    ("<b", "can't parse entities"),
]


@pytest.mark.parametrize(("text", "words"), TEXTS)
async def test_texts_that_telegram_refuses(memory: Small, text: str, words: str) -> None:
    """Empty, too long in UTF-16 units, or wrongly marked up."""
    ming = memory.people.person("Ming")
    await ming.starts()
    with pytest.raises(BadRequest, match=saying(words)):
        await memory.bot.send_message(ming.id, text, parse_mode="HTML")


async def test_marks_dont_count_for_the_length(clean: Small) -> None:
    """4,096 units are allowed after the marks were taken out, however many marks there are."""
    ming = clean.people.person("Ming")
    await ming.starts()
    await clean.bot.send_message(ming.id, "<b>" + "x" * 4096 + "</b>", parse_mode="HTML")
    assert len(ming.heard[0]) == 4096


async def test_half_a_surrogate_pair_is_refused(memory: Small) -> None:
    """UTF-8 can't say it, and Telegram says so."""
    ming = memory.people.person("Ming")
    await ming.starts()
    memory.world.check = None
    with pytest.raises(BadRequest, match=saying("strings must be encoded in UTF-8")):
        await memory.bot.send_message(ming.id, "\ud83d")


async def test_who_cant_be_written_to(small: Small) -> None:
    """Never started, blocked, deleted, unknown, a bot: each with Telegram's words."""
    ming, hua, wei = (small.people.person(name) for name in ("Ming", "Hua", "Wei"))
    await hua.starts()
    await hua.blocks_bot()
    await wei.starts()
    wei.deletes_account()
    other = small.world.bot("other_bot")

    refused: list[tuple[int | str, type[TelegramError], str]] = [
        (ming.id, Forbidden, "bot can't initiate conversation with a user"),
        (hua.id, Forbidden, "bot was blocked by the user"),
        (wei.id, Forbidden, "user is deactivated"),
        (other.id, Forbidden, "bot can't send messages to bots"),
        (12345, BadRequest, "chat not found"),
        (-10012345, BadRequest, "chat not found"),
        ("@nobody_here", BadRequest, "chat not found"),
    ]
    for chat_id, kind, words in refused:
        with pytest.raises(kind, match=saying(words)):
            await small.bot.send_message(chat_id, "hello")

    await hua.unblocks_bot()
    await small.bot.send_message(hua.id, "hello")
    assert hua.heard == ["hello"]


async def test_groups_that_are_closed_to_the_bot(clean: Small) -> None:
    """Kicked, not in it, no admin of a channel, moved to a new id."""
    li = clean.people.person("Li")
    kicked, left, moved = (clean.people.group(title, li, kind="group") for title in ("A", "B", "C"))
    channel = clean.people.group("D", li, kind="channel", bot="member")
    await li.removes_bot(kicked)
    await clean.bot.leave_chat(left.id)
    above = await li.upgrades(moved)

    refused = [
        (kicked, Forbidden, "bot was kicked from the group chat"),
        (left, Forbidden, "bot is not a member of the group chat"),
        (channel, BadRequest, "need administrator rights in the channel chat"),
        (moved, ChatMigrated, str(above.id)),
    ]
    for chat, kind, words in refused:
        with pytest.raises(kind, match=saying(words)):
            await clean.bot.send_message(chat.id, "hello")
    await clean.bot.send_message(above.id, "hello")
    assert li.heard_in(above) == ["hello"]


def keyboard(*labels: str, **more: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": label, "callback_data": label, **more} for label in labels]]}


KEYBOARDS: list[tuple[dict[str, Any], str]] = [
    ({"inline_keyboard": [[{"text": "a", "callback_data": "数" * 22}]]}, "button_data_invalid"),
    ({"inline_keyboard": [[{"text": "a", "callback_data": ""}]]}, "button_data_invalid"),
    ({"inline_keyboard": [[{"text": "a"}]]}, "Text buttons are unallowed in the inline keyboard"),
    ({"inline_keyboard": [[{"text": " ", "callback_data": "a"}]]}, "button text must be non-empty"),
    ({"inline_keyboard": [[{"text": "a", "url": "x.cn"}]]}, "Wrong HTTP URL"),
    ({"inline_keyboard": [[{"text": "a", "callback_data": "a"}]] * 101}, "reply markup is too long"),
    (keyboard(*"abcdefghi"), "reply_markup_invalid"),
    ({"inline_keyboard": "no"}, "can't parse inline keyboard markup"),
    ({"nothing": 1}, "object expected as reply markup"),
]


@pytest.mark.parametrize(("markup", "words"), KEYBOARDS)
async def test_buttons_that_telegram_refuses(memory: Small, markup: dict[str, Any], words: str) -> None:
    """64 bytes of data, 8 in a row, 100 in all, an action each, addresses that are some."""
    ming = memory.people.person("Ming")
    await ming.starts()
    memory.world.check = None
    with pytest.raises(BadRequest, match=saying(words)):
        await memory.call("sendMessage", chat_id=ming.id, text="x", reply_markup=markup)


async def test_a_message_is_edited_in_place(small: Small) -> None:
    """The screen changes and stays one message; the same once more is a 400; without buttons they go."""
    ming = small.people.person("Ming")
    await ming.starts()
    button = InlineKeyboardMarkup([[InlineKeyboardButton("Join", callback_data="j")]])
    message = await small.bot.send_message(ming.id, "one", reply_markup=button)

    await small.bot.edit_message_text("<b>two</b>", ming.id, message.message_id, parse_mode="HTML", reply_markup=button)
    assert (ming.heard, ming.screen.rows) == (["two"], (("Join",),))
    with pytest.raises(BadRequest, match=saying("message is not modified")):
        await small.bot.edit_message_text(
            "<b>two</b>", ming.id, message.message_id, parse_mode="HTML", reply_markup=button
        )
    await small.bot.edit_message_text("two", ming.id, message.message_id)
    assert ming.screen.rows == ()
    await small.bot.edit_message_reply_markup(ming.id, message.message_id, reply_markup=button)
    assert ming.screen.labels == ["Join"]


async def test_what_cant_be_edited_or_deleted(clean: Small) -> None:
    """Gone, somebody else's, without text, too old: each with Telegram's words."""
    ming = clean.people.person("Ming")
    own = await ming.starts()
    sent = await clean.bot.send_document(ming.id, b"x", filename="x.txt")

    refused = [
        (clean.bot.edit_message_text("x", ming.id, 99), "message to edit not found"),
        (clean.bot.edit_message_text("x", ming.id, own["message_id"]), "message can't be edited"),
        (clean.bot.edit_message_text("x", ming.id, sent.message_id), "there is no text in the message to edit"),
        (clean.bot.delete_message(ming.id, 99), "message to delete not found"),
    ]
    for deed, words in refused:
        with pytest.raises(BadRequest, match=saying(words)):
            await deed

    clean.clock.now += 49 * 3600
    with pytest.raises(BadRequest, match=saying("message can't be deleted for everyone")):
        await clean.bot.delete_message(ming.id, sent.message_id)


async def test_a_deleted_message_is_gone(clean: Small) -> None:
    """Nobody sees it any more, and it can't be deleted twice."""
    ming = clean.people.person("Ming")
    await ming.starts()
    sent = await clean.bot.send_message(ming.id, "oops")
    await clean.bot.delete_message(ming.id, sent.message_id)
    assert ming.heard == []


async def test_a_reply_to_nothing_is_refused(clean: Small) -> None:
    """Unless the call says that it may go without."""
    ming = clean.people.person("Ming")
    own = await ming.starts()
    with pytest.raises(BadRequest, match=saying("message to be replied not found")):
        await clean.bot.send_message(ming.id, "x", reply_to_message_id=99)
    await clean.bot.send_message(ming.id, "y", reply_to_message_id=99, allow_sending_without_reply=True)
    replied = await clean.bot.send_message(ming.id, "z", reply_to_message_id=own["message_id"])
    assert replied.reply_to_message is not None
    assert replied.reply_to_message.text == "/start"


async def test_keys_below_the_chat_speak_for_a_person(clean: Small) -> None:
    """A reply keyboard stays below the chat, and pressing a key says its label."""
    ming = clean.people.person("Ming")
    await ming.starts()
    await clean.bot.send_message(ming.id, "which?", reply_markup=ReplyKeyboardMarkup([["中文", "English"]]))
    await clean.heard()

    await ming.presses("中文")

    assert [update["message"]["text"] for update in await clean.heard()] == ["中文"]
    assert ming.keyboard == (("中文", "English"),)


async def test_a_menu_fits_role_chat_and_language(clean: Small) -> None:
    """The narrowest scope wins, then the reader's language; a chat's own commands stand over all others."""
    ming, li = clean.people.person("Ming", language_code="zh-hans"), clean.people.person("Li", language_code="en")
    group = clean.people.group("Dance", li, ming)
    everywhere, admins = [("start", "x")], [("roll", "x")]
    await clean.bot.set_my_commands(everywhere)
    await clean.bot.set_my_commands([("kaishi", "开始")], language_code="zh")
    await clean.bot.set_my_commands(admins, scope={"type": "all_chat_administrators"})  # type: ignore[arg-type]
    await clean.bot.set_my_commands([("own", "x")], scope={"type": "chat", "chat_id": ming.id})  # type: ignore[arg-type]

    assert (li.menu(), li.menu("zh"), li.menu(chat=group)) == (["start"], ["kaishi"], ["roll"])
    assert (ming.menu(), ming.menu(chat=group)) == (["own"], ["kaishi"])
    await clean.bot.delete_my_commands(scope={"type": "chat", "chat_id": ming.id})  # type: ignore[arg-type]
    assert ming.menu() == ["kaishi"]


@pytest.mark.parametrize(
    ("commands", "words"),
    [([("Start", "x")], "BOT_COMMAND_INVALID"), ([("a", "x")] * 101, "BOT_COMMANDS_TOO_MUCH")],
)
async def test_commands_that_telegram_refuses(memory: Small, commands: list[tuple[str, str]], words: str) -> None:
    """Small letters, digits and underscores, and a hundred at most."""
    memory.world.check = None
    with pytest.raises(BadRequest, match=saying(words)):
        await memory.bot.set_my_commands(commands)


async def test_the_newest_unmodelled_method_is_unknown(small: Small) -> None:
    """What the sandbox doesn't model is a 404, never a silent success."""
    small.world.check = None
    with pytest.raises(Exception, match="Not Found: method not found"):
        await small.raw("sendTelepathy")
