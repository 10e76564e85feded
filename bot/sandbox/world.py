"""The model: everybody and every chat of a small Telegram, in memory. Both the server and the tests speak to it."""

import itertools
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.answers import Answer, Json
from bot.sandbox.chats import Chat, Member
from bot.sandbox.entities import slice_units
from bot.sandbox.faults import Faults
from bot.sandbox.files import Files
from bot.sandbox.limits import Gate, Limits
from bot.sandbox.menus import Menu
from bot.sandbox.polls import PollState
from bot.sandbox.updates import Updates
from bot.sandbox.users import Bot, User

FIRST_PERSON_ID = 6_000_000_001
FIRST_BOT_ID = 7_900_000_001
FIRST_GROUP_ID = 4_000_000_001
FIRST_SUPERGROUP_ID = 1_002_000_000_001
CALLS_KEPT = 10_000
ANSWER_SECONDS = 10
"""For how long a press can be answered: about this long at Telegram."""
Check = Callable[[str, Json], None]
Listener = Callable[[str, Chat, Json], None]
"""Hears of what is new: its kind, its chat, and the message or what else it is."""


@dataclass(frozen=True, slots=True)
class Called:
    """A call that was made, kept for reports and tests."""

    at: float
    method: str
    params: Json
    status: int


class World:
    """`now` gives Unix seconds. `check` raises AssertionError for a request that Telegram doesn't know.

    What `check` says is kept in `violations`, and the bot gets it as a 400.
    """

    def __init__(
        self, now: Callable[[], float], check: Check | None = None, *, answer_seconds: float = ANSWER_SECONDS
    ) -> None:
        self.now = now
        self.check = check
        self.answer_seconds = answer_seconds
        self.people: dict[int, User] = {}
        self.bots: dict[int, Bot] = {}
        self.bots_by_token: dict[str, Bot] = {}
        self.chats: dict[int, Chat] = {}
        self.private_chats: dict[tuple[int, int], Chat] = {}
        self.ids_by_username: dict[str, int] = {}
        self.polls: dict[str, PollState] = {}
        self.files = Files()
        self.faults = Faults()
        self.limits: Limits | None = None
        self.gates: dict[int, Gate] = {}
        self.tally: Counter[tuple[str, int]] = Counter()
        self.calls: deque[Called] = deque(maxlen=CALLS_KEPT)
        self.violations: list[str] = []
        self.on_change: list[Listener] = []
        self.on_webhook: Callable[[Bot], None] | None = None
        """Set by whoever delivers; in memory nobody does."""
        self._numbers = {first: itertools.count(first) for first in (1, FIRST_PERSON_ID, FIRST_BOT_ID)}
        self._group_numbers = itertools.count(FIRST_GROUP_ID)
        self._supergroup_numbers = itertools.count(FIRST_SUPERGROUP_ID)

    # Who and where

    def person(self, first_name: str, *, user_id: int | None = None, **known: Any) -> User:
        """A new person; `known` are last_name, username and language_code."""
        person = User(user_id or self._next(FIRST_PERSON_ID), first_name, **known)
        self.people[person.id] = person
        if person.username:
            self.ids_by_username[person.username.lower()] = person.id
        return person

    def bot(self, username: str = "county_bot", *, token: str | None = None, first_name: str = "County") -> Bot:
        """A new bot. Its token is `<id>:<secret>`, made up unless it is given."""
        number, _, secret = (token or "").partition(":")
        bot_id = int(number) if number else self._next(FIRST_BOT_ID)
        bot = Bot(bot_id, secret or "sandbox-" + "x" * 27, first_name, username, Updates(self.now), Menu())
        self.bots[bot.id] = self.bots_by_token[bot.token] = bot
        self.ids_by_username[username.lower()] = bot.id
        return bot

    def group(self, title: str, kind: str = "supergroup", **known: Any) -> Chat:
        """A new group, supergroup or channel, without members; `known` are username, by_request and is_forum."""
        number = -next(self._group_numbers) if kind == "group" else -next(self._supergroup_numbers)
        chat = Chat(number, kind, title, **known)
        self.chats[chat.id] = chat
        if chat.username:
            self.ids_by_username[chat.username.lower()] = chat.id
        return chat

    def private(self, bot: Bot, user: User) -> Chat:
        chat = self.private_chats.get((bot.id, user.id))
        if chat is None:
            chat = Chat(user.id, "private", person=user, bot_id=bot.id)
            self.private_chats[bot.id, user.id] = chat
        return chat

    def chat(self, bot: Bot, chat_id: int) -> Chat:
        """A chat that is known to be there, by the id under which the bot knows it."""
        return self.private(bot, self.people[chat_id]) if chat_id > 0 else self.chats[chat_id]

    def brief(self, user_id: int) -> Json:
        """A person or a bot as Telegram shows one in a message."""
        known = self.people.get(user_id) or self.bots[user_id]
        return known.brief

    def knows(self, user_id: int) -> bool:
        return user_id in self.people or user_id in self.bots

    def place(self, chat: Chat, user_id: int, member: Member) -> None:
        chat.place(user_id, member, user_id in self.bots)

    def new_id(self) -> str:
        """A number never given before, for presses and polls."""
        return str(5_000_000_000_000_000 + self._next(1))

    # What is said

    def post(self, chat: Chat, content: Json, *, by: Json | None, sender_chat: Json | None = None) -> Json:
        """Put a new message into a chat, under the chat's next number. Bots hear of it only by `tell`."""
        chat.last_id += 1
        message: Json = {"message_id": chat.last_id}
        if by is not None:
            message["from"] = by
        if sender_chat is not None:
            message["sender_chat"] = sender_chat
        message |= {"chat": chat.brief, "date": int(self.now())}
        message |= content
        chat.messages[chat.last_id] = message
        chat.changes.append(chat.last_id)
        self.changed("message", chat, message)
        return message

    def replace(self, chat: Chat, message: Json, *, is_edit: bool = True) -> Json:
        """Put another version in a message's place. Not an edit: a poll's new counts, for which there is no date."""
        if is_edit:
            message["edit_date"] = int(self.now())
        chat.messages[message["message_id"]] = message
        chat.changes.append(message["message_id"])
        self.changed("edited", chat, message)
        return message

    def remove(self, chat: Chat, message_id: int) -> Json:
        message = chat.messages.pop(message_id)
        if message_id in chat.pinned:
            chat.pinned.remove(message_id)
        self.changed("deleted", chat, message)
        return message

    def tell(self, chat: Chat, kind: str, content: Json) -> None:
        """Queue an update for each bot in the chat that may see it."""
        if chat.bot_id:
            self.bots[chat.bot_id].updates.put(kind, content, chat.id)
            return
        for bot_id in list(chat.bots):
            bot = self.bots[bot_id]
            if kind not in ("message", "edited_message") or _is_seen(bot, chat, content):
                bot.updates.put(kind, content, chat.id)

    def changed(self, kind: str, chat: Chat, content: Json) -> None:
        for listener in self.on_change:
            listener(kind, chat, content)

    # What was asked

    def limit(self, limits: Limits | None) -> None:
        """Switch the limits on, or off with None; what was counted before is forgotten."""
        self.limits = limits
        self.gates.clear()

    def gate(self, bot: Bot) -> Gate | None:
        if self.limits is None:
            return None
        gate = self.gates.get(bot.id)
        if gate is None:
            gate = self.gates[bot.id] = Gate(self.limits, self.now)
        return gate

    def record(self, method: str, params: Json, answer: Answer) -> None:
        self.tally[method, answer.status] += 1
        self.calls.append(Called(self.now(), method, params, answer.status))

    def count(self, status: int) -> int:
        """How many calls were answered with this status."""
        return sum(number for (_, answered), number in self.tally.items() if answered == status)

    def _next(self, first: int) -> int:
        return next(self._numbers[first])


SERVICE = (
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "group_chat_created",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "pinned_message",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
)


def _is_seen(bot: Bot, chat: Chat, message: Json) -> bool:
    """Telegram's privacy mode: which of a group's messages a bot is shown that is no admin there."""
    if bot.reads_all or chat.member(bot.id).is_admin or chat.type == "channel":
        return True
    if any(name in message for name in SERVICE):
        return True
    replied = message.get("reply_to_message", {})
    if replied.get("from", {}).get("id") == bot.id:
        return True
    return any(_addresses(bot, message, entity) for entity in message.get("entities", ()))


def _addresses(bot: Bot, message: Json, entity: Json) -> bool:
    if entity["type"] not in ("bot_command", "mention"):
        return False
    said = slice_units(message["text"], entity["offset"], entity["length"])
    _, at, username = said.partition("@")
    if entity["type"] == "bot_command" and not at:
        return True
    return username.lower() == bot.username.lower()
