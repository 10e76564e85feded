"""From Telegram's JSON to what handlers hear."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import telegram
from telegram.constants import ChatID

from bot.config import House
from bot.inbox import Kept
from bot.locales import language_of
from bot.routing import Chat, Heard, Sender

ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member", "chat_member", "chat_join_request"]
BIGGEST = 2**63
# A zero byte as JSON writes it, but not the same letters after a backslash that was typed.
_ZERO = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_FACELESS = {ChatID.ANONYMOUS_ADMIN, ChatID.FAKE_CHANNEL, ChatID.SERVICE_CHAT}


class Unreadable(Exception):
    """This is no update that we understand. It is set aside, and those behind it go on."""


def to_keep(raw: Any) -> Kept:
    """What the inbox keeps of a raw update: read with as few assumptions as possible. Raises Unreadable."""
    if not is_numbered(raw):
        raise Unreadable("an update without a number")
    return Kept(raw["update_id"], _line(raw), _written(raw))


def is_numbered(raw: Any) -> bool:
    """Whether this is an update under whose number it can be remembered."""
    update_id = raw.get("update_id") if isinstance(raw, dict) else None
    # Not isinstance: `true` is no number, though Python takes it for one.
    return type(update_id) is int and 0 <= update_id < BIGGEST


def set_aside_as(raw: Any) -> tuple[int, str]:
    """Number and text under which something unreadable is set aside.

    What came without a number gets one of our own, below zero, which the same thing always gets.
    """
    try:
        written = _written(raw)
    except Unreadable:
        written = "null"
    if is_numbered(raw):
        return raw["update_id"], written
    return -1 - int.from_bytes(hashlib.sha256(written.encode()).digest()[:7], "big"), written


def _written(raw: Any) -> str:
    try:
        written = json.dumps(raw, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{type(error).__name__}: nested too deeply, or not JSON") from error
    # Half a surrogate pair or a zero byte can't be kept in every database; Telegram's own clients never send one.
    return _ZERO.sub(r"\1", written).encode("utf-8", "replace").decode()


def _line(raw: Mapping[str, Any]) -> int:
    """Presses stand in the line of whoever pressed, everything else in the line of its chat."""
    for name, content in raw.items():
        if not isinstance(content, dict):
            continue
        inside = content.get("from") if name == "callback_query" else content.get("chat") or content.get("from")
        line = inside.get("id") if isinstance(inside, dict) else None
        if type(line) is int and abs(line) < BIGGEST:
            return line
    return 0


def parse(payload: str, house: House) -> Heard | None:
    """One kept update as a handler hears it; None for what concerns nobody. Raises Unreadable."""
    try:
        heard = _parsed(telegram.Update.de_json(json.loads(payload), None), house)
    except Exception as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error
    if heard:
        _check(heard)
    return heard


def _parsed(update: telegram.Update, house: House) -> Heard | None:
    if update.callback_query:
        return _pressed(update, update.callback_query, house)
    if update.message:
        return _message(update, update.message, house)
    return _event(update, house)


def _check(heard: Heard) -> None:
    """python-telegram-bot takes any type for any field, and a database doesn't. Raises Unreadable."""
    numbers = (heard.chat.id, heard.sender.id, heard.message_id or 0)
    if not all(type(number) is int and abs(number) < BIGGEST for number in numbers):
        raise Unreadable("an id that is no number of 64 bits")
    texts = (heard.chat.kind, heard.chat.title, heard.sender.first_name, heard.sender.language_code or "", heard.words)
    if not all(isinstance(text, str) for text in (*texts, heard.press_id or "")):
        raise Unreadable("a text that is none")


def _chat(chat: telegram.Chat) -> Chat:
    return Chat(chat.id, chat.type, chat.title or "")


def _sender(user: telegram.User | None, sender_chat: telegram.Chat | None = None) -> Sender:
    if user is None or sender_chat is not None or user.id in _FACELESS or user.is_bot:
        return Sender(user.id if user else 0, faceless=True)
    return Sender(user.id, user.first_name, user.language_code)


def _heard(
    update: telegram.Update, house: House, kind: str, name: str, sender: Sender, chat: Chat, **more: Any
) -> Heard:
    language = language_of(sender.language_code, house.settings.county.language)
    return Heard(kind, name, chat, sender, house, update.update_id, language=language, **more)


def _pressed(update: telegram.Update, query: telegram.CallbackQuery, house: House) -> Heard:
    name, *args = (query.data or "").split(":")
    chat = _chat(query.message.chat) if query.message else Chat(query.from_user.id, "private")
    return _heard(
        update,
        house,
        "press",
        name,
        _sender(query.from_user),
        chat,
        args=tuple(args),
        message_id=query.message.message_id if query.message else None,
        press_id=query.id,
    )


def _message(update: telegram.Update, message: telegram.Message, house: House) -> Heard | None:
    sender, chat = _sender(message.from_user, message.sender_chat), _chat(message.chat)
    if message.migrate_to_chat_id:
        return _heard(update, house, "event", "migrated", sender, chat, event={"to": message.migrate_to_chat_id})
    if message.migrate_from_chat_id or message.via_bot:
        return None
    if message.text is None:
        kind = "other" if chat.private and _is_content(message) else None
        return _heard(update, house, kind, "", sender, chat, message_id=message.message_id) if kind else None
    typed = message.text.strip()
    if typed.startswith("/"):
        return _command(update, house, typed, sender, chat, message.message_id)
    return _heard(update, house, "text", "", sender, chat, words=typed, message_id=message.message_id)


def _is_content(message: telegram.Message) -> bool:
    return message.effective_attachment is not None


def _command(
    update: telegram.Update, house: House, typed: str, sender: Sender, chat: Chat, message_id: int
) -> Heard | None:
    head, _, words = typed.partition(" ") if " " in typed.split("\n", maxsplit=1)[0] else typed.partition("\n")
    name, _, addressed = head[1:].partition("@")
    if addressed and addressed.lower() != house.username.lower():
        return None
    return _heard(
        update,
        house,
        "command",
        name.lower(),
        sender,
        chat,
        words=words.strip(),
        message_id=message_id,
        event={"addressed": bool(addressed)},
    )


def _event(update: telegram.Update, house: House) -> Heard | None:
    for name in ("my_chat_member", "chat_member", "chat_join_request"):
        content = getattr(update, name)
        if content is not None:
            sender = _sender(content.from_user)
            return _heard(update, house, "event", name, sender, _chat(content.chat), event=content.to_dict())
    return None
