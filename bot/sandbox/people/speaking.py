"""What a person says and presses, in the private chat with the bot or in a group."""

import re
from collections.abc import Awaitable, Callable, Iterator
from urllib.parse import parse_qs, urlsplit

from bot.sandbox import keyboards
from bot.sandbox.answers import Json, Upload
from bot.sandbox.chats import Chat, Member
from bot.sandbox.entities import found, units
from bot.sandbox.methods.media import close_if_due
from bot.sandbox.methods.messages import COPIED, quoted
from bot.sandbox.methods.texts import TEXT_UNITS_MAX
from bot.sandbox.people.seeing import Impossible, Seeing
from bot.sandbox.users import Bot, Press, User
from bot.sandbox.world import World

Settle = Callable[[], Awaitable[None]]
FORWARDED = (*COPIED, "contact", "poll")
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Speaking(Seeing):
    """After each deed `settle` is awaited, by which a test lets the bot hear and answer."""

    def __init__(self, world: World, bot: Bot, user: User, settle: Settle) -> None:
        super().__init__(world, bot, user)
        self.settle = settle

    async def says(self, text: str, chat: Chat | None = None, reply_to: Json | None = None, *, topic: int = 0) -> Json:
        """Say something. What is longer than a message becomes several, as the apps do; the last is given back."""
        where = chat or self.chat
        if not text.strip():
            raise Impossible("an empty message can't be sent")
        for piece in pieces(text.strip()):
            message = self._say(where, written(piece), reply_to, topic)
        await self.settle()
        return message

    async def starts(self, payload: str = "") -> Json:
        """Press Start, or open `t.me/<bot>?start=<payload>`. A payload that Telegram doesn't allow is lost."""
        self._unblock()
        return await self.says(f"/start {payload}" if _PAYLOAD.fullmatch(payload) else "/start")

    async def edits(self, message: Json, text: str) -> Json:
        """Change one's own message."""
        chat = self._where(message)
        edited = {name: value for name, value in message.items() if name not in ("text", "entities")}
        edited = self.world.replace(chat, edited | written(text))
        self.world.tell(chat, "edited_message", edited)
        await self.settle()
        return edited

    async def deletes(self, message: Json) -> None:
        """Remove a message for everybody. Bots aren't told."""
        self.world.remove(self._where(message), message["message_id"])
        await self.settle()

    async def forwards(self, message: Json, chat: Chat) -> Json:
        """Pass a message on to another chat, with the name of who said it first. Protected and service ones stay."""
        kept = {name: value for name, value in message.items() if name in FORWARDED}
        if not kept or "has_protected_content" in message:
            raise Impossible("this message can't be forwarded")
        forwarded = self._say(chat, {"forward_origin": message.get("forward_origin") or origin(message)} | kept)
        await self.settle()
        return forwarded

    async def sends_document(
        self,
        name: str,
        content: bytes,
        caption: str = "",
        chat: Chat | None = None,
        mime: str = "text/plain",
        topic: int = 0,
    ) -> Json:
        kept = self.world.files.keep(Upload(name, content, mime), "documents")
        return await self._sends({"document": kept.document}, caption, chat, topic)

    async def sends_photo(self, content: bytes, caption: str = "", chat: Chat | None = None, topic: int = 0) -> Json:
        kept = self.world.files.keep(Upload("photo.jpg", content, "image/jpeg"), "photos")
        return await self._sends({"photo": kept.photo}, caption, chat, topic)

    async def sends_location(self, latitude: float, longitude: float, chat: Chat | None = None, topic: int = 0) -> Json:
        return await self._sends({"location": {"latitude": latitude, "longitude": longitude}}, "", chat, topic)

    async def sends_contact(self, phone_number: str, chat: Chat | None = None, topic: int = 0) -> Json:
        """One's own contact."""
        contact: Json = {"phone_number": phone_number, "first_name": self.user.first_name, "user_id": self.id}
        return await self._sends({"contact": contact}, "", chat, topic)

    async def sends_sticker(self, emoji: str = "👍") -> Json:
        kept = self.world.files.keep(Upload("sticker.webp", b"RIFF", "image/webp"), "stickers")
        looks: Json = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return await self._sends({"sticker": kept.brief | looks | {"emoji": emoji}}, "", None)

    async def presses(self, label: str, chat: Chat | None = None) -> Press | None:
        """Press the button with this label on the newest message that has one, or the key below the chat.

        Gives the press, or None for what isn't one: a link, a key. Raises Impossible with the labels that there are.
        """
        where = chat or self.chat
        for message in self._with_buttons(where):
            for button in buttons(message):
                if button["text"] == label:
                    return await self._push(button, message)
        for key in (key for row in (where.keyboard or {}).get("keyboard", ()) for key in row):
            if key["text"] == label:
                await self._strike(key, where)
                return None
        raise Impossible(self._missing(label, where))

    async def presses_data(self, data: str, message: Json | None = None, chat: Chat | None = None) -> Press:
        """Press a button with any data, as a forged client can, on any message: the bot's newest unless given."""
        chosen = message or next(self._from_bot(chat or self.chat), None)
        if chosen is None:
            raise Impossible("there is no message to press on")
        return await self._press(data, chosen)

    async def votes(self, message: Json, *options: int) -> None:
        """Choose options of a poll by their places from 0; none takes the vote back."""
        poll = self.world.polls[message["poll"]["id"]]
        close_if_due(self.world.now(), poll)
        try:
            poll.vote(self.id, options)
        except ValueError as error:
            raise Impossible(str(error)) from error
        chat = self._where(message)
        self.world.replace(chat, chat.messages[message["message_id"]] | {"poll": poll.brief}, is_edit=False)
        bot = self.world.bots[poll.bot_id]
        bot.updates.put("poll", poll.brief, chat.id)
        if not poll.is_anonymous:
            bot.updates.put("poll_answer", poll.answer(self.user.brief, options), chat.id)
        await self.settle()

    async def blocks_bot(self) -> None:
        if self.bot.id not in self.user.blocked:
            self.user.blocked.add(self.bot.id)
            self._tell_standing("member", "kicked")
        await self.settle()

    async def unblocks_bot(self) -> None:
        self._unblock()
        await self.settle()

    def deletes_account(self) -> None:
        self.user.is_deleted = True

    def _unblock(self) -> None:
        if self.bot.id in self.user.blocked:
            self.user.blocked.remove(self.bot.id)
            self._tell_standing("kicked", "member")

    def _tell_standing(self, before: str, after: str) -> None:
        chat, bot = self.chat, self.bot.brief
        update: Json = {
            "chat": chat.brief,
            "from": self.user.brief,
            "date": int(self.world.now()),
            "old_chat_member": chat.standing(bot, Member(before)),
            "new_chat_member": chat.standing(bot, Member(after)),
        }
        self.bot.updates.put("my_chat_member", update, chat.id)
        self.world.changed("standing", chat, update)

    async def _sends(self, content: Json, caption: str, chat: Chat | None, topic: int = 0) -> Json:
        message = self._say(chat or self.chat, content | ({"caption": caption} if caption else {}), topic=topic)
        await self.settle()
        return message

    def _say(self, chat: Chat, content: Json, reply_to: Json | None = None, topic: int = 0) -> Json:
        self._check_may_speak(chat)
        if topic in chat.closed_topics and not chat.member(self.id).is_admin:
            raise Impossible(f"{chat.topics[topic]} is closed")
        content |= chat.thread(topic)
        if reply_to is not None:
            content["reply_to_message"] = quoted(reply_to)
        message = self.world.post(chat, content, by=self.user.brief)
        self.world.tell(chat, "message", message)
        return message

    def _check_may_speak(self, chat: Chat) -> None:
        if chat.person is not None:
            if self.bot.id in self.user.blocked:
                raise Impossible(f"{self.user.first_name} has blocked the bot")
            self.user.started.add(self.bot.id)
        elif chat.migrated_to:
            raise Impossible(f"{chat.title} is a supergroup now: {chat.migrated_to}")
        elif not chat.member(self.id).is_present or not chat.member(self.id).can_send:
            raise Impossible(f"{self.user.first_name} may not write in {chat.title}")

    def _where(self, message: Json) -> Chat:
        chat_id = message["chat"]["id"]
        return self.world.chat(self.bot, chat_id)

    def _with_buttons(self, chat: Chat) -> Iterator[Json]:
        return (message for message in self._from_bot(chat) if "reply_markup" in message)

    def _missing(self, label: str, chat: Chat) -> str:
        newest = next(self._with_buttons(chat), None)
        shown = [button["text"] for button in buttons(newest)] if newest else []
        keys = [key for row in keyboards.labels(chat.keyboard) for key in row]
        below = f"; keys: {keys}" if keys else ""
        return f"{self.user.first_name} sees no button {label!r}; the newest buttons are {shown}{below}"

    async def _push(self, button: Json, message: Json) -> Press | None:
        if "callback_data" in button:
            return await self._press(button["callback_data"], message)
        if "url" in button:
            await self._open(button["url"])
        return None

    async def _open(self, url: str) -> None:
        """A link to the bot itself is followed; any other leads out of Telegram."""
        address = urlsplit(url)
        if address.hostname == "t.me" and address.path.strip("/").lower() == self.bot.username.lower():
            await self.starts(parse_qs(address.query).get("start", [""])[0])

    async def _press(self, data: str, message: Json) -> Press:
        chat = self._where(message)
        press = Press(self.world.new_id(), self.id, message, data, self.world.now())
        self.bot.remember(press)
        self.user.presses.append(press)
        seen = chat.messages.get(message["message_id"])
        gone: Json = {"chat": chat.brief, "message_id": message["message_id"], "date": 0}
        query: Json = {
            "id": press.id,
            "from": self.user.brief,
            "message": gone if seen is None else seen,
            "chat_instance": str(chat.id * 31),
            "data": data,
        }
        self.bot.updates.put("callback_query", query, chat.id)
        await self.settle()
        return press

    async def _strike(self, key: Json, chat: Chat) -> None:
        if key.get("request_contact"):
            await self.sends_contact("+8613800000000", chat=chat)
        elif key.get("request_location"):
            await self.sends_location(30.27, 120.15, chat=chat)
        else:
            await self.says(key["text"], chat)


def written(text: str) -> Json:
    """A person's text with what Telegram marks in it by itself."""
    entities = found(text)
    return {"text": text, "entities": entities} if entities else {"text": text}


def origin(message: Json) -> Json:
    """Who said a message first, as Telegram tells it of one that is passed on."""
    date, name = message["date"], message.get("sender_chat")
    if name is None:
        return {"type": "user", "sender_user": message["from"], "date": date}
    if name["type"] == "channel":
        return {"type": "channel", "chat": name, "message_id": message["message_id"], "date": date}
    return {"type": "chat", "sender_chat": name, "date": date}


def pieces(text: str) -> Iterator[str]:
    """A text cut into what fits into one message each."""
    while units(text) > TEXT_UNITS_MAX:
        # Cut by characters of two units at most, so that no pair is torn.
        cut = TEXT_UNITS_MAX if units(text[:TEXT_UNITS_MAX]) <= TEXT_UNITS_MAX else TEXT_UNITS_MAX // 2
        yield text[:cut]
        text = text[cut:]
    yield text


def buttons(message: Json) -> Iterator[Json]:
    rows = message["reply_markup"].get("inline_keyboard", ())
    return (button for row in rows for button in row)
