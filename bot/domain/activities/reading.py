"""What leaders write about an activity, read value by value."""

import re
import unicodedata
from datetime import timedelta

from bot import dates
from bot.dates import Unreadable, Why
from bot.domain import people
from bot.domain.activities.kinds import TYPED
from bot.domain.activities.things import HOUR, PLACES_MAX, POINTS_MAX
from bot.locales import Said, say
from bot.refusal import Refused, check_length, check_number
from bot.storage import Transaction

TITLE_CHARACTERS_MAX = 60
PLACE_CHARACTERS_MAX = 80
ABOUT_CHARACTERS_MAX = 1000
REASON_CHARACTERS_MAX = 200
LENGTH_MIN_SECONDS = 300
LENGTH_MAX_SECONDS = 14 * 24 * HOUR
# In millionths of a degree, as everything that says where something is.
NORTH_MAX, EAST_MAX = 90_000_000, 180_000_000
_FAR = EAST_MAX + 1
NO_LIMIT = {"不限", "无限", "没有限制", "no limit", "unlimited", "none"}


def line_of(typed: str, limit: int) -> str:
    """One line of 1 to `limit` characters, without anything invisible. Raises Refused."""
    shown = people.visible(typed)
    if not shown:
        raise Refused(say("There must be something that can be read, at most {limit} characters.", limit=limit))
    check_length(shown, limit)
    return shown


def title(typed: str, tx: Transaction) -> str:
    """A title of one line, at most TITLE_CHARACTERS_MAX characters. Raises Refused."""
    return line_of(typed, TITLE_CHARACTERS_MAX)


def place(typed: str, tx: Transaction) -> str:
    """A place of one line, at most PLACE_CHARACTERS_MAX characters. Raises Refused."""
    return line_of(typed, PLACE_CHARACTERS_MAX)


def reason(typed: str, tx: Transaction) -> str:
    """A reason of one line, at most REASON_CHARACTERS_MAX characters. Raises Refused."""
    return line_of(typed, REASON_CHARACTERS_MAX)


def about(typed: str, tx: Transaction) -> str:
    """Some lines of text; empty lines at the ends are left out. Raises Refused over 1000 characters."""
    shown = "\n".join(people.visible(line) for line in typed.strip().split("\n"))
    check_length(shown, ABOUT_CHARACTERS_MAX)
    return shown


def when(typed: str, tx: Transaction) -> dict[str, int | None]:
    """`start` and `end` in Unix seconds; `end` None where only a start was said. Raises Refused, also for the past."""
    try:
        found = dates.read(typed, now=tx.local(tx.now), zone=tx.clock.zone)
    except Unreadable as error:
        raise Refused(_unread(error.why)) from None
    if found.day_only:
        raise Refused(say("At what time? Please write day and time, such as {example}.", example=_EXAMPLE))
    start = int(found.start.timestamp())
    end = int(found.end.timestamp()) if found.end else None
    if start <= tx.now:
        raise Refused(say("That has passed already. Please write a time that is still ahead."))
    if end is not None:
        _check_seconds(end - start)
    return {"start": start, "end": end}


_EXAMPLE = say("“next Sat 3pm” or “tomorrow 19:30 to 21:00”")


def _unread(why: Why) -> Said:
    match why:
        case Why.NO_SUCH_DAY:
            return say("There is no such day or hour. Please write it again, such as {example}.", example=_EXAMPLE)
        case Why.NO_SUCH_TIME:
            return say("The clocks change over that time: it does not exist on that day. Please choose another one.")
        case Why.AMBIGUOUS:
            return say(
                "That can mean two times. Please say morning or afternoon, or write it as 15:00, such as {example}.",
                example=_EXAMPLE,
            )
        case _:
            return say("I could not read that time. Please write day and time, such as {example}.", example=_EXAMPLE)


def length(typed: str, tx: Transaction) -> int:
    """How long, in seconds: 5 minutes to 14 days; a small number alone means hours. Raises Refused."""
    bare = unicodedata.normalize("NFKC", typed).strip()
    if re.fullmatch(r"[1-9]|1[0-2]", bare):
        return int(bare) * HOUR
    try:
        seconds = int(dates.read_duration(typed) / timedelta(seconds=1))
    except Unreadable:
        raise Refused(say("I could not read that. Please write how long, such as “2 hours” or “90 minutes”.")) from None
    _check_seconds(seconds)
    return seconds


def _check_seconds(seconds: int) -> None:
    if not LENGTH_MIN_SECONDS <= seconds <= LENGTH_MAX_SECONDS:
        raise Refused(say("It can last from 5 minutes to 14 days."))


def places(typed: str, tx: Transaction) -> int:
    """How many places, 1 to PLACES_MAX. Raises Refused."""
    return _number(typed, 1, PLACES_MAX)


def places_or_none(typed: str, tx: Transaction) -> int | None:
    """A number of places, or None for as many as like."""
    return None if typed.strip().lower() in NO_LIMIT else places(typed, tx)


_LAPSES = re.compile(
    r"(?:不足|不够|否则|or|and|,|，|；|;){0,4}\s*(?:就|则)?(?:自动)?(?:取消|call(?: it)? off|cancel(?: it)?)",
    re.IGNORECASE,
)


def least(typed: str, tx: Transaction) -> dict[str, int | bool]:
    """So many people, and whether it is called off by itself with fewer: 6, 6人不足取消, 6 or call it off."""
    words = unicodedata.normalize("NFKC", typed)
    count, lapses = _LAPSES.subn("", words)
    return {"people": _number(count.strip(), 1, PLACES_MAX), "lapses": bool(lapses)}


def points(typed: str, tx: Transaction) -> int:
    """How many points each gets who came, 0 to POINTS_MAX. Raises Refused."""
    return _number(typed, 0, POINTS_MAX)


def _number(typed: str, low: int, high: int) -> int:
    return check_number(dates.read_count(typed), low, high)


_POINT = re.compile(r"[(\[]?\s*(-?\d{1,3}(?:\.\d{1,15})?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d{1,15})?)\s*[)\]]?")


def point(typed: str, tx: Transaction) -> list[int]:
    """Latitude and longitude in millionths of a degree, of degrees such as 30.25,120.15. Raises Refused.

    Chinese maps give the longitude first; where the first number can be nothing else, it is taken for that.
    """
    found = _POINT.fullmatch(unicodedata.normalize("NFKC", typed).replace("、", ",").strip())
    first, second = (round(float(each) * 1_000_000) for each in found.groups()) if found else (_FAR, _FAR)
    if abs(first) > NORTH_MAX:
        first, second = second, first
    if abs(first) > NORTH_MAX or abs(second) > EAST_MAX:
        raise Refused(
            say(
                "Tap 📎 and then Location, or write latitude and longitude, such as 30.25,120.15. Nothing was saved yet."
            )
        )
    return [first, second]


def kind(typed: str, tx: Transaction) -> str:
    """The kind by one of its names. Raises Refused."""
    found = TYPED.get(typed.strip().lower())
    if found is None:
        raise Refused(say("It can be: task, event, duty, training, class, visit."))
    return str(found)
