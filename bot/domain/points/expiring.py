"""Points expire with the end of a year: what is foretold, two warnings, and the night in which they go. FEATURES row 77."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date

from bot import due
from bot.cards import Button, Card, Page, card, page_of, window
from bot.config import House
from bot.domain import people
from bot.domain.points import lots, rules
from bot.domain.points.ledger import Reason
from bot.domain.points.posting import Leg, transfer
from bot.due import Due
from bot.locales import Day, Said, say, say_n
from bot.outbox import Lane
from bot.storage import AMONG, Row, Transaction, listed

YEAR_OVER, EXPIRE = "points.year.over", "points.expire"
WARN_EARLY, WARN_LATE, WARN = "points.warn.early", "points.warn.late", "points.warn"
# So few accounts in one transaction that whoever presses a button meanwhile does not notice.
SLICE = 50
# Nobody is woken on New Year's night.
MORNING_SECONDS = 9 * 3600


@dataclass(frozen=True)
class Ending:
    """So many points expire with the end of a year."""

    year: int
    amount: int

    @property
    def day(self) -> Day:
        return Day(date(self.year, 12, 31))


@dataclass(frozen=True)
class Losing:
    """Somebody whose points expire with a year, and how many."""

    person_id: int
    nickname: str
    amount: int


# Questions


async def forecast(tx: Transaction, person_id: int) -> tuple[Ending, ...]:
    """How many of a person's points expire when, if none is spent; what never expires is left out."""
    return await _endings(tx, lots.MINE, person_id=person_id)


async def county_forecast(tx: Transaction) -> tuple[Ending, ...]:
    """The same for everybody together. Reads the whole ledger: seconds for millions, so ask it beside the writer."""
    return await _endings(tx, lots.EVERYBODY)


async def county_ending(tx: Transaction, year: int, number: int) -> Page:
    """A page of those whose points expire with a year, whoever loses most first; it reads as much as the forecast."""
    rows = await lots.left(
        tx,
        lots.EVERYBODY,
        this_year(tx),
        "SELECT p.id AS person_id, p.nickname, amount FROM remaining JOIN accounts a ON a.id = account_id "
        "JOIN people p ON p.id = a.owner WHERE ends = CAST(:year AS BIGINT) ORDER BY amount DESC, p.id "
        "LIMIT :limit OFFSET :offset",
        year=year,
        **window(number),
    )
    return page_of((Losing(**row) for row in rows), number)


async def _endings(tx: Transaction, whose: str, **values: int) -> tuple[Ending, ...]:
    rows = await lots.left(
        tx,
        whose,
        this_year(tx),
        "SELECT ends, CAST(SUM(amount) AS BIGINT) AS amount FROM remaining WHERE ends < :never GROUP BY ends ORDER BY ends",
        never=lots.NEVER,
        **values,
    )
    return tuple(Ending(row["ends"], row["amount"]) for row in rows)


def this_year(tx: Transaction) -> int:
    """The year of the county's calendar."""
    return tx.local(tx.now).year


async def _going(tx: Transaction, accounts: list[Row], year: int) -> dict[int, int]:
    """How many points of each of these accounts' owners go with a year, without those who lose none."""
    if not accounts:
        return {}
    rows = await lots.left(
        tx,
        f"a.id {AMONG}",
        year,
        "SELECT a.owner, amount FROM remaining JOIN accounts a ON a.id = account_id WHERE ends = :year ORDER BY a.owner",
        year=year,
        ids=listed(row["id"] for row in accounts),
    )
    return {row["owner"]: row["amount"] for row in rows}


# Deeds

# Together with what they go to, in the order of their numbers, as whoever takes an expiry back locks them too.
HOLDERS = """
    SELECT id, kind, owner FROM accounts WHERE unit = 'points' AND ((kind = 'expired' AND owner = 0) OR id IN (
        SELECT id FROM accounts WHERE kind = 'member' AND unit = 'points' AND balance > 0 AND id > :after
        ORDER BY id LIMIT :slice)) ORDER BY id
"""
Each = Callable[[Transaction, int, int, int], Awaitable[None]]


async def year_over(tx: Transaction, item: Due, house: House) -> None:
    """A year has ended: what expires with it goes, a slice of people at a time."""
    await due.plan(tx, EXPIRE, f"{tx.local(item.due_at).year - 1}:0", tx.now)


