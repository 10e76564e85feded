"""The county's figures of points: what was issued, redeemed and let expire, and the entries that each number is made of."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.cards import ROWS_PER_PAGE, Page, page_of, window
from bot.domain.points.counting import ALL_MONTHS, NO_GROUP
from bot.domain.points.statement import EVENT, totals
from bot.storage import Row, Transaction

MONTHS_A_PAGE = 12


class Flow(StrEnum):
    """Which way points went, into the world or out of it; and what is still there."""

    ISSUED = "issued"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    OUTSTANDING = "outstanding"


MOVING = (Flow.ISSUED, Flow.REDEEMED, Flow.EXPIRED)


class By(StrEnum):
    """By what a figure is told apart."""

    GROUP = "group"
    KIND = "kind"
    GRADE = "grade"


@dataclass(frozen=True)
class Standing:
    """What was issued, redeemed and let expire, in points: of one month, or of all with `month` 0.

    `outstanding` is what people, groups and reservations had at its end.
    """

    month: int
    issued: int
    redeemed: int
    expired: int
    outstanding: int

    def of(self, flow: Flow) -> int:
        """How much went this way."""
        return int(getattr(self, flow))


@dataclass(frozen=True)
class Counted:
    """How far the figures go: the newest entry that is in them, when it was written, and how many are newer."""

    transfer_id: int
    at: int
    newer: int


@dataclass(frozen=True)
class Part:
    """A figure and under what it stands: `n` entries of `amount` points in all. What it is not told apart by is empty.

    `name` is the group's, empty for none.
    """

    group_id: int
    name: str
    kind: str
    grade: str
    month: int
    n: int
    amount: int


@dataclass(frozen=True)
class Line:
    """One entry of a figure: + what it adds, - what it takes back."""

    transfer_id: int
    at: int
    amount: int
    reason: str
    event: str
    person_id: int | None
    nickname: str


@dataclass(frozen=True)
class Purse:
    """Whose points they are, beside members: a group's budget, a reservation, ...; `kind` and `owner` as in `accounts`."""

    kind: str
    owner: int
    name: str
    balance: int


# Questions


async def counted(tx: Transaction) -> Counted | None:
    """How far the figures go; None before anything was counted."""
    row = await tx.one(
        "SELECT t.id AS transfer_id, t.at, (SELECT COUNT(*) FROM (SELECT 1 FROM transfers n WHERE n.id > t.id LIMIT 1000) newer) "
        "AS newer FROM seals s JOIN transfers t ON t.id = s.transfer_id "
        "WHERE s.place = (SELECT place FROM point_figures_head WHERE id = 1)"
    )
    return None if row is None else Counted(**row)


async def months(tx: Transaction) -> list[Standing]:
    """Every month in which points came or went, the newest first, with what was outstanding at its end."""
    return _newest_first(
        await tx.all(
            "SELECT month, flow, amount FROM point_figures WHERE which = 'all' AND month > :all ORDER BY month",
            all=ALL_MONTHS,
        )
    )


async def course(tx: Transaction, by: By, key: str) -> list[Standing]:
    """The same of one group, kind or grade: what had been issued under it, and what became of that."""
    group, kind, grade = _told_apart(by, key)
    return _newest_first(await tx.all(COURSE, which=by, group=group, kind=kind, grade=grade))


COURSE = """
    SELECT month, flow, amount FROM point_figures WHERE which = :which AND flow IN ('issued', 'redeemed', 'expired')
        AND group_id = :group AND kind = :kind AND grade = :grade AND month > 0 ORDER BY month
"""


def _newest_first(rows: Sequence[Row]) -> list[Standing]:
    flows: dict[int, dict[str, int]] = defaultdict(dict)
    for row in rows:
        flows[row["month"]][row["flow"]] = row["amount"]
    return list(_standings(flows))[::-1]


