"""What templates and series keep of one person, and what must be so of all rows together."""

from typing import Any

from bot.domain.people import Person
from bot.domain.promises import Broken, Promise, broken
from bot.storage import Transaction

KNOWN = {"templates": "SELECT * FROM templates WHERE made_by = :id ORDER BY id"}
PROMISES: tuple[Promise, ...] = ()


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Every row that names this person, by what it is."""
    return {name: [dict(row) for row in await tx.all(sql, id=person.id)] for name, sql in KNOWN.items()}


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well."""
    return await broken(tx, PROMISES)
