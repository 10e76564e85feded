"""What an honour is, and how far a nomination has come."""

from dataclasses import dataclass

from bot.domain.hours import length, starred
from bot.locales import Said, say

TITLE_CHARACTERS_MAX = 40
WORDS_CHARACTERS_MAX = 300
HOUR_MINUTES = 60


@dataclass(frozen=True)
class Honour:
    """What people are nominated for until `until` (Unix seconds), and what their record has to show."""

    id: int
    title: str
    about: str
    minutes: int
    star: int
    until: int
    made_by: int
    made_at: int

    def is_open(self, now: int) -> bool:
        return now < self.until


@dataclass(frozen=True)
class Nomination:
    """Somebody who was nominated, with what his record showed then."""

    id: int
    person_id: int
    by_id: int
    why: str
    minutes: int
    star: int
    state: str
    made_at: int
    reviewed_by: int | None
    until: int | None
    settled_at: int | None
    title: str
    nickname: str

    @property
    def is_open(self) -> bool:
        return self.state in ("nominated", "public")


@dataclass(frozen=True)
class Objection:
    """What somebody who knows better has written."""

    nomination_id: int
    person_id: int
    words: str
    at: int
    upheld: int | None
    answered_by: int | None


def asks_for(honour: Honour) -> Said:
    """What the record has to show."""
    if honour.minutes and honour.star:
        return say("{hours} of service and {star}", hours=length(honour.minutes), star=starred(honour.star))
    if honour.minutes:
        return say("{hours} of service", hours=length(honour.minutes))
    return starred(honour.star) if honour.star else say("nothing; the reason counts")


def lacks(honour: Honour, minutes: int, star: int) -> Said | None:
    """What is missing in a record, with its numbers; None where it is enough."""
    if minutes < honour.minutes:
        return say("it takes {needed} of service, there are {has}", needed=length(honour.minutes), has=length(minutes))
    if star < honour.star:
        return say("it takes {needed}", needed=starred(honour.star))
    return None
