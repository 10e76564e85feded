"""Which day the words for days mean, seen from today."""

from collections.abc import Callable
from datetime import date, timedelta

from bot.dates.items import Day, DayShift, Misfit, MonthDay, Weekday, Why

Ahead = Callable[[date], bool]  # whether the time that was written is still to come on this day


def day_meant(words: tuple[Day, ...], *, today: date, since: date, ahead: Ahead) -> date:
    """The day that all words agree on. `since`: where "the next such day" is counted from. Raises `Misfit`."""
    if len({type(word) for word in words}) < len(words):
        raise Misfit(Why.NOT_UNDERSTOOD)
    if not words:
        return since if ahead(since) else since + timedelta(days=1)
    # A bare weekday beside a date only confirms it.
    first, *others = sorted(words, key=_is_bare_weekday)
    for day in _candidates(first, today=today, since=since, ahead=ahead, confirmed=bool(others)):
        if all(_fits(other, day, today=today, since=since, ahead=ahead) for other in others):
            return day
    raise Misfit(Why.NO_SUCH_DAY)


def _is_bare_weekday(word: Day) -> bool:
    return isinstance(word, Weekday) and word.weeks is None


def _fits(word: Day, day: date, *, today: date, since: date, ahead: Ahead) -> bool:
    if isinstance(word, Weekday) and word.weeks is None:
        return word.weekday == day.weekday()
    return day in _candidates(word, today=today, since=since, ahead=ahead, confirmed=True)


def _candidates(word: Day, *, today: date, since: date, ahead: Ahead, confirmed: bool) -> list[date]:
    """The days a word can mean, the likeliest first; those that no calendar has left out."""
    match word:
        case DayShift(days):
            return [today + timedelta(days=days)]
        case Weekday(weekday, None):
            day = since + timedelta(days=(weekday - since.weekday()) % 7)
            return [day if ahead(day) else day + timedelta(days=7)]
        case Weekday(weekday, weeks):
            return [today + timedelta(days=weekday - today.weekday() + 7 * (weeks or 0))]
        case MonthDay():
            return _dates(word, today=today, since=since, ahead=ahead, confirmed=confirmed)


def _dates(word: MonthDay, *, today: date, since: date, ahead: Ahead, confirmed: bool) -> list[date]:
    if word.months is not None:
        return _made(*_month_from(today, word.months), word.day)
    month = since.month if word.month is None else word.month
    if word.years is not None:
        return _made(today.year + word.years, month, word.day)
    if word.year is not None:
        return _made(word.year, month, word.day)
    here = _made(since.year, month, word.day)
    if (month, word.day) > (since.month, since.day) or (here == [since] and ahead(since)):
        return here
    year, following = _month_from(since, 1) if word.month is None else (since.year + 1, month)
    # A past day counts only where another word confirms it: 11月3日 星期二 when that was this year's, not next year's.
    return _made(year, following, word.day) + (here if confirmed else [])


def _month_from(day: date, months: int) -> tuple[int, int]:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1


def _made(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []
