"""Figures of the county: nobody types one that the bot can count."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from bot.domain import points
from bot.domain.activities import Kind
from bot.storage import Transaction

ACTIVE_DAYS = 30
DAY = 24 * 3600
MONTHS = 6


@dataclass(frozen=True)
class Totals:
    """How things stand now."""

    people: int
    groups: int
    memberships: int
    tasks: int
    events: int
    points: int


@dataclass(frozen=True)
class Month:
    """What happened in one month of the county's calendar."""

    name: str
    registered: int
    sign_ups: int
    confirmed: int
    points: int


# Questions


async def totals(tx: Transaction) -> Totals:
    """How things stand now."""
    issued = await points.totals(tx)
    return Totals(
        people=await tx.value("SELECT COUNT(*) FROM people WHERE forgotten_at IS NULL"),
        groups=await tx.value("SELECT COUNT(*) FROM groups WHERE closed_at IS NULL"),
        memberships=await tx.value(
            "SELECT CAST(COALESCE(SUM(members), 0) AS BIGINT) FROM groups WHERE closed_at IS NULL"
        ),
        tasks=await _ahead(tx, Kind.TASK),
        events=await _ahead(tx, Kind.EVENT),
        points=issued.issued - issued.redeemed - issued.expired,
    )


async def active(tx: Transaction) -> int:
    """How many people wrote or pressed something in the last 30 days. Looks at everybody once."""
    return int(
        await tx.value(
            "SELECT COUNT(*) FROM people p WHERE forgotten_at IS NULL AND EXISTS (SELECT 1 FROM inbox i "
            "WHERE i.line = p.telegram_id AND i.kept_at > :since AND i.state <> 'new' AND i.bot = :bot)",
            bot=tx.bot,
            since=tx.now - ACTIVE_DAYS * DAY,
        )
    )


async def _ahead(tx: Transaction, kind: Kind) -> int:
    return int(
        await tx.value(
            "SELECT COUNT(*) FROM activities WHERE kind = :kind AND state = 'open' AND starts_at > :now",
            kind=kind,
            now=tx.now,
        )
    )


async def months(tx: Transaction, number: int = MONTHS) -> list[Month]:
    """The last months, the newest first; the first of them is still running."""
    bounds = _bounds(tx, number)
    return [await _month(tx, start, end) for end, start in pairwise(bounds)]


def _bounds(tx: Transaction, number: int) -> list[datetime]:
    """The first instants of the next month and of `number` months before it, in the county's zone."""
    first = tx.local(tx.now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = first.year * 12 + first.month
    return [first.replace(year=(months - back) // 12, month=(months - back) % 12 + 1) for back in range(number + 1)]


async def _month(tx: Transaction, start: datetime, end: datetime) -> Month:
    span = {"start": int(start.timestamp()), "end": int(end.timestamp())}
    return Month(
        f"{start:%Y-%m}",
        await tx.value(
            "SELECT COUNT(*) FROM people WHERE forgotten_at IS NULL AND registered_at >= :start AND registered_at < :end",
            **span,
        ),
        await tx.value("SELECT COUNT(*) FROM participations WHERE made_at >= :start AND made_at < :end", **span),
        await tx.value(
            "SELECT COUNT(*) FROM participations WHERE came = 1 AND confirmed_at >= :start AND confirmed_at < :end",
            **span,
        ),
        await _issued(tx, **span),
    )


async def _issued(tx: Transaction, start: int, end: int) -> int:
    """Points issued, less those taken back. Transfers are numbered in time, so a month is a range of numbers."""
    first = await tx.value("SELECT id FROM transfers WHERE at >= :start ORDER BY at, id LIMIT 1", start=start)
    after = await tx.value("SELECT id FROM transfers WHERE at >= :end ORDER BY at, id LIMIT 1", end=end)
    if first is None:
        return 0
    return int(
        await tx.value(
            "SELECT CAST(COALESCE(-SUM(e.amount), 0) AS BIGINT) FROM accounts a JOIN entries e ON e.account_id = a.id "
            "AND e.transfer_id >= :first AND e.transfer_id < :after WHERE a.kind = 'issue' AND a.unit = 'points'",
            first=first,
            after=after if after is not None else 2**62,
        )
    )
