"""Reading the ledger: a balance, and the entries behind it."""

from dataclasses import dataclass

from bot.cards import ROWS_PER_PAGE, Button, Page, page_of, press, window
from bot.domain.points.ledger import Reason
from bot.locales import say
from bot.refusal import Refused
from bot.storage import Row, Transaction, Value

POINTS = "points"


@dataclass(frozen=True)
class Entry:
    """One line of a person's statement: `amount` in points, + gained, - given.

    `transfer_id` is the number by which people speak of it. For a reversal, `reverses` is the entry that it takes back
    and `event` that one's cause; `reversed_by` is the entry that took this one back. For an award, `on_card` is what stood on
    the activity's card, `earned` what its kind and evidence made of it, and `cut_by` the limit that cut it, or ''. `rule`
    is the version of the rules. `appealed`: None, "open", or what became of the appeal against it.
    """

    transfer_id: int
    person_id: int
    at: int
    amount: int
    reason: Reason
    event: str
    cause: str
    actor_id: int | None
    approver_id: int | None
    came_from: str
    audit_number: int | None
    reverses: int | None
    reversed_by: int | None
    rule: int | None
    on_card: int | None
    earned: int | None
    cut_by: str | None
    appealed: str | None


@dataclass(frozen=True)
class Totals:
    """One unit in the whole county: what was issued, and where it is now. issued = redeemed + expired + outstanding."""

    issued: int
    redeemed: int
    expired: int

    @property
    def outstanding(self) -> int:
        return self.issued - self.redeemed - self.expired


# Questions


async def balance(tx: Transaction, person_id: int) -> int:
    """The points that the person has; 0 for whoever never got anything."""
    return await held(tx, "member", person_id)


async def held(tx: Transaction, kind: str, owner: int, unit: str = POINTS) -> int:
    """What an account holds: a member's, a group's, ...; 0 for one that never got anything."""
    kept = await tx.value(
        "SELECT balance FROM accounts WHERE kind = :kind AND unit = :unit AND owner = :owner",
        kind=kind,
        unit=unit,
        owner=owner,
    )
    return int(kept or 0)


# A page is cut from the index first, and only its few entries are looked up: it costs the same for 13 and for 13,000.
MINE = """
    SELECT transfer_id, account_id, amount FROM entries
    WHERE account_id = (SELECT id FROM accounts WHERE kind = 'member' AND unit = 'points' AND owner = :person_id)
    ORDER BY transfer_id DESC
"""
# What a transfer is for: its cause, or that of what it takes back, however often it went to and fro.
EVENT = """
    CASE WHEN t.reverses IS NULL THEN t.cause WHEN o.reverses IS NULL THEN o.cause ELSE (
        WITH RECURSIVE up (cause, reverses) AS (SELECT o.cause, o.reverses UNION ALL
            SELECT p.cause, p.reverses FROM up JOIN transfers p ON p.id = up.reverses)
        SELECT cause FROM up WHERE reverses IS NULL) END
"""
LINES = f"""
    SELECT t.id AS transfer_id, a.owner AS person_id, t.at, m.amount, t.reason, {EVENT} AS event,
        t.cause, t.actor_id, t.approver_id, t.came_from, t.audit_number, t.reverses, r.id AS reversed_by, t.rule, w.on_card,
        w.earned, w.cut_by, CASE WHEN p.id IS NULL THEN NULL ELSE COALESCE(p.outcome, 'open') END AS appealed
    FROM ({{mine}}) m
    JOIN accounts a ON a.id = m.account_id
    JOIN transfers t ON t.id = m.transfer_id
    LEFT JOIN transfers o ON o.id = t.reverses
    LEFT JOIN transfers r ON r.reverses = t.id
    LEFT JOIN point_awards w ON w.transfer_id = t.id
    LEFT JOIN entry_appeals p ON p.transfer_id = t.id AND p.person_id = a.owner
    WHERE a.kind = 'member' AND a.unit = 'points' {{rest}}
"""  # noqa: S608 - a text of our own
PAGE = LINES.format(mine=f"{MINE} LIMIT :limit OFFSET :offset", rest="ORDER BY t.id DESC")
ALL = LINES.format(mine=MINE, rest="ORDER BY t.id")
OF_ONE = "SELECT transfer_id, account_id, amount FROM entries WHERE transfer_id = :transfer_id"
ONE = LINES.format(mine=OF_ONE, rest="AND a.owner = t.person_id")
ONES_OWN = LINES.format(mine=OF_ONE, rest="AND a.owner = :person_id")


