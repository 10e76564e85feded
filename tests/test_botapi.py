"""The check of requests against the Bot API as data: what it lets pass and what it catches."""

import re
from typing import Any

import pytest

from tests import botapi

CHAT = {"chat_id": 1}
TEXT = CHAT | {"text": "x"}
FINE: list[tuple[str, dict[str, Any]]] = [
    ("getMe", {}),
    ("sendMessage", TEXT),
    ("SENDMESSAGE", {"chat_id": "@county", "text": "x" * 9000}),
    ("sendMessage", {"chat_id": "1", "text": "x", "disable_notification": "True", "link_preview_options": "{}"}),
    ("sendMessage", TEXT | {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}}),
    ("sendMessage", TEXT | {"reply_markup": '{"remove_keyboard": true}'}),
    ("sendDocument", CHAT | {"document": "attach://document"}),
    ("sendLocation", CHAT | {"latitude": 30, "longitude": "120.5"}),
    ("setMyCommands", {"commands": [{"command": "a", "description": "b"}], "scope": {"type": "chat", "chat_id": 1}}),
    ("getUpdates", {"offset": 1, "timeout": 25, "allowed_updates": ["message"]}),
]


@pytest.mark.parametrize(("method", "params"), FINE)
def test_what_telegram_accepts_passes(method: str, params: dict[str, Any]) -> None:
    """Requests in JSON's own values and in a form's strings."""
    botapi.check(method, params)


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("sendTelepathy", {}, "sendTelepathy is no method of the Bot API"),
    ("sendMessage", CHAT, "sendMessage lacks its parameter 'text'"),
    ("sendMessage", TEXT | {"colour": 1}, "sendMessage has no parameter 'colour'"),
    ("sendMessage", TEXT | {"text": 7}, "sendMessage.text should be String, not 7"),
    ("sendMessage", TEXT | {"parse_mode": "html5"}, "sendMessage.parse_mode should be one of"),
    ("sendMessage", TEXT | {"disable_notification": 1}, "sendMessage.disable_notification should be Boolean, not 1"),
    ("deleteMessage", CHAT | {"message_id": True}, "deleteMessage.message_id should be Integer, not True"),
    ("deleteMessage", CHAT | {"message_id": "x"}, "deleteMessage.message_id should be Integer, not 'x'"),
    ("getUpdates", {"limit": 101}, "getUpdates.limit should be 1-100, not 101"),
    (
        "answerCallbackQuery",
        {"callback_query_id": "1", "text": "x" * 201},
        "answerCallbackQuery.text should have 0-200 characters, not 201",
    ),
    (
        "sendMessage",
        TEXT | {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "数" * 22}]]}},
        "sendMessage.reply_markup.inline_keyboard[0][0].callback_data should have 1-64 bytes, not 66",
    ),
    (
        "sendMessage",
        TEXT | {"reply_markup": {"inline_keyboard": [[{"text": "a", "style": "pink"}]]}},
        "sendMessage.reply_markup.inline_keyboard[0][0].style should be one of",
    ),
    (
        "sendMessage",
        TEXT | {"reply_markup": {"inline_keyboard": [[{"data": "a"}]]}},
        "sendMessage.reply_markup.inline_keyboard[0][0] (InlineKeyboardButton) has no field 'data'",
    ),
    (
        "setMyCommands",
        {"commands": [], "scope": {"type": "chat"}},
        "setMyCommands.scope (BotCommandScopeChat) lacks its field 'chat_id'",
    ),
]


@pytest.mark.parametrize(("method", "params", "words"), WRONG)
def test_what_telegram_refuses_is_caught(method: str, params: dict[str, Any], words: str) -> None:
    """With a sentence that says where and what."""
    with pytest.raises(AssertionError, match=re.escape(words)):
        botapi.check(method, params)
