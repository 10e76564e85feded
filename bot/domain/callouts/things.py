"""What a brigade, a call-out and an answer are, and the rules that need nothing but numbers."""

from dataclasses import dataclass
from typing import Self

from bot.domain import people
from bot.domain.people import Person
from bot.locales import Said, say
from bot.refusal import Refused, WayOut, check_length
from bot.storage import Row, filled

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
RINGS = 4
WANTED_MAX = 500
NAME_CHARACTERS_MAX = 30
PLACE_CHARACTERS_MAX = 80
WORDS_CHARACTERS_MAX = 200
STOCK_MAX = 100_000
STANDBY_DAYS_MAX = 30
SERVICE_WINDOW = DAY
# With a place, and bound by it.
ON_DUTY = ("coming", "there")
SKILL_NAMES = {
    "first_aid": say("First aid"),
    "driving": say("Driving"),
    "boat": say("Boat"),
    "electrics": say("Electrics"),
    "radio": say("Radio"),
    "swimming": say("Water rescue"),
    "cooking": say("Cooking for many"),
    "tools": say("Tools and sandbags"),
}


@dataclass(frozen=True)
class Skill:
    """Something that somebody can do. `needed`: each area needs somebody with it."""

    id: int
    key: str | None
    name: str
    needed: int
    removed_at: int | None

    @property
    def label(self) -> Said:
        """What it is called, in the reader's words where the bot has some."""
        return SKILL_NAMES[self.key] if self.key else say("{name}", name=self.name)


@dataclass(frozen=True)
class Brigade:
    """People who can be called out together."""

    id: int
    name: str
    about: str
    leader_id: int | None
    made_at: int
    made_by: int
    closed_at: int | None

    def is_led_by(self, person: Person) -> bool:
        """May this person lead it: its leader, or a county admin?"""
        return person.is_admin or self.leader_id == person.id


@dataclass(frozen=True)
class Callout:
    """A call-out and the mission that comes of it. `skill_id` None: whoever comes."""

    id: int
    brigade_id: int
    caller_id: int
    place: str
    skill_id: int | None
    wanted: int
    drill: int
    state: str
    within: int
    needed_at: int | None
    ends_at: int | None
    ring: int
    accepted: int
    made_at: int
    called_at: int | None
    began_at: int | None
    closed_at: int | None
    closed_by: int | None
    shown: str

    @classmethod
    def of_row(cls, row: Row) -> Self:
        """The row of a call-out, which may have other columns too."""
        return filled(cls, row)

    @property
    def name(self) -> str:
        """How its letters, due rows and boards name it."""
        return f"callout:{self.id}"

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def is_full(self) -> bool:
        return self.accepted >= self.wanted

    def needed(self, now: int) -> int:
        """By when people have to be there; of a draft, if it were sent now."""
        return max(self.needed_at if self.needed_at is not None else now + self.within * MINUTE, now)

    def titled(self, text: Said) -> Said:
        """The text with the mark of a rehearsal, where it is one."""
        return say("🎽 <b>REHEARSAL</b> · {text}", text=text) if self.drill else text


@dataclass(frozen=True)
class Answer:
    """What one person said to a call-out, and where he is."""

    callout_id: int
    person_id: int
    nickname: str
    state: str
    asked_at: int
    answered_at: int | None
    eta: int | None
    arrived_at: int | None
    back_at: int | None

    @classmethod
    def of_row(cls, row: Row) -> Self:
        return filled(cls, row)

    @property
    def on_duty(self) -> bool:
        return self.state in ON_DUTY

    @property
    def served(self) -> int:
        """Seconds between arriving and being back; 0 for whoever was not there."""
        return (self.back_at or 0) - self.arrived_at if self.arrived_at and self.back_at else 0


@dataclass(frozen=True)
class Standing:
    """How ready somebody is."""

    standby_until: int = 0
    rest_until: int = 0
    willing: bool = False
    words: str = ""
    skills: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Item:
    """Something in a brigade's stock: how many there are, and how many of them are handed out."""

    id: int
    brigade_id: int
    name: str
    stock: int
    lent: int
    removed_at: int | None

    @property
    def left(self) -> int:
        return self.stock - self.lent


@dataclass(frozen=True)
class Lent:
    """What somebody has of the kit on a mission."""

    id: int
    kit_id: int
    callout_id: int
    person_id: int
    number: int
    back: int
    item: str
    nickname: str

    @property
    def missing(self) -> int:
        return self.number - self.back


# Rules


def clean_line(typed: str, limit: int) -> str:
    """One line of 1 to `limit` characters that can be read. Raises Refused."""
    shown = people.visible(typed)
    if not shown:
        raise Refused(say("I need at least one word. Nothing was saved; please send it again."))
    check_length(shown, limit)
    return shown


def no_such() -> Refused:
    """For a call-out that is not there, or is not for whoever asks."""
    return Refused(say("There is no such call-out. Nothing was changed."), WayOut(say("Missions"), "callouts.log:0"))
