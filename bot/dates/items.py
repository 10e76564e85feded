"""What a date is made of once its words are known: days, parts of the day, faces of the clock, and what is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from re import Match


class Why(Enum):
    """Why a text was not read."""

    NOT_UNDERSTOOD = "not understood"  # words that the grammar doesn't know, or too few or too many of those it does
    NO_SUCH_DAY = "no such day"  # 30 February, 25:00, 13pm, a date with another date's weekday
    NO_SUCH_TIME = "no such time"  # a local time that a clock change skips
    AMBIGUOUS = "ambiguous"  # understood in two ways: a bare 3点, 晚上2点, tomorrow morning, 7.30


class Misfit(Exception):
    """Raised inside the grammar, where the whole text is out of sight; `reading` turns it into `Unreadable`."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class Hours(Enum):
    """How an hour was written, which decides whether it may be one of two in the day."""

    SPOKEN = "3点, 3 o'clock"
    SHORT = "3:30, or the 2 of 2-4pm"
    EITHER = "10:30"
    DAY = "14:00, 03:00, 15点, 3pm"


@dataclass(frozen=True)
class Clock:
    """A face of the clock. `signed`: shows by itself that it is a time. `twelve`: said in halves of the day, as 3pm."""

    hour: int
    minute: int
    hours: Hours
    signed: bool = True
    twelve: bool = False

    @property
    def face(self) -> int:
        """Minutes on a dial of twelve hours."""
        return (self.hour * 60 + self.minute) % 720


@dataclass(frozen=True)
class Part:
    """A part of the day: which hour of 0-24 each spoken hour is in it, and which spoken hours could be two."""

    hours: Mapping[int, int] = field(hash=False)
    doubtful: frozenset[int] = frozenset()
    alone: Clock | None = None


@dataclass(frozen=True)
class DayShift:
    """So many days from today: 明天, in 3 days."""

    days: int


@dataclass(frozen=True)
class Weekday:
    """0 is Monday. `weeks` from this calendar week, which begins on Monday; None is the next such day."""

    weekday: int
    weeks: int | None = None


@dataclass(frozen=True)
class MonthDay:
    """What is None was not written; `years` and `months` count from this year and this month."""

    day: int
    month: int | None = None
    year: int | None = None
    years: int | None = None
    months: int | None = None


@dataclass(frozen=True)
class Dotted:
    """12.1: a date if another word tells the time, else it could be either."""

    first: int
    second: int


@dataclass(frozen=True)
class Length:
    """A stretch of time; `days` if said in whole days or weeks, `doubtful` for half days, which have no fixed length."""

    seconds: int
    days: int | None
    doubtful: bool


@dataclass(frozen=True)
class Until:
    """Between the two ends of a range."""


Day = DayShift | Weekday | MonthDay
Item = Day | Dotted | Part | Clock | Length | Until
Rule = tuple[str, Callable[[Match[str]], tuple[Item, ...]]]  # a pattern, and what its match means
