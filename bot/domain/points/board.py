"""The leaderboard: who earned most in a month, a year or in all. Kept sums, counted from the sealed entries.

Only where the county wants one (`[county] leaderboard`), by what was earned, never by what is left, and with the nickname
only of whoever says so and is not under 14. FEATURES.md, "Not wanted".
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import Page
from bot.domain.people import Age, Person
from bot.domain.points.counting import SLICE
from bot.domain.points.ledger import Reason
from bot.domain.promises import Promise
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction

# So many places are shown; further down somebody reads what is lacking, and no number.
PLACES_MAX = 100
PLACES_A_PAGE = 10
ALL_TIME = 0
# What counts as earned. What others gave away, or what came back, was earned by somebody before.
EARNED = (Reason.TASK, Reason.EVENT, Reason.GRANT, Reason.REWARD, Reason.ADJUST)
_EARNED = ", ".join(f"'{reason}'" for reason in EARNED)


@dataclass(frozen=True)
class Place:
    """One line: equal amounts share a `place`. `nickname` is empty for whoever keeps his to himself."""

    place: int
    person_id: int
    nickname: str
    amount: int


@dataclass(frozen=True)
class Mine:
    """Where one stands oneself: `place` is None beyond the first hundred, and for whoever has earned nothing.

    `lacking` is what the hundredth has more, in points; 0 where one is among them or there are fewer.
    """

    amount: int
    place: int | None
    lacking: int
    is_named: bool


# Rules


def periods_of(tx: Transaction, at: int) -> tuple[int, int, int]:
    """The month, the year and all time, as they are kept: 202611, 2026, 0."""
    day = tx.local(at)
    return day.year * 100 + day.month, day.year, ALL_TIME


# The first transfer of a row of reversals says what all of them are about. Found for all at once: asked for row by row,
# it looks so dear to PostgreSQL that it takes any order of joining for as good as another.
BACK = """
    WITH RECURSIVE back (id, reverses, reason) AS (
        SELECT t.id, t.reverses, t.reason FROM {whence} t.reverses IS NOT NULL UNION ALL
        SELECT b.id, o.reverses, o.reason FROM back b JOIN transfers o ON o.id = b.reverses)
"""
ROOT = "CASE WHEN t.reverses IS NULL THEN t.reason ELSE r.reason END"
BEGINNING = "LEFT JOIN back r ON r.id = t.id AND r.reverses IS NULL"
# A record that became another's earned for that one.
WHOSE = "SELECT COALESCE(p.merged_into, p.id)"
# Both sides of the promise in one list: what is kept, and what the entries say.
BOTH_SIDES = f"""
    SELECT person_id, amount AS kept, 0 AS entered FROM point_earned WHERE period = 0
    UNION ALL {WHOSE}, 0, e.amount FROM point_earned_head h JOIN seals s ON s.place <= h.place
    JOIN transfers t ON t.id = s.transfer_id JOIN entries e ON e.transfer_id = t.id
    JOIN accounts a ON a.id = e.account_id AND a.kind = 'member' AND a.unit = 'points' JOIN people p ON p.id = a.owner
    {BEGINNING} WHERE {ROOT} IN ({_EARNED})
