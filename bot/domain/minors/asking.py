"""Questions about guardians and children."""

import hashlib

from bot.config import Minors
from bot.domain import people
from bot.domain.minors.things import Guardianship, needs_guardian
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

COLUMNS = "id, guardian_id, consented_at, person_id, withdrawn_at, made_at"


def digest(token: str) -> str:
    """What is kept of a token: its SHA-256, in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


async def by_token(tx: Transaction, token: str, oldest: int) -> Guardianship:
    """What the token stands for. Raises Refused for one that is unknown, used or made before `oldest`."""
    row = await tx.one(
        f"SELECT {COLUMNS} FROM guardianships WHERE token_hash = :hash AND withdrawn_at IS NULL",  # noqa: S608
        hash=digest(token),
    )
    if row is None or (row["consented_at"] is None and row["made_at"] < oldest):
        raise Refused(
            say("This link is not valid any more. Nothing was saved; your child makes a new one by pressing /start.")
        )
    return Guardianship(**row)


# Whoever took his consent back can give it again, until another guardian has agreed; of somebody grown up nobody is guardian.
HIS_CHILD = """
    g.guardian_id = :guardian AND p.forgotten_at IS NULL AND p.age IN ('child', 'youth')
    AND (g.withdrawn_at IS NULL OR NOT EXISTS (SELECT 1 FROM guardianships o
        WHERE o.person_id = g.person_id AND o.guardian_id IS NOT NULL AND o.withdrawn_at IS NULL))
"""


async def child_of(tx: Transaction, child_id: int, guardian: Person) -> Person:
    """The child, if `guardian` has agreed for it and nobody has taken his place. Raises Refused."""
    row = await tx.one(
        f"SELECT p.* FROM guardianships g JOIN people p ON p.id = g.person_id WHERE g.person_id = :child AND {HIS_CHILD} "  # noqa: S608
        "ORDER BY g.id DESC LIMIT 1",
        child=child_id,
        guardian=guardian.id,
    )
    if row is None:
        raise Refused(
            say("You are not this person's guardian here. Nothing was changed."), WayOut(say("Me"), "people.me")
        )
    return people.of_row(row)


async def guardian_of(tx: Transaction, child: Person) -> Person | None:
    """Whoever has agreed for the child and stands by it."""
    row = await tx.one(
        "SELECT p.* FROM guardianships g JOIN people p ON p.id = g.guardian_id "
        "WHERE g.person_id = :child AND g.withdrawn_at IS NULL ORDER BY g.id DESC LIMIT 1",
        child=child.id,
    )
    return people.of_row(row) if row else None


async def keeper_of(tx: Transaction, child: Person) -> Person | None:
    """Who picks up a child that is there: its guardian, or whoever agreed last, where that was taken back meanwhile."""
    row = await tx.one(
        "SELECT p.* FROM guardianships g JOIN people p ON p.id = g.guardian_id "
        "WHERE g.person_id = :child AND p.forgotten_at IS NULL "
        "ORDER BY CASE WHEN g.withdrawn_at IS NULL THEN 0 ELSE 1 END, g.id DESC LIMIT 1",
        child=child.id,
    )
    return people.of_row(row) if row else None


async def children_of(tx: Transaction, guardian: Person) -> list[tuple[Person, bool]]:
    """The children for whom `guardian` has agreed, each with whether that stands."""
    rows = await tx.all(
        "SELECT p.*, MAX(CASE WHEN g.withdrawn_at IS NULL THEN 1 ELSE 0 END) AS stands FROM guardianships g "  # noqa: S608
        f"JOIN people p ON p.id = g.person_id WHERE {HIS_CHILD} GROUP BY p.id ORDER BY p.id",
        guardian=guardian.id,
    )
    return [(people.of_row(row), bool(row["stands"])) for row in rows]


async def check_consent(tx: Transaction, person: Person, rules: Minors) -> None:
    """Raises Refused while somebody who needs a guardian's consent has none."""
    if needs_guardian(person.age, rules) and await guardian_of(tx, person) is None:
        raise Refused(
            say("At your age a parent or guardian has to agree first. Nothing was changed."),
            WayOut(say("Ask my guardian"), "minors.ask"),
        )
