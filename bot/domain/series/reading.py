"""Rules as leaders write them, as answers of a form."""

from datetime import date
from typing import Any

from bot import dates
from bot.dates import Repeat, Unreadable, Why
from bot.domain.series.rules import next_days
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


def repeat_of(read: dict[str, Any]) -> Repeat:
    """The rule that was read."""
    return Repeat.of_kept(read["rule"])


def first_day(read: dict[str, Any], minute: int, like: str | None) -> date:
    """From which day it counts: that of the activity it repeats, where the rule has it; else the next that is ahead."""
    rule, first = repeat_of(read), date.fromisoformat(read["first"])
    if like:
        day = date.fromisoformat(like)
        if day >= first and next(rule.from_day(day), None) == day:
            return day
    days = next_days(rule, first, 2)
    if days and days[0] == date.fromisoformat(read["today"]) and minute <= read["past"]:
        return days[1] if len(days) > 1 else days[0]
    return days[0] if days else first
