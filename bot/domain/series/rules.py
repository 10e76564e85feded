"""A series: an activity that repeats by a rule, and the rule in words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Self

from bot.dates import LAST, Repeat, Unit, instant_on, written_clock
from bot.domain.series.things import Model
from bot.locales import BLANK, Day, Said, Several, say, say_n
from bot.storage import Row, Transaction, filled

SKIPS_SHOWN = 3


@dataclass(frozen=True)
class Rhythm:
    """When a series is: by which rule, counted from which local day, and at which minute after midnight."""

    rule: Repeat
    first_day: date
    minute: int


@dataclass(frozen=True)
class Series:
    """A series as it stands in its row. `first_day`: from which its rule is counted; instants are Unix seconds.

    `was`: its state before this one, None where it had none.
    """

    id: int
    group_id: int | None
    model: Model
    rule: Repeat
    first_day: date
    minute: int
    state: str
    state_at: int
    was: str | None
    next_at: int | None
    made_at: int
    made_by: int

    @classmethod
    def of_row(cls, row: Row) -> Self:
        return filled(
            cls,
            row,
            model=Model.of_kept(row["model"]),
            rule=Repeat.of_kept(json.loads(row["rule"])),
            first_day=date.fromisoformat(row["first_day"]),
        )

    @property
    def name(self) -> str:
        """How other rows and planned deeds name it."""
        return f"series:{self.id}"

    @property
    def is_on(self) -> bool:
        return self.state == "on"

    @property
    def is_ended(self) -> bool:
        return self.state == "ended"

    def dates(self, tx: Transaction) -> Iterator[tuple[date, int]]:
        """All its days that are still ahead, each with the instant of its start."""
        for day in self.rule.from_day(self.first_day):
            start = instant_on(day, self.minute, tx.clock.zone)
            if start > tx.now:
                yield day, start

    def words(self) -> Said:
        """The rule with its time of day."""
        return rule_words(self.rule, written_clock(self.minute))


DAY_MINUTES = 24 * 60


WEEKDAYS = (
    say("Monday"),
    say("Tuesday"),
    say("Wednesday"),
    say("Thursday"),
    say("Friday"),
    say("Saturday"),
    say("Sunday"),
)
PLACES = {
    1: say("first"),
    2: say("second"),
    3: say("third"),
    4: say("fourth"),
    5: say("fifth"),
}


def days_words(rule: Repeat, first: date, many: int) -> Said:
    """The next days of a rule, and whether there are more."""
    days = next_days(rule, first, many + 1)
    if not days:
        return say("no day")
    shown = Several(tuple(map(Day, days[:many])))
    return say("{days} …", days=shown) if len(days) > many else say("{days}", days=shown)


def rule_words(rule: Repeat, at: str = "") -> Said:
    """The rule as it is said: every other Thursday, at which time of day, until a day, without some days."""
    words = say("{rule}, {clock}", rule=_repeats(rule), clock=at) if at else _repeats(rule)
    if rule.until:
        words = say("{rule}, until {day}", rule=words, day=Day(rule.until))
    if rule.times:
        words = say_n("{rule}, {n} time", "{rule}, {n} times", rule.times, rule=words)
    if rule.skips:
        skipped = Several(tuple(map(Day, rule.skips[:SKIPS_SHOWN])))
        more = say(" …") if len(rule.skips) > SKIPS_SHOWN else BLANK
        words = say("{rule}, not on {days}{more}", rule=words, days=skipped, more=more)
    return words


def _repeats(rule: Repeat) -> Said:
    match rule.unit:
        case Unit.DAY:
            return say("every day") if rule.each == 1 else say("every {n} days", n=rule.each)
        case Unit.WEEK:
            return _weekly(rule.each, Several(tuple(WEEKDAYS[day] for day in rule.weekdays)))
        case Unit.MONTH:
            return _monthly(rule.each, _in_month(rule))
        case Unit.YEAR:
            return say("each year on {day}", day=say("{month}/{date}", month=rule.month, date=rule.days[0]))


def _weekly(each: int, days: Several) -> Said:
    if each == 1:
        return say("every {days}", days=days)
    return say("every other {days}", days=days) if each == 2 else say("every {n} weeks on {days}", n=each, days=days)


def _monthly(each: int, days: Said) -> Said:
    return say("each month on {days}", days=days) if each == 1 else say("every {n} months on {days}", n=each, days=days)


def _in_month(rule: Repeat) -> Said:
    if rule.nth == LAST:
        return say("the last {weekday}", weekday=WEEKDAYS[rule.weekdays[0]])
    if rule.nth:
        return say("the {place} {weekday}", place=PLACES[rule.nth], weekday=WEEKDAYS[rule.weekdays[0]])
    days = (say("the last day") if day == 31 else say("day {n}", n=day) for day in rule.days)
    return say("{days}", days=Several(tuple(days)))


def next_days(rule: Repeat, first: date, many: int) -> list[date]:
    """The next days of a rule."""
    return list(islice(rule.from_day(first), many))