def _standings(flows: dict[int, dict[str, int]]) -> Iterator[Standing]:
    outstanding = 0
    for month, moved in flows.items():
        issued, redeemed, expired = (moved.get(flow, 0) for flow in MOVING)
        outstanding += issued - redeemed - expired
        yield Standing(month, issued, redeemed, expired, outstanding)


async def standing(tx: Transaction) -> Standing:
    """All months together, as far as they are counted."""
    rows = await tx.all("SELECT flow, amount FROM point_figures WHERE which = 'all' AND month = :all", all=ALL_MONTHS)
    moved = {row["flow"]: row["amount"] for row in rows}
    issued, redeemed, expired = (moved.get(flow, 0) for flow in MOVING)
    return Standing(ALL_MONTHS, issued, redeemed, expired, issued - redeemed - expired)


PARTS = (
    "SELECT f.group_id, COALESCE(g.name, '') AS name, f.kind, f.grade, f.month, f.n, f.amount "
    "FROM ({sums}) f LEFT JOIN groups g ON g.id = f.group_id {order}"
)
RANKED = PARTS.format(
    sums="SELECT * FROM point_figures WHERE which = :which AND flow = :flow AND month = :month {rest} "
    "ORDER BY amount DESC, group_id, kind, grade LIMIT :limit OFFSET :offset",
    order="ORDER BY f.amount DESC, f.group_id, f.kind, f.grade",
)
# A group has few figures, which its key finds; left to themselves both databases walk through all of the month in order.
OF_GROUP = RANKED.replace("ORDER BY amount DESC", "ORDER BY amount + 0 DESC")
IN_TIME = PARTS.format(
    sums="SELECT * FROM point_figures WHERE which = :which AND flow = :flow AND group_id = :group AND kind = :kind "
    "AND grade = :grade AND month > 0 ORDER BY month DESC LIMIT :limit OFFSET :offset",
    order="ORDER BY f.month DESC",
)


async def ranked(tx: Transaction, flow: Flow, month: int, by: By, page: int) -> Page:
    """A page of what a figure is made of, the largest first; `items` are of Part."""
    sql = RANKED.format(rest="")
    return _page(
        await tx.all(sql, which=by, flow=flow, month=month, **window(page)),
        page,
    )


async def in_time(tx: Transaction, flow: Flow, by: By, key: str, page: int) -> Page:
    """The months of one group, kind or grade, the newest first; `items` are of Part."""
    group, kind, grade = _told_apart(by, key)
    rows = await tx.all(
        IN_TIME,
        which=by,
        flow=flow,
        group=group,
        kind=kind,
        grade=grade,
        **window(page),
    )
    return _page(rows, page)


async def cells(tx: Transaction, flow: Flow, month: int, by: By, key: str, page: int) -> Page:
    """What one group, kind or grade of a month is made of, told apart by the other two; `items` are of Part."""
    column = "group_id" if by is By.GROUP else by.value
    sql = (OF_GROUP if by is By.GROUP else RANKED).format(rest=f"AND {column} = :key")
    rows = await tx.all(
        sql,
        which="cell",
        flow=flow,
        month=month,
        key=int(key) if by is By.GROUP else key,
        **window(page),
    )
    return _page(rows, page)


def _told_apart(by: By, key: str) -> tuple[int, str, str]:
    return (
        int(key) if by is By.GROUP else NO_GROUP,
        key if by is By.KIND else "",
        key if by is By.GRADE else "",
    )


def _page(rows: Sequence[Row], page: int) -> Page:
    return page_of((Part(**row) for row in rows), page)


# The few of a page are cut from the key first, and only they are looked up.
# A page of entries among `which` transfers and amounts.
ENTRIES = f"""
    SELECT l.transfer_id, t.at, l.amount, t.reason, {EVENT} AS event, p.id AS person_id,
        COALESCE(p.nickname, '') AS nickname
    FROM (SELECT transfer_id, amount {{which}} AND transfer_id < :before ORDER BY transfer_id DESC LIMIT :limit) l
    JOIN transfers t ON t.id = l.transfer_id LEFT JOIN transfers o ON o.id = t.reverses
    LEFT JOIN transfers s ON s.id = t.resolves LEFT JOIN people p ON p.id = COALESCE(t.person_id, s.person_id)
    ORDER BY l.transfer_id DESC
"""  # noqa: S608 - a text of our own
LINES = ENTRIES.format(
    which="FROM point_lines WHERE flow = :flow AND month = :month AND group_id = :group AND kind = :kind AND grade = :grade"
)
NEWEST = 2**62


