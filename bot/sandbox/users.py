"""Who there is: persons, bots, and the three ids under which Telegram hides who wrote."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.sandbox.answers import Json
from bot.sandbox.updates import Poll, Updates

if TYPE_CHECKING:
    from bot.sandbox.menus import Menu

ANONYMOUS_ADMIN: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL_BOT: Json = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
TELEGRAM: Json = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
PRESSES_KEPT = 100_000


@dataclass(slots=True)
class User:
    """A person. `started` and `blocked` name the bots that may write to him, or may not any more."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_deleted: bool = False
    started: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    asked_until: dict[int, float] = field(default_factory=dict)
    """By bot, until when it may write because of a join request."""
    presses: list["Press"] = field(default_factory=list)

    @property
    def brief(self) -> Json:
        known: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if value := getattr(self, name):
                known[name] = value
        return known

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Webhook:
    url: str
    secret: str
    connections_max: int


@dataclass
class Press:
    """A button pressed, and how the bot answered."""

    id: str
    user_id: int
    message: Json
    data: str
    at: float
    answer: Json | None = None


@dataclass
class Bot:
    """A bot, its token, what waits for it and what it has set."""

    id: int
    secret: str
    first_name: str
    username: str
    updates: Updates
    menu: "Menu"
    reads_all: bool = False
    """Whether privacy mode is off, so that it reads all of a group's messages."""
    webhook: Webhook | None = None
    webhook_error: tuple[int, str] | None = None
    poll: Poll | None = None
    polls: int = 0
    """How often it asked for updates."""
    presses: OrderedDict[str, Press] = field(default_factory=OrderedDict)

    @property
    def token(self) -> str:
        return f"{self.id}:{self.secret}"

    @property
    def brief(self) -> Json:
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}

    @property
    def me(self) -> Json:
        abilities: Json = {
            "can_join_groups": True,
            "can_read_all_group_messages": self.reads_all,
            "supports_guest_queries": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": False,
            "allows_users_to_create_topics": False,
            "can_manage_bots": False,
            "supports_join_request_queries": False,
        }
        return self.brief | abilities

    def remember(self, press: Press) -> None:
        """Keep a press for its answer; the oldest go when there are very many."""
        self.presses[press.id] = press
        if len(self.presses) > PRESSES_KEPT:
            self.presses.popitem(last=False)
