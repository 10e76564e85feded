"""What can be asked for, who works for an area, and what a request is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from bot.locales import Said, say
from bot.storage import Row, filled

WORDS_CHARACTERS_MAX = 500
MINUTES_MAX = 24 * 60
HOUR = 3600
# Without a word for so long its handlers are reminded, and then the county hears that it waits.
LATE_HOURS, COUNTY_HOURS = 24, 48
LATE_STEPS = range(2)
LIVE_PER_PERSON_MAX = 5
UNDO_SECONDS = 60


@dataclass(frozen=True)
class Block:
    """A kind of help. Of what is `sensitive` lists show neither words nor names."""

    key: str
    icon: str
    name: Said
    sensitive: bool = False


BLOCKS = {
    each.key: each
    for each in (
        Block("home", "🏠", say("Help at home")),
        Block("health", "🩺", say("Health")),
        Block("counselling", "💬", say("Counselling"), sensitive=True),
        Block("legal", "⚖️", say("Legal aid"), sensitive=True),
        Block("disputes", "🕊", say("Settling disputes"), sensitive=True),
        Block("children", "🧒", say("Children left behind"), sensitive=True),
        Block("patrol", "🔦", say("Safety patrol")),
        Block("papers", "📄", say("Papers and errands")),
    )
}


class Role(StrEnum):
    """What somebody is for an area: its liaison, or somebody who is given duties there."""

    LIAISON = "liaison"
    GRID = "grid"
    INFORMATION = "information"
    PUBLICITY = "publicity"


ROLE_NAMES: Mapping[Role, Said] = {
    Role.LIAISON: say("liaison"),
    Role.GRID: say("grid worker"),
    Role.INFORMATION: say("information worker"),
    Role.PUBLICITY: say("publicity worker"),
}
DUTIES = {
    Role.GRID.value: Block(Role.GRID, "🧩", say("Grid duty")),
    Role.INFORMATION.value: Block(Role.INFORMATION, "📡", say("Information duty")),
    Role.PUBLICITY.value: Block(Role.PUBLICITY, "📣", say("Publicity duty")),
}
KINDS = {**BLOCKS, **DUTIES}


class State(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    TAKEN = "taken"
    BLOCKED = "blocked"
    DONE = "done"
    WITHDRAWN = "withdrawn"


STATE_NAMES: Mapping[State, Said] = {
    State.OPEN: say("waits for somebody"),
    State.TAKEN: say("somebody has it"),
    State.BLOCKED: say("blocked"),
    State.DONE: say("done"),
    State.WITHDRAWN: say("withdrawn"),
}
LIVE = (State.OPEN, State.TAKEN, State.BLOCKED)


@dataclass(frozen=True)
class Request:
    """What somebody asks a service point or an area's workers for, with the names of those concerned."""

    id: int
    block: str
    group_id: int | None
    area_id: int | None
    asker_id: int | None
    words: str
    by_at: int | None
    state: State
    handler_id: int | None
    made_at: int
    replied_at: int | None
    done_at: int | None
    outcome: str
    minutes: int | None
    content: int | None
    asker_name: str | None
    handler_name: str | None
    group_name: str | None
    area_name: str | None

    @classmethod
    def of_row(cls, row: Row) -> Self:
        return filled(cls, row, state=State(row["state"]))

    @property
    def name(self) -> str:
        """How planned deeds name it."""
        return f"request:{self.id}"

    @property
    def kind(self) -> Block:
        return KINDS[self.block]

    @property
    def is_duty(self) -> bool:
        """Was it given to an area's workers by the county?"""
        return self.block in DUTIES

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def where(self) -> str:
        """The service point or the area whose it is."""
        return self.group_name or self.area_name or ""

    @property
    def role(self) -> Role:
        """Who of an area's workers sees to it."""
        return Role(self.block) if self.is_duty else Role.LIAISON


@dataclass(frozen=True)
class View:
    """A request as one person sees it: whether he asked, has it, may give it to somebody, and may read its words."""

    request: Request
    mine: bool
    handles: bool
    manages: bool
    reads: bool


@dataclass(frozen=True)
class Spoken:
    """A word about a request, by whom."""

    id: int
    by_id: int
    nickname: str
    words: str
    private: int
    at: int


@dataclass(frozen=True)
class Figures:
    """What became of one kind of help: `reply` is how many seconds the first word took on average."""

    block: str
    asked: int
    done: int
    waiting: int
    reply: int | None
    content: int | None
