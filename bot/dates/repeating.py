"""Reads rules as people write them: 每周二19:30, every other Thu 7pm until 30 Jun, the last Friday of a month.

A rule may say from when, until when, how many times and on which days not; what stays must be a time of day, or nothing.
What is not wholly understood is refused. "Every third Thursday" is ambiguous; "every second" is every other, unless it is
said to be of the month. A day that a month does not have is its last one.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.dates.day_words import MONTH, YEAR
from bot.dates.durations import HUNDREDS
from bot.dates.items import Misfit, Why
from bot.dates.plain import ENGLISH, HAN, NUMERAL, TEXT_LENGTH_MAX, number, plain
from bot.dates.reading import Unreadable, read
from bot.dates.repeat_words import GRAMMAR
from bot.dates.repeats import Repeat

TIMES_MAX = 300
# Any day without a change of the clock: only what is written about its hours counts.
SOME_DAY = date(2028, 2, 1)
UTC = ZoneInfo("UTC")
MONTH_NAME = MONTH.replace("?P<month>", "?:")
A_YEAR = YEAR.replace("?P<year>", "?:")
DATE = (
    r"(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?![0-9])"
    rf"|(?:(?:[0-9]{{4}}|[今明后])年的?)?{NUMERAL}月{NUMERAL}[日号]?"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)? ?{MONTH_NAME}{A_YEAR}"
    rf"|{MONTH_NAME} ?[0-9]{{1,2}}(?![0-9:.])(?:st|nd|rd|th)?(?![a-z]){A_YEAR}"
    r"|[0-9]{1,2}/[0-9]{1,2}(?![0-9/])|(?:今年)?年底|(?:the )?end of the year)"
)
DATES = rf"{DATE}(?:(?: |和|与|及| ?and ?){DATE})*"
COUNT = rf"(?P<times>[0-9]{{1,3}}|{HUNDREDS}|{HAN}|{'|'.join(ENGLISH)})"
EXCEPT = re.compile(
    rf" ?(?:除了?|跳过|不含|除去)(?P<a>{DATES})(?:以外|之外|外)?|(?P<b>{DATES})(?:除外|不办|不开|休息|暂停|停一?次)"
    rf"| ?(?:except|but not|skip|skipping|not)(?: on| for)? (?P<c>{DATES})"
)
SINCE = re.compile(
    rf" ?(?:从|自)(?P<a>{DATE})(?:起|开始)?|(?P<b>{DATE})(?:起|开始)| ?(?:from|starting|beginning)(?: on)? (?P<c>{DATE})"
)
UNTIL = re.compile(
    rf"(?:一?直到|截止到?|截至|到|至)(?P<a>{DATE})(?:为?止)?| ?(?:until|till|til|through|up to) (?:the )?(?P<b>{DATE})"
)
TIMES = re.compile(
    rf" ?(?:一共|总共|共|连续)?{COUNT}[次期回讲](?:为止)?| ?(?:for )?{COUNT.replace('times', 'more')} (?:times|sessions)(?![a-z])"
)


@dataclass(frozen=True)
class Repeated:
    """A rule that was read. `minute` of the day at which it begins and `seconds` that it lasts, where that was said."""

    rule: Repeat
    first: date
    minute: int | None
    seconds: int | None


def read_repeat(text: str, *, now: datetime, zone: ZoneInfo) -> Repeated:
    """What the text says, with days from the local day of `now` (aware) on. Raises `Unreadable`."""
    try:
        if len(text) > TEXT_LENGTH_MAX:
            raise Misfit(Why.NOT_UNDERSTOOD)
        return _read(plain(text), now.astimezone(zone), zone)
    except Misfit as misfit:
        raise Unreadable(text, misfit.why) from None


def _read(text: str, now: datetime, zone: ZoneInfo) -> Repeated:
    text, skipped = _taken(text, EXCEPT)
    text, since = _taken(text, SINCE)
    text, until = _taken(text, UNTIL)
    text, times = _taken(text, TIMES)
    rest, rule = _rule(text)
    first = _day(since, now, zone) if since else now.date()
    rule = replace(
        rule,
        until=_day(until, now, zone) if until else None,
        times=_times(times) if times else None,
        skips=tuple(sorted({_day(each, now, zone) for each in re.findall(DATE, skipped or "")})),
    )
    if rule.until and rule.until < first:
        raise Misfit(Why.NO_SUCH_DAY)
    return Repeated(rule, first, *_hours(rest))


def _taken(text: str, clause: re.Pattern[str]) -> tuple[str, str | None]:
    """The text without the clause, and what the clause names; None where there is no such clause."""
    found = clause.search(text)
    if found is None:
        return text, None
    named = next(value for value in found.groupdict().values() if value)
    return f"{text[: found.start()]} {text[found.end() :]}".strip(), named


def _rule(text: str) -> tuple[str, Repeat]:
    for pattern, meaning in GRAMMAR:
        if found := pattern.search(text):
            return f"{text[: found.start()]} {text[found.end() :]}".strip(), Repeat(**meaning(found))
    raise Misfit(Why.NOT_UNDERSTOOD)


def _day(text: str, now: datetime, zone: ZoneInfo) -> date:
    if re.search("年底|end of the year", text):
        return date(now.year, 12, 31)
    return read(text, now=now, zone=zone).start.date()


def _times(text: str) -> int:
    times = number(text)
    if not 1 <= times <= TIMES_MAX:
        raise Misfit(Why.NO_SUCH_DAY)
    return times


def read_hours(text: str) -> tuple[int, int | None]:
    """The minute of the day, and the length in seconds where an end is written: 19:30, 晚上7点到9点. Raises `Unreadable`."""
    try:
        minute, seconds = _hours(plain(text) if len(text) <= TEXT_LENGTH_MAX else "")
    except Misfit as misfit:
        raise Unreadable(text, misfit.why) from None
    if minute is None:
        raise Unreadable(text, Why.NOT_UNDERSTOOD)
    return minute, seconds


def _hours(text: str) -> tuple[int | None, int | None]:
    """The minute of the day and the length that are written, each None where it is not."""
    text = text.strip()
    if not text:
        return None, None
    midnight = datetime.combine(SOME_DAY, time(), UTC)
    found = read(f"{SOME_DAY} {text}", now=midnight, zone=UTC)
    if found.day_only:
        raise Misfit(Why.NOT_UNDERSTOOD)
    minute = int((found.start - midnight).total_seconds()) // 60
    return minute, int((found.end - found.start).total_seconds()) if found.end else None
