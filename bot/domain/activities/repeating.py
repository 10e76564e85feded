"""A rule of repetition as leaders write it, as an answer of a form."""

from typing import Any

from bot import dates
from bot.dates import Unreadable, Why
from bot.locales import Said, say
from bot.refusal import Refused
from bot.storage import Transaction

EXAMPLE = say("“every Tue 19:30”, “every other Thu 7pm until 30 Jun”, “each first Saturday 9:00”")


def rule_read(typed: str, tx: Transaction) -> dict[str, Any]:
    """The rule, from which day it counts, and the time where one was written; JSON throughout. Raises Refused."""
    try:
        found = dates.read_repeat(typed, now=tx.local(tx.now), zone=tx.clock.zone)
    except Unreadable as error:
        raise Refused(_unread(error.why)) from None
    now = tx.local(tx.now)
    return {
        "rule": found.rule.kept(),
        "first": found.first.isoformat(),
        "minute": found.minute,
        "seconds": found.seconds,
        "today": now.date().isoformat(),
        "zone": tx.clock.zone.key,
        "past": now.hour * 60 + now.minute,
    }


def _unread(why: Why) -> Said:
    match why:
        case Why.AMBIGUOUS:
            return say(
                "That can mean two things. Please say “every three weeks on …” or “… of the month”, and the time as "
                "15:00, such as {example}.",
                example=EXAMPLE,
            )
        case Why.NO_SUCH_DAY:
            return say("There is no such day or hour. Please write it again, such as {example}.", example=EXAMPLE)
        case _:
            return say("I could not read that rule. Please write it such as {example}.", example=EXAMPLE)


def days_read(typed: str, tx: Transaction) -> dict[str, Any]:
    """The same beside a first date, of which it has the time of day. Raises Refused, also for a time."""
    read = rule_read(typed, tx)
    if read["minute"] is not None:
        raise Refused(say("The time of day is that of the first date. Please write the rule without it: every Tue."))
    return read
