"""From Telegram's JSON to what handlers hear."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import orjson
import telegram
from telegram.constants import ChatID, MessageAttachmentType

from bot.config import House
from bot.inbox import Kept
from bot.locales import language_of
from bot.routing import READ_ENDINGS, Chat, Heard, Sender

ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member", "chat_member", "chat_join_request"]
BIGGEST = 2**63
Json = dict[str, Any]
# A zero byte as JSON writes it, but not the same letters after a backslash that was typed.
_ZERO = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_COMMAND = re.compile(r"[/／]([A-Za-z_]+|[^\s\d@#:：]+)(?:@([A-Za-z0-9_]+))?[\s:：]*(.*)", re.DOTALL)
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
        written = orjson.dumps(raw).decode()
    except orjson.JSONEncodeError:
        written = _written_leniently(raw)
    # Half a surrogate pair or a zero byte can't be kept in every database; Telegram's own clients never send one.
    return _ZERO.sub(r"\1", written) if "\\u0000" in written else written


def _written_leniently(raw: Any) -> str:
    """orjson refuses halves of surrogate pairs and numbers past 64 bits, which are nobody else's misfortune."""
    try:
        written = json.dumps(raw, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{type(error).__name__}: nested too deeply, or not JSON") from error
    return written.encode("utf-8", "replace").decode()


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
        heard = _parsed(orjson.loads(payload), house)
    except Exception as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error
    if heard:
        _check(heard)
    return heard


def _parsed(raw: Json, house: House) -> Heard | None:
    """Presses and messages are read from the JSON itself: to make python-telegram-bot's objects of them, with all that
    we have no use for, costs more than to answer them (docs/decisions/0010). Rare events are read by its types.
    """
    if raw.get("callback_query"):
        return _pressed(raw, raw["callback_query"], house)
    if raw.get("message"):
        return _message(raw, raw["message"], house)
    update = telegram.Update.de_json(raw, None)
    return _event(raw, update, house)


def _check(heard: Heard) -> None:
    """Any type may stand in any field so far, and a database doesn't take it. Raises Unreadable."""
    numbers = (heard.chat.id, heard.sender.id, heard.message_id or 0)
    if not all(type(number) is int and abs(number) < BIGGEST for number in numbers):
        raise Unreadable("an id that is no number of 64 bits")
    texts = (heard.chat.kind, heard.chat.title, heard.sender.first_name, heard.sender.language_code or "", heard.words)
    if not all(isinstance(text, str) for text in (*texts, heard.press_id or "")):
        raise Unreadable("a text that is none")


def _chat(chat: Json) -> Chat:
    return Chat(chat["id"], chat["type"], chat.get("title") or "")


def _sender(user: Json | None, sender_chat: Json | None = None) -> Sender:
    if not user or sender_chat or user["id"] in _FACELESS or user.get("is_bot"):
        return Sender(user["id"] if user else 0, faceless=True)
    return Sender(user["id"], user["first_name"], user.get("language_code"))


def _heard(raw: Json, house: House, kind: str, name: str, sender: Sender, chat: Chat, **more: Any) -> Heard:
    language = language_of(sender.language_code, house.settings.county.language)
    return Heard(kind, name, chat, sender, house, raw["update_id"], language=language, **more)


def _pressed(raw: Json, query: Json, house: House) -> Heard:
    if not query["from"]:
        raise Unreadable("a press by nobody")
    name, *args = (query.get("data") or "").split(":")
    sender, below = _sender(query["from"]), query.get("message")
    chat = _chat(below["chat"]) if below else Chat(sender.id, "private")
    message_id = below["message_id"] if below else None
    return _heard(
        raw, house, "press", name, sender, chat, args=tuple(args), message_id=message_id, press_id=query["id"]
    )


def _message(raw: Json, message: Json, house: House) -> Heard | None:
    sender, chat = _sender(message.get("from"), message.get("sender_chat")), _chat(message["chat"])
    message_id, text = message["message_id"], message.get("text")
    if type(message["date"]) is not int:
        raise Unreadable("a message of no time")
    if message.get("migrate_to_chat_id"):
        return _heard(raw, house, "event", "migrated", sender, chat, event={"to": message["migrate_to_chat_id"]})
    if message.get("migrate_from_chat_id") or message.get("via_bot"):
        return None
    if text is None and chat.private and (picture := _picture(message)):
        return _heard(raw, house, "photo", "", sender, chat, message_id=message_id, event={"photo": picture})
    if text is None and chat.private and (document := _document(message)):
        return _heard(raw, house, "document", "", sender, chat, message_id=message_id, event=document)
    if text is None and chat.private and (point := _location(message)):
        return _heard(raw, house, "location", "", sender, chat, message_id=message_id, event={"location": point})
    if text is None:
        kind = "other" if chat.private and _is_content(message) else None
        return _heard(raw, house, kind, "", sender, chat, message_id=message_id) if kind else None
    typed = text.strip()
    if typed.startswith(("/", "／")):
        return _command(raw, house, typed, sender, chat, message_id)
    return _heard(raw, house, "text", "", sender, chat, words=typed, message_id=message_id)


def _picture(message: Json) -> str:
    """Telegram's number for the largest size of a photo; empty where there is none."""
    sizes = message.get("photo")
    largest = sizes[-1] if isinstance(sizes, list) and sizes else None
    number = largest.get("file_id") if isinstance(largest, dict) else None
    return number if isinstance(number, str) else ""


def _document(message: Json) -> Json | None:
    """Telegram's number for a file that some feature reads, and its bytes; None for any other."""
    document = message.get("document")
    found = document if isinstance(document, dict) else {}
    name, number, size = found.get("file_name"), found.get("file_id"), found.get("file_size")
    if not (isinstance(name, str) and name.lower().endswith(READ_ENDINGS)):
        return None
    return {"document": number, "bytes": size} if isinstance(number, str) and type(size) is int else None


def _location(message: Json) -> tuple[int, int] | None:
    """Latitude and longitude in millionths of a degree; None where there is no such place on earth."""
    location = message.get("location")
    names = ("latitude", "longitude")
    found = [location.get(name) for name in names] if isinstance(location, dict) else []
    degrees = [each for each in found if isinstance(each, int | float)]
    if len(degrees) != 2 or not (abs(degrees[0]) <= 90 and abs(degrees[1]) <= 180):
        return None
    return round(degrees[0] * 1_000_000), round(degrees[1] * 1_000_000)


def _is_content(message: Json) -> bool:
    return any(message.get(kind) for kind in MessageAttachmentType)


def command_of(typed: str) -> tuple[str, str, str]:
    """Name, the bot it is for, and argument of a command: `/join@county_bot 12`, `/join舞蹈团`, `／signup12`.

    Chinese is written without spaces, and keyboards for it make wide slashes, colons and spaces.
    """
    found = _COMMAND.match(typed)
    return (found[1].lower(), found[2] or "", found[3].strip()) if found else (typed[1:].lower(), "", "")


def _command(raw: Json, house: House, typed: str, sender: Sender, chat: Chat, message_id: int) -> Heard | None:
    name, addressed, words = command_of(typed)
    if addressed and addressed.lower() != house.username.lower():
        return None
    return _heard(
        raw,
        house,
        "command",
        name,
        sender,
        chat,
        words=words,
        message_id=message_id,
        event={"addressed": bool(addressed)},
    )


def _event(raw: Json, update: telegram.Update, house: House) -> Heard | None:
    for name in ("my_chat_member", "chat_member", "chat_join_request"):
        content = getattr(update, name)
        if content is not None:
            sender, chat = _sender(raw[name]["from"]), _chat(raw[name]["chat"])
            return _heard(raw, house, "event", name, sender, chat, event=content.to_dict())
    return None
