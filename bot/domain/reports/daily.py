"""What the figures of one day are made of: each registration, sign-up, confirmation and issue of points."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.cards import Page, page_of, window
from bot.dates import instant_on
from bot.domain import days
from bot.domain.days import Figures
from bot.domain.points import Reason
from bot.locales import say
from bot.refusal import Refused
from bot.storage import Transaction

# Nobody turns so many; a forged button gets no further.
PAGES_MAX = 1_000


class Figure(StrEnum):
    """What is counted of a day, as `Figures` has it."""

    REGISTERED = "registered"
    SIGN_UPS = "sign_ups"
    CONFIRMED = "confirmed"
    POINTS = "points"


@dataclass(frozen=True)
class Made:
    """One that was counted: whose it is, and the activity, or the entry with its points; without a name it is nobody's own."""

    person_id: int | None
    nickname: str | None
    activity_id: int | None = None
    title: str | None = None
    transfer_id: int | None = None
    reason: Reason | None = None
    amount: int = 0


REGISTERED = """
    SELECT id AS person_id, nickname FROM people
    WHERE forgotten_at IS NULL AND registered_at >= :start AND registered_at < :end
    ORDER BY registered_at, id LIMIT :limit OFFSET :offset
"""
# Those of one page are found in the index, and then read.
PARTAKING = """
    SELECT pe.id AS person_id, pe.nickname, a.id AS activity_id, a.title FROM (
        SELECT id, {at} AS at FROM participations WHERE {which} ORDER BY {at}, id LIMIT :limit OFFSET :offset) s
    JOIN participations p ON p.id = s.id JOIN people pe ON pe.id = p.person_id JOIN activities a ON a.id = p.activity_id
    ORDER BY s.at, s.id
"""
# One transfer after another, as they are counted; whose they are is read of those that are shown. Of each its entries are
# counted: asked whether there are any, PostgreSQL reads those of the whole ledger.
ISSUING = "e.account_id IN (SELECT id FROM accounts WHERE kind = 'issue' AND unit = 'points')"
ISSUED = f"""
    SELECT t.transfer_id, t.reason, t.amount, pe.id AS person_id, pe.nickname FROM (
        SELECT t.id AS transfer_id, t.at, t.reason,
            -(SELECT SUM(e.amount) FROM entries e WHERE e.transfer_id = t.id AND {ISSUING}) AS amount
        FROM transfers t WHERE t.at >= :start AND t.at < :end
        AND (SELECT COUNT(*) FROM entries e WHERE e.transfer_id = t.id AND {ISSUING}) > 0
        ORDER BY t.at, t.id LIMIT :limit OFFSET :offset
    ) t LEFT JOIN people pe ON pe.id = (SELECT MIN(a.owner) FROM entries e JOIN accounts a ON a.id = e.account_id
        WHERE e.transfer_id = t.transfer_id AND a.kind = 'member')
    ORDER BY t.at, t.transfer_id
"""  # noqa: S608 - a text of our own
LISTS = {
    Figure.REGISTERED: REGISTERED,
    Figure.SIGN_UPS: PARTAKING.format(which="made_at >= :start AND made_at < :end", at="made_at"),
    Figure.CONFIRMED: PARTAKING.format(
        which="came = 1 AND confirmed_at >= :start AND confirmed_at < :end", at="confirmed_at"
    ),
    Figure.POINTS: ISSUED,
}


def day_numbered(number: int) -> date:
    """The day of a number such as 20261121. Raises Refused for one that no calendar has."""
    try:
        day = date(number // 10000, number // 100 % 100, number % 100)
    except (ValueError, OverflowError):
        day = date.min
    if not 1970 <= day.year < 9999:
        raise Refused(say("There is no day with the number {number}.", number=number))
    return day


async def of_day(tx: Transaction, day: date) -> Figures:
    """What happened on a day."""
    (figures,) = await days.between_each(tx, [_span(tx, day)])
    return figures


async def entries(tx: Transaction, figure: Figure, day: date, number: int) -> Page:
    """A page of what one figure of a day is made of, in the order in which it happened; `items` are of Made."""
    start, end = _span(tx, day)
    number = min(number, PAGES_MAX)
    rows = await tx.all(LISTS[figure], start=start, end=end, **window(number))
    return page_of((_made(dict(row)) for row in rows), number)


def _made(row: dict[str, object]) -> Made:
    reason = row.pop("reason", None)
    return Made(**row, reason=Reason(reason) if reason else None)  # type: ignore[arg-type]


def _span(tx: Transaction, day: date) -> tuple[int, int]:
    start = instant_on(day, 0, tx.clock.zone)
    return start, days.next_midnight(tx, start)
