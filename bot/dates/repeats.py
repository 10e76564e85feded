"""What repeats by a rule: which days it makes, and the instants of a local time on them."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Self
from zoneinfo import ZoneInfo

from bot.dates.local import instant_of

LAST = -1
LAST_YEAR = 2199


class Unit(StrEnum):
    """What a rule counts in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class Repeat:
    """A rule, such as every second week on Tuesday and Thursday.

    `each`: how many units lie between. WEEK has `weekdays` (0 is Monday). MONTH has either `days` (1 to 31, where a
    shorter month has its last day) or one of `weekdays` and `nth` (1 to 5, or LAST; a month without a fifth one has
    none). YEAR has `month` and one of `days`. `until` is the last day possible; of those in `skips` there are none, and
    they do not count among `times`.
    """

    unit: Unit
    each: int = 1
    weekdays: tuple[int, ...] = ()
    nth: int = 0
    days: tuple[int, ...] = ()
    month: int = 0
    until: date | None = None
    times: int | None = None
    skips: tuple[date, ...] = ()

    def from_day(self, first: date) -> Iterator[date]:
        """All its days from `first` on, in order. Units between are counted from the first day that fits."""
        found = 0
        for day in self._fitting(first):
            if (self.until and day > self.until) or found == self.times:
                return
            if day not in self.skips:
                found += 1
                yield day

    def _fitting(self, first: date) -> Iterator[date]:
        period, step = self._period(first), 1
        while (days := self._days_in(period)) is not None:
            here = [day for day in days if day >= first]
            if here:
                # From the first day that fits: whoever says "every other Thursday" on a Friday means the next one too.
                step = self.each
            yield from here
            period += step

    def _period(self, day: date) -> int:
        match self.unit:
            case Unit.DAY:
                return day.toordinal()
            case Unit.WEEK:
                return (day.toordinal() - 1) // 7
            case Unit.MONTH:
                return day.year * 12 + day.month - 1
            case Unit.YEAR:
                return day.year

    def _days_in(self, period: int) -> list[date] | None:
        """The days of one day, week, month or year; None beyond the last year that is known."""
        match self.unit:
            case Unit.DAY:
                found = [date.fromordinal(period)]
            case Unit.WEEK:
                monday = date.fromordinal(period * 7 + 1)
                found = [monday + timedelta(days=weekday) for weekday in sorted(self.weekdays)]
            case Unit.MONTH:
                found = self._days_of_month(period // 12, period % 12 + 1)
            case Unit.YEAR:
                found = sorted({_in_month(period, self.month, day) for day in self.days})
        year = found[0].year if found else period // 12
        return None if year > LAST_YEAR else found

    def _days_of_month(self, year: int, month: int) -> list[date]:
        if not self.nth:
            return sorted({_in_month(year, month, day) for day in self.days})
        length = monthrange(year, month)[1]
        fitting = [day for day in range(1, length + 1) if date(year, month, day).weekday() == self.weekdays[0]]
        place = self.nth - 1 if self.nth > 0 else len(fitting) - 1
        return [date(year, month, fitting[place])] if place < len(fitting) else []

    # Kept in rows as JSON.

    def kept(self) -> dict[str, Any]:
        """The rule as JSON knows it."""
        return {
            **self.__dict__,
            "until": self.until.isoformat() if self.until else None,
            "skips": [day.isoformat() for day in self.skips],
        }

    @classmethod
    def of_kept(cls, kept: dict[str, Any]) -> Self:
        """The rule again."""
        lists = {name: tuple(kept[name]) for name in ("weekdays", "days")}
        until = date.fromisoformat(kept["until"]) if kept["until"] else None
        skips = tuple(date.fromisoformat(day) for day in kept["skips"])
        return cls(**{**kept, **lists, "unit": Unit(kept["unit"]), "until": until, "skips": skips})


def _in_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def instant_on(day: date, minute: int, zone: ZoneInfo) -> int:
    """When it is so many minutes after midnight by the clocks of that day, in Unix seconds.

    A time that a clock change leaves out is the end of the gap, a doubled one its first.
    """
    return int(instant_of(datetime.combine(day, time()) + timedelta(minutes=minute), zone).timestamp())
