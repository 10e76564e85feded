"""Which minutes of the day a time means, alone or as one end of a range."""

from bot.dates.ends import End
from bot.dates.items import Clock, Hours, Misfit, Part, Why

DAY_MINUTES = 1440
DIAL_MINUTES = 720
# Before seven o'clock a bare hour is as likely the afternoon's; from seven to twelve people mean the morning and noon.
BARE_HOUR_MIN = 7


def minutes(clock: Clock, part: Part | None) -> int:
    """Minutes from the day's midnight, up to 24:59 (after 晚上12点半). Raises `Misfit` for no such, or one of two."""
    _check(clock)
    if part:
        return _within(clock, part) * 60 + clock.minute
    if clock.hours in (Hours.SPOKEN, Hours.SHORT) and clock.hour < BARE_HOUR_MIN:
        raise Misfit(Why.AMBIGUOUS)
    return clock.hour * 60 + clock.minute


def span(first: End, last: End) -> tuple[int, int]:
    """Minutes of both ends from the first day's midnight. Raises `Misfit`."""
    if not first.clock or not last.clock:
        raise Misfit(Why.NOT_UNDERSTOOD)
    if not (first.clock.signed or first.part or last.clock.signed or last.part):
        raise Misfit(Why.NOT_UNDERSTOOD)
    if _shares(first, last):
        end = minutes(last.clock, last.part)
        start = _dial_before(end, first.clock)
        return (start, end) if start >= 0 else (start + DAY_MINUTES, end + DAY_MINUTES)
    start = minutes(first.clock, first.part)
    if _follows(first, last):
        return start, _dial_after(start, last.clock)
    end = minutes(last.clock, last.part)
    if end <= start:
        end += DAY_MINUTES
        if not 0 < end - start <= DIAL_MINUTES:
            raise Misfit(Why.AMBIGUOUS)
    return start, end


def _shares(first: End, last: End) -> bool:
    """Whether the half of the day that the last end names holds for both: 2-4pm, 7-9 in the evening."""
    if not first.clock or not last.clock or first.part:
        return False
    named = last.clock.twelve or last.part_trails
    return named and first.clock.hours in (Hours.SHORT, Hours.EITHER)


def _follows(first: End, last: End) -> bool:
    """Whether the last end is bare, so that it is the next such face of the clock after the first."""
    if not first.clock or not last.clock or last.part or last.clock.twelve:
        return False
    bare = last.clock.hours in (Hours.SPOKEN, Hours.SHORT)
    halved = first.part is not None or first.clock.twelve
    return bare or (halved and last.clock.hours is Hours.EITHER)


def _dial_before(end: int, clock: Clock) -> int:
    _check(clock)
    return end - 1 - (end - clock.face - 1) % DIAL_MINUTES


def _dial_after(start: int, clock: Clock) -> int:
    _check(clock)
    return start + 1 + (clock.face - start - 1) % DIAL_MINUTES


def _within(clock: Clock, part: Part) -> int:
    hour: int | None
    if clock.hours is not Hours.DAY:
        hour = part.hours.get(clock.hour)
    elif clock.hour in part.hours.values():
        hour = clock.hour
    else:
        hour = 24 if clock.hour == 0 and 24 in part.hours.values() else None
    if hour is None:
        raise Misfit(Why.AMBIGUOUS if (clock.hour % 12 or 12) in part.doubtful else Why.NO_SUCH_DAY)
    return hour


def _check(clock: Clock) -> None:
    if clock.minute > 59 or clock.hour > 24 or (clock.hour == 24 and clock.minute):
        raise Misfit(Why.NO_SUCH_DAY)
