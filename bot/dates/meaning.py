"""What the items of a text mean at one moment in one zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.dates.days import day_meant
from bot.dates.ends import End, ends
from bot.dates.hours import minutes, span
from bot.dates.items import Day, Item, Length, Misfit, Why
from bot.dates.local import instant_of, is_skipped


@dataclass(frozen=True)
class Reading:
    """`start` and `end` are aware, in `zone`. `day_only`: no time was written, and `start` is when the day begins."""

    start: datetime
    end: datetime | None
    day_only: bool
    zone: ZoneInfo

    @property
    def until(self) -> int:
        """What it means as an end, in Unix seconds: of a day alone its last minute."""
        when = self.end or self.start
        return int((when.replace(hour=23, minute=59) if self.day_only else when).timestamp())


def meaning(found: Sequence[Item], *, now: datetime, zone: ZoneInfo) -> Reading:
    """The reading of these items. Raises `Misfit`."""
    view = _View(now.astimezone(UTC), zone)
    match found:
        case [Length(_, None, _) as length]:
            start, end, day_only = view.later(length), None, False
        case _:
            start, end, day_only = view.of(ends(found))
    return Reading(start, end, day_only, zone)


@dataclass(frozen=True)
class _View:
    """The calendar as it is seen at `now` (UTC) from a zone."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def of(self, sides: list[End]) -> tuple[datetime, datetime | None, bool]:
        if len(sides) == 2:
            return (*self.range(*sides), False)
        (end,) = sides
        if end.clock is None:
            return self.day(end), None, True
        if not end.clock.signed and not end.part:
            raise Misfit(Why.NOT_UNDERSTOOD)
        return self.time(end.days, minutes(end.clock, end.part)), None, False

    def later(self, length: Length) -> datetime:
        if length.doubtful:
            raise Misfit(Why.AMBIGUOUS)
        instant = self.now + timedelta(seconds=length.seconds)
        return instant.replace(second=0, microsecond=0).astimezone(self.zone)

    def day(self, end: End) -> datetime:
        if end.part:
            raise Misfit(Why.AMBIGUOUS)
        day = day_meant(end.days, today=self.today, since=self.today, ahead=lambda day: day >= self.today)
        start = self._instant(day, 0)
        if start.date() != day:  # a zone that crossed the date line left the day out
            raise Misfit(Why.NO_SUCH_DAY)
        return start

    def range(self, first: End, last: End) -> tuple[datetime, datetime]:
        whole = last.days_trail and not first.days  # 2-4pm on Sat
        if last.days and not whole:
            return self._range_of_days(first, last)
        from_midnight, to_midnight = span(first, last)
        start = self.time(last.days if whole else first.days, from_midnight)
        # A start at 24:00 is on the day after the one that was said.
        day = start.date() - timedelta(days=from_midnight // 1440)
        return start, self._kept(day, to_midnight)

    def _range_of_days(self, first: End, last: End) -> tuple[datetime, datetime]:
        if not first.clock or not last.clock or not (last.clock.signed or last.part):
            raise Misfit(Why.NOT_UNDERSTOOD)
        start = self.time(first.days, minutes(first.clock, first.part))
        end = self.time(last.days, minutes(last.clock, last.part), after=start)
        if end.astimezone(UTC) <= start.astimezone(UTC):
            raise Misfit(Why.NOT_UNDERSTOOD)
        return start, end

    def time(self, words: tuple[Day, ...], from_midnight: int, *, after: datetime | None = None) -> datetime:
        """The time on the day that the words mean; "the next such" is counted from `after`, or from now."""
        since = (after or self.now).astimezone(UTC)
        day = day_meant(
            words,
            today=self.today,
            since=since.astimezone(self.zone).date(),
            ahead=lambda day: self._instant(day, from_midnight).astimezone(UTC) > since,
        )
        return self._kept(day, from_midnight)

    def _kept(self, day: date, from_midnight: int) -> datetime:
        if is_skipped(_wall(day, from_midnight), self.zone):
            raise Misfit(Why.NO_SUCH_TIME)
        return self._instant(day, from_midnight)

    def _instant(self, day: date, from_midnight: int) -> datetime:
        return instant_of(_wall(day, from_midnight), self.zone)


def _wall(day: date, from_midnight: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=from_midnight)
