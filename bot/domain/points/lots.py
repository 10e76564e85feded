"""Which of somebody's points are left, by the year with which they expire: what expires first is spent first.

What came is a lot of the year in which it came. What was undone counts as if it had never been: a credit that was taken
back is no lot, and what a reservation gave back was not spent. docs/decisions/0016.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import dates
from bot.clock import Clock
from bot.storage import Row, Transaction, Value

# The year of what does not expire.
NEVER = 9999
MINE = "a.kind = 'member' AND a.unit = 'points' AND a.owner = :person_id"
EVERYBODY = "a.kind = 'member' AND a.unit = 'points'"


@dataclass(frozen=True)
class Promise:
    """What the rules said from an instant on: points expire with the end of so many years after theirs; 0: never."""

    since: int
    years: int


# Rules


def end_of(at: int, promises: Sequence[Promise], clock: Clock) -> int:
    """The year with whose end points expire that came at `at`: as the rules said then, or longer if they said so since.

    `promises` are all there were, the oldest first. Rules that changed in the very second count with those before. What
    was promised after the points had expired counts no more.
    """
    year = clock.local(at).year
    kept = _promised(year, [promise for promise in promises if promise.since < at][-1])
    for promise in promises:
        if at <= promise.since and (kept == NEVER or promise.since < begin_of(kept + 1, clock)):
            kept = max(kept, _promised(year, promise))
    return kept


def _promised(year: int, promise: Promise) -> int:
    return year + promise.years if promise.years else NEVER


def begin_of(year: int, clock: Clock) -> int:
    """The first instant of a year of the county's calendar."""
    return int(dates.instant_of(datetime(year, 1, 1), clock.zone).timestamp())


def stretches(first: int, promises: Sequence[Promise], clock: Clock) -> list[tuple[int, int]]:
    """From which instant on what comes expires with which year, the oldest first; a year ahead, for clocks go wrong."""
    years = range(clock.local(first).year + 1, clock.local(clock.now).year + 2)
    changes = (promise.since + 1 for promise in promises if promise.since >= first)
    begins = {first, *(begin_of(year, clock) for year in years), *changes}
    return [(at, end_of(at, promises, clock)) for at in sorted(begins)]


# Questions

# An undoing is followed to what it undid in the end: `root` is the entry itself where it undid nothing. What goes back
# to the account that a reservation took it from is no credit: `b` is that taking.
ROOTS = """
    WITH RECURSIVE undone (id, root) AS (
        {undoings} UNION ALL
        SELECT u.id, t.reverses FROM undone u JOIN transfers t ON t.id = u.root WHERE t.reverses IS NOT NULL),
    roots (id, root, at) AS (SELECT u.id, o.id, o.at FROM undone u JOIN transfers o ON o.id = u.root WHERE o.reverses IS NULL)
"""
CREDITS = """
    FROM accounts a JOIN entries e ON e.account_id = a.id JOIN transfers t ON t.id = e.transfer_id
    LEFT JOIN roots r ON r.id = t.id
    LEFT JOIN entries f ON f.transfer_id = r.root AND f.account_id = e.account_id
    LEFT JOIN entries b ON b.transfer_id = t.resolves AND b.account_id = e.account_id
    WHERE {whose} AND COALESCE(f.amount, e.amount) > 0 AND b.amount IS NULL
"""
# Of somebody's few entries, or straight from the index where it is about everybody.
UNDOINGS_OF = """
    SELECT t.id, t.reverses FROM accounts a JOIN entries e ON e.account_id = a.id
    JOIN transfers t ON t.id = e.transfer_id WHERE {whose} AND t.reverses IS NOT NULL
"""
UNDOINGS = "SELECT id, reverses FROM transfers WHERE reverses IS NOT NULL"
# Of a lot as much is left as the balance holds beyond all that expires later.
LEFT = """
    {roots}, lots (account_id, ends, earned) AS (
        SELECT e.account_id, {ends}, CAST(SUM(e.amount) AS BIGINT) {credits} GROUP BY 1, 2),
    ranked (account_id, ends, earned, room) AS (
        SELECT l.account_id, l.ends, l.earned, CAST(a.balance + l.earned
            - SUM(l.earned) OVER (PARTITION BY l.account_id ORDER BY l.ends DESC) AS BIGINT)
        FROM lots l JOIN accounts a ON a.id = l.account_id),
    remaining (account_id, ends, amount) AS (
        SELECT account_id, ends, CASE WHEN room < earned THEN room ELSE earned END FROM ranked WHERE room > 0 AND earned > 0)
"""


async def ends_of(tx: Transaction, year: int) -> str:
    """The year with which a credit expires, as SQL over `t` and `r`; what should have gone before `year` goes with it."""
    rows = await tx.all("SELECT made_at, expiry_years FROM point_rules ORDER BY version")
    promises = [Promise(row["made_at"], row["expiry_years"]) for row in rows]
    first = await tx.value("SELECT at FROM transfers ORDER BY id LIMIT 1")
    (_, oldest), *others = stretches(tx.now if first is None else first, promises, tx.clock)
    cases = "".join(f" WHEN COALESCE(r.at, t.at) >= {at} THEN {max(end, year)}" for at, end in reversed(others))
    return f"CASE{cases} ELSE {max(oldest, year)} END"


async def left(tx: Transaction, whose: str, year: int, wanted: str, /, **values: Value) -> Sequence[Row]:
    """What is left of the lots of these accounts `a`; `wanted` is what is asked of `remaining`."""
    undoings = UNDOINGS if whose == EVERYBODY else UNDOINGS_OF.format(whose=whose)
    sql = LEFT.format(
        roots=ROOTS.format(undoings=undoings), ends=await ends_of(tx, year), credits=CREDITS.format(whose=whose)
    )
    return await tx.all(f"{sql} {wanted}", **values)
