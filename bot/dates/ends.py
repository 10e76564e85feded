"""Sorts the items of a text into its one end, or the two ends of its range."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.dates.items import Clock, Day, DayShift, Dotted, Item, Length, Misfit, MonthDay, Part, Until, Why


@dataclass(frozen=True)
class End:
    """One end of a range, or the whole of a text without one. `trails`: said after the clock, as in 2-4pm on Sat."""

    days: tuple[Day, ...]
    part: Part | None
    clock: Clock | None
    part_trails: bool
    days_trail: bool


def ends(found: Sequence[Item]) -> list[End]:
    """One End, or two of a range. Raises `Misfit` for more, for an empty one, and for two clocks or parts in one."""
    sides: list[list[Item]] = [[]]
    for item in found:
        if isinstance(item, Until):
            sides.append([])
        else:
            sides[-1].append(item)
    if len(sides) > 2 or not all(sides):
        raise Misfit(Why.NOT_UNDERSTOOD)
    return [_end(side) for side in sides]


def _end(side: list[Item]) -> End:
    clocks = [item for item in side if isinstance(item, Clock)]
    parts = [item for item in side if isinstance(item, Part)]
    if len(clocks) > 1 or len(parts) > 1:
        raise Misfit(Why.NOT_UNDERSTOOD)
    clock = clocks[0] if clocks else None
    part = parts[0] if parts else None
    words = [item for item in side if not isinstance(item, Clock | Part)]
    after_clock = side[side.index(clock) :] if clock else []
    if clock is None and part is not None and part.alone:
        clock, part = part.alone, None
    return End(
        tuple(_day(word, timed=clock is not None) for word in words),
        part,
        clock,
        part_trails=part in after_clock,
        days_trail=bool(words) and all(word in after_clock for word in words),
    )


def _day(word: Item, *, timed: bool) -> Day:
    match word:
        case Dotted(first, second) if timed:
            return MonthDay(second, first)
        case Dotted():
            raise Misfit(Why.AMBIGUOUS)
        case Length(_, None, _) | Clock() | Part() | Until():
            raise Misfit(Why.NOT_UNDERSTOOD)
        case Length(_, _, True):
            raise Misfit(Why.AMBIGUOUS)
        case Length(_, days, _):
            return DayShift(days or 0)
        case _:
            return word
