"""What a person sees of the bot: texts as they stand now, buttons, answers to presses, files, the menu."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox import keyboards
from bot.sandbox.answers import Json
from bot.sandbox.chats import Chat
from bot.sandbox.methods.messages import is_said_by
from bot.sandbox.users import Bot, Press, User
from bot.sandbox.world import World


class Impossible(AssertionError):
    """A person can't do this: there is no such button, or he isn't in the chat."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A message with its buttons, as a person sees it."""

    text: str
    rows: tuple[tuple[str, ...], ...]
    message_id: int

    @property
    def labels(self) -> list[str]:
        return [label for row in self.rows for label in row]


@dataclass(frozen=True, slots=True)
class Toast:
    """What a pressed button answered: a line that fades, or an alert that wants to be closed."""

    text: str
    is_alert: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """A file from the bot."""

    name: str
    content: bytes
    caption: str = ""


class Seeing:
    """`forget` draws a line: what the bot said before is not in `heard`, `toasts` and `files` any more."""

    def __init__(self, world: World, bot: Bot, user: User) -> None:
        self.world = world
        self.bot = bot
        self.user = user
        self.about: dict[str, str] = {}
        """Who this is in a word, by language: for whoever plays."""
        self._read: dict[int, int] = {}
        self._presses_read = 0

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def chat(self) -> Chat:
        """The private chat with the bot."""
        return self.world.private(self.bot, self.user)

    def forget(self) -> None:
        """Take all that the bot said so far as read, in the private chat and in every group read before."""
        groups = [self.world.chats[chat_id] for chat_id in self._read if chat_id < 0]
        for chat in (self.chat, *groups):
            self._read[chat.id] = len(chat.changes)
        self._presses_read = len(self.user.presses)

    @property
    def heard(self) -> list[str]:
        """What the bot said in the private chat, each message as it stands now, in the chat's order."""
        return self.heard_in(self.chat)

    def heard_in(self, chat: Chat) -> list[str]:
        """What the bot said in a chat since `forget`; an edited message counts as said anew."""
        return [words(message) for message in self._news(chat)]

    @property
    def screen(self) -> Screen:
        """The newest message of the bot in the private chat. Raises Impossible when it said nothing."""
        return self.screen_in(self.chat)

    def screen_in(self, chat: Chat) -> Screen:
        newest = next(self._from_bot(chat), None)
        if newest is None:
            raise Impossible(f"the bot said nothing to {self.user.first_name} yet")
        return screen_of(newest)

    @property
    def screens(self) -> list[Screen]:
        """All that `heard` holds, with the buttons."""
        return self.screens_in(self.chat)

    def screens_in(self, chat: Chat) -> list[Screen]:
        return [screen_of(message) for message in self._news(chat)]

    @property
    def toasts(self) -> list[Toast]:
        """What pressed buttons answered since `forget`; answers without a word are not among them."""
        answers = [press.answer for press in self.user.presses[self._presses_read :] if press.answer is not None]
        return [Toast(answer["text"], answer["show_alert"]) for answer in answers if answer["text"]]

    @property
    def unanswered(self) -> list[Press]:
        """Presses since `forget` that the bot left without any answer, so that the button goes on spinning."""
        return [press for press in self.user.presses[self._presses_read :] if press.answer is None]

    @property
    def files(self) -> list[Received]:
        """Documents and photos of the private chat since `forget`."""
        return [self._received(message) for message in self._news(self.chat) if message.keys() & {"document", "photo"}]

    @property
    def keyboard(self) -> tuple[tuple[str, ...], ...]:
        """The keys below the private chat."""
        return keyboards.labels(self.chat.keyboard)

    def menu(self, language: str | None = None, chat: Chat | None = None) -> list[str]:
        """The commands offered to this person in a chat, in his language unless another is named."""
        return [command["command"] for command in self.commands(language, chat)]

    def commands(self, language: str | None = None, chat: Chat | None = None) -> list[Json]:
        where = chat or self.chat
        spoken = self.user.language_code[:2] if language is None else language
        return self.bot.menu.shown(where.id, where.type, self.id, where.member(self.id).is_admin, spoken)

    def _news(self, chat: Chat) -> list[Json]:
        begin = self._read.setdefault(chat.id, 0)
        fresh = sorted(set(chat.changes[begin:]))
        messages = [chat.messages[number] for number in fresh if number in chat.messages]
        return [message for message in messages if is_from(message, self.bot)]

    def _from_bot(self, chat: Chat) -> Any:
        return (message for message in reversed(chat.messages.values()) if is_from(message, self.bot))

    def _received(self, message: Json) -> Received:
        sent = message["document"] if "document" in message else message["photo"][-1]
        kept = self.world.files.by_id(sent["file_id"])
        assert kept is not None
        return Received(kept.name, kept.content, message.get("caption", ""))


def is_from(message: Json, bot: Bot) -> bool:
    """Whether the bot said it; service messages, such as of joining, are nobody's words."""
    return is_said_by(bot, message) and words(message) != ""


def words(message: Json) -> str:
    """A message in words: its text or caption, else what it is in brackets; empty for a service message."""
    said = message.get("text") or message.get("caption")
    if said:
        return str(said)
    if "poll" in message:
        return str(message["poll"]["question"])
    return next((f"[{kind}]" for kind in CONTENTS if kind in message), "")


CONTENTS = ("document", "photo", "location", "contact", "sticker")


def screen_of(message: Json) -> Screen:
    return Screen(words(message), keyboards.labels(message.get("reply_markup")), message["message_id"])
