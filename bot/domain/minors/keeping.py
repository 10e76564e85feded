"""What is kept of guardians and children, and how either is forgotten."""

from typing import Any

from bot.cards import Button, card
from bot.domain import people
from bot.domain.minors.consenting import NOT_THEIRS
from bot.domain.people import Becoming, Person, move, rows_of, share, stay, told
from bot.domain.promises import Broken, Promise, broken
from bot.locales import Said, say
from bot.storage import Transaction

KNOWN = {
    "guardians": "SELECT id, guardian_id, made_at, consented_at, withdrawn_at FROM guardianships WHERE person_id = :id "
    "ORDER BY id",
    "who picks up": "SELECT id, child_id, name, named_at, gone_at FROM pickers WHERE child_id = :id OR named_by = :id ORDER BY id",
    "children": "SELECT id, person_id, consented_at, withdrawn_at FROM guardianships WHERE guardian_id = :id ORDER BY id",
}
PROMISES = (
    Promise(
        "consent",
        "Nobody has agreed for himself.",
        "SELECT id FROM guardianships WHERE guardian_id = person_id",
    ),
)


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Who agreed for this person, and for whom he has."""
    return await rows_of(tx, KNOWN, person)


LEFT_ALONE = """
    SELECT p.* FROM people p WHERE p.forgotten_at IS NULL AND p.age IN ('child', 'youth')
    AND EXISTS (SELECT 1 FROM guardianships g WHERE g.person_id = p.id AND g.guardian_id = :id AND g.withdrawn_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM guardianships o WHERE o.person_id = p.id AND o.guardian_id <> :id AND o.withdrawn_at IS NULL)
    ORDER BY p.id /*pg FOR NO KEY UPDATE*/
"""


async def left_alone_by(tx: Transaction, guardian: Person) -> list[Person]:
    """The children for whom nobody else has agreed: held, so that none is signed up while that ends."""
    return [people.of_row(row) for row in await tx.all(LEFT_ALONE, id=guardian.id)]


async def forget(tx: Transaction, person: Person) -> None:
    """His consents end; children who lose theirs are told. Whom he named, or who picked him up, is nameless."""
    await tx.run(
        "UPDATE pickers SET name = '', gone_at = COALESCE(gone_at, CAST(:now AS BIGINT)) WHERE child_id = :id OR named_by = :id",
        now=tx.now,
        id=person.id,
    )
    await tx.run(
        "UPDATE guardianships SET withdrawn_at = :now "
        "WHERE person_id = :id AND consented_at IS NOT NULL AND withdrawn_at IS NULL",
        now=tx.now,
        id=person.id,
    )
    words = say(
        "{name} has left, and with that the consent has ended: you are withdrawn from what was ahead. "
        "Another guardian can agree.",
        name=person.nickname,
    )
    await _end_consents(tx, person, words)


async def end_as_guardian(tx: Transaction, person: Person) -> None:
    """Somebody turns out to be under 18: what he agreed to for others ends, and they are told."""
    words = say(
        "{name}, who had agreed for you, is under 18, as it turns out, and with that the consent has ended: you are withdrawn "
        "from what was ahead. Another guardian can agree.",
        name=person.nickname,
    )
    await _end_consents(tx, person, words)


async def _end_consents(tx: Transaction, person: Person, words: Said) -> None:
    """He is nobody's guardian any more; children who have no other are told, and whom he named picks nobody up."""
    alone = await left_alone_by(tx, person)
    await tx.run("UPDATE pickers SET gone_at = :now WHERE named_by = :id AND gone_at IS NULL", now=tx.now, id=person.id)
    await tx.run(
        "UPDATE guardianships SET withdrawn_at = :now WHERE guardian_id = :id AND withdrawn_at IS NULL",
        now=tx.now,
        id=person.id,
    )
    for child in alone:
        await people.tell(tx, child, card(words, rows=((Button(say("Ask my guardian"), "minors.ask"),),)))


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well."""
    return await broken(tx, PROMISES)


MERGED = (
    *told("guardianships", "guardian_id", "person_id"),
    *told("pickers", "named_by"),
    *told("pickers", "child_id"),
    # Once a child and activity, as far as it was not undone.
    move("pick_ups", "child_id", once=("activity_id",)),
    *stay("pick_ups", "guardian_id", "noted_by"),
)


async def are_family(tx: Transaction, one: int, other: int) -> bool:
    """Is one of them a guardian of the other? Then they are two people."""
    found = await tx.value(
        "SELECT 1 FROM guardianships WHERE (guardian_id = :one AND person_id = :other) "
        "OR (guardian_id = :other AND person_id = :one) LIMIT 1",
        one=one,
        other=other,
    )
    return found is not None


WARDS = """
    SELECT p.* FROM people p WHERE p.forgotten_at IS NULL AND p.age IN ('child', 'youth') AND EXISTS
        (SELECT 1 FROM guardianships g WHERE g.person_id = p.id AND g.guardian_id = :id AND g.withdrawn_at IS NULL)
    ORDER BY p.id
"""


async def _go_on_as_guardian(tx: Transaction, it: Becoming) -> None:
    """What he agreed to, and whom he named, is the word of the record that stays; each child hears whose."""
    children = [people.of_row(row) for row in await tx.all(WARDS, id=it.old.id)]
    for table, column in (("guardianships", "guardian_id"), ("pickers", "named_by")):
        await tx.run(f"UPDATE {table} SET {column} = :into WHERE {column} = :old", into=it.into.id, old=it.old.id)  # noqa: S608
    words = say(
        "👪 Two records of your guardian {name} have become one. The consent stands, and so does what you have signed up "
        "for. If {name} is not your guardian, please tell a county admin.",
        name=it.into.nickname,
    )
    for child in children:
        await people.tell(tx, child, card(words))


async def merged(tx: Transaction, it: Becoming) -> None:
    """A guardian's consent goes on with his record; the one for this person does where he has none under the other number.

    Nobody is the ward of somebody under 18.
    """
    if it.into.is_minor:
        words = say(
            "Your guardian's record has become that of {name}, who is under 18, and with that the consent has ended: you are "
            "withdrawn from what was ahead. Another guardian can agree.",
            name=it.into.nickname,
        )
        await _end_consents(tx, it.old, words)
    else:
        await _go_on_as_guardian(tx, it)
    await share(tx, MERGED, it)
    if not await tx.value(
        "SELECT 1 FROM guardianships WHERE person_id = :into AND withdrawn_at IS NULL AND consented_at IS NOT NULL",
        into=it.into.id,
    ):
        await _go_on_as_child(tx, it)


# Both may have been named: whoever picks up the record that stays does so under one name.
NAMED_TWICE = """
    UPDATE pickers SET gone_at = :now WHERE child_id = :old AND gone_at IS NULL AND EXISTS
        (SELECT 1 FROM pickers o WHERE o.child_id = :into AND o.gone_at IS NULL AND lower(o.name) = lower(pickers.name))
"""


async def _go_on_as_child(tx: Transaction, it: Becoming) -> None:
    """The consent for the old record is that of the one that stays, with whom its guardian named."""
    both = {"into": it.into.id, "old": it.old.id}
    await tx.run("UPDATE guardianships SET person_id = :into WHERE person_id = :old", **both)
    await tx.run(NOT_THEIRS, child=it.into.id, now=tx.now)
    await tx.run(NAMED_TWICE, **both, now=tx.now)
    await tx.run("UPDATE pickers SET child_id = :into WHERE child_id = :old", **both)
