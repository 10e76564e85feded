"""Figures of the county: nobody types one that the bot can count."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from bot.domain import days, points
from bot.domain.activities import Kind, listed_in
from bot.domain.days import Active, Figures
from bot.locales import say
from bot.refusal import Refused
from bot.storage import Transaction

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
    figures: Figures


@dataclass(frozen=True)
class Day:
    """What happened in one day of a month."""

    name: str
    figures: Figures


@dataclass(frozen=True)
class Statistics:
    """Everything that /stats shows; `is_behind`: the scheduler has not kept all days that are over."""

    totals: Totals
    active: Active
    months: list[Month]
    is_behind: bool


# Questions


async def totals(tx: Transaction) -> Totals:
    """How things stand now."""
    issued = await points.totals(tx)
    return Totals(
        people=await days.people_here(tx),
        groups=await tx.value("SELECT COUNT(*) FROM groups WHERE closed_at IS NULL"),
        memberships=await tx.value(
            "SELECT CAST(COALESCE(SUM(members), 0) AS BIGINT) FROM groups WHERE closed_at IS NULL"
        ),
        tasks=await _ahead(tx, Kind.TASK),
        events=await _ahead(tx, Kind.EVENT),
        points=issued.issued - issued.redeemed - issued.expired,
    )


async def _ahead(tx: Transaction, kind: Kind) -> int:
    return int(
        await tx.value(
            f"SELECT COUNT(*) FROM activities WHERE kind IN ({listed_in(kind)}) AND state = 'open' AND starts_at > :now",  # noqa: S608
            now=tx.now,
        )
    )


async def statistics(tx: Transaction) -> Statistics:
    """All of it: as things stand, and the last months since there is a county, the newest first, which is still running."""
    bounds, first = _bounds(tx, MONTHS), await days.first_day(tx)
    return Statistics(
        await totals(tx),
        await days.active(tx),
        [await _month(tx, start, end) for end, start in pairwise(bounds) if end.timestamp() > first],
        await days.is_behind(tx),
    )


def _bounds(tx: Transaction, number: int) -> list[datetime]:
    """The first instants of the next month and of `number` months before it, in the county's zone."""
    first = tx.local(tx.now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return [_moved(first, 1 - back) for back in range(number + 1)]


def _moved(first: datetime, months: int) -> datetime:
    """The first instant of a month so many months later."""
    number = first.year * 12 + first.month - 1 + months
    return first.replace(year=number // 12, month=number % 12 + 1)


async def _month(tx: Transaction, start: datetime, end: datetime) -> Month:
    return Month(f"{start:%Y-%m}", await days.between(tx, int(start.timestamp()), int(end.timestamp())))


async def days_of(tx: Transaction, number: int) -> list[Day]:
    """What a month is made of; its number is 202611. Raises Refused for one that no calendar has."""
    year, month = divmod(number, 100)
    if not (1970 <= year < 9999 and 1 <= month <= 12):
        raise Refused(say("There is no month with the number {number}.", number=number))
    start = tx.local(tx.now).replace(year=year, month=month, day=1, hour=0, minute=0, second=0, microsecond=0)
    found = await days.each_of(tx, int(start.timestamp()), int(_moved(start, 1).timestamp()))
    return [Day(f"{tx.local(day):%Y-%m-%d}", figures) for day, figures in found]