"""  # noqa: S608 - texts of our own
OF_PERIOD = "SUM(CASE WHEN period BETWEEN {first} AND {last} THEN amount ELSE 0 END)"
IN_ALL, IN_YEARS, IN_MONTHS = (
    OF_PERIOD.format(first=first, last=last) for first, last in ((0, 0), (1, 9999), (10_000, 999_999))
)
PROMISES = (
    Promise(
        "earned",
        "What is kept as somebody's earned points is what the entries say, up to the place that is summed.",
        f"{BACK.format(whence='transfers t WHERE')} SELECT person_id, CAST(SUM(kept) AS BIGINT) AS kept, CAST(SUM(entered) AS BIGINT) AS entered "  # noqa: S608 - likewise
        f"FROM ({BOTH_SIDES}) both_sides GROUP BY person_id HAVING SUM(kept) <> SUM(entered)",
    ),
    Promise(
        "earned agree",
        "What somebody earned in the months, in the years and in all comes to the same.",
        f"SELECT person_id FROM point_earned GROUP BY person_id "  # noqa: S608 - likewise
        f"HAVING {IN_ALL} <> {IN_YEARS} OR {IN_ALL} <> {IN_MONTHS}",
    ),
)

# Questions


async def leaderboard(tx: Transaction, period: int, number: int) -> Page:
    """One page of the first hundred of a period (see `periods_of`), who earned most first; `items` are of Place."""
    number = min(number, PLACES_MAX // PLACES_A_PAGE - 1)
    begin = number * PLACES_A_PAGE
    rows = await tx.all(
        "SELECT k.person_id, k.amount, CASE WHEN n.person_id IS NOT NULL AND p.forgotten_at IS NULL "
        "AND COALESCE(p.age, '') <> :child THEN p.nickname ELSE '' END AS nickname FROM (SELECT person_id, amount "
        "FROM point_earned WHERE period = :period AND amount > 0 ORDER BY amount DESC, person_id LIMIT :limit OFFSET :begin) k "
        "JOIN people p ON p.id = k.person_id LEFT JOIN point_names n ON n.person_id = k.person_id "
        "ORDER BY k.amount DESC, k.person_id",
        period=period,
        child=Age.CHILD,
        limit=PLACES_A_PAGE + 1,
        begin=begin,
    )
    more = len(rows) > PLACES_A_PAGE and begin + PLACES_A_PAGE < PLACES_MAX
    return Page(await _placed(tx, period, rows[:PLACES_A_PAGE], begin), number, more)


async def _placed(tx: Transaction, period: int, rows: Sequence[Row], begin: int) -> tuple[Place, ...]:
    found: list[Place] = []
    for at, row in enumerate(rows, begin + 1):
        equal = found and found[-1].amount == row["amount"]
        place = found[-1].place if equal else at if found else await _ahead(tx, period, row["amount"]) + 1
        found.append(Place(place, row["person_id"], row["nickname"], row["amount"]))
    return tuple(found)


async def _ahead(tx: Transaction, period: int, amount: int) -> int:
    """How many earned more, counted up to the hundredth."""
    return int(
        await tx.value(
            "SELECT COUNT(*) FROM (SELECT 1 FROM point_earned WHERE period = :period AND amount > :amount LIMIT :most) ahead",
            period=period,
            amount=amount,
            most=PLACES_MAX,
        )
    )


async def my_place(tx: Transaction, person_id: int, period: int) -> Mine:
    """Where somebody stands in a period, told to himself."""
    sql = "SELECT amount FROM point_earned WHERE person_id = :person_id AND period = :period"
    amount = int(await tx.value(sql, person_id=person_id, period=period) or 0)
    named = await tx.value("SELECT 1 FROM point_names WHERE person_id = :person_id", person_id=person_id)
    ahead = await _ahead(tx, period, amount)
    if amount > 0 and ahead < PLACES_MAX:
        return Mine(amount, ahead + 1, 0, named is not None)
    last = await tx.value(
        "SELECT amount FROM point_earned WHERE period = :period AND amount > 0 ORDER BY amount DESC LIMIT 1 OFFSET :last",
        period=period,
        last=PLACES_MAX - 1,
    )
    return Mine(amount, None, int(last or amount) - amount, named is not None)


# Deeds


async def show_name(tx: Transaction, *, by: Person) -> None:
    """Let everybody see one's nickname on the leaderboard. Raises Refused under 14."""
    if by.age is Age.CHILD:
        raise Refused(
            say(
                "Names of people under 14 never stand on the leaderboard. Nothing was changed; you see your own place."
            ),
            WayOut(say("Leaderboard"), "points.board"),
        )
    await tx.run("INSERT INTO point_names (person_id) VALUES (:id) ON CONFLICT DO NOTHING", id=by.id)


async def hide_name(tx: Transaction, *, by: Person) -> None:
    """Keep one's nickname off the leaderboard, at once."""
    await tx.run("DELETE FROM point_names WHERE person_id = :id", id=by.id)


# COALESCE keeps SQLite from starting at the accounts, as in counting.py.
SLICED = "seals s JOIN transfers t ON t.id = s.transfer_id WHERE s.place > :after AND s.place <= :last AND"
SUMMED = f"""
    {BACK.format(whence=SLICED)}
    SELECT q.person_id, q.at, q.amount FROM (
        {WHOSE} AS person_id, t.at, e.amount, {ROOT} AS reason FROM seals s JOIN transfers t ON t.id = s.transfer_id
        JOIN entries e ON e.transfer_id = t.id
        JOIN accounts a ON a.id = e.account_id AND COALESCE(a.kind, '') = 'member' AND a.unit = 'points'
        JOIN people p ON p.id = a.owner {BEGINNING}
        WHERE s.place > :after AND s.place <= :last) q
    WHERE q.reason IN ({_EARNED})
"""  # noqa: S608 - texts of our own
KEEP = """
    INSERT INTO point_earned (person_id, period, amount) VALUES (:person_id, :period, :amount)
    ON CONFLICT (person_id, period) DO UPDATE SET amount = point_earned.amount + excluded.amount
"""


async def sum_earned(tx: Transaction) -> int:
    """Sum the next slice of what is sealed; how many places of the chain that were."""
    after = int(await tx.value("SELECT place FROM point_earned_head WHERE id = 1 /*pg FOR UPDATE*/"))
    last = min(after + SLICE, int(await tx.value("SELECT place FROM seals_head WHERE id = 1")))
    if last <= after:
        return 0
    sums: Counter[tuple[int, int]] = Counter()
    for row in await tx.all(SUMMED, after=after, last=last):
        for period in periods_of(tx, row["at"]):
            sums[row["person_id"], period] += row["amount"]
    rows = [{"person_id": who, "period": period, "amount": sums[who, period]} for who, period in sorted(sums)]
    await tx.run_many(KEEP, rows)
    await tx.run("UPDATE point_earned_head SET place = :last WHERE id = 1", last=last)
    return last - after


async def carry_over(tx: Transaction, old_id: int, into_id: int) -> None:
    """One record became another: what it earned counts for that one."""
    await tx.run(
        "INSERT INTO point_earned (person_id, period, amount) "
        "SELECT CAST(:into AS BIGINT), period, amount FROM point_earned WHERE person_id = :old "
        "ON CONFLICT (person_id, period) DO UPDATE SET amount = point_earned.amount + excluded.amount",
        old=old_id,
        into=into_id,
    )