async def warn_all(tx: Transaction, item: Due, house: House) -> None:
    """A year will end soon: whoever loses points with it is told once for each of the two warnings."""
    await due.plan(tx, WARN, f"{tx.local(item.due_at).year}:0:{item.deed}", tx.now)


async def expire_slice(tx: Transaction, item: Due, house: House) -> None:
    """The points of the next people go to what has expired, and each of them is told once."""
    year, after = map(int, item.subject.split(":"))
    last = await _slice(tx, year, after, "/*pg FOR NO KEY UPDATE*/", _expire)
    if last is not None:
        await due.plan(tx, EXPIRE, f"{year}:{last}", tx.now)


async def warn_slice(tx: Transaction, item: Due, house: House) -> None:
    """The next people are told what they are about to lose."""
    year, after, which = item.subject.split(":")

    async def tell(tx: Transaction, person_id: int, amount: int, year: int) -> None:
        person = await people.by_id(tx, person_id)
        key = f"{which}:{year}:{person_id}"
        await people.tell(tx, person, _warning(Ending(year, amount)), lane=Lane.REMINDER, key=key)

    last = await _slice(tx, int(year), int(after), "", tell)
    if last is not None:
        await due.plan(tx, WARN, f"{year}:{last}:{which}", tx.now)


async def _slice(tx: Transaction, year: int, after: int, hold: str, each: Each) -> int | None:
    """Do `each` for those of the next accounts who lose points; the last account's number, None where it was the end."""
    rows = await tx.all(f"{HOLDERS} {hold}", after=after, slice=SLICE)
    holders = [row for row in rows if row["kind"] == "member"]
    for person_id, amount in (await _going(tx, holders, year)).items():
        await each(tx, person_id, amount, year)
    return holders[-1]["id"] if len(holders) == SLICE else None


async def _expire(tx: Transaction, person_id: int, amount: int, year: int) -> None:
    """Take the points of one person whose account is held. Once a year: what came back since goes with the next one."""
    cause = f"year:{year}"
    gone = "SELECT 1 FROM transfers WHERE cause = :cause AND reason = 'expiry' AND COALESCE(person_id, 0) = :person"
    if await tx.value(f"{gone} AND reverses IS NULL", cause=cause, person=person_id):
        return
    await transfer(
        tx,
        (Leg("member", person_id, -amount), Leg("expired", 0, amount)),
        reason=Reason.EXPIRY,
        cause=cause,
        person_id=person_id,
        by=None,
        rule=(await rules.current(tx)).version,
    )
    person = await people.by_id(tx, person_id)
    morning = lots.begin_of(year + 1, tx.clock) + MORNING_SECONDS
    screen = _gone(Ending(year, amount))
    await people.tell(
        tx, person, screen, lane=Lane.REMINDER, key=f"points.expired:{year}:{person_id}", not_before=morning
    )


# Words


def ending_words(ending: Ending) -> Said:
    """When so many points expire."""
    return say_n("⌛ {n} point expires on {day}", "⌛ {n} points expire on {day}", ending.amount, day=ending.day)


def _warning(ending: Ending) -> Card:
    return card(
        say_n(
            "⌛ {n} of your points expires at the end of {day}.",
            "⌛ {n} of your points expire at the end of {day}.",
            ending.amount,
            day=ending.day,
        ),
        say("You can still redeem them: what expires first is spent first."),
        rows=(
            (Button(say("Redeem points"), "shop.list"),),
            (Button(say("My points"), "points.mine"), Button(say("Why this balance?"), "points.why")),
        ),
    )


def _gone(ending: Ending) -> Card:
    return card(
        say_n(
            "⌛ {n} of your points has expired with the year {year}.",
            "⌛ {n} of your points have expired with the year {year}.",
            ending.amount,
            year=ending.year,
        ),
        say("It was the oldest of what you had not spent. Hours and stars stay as they are."),
        rows=((Button(say("My points"), "points.mine"), Button(say("Why this balance?"), "points.why")),),
    )


DEEDS = {
    YEAR_OVER: year_over,
    EXPIRE: expire_slice,
    WARN_EARLY: warn_all,
    WARN_LATE: warn_all,
    WARN: warn_slice,
}
