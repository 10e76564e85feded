"""The kinds of activities: one engine, and a table of what each kind is called and which rules it has."""

from dataclasses import dataclass
from enum import StrEnum

from bot.locales import Said, say


class Kind(StrEnum):
    """What sort of activity; each has its words and rules."""

    TASK = "task"
    EVENT = "event"
    DUTY = "duty"
    TRAINING = "training"
    CLASS = "class"
    VISIT = "visit"
    MEETING = "meeting"


@dataclass(frozen=True)
class Rules:
    """What a kind is called and what goes for it.

    `listed`: in whose list it stands, TASK's or EVENT's. `earns`: who came gets points, and hours that count.
    `limited`: there must be a number of places. `own_lead`: each is reminded as long before as he chose himself.
    `typed`: how people write it.
    """

    name: Said
    new: Said
    icon: str
    listed: Kind
    earns: bool
    limited: bool
    own_lead: bool
    typed: tuple[str, ...]


RULES = {
    Kind.TASK: Rules(
        say("Volunteer task"),
        say("New volunteer task"),
        "🤝",
        Kind.TASK,
        earns=True,
        limited=True,
        own_lead=False,
        typed=("任务", "志愿任务", "task", "volunteer task"),
    ),
    Kind.EVENT: Rules(
        say("Event"),
        say("New event"),
        "🎈",
        Kind.EVENT,
        earns=False,
        limited=False,
        own_lead=True,
        typed=("活动", "event"),
    ),
    Kind.DUTY: Rules(
        say("Duty"),
        say("New duty"),
        "🦺",
        Kind.TASK,
        earns=True,
        limited=True,
        own_lead=False,
        typed=("值班", "值勤", "值守", "duty", "shift"),
    ),
    Kind.TRAINING: Rules(
        say("Training"),
        say("New training"),
        "🧭",
        Kind.EVENT,
        earns=False,
        limited=False,
        own_lead=False,
        typed=("培训", "训练", "training"),
    ),
    Kind.CLASS: Rules(
        say("Class"),
        say("New class"),
        "🎓",
        Kind.EVENT,
        earns=False,
        limited=True,
        own_lead=False,
        typed=("课程", "课", "班", "class", "course"),
    ),
    Kind.VISIT: Rules(
        say("Visit"),
        say("New visit"),
        "🏡",
        Kind.TASK,
        earns=True,
        limited=True,
        own_lead=False,
        typed=("探访", "走访", "慰问", "visit"),
    ),
    Kind.MEETING: Rules(
        say("Sharing meeting"),
        say("New sharing meeting"),
        "🔗",
        Kind.EVENT,
        earns=False,
        limited=False,
        own_lead=False,
        typed=("资源分享会", "分享会", "sharing meeting"),
    ),
}
KIND_NAMES = {kind: rules.name for kind, rules in RULES.items()}
KIND_LISTS = {Kind.TASK: say("Volunteer tasks"), Kind.EVENT: say("Events")}
TYPED = {word: kind for kind, rules in RULES.items() for word in rules.typed}


def kind_of(text: str) -> Kind | None:
    """The kind with this name in a button's data; None for anything else."""
    return Kind(text) if text in set(Kind) else None


def listed_in(kind: Kind) -> str:
    """The kinds that stand in the list in which this one stands, as SQL puts them into IN (...)."""
    return ", ".join(f"'{each}'" for each, rules in RULES.items() if rules.listed is RULES[kind].listed)
