"""Who may pick a child up: those whom its guardian named, and nobody else."""

from dataclasses import dataclass

from bot.cards import press
from bot.domain.minors.asking import child_of
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

PICKERS_MAX = 5


@dataclass(frozen=True)
class Picker:
    """Somebody who may pick a child up, as the guardian calls him."""

    id: int
    child_id: int
    name: str


# Questions


async def pickers_of(tx: Transaction, child: Person) -> list[Picker]:
    """Whom the guardian of a child has named, in that order."""
    rows = await tx.all(
        "SELECT id, child_id, name FROM pickers WHERE child_id = :child AND gone_at IS NULL ORDER BY id", child=child.id
    )
    return [Picker(**row) for row in rows]


# Deeds

NAME = """
    INSERT INTO pickers (child_id, name, named_by, named_at) SELECT :child, :name, :by, :now
    WHERE (SELECT COUNT(*) FROM pickers WHERE child_id = :child AND gone_at IS NULL) < :most
    AND NOT EXISTS (SELECT 1 FROM pickers WHERE child_id = :child AND gone_at IS NULL AND folded(name) = folded(:name))
    ON CONFLICT DO NOTHING RETURNING id
"""


async def name_picker(tx: Transaction, child_id: int, name: str, *, by: Person) -> Person:
    """Let somebody pick the child up. Raises Refused for others' children, a name that is there, and too many."""
    child = await child_of(tx, child_id, by)
    await tx.one("SELECT id FROM people WHERE id = :id /*pg FOR NO KEY UPDATE*/", id=child.id)
    named = await tx.value(NAME, child=child.id, name=name, by=by.id, now=tx.now, most=PICKERS_MAX)
    if named is None:
        raise Refused(
            say("There can be {n} different names. Nothing was saved; take one away first.", n=PICKERS_MAX),
            WayOut(say("Who picks up"), press("minors.pickers", child.id)),
        )
    return child


async def unname_picker(tx: Transaction, picker_id: int, *, by: Person) -> Person:
    """Let somebody pick the child up no more. Raises Refused for others' children."""
    child_id = await tx.value("SELECT child_id FROM pickers WHERE id = :id", id=picker_id)
    child = await child_of(tx, child_id or 0, by)
    await tx.run("UPDATE pickers SET gone_at = :now WHERE id = :id AND gone_at IS NULL", now=tx.now, id=picker_id)
    return child
