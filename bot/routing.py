"""Which handler answers what, and who may."""

import difflib
import inspect
import re
import unicodedata
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Flag, auto
from typing import Any

from bot.cards import Card, Onward, Toast
from bot.config import House
from bot.domain import people
from bot.domain.people import Person
from bot.locales import Said, say
from bot.refusal import WHAT_I_CAN_DO, Refused, WayOut
from bot.storage import Transaction

ANONYMOUS_ADMIN = 1087968824
# What stands around a word that was typed in a hurry.
_AROUND = " \t\n/.!?,~。！？，、～"
_WORD_AND_MORE = re.compile(r"(?P<word>[^\s\d#A-Za-z:：]+)(?:[\s:：]+(?P<more>.+)|(?P<number>[\d#].*))", re.DOTALL)
START_CHARACTERS_MAX = 64
# Telegram's own limit of a command's name.
COMMAND_CHARACTERS_MAX = 32
# Files that are read when somebody sends them; all others are refused unread.
READ_ENDINGS = (".toml",)
READ_BYTES_MAX = 64 * 1024
# From which likeness of two names on, of 1, one is taken for a slip of the finger.
ALIKE, ALL_BUT_ALIKE = 0.5, 0.8


class Who(Flag):
    """Who may use a route at all: whoever is one of them. Whose group or task it is, is checked where that is loaded."""

    ANYONE = auto()
    MEMBER = auto()
    LEADER = auto()
    READER = auto()
    ADMIN = auto()


def roles_of(person: Person | None) -> Who:
    """All that somebody is; None for a stranger."""
    if person is None:
        return Who.ANYONE
    roles = Who.ANYONE | Who.MEMBER
    if person.leads:
        roles |= Who.LEADER
    if person.reads_all:
        roles |= Who.READER
    if person.is_admin:
        roles |= Who.ADMIN
    return roles


@dataclass(frozen=True)
class Chat:
    """Where something was said or pressed, as Telegram says: its kind is private, group, supergroup or channel."""

    id: int
    kind: str
    title: str = ""

    @property
    def private(self) -> bool:
        return self.kind == "private"


@dataclass(frozen=True)
class Sender:
    """Who wrote or pressed, as Telegram says. `faceless`: an anonymous admin, a channel or another bot: nobody's deed."""

    id: int
    first_name: str = ""
    language_code: str | None = None
    faceless: bool = False

    @property
    def nickname(self) -> str:
        """A name to begin with: the one on Telegram, as far as it can be shown."""
        try:
            return people.clean_name(self.first_name[: people.NICKNAME_CHARACTERS_MAX])
        except Refused:
            return f"{self.id % 10000:04}"


@dataclass(frozen=True)
class Heard:
    """One update as handlers see it. `args` come from callback data or a deep link: hints that anybody can forge."""

    kind: str
    name: str
    chat: Chat
    sender: Sender
    house: House
    update_id: int = 0
    words: str = ""
    args: tuple[str, ...] = ()
    message_id: int | None = None
    press_id: str | None = None
    language: str = "zh_CN"
    person: Person | None = None
    event: Mapping[str, Any] = field(default_factory=dict)
    asked: Any = None
    read: Any = None

    @property
    def report(self) -> Any:
        """What the route's `read` found. Raises what it refused."""
        if isinstance(self.read, Refused):
            raise self.read
        return self.read

    @property
    def me(self) -> Person:
        """Who acts. Routes for members never run without one."""
        assert self.person is not None, "the route is open to strangers and asked for a person"
        return self.person

    def number(self, place: int = 0) -> int:
        """The argument at `place` as a number from 0. Raises Refused for data that no button of ours carries."""
        text = self.args[place] if place < len(self.args) else ""
        if not text.isascii() or not text.isdecimal() or len(text) > 18:
            raise stale()
        return int(text)

    def page(self, place: int = 0) -> int:
        """The page number at `place`, 0 where there is none."""
        return self.number(place) if place < len(self.args) else 0


Answer = Card | Toast | Onward | None
Handler = Callable[[Transaction, Heard], Awaitable[Answer]]
Reading = Callable[[Transaction, Heard], Awaitable[Any]]


