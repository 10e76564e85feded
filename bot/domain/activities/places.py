"""Places: how many as what, who gets one of more people than there are, and what is settled about that."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Self

from bot.cards import columns
from bot.domain.activities import conditions as asked
from bot.domain.activities.conditions import Condition
from bot.locales import Said, say, say_n
from bot.storage import Row, filled

# A Han character is two columns wide, and a label has forty.
NAME_COLUMNS_MAX = 26


class Mode(StrEnum):
    """Who gets a place where more want one than there are."""

    FIRST = "first"
    LOTTERY = "lottery"
    RECENT = "recent"
    REVIEW = "review"


DRAWN = (Mode.LOTTERY, Mode.RECENT)


@dataclass(frozen=True)
class Role:
    """So many places of an activity as something."""

    id: int
    activity_id: int
    name: str
    places: int
    taken: int
    waiting: int
    conditions: tuple[Condition, ...]
    # For whose people they are, and which role they were taken out of; None: for everybody, out of those for everybody.
    partner_id: int | None = None
    out_of: int | None = None
    # 1: what becomes free of a partner's places is everybody's.
    closed: int = 0

    @classmethod
    def of_row(cls, row: Row) -> Self:
        return filled(cls, row, conditions=asked.of_text(row["conditions"]))

    @property
    def called(self) -> Said:
        """What it is called; what partners have left to everybody has no name."""
        return say("{value}", value=self.name) if self.name else say("open to all")

    @property
    def label(self) -> Said:
        """The same beside other words on a button, where a partner's whole name may have no room."""
        return say("{value}", value=short(self.name)) if self.name else self.called

    @property
    def is_open(self) -> bool:
        """Is it what partners have left to everybody?"""
        return not self.name

    @property
    def free(self) -> int:
        return self.places - self.taken

    def is_for(self, nodes: Collection[int]) -> bool:
        """May whoever belongs to these groups come in by it? By what a partner has no claim to any more comes nobody new."""
        return self.partner_id is None or (self.partner_id in nodes and not self.closed)


def short(name: str) -> str:
    """A name as it fits on a button beside some other words."""
    if columns(name) <= NAME_COLUMNS_MAX:
        return name
    widths = accumulate(columns(character) for character in name)
    return name[: sum(width < NAME_COLUMNS_MAX for width in widths)] + "…"


@dataclass(frozen=True)
class RoleDraft:
    """So many places as something, and what they ask for."""

    name: str
    places: int
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Terms:
    """How places are given, where it is not simply first come: all of it is settled when it is published.

    `share`: one place in so many is kept for people who come for the first time; 0: none.
    """

    mode: Mode = Mode.FIRST
    opens_at: int | None = None
    closes_at: int | None = None
    conditions: tuple[Condition, ...] = ()
    roles: tuple[RoleDraft, ...] = ()
    share: int = 0
    teaches: str = ""
    valid_months: int | None = None


FIRST_COME = Terms()


def free_words(places: int, free: int, waiting: int) -> Said:
    """How many of some places are free, and how many wait."""
    if waiting and not free:
        return say_n(
            "the one place is taken, {waiting} waiting",
            "all {n} places taken, {waiting} waiting",
            places,
            waiting=waiting,
        )
    if not free:
        return say_n("the one place is taken", "all {n} places taken", places)
    if waiting:
        return say("{free} of {places} places free, {waiting} waiting", free=free, places=places, waiting=waiting)
    return say_n("{free} of {n} place free", "{free} of {n} places free", places, free=free)
