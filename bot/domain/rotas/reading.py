"""What leaders and residents write about duties, read value by value."""

import re
from datetime import date
from typing import Any

from bot import dates
from bot.dates import Unreadable
from bot.domain import people
from bot.domain.rotas.things import (
    LENGTH_MAX,
    LENGTH_MIN,
    MINUTE,
    NAME_CHARACTERS_MAX,
    NOTE_CHARACTERS_MAX,
    PLACE_CHARACTERS_MAX,
)
from bot.locales import say
from bot.refusal import Refused, check_length
from bot.storage import Transaction

AWAY_DAYS_MAX = 400
_CLOCK = re.compile(r"\s*(\d{1,2})(?:[:：.](\d{2})|[点时](半|\d{1,2}分?)?)?\s*", re.IGNORECASE)


def name(typed: str, tx: Transaction) -> str:
    """A post's name, at most NAME_CHARACTERS_MAX characters. Raises Refused."""
    return people.clean_name(typed, limit=NAME_CHARACTERS_MAX)


def place(typed: str, tx: Transaction) -> str:
    """A post's place, at most PLACE_CHARACTERS_MAX characters. Raises Refused."""
    return people.clean_name(typed, limit=PLACE_CHARACTERS_MAX)


def note(typed: str, tx: Transaction) -> str:
    """Some words on one line. Raises Refused for nothing, or too much."""
    shown = people.visible(typed)
    if not shown:
        raise Refused(
            say("There must be something that can be read, at most {limit} characters.", limit=NOTE_CHARACTERS_MAX)
        )
    check_length(shown, NOTE_CHARACTERS_MAX)
    return shown


def minute(typed: str, tx: Transaction) -> int:
    """A local time as minutes after midnight: 9:00, 14:30, 9点半, 下午2点. Raises Refused."""
    found = _CLOCK.fullmatch(typed)
    if found is None:
        return _minute_in_words(typed, tx)
    half = found[3] or ""
    minutes = int(found[2] or (30 if half == "半" else half.rstrip("分") or 0))
    if int(found[1]) > 23 or minutes > 59:
        raise _no_time()
    return int(found[1]) * 60 + minutes


def _minute_in_words(typed: str, tx: Transaction) -> int:
    try:
        read = dates.read(typed, now=tx.local(tx.now), zone=tx.clock.zone)
    except Unreadable:
        raise _no_time() from None
    if read.day_only:
        raise _no_time()
    return read.start.hour * 60 + read.start.minute


def _no_time() -> Refused:
    return Refused(say("I could not read that time. Please write it such as 9:00 or 14:30. Nothing was saved."))


def length(typed: str, tx: Transaction) -> int:
    """How long, in minutes. Raises Refused."""
    try:
        minutes = int(dates.read_duration(typed).total_seconds()) // MINUTE
    except Unreadable:
        raise Refused(say("I could not read how long. Please write it such as “2 hours”. Nothing was saved.")) from None
    if not LENGTH_MIN <= minutes <= LENGTH_MAX:
        raise Refused(
            say(
                "A duty lasts from {low} minutes to {high} hours. Nothing was saved.",
                low=LENGTH_MIN,
                high=LENGTH_MAX // 60,
            )
        )
    return minutes


def day(typed: str, tx: Transaction) -> str:
    """A day from today on, in ISO form. Raises Refused."""
    try:
        found = dates.read(typed, now=tx.local(tx.now), zone=tx.clock.zone).start.date()
    except Unreadable:
        raise Refused(say("I could not read that day. Please write it such as “next Sat” or “30 November”.")) from None
    if not 0 <= (found - tx.today).days <= AWAY_DAYS_MAX:
        raise Refused(
            say("Please give a day from today on, at most {n} days ahead. Nothing was saved.", n=AWAY_DAYS_MAX)
        )
    return found.isoformat()


def iso_day(text: Any) -> date | None:
    """The day in a button's data, written 20261130; None for anything else."""
    try:
        return date.fromisoformat(str(text)) if len(str(text)) == 8 else None
    except ValueError:
        return None
