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

# A record that became another's is folded into it: what both got and spent is as if there had always been one.
# An undoing is followed to what it undid in the end: `root` is the entry itself where it undid nothing. A gift that went
# back is undone too. What goes back to whom a reservation took it from is no credit.
ROOTS = """
    WITH RECURSIVE owned (account_id, holder_id, owner) AS (
        SELECT a.id, a.id, a.owner FROM accounts a WHERE {whose} UNION ALL
        SELECT h.id, a.id, a.owner FROM accounts a JOIN accounts h ON h.heir = a.owner AND h.unit = a.unit WHERE {whose}),
    undone (id, root) AS (
        {undoings} UNION ALL
        SELECT u.id, {parent} FROM undone u JOIN transfers t ON t.id = u.root
        WHERE t.reverses IS NOT NULL OR t.cause LIKE 'giftback:%'),
    roots (id, root, at, resolves) AS (
        SELECT u.id, o.id, o.at, o.resolves FROM undone u JOIN transfers o ON o.id = u.root
        WHERE o.reverses IS NULL AND o.cause NOT LIKE 'giftback:%')
"""
# What a transfer undid: what it names, or the gift that went back by it.
PARENT = """
    COALESCE(t.reverses, (SELECT p.id FROM gifts g JOIN transfers p ON p.resolves = g.reservation_id WHERE g.id =
        CASE WHEN t.cause LIKE 'giftback:%' THEN CAST(SUBSTR(t.cause, 10) AS BIGINT) END))
"""
# What the holder's accounts together gained or gave by a transfer: from its few entries to their accounts, never through
# all accounts of members.
MOVED = """
    (SELECT SUM(m.amount) FROM entries m CROSS JOIN accounts c WHERE m.transfer_id = {transfer} AND c.id = m.account_id
        AND c.kind = 'member' AND c.unit = 'points' AND COALESCE(c.heir, c.owner) = w.owner)
"""
CREDITS = f"""
    FROM owned w JOIN entries e ON e.account_id = w.account_id JOIN transfers t ON t.id = e.transfer_id
    LEFT JOIN roots r ON r.id = t.id
    WHERE t.reason <> 'merge' AND COALESCE({MOVED.format(transfer="r.root")}, e.amount) > 0
    AND {MOVED.format(transfer="COALESCE(t.resolves, r.resolves)")} IS NULL
"""
# Of somebody's few entries, or of all there are. COALESCE keeps SQLite from asking for all that was never taken back, once
# for each gift.
UNDOINGS_OF = """
    SELECT DISTINCT t.id, {parent} FROM owned w JOIN entries e ON e.account_id = w.account_id
    JOIN transfers t ON t.id = e.transfer_id WHERE t.reverses IS NOT NULL OR t.cause LIKE 'giftback:%'
"""
UNDOINGS = """
    SELECT id, reverses FROM transfers WHERE reverses IS NOT NULL UNION ALL
    SELECT t.id, p.id FROM transfers t JOIN gifts g ON g.state = 'given_back' AND t.cause = 'giftback:' || g.id
    JOIN transfers p ON p.resolves = g.reservation_id WHERE t.cause LIKE 'giftback:%' AND COALESCE(t.reverses, 0) = 0
"""
# Of a lot as much is left as the balance holds beyond all that expires later.
LEFT = """
    {roots}, lots (account_id, ends, earned) AS (
        SELECT w.holder_id, {ends}, CAST(SUM(e.amount) AS BIGINT) {credits} GROUP BY 1, 2),
    ranked (account_id, ends, earned, room) AS (
        SELECT l.account_id, l.ends, l.earned, CAST(a.balance + l.earned
            - SUM(l.earned) OVER (PARTITION BY l.account_id ORDER BY l.ends DESC) AS BIGINT)
        FROM lots l JOIN accounts a ON a.id = l.account_id),
    remaining (account_id, ends, amount) AS (
        SELECT account_id, ends, CASE WHEN room < earned THEN room ELSE earned END FROM ranked WHERE room > 0 AND earned > 0)
"""


async def promises(tx: Transaction) -> list[Promise]:
    """All that the rules ever said, the oldest first."""
    rows = await tx.all("SELECT made_at, expiry_years FROM point_rules ORDER BY version")
    return [Promise(row["made_at"], row["expiry_years"]) for row in rows]


async def ends_of(tx: Transaction, year: int) -> str:
    """The year with which a credit expires, as SQL over `t` and `r`; what should have gone before `year` goes with it."""
    first = await tx.value("SELECT at FROM transfers ORDER BY id LIMIT 1")
    (_, oldest), *others = stretches(tx.now if first is None else first, await promises(tx), tx.clock)
    cases = "".join(f" WHEN COALESCE(r.at, t.at) >= {at} THEN {max(end, year)}" for at, end in reversed(others))
    return f"CASE{cases} ELSE {max(oldest, year)} END"


def roots_of(whose: str) -> str:
    """The beginning of a query over these accounts `a` with their `roots`."""
    undoings = UNDOINGS if whose == EVERYBODY else UNDOINGS_OF
    return ROOTS.format(whose=whose, undoings=undoings.format(parent=PARENT), parent=PARENT)


async def left(tx: Transaction, whose: str, year: int, wanted: str, /, **values: Value) -> Sequence[Row]:
    """What is left of the lots of these accounts `a`; `wanted` is what is asked of `remaining`."""
    sql = LEFT.format(roots=roots_of(whose), ends=await ends_of(tx, year), credits=CREDITS)
    return await tx.all(f"{sql} {wanted}", **values)
