"""Counting the county's figures: each sealed transfer goes under its month, group, kind and grade, and into the kept sums."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.points.tracing import Traced, trace
from bot.domain.promises import Promise
from bot.storage import Row, Transaction, Value

# So many places of the chain in one transaction.
SLICE = 500
ISSUED, OUTSTANDING = "issued", "outstanding"
ALL_MONTHS = 0
NO_GROUP = 0
Cell = tuple[int, str, str]
"""Group, kind and grade."""
Key = tuple[str, str, int, str, str, int]
"""Of a sum: by what it is told apart, flow, group, kind, grade, month."""


@dataclass(frozen=True)
class Line:
    """One transfer under what it is counted; `amount` in points, below zero where it takes something back.

    What it redeemed or let expire stands under that which had issued it: a line for each group, kind and grade.
    """

    flow: str
    month: int
    group_id: int
    kind: str
    grade: str
    transfer_id: int
    amount: int

    @property
    def sums(self) -> list[Key]:
        """Every kept sum that it is part of."""
        group, kind, grade = (self.group_id, "", ""), (NO_GROUP, self.kind, ""), (NO_GROUP, "", self.grade)
        told_apart = {"all": (NO_GROUP, "", ""), "group": group, "kind": kind, "grade": grade}
        moved = [
            (which, self.flow, *by, month) for which, by in told_apart.items() for month in (self.month, ALL_MONTHS)
        ]
        left = [(which, OUTSTANDING, *by, ALL_MONTHS) for which, by in told_apart.items()]
        return [*moved, *left, ("cell", self.flow, *self.cell, self.month)]

    @property
    def cell(self) -> Cell:
        """Under what it stands."""
        return self.group_id, self.kind, self.grade

    def adds_to(self, flow: str) -> int:
        """What it adds to the sums of a flow: what goes is outstanding no more."""
        return -self.amount if flow == OUTSTANDING and self.flow != ISSUED else self.amount


PROMISES = (
    Promise(
        "figures",
        "A figure of points is the sum of its lines.",
        "SELECT f.* FROM point_figures f LEFT JOIN (SELECT flow, group_id, kind, grade, month, COUNT(*) AS n, "
        "SUM(amount) AS amount FROM point_lines GROUP BY flow, group_id, kind, grade, month) s ON s.flow = f.flow "
        "AND s.group_id = f.group_id AND s.kind = f.kind AND s.grade = f.grade AND s.month = f.month "
        "WHERE f.which = 'cell' AND (s.n IS NULL OR s.n <> f.n OR s.amount <> f.amount)",
    ),
    Promise(
        "figures agree",
        "The figures of points come to the same, by whatever they are told apart.",
        "WITH told_apart (which, flow, month, n, amount) AS (SELECT which, flow, month, SUM(n), SUM(amount) "
        "FROM point_figures WHERE which <> 'cell' OR month <> 0 GROUP BY which, flow, month UNION ALL "
        "SELECT which, flow, 0, SUM(n), SUM(amount) FROM point_figures WHERE which = 'cell' GROUP BY which, flow) "
        "SELECT a.flow, a.month, f.which FROM point_figures a JOIN told_apart f ON f.flow = a.flow AND f.month = a.month "
        "WHERE a.which = 'all' AND ((f.n <> a.n AND f.flow = 'issued') OR f.amount <> a.amount)",
    ),
    Promise(
        "figures outstanding",
        "What is outstanding of a group, kind or grade was issued and neither redeemed nor let expire.",
        "SELECT which, group_id, kind, grade FROM point_figures WHERE which <> 'cell' AND month = 0 "
        "GROUP BY which, group_id, kind, grade HAVING SUM(CASE flow WHEN 'issued' THEN amount ELSE -amount END) <> 0",
    ),
    Promise(
        "figures whole",
        "What was issued, redeemed and let expire up to the place that is counted is what the entries say.",
        "SELECT transfer_id, flow FROM (SELECT e.transfer_id, CASE a.kind WHEN 'issue' THEN 'issued' ELSE a.kind END AS flow, "
        "CASE a.kind WHEN 'issue' THEN -e.amount ELSE e.amount END AS amount FROM point_figures_head h "
        "JOIN seals s ON s.place <= h.place JOIN entries e ON e.transfer_id = s.transfer_id "
        "JOIN accounts a ON a.id = e.account_id AND a.unit = 'points' WHERE a.kind IN ('issue', 'redeemed', 'expired') "
        "UNION ALL SELECT transfer_id, flow, -amount FROM point_lines) told GROUP BY transfer_id, flow HAVING SUM(amount) <> 0",
    ),
)

# Deeds

# COALESCE keeps SQLite from starting at the accounts, with every entry there ever was: it starts at the slice.
MOVED = """
    SELECT s.place, t.id AS transfer_id, t.at, t.reason, t.cause, t.reverses, -e.amount AS amount,
        COALESCE((SELECT w.grade FROM point_awards w WHERE w.transfer_id = t.id),
            (SELECT r.grade FROM hours_records r WHERE r.person_id = t.person_id AND r.cause = t.cause
             AND r.state IN ('short', 'pending', 'standing') ORDER BY r.id DESC LIMIT 1)) AS grade,
        (SELECT g.owner FROM entries ge JOIN accounts g ON g.id = ge.account_id AND g.kind = 'group'
         WHERE ge.transfer_id = t.id LIMIT 1) AS group_id
    FROM seals s JOIN transfers t ON t.id = s.transfer_id JOIN entries e ON e.transfer_id = t.id
    JOIN accounts a ON a.id = e.account_id
    WHERE s.place > :after AND s.place <= :last AND a.unit = 'points' AND COALESCE(a.kind, '') = 'issue'
    ORDER BY s.place