async def entries(tx: Transaction, person_id: int, page: int, *, each: int = ROWS_PER_PAGE) -> Page:
    """One page of the person's entries, the newest first; `items` are of Entry."""
    rows = await tx.all(PAGE, person_id=person_id, **window(page, each))
    total = await tx.value(
        "SELECT COUNT(*) FROM entries WHERE account_id = "
        "(SELECT id FROM accounts WHERE kind = 'member' AND unit = 'points' AND owner = :person_id)",
        person_id=person_id,
    )
    return page_of((_entry(row) for row in rows), page, total=total, each=each)


async def entry(tx: Transaction, transfer_id: int) -> Entry:
    """The entry by which a transfer moved the points of the person it is about. Raises Refused where there is none."""
    return _found(await tx.one(ONE, transfer_id=transfer_id), transfer_id)


async def entry_of(tx: Transaction, transfer_id: int, person_id: int) -> Entry:
    """The entry by which a transfer moved this person's points. Raises Refused where there is none."""
    return _found(await tx.one(ONES_OWN, transfer_id=transfer_id, person_id=person_id), transfer_id)


def _found(row: Row | None, transfer_id: int) -> Entry:
    if row is None:
        raise Refused(say("There is no entry with the number {number}. Nothing was changed.", number=transfer_id))
    return _entry(row)


def _entry(row: Row) -> Entry:
    return Entry(**{**dict(row), "reason": Reason(row["reason"])})


async def entries_of(tx: Transaction, mine: str, number: int, **values: Value) -> Page:
    """A page of those entries that `mine` chooses with its limit and offset, the newest first; `items` are of Entry."""
    sql = LINES.format(mine=mine, rest="ORDER BY t.id DESC")
    rows = await tx.all(sql, **window(number), **values)
    return page_of((_entry(row) for row in rows), number)


async def totals(tx: Transaction) -> Totals:
    """How many points were issued, and what became of them."""
    rows = await tx.all(
        "SELECT kind, CAST(SUM(balance) AS BIGINT) AS amount FROM accounts "
        "WHERE unit = :unit AND kind IN ('issue', 'redeemed', 'expired') GROUP BY kind",
        unit=POINTS,
    )
    by_kind = {row["kind"]: row["amount"] for row in rows}
    return Totals(-by_kind.get("issue", 0), by_kind.get("redeemed", 0), by_kind.get("expired", 0))


@dataclass(frozen=True)
class BudgetLine:
    """One line of a group's budget: `amount` in points, + gained, - given; `name` of the person whom it is about, if any."""

    transfer_id: int
    at: int
    amount: int
    reason: Reason
    event: str
    name: str | None
    reversed_by: int | None


BUDGET = f"""
    SELECT t.id AS transfer_id, t.at, m.amount, t.reason, {EVENT} AS event,
        COALESCE(p.nickname, g.nickname) AS name, r.id AS reversed_by
    FROM (SELECT transfer_id, amount FROM entries WHERE account_id =
        (SELECT id FROM accounts WHERE kind = 'group' AND unit = 'points' AND owner = :group_id)
        ORDER BY transfer_id DESC LIMIT :limit OFFSET :offset) m
    JOIN transfers t ON t.id = m.transfer_id
    LEFT JOIN transfers o ON o.id = t.reverses
    LEFT JOIN transfers r ON r.reverses = t.id
    LEFT JOIN people p ON p.id = t.person_id
    LEFT JOIN transfers s ON s.id = t.resolves
    LEFT JOIN people g ON g.id = s.person_id
    ORDER BY t.id DESC
"""  # noqa: S608 - a text of our own


async def budget_lines(tx: Transaction, group_id: int, page: int) -> Page:
    """One page of what came into a group's budget and went out of it, the newest first; `items` are of BudgetLine."""
    rows = await tx.all(BUDGET, group_id=group_id, **window(page))
    return page_of((BudgetLine(**{**dict(row), "reason": Reason(row["reason"])}) for row in rows), page)


# Words


def look_button(transfer_id: int) -> Button:
    """From a message about points to the entry, and to an appeal against it."""
    return Button(say("⚖ These points"), press("points.entry", transfer_id))
