"""What every part promises of its rows, for whoever looks at a whole database: the doctor, backups and restores."""

from bot.domain import (
    activities,
    callouts,
    calls,
    council,
    feedback,
    groups,
    honours,
    hours,
    minors,
    neighbours,
    partners,
    points,
    projects,
    rotas,
    series,
    services,
    shop,
)
from bot.domain.promises import Broken
from bot.storage import Transaction

PARTS = (
    groups,
    points,
    hours,
    minors,
    neighbours,
    activities,
    partners,
    series,
    projects,
    rotas,
    feedback,
    honours,
    shop,
    council,
    calls,
    callouts,
    services,
)


async def all_broken(tx: Transaction) -> list[Broken]:
    """Every promise of any part that does not hold just now. Reads whole tables: seconds for millions."""
    return [fault for part in PARTS for fault in await part.invariants(tx)]
