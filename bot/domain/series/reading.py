"""What was read of a rule: the rule itself, and from which day it counts."""

from datetime import date
from typing import Any

from bot.dates import Repeat
from bot.domain.series.rules import next_days


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
