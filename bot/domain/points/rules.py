"""The rules of points, version by version: what an activity gives at most, and what is given by hand. FEATURES row 78."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from bot.cards import Button, Page, card, page_of, window
from bot.config import House
from bot.domain import audit, people, telling
from bot.domain.audit import take_turn
from bot.domain.people import Person
from bot.domain.points.rulebook import RULES, TENTHS, Rule, check_bounds
from bot.domain.telling import Audience
from bot.due import Due
from bot.locales import Said, say
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction

RULES_TOLD = "points.rules.told"


@dataclass(frozen=True)
class Rules:
    """One version, all numbers for one person; what each of them says stands in the schema and in `rulebook`.

    `made_by` is None for the first, which the bot came with.
    """

    version: int
    why: str
    made_by: int | None
    made_at: int
    activity_max: int
    day_max: int
    month_max: int
    task_tenths: int
    duty_tenths: int
    visit_tenths: int
    grade_a_percent: int
    grade_b_percent: int
    grade_c_percent: int
    granted_alone: int
    granted_month: int
    gift_once: int
    gift_month: int
    gift_hours: int
    budget_once: int
    expiry_years: int
    appeal_days: int

    def number(self, rule: Rule) -> int:
        """What this version says of one rule."""
        return int(getattr(self, rule.name))

    def tenths(self, kind: str) -> int:
        """By how many tenths a kind of activity counts; one without a rule of its own counts as its card says."""
        return int(getattr(self, f"{kind}_tenths", TENTHS))

    def percent(self, grade: str) -> int:
        """Which part of the points an evidence of this grade (A to C) gives."""
        return int(getattr(self, f"grade_{grade.lower()}_percent"))


@dataclass(frozen=True)
class Version:
    """A version, the one before it, and the rules that it changed: all of them in the first."""

    rules: Rules
    before: Rules | None
    changed: tuple[Rule, ...]


# Questions


async def current(tx: Transaction) -> Rules:
    """The rules that are in force."""
    row = await tx.one("SELECT * FROM point_rules ORDER BY version DESC LIMIT 1")
    assert row is not None, "a migration put the first there"
    return Rules(**row)


async def version(tx: Transaction, number: int) -> Version:
    """One version, with what it changed. Raises Refused where there is none."""
    rows = await tx.all(
        "SELECT * FROM point_rules WHERE version IN (:number, :before) ORDER BY version DESC",
        number=number,
        before=number - 1,
    )
    if not rows or rows[0]["version"] != number:
        raise Refused(say("There is no such version of the rules."), WayOut(say("The rules"), "points.rules"))
    return _versions(rows)[0]


async def versions(tx: Transaction, number: int) -> Page:
    """A page of all versions, the newest first; `items` are of Version."""
    rows = await tx.all(
        "SELECT * FROM point_rules ORDER BY version DESC LIMIT :limit OFFSET :offset",
        **window(number),
    )
    return page_of(_versions(rows), number)


def _versions(rows: Sequence[Row]) -> list[Version]:
    """Versions, the newest first, each held against the one before it."""
    found = [Rules(**row) for row in rows]
    befores: list[Rules | None] = [*found[1:], None][: len(found)]
    return [
        Version(now, before, tuple(rule for rule in RULES if before is None or now.number(rule) != before.number(rule)))
        for now, before in zip(found, befores, strict=True)
    ]


async def check_activity(tx: Transaction, amount: int) -> None:
    """Raises Refused for more points than the rules let one activity give."""
    rules = await current(tx)
    if amount > rules.activity_max:
        raise Refused(
            say(
                "{amount} points are more than the rules let one activity give: {limit}. Nothing was saved.",
                amount=amount,
                limit=rules.activity_max,
            ),
            WayOut(say("The rules"), "points.rules"),
        )


# Deeds


NUMBERS = tuple(field.name for field in fields(Rules) if field.name not in ("version", "why", "made_by", "made_at"))
INSERT = f"""
    INSERT INTO point_rules (version, why, made_by, made_at, {", ".join(NUMBERS)})
    VALUES (:version, :why, :made_by, :made_at, {", ".join(f":{name}" for name in NUMBERS)})
"""  # noqa: S608 - the names of columns


async def change(tx: Transaction, base: int, amounts: Mapping[str, int], why: str, *, by: Person) -> Rules:
    """Put new rules into force, and announce them; what was written by older ones stays as it is.

    `base` is the version that whoever changes them has read; `amounts` are the new numbers by the names of their rules.
    Raises Refused for everybody but admins, for numbers out of bounds, when others have changed them since, and when
    nothing would change.
    """
    people.only_admins(by)
    for name, amount in amounts.items():
        check_bounds(name, amount)
    await take_turn(tx)
    before = await current(tx)
    check_base(before, base)
    new = {name: amount for name, amount in amounts.items() if getattr(before, name) != amount}
    if not new:
        raise Refused(say("That is what the rules say already. Nothing was saved."))
    written = {**asdict(before), **new, "version": base + 1, "why": why, "made_by": by.id, "made_at": tx.now}
    await tx.run(INSERT, **written)
    await audit.note(tx, "points.rules.changed", f"rules:{base + 1}", by=by.id, **new, why=why)
    await telling.begin(tx, RULES_TOLD, f"rules:{base + 1}")
    return await current(tx)


def check_base(in_force: Rules, base: int) -> None:
    """Raises Refused when others have changed the rules since they were read."""
    if in_force.version != base:
        raise Refused(
            say("The rules were changed meanwhile. Nothing was saved; please read them again."),
            WayOut(say("The rules"), "points.rules"),
        )


async def tell_rules(tx: Transaction, item: Due, house: House) -> None:
    """Announce a version to everybody who is here, a slice at a time."""
    number = int(item.subject.split(":")[1])
    screen = card(
        say("📜 The rules of points have changed; this is version {version}.", version=number),
        *version_words(await version(tx, number)),
        say("What you have stays as it is."),
        rows=((Button(say("How points come and go"), "points.handbook"),),),
    )
    await telling.spread(tx, item, f"rules:{number}", Audience("FROM people p WHERE p.forgotten_at IS NULL"), screen)


# Words


def rule_words(rules: Rules, chosen: Iterable[Rule] = RULES) -> tuple[Said, ...]:
    """Some of the rules in sentences, as one version has them; those that ask nothing of anybody say nothing."""
    return tuple(words for rule in chosen if (words := rule.sentence(rules.number(rule))) is not None)


def version_words(version: Version) -> tuple[Said, ...]:
    """What a version changed, in sentences with the number that was in force so far, and why."""
    now, before, why = version.rules, version.before, version.rules.why
    changes = (
        tuple(_change_words(rule, before.number(rule), now.number(rule)) for rule in version.changed)
        if before
        else rule_words(now, version.changed)
    )
    return (*changes, *((say("Why it changed: {why}", why=why),) if why else ()))


def _change_words(rule: Rule, old: int, new: int) -> Said:
    """A rule that asks nothing of anybody from now on has no sentence; that it has gone is said all the same."""
    sentence = rule.sentence(new)
    if sentence is None:
        return say("• {rule}: {old} → {new}", rule=rule.label, old=rule.show(old), new=rule.show(new))
    return say("{sentence} (so far: {old})", sentence=sentence, old=rule.show(old))
