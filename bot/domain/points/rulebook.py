"""Each rule of points that can be changed: its bounds, what it is called and what it says. A rule is one entry here."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.locales import Said, say
from bot.refusal import Refused, WayOut

POINTS_MAX = 1_000_000


class Section(StrEnum):
    """Rules that are read and changed together."""

    ACTIVITIES = "activities"
    HAND = "hand"


SECTIONS = {Section.ACTIVITIES: say("Activities"), Section.HAND: say("By hand")}


@dataclass(frozen=True)
class Rule:
    """One whole number: its column in `point_rules`, from `low` to `high`.

    `label` stands on the button, `ask` asks for the number, and `sentence` says it to everybody: None where there is nothing to
    say. `choices` are offered beside typing.
    """

    name: str
    section: Section
    low: int
    high: int
    label: Said
    ask: Said
    sentence: Callable[[int], Said | None]
    choices: tuple[tuple[int, Said], ...] = ()


RULES = (
    Rule(
        "activity_max",
        Section.ACTIVITIES,
        0,
        1_000,
        say("An activity at most"),
        say("How many points may one activity give a person at most?"),
        lambda n: say("• One activity gives a person {n} points at most.", n=n),
    ),
    Rule(
        "granted_alone",
        Section.HAND,
        0,
        POINTS_MAX,
        say("By hand alone"),
        say("How many points may an admin give by hand without a second one?"),
        lambda n: say("• By hand an admin gives up to {n} points; for more a second admin agrees.", n=n),
    ),
    Rule(
        "granted_month",
        Section.HAND,
        0,
        POINTS_MAX,
        say("By hand a month"),
        say("How many points may a person get by hand in a month?"),
        lambda n: say("• By hand a person gets {n} points a month at most.", n=n),
    ),
)
BY_NAME = {rule.name: rule for rule in RULES}


def rule_of(name: str) -> Rule:
    """The rule of this name, which anybody can forge in a button. Raises Refused."""
    if name not in BY_NAME:
        raise Refused(say("There is no such rule. Nothing was changed."), WayOut(say("The rules"), "points.rules"))
    return BY_NAME[name]


def in_section(section: str) -> tuple[Rule, ...]:
    """The rules that are changed together."""
    return tuple(rule for rule in RULES if rule.section == section)


def check_bounds(name: str, number: int) -> None:
    """Raises Refused for a number that no rule of this name can have."""
    rule = rule_of(name)
    if not rule.low <= number <= rule.high:
        raise Refused(
            say(
                "{rule}: it must be a whole number from {low} to {high}. Nothing was saved.",
                rule=rule.label,
                low=rule.low,
                high=rule.high,
            )
        )
