"""Age bands, and what people under 18 may take part in. FEATURES "Minors handled"."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.config import Minors
from bot.domain.people import AGE_NAMES, Age, Person
from bot.locales import Said, say, say_n

TOKEN_DAYS = 7


@dataclass(frozen=True)
class Outing:
    """What somebody would take part in. Instants are local; `planned_minutes` is what he has that day already."""

    begins: datetime
    ends: datetime
    adults_only: bool
    supervised: bool
    planned_minutes: int

    @property
    def minutes(self) -> int:
        return int((self.ends - self.begins).total_seconds()) // 60


@dataclass(frozen=True)
class Guardianship:
    """A guardian's consent for one child; `guardian_id` is None while nobody has agreed."""

    id: int
    guardian_id: int | None
    consented_at: int | None
    person_id: int | None
    withdrawn_at: int | None
    made_at: int

    @property
    def stands(self) -> bool:
        return self.consented_at is not None and self.withdrawn_at is None


def needs_guardian(age: Age | None, rules: Minors) -> bool:
    """Does somebody of this age need a guardian's consent?"""
    return age is Age.CHILD or (age is Age.YOUTH and rules.consent_under > 14)


def why_not(person: Person, outing: Outing, rules: Minors) -> Said | None:
    """Why somebody of this age can't take part: the rule and its number; None when he can."""
    if not person.is_minor:
        return None
    if outing.adults_only:
        return say("This is for people of 18 and older.")
    if _at_night(outing, rules):
        return say(
            "People under 18 are not asked to be out between {start}:00 and {end}:00.",
            start=rules.night_from_hour,
            end=rules.night_to_hour,
        )
    most = rules.child_hours_a_day if person.age is Age.CHILD else rules.youth_hours_a_day
    if outing.planned_minutes + outing.minutes > most * 60:
        return say_n(
            "At {age} it may be {n} hour a day, with all you have that day.",
            "At {age} it may be {n} hours a day, with all you have that day.",
            most,
            age=AGE_NAMES[person.age or Age.CHILD],
        )
    if not outing.supervised:
        return say("People under 18 take part only where a leader has said that he is there for them.")
    return None


def _at_night(outing: Outing, rules: Minors) -> bool:
    """Is any of it in the night? Nights are from `night_from_hour` to `night_to_hour` of the next day."""
    day = outing.begins.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    while day < outing.ends:
        start = day.replace(hour=rules.night_from_hour)
        end = (day + timedelta(days=1)).replace(hour=rules.night_to_hour)
        if outing.begins < end and start < outing.ends:
            return True
        day += timedelta(days=1)
    return False
