"""What an activity gives somebody by the rules: its kind and how it is proved make it more or less, limits cut it."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.audit import take_turn
from bot.domain.points import rules
from bot.domain.points.awarding import HIS, award, credit_of
from bot.domain.points.rulebook import KIND_NAMES, times
from bot.domain.points.rules import Rules
from bot.locales import Said, say
from bot.storage import Transaction

# A kind counts in tenths, a grade in percent.
WHOLE = 10 * 100


@dataclass(frozen=True)
class Done:
    """What somebody did: `kind` of activity, `grade` of the evidence (A to C), points `on_card`, the county's `day`."""

    cause: str
    kind: str
    grade: str
    on_card: int
    day: str


@dataclass(frozen=True)
class Award:
    """What it brought: `earned` by kind and grade, `given` after the limits; `cut_by` names the one that cut it, or is empty.

    `rule` is the version of the rules, `transfer_id` the entry: None where nothing was given.
    """

    on_card: int
    kind: str
    grade: str
    earned: int
    given: int
    cut_by: str
    rule: int
    transfer_id: int | None


# Rules


def worth(by: Rules, kind: str, grade: str, on_card: int) -> int:
    """What stands on the card, by the kind of activity and the evidence; a part of a point is dropped."""
    return on_card * by.tenths(kind) * by.percent(grade) // WHOLE


def cut(by: Rules, earned: int, day_had: int, month_had: int) -> tuple[int, str]:
    """What the limits leave of it, and which of them cut it most; the day and the month have had so much before."""
    left = {"activity_max": by.activity_max}
    left |= {"day_max": max(0, by.day_max - day_had)} if by.day_max else {}
    left |= {"month_max": max(0, by.month_max - month_had)} if by.month_max else {}
    tightest = min(left, key=lambda name: left[name])
    return (left[tightest], tightest) if left[tightest] < earned else (earned, "")


# Questions

COLUMNS = "on_card, kind, grade, earned, given, cut_by, rule, transfer_id"


async def award_for(tx: Transaction, person_id: int, cause: str) -> Award | None:
    """What this activity brought this person, if it was ever awarded by the rules."""
    row = await tx.one(
        f"SELECT {COLUMNS} FROM point_awards WHERE person_id IN ({HIS}) AND cause = :cause "  # noqa: S608 - constants
        "ORDER BY person_id = :person_id DESC, transfer_id DESC LIMIT 1",
        person_id=person_id,
        cause=cause,
    )
    return None if row is None else Award(**row)


GIVEN = """
    SELECT CAST(COALESCE(SUM(CASE WHEN day = :day THEN given ELSE 0 END), 0) AS BIGINT) AS of_day,
        CAST(COALESCE(SUM(given), 0) AS BIGINT) AS of_month
    FROM point_awards WHERE person_id IN ({his}) AND day >= :first AND day <= :last
"""


async def given_for(tx: Transaction, person_id: int, day: str) -> tuple[int, int]:
    """What activities of that day, and of its month, have given somebody; what was taken back since counts, it may return."""
    row = await tx.one(
        GIVEN.format(his=HIS),
        person_id=person_id,
        day=day,
        first=f"{day[:7]}-01",
        last=f"{day[:7]}-31",
    )
    assert row is not None, "a sum gives a row"
    return row["of_day"], row["of_month"]


# Deeds


async def earn(
    tx: Transaction, person_id: int, done: Done, *, reason: str, by: int | None, audit: int | None = None
) -> Award:
    """Give somebody what an activity brings by the rules in force, once for each activity; told again it is the same.

    Whoever gives waits for his turn first, so that two at once never pass a limit together. Several in one transaction
    are best made in the order of people's ids. `audit` is as in `award`.
    """
    await take_turn(tx)
    if (before := await award_for(tx, person_id, done.cause)) is not None:
        return before
    by_rules = await rules.current(tx)
    if (credit := await credit_of(tx, person_id, reason=reason, cause=done.cause)) is not None:
        had = credit.amount
        return Award(had, done.kind, done.grade, had, had, "", by_rules.version, credit.last_id)
    earned = worth(by_rules, done.kind, done.grade, done.on_card)
    given, cut_by = cut(by_rules, earned, *await given_for(tx, person_id, done.day))
    transfer_id = None
    if given:
        transfer_id = await award(tx, person_id, given, reason=reason, cause=done.cause, by=by, audit=audit)
    made = Award(done.on_card, done.kind, done.grade, earned, given, cut_by, by_rules.version, transfer_id)
    await tx.run(
        "INSERT INTO point_awards (person_id, cause, day, kind, grade, on_card, earned, given, cut_by, rule, transfer_id) "
        "VALUES (:person_id, :cause, :day, :kind, :grade, :on_card, :earned, :given, :cut_by, :rule, :transfer_id)",
        person_id=person_id,
        cause=done.cause,
        day=done.day,
        **made.__dict__,
    )
    return made


# Words

GRADE_NAMES = {
    "A": say("by your own check-in"),
    "B": say("by the roll"),
    "C": say("written down afterwards"),
}
# Of which limit, how much was earned, and how much was given.
CUTS: dict[str, Callable[[int, int, int], Said]] = {
    "activity_max": lambda limit, earned, given: say(
        "✂ One activity gives a person {limit} points at most: of {earned} you got {given}.",
        limit=limit,
        earned=earned,
        given=given,
    ),
    "day_max": lambda limit, earned, given: say(
        "✂ Activities of one day give a person {limit} points at most: of {earned} you got {given}.",
        limit=limit,
        earned=earned,
        given=given,
    ),
    "month_max": lambda limit, earned, given: say(
        "✂ Activities of one month give a person {limit} points at most: of {earned} you got {given}.",
        limit=limit,
        earned=earned,
        given=given,
    ),
}


async def award_words(tx: Transaction, found: Award) -> tuple[Said, ...]:
    """Why it is not what stood on the card; nothing where it is."""
    if found.given == found.on_card:
        return ()
    ruled = (await rules.version(tx, found.rule)).rules
    return (*worth_words(ruled, found.kind, found.grade, found.on_card), *_cut_words(found, ruled))


def worth_words(by: Rules, kind: str, grade: str, on_card: int) -> tuple[Said, ...]:
    """How kind and evidence make it more or less; nothing where they don't."""
    if (earned := worth(by, kind, grade, on_card)) == on_card:
        return ()
    return (
        say(
            "⚖ Of {n} points on the card the rules make {earned}: {kind} counts {times}, {grade} counts {percent} %.",
            n=on_card,
            kind=KIND_NAMES.get(kind, say("this kind")),
            times=times(by.tenths(kind)),
            grade=GRADE_NAMES[grade],
            percent=by.percent(grade),
            earned=earned,
        ),
    )


def _cut_words(found: Award, ruled: Rules) -> tuple[Said, ...]:
    if not found.cut_by:
        return ()
    return (CUTS[found.cut_by](getattr(ruled, found.cut_by), found.earned, found.given),)
