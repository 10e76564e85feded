"""From Telegram's JSON to what handlers hear."""

import json
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
_FACELESS = {ChatID.ANONYMOUS_ADMIN, ChatID.FAKE_CHANNEL, ChatID.SERVICE_CHAT}


class Unreadable(Exception):
    """This is no update that we understand. It is set aside, and those behind it go on."""


def to_keep(raw: Any) -> Kept:
    """What the inbox keeps of a raw update: read with as few assumptions as possible. Raises Unreadable."""
    update_id = raw.get("update_id") if isinstance(raw, dict) else None
    if not isinstance(update_id, int) or not 0 <= update_id < BIGGEST:
        raise Unreadable("an update without a number")
    written = json.dumps(raw, ensure_ascii=False, separators=(",", ":"))
    # Half a surrogate pair or a zero byte can't be kept in any database; Telegram's own clients never send one.
    storable = written.replace("\\u0000", "").encode("utf-8", "replace").decode()
    return Kept(update_id, _line(raw), storable)


def _line(raw: Mapping[str, Any]) -> int:
    """Presses stand in the line of whoever pressed, everything else in the line of its chat."""
    for name, content in raw.items():
        if not isinstance(content, dict):
            continue
        inside = content.get("from") if name == "callback_query" else content.get("chat") or content.get("from")
        line = inside.get("id") if isinstance(inside, dict) else None
        if isinstance(line, int) and abs(line) < BIGGEST:
            return line
    return 0


def parse(payload: str, house: House) -> Heard | None:
    """One kept update as a handler hears it; None for what concerns nobody. Raises Unreadable."""
    try:
        update = telegram.Update.de_json(json.loads(payload), None)
    except Exception as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error
    if update.callback_query:
        return _pressed(update, update.callback_query, house)
    if update.message:
        return _message(update, update.message, house)
    return _event(update, house)


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
