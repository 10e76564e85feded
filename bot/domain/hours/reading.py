"""What leaders and admins write when they enter hours, read value by value."""

from datetime import datetime, timedelta

from bot import dates
from bot.dates import Unreadable
from bot.domain import people
from bot.domain.hours.things import HOUR_MINUTES
from bot.locales import Said, say
from bot.refusal import Refused, check_number
from bot.storage import Transaction

TITLE_CHARACTERS_MAX = 60
EVIDENCE_CHARACTERS_MAX = 500
LENGTH_MIN_MINUTES = 10
LENGTH_MAX_MINUTES = 24 * HOUR_MINUTES
CARRIED_HOURS_MAX = 1500
# A date without a year means the next one; what is meant here has passed, so it is looked for a year before.
YEAR = timedelta(weeks=52)
LATELY = timedelta(days=180)
_EXAMPLE = say("“yesterday 2pm” or “11/20 14:00”")


def title(typed: str, tx: Transaction) -> str:
    """What somebody served for, in one line of at most TITLE_CHARACTERS_MAX characters. Raises Refused."""
    return _line(typed, TITLE_CHARACTERS_MAX)


def evidence(typed: str, tx: Transaction) -> str:
    """How it is proved, in one line of at most EVIDENCE_CHARACTERS_MAX characters. Raises Refused."""
    return _line(typed, EVIDENCE_CHARACTERS_MAX)


def _line(typed: str, limit: int) -> str:
    shown = people.visible(typed)
    if not 1 <= len(shown) <= limit:
        raise Refused(say("There must be something that can be read, at most {limit} characters.", limit=limit))
    return shown


def passed(typed: str, tx: Transaction) -> int:
    """An instant that has passed, in Unix seconds. Raises Refused."""
    now = tx.local(tx.now)
    found = _read(typed, now, tx)
    if found.start > now and not found.day_only:
        before = _read(typed, now - YEAR, tx)
        if now - LATELY <= before.start <= now:
            found = before
    if found.day_only:
        raise Refused(say("At what time? Please write day and time, such as {example}.", example=_EXAMPLE))
    if found.start > now:
        raise Refused(say("That is not over yet. Please write when it was, such as {example}.", example=_EXAMPLE))
    return int(found.start.timestamp())


def _read(typed: str, now: datetime, tx: Transaction) -> dates.Reading:
    try:
        return dates.read(typed, now=now, zone=tx.clock.zone)
    except Unreadable:
        raise Refused(_unread(_EXAMPLE)) from None


def _unread(example: Said) -> Said:
    return say("I could not read that time. Please write day and time, such as {example}.", example=example)


def day(typed: str, tx: Transaction) -> str:
    """A day that has passed, as 2025-03-01. Raises Refused."""
    found = _read(typed, tx.local(tx.now), tx).start.date()
    if found > tx.today:
        raise Refused(say("That day is still ahead. Please write it with its year, such as 2025-03-01."))
    return found.isoformat()


def minutes(typed: str, tx: Transaction) -> int:
    """How long, in minutes: ten minutes to a day. Raises Refused."""
    try:
        found = int(dates.read_duration(typed).total_seconds()) // 60
    except Unreadable:
        raise Refused(say("I could not read that. Please write how long, such as “2 hours” or “90 minutes”.")) from None
    if not LENGTH_MIN_MINUTES <= found <= LENGTH_MAX_MINUTES:
        raise Refused(say("It can be from 10 minutes to 24 hours."))
    return found


def carried(typed: str, tx: Transaction) -> int:
    """Whole hours that are carried over, in minutes. Raises Refused."""
    return check_number(dates.read_count(typed), 1, CARRIED_HOURS_MAX) * HOUR_MINUTES