async def lines(tx: Transaction, flow: Flow, part: Part, before: int = 0) -> tuple[list[Line], bool]:
    """The entries of one figure that are older than `before` (0: the newest), and whether there are older ones still.

    However many there are, a page costs the same.
    """
    rows = await tx.all(
        LINES,
        flow=flow,
        month=part.month,
        group=part.group_id,
        kind=part.kind,
        grade=part.grade,
        before=before or NEWEST,
        limit=ROWS_PER_PAGE + 1,
    )
    return [Line(**row) for row in rows[:ROWS_PER_PAGE]], len(rows) > ROWS_PER_PAGE


CELL = PARTS.format(
    sums="SELECT * FROM point_figures WHERE which = 'cell' AND flow = :flow AND group_id = :group AND kind = :kind "
    "AND grade = :grade AND month = :month",
    order="",
)


async def part(tx: Transaction, flow: Flow, month: int, group_id: int, kind: str, grade: str) -> Part:
    """The figure of one month, group, kind and grade; of nothing where there is none."""
    row = await tx.one(CELL, flow=flow, group=group_id, kind=kind, grade=grade, month=month)
    return Part(**row) if row is not None else Part(group_id, "", kind, grade, month, 0, 0)


# Points that lie elsewhere than with members. Of these there are few: groups and what is reserved just now.
ELSEWHERE = (
    "a.unit = 'points' AND a.balance > 0 AND a.kind IN ('group', 'county', 'sponsor', 'fund', 'stock', 'reserved')"
)


async def held(tx: Transaction) -> dict[str, int]:
    """Who holds the points that are outstanding just now, by the kind of account: members, groups, reserved, ..."""
    rows = await tx.all(
        f"SELECT a.kind, CAST(SUM(a.balance) AS BIGINT) AS amount FROM accounts a WHERE {ELSEWHERE} GROUP BY a.kind"  # noqa: S608 - a text of our own
    )
    elsewhere = {row["kind"]: row["amount"] for row in rows}
    return {"member": (await totals(tx)).outstanding - sum(elsewhere.values()), **elsewhere}


async def purses(tx: Transaction, kind: str, page: int) -> Page:
    """A page of the accounts of one kind that hold points, the fullest first; `items` are of Purse."""
    rows = await tx.all(
        "SELECT a.kind, a.owner, CASE a.kind WHEN 'group' THEN COALESCE(g.name, '') ELSE '' END AS name, a.balance "
        "FROM (SELECT kind, owner, balance FROM accounts WHERE kind = :kind AND unit = 'points' AND balance > 0 "
        "ORDER BY balance DESC, owner LIMIT :limit OFFSET :offset) a LEFT JOIN groups g ON g.id = a.owner "
        "ORDER BY a.balance DESC, a.owner",
        kind=kind,
        **window(page),
    )
    return page_of((Purse(**row) for row in rows), page)


PURSE_LINES = ENTRIES.format(
    which="FROM entries WHERE account_id = (SELECT id FROM accounts WHERE kind = :kind AND unit = 'points' AND owner = :owner)"
)


async def purse_lines(tx: Transaction, kind: str, owner: int, before: int = 0) -> tuple[list[Line], bool]:
    """The entries of one account, as `lines` gives them."""
    rows = await tx.all(PURSE_LINES, kind=kind, owner=owner, before=before or NEWEST, limit=ROWS_PER_PAGE + 1)
    return [Line(**row) for row in rows[:ROWS_PER_PAGE]], len(rows) > ROWS_PER_PAGE
