"""What a person does on the page: each deed by its name, from a JSON object to what the person says or presses."""

from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.answers import Json
from bot.sandbox.chats import Chat
from bot.sandbox.files import DOWNLOAD_BYTES_MAX, picture_size
from bot.sandbox.page.links import Leads, followed
from bot.sandbox.people import Impossible, People, Persona

TITLE_MAX = 128


@dataclass(frozen=True)
class Doing:
    """Somebody who does something in a chat, with what he gave."""

    people: People
    persona: Persona
    chat: Chat
    given: Json

    def text(self, name: str) -> str:
        return str(self.given[name])

    @property
    def message(self) -> Json:
        """The message that is meant; of one that is gone, what a button needs to know."""
        number = int(self.given["message_id"])
        return self.chat.messages.get(number) or {"chat": self.chat.brief, "message_id": number}

    @property
    def own_message(self) -> Json:
        message = self.chat.messages.get(int(self.given["message_id"]))
        if message is None or message.get("from", {}).get("id") != self.persona.id:
            raise Impossible("it is not one's own message")
        return message

    @property
    def reply_to(self) -> Json | None:
        number = self.given.get("reply_to")
        return self.chat.messages.get(int(number)) if number else None

    @property
    def topic(self) -> int:
        return int(self.given.get("topic") or 0)


Deed = Callable[[Doing], Awaitable[Json | None]]


async def _says(it: Doing) -> Json:
    said = await it.persona.says(it.text("text"), it.chat, it.reply_to, topic=it.topic)
    return {"message_id": said["message_id"]}


async def _starts(it: Doing) -> None:
    await it.persona.starts(str(it.given.get("payload", "")))


async def _edits(it: Doing) -> None:
    await it.persona.edits(it.own_message, it.text("text"))


async def _deletes(it: Doing) -> None:
    message = it.message
    if it.chat.is_group and not it.chat.member(it.persona.id).is_admin:
        message = it.own_message
    if message["message_id"] in it.chat.messages:
        await it.persona.deletes(message)


async def _forwards(it: Doing) -> None:
    target = it.given.get("to")
    there = it.persona.chat if target is None else it.people.world.chats[int(target)]
    await it.persona.forwards(it.message, there)


async def _pins(it: Doing) -> None:
    await it.persona.pins(it.chat.messages[int(it.given["message_id"])])


async def _unpins(it: Doing) -> None:
    await it.persona.unpins(it.chat.messages[int(it.given["message_id"])])


async def _presses(it: Doing) -> Json:
    press = await it.persona.presses_data(it.text("data"), it.message)
    return {"press_id": press.id}


async def _votes(it: Doing) -> None:
    await it.persona.votes(it.chat.messages[int(it.given["message_id"])], *map(int, it.given["options"]))


async def _sends(it: Doing) -> None:
    """A file, or a picture that is shown in the chat."""
    content = b64decode(it.text("content"), validate=True)
    if len(content) > DOWNLOAD_BYTES_MAX:
        raise OverflowError
    name, caption = it.text("name")[:TITLE_MAX] or "file", str(it.given.get("caption", ""))
    if it.given.get("as_photo") and picture_size(content):
        await it.persona.sends_photo(content, caption, it.chat, it.topic)
        return
    mime = str(it.given.get("mime") or "application/octet-stream")
    await it.persona.sends_document(name, content, caption, it.chat, mime, it.topic)


async def _locates(it: Doing) -> None:
    latitude, longitude = float(it.given["latitude"]), float(it.given["longitude"])
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError("there is no such place")
    await it.persona.sends_location(latitude, longitude, it.chat, it.topic)


async def _shares(it: Doing) -> None:
    await it.persona.sends_contact(it.text("phone"), chat=it.chat, topic=it.topic)


async def _joins(it: Doing) -> None:
    await it.persona.joins(it.chat)


async def _leaves(it: Doing) -> None:
    await it.persona.leaves(it.chat)


async def _approves(it: Doing) -> None:
    await it.persona.approves(_other(it), it.chat)


async def _declines(it: Doing) -> None:
    await it.persona.declines(_other(it), it.chat)


async def _blocks(it: Doing) -> None:
    await it.persona.blocks_bot()


async def _unblocks(it: Doing) -> None:
    await it.persona.unblocks_bot()


async def _adds(it: Doing) -> Json:
    """Take the bot into a group of one's own, a new one if a title is given instead."""
    title = str(it.given.get("title", "")).strip()[:TITLE_MAX]
    # A group that is new is a basic one in Telegram, and becomes a supergroup later.
    group = it.people.group(title, it.persona, kind="group", bot="") if title else it.chat
    await it.persona.takes_in(group, payload=str(it.given.get("payload", "")))
    return {"chat": group.id}


async def _removes(it: Doing) -> None:
    await it.persona.removes_bot(it.chat)


async def _upgrades(it: Doing) -> None:
    await it.persona.upgrades(it.chat)


async def _bans(it: Doing) -> None:
    await it.persona.kicks(_other(it), it.chat)


async def _unbans(it: Doing) -> None:
    await it.persona.unbans(_other(it), it.chat)


async def _opens(it: Doing) -> Json:
    """Follow a link. What leads out of the sandbox is told, and not followed."""
    leads = followed(it.people, it.text("url"))
    if leads.kind == "start":
        await it.persona.starts(leads.payload)
    elif leads.kind == "join":
        await _enter(it, leads)
    return {"kind": leads.kind, "payload": leads.payload, "chat": leads.chat.id if leads.chat else it.persona.id}


async def _enter(it: Doing, leads: Leads) -> None:
    assert leads.chat is not None
    if not leads.chat.member(it.persona.id).is_present:
        await it.persona.joins(leads.chat, leads.link)


def _other(it: Doing) -> Persona:
    number = int(it.given["person"])
    for persona in it.people.by_name.values():
        if persona.id == number:
            return persona
    raise KeyError(number)


DEEDS: dict[str, Deed] = {
    "says": _says,
    "starts": _starts,
    "edits": _edits,
    "deletes": _deletes,
    "forwards": _forwards,
    "pins": _pins,
    "unpins": _unpins,
    "presses": _presses,
    "votes": _votes,
    "sends": _sends,
    "locates": _locates,
    "shares": _shares,
    "joins": _joins,
    "leaves": _leaves,
    "approves": _approves,
    "declines": _declines,
    "blocks": _blocks,
    "unblocks": _unblocks,
    "adds": _adds,
    "removes": _removes,
    "upgrades": _upgrades,
    "bans": _bans,
    "unbans": _unbans,
    "opens": _opens,
}


async def do(people: People, persona: Persona, chat: Chat, name: str, given: Json) -> Json:
    """Raises KeyError, TypeError, ValueError for what is wrong or missing, OverflowError for too large a file."""
    result: Any = await DEEDS[name](Doing(people, persona, chat, given))
    return result or {}
