"""The rules of points, version by version: what an activity gives at most, and what is given by hand. FEATURES row 78."""

from dataclasses import dataclass

from bot.cards import ROWS_PER_PAGE, Button, Page, card
from bot.config import House
from bot.domain import audit, people, telling
from bot.domain.audit import take_turn
from bot.domain.people import Person
from bot.domain.telling import Audience
from bot.due import Due
from bot.locales import Said, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

RULES_TOLD = "points.rules.told"
ACTIVITY_MAX, GRANTED_MAX = 1_000, 1_000_000


@dataclass(frozen=True)
class Rules:
    """One version: all amounts in points, for one person. `made_by` is None for the first, which the bot came with."""

    version: int
    activity_max: int
    granted_alone: int
    granted_month: int
    why: str
    made_by: int | None
    made_at: int


# Questions


async def current(tx: Transaction) -> Rules:
    """The rules that are in force."""
    row = await tx.one("SELECT * FROM point_rules ORDER BY version DESC LIMIT 1")
    assert row is not None, "a migration put the first there"
    return Rules(**row)


async def versions(tx: Transaction, number: int) -> Page:
    """A page of all versions, the newest first."""
    rows = await tx.all(
        "SELECT * FROM point_rules ORDER BY version DESC LIMIT :limit OFFSET :offset",
        limit=ROWS_PER_PAGE + 1,
        offset=number * ROWS_PER_PAGE,
    )
    return Page(tuple(Rules(**row) for row in rows[:ROWS_PER_PAGE]), number, len(rows) > ROWS_PER_PAGE)


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


async def change(
    tx: Transaction, base: int, activity_max: int, granted_alone: int, granted_month: int, why: str, *, by: Person
) -> Rules:
    """Put new rules into force, and announce them; what was written by older ones stays as it is.

    `base` is the version that whoever changes them has read. Raises Refused for everybody but admins, when others have
    changed them since, and when nothing would change.
    """
    people.only_admins(by)
    await take_turn(tx)
    before = await current(tx)
    if before.version != base:
        raise Refused(
            say("The rules were changed meanwhile. Nothing was saved; please read them again."),
            WayOut(say("The rules"), "points.rules"),
        )
    amounts = {"activity_max": activity_max, "granted_alone": granted_alone, "granted_month": granted_month}
    if all(getattr(before, name) == amount for name, amount in amounts.items()):
        raise Refused(say("That is what the rules say already. Nothing was saved."))
    await tx.run(
        "INSERT INTO point_rules (version, activity_max, granted_alone, granted_month, why, made_by, made_at) "
        "VALUES (:version, :activity_max, :granted_alone, :granted_month, :why, :by, :now)",
        version=base + 1,
        **amounts,
        why=why,
        by=by.id,
        now=tx.now,
    )
    await audit.note(tx, "points.rules.changed", f"rules:{base + 1}", by=by.id, **amounts, why=why)
    await telling.begin(tx, RULES_TOLD, f"rules:{base + 1}")
    return await current(tx)


async def tell_rules(tx: Transaction, item: Due, house: House) -> None:
    """Announce a version to everybody who is here, a slice at a time."""
    version = int(item.subject.split(":")[1])
    row = await tx.one("SELECT * FROM point_rules WHERE version = :version", version=version)
    assert row is not None, "versions are never removed"
    screen = card(
        say("📜 The rules of points have changed; this is version {version}.", version=version),
        *rules_words(Rules(**row)),
        say("What you have stays as it is."),
        rows=((Button(say("How points come and go"), "points.handbook"),),),
    )
    await telling.spread(tx, item, f"rules:{version}", Audience("FROM people p WHERE p.forgotten_at IS NULL"), screen)


# Words


def rules_words(rules: Rules) -> tuple[Said, ...]:
    """A version in sentences."""
    return (
        say("• One activity gives a person {n} points at most.", n=rules.activity_max),
        say("• By hand an admin gives up to {n} points; for more a second admin agrees.", n=rules.granted_alone),
        say("• By hand a person gets {n} points a month at most.", n=rules.granted_month),
        *((say("Why it changed: {why}", why=rules.why),) if rules.why else ()),
    )
