"""What an activity is, who takes part in it, and the rules that need nothing but these."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from bot.domain.activities import conditions as asked
from bot.domain.activities.attendance import Attendance
from bot.domain.activities.conditions import Condition
from bot.domain.activities.kinds import RULES, Kind, Rules
from bot.domain.activities.places import FIRST_COME, Mode, Role, Terms, free_words
from bot.domain.minors import Outing
from bot.locales import Moment, Said, say, say_n
from bot.storage import Row, filled

HOUR = 3600
POINTS_MAX = 1000
PLACES_MAX = 9999
# The default rule of FEATURES: leaving is free until then; later the leader is told.
FREE_TO_LEAVE_HOURS = 24
UNDO_SECONDS = 60
UNCONFIRMED_AFTER_HOURS = 24
# From then on the county's admins see it too.
OVERDUE_AFTER_HOURS = 72
# A reminder that would come later than this before the start is of no use any more.
REMINDER_LAST_SECONDS = 600
# People who are confirmed in one transaction, so that it holds nobody up.
SETTLED_AT_ONCE = 50


@dataclass(frozen=True)
class Activity:
    """An activity as it stands in its row; `points` are what everybody who came gets. Instants are Unix seconds."""

    id: int
    kind: Kind
    group_id: int | None
    title: str
    about: str
    place: str
    starts_at: int
    ends_at: int
    places: int | None
    taken: int
    waiting: int
    points: int
    state: str
    reason: str
    settled_at: int | None
    settled_by: int | None
    posted: int
    told: int
    made_at: int
    made_by: int
    held: int = 0
    adults_only: int = 0
    supervisor_id: int | None = None
    least: int | None = None
    least_hours: int = 48
    lapses: int = 0
    lacked_at: int | None = None
    lacked: int | None = None
    series_id: int | None = None
    series_day: str | None = None
    mode: Mode = Mode.FIRST
    opens_at: int | None = None
    closes_at: int | None = None
    conditions: tuple[Condition, ...] = ()
    # Nobody may see it before the draw.
    seed: str = field(default="", repr=False)
    drawn_at: int | None = None
    kept: int = 0
    applied: int = 0
    role_places: int = 0
    role_waiting: int = 0
    special: int = 0
    teaches: str = ""
    valid_months: int | None = None
    # In millionths of a degree.
    latitude: int | None = None
    longitude: int | None = None

    @classmethod
    def of_row(cls, row: Row) -> Self:
        """From a row that holds all columns of the table, and maybe more."""
        conditions = asked.of_text(row["conditions"]) if row["special"] else ()
        return filled(cls, row, kind=Kind(row["kind"]), mode=Mode(row["mode"]), conditions=conditions)

    @property
    def name(self) -> str:
        """How other rows, posted cards and planned deeds name it."""
        return f"activity:{self.id}"

    @property
    def rules(self) -> Rules:
        """What goes for its kind."""
        return RULES[self.kind]

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def is_cancelled(self) -> bool:
        return self.state == "cancelled"

    @property
    def why(self) -> Said:
        """Why it was cancelled: too few people, what was typed, or that its group was closed."""
        if self.lacked is not None and self.least is not None:
            return say("too few people: {n} of at least {least}", n=self.lacked, least=self.least)
        return say("{value}", value=self.reason) if self.reason else say("its group was closed")

    @property
    def is_confirmed(self) -> bool:
        return self.state == "confirmed"

    @property
    def gives_points(self) -> bool:
        """Does it give points to those who came, and now?"""
        return self.points > 0 and not self.held

    @property
    def has_roles(self) -> bool:
        return self.role_places > 0

    @property
    def all_places(self) -> int | None:
        """All places, those of roles and those kept for first-timers too; None where there is no limit."""
        return self.role_places or (None if self.places is None else self.places + self.kept)

    @property
    def free(self) -> int | None:
        """Free places of all; None where there is no limit."""
        return None if self.all_places is None else self.all_places - self.taken

    @property
    def queued(self) -> int:
        """How many wait, in all queues."""
        return self.waiting + self.role_waiting

    @property
    def everybody(self) -> int:
        """How many are in it, wait or ask for a place."""
        return self.taken + self.queued + self.applied

    @property
    def is_full(self) -> bool:
        """Would whoever signs up now have to wait?"""
        return self.free == 0 or self.waiting > 0

    @property
    def takes_young(self) -> bool:
        """Is somebody there for people under 18?"""
        return self.supervisor_id is not None and not self.adults_only

    @property
    def chooses(self) -> bool:
        """Are places given later, so that one asks for one now?"""
        return self.mode is not Mode.FIRST and self.drawn_at is None

    @property
    def seal(self) -> str:
        """What is published of the seed before the draw: its SHA-256, by which anybody can check it afterwards."""
        return hashlib.sha256(self.seed.encode()).hexdigest()

    @property
    def point(self) -> tuple[int, int] | None:
        """Where people meet, in millionths of a degree, if its leader has said so."""
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)

    def is_before_window(self, now: int) -> bool:
        return self.opens_at is not None and now < self.opens_at

    def is_after_window(self, now: int) -> bool:
        return self.closes_at is not None and now >= self.closes_at

    def has_begun(self, now: int) -> bool:
        return self.starts_at <= now

    def takes_sign_ups(self, now: int) -> bool:
        return self.is_open and not self.has_begun(now)

    def is_late_to_leave(self, now: int) -> bool:
        return now > self.starts_at - FREE_TO_LEAVE_HOURS * HOUR


@dataclass(frozen=True)
class Mine:
    """How somebody takes part: `queue` is his place in the waiting list from 1, 0 for all others.

    `until`: how long a place that was offered him is kept. `handover`: the search for somebody who takes his place over.
    """

    id: int
    state: str
    queue: int
    came: int | None
    confirmed_at: int | None
    how: str | None = None
    until: int | None = None
    role: str | None = None
    turn: int = 0
    handover: int | None = None

    @property
    def is_in(self) -> bool:
        return self.state == "in"

    @property
    def is_offered(self) -> bool:
        return self.state == "offered"

    @property
    def is_applied(self) -> bool:
        """Does he ask for a place that is drawn or given later?"""
        return self.state == "applied"

    @property
    def attendance(self) -> Attendance:
        return Attendance.of(self.came, self.how)


@dataclass(frozen=True)
class View:
    """An activity as one person sees it; `mine` is None for whoever takes no part, `leads` for leaders of its group.

    `roles` are read where one activity is looked at, not for lists; so is `handover`, a place of somebody who looks for
    a stand-in, for whoever could take it over, and `weighed`: why the rules make other points of those on the card.
    """

    activity: Activity
    group_name: str | None
    leads: bool
    mine: Mine | None
    roles: tuple[Role, ...] = ()
    handover: int | None = None
    weighed: tuple[Said, ...] = ()
    # Where places are a partner's: the groups to which whoever looks belongs.
    nodes: frozenset[int] = frozenset()
    # One of those partners that whoever looks leads.
    led_partner: int | None = None
    # For those who answer for it: how many of the places that are taken are kept for somebody who waits.
    offered: int = 0
    # For somebody under 18 who could sign up: what it would be for him, were a leader there.
    outing: Outing | None = None

    @property
    def own_roles(self) -> tuple[Role, ...]:
        """The roles in which he could come: all but those of partners to whom he does not belong, or who have none any more."""
        return tuple(role for role in self.roles if role.is_for(self.nodes))

    @property
    def roles_for_me(self) -> tuple[Role, ...]:
        """The same in the order in which they are offered: places that are for his people before those for everybody."""
        return tuple(sorted(self.own_roles, key=lambda role: role.partner_id is None))

    @classmethod
    def of_row(cls, row: Row) -> Self:
        mine = None
        if row["my_id"] is not None:
            mine = Mine(**{name: row[f"my_{name}"] for name in Mine.__match_args__})
        return cls(Activity.of_row(row), row["group_name"], bool(row["leads"]), mine)


@dataclass(frozen=True)
class Partaker:
    """Somebody who has a place or would like one, as those who answer for it see him."""

    id: int
    activity_id: int
    person_id: int
    nickname: str
    came: int | None
    how: str | None
    confirmed_at: int | None
    confirmed_by: int | None
    forgotten_at: int | None
    role: str = ""
    state: str = "in"
    # He looks for a stand-in.
    looks: bool = False
    # He has told the leaders that he can't come.
    is_absent: bool = False

    @property
    def name(self) -> str:
        """How lists call him, with the role that he has."""
        return f"{self.nickname} · {self.role}" if self.role else self.nickname

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def attendance(self) -> Attendance:
        return Attendance.of(self.came, self.how)


@dataclass(frozen=True)
class Tally:
    """How many came (late ones and those who left early among them), missed it, are excused and are not marked yet.

    `own`: whoever confirms is among those who have a place.
    """

    came: int
    late: int
    early: int
    missed: int
    excused: int
    unmarked: int
    own: int


@dataclass(frozen=True)
class Least:
    """So many people an activity needs; `lapses`: with fewer it is called off by itself, so many hours before."""

    people: int
    hours: int = 48
    lapses: bool = False


@dataclass(frozen=True)
class Draft:
    """What a leader wants to publish. `group_id` None: for the whole county; `places` None: without limit."""

    kind: Kind
    group_id: int | None
    title: str
    about: str
    place: str
    starts_at: int
    ends_at: int
    places: int | None
    points: int
    least: Least | None = None
    terms: Terms = FIRST_COME
    # Who may take part under 18, and where people meet, of what takes place again.
    adults_only: int = 0
    supervisor_id: int | None = None
    latitude: int | None = None
    longitude: int | None = None


def places_words(activity: Activity) -> Said:
    """Free and taken places, and how many wait or ask for one."""
    places, free = activity.all_places, activity.free
    if places is None or free is None:
        return say_n("{n} signed up, no limit", "{n} signed up, no limit", activity.taken)
    if activity.applied:
        return say_n("{n} place, {applied} applied", "{n} places, {applied} applied", places, applied=activity.applied)
    return free_words(places, free, activity.queued)


def labels(views: Sequence[View]) -> list[Said]:
    """What to write on a button for each: the title; where several have the same, their moments go before it."""
    titles = Counter(view.activity.title for view in views)
    return [
        say("{title}", title=view.activity.title)
        if titles[view.activity.title] == 1
        else say("{moment} · {title}", moment=Moment(view.activity.starts_at), title=view.activity.title)
        for view in views
    ]


def least_words(activity: Activity) -> Said | None:
    """How many it needs and how many there are; None where that does not matter, or not any more."""
    if activity.least is None or not activity.is_open:
        return None
    if activity.taken >= activity.least:
        return say("✔️ {n} of at least {least}", n=activity.taken, least=activity.least)
    return say("⚠️ {n} of at least {least}", n=activity.taken, least=activity.least)
