"""What people write about a need, read value by value; one line may hold all of it."""

import re
from typing import Any

from bot import dates
from bot.dates import Unreadable
from bot.domain.activities import reading
from bot.domain.projects.things import BY_DAYS_MAX, DAY, HELPED_MAX, PEOPLE_MAX
from bot.locales import say
from bot.refusal import Refused, check_number
from bot.storage import Transaction

TITLE_CHARACTERS_MAX = 60
TEXT_CHARACTERS_MAX = 500
_PARTS = re.compile(r"[;；\n]+")
_BEFORE = re.compile(r"^(by|until|before)\s+|(之前|以前|前)$", re.IGNORECASE)

place = reading.place
about = reading.about
reason = reading.reason


def title(typed: str, tx: Transaction) -> str:
    """A title of one line, at most TITLE_CHARACTERS_MAX characters. Raises Refused."""
    return reading.line_of(typed, TITLE_CHARACTERS_MAX)


def text(typed: str, tx: Transaction) -> str:
    """Some words on one line, at most 500 characters. Raises Refused."""
    return reading.line_of(typed, TEXT_CHARACTERS_MAX)


def by_day(typed: str, tx: Transaction) -> int:
    """Until when, in Unix seconds: a day means its end. Raises Refused for the past and for what is a year away."""
    try:
        at = dates.read(_BEFORE.sub("", typed.strip()).strip(), now=tx.local(tx.now), zone=tx.clock.zone).until
    except Unreadable:
        raise Refused(say("I could not read that day. Please write it such as “next Sat” or “30 November”.")) from None
    if at <= tx.now:
        raise Refused(say("That has passed already. Please write a time that is still ahead."))
    if at > tx.now + BY_DAYS_MAX * DAY:
        raise Refused(say("That is more than {n} days away. Please write a nearer day.", n=BY_DAYS_MAX))
    return at


def _number(typed: str, low: int, high: int) -> int:
    return check_number(dates.read_count(typed), low, high)


def people(typed: str, tx: Transaction) -> int:
    """How many people it takes, 1 to PEOPLE_MAX. Raises Refused."""
    return _number(typed, 1, PEOPLE_MAX)


def helped(typed: str, tx: Transaction) -> int:
    """How many it was done for, 0 to HELPED_MAX. Raises Refused."""
    return _number(typed, 0, HELPED_MAX)


def picture(typed: str, tx: Transaction) -> str:
    """A picture can't be typed. Raises Refused."""
    raise Refused(say("Please send a picture, or skip this. Nothing was saved yet."))


LINE = (("title", title), ("place", place), ("by_at", by_day), ("people", people), ("about", about))


def line(typed: str, tx: Transaction) -> dict[str, Any]:
    """What one line says, its parts divided by semicolons: what; where; by when; how many; more. What can't be read
    is left to be asked, and so is everything behind it.
    """
    found: dict[str, Any] = {}
    for (name, read), part in zip(LINE, _PARTS.split(typed.strip()), strict=False):
        try:
            found[name] = read(part, tx)
        except Refused:
            break
    return found