"""
KEEP = """
    INSERT INTO point_figures (which, flow, group_id, kind, grade, month, n, amount)
    VALUES (:which, :flow, :group_id, :kind, :grade, :month, :n, :amount)
    ON CONFLICT (which, flow, group_id, kind, grade, month)
    DO UPDATE SET n = point_figures.n + excluded.n, amount = point_figures.amount + excluded.amount
"""


async def count(tx: Transaction) -> int:
    """Count the next slice of what is sealed; how many places of the chain that were."""
    after = int(await tx.value("SELECT place FROM point_figures_head WHERE id = 1 /*pg FOR UPDATE*/"))
    last = min(after + SLICE, int(await tx.value("SELECT place FROM seals_head WHERE id = 1")))
    if last <= after:
        return 0
    issued = await _issued(tx, await tx.all(MOVED, after=after, last=last))
    lines = [*issued, *await _gone(tx, issued, await trace(tx, after, last))]
    await tx.run_many(
        "INSERT INTO point_lines (flow, month, group_id, kind, grade, transfer_id, amount) "
        "VALUES (:flow, :month, :group_id, :kind, :grade, :transfer_id, :amount)",
        [line.__dict__ for line in lines],
    )
    await _keep(tx, lines)
    await tx.run("UPDATE point_figures_head SET place = :last WHERE id = 1", last=last)
    return last - after


async def _issued(tx: Transaction, moved: Iterable[Row]) -> list[Line]:
    rows = list(moved)
    activities = await _activities(tx, rows)
    cells = await _cells(tx, (row["reverses"] for row in rows if row["reverses"]))
    found = []
    for row in rows:
        # A reversal stands under the same as what it takes back, in its own month.
        cell = cells.get(row["reverses"]) or _cell(row, activities.get(row["cause"]))
        cells[row["transfer_id"]] = cell
        found.append(Line(ISSUED, _month(tx, row["at"]), *cell, row["transfer_id"], row["amount"]))
    return found


def _cell(row: Row, activity: Row | None) -> Cell:
    group, kind = (activity["group_id"], activity["kind"]) if activity else (row["group_id"], row["reason"])
    return group or NO_GROUP, kind, row["grade"] or ""


def _month(tx: Transaction, at: int) -> int:
    day = tx.local(at)
    return day.year * 100 + day.month


async def _gone(tx: Transaction, issued: Iterable[Line], traced: Iterable[Traced]) -> list[Line]:
    """What was redeemed and let expire, under that which had issued it."""
    steps = [(step, went) for step, went in traced if went]
    cells = await _cells(tx, {each.lot for _, went in steps for each in went})
    cells |= {line.transfer_id: line.cell for line in issued}
    sums: Counter[tuple[str, int, Cell, int]] = Counter()
    for step, went in steps:
        for each in went:
            sums[each.flow, _month(tx, step.at), cells[each.lot], step.transfer_id] += each.amount
    return [Line(flow, month, *cell, number, amount) for (flow, month, cell, number), amount in sums.items() if amount]


async def _activities(tx: Transaction, rows: Iterable[Row]) -> dict[str, Row]:
    """Kind and group of the activities that these were for, by cause."""
    causes = {row["cause"].removeprefix("activity:") for row in rows if row["cause"].startswith("activity:")}
    numbers = ", ".join(sorted(cause for cause in causes if cause.isdecimal())) or "NULL"
    found = await tx.all(f"SELECT id, kind, group_id FROM activities WHERE id IN ({numbers})")  # noqa: S608 - numbers alone
    return {f"activity:{row['id']}": row for row in found}


async def _cells(tx: Transaction, transfers: Iterable[int]) -> dict[int, Cell]:
    """Under what these stand that issued points."""
    numbers = ", ".join(map(str, transfers)) or "NULL"
    found = await tx.all(
        f"SELECT transfer_id, group_id, kind, grade FROM point_lines WHERE transfer_id IN ({numbers}) AND flow = 'issued'"  # noqa: S608 - numbers alone
    )
    return {row["transfer_id"]: (row["group_id"], row["kind"], row["grade"]) for row in found}


async def _keep(tx: Transaction, lines: Iterable[Line]) -> None:
    entries: dict[Key, set[int]] = defaultdict(set)
    amounts: Counter[Key] = Counter()
    for line in lines:
        for key in line.sums:
            entries[key].add(line.transfer_id)
            amounts[key] += line.adds_to(key[1])
    names = ("which", "flow", "group_id", "kind", "grade", "month")
    named: list[dict[str, Value]] = [dict(zip(names, key, strict=True)) for key in sorted(amounts)]
    rows = [
        {**row, "n": len(entries[key]), "amount": amounts[key]} for row, key in zip(named, sorted(amounts), strict=True)
    ]
    await tx.run_many(KEEP, rows)