@dataclass(frozen=True)
class Route:
    """One way in. `ask` names what must be asked of Telegram before the transaction begins: "standing" in a
    group, or the "text" of a file.

    `read` is what takes long to read: it is done before the transaction and beside the writer, for whoever may use the
    route, and `Heard.report` is what it found. Such a route is never the way on from another one's transaction.
    """

    kind: str
    name: str
    handler: Handler
    who: Who = Who.MEMBER
    private_only: bool = True
    link: bool = False
    menu: bool = True
    # To whom menus and /help offer it, where that is fewer than may use it.
    offered: Who | None = None
    ask: str = ""
    read: Reading | None = None
    # What people call a command in their own words, typed with or without the slash.
    also: tuple[str, ...] = ()
    # What follows such a word is its argument: at once in Chinese, which has no spaces, 加入舞蹈团; in English after one.
    runs_on: bool = False
    # It takes away what is hard to get back: a command of another name is taken for it only where the two are all but alike.
    takes_away: bool = False
    # A message that is plainly meant for a command, though it is not named: it is taken whole.
    meant: Callable[[str], bool] | None = None

    @property
    def fits(self) -> Who:
        """Whom it is for."""
        return self.offered or self.who

    @property
    def help(self) -> Said:
        """The first line of the handler's docstring, which is a text of the catalogue."""
        return say((inspect.getdoc(self.handler) or "").split("\n")[0].rstrip("."))


def command(name: str, handler: Handler, who: Who = Who.MEMBER, **more: Any) -> Route:
    """A slash command; the handler's docstring is its line in /help and in the menu."""
    return Route("command", name, handler, who, **more)


def press(name: str, handler: Handler, who: Who = Who.MEMBER, **more: Any) -> Route:
    """A button's callback data `name:arg:arg`. With `link`, a deep link leads there too: only for screens that show."""
    return Route("press", name, handler, who, **more)


def event(name: str, handler: Handler) -> Route:
    """Something that happened: `chat_member`, `my_chat_member`, `chat_join_request`, `migrated`, ..."""
    return Route("event", name, handler, Who.ANYONE, private_only=False, menu=False)


def text(handler: Handler) -> Route:
    """Whatever was written that is no command."""
    return Route("text", "", handler, Who.ANYONE, menu=False)


def photo(handler: Handler) -> Route:
    """A photo in a private chat; `event["photo"]` is Telegram's number for it."""
    return Route("photo", "", handler, Who.ANYONE, menu=False)


def document(handler: Handler, who: Who) -> Route:
    """A file whose name ends with one of READ_ENDINGS, in a private chat; `asked` is its text, empty for what can't be fetched.

    `event["bytes"]` is its size; what has more than READ_BYTES_MAX is not fetched.
    """
    return Route("document", "", handler, who, menu=False, ask="text")


def location(handler: Handler) -> Route:
    """A location in a private chat; `event["location"]` is latitude and longitude in millionths of a degree.

    What Telegram sent is not kept.
    """
    return Route("location", "", handler, Who.ANYONE, menu=False)


class Routes:
    """All ways in, looked up by name."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._by_name: dict[tuple[str, str], Route] = {}
        self._spoken: dict[str, Route] = {}
        self._running: dict[str, Route] = {}
        for route in routes:
            if (route.kind, route.name) in self._by_name:
                raise ValueError(f"two routes for {route.kind} {route.name}")
            self._by_name[route.kind, route.name] = route
            if route.runs_on:
                self._running |= {
                    word if not word.isascii() else f"{word} ": route for word in (route.name, *route.also)
                }
            for word in route.also:
                if self._spoken.setdefault(word, route) is not route:
                    raise ValueError(f"two commands are called {word}")

    def __iter__(self) -> Any:
        return iter(self._by_name.values())

    def find(self, heard: Heard) -> Route | None:
        found = self._by_name.get((heard.kind, heard.name))
        return self._spoken.get(heard.name) if found is None and heard.kind == "command" else found

    def meant(self, heard: Heard) -> tuple[Route, Heard] | None:
        """The command that somebody said without its slash, in our private chat, and as what it is heard."""
        found = self._meant(heard.words) if heard.kind == "text" and heard.chat.private else None
        if found is None:
            return None
        route, words = found
        return route, replace(heard, kind="command", name=route.name, words=words, event={"spoken": True})

    def _meant(self, words: str) -> tuple[Route, str] | None:
        """The command and its argument: `积分`, `报名 12`, `报名12`, `points`.

        An English word counts only alone, for sentences begin with such words, unless its command says otherwise.
        """
        if whole := next((route for route in self if route.meant and route.meant(words)), None):
            return whole, words
        if alone := self.called(words):
            return alone, ""
        parted = _WORD_AND_MORE.fullmatch(words.strip().lstrip(_AROUND))
        route = self._spoken.get(parted["word"]) if parted else None
        return (route, parted["more"] or parted["number"]) if parted and route else self._run_on(words)

    def _run_on(self, words: str) -> tuple[Route, str] | None:
        """The command and its argument; of two words that it may begin with the longer one counts."""
        said = words.strip(_AROUND)
        word = max((w for w in self._running if said.casefold().startswith(w)), key=len, default="")
        return (self._running[word], said[len(word) :].strip()) if word else None

    def linked(self, payload: str) -> tuple[Route, tuple[str, ...]] | None:
        """Where a deep link leads: `groups_open-12` is the press `groups.open:12`, if that may be linked to."""
        name, *args = payload.split("-")
        route = self._by_name.get(("press", name.replace("_", ".")))
        return (route, tuple(args)) if route and route.link else None

    def called(self, words: str) -> Route | None:
        """The command of this name, or the one that people call so, with or without a slash."""
        plain = unicodedata.normalize("NFKC", words).strip(_AROUND).casefold()
        return self._spoken.get(plain) or self._by_name.get(("command", plain))

    def unknown(self, name: str, heard: Heard) -> Refused:
        """The no to a command that there is not, with the one that was probably meant."""
        near = self.nearest(name, roles_of(heard.person) | Who.MEMBER)
        if near is None:
            return Refused(say("There is no /{name}. /help lists all commands.", name=name), WHAT_I_CAN_DO)
        return Refused(
            say("There is no /{name}. Did you mean /{nearest}? /help lists all commands.", name=name, nearest=near),
            WHAT_I_CAN_DO,
        )

    def nearest(self, name: str, roles: Who) -> str | None:
        """The command that somebody who is `roles` probably meant."""
        near = {route.name: _likeness(route, name) for route in self if route.kind == "command" and route.fits & roles}
        best = max(near, key=near.__getitem__)
        return best if near[best] else None

    def commands_for(self, roles: Who, *, private: bool) -> list[Route]:
        """The commands that fit somebody's roles and chat, in the order of their routes."""
        return [
            route
            for route in self
            if route.kind == "command" and route.menu and route.fits & roles and (private or not route.private_only)
        ]


