"""What is heard of an update: read from its JSON, the same as python-telegram-bot's own types would say."""

import json
from typing import Any

import pytest
import telegram
from hypothesis import given
from hypothesis import strategies as st

from bot.config import House
from bot.gateway.parsing import Unreadable, command_of, parse, to_keep
from bot.routing import Heard
from tests.town import settings

Json = dict[str, Any]
HOUSE = House(settings(), "county_bot")
MING: Json = {"id": 11, "is_bot": False, "first_name": "Ming", "language_code": "zh-hans"}
ANONYMOUS: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
PRIVATE: Json = {"id": 11, "type": "private", "first_name": "Ming"}
GROUP: Json = {"id": -100123, "type": "supergroup", "title": "Choir"}
FILE: Json = {"file_id": "f", "file_unique_id": "u"}

# Strategies

senders = st.sampled_from([MING, ANONYMOUS, {"id": 12, "is_bot": False, "first_name": "<b>", "username": "hua"}])
chats = st.sampled_from([PRIVATE, GROUP, {"id": -5, "type": "group", "title": "T"}, {"id": -9, "type": "channel"}])
texts = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["/start", "/Start groups_open-12", "/join@county_bot 12", "/join@other 12", "/a\nb c", " /me "]),
)
contents: st.SearchStrategy[Json] = st.one_of(
    st.fixed_dictionaries({"text": texts}),
    st.just({"photo": [{**FILE, "width": 1, "height": 1}], "caption": "a"}),
    st.just({"sticker": {**FILE, "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}}),
    st.just({"document": FILE}),
    st.just({"location": {"longitude": 1.0, "latitude": 2.0}}),
    st.just({"new_chat_title": "x"}),
    st.just({"migrate_to_chat_id": -100999}),
    st.just({"migrate_from_chat_id": -7}),
    st.just({"text": "x", "via_bot": ANONYMOUS}),
    st.just({"text": "x", "sender_chat": GROUP}),
    st.just({}),
)


@st.composite
def messages(draw: st.DrawFn) -> Json:
    about = {"message_id": draw(st.integers(1, 2**40)), "date": 1_800_000_000, "chat": draw(chats)}
    sender = draw(st.none() | senders)
    return {**about, **({"from": sender} if sender else {}), **draw(contents)}


@st.composite
def presses(draw: st.DrawFn) -> Json:
    query: Json = {"id": "77", "from": draw(senders), "chat_instance": "1"}
    below = draw(st.none() | messages())
    data = draw(st.none() | st.text(max_size=20) | st.just("groups.join:12:3"))
    if below:
        query["message"] = below
    if data is not None:
        query["data"] = data
    return query


updates = st.one_of(
    messages().map(lambda content: {"update_id": 5, "message": content}),
    presses().map(lambda content: {"update_id": 5, "callback_query": content}),
)

# What python-telegram-bot says


def heard_by_types(raw: Json) -> Json | None:
    """Kind, ids and words of an update, read from python-telegram-bot's objects."""
    update = telegram.Update.de_json(raw, None)
    if update.callback_query:
        query = update.callback_query
        below = query.message
        name, *args = (query.data or "").split(":")
        return {
            **_who(query.from_user, None),
            "kind": "press",
            "name": name,
            "args": tuple(args),
            "chat": (below.chat.id, below.chat.type, below.chat.title or "")
            if below
            else (query.from_user.id, "private", ""),
            "message_id": below.message_id if below else None,
            "press_id": query.id,
            "words": "",
        }
    assert update.message is not None
    return _said(update.message)


def _said(message: telegram.Message) -> Json | None:
    heard = {
        **_who(message.from_user, message.sender_chat),
        "chat": (message.chat.id, message.chat.type, message.chat.title or ""),
        "name": "",
        "args": (),
        "message_id": message.message_id,
        "press_id": None,
        "words": "",
    }
    if message.migrate_to_chat_id:
        return {**heard, "kind": "event", "name": "migrated", "message_id": None}
    if message.migrate_from_chat_id or message.via_bot:
        return None
    if message.text is None:
        is_content = message.chat.type == "private" and message.effective_attachment is not None
        kind = "photo" if message.photo else "location" if message.location else "other"
        return {**heard, "kind": kind} if is_content else None
    typed = message.text.strip()
    if not typed.startswith(("/", "／")):
        return {**heard, "kind": "text", "words": typed}
    name, addressed, words = command_of(typed)
    if addressed and addressed.lower() != "county_bot":
        return None
    return {**heard, "kind": "command", "name": name, "words": words}


def _who(user: telegram.User | None, sender_chat: telegram.Chat | None) -> Json:
    faceless = user is None or sender_chat is not None or user.is_bot
    if user is None or faceless:
        return {"sender": (user.id if user else 0, "", None, True)}
    return {"sender": (user.id, user.first_name, user.language_code, False)}


def told(heard: Heard | None) -> Json | None:
    if heard is None:
        return None
    sender, chat = heard.sender, heard.chat
    return {
        "sender": (sender.id, sender.first_name, sender.language_code, sender.faceless),
        "chat": (chat.id, chat.kind, chat.title),
        **{name: getattr(heard, name) for name in ("kind", "name", "args", "message_id", "press_id", "words")},
    }


@given(updates)
def test_an_update_is_heard_as_the_types_of_the_library_say(raw: Json) -> None:
    """Whoever writes or presses whatever and wherever: reading the JSON gives what python-telegram-bot's objects give."""
    expected = heard_by_types(raw)

    heard = parse(to_keep(raw).payload, HOUSE)

    # A zero byte, as JSON writes it, is left out before anything is kept.
    if "\\u0000" not in json.dumps(raw, ensure_ascii=False):
        assert told(heard) == expected


COMMANDS = [
    ("/start", ("start", "", "")),
    ("/Start groups_open-12", ("start", "", "groups_open-12")),
    ("/join@county_bot  12 ", ("join", "county_bot", "12")),
    ("/publish\ntitle: a\nwhen: b", ("publish", "", "title: a\nwhen: b")),
    ("/join舞蹈团", ("join", "", "舞蹈团")),
    ("/join　舞蹈团", ("join", "", "舞蹈团")),
    ("／signup１２", ("signup", "", "１２")),
    ("/signup #12", ("signup", "", "#12")),
    ("/topic：路灯坏了", ("topic", "", "路灯坏了")),
    ("/报名 12", ("报名", "", "12")),
    ("/", ("", "", "")),
    ("/ me", (" me", "", "")),
]


@pytest.mark.parametrize(("typed", "parts"), COMMANDS)
def test_a_command_is_read_as_people_type_it(typed: str, parts: tuple[str, str, str]) -> None:
    """With wide slashes and spaces, and with no space at all."""
    assert command_of(typed) == parts


MESSAGE: Json = {"message_id": 1, "date": 1, "chat": PRIVATE, "from": MING, "text": "x"}
PRESS: Json = {"id": "1", "from": MING, "chat_instance": "1", "data": "home"}
UNREADABLE: list[Json] = [
    {"message": {**MESSAGE, "chat": None}},
    {"message": {**MESSAGE, "chat": {"id": 1}}},
    {"message": {**MESSAGE, "chat": {"id": "1", "type": "private"}}},
    {"message": {**MESSAGE, "chat": {"id": 2**70, "type": "private"}}},
    {"message": {**MESSAGE, "from": {"is_bot": False}}},
    {"message": {**MESSAGE, "from": {"id": 1, "is_bot": False}}},
    {"message": {**MESSAGE, "from": [1]}},
    {"message": {**MESSAGE, "text": 5}},
    {"message": {**MESSAGE, "text": {"a": 1}}},
    {"message": {name: value for name, value in MESSAGE.items() if name != "message_id"}},
    {"message": {**MESSAGE, "message_id": "1"}},
    {"message": {**MESSAGE, "date": "today"}},
    {"message": ["x"]},
    {"message": "x"},
    {"callback_query": {**PRESS, "from": None}},
    {"callback_query": {**PRESS, "id": 7}},
    {"callback_query": {**PRESS, "data": 7}},
    {"callback_query": {**PRESS, "message": {"chat": PRIVATE}}},
    {"callback_query": {name: value for name, value in PRESS.items() if name != "id"}},
    {"chat_member": {"chat": PRIVATE}},
]


@pytest.mark.parametrize("content", UNREADABLE, ids=lambda content: json.dumps(content)[:60])
def test_what_is_no_update_is_told_apart(content: Json) -> None:
    """What lacks a part that counts, or has another thing in its place, is set aside and never half heard."""
    with pytest.raises(Unreadable):
        parse(json.dumps({"update_id": 5, **content}), HOUSE)
