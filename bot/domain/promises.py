"""What must hold of the rows at every moment: each promise is one query for the rows that break it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.storage import Transaction

ROWS_SHOWN = 5


@dataclass(frozen=True)
class Promise:
    """A sentence, and the query that finds what contradicts it."""

    name: str
    promise: str
    sql: str


@dataclass(frozen=True)
class Broken:
    """A promise that does not hold: its name, what it promises, and the first rows that break it."""

    name: str
    promise: str
    rows: tuple[Mapping[str, Any], ...]


async def broken(tx: Transaction, promises: Iterable[Promise]) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well. Reads whole tables: seconds for millions."""
    found = []
    for promise in promises:
        rows = await tx.all(f"{promise.sql} LIMIT {ROWS_SHOWN}")
        if rows:
            found.append(Broken(promise.name, promise.promise, tuple(dict(row) for row in rows)))
    return found
