"""What a duty post, a slot, a shift and a duty are, and the rules that need nothing but these."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import dates
from bot.locales import Said, say
from bot.storage import Row, filled

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
UNDO_SECONDS = 60
NAME_CHARACTERS_MAX = 40
PLACE_CHARACTERS_MAX = 80
NOTE_CHARACTERS_MAX = 300
SLOTS_MAX = 21
PEOPLE_MAX = 20
LENGTH_MIN, LENGTH_MAX = 15, 24 * 60
WEEKS_MAX = 26
WEEK_MINUTES = 7 * 24 * 60
EVERY_DAY = 127
# What begins so soon is left as it is by whatever is drawn now.
SETTLED_HOURS = 24
# For so many days whoever served may leave a note.
NOTE_DAYS = 7
WEEKDAYS = (say("Mon"), say("Tue"), say("Wed"), say("Thu"), say("Fri"), say("Sat"), say("Sun"))


@dataclass(frozen=True)
class Post:
    """A duty post. `everybody`: all members of its group serve, else those who said so; `draw_max` None: no limit."""

    id: int
    group_id: int
    name: str
    place: str
    everybody: int
    week_max: int
    draw_max: int | None
    experienced_after: int
    made_at: int
    made_by: int
    closed_at: int | None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def subject(self) -> str:
        return f"post:{self.id}"


@dataclass(frozen=True)
class Slot:
    """What is served each week: on `weekday` (0 is Monday) from `minute` of the local day for `length` minutes."""

    id: int
    post_id: int
    weekday: int
    minute: int
    length: int
    people: int
    removed_at: int | None

    @property
    def words(self) -> Said:
        """«Sat 09:00–12:00»"""
        end = (self.minute + self.length) % 1440
        return say(
            "{day} {start}–{end}",
            day=WEEKDAYS[self.weekday],
            start=dates.written_clock(self.minute),
            end=dates.written_clock(end),
        )

    def span_on(self, day: date, zone: ZoneInfo) -> tuple[int, int] | None:
        """The instants of this slot on a day; None where a clock change leaves nothing of it."""
        begin = datetime.combine(day, time()) + timedelta(minutes=self.minute)
        start, end = (dates.instant_of(wall, zone) for wall in (begin, begin + timedelta(minutes=self.length)))
        instants = int(start.timestamp()), int(end.timestamp())
        return instants if instants[0] < instants[1] else None


@dataclass(frozen=True)
class Shift:
    """A slot on one day, `day` in ISO form. `gaps` counts how often it has become short of people."""

    id: int
    post_id: int
    slot_id: int
    day: str
    starts_at: int
    ends_at: int
    people: int
    taken: int
    gaps: int
    settled_at: int | None
    settled_by: int | None

    @property
    def missing(self) -> int:
        return self.people - self.taken

    @property
    def subject(self) -> str:
        return f"shift:{self.id}"

    @property
    def gap(self) -> str:
        """How the newest gap is named in what was asked and planned."""
        return f"gap:{self.id}:{self.gaps}"

    @property
    def minutes(self) -> int:
        return (self.ends_at - self.starts_at) // MINUTE


@dataclass(frozen=True)
class Duty:
    """Somebody on a shift; `nickname` is his."""

    id: int
    shift_id: int
    person_id: int
    state: str
    how: str
    drawing_id: int | None
    from_id: int | None
    why: str | None
    since: int
    made_at: int
    seeking_at: int | None
    came: int | None
    note: str
    nickname: str

    @classmethod
    def of_row(cls, row: Row) -> "Duty":
        return filled(cls, row)

    @property
    def is_on(self) -> bool:
        return self.state == "on"

    @property
    def subject(self) -> str:
        return f"duty:{self.id}"

    @property
    def seeking(self) -> str:
        """How the search for somebody else is named in what was asked and planned."""
        return f"seek:{self.id}"


@dataclass(frozen=True)
class Seat:
    """A duty with its shift and post: what a card of it needs."""

    duty: Duty
    shift: Shift
    post: Post


@dataclass(frozen=True)
class Drawing:
    """A draw of `weeks` from the Monday `first_day` on; a preview until `published_at`."""

    id: int
    post_id: int
    first_day: str
    weeks: int
    seed: str
    inputs: str
    outcome: str
    made_at: int
    made_by: int
    published_at: int | None
    undone_at: int | None

    @property
    def first(self) -> date:
        return date.fromisoformat(self.first_day)

    @property
    def last(self) -> date:
        return end_of(self.first_day, self.weeks)

    @property
    def name(self) -> str:
        """What everybody is told once of it."""
        return f"rota:{self.id}"


# Rules


def bit(weekday: int) -> int:
    """What a weekday adds to somebody's weekdays."""
    return 1 << weekday


def overlap(first: Slot, second: Slot) -> bool:
    """Do two slots of a week overlap, around its end too?"""
    begin, other = (each.weekday * 1440 + each.minute for each in (first, second))
    return (other - begin) % WEEK_MINUTES < first.length or (begin - other) % WEEK_MINUTES < second.length


def end_of(first_day: str, weeks: int) -> date:
    """The last day of so many weeks."""
    return date.fromisoformat(first_day) + timedelta(days=7 * weeks - 1)


def monday_of(day: date) -> date:
    """The Monday of the week in which a day is."""
    return day - timedelta(days=day.weekday())
