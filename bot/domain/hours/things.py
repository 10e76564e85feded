"""What a record of hours is, and the rules that need nothing but numbers and days."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from bot.config import Hours
from bot.locales import Day, Said, Several, Span, say, say_n
from bot.storage import Row, filled

HOUR_MINUTES, DAY_SECONDS = 60, 24 * 3600
MASK = "＊"


class Grade(StrEnum):
    """How well a record is proved."""

    OWN = "A"
    ROLL = "B"
    AFTERWARDS = "C"
    CARRIED = "D"

    @property
    def earns_points(self) -> bool:
        return self in (Grade.OWN, Grade.ROLL)


REASONS = {Grade.OWN: "own", Grade.ROLL: "roll", Grade.AFTERWARDS: "afterwards", Grade.CARRIED: "carried"}
# Whose agreement a grade needs at least: nobody's, one more person's, a county admin's.
NEEDS = {Grade.OWN: 0, Grade.ROLL: 1, Grade.AFTERWARDS: 1, Grade.CARRIED: 2}
ADMIN, TWO_ADMINS = 2, 3
# A record that counts or waits; and one that was told and stands in the way of the same told again, too short ones too.
LIVE = "state IN ('pending', 'standing')"
TOLD = "state IN ('short', 'pending', 'standing')"


@dataclass(frozen=True)
class Record:
    """One stretch of somebody's time as it was told; `minutes` count once `state` is standing."""

    id: int
    person_id: int
    grade: Grade
    minutes: int
    planned_minutes: int | None
    begins: int
    ends: int
    day: str
    cause: str
    title: str
    group_id: int | None
    evidence: str
    published_at: int | None
    entered_by: int
    bot: int
    came_from: str
    audit_number: int
    at: int
    state: str
    needs: int
    settled_at: int | None
    settled_by: int | None

    @classmethod
    def of_row(cls, row: Row) -> Self:
        return filled(cls, row, grade=Grade(row["grade"]))

    @property
    def name(self) -> str:
        return f"hours:{self.id}"

    @property
    def when(self) -> Said:
        """From when to when he was there; what was carried over has days, and no hour of its own."""
        if self.grade is not Grade.CARRIED:
            return say("{when}", when=Span(self.begins, self.ends))
        first = date.fromisoformat(self.day)
        days = max(1, round((self.ends - self.begins) / DAY_SECONDS))
        return say("{first} to {last}", first=Day(first), last=Day(first + timedelta(days=days - 1)))

    @property
    def stands(self) -> bool:
        return self.state == "standing"

    @property
    def is_pending(self) -> bool:
        return self.state == "pending"

    @property
    def is_disputable(self) -> bool:
        """It counts, waits, or is too short to count: whose it is can say that it is wrong."""
        return self.is_live or self.state == "short"

    @property
    def is_live(self) -> bool:
        return self.state in ("pending", "standing")


@dataclass(frozen=True)
class Sums:
    """What somebody's hours come to, by grade, in minutes."""

    a: int = 0
    b: int = 0
    c: int = 0
    d: int = 0

    @property
    def total(self) -> int:
        return self.a + self.b + self.c + self.d

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        return (("A", self.a), ("B", self.b), ("C", self.c), ("D", self.d))


@dataclass(frozen=True)
class Approval:
    """Somebody's word that a record is true; `kind` roll is the roll-call itself."""

    approver_id: int
    kind: str
    as_admin: bool
    at: int


# Rules


def needed(grade: Grade, day_minutes: int, rules: Hours) -> int:
    """Whose agreement a record needs, by its grade and by what its day comes to with it."""
    if grade is Grade.CARRIED or day_minutes <= rules.at_once_hours_a_day * HOUR_MINUTES:
        return NEEDS[grade]
    if day_minutes <= rules.higher_hours_a_day * HOUR_MINUTES:
        return ADMIN
    return TWO_ADMINS


def suffices(needs: int, approvals: list[Approval]) -> bool:
    """Do these agree that must? A roll-call is one person's word, never a county admin's second look."""
    looks = sum(1 for each in approvals if each.as_admin and each.kind == "approval")
    match needs:
        case 0:
            return True
        case 1:
            return bool(approvals)
        case 2:
            return looks >= 1
        case _:
            return looks >= 2


def is_short(minutes: int, planned_minutes: int | None, rules: Hours) -> bool:
    """Less than the share of the planned time that counts."""
    return planned_minutes is not None and minutes * 100 < planned_minutes * rules.share_percent


def star_of(minutes: int, rules: Hours) -> int:
    """How many stars these minutes are worth."""
    return sum(minutes >= hours * HOUR_MINUTES for hours in rules.stars)


def working_days_after(day: date, days: int) -> date:
    """The day on which so many working days, Monday to Friday, have passed after `day`."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def masked(name: str) -> str:
    """A name of which only the first character can be read, and not how long it is."""
    return f"{name[:1]}{MASK}{MASK}" if name else MASK * 3


def length(minutes: int) -> Said:
    """How long, in hours and minutes."""
    hours, rest = divmod(abs(minutes), HOUR_MINUTES)
    if not rest:
        return say("{hours} h", hours=hours)
    return say("{hours} h {minutes} min", hours=hours, minutes=rest) if hours else say("{minutes} min", minutes=rest)


def mix(sums: Sums) -> Said:
    """The hours with their grades: «182 h: 160 h A, 18 h B, 4 h C»."""
    parts = [say("{length} {grade}", length=length(minutes), grade=grade) for grade, minutes in sums.parts if minutes]
    if not parts:
        return length(0)
    return say("{total}: {parts}", total=length(sums.total), parts=Several(tuple(parts)))


def starred(star: int) -> Said:
    """A star, by its number, as it is called."""
    return say_n("{n}-star volunteer", "{n}-star volunteer", star)
