"""Each rule of points that can be changed: its bounds, what it is called and what it says. A rule is one entry here."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.locales import Said, say, say_n
from bot.refusal import Refused, WayOut

POINTS_MAX = 1_000_000
# A kind of activity counts by so many tenths of what stands on its card.
TENTHS, TENTHS_MAX = 10, 100


class Section(StrEnum):
    """Rules that are read and changed together."""

    ACTIVITIES = "activities"
    KINDS = "kinds"
    EVIDENCE = "evidence"
    HAND = "hand"
    GIFTS = "gifts"
    BUDGETS = "budgets"
    APPEALS = "appeals"
    EXPIRY = "expiry"


SECTIONS = {
    Section.ACTIVITIES: say("Activities"),
    Section.KINDS: say("By kind"),
    Section.EVIDENCE: say("How it is proved"),
    Section.HAND: say("By hand"),
    Section.GIFTS: say("Giving"),
    Section.BUDGETS: say("Budgets of groups"),
    Section.APPEALS: say("Appeals"),
    Section.EXPIRY: say("Expiry"),
}
KIND_NAMES = {"task": say("Volunteer task"), "duty": say("Duty"), "visit": say("Visit")}


def plain(number: int) -> Said:
    """A number as it is."""
    return say("{n}", n=number)


def most(number: int) -> Said:
    """A number that is the most there may be; 0 is no limit."""
    return plain(number) if number else say("no limit")


def times(tenths: int) -> Said:
    """Tenths as people write them: ×1.5."""
    return say("×{times}", times=f"{tenths / TENTHS:g}")


def percent(number: int) -> Said:
    """A part of the whole."""
    return say("{n} %", n=number)


@dataclass(frozen=True)
class Rule:
    """One whole number: its column in `point_rules`, from `low` to `high`.

    `label` stands on the button, `ask` asks for the number, and `sentence` says it to everybody: None where there is
    nothing to say. `choices` are offered beside typing, and `show` writes a number.
    """

    name: str
    section: Section
    low: int
    high: int
    label: Said
    ask: Said
    sentence: Callable[[int], Said | None]
    choices: tuple[int, ...] = ()
    show: Callable[[int], Said] = plain


def _kind(kind: str) -> Rule:
    """By how much one kind of activity counts."""
    name = KIND_NAMES[kind]
    return Rule(
        f"{kind}_tenths",
        Section.KINDS,
        0,
        TENTHS_MAX,
        name,
        say("By how many tenths of the points on its card does it count? 10 is as the card says, 15 one and a half."),
        lambda tenths: (
            None
            if tenths == TENTHS
            else say(
                "• {kind} counts {times}: 10 points on the card become {tenths}.",
                kind=name,
                times=times(tenths),
                tenths=tenths,
            )
        ),
        (5, 10, 15, 20),
        times,
    )


def _grade(grade: str, label: Said, sentence: Callable[[int], Said]) -> Rule:
    """Which part of the points an evidence of this grade gives."""
    return Rule(
        f"grade_{grade}_percent",
        Section.EVIDENCE,
        0,
        100,
        label,
        say("How many percent of the points does it give? 0 gives none."),
        sentence,
        (0, 50, 100),
        percent,
    )


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
        "day_max",
        Section.ACTIVITIES,
        0,
        POINTS_MAX,
        say("A day at most"),
        say("How many points may activities of one day give a person at most? 0 is no limit."),
        lambda n: say("• Activities of one day give a person {n} points at most.", n=n) if n else None,
        show=most,
    ),
    Rule(
        "month_max",
        Section.ACTIVITIES,
        0,
        POINTS_MAX,
        say("A month at most"),
        say("How many points may activities of one month give a person at most? 0 is no limit."),
        lambda n: say("• Activities of one month give a person {n} points at most.", n=n) if n else None,
        show=most,
    ),
    *(_kind(kind) for kind in KIND_NAMES),
    _grade("a", say("Own check-in (A)"), lambda n: say("• Your own check-in (A) gives {n} % of the points.", n=n)),
    _grade("b", say("By the roll (B)"), lambda n: say("• The roll (B) gives {n} % of the points.", n=n)),
    _grade(
        "c",
        say("Afterwards (C)"),
        lambda n: say("• What is written down afterwards (C) gives {n} % of the points.", n=n),
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
    Rule(
        "gift_once",
        Section.GIFTS,
        0,
        POINTS_MAX,
        say("A gift at most"),
        say("How many points may a member give away at once? 0: nobody gives any."),
        lambda n: say("• At once you give {n} points at most.", n=n) if n else say("• Nobody gives points away."),
    ),
    Rule(
        "gift_month",
        Section.GIFTS,
        0,
        POINTS_MAX,
        say("Gifts a month"),
        say("How many points may a member give away in a month? 0: nobody gives any."),
        lambda n: say("• In a month you give {n} points at most.", n=n) if n else say("• Nobody gives points away."),
    ),
    Rule(
        "gift_hours",
        Section.GIFTS,
        0,
        720,
        say("Hours to think it over"),
        say("How many hours may a member take a gift back? 0: it is final at once."),
        lambda n: (
            say_n(
                "• For {n} hour you can take a gift back; then it is final.",
                "• For {n} hours you can take a gift back; then it is final.",
                n,
            )
            if n
            else say("• A gift is final at once.")
        ),
    ),
    Rule(
        "budget_once",
        Section.BUDGETS,
        0,
        POINTS_MAX,
        say("A reward at most"),
        say("How many points may a leader reward one person with at once? 0: nobody rewards."),
        lambda n: (
            say("• Out of a group's budget a leader rewards a person with {n} points at once at most.", n=n)
            if n
            else say("• Groups reward nobody with points.")
        ),
    ),
    Rule(
        "appeal_days",
        Section.APPEALS,
        1,
        60,
        say("An appeal is answered in"),
        say("Within how many days is an appeal against an entry answered?"),
        lambda n: say_n(
            "• An appeal against an entry is answered within {n} day, by an admin who had no hand in it.",
            "• An appeal against an entry is answered within {n} days, by an admin who had no hand in it.",
            n,
        ),
    ),
    Rule(
        "expiry_years",
        Section.EXPIRY,
        0,
        50,
        say("Expiry in years"),
        say(
            "After how many years do points expire? They go on 31 December of that year; 0 is never. It can become shorter only "
            "for points that come from now on: what people have keeps the longest that it was promised, also “never”."
        ),
        lambda n: (
            say_n(
                "• Points expire on 31 December, {n} year after the year in which they came.",
                "• Points expire on 31 December, {n} years after the year in which they came.",
                n,
            )
            if n
            else say("• Points don't expire.")
        ),
        choices=(0, 1, 2, 3, 5),
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
