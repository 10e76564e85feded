"""What a person is, and what may be said of one without asking anybody."""

import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.locales import say
from bot.refusal import Refused, check_length
from bot.storage import Row, Transaction, filled

NICKNAME_CHARACTERS_MAX = 32


class Role(StrEnum):
    """What somebody may do in the whole county. Who leads a group is kept with the group."""

    MEMBER = "member"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Age(StrEnum):
    """An age band, the youngest first: nobody is asked for a birthday."""

    CHILD = "child"
    YOUTH = "youth"
    ADULT = "adult"


AGE_NAMES = {Age.CHILD: say("under 14"), Age.YOUTH: say("14 to 17"), Age.ADULT: say("18 or older")}


@dataclass(frozen=True)
class Person:
    """Somebody who registered. `telegram_id` is None once he was forgotten, `age` while he has not said it."""

    id: int
    telegram_id: int | None
    nickname: str
    language: str
    role: Role
    quiet_from: int | None
    quiet_to: int | None
    event_lead_hours: int | None
    registered_at: int
    forgotten_at: int | None
    groups_led: int
    age: Age | None

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    @property
    def reads_all(self) -> bool:
        return self.role in (Role.ADMIN, Role.AUDITOR)

    @property
    def is_minor(self) -> bool:
        """Is he under 18, as far as he has said?"""
        return self.age in (Age.CHILD, Age.YOUTH)

    @property
    def leads(self) -> bool:
        """Does he lead any open group?"""
        return self.groups_led > 0


# Rules


def visible(typed: str) -> str:
    """What somebody typed as one line that can be shown: no invisible or direction-turning characters."""
    spaced = "".join(" " if unicodedata.category(c) in ("Zl", "Zp", "Cc", "Zs") else c for c in typed)
    return " ".join("".join(c for c in spaced if unicodedata.category(c) not in ("Cf", "Co", "Cs", "Cn")).split())


def clean_name(typed: str, *, limit: int = NICKNAME_CHARACTERS_MAX) -> str:
    """A name as it will be shown: one line, 1 to `limit` characters.

    Raises Refused when nothing readable is left or it is too long.
    """
    shown = visible(typed)
    if not shown:
        raise Refused(say("A name needs at least one letter or character. Nothing was saved; please send another one."))
    check_length(shown, limit)
    return shown


def quiet_until(person: Person, tx: Transaction, at: int) -> int:
    """The instant at which the person may be disturbed: `at` itself, or the end of the quiet hours it falls in."""
    return quiet_end(person.quiet_from, person.quiet_to, tx, at)


def quiet_end(start: int | None, end: int | None, tx: Transaction, at: int) -> int:
    """The same for quiet hours alone, in minutes after midnight: many people share the same ones."""
    if start is None or end is None or start == end:
        return at
    local = tx.local(at)
    minute = local.hour * 60 + local.minute
    if (minute - start) % 1440 >= (end - start) % 1440:
        return at
    over = local.replace(hour=end // 60, minute=end % 60, second=0, microsecond=0)
    if end <= minute:
        over += timedelta(days=1)
    return int(over.timestamp())


def of_row(row: Row) -> Person:
    """A row with the columns of the table of people, and perhaps others, as a Person."""
    age = Age(row["age"]) if row["age"] else None
    return filled(Person, row, role=Role(row["role"]), age=age)