def _likeness(route: Route, name: str) -> float:
    """How alike a command's name is to what was typed, up to 1; 0 where it is not alike enough to speak of."""
    found = difflib.SequenceMatcher(None, route.name, name.lower()).ratio()
    return found if found >= (ALL_BUT_ALIKE if route.takes_away else ALIKE) else 0


def payload(data: str) -> str:
    """The deep-link payload for callback data: `groups.open:12` is `groups_open-12`."""
    made = data.replace(".", "_").replace(":", "-")
    if len(made) > START_CHARACTERS_MAX or not all(c.isascii() and (c.isalnum() or c in "_-") for c in made):
        raise ValueError(f"no deep link can carry {data!r}")
    return made


def allowed(route: Route, person: Person | None) -> bool:
    """May this person use the route at all?"""
    return bool(route.who & roles_of(person))


def check(route: Route, heard: Heard) -> None:
    """Raises Refused when whoever spoke may not use the route, or not here."""
    if heard.sender.faceless and route.kind in ("command", "press"):
        raise Refused(
            say(
                "I can't tell who you are while you write anonymously or as a channel. Write as yourself. Nothing was done."
            )
        )
    if route.private_only and not heard.chat.private and route.kind == "command":
        raise Refused(say("That goes in our private chat only. Nothing was done."))
    admit(route.who, heard.person)


def admit(who: Who, person: Person | None) -> None:
    """Raises Refused for whoever is none of these, with what the role is for and how one comes by it."""
    if who & roles_of(person):
        return
    if person is None:
        raise Refused(
            say("You are not registered yet. Open our private chat, press Start, and try again. Nothing was done.")
        )
    if Who.LEADER in who:
        raise _leads_nothing(person)
    if Who.READER in who:
        people.only_readers(person)
    people.only_admins(person)


def _leads_nothing(person: Person) -> Refused:
    if person.is_admin:
        return Refused(
            say(
                "This is for leaders, and you lead no group. Nothing was changed. As a county admin you can announce "
                "something to any group or to the whole county."
            ),
            WayOut(say("Announce"), "calls.announce"),
            WayOut(say("Interest groups"), "groups.list"),
        )
    return Refused(
        say(
            "This is for leaders, and you lead no group. Nothing was changed. Leaders publish tasks and events, confirm who "
            "came and call the members of their group. Would you like to? The leaders of a group and county admins make "
            "somebody leader: please ask them. /help shows what you can do."
        ),
        WayOut(say("Interest groups"), "groups.list"),
    )


def stale() -> Refused:
    """For a button or link that fits nothing: old, foreign or forged."""
    return Refused(say("This button is out of date. Nothing was changed. Please open the screen again from /start."))
