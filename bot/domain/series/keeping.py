"""What templates and series keep of one person, and what must be so of all rows together."""

from typing import Any

from bot.domain.people import Becoming, Person, move, rows_of, share, stay
from bot.domain.promises import Broken, Promise, broken
from bot.storage import Transaction

KNOWN = {
    "templates": "SELECT * FROM templates WHERE made_by = :id ORDER BY id",
    "series begun": "SELECT * FROM series WHERE made_by = :id ORDER BY id",
    "series joined": "SELECT series_id, made_at FROM series_followers WHERE person_id = :id ORDER BY id",
}
PROMISES = (
    Promise(
        "once",
        "A series has one occurrence a day of its rule.",
        "SELECT series_id, series_day, COUNT(*) AS many FROM activities WHERE series_id IS NOT NULL "
        "GROUP BY series_id, series_day HAVING COUNT(*) > 1",
    ),
    Promise(
        "home",
        "An occurrence is of the group of its series.",
        "SELECT a.id, a.series_id FROM activities a JOIN series s ON s.id = a.series_id "
        "WHERE COALESCE(a.group_id, 0) <> COALESCE(s.group_id, 0) OR a.series_day IS NULL",
    ),
    Promise(
        "followers",
        "Nobody who left is signed up for what is still to be made.",
        "SELECT f.id FROM series_followers f JOIN people p ON p.id = f.person_id WHERE p.forgotten_at IS NOT NULL",
    ),
)


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Every row that names this person, by what it is."""
    return await rows_of(tx, KNOWN, person)


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well."""
    return await broken(tx, PROMISES)


MERGED = (
    *stay("series", "made_by"),
    move("series_followers", "person_id", once=("series_id",), rest="goes"),
)


async def merged(tx: Transaction, it: Becoming) -> None:
    """Whoever follows a series goes on following it, once."""
    await share(tx, MERGED, it)
