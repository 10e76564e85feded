"""Figures of the county: nobody types one that the bot can count."""

from dataclasses import dataclass
from itertools import pairwise

from bot.domain import days, points
from bot.domain.activities import AHEAD_NUMBERS
from bot.domain.days import Active, Figures
from bot.locales import say
from bot.refusal import Refused
from bot.storage import Row, Transaction, Value

MONTHS = 6


@dataclass(frozen=True)
class Totals:
    """How things stand now; `groups` are those of interest, `nodes` the associations, schools and teams."""

    people: int
    groups: int
    nodes: int
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
    groups = await _row(
        tx,
        "SELECT COUNT(*) FILTER (WHERE kind = 'interest') AS n, COUNT(*) FILTER (WHERE kind <> 'interest') AS nodes, "
        "CAST(COALESCE(SUM(members), 0) AS BIGINT) AS members FROM groups WHERE closed_at IS NULL",
    )
    ahead = await _row(tx, AHEAD_NUMBERS, now=tx.now)
    return Totals(
        people=await days.people_here(tx),
        groups=groups["n"],
        nodes=groups["nodes"],
        memberships=groups["members"],
        tasks=ahead["tasks"],
        events=ahead["events"],
        points=issued.issued - issued.redeemed - issued.expired,
    )


async def _row(tx: Transaction, sql: str, **values: Value) -> Row:
    row = await tx.one(sql, **values)
    assert row is not None, "counts give a row"
    return row


async def statistics(tx: Transaction) -> Statistics:
    """All of it: as things stand, and the last months since there is a county, the newest first, which is still running."""
    begins, first = [days.month_begin(tx, back) for back in range(-1, MONTHS)], await days.first_day(tx)
    return Statistics(
        await totals(tx),
        await days.active(tx),
        await _months(tx, [(start, end) for end, start in pairwise(begins) if end > first]),
        await days.is_behind(tx),
    )


async def _months(tx: Transaction, spans: list[tuple[int, int]]) -> list[Month]:
    figures = await days.between_each(tx, spans)
    return [Month(f"{tx.local(start):%Y-%m}", found) for (start, _), found in zip(spans, figures, strict=True)]


async def days_of(tx: Transaction, number: int) -> list[Day]:
    """What a month is made of; its number is 202611. Raises Refused for one that no calendar has."""
    year, month = divmod(number, 100)
    if not (1970 <= year < 9999 and 1 <= month <= 12):
        raise Refused(say("There is no month with the number {number}.", number=number))
    back = tx.today.year * 12 + tx.today.month - year * 12 - month
    found = await days.each_of(tx, days.month_begin(tx, back), days.month_begin(tx, back - 1))
    return [Day(f"{tx.local(day):%Y-%m-%d}", figures) for day, figures in found]
