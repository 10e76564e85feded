"""What a project is, which steps it can take, and the rules that need nothing but these."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from bot.locales import Said, say
from bot.storage import Row, filled

DAY = 24 * 3600
UNDO_SECONDS = 60
# A claim that is about to lapse is warned of so long before.
WARN_SECONDS = DAY
# After the last activity: when the summary is asked for once more, and when the admins see that it is missing.
SUMMARY_AGAIN_DAYS = 3
SUMMARY_OVERDUE_DAYS = 7
# From so many lapsed claims on a record is poor, unless more was brought to its end than lapsed.
POOR_LAPSES = 2
BY_DAYS_MAX = 366
PEOPLE_MAX = 999
HELPED_MAX = 99_999
# What is left over of a project is needed within so many days, if nobody says otherwise.
LEFT_OVER_DAYS = 30


class State(StrEnum):
    """Where a project stands: the five states in their order, and the three ways to leave them early."""

    POSTED = "posted"
    PUBLISHED = "published"
    CLAIMED = "claimed"
    UNDERWAY = "underway"
    SUMMARISED = "summarised"
    REFUSED = "refused"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What brings a project from one state into another."""

    POST = "post"
    PUBLISH = "publish"
    REFUSE = "refuse"
    MERGE = "merge"
    WITHDRAW = "withdraw"
    CLAIM = "claim"
    UNDERTAKE = "undertake"
    SUMMARISE = "summarise"
    RETURN = "return"
    LAPSE = "lapse"
    TAKE = "take"
    DECLINE = "decline"
    UNANSWERED = "unanswered"
    UNDO = "undo"


# From which states a step leads, and where to. Undoing leads back to wherever the step before came from.
WAYS: Mapping[Step, tuple[frozenset[State], State]] = {
    Step.PUBLISH: (frozenset({State.POSTED}), State.PUBLISHED),
    Step.REFUSE: (frozenset({State.POSTED}), State.REFUSED),
    Step.MERGE: (frozenset({State.POSTED}), State.MERGED),
    Step.WITHDRAW: (frozenset({State.POSTED, State.PUBLISHED}), State.WITHDRAWN),
    Step.CLAIM: (frozenset({State.PUBLISHED}), State.CLAIMED),
    Step.UNDERTAKE: (frozenset({State.CLAIMED}), State.UNDERWAY),
    Step.SUMMARISE: (frozenset({State.UNDERWAY}), State.SUMMARISED),
    Step.RETURN: (frozenset({State.CLAIMED, State.UNDERWAY}), State.PUBLISHED),
    Step.LAPSE: (frozenset({State.CLAIMED, State.UNDERWAY}), State.PUBLISHED),
    Step.TAKE: (frozenset({State.CLAIMED, State.UNDERWAY}), State.PUBLISHED),
    Step.DECLINE: (frozenset({State.CLAIMED}), State.PUBLISHED),
    Step.UNANSWERED: (frozenset({State.CLAIMED}), State.PUBLISHED),
}
# What can be undone for a minute, for until then nobody was told.
UNDOABLE = frozenset({Step.PUBLISH, Step.REFUSE, Step.MERGE, Step.CLAIM})
# What is told a minute later: so is a date that is set within that minute, or it would be heard of before the claim.
TOLD_LATER = UNDOABLE | {Step.UNDERTAKE}
# Duplicates are merged into one that is still going somewhere.
LIVE = (State.POSTED, State.PUBLISHED, State.CLAIMED, State.UNDERWAY)
HELD = (State.CLAIMED, State.UNDERWAY)

STATE_NAMES: Mapping[State, Said] = {
    State.POSTED: say("with the county"),
    State.PUBLISHED: say("published, free to claim"),
    State.CLAIMED: say("claimed"),
    State.UNDERWAY: say("being undertaken"),
    State.SUMMARISED: say("done and summed up"),
    State.REFUSED: say("not published"),
    State.MERGED: say("merged with another one"),
    State.WITHDRAWN: say("withdrawn"),
}
STEP_NAMES: Mapping[Step, Said] = {
    Step.POST: say("posted"),
    Step.PUBLISH: say("published"),
    Step.REFUSE: say("not published"),
    Step.MERGE: say("merged with another one"),
    Step.WITHDRAW: say("withdrawn"),
    Step.CLAIM: say("claimed"),
    Step.UNDERTAKE: say("undertaken"),
    Step.SUMMARISE: say("summed up"),
    Step.RETURN: say("given back"),
    Step.LAPSE: say("the claim lapsed"),
    Step.TAKE: say("taken back by the county"),
    Step.DECLINE: say("claim not confirmed"),
    Step.UNANSWERED: say("the county did not answer in time"),
    Step.UNDO: say("undone"),
}


@dataclass(frozen=True)
class Project:
    """A need and what became of it, with the names of those concerned. Instants are Unix seconds."""

    id: int
    title: str
    about: str
    place: str
    by_at: int
    people: int
    giver_id: int | None
    group_id: int | None
    state: State
    step: int
    since: int
    merged_into: int | None
    holder_id: int | None
    holder_group_id: int | None
    held_until: int | None
    waits: int
    done: str | None
    helped: int | None
    remaining: str
    picture: str | None
    made_at: int
    giver_name: str | None
    group_name: str | None
    holder_name: str | None
    holder_group_name: str | None

    @classmethod
    def of_row(cls, row: Row) -> Self:
        return filled(cls, row, state=State(row["state"]))

    @property
    def name(self) -> str:
        """How other rows and planned deeds name it."""
        return f"project:{self.id}"

    @property
    def is_held(self) -> bool:
        return self.state in HELD

    @property
    def is_public(self) -> bool:
        return self.state in (State.PUBLISHED, State.CLAIMED, State.UNDERWAY, State.SUMMARISED)

    @property
    def holder(self) -> str:
        """Who has claimed it: the group, or the person; empty while nobody has."""
        return self.holder_group_name or self.holder_name or ""


@dataclass(frozen=True)
class Draft:
    """A need as somebody posts it. `group_id`: the group for which its leader does."""

    title: str
    about: str
    place: str
    by_at: int
    people: int
    group_id: int | None = None


@dataclass(frozen=True)
class Summary:
    """What came of a project: what was done, how many people it helped, what is left (empty: nothing).

    `picture` is Telegram's number for a photo of it.
    """

    done: str
    helped: int
    remaining: str = ""
    picture: str | None = None


@dataclass(frozen=True)
class Entry:
    """One row of a project's history; `by_name` is None for what the bot did of itself."""

    number: int
    was: State | None
    state: State
    step: Step
    by_id: int | None
    by_name: str | None
    reason: str
    at: int


@dataclass(frozen=True)
class Record:
    """What a group or person made of what it claimed; `content` is per cent of the best feedback, None without any."""

    claimed: int
    on_time: int
    late: int
    returned: int
    lapsed: int
    content: int | None

    @property
    def summed_up(self) -> int:
        return self.on_time + self.late

    @property
    def is_poor(self) -> bool:
        return self.lapsed >= POOR_LAPSES and self.lapsed >= self.summed_up


@dataclass(frozen=True)
class Linked:
    """An activity of a project, as far as the project's course depends on it."""

    id: int
    title: str
    kind: str
    starts_at: int
    ends_at: int
    taken: int
    points: int
    state: str

    @property
    def counts(self) -> bool:
        return self.state != "cancelled"

    def waits_for_confirmation(self, now: int) -> bool:
        """It is over, people had signed up, and nobody has said who came."""
        return self.state == "open" and self.ends_at <= now and self.taken > 0
