"""From a local day and time to the instant, across changes of the clock; and when a local time comes next."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def is_skipped(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether a clock change leaves out this local time (naive)."""
    return _wall(_instant(wall, zone), zone) != wall


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in `zone`, of a local time (naive). A doubled time is its first, a skipped one the end of the gap."""
    if is_skipped(wall, zone):
        return _gap_end(wall, zone).astimezone(zone)
    return wall.replace(tzinfo=zone)


def next_local(
    after: datetime,
    *,
    zone: ZoneInfo,
    hour: int,
    minute: int,
    weekday: int | None = None,
    month_day: int | None = None,
    month: int | None = None,
) -> datetime:
    """The next instant strictly after `after` (aware) at which this local time comes, in `zone`.

    It comes once on each day that fits: a skipped time at the first instant after the gap, a doubled one only first.
    `weekday`: 0 is Monday. `month_day`: 1-31, where a shorter month has its last day. Both at once is a ValueError.
    `month`: only in this one, 1-12.
    """
    if after.tzinfo is None:
        raise ValueError("`after` must be aware")
    if weekday is not None and month_day is not None:
        raise ValueError("either a weekday or a day of the month")
    if weekday not in (None, *range(7)) or month_day not in (None, *range(1, 32)) or month not in (None, *range(1, 13)):
        raise ValueError(f"no such day: weekday {weekday}, day of the month {month_day}, month {month}")
    day = after.astimezone(zone).date()
    while True:
        if month in (None, day.month) and _fits(day, weekday, month_day):
            instant = instant_of(datetime.combine(day, time(hour, minute)), zone)
            if instant.astimezone(UTC) > after.astimezone(UTC):
                return instant
        day += timedelta(days=1)


def _fits(day: date, weekday: int | None, month_day: int | None) -> bool:
    if weekday is not None:
        return day.weekday() == weekday
    if month_day is not None:
        return day.day == min(month_day, monthrange(day.year, day.month)[1])
    return True


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def _gap_end(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant after the gap that holds `wall`; fold tells the offsets before and after it (PEP 495)."""
    late = _instant(wall, zone)
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    offset = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            early = middle
        else:
            late = middle
    return late
