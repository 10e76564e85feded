"""From which entry each point had come that is held, redeemed or expired: lots follow the ledger, transfer by transfer.

Each transfer that issues points is a lot, and stands under a group, a kind and a grade. What expires first is spent first, as
far as that was known then. What is undone takes its own points back. docs/decisions/0017.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import groupby

from bot.domain.points import lots as lifetimes
from bot.domain.points.ledger import Reason
from bot.domain.promises import Promise
from bot.storage import Row, Transaction

GONE = ("redeemed", "expired")
# What renews the life of points: for their new holder they are as new.
RENEWING = {Reason.GIFT, Reason.REWARD, Reason.BUDGET}
HELD = 0


@dataclass(frozen=True)
class Leg:
    """What one account gained (+) or gave (-), in points."""

    account_id: int
    kind: str
    amount: int


@dataclass(frozen=True)
class Step:
    """One transfer. `root` is what it undoes in the end, itself where it undoes nothing; `undoes` what it names.

    `undone_at` is when what it undoes, a gift that goes back too, had brought the points.
    """

    transfer_id: int
    at: int
    reason: str
    undoes: int
    root: int
    root_at: int
    undone_at: int | None
    legs: tuple[Leg, ...]


@dataclass(frozen=True)
class Piece:
    """A part of a lot, which came to its holder at `since`."""

    lot: int
    since: int
    issued_at: int
    amount: int


@dataclass(frozen=True)
class Place:
    """Where a piece is: with an account, or gone to one by a transfer."""

    account_id: int
    gone_by: int = HELD


@dataclass(frozen=True)
class Went:
    """So many points of a lot went out of the world, or came back from there (below zero)."""

    flow: str
    lot: int
    amount: int


PROMISES = (
    Promise(
        "lots held",
        "The lots of an account come to what it held at the place that is counted.",
        "SELECT a.id AS account_id, a.balance FROM accounts a "
        "LEFT JOIN (SELECT account_id, SUM(amount) AS amount FROM point_lots WHERE gone_by = 0 GROUP BY account_id) l "
        "ON l.account_id = a.id LEFT JOIN (SELECT e.account_id, SUM(e.amount) AS amount FROM transfers t "
        "LEFT JOIN seals s ON s.transfer_id = t.id JOIN entries e ON e.transfer_id = t.id "
        "WHERE s.place IS NULL OR s.place > (SELECT place FROM point_figures_head WHERE id = 1) GROUP BY e.account_id) n "
        "ON n.account_id = a.id WHERE a.unit = 'points' AND a.kind NOT IN ('issue', 'redeemed', 'expired') "
        "AND a.balance <> COALESCE(l.amount, 0) + COALESCE(n.amount, 0)",
    ),
    Promise(
        "lots agree",
        "What is outstanding, was redeemed and expired of a group, kind and grade is what its lots say.",
        "SELECT flow, group_id, kind, grade FROM ("
        "SELECT CASE WHEN l.gone_by = 0 THEN 'outstanding' ELSE a.kind END AS flow, i.group_id, i.kind, i.grade, l.amount "
        "FROM point_lots l JOIN accounts a ON a.id = l.account_id "
        "JOIN point_lines i ON i.transfer_id = l.lot AND i.flow = 'issued' UNION ALL "
        "SELECT flow, group_id, kind, grade, -amount FROM point_figures WHERE which = 'cell' AND flow <> 'issued' UNION ALL "
        "SELECT 'outstanding', group_id, kind, grade, CASE flow WHEN 'issued' THEN -amount ELSE amount END "
        "FROM point_figures WHERE which = 'cell') told GROUP BY flow, group_id, kind, grade HAVING SUM(amount) <> 0",
    ),
)
Traced = tuple[Step, list[Went]]
Ends = Callable[[int, int], int]
"""The year with which points expire that came at an instant, as it was known at another."""


@dataclass
class Lots:
    """The pieces of those accounts and lots that a slice of the ledger is about; what changed is in `changes`."""

    ends: Ends
    flows: dict[int, str] = field(default_factory=dict)
    places: dict[Place, dict[tuple[int, int], Piece]] = field(default_factory=lambda: defaultdict(dict))
    changes: Counter[tuple[Place, int, int]] = field(default_factory=Counter)

    def found(self, place: Place, piece: Piece) -> None:
        """This is where it was before the slice."""
        self.places[place][piece.lot, piece.since] = piece

    def put(self, place: Place, piece: Piece) -> None:
        """It comes here."""
        kept = self.places[place].get((piece.lot, piece.since))
        self._becomes(place, piece, (kept.amount if kept else 0) + piece.amount)

    def _becomes(self, place: Place, piece: Piece, amount: int) -> None:
        kept = self.places[place].pop((piece.lot, piece.since), None)
        self.changes[place, piece.lot, piece.since] += amount - (kept.amount if kept else 0)
        if amount:
            self.places[place][piece.lot, piece.since] = replace(piece, amount=amount)

    def take(self, place: Place, amount: int, step: Step) -> Iterator[Piece]:
        """So much goes from here: what is undone, then what expires first."""

        def turn(piece: Piece) -> tuple[bool, bool, int, int, int]:
            end = self.ends(piece.since, step.at)
            return piece.lot != step.root, piece.since != step.undone_at, end, piece.since, piece.lot

        for piece in sorted(self.places[place].values(), key=turn):
            if taken := min(amount, piece.amount):
                amount -= taken
                self._becomes(place, piece, piece.amount - taken)
                yield replace(piece, amount=taken)

    def swap(self, given: Piece, step: Step) -> Iterator[Went]:
        """A lot is no more: where it is gone on already, that place has as much of what was given up instead."""
        left = given.amount
        for place, piece in self._elsewhere(step.root):
            if not left:
                break
            swapped = min(left, piece.amount)
            left -= swapped
            self._becomes(place, piece, piece.amount - swapped)
            self.put(place, replace(given, since=piece.since, amount=swapped))
            if place.gone_by:
                flow = self.flows[place.account_id]
                yield Went(flow, step.root, -swapped)
                yield Went(flow, given.lot, swapped)

    def _elsewhere(self, lot: int) -> list[tuple[Place, Piece]]:
        """Where a lot is, what went last first."""
        found = [(place, piece) for place, here in self.places.items() for piece in here.values() if piece.lot == lot]
        return sorted(found, key=lambda at: (-at[0].gone_by, at[0].account_id, at[1].since))


# Rules


def follow(lots: Lots, step: Step) -> list[Went]:
    """Move the pieces as one transfer moved points; what went out of the world by it, lot by lot."""
    pieces: list[Piece] = []
    went: list[Went] = []
    for leg in step.legs:
        if leg.amount < 0:
            given = _given(lots, step, leg)
            went += [Went(leg.kind, piece.lot, -piece.amount) for piece in given if leg.kind in GONE]
            pieces += given
    # What is undone goes home first, then what leaves the world; what is left goes back to whoever had set it aside.
    for leg in sorted(step.legs, key=lambda leg: (leg.kind != "issue", leg.kind not in GONE)):
        if leg.amount > 0:
            share, pieces = _split(pieces, leg.amount)
            went += _arrive(lots, step, leg, share)
    return went


def _given(lots: Lots, step: Step, leg: Leg) -> list[Piece]:
    if leg.kind == "issue":
        return [Piece(step.root, step.root_at, step.root_at, -leg.amount)]
    return list(lots.take(Place(leg.account_id, step.undoes if leg.kind in GONE else HELD), -leg.amount, step))


def _arrive(lots: Lots, step: Step, leg: Leg, share: list[Piece]) -> list[Went]:
    if leg.kind == "issue":
        return [went for piece in share if piece.lot != step.root for went in lots.swap(piece, step)]
    place = Place(leg.account_id, step.transfer_id if leg.kind in GONE else HELD)
    for piece in share:
        lots.put(place, replace(piece, since=_since(step, leg, piece)))
    return [Went(leg.kind, piece.lot, piece.amount) for piece in share if leg.kind in GONE]


def _since(step: Step, leg: Leg, piece: Piece) -> int:
    """Since when its new holder has it: what was set aside, went or came back is as old as it was."""
    if leg.kind in (*GONE, "reserved") or step.reason not in RENEWING:
        return piece.since
    return step.at if step.undone_at is None else piece.issued_at


def _split(pieces: Iterable[Piece], amount: int) -> tuple[list[Piece], list[Piece]]:
    """The first so many points, and the others."""
    first, others = [], []
    for piece in pieces:
        taken = min(amount, piece.amount)
        amount -= taken
        first += [replace(piece, amount=taken)] if taken else []
        others += [replace(piece, amount=piece.amount - taken)] if piece.amount > taken else []
    return first, others


# Questions

# COALESCE keeps SQLite from starting at the accounts, with every entry there ever was: it starts at the slice.
STEPS = """
    SELECT s.place, t.id AS transfer_id, t.at, t.reason, t.cause, t.reverses, u.at AS undone_at, a.id AS account_id, a.kind, e.amount
    FROM seals s JOIN transfers t ON t.id = s.transfer_id JOIN entries e ON e.transfer_id = t.id
    JOIN accounts a ON a.id = e.account_id LEFT JOIN transfers u ON u.id = t.reverses
    WHERE s.place > :after AND s.place <= :last AND COALESCE(a.unit, '') = 'points' ORDER BY s.place, a.id
"""
ROOTS = """
    WITH RECURSIVE up (id, root) AS (
        SELECT id, reverses FROM transfers WHERE id IN ({numbers}) AND reverses IS NOT NULL UNION ALL
        SELECT up.id, t.reverses FROM up JOIN transfers t ON t.id = up.root WHERE t.reverses IS NOT NULL)
    SELECT up.id, t.id AS root, t.at FROM up JOIN transfers t ON t.id = up.root WHERE t.reverses IS NULL
"""
GIFTS = "SELECT g.id, p.at FROM gifts g JOIN transfers p ON p.resolves = g.reservation_id WHERE g.id IN ({numbers})"
# Of what they give: all that an account holds, what went by a transfer that is taken back, and a lot that is no more.
PIECES = """
    SELECT l.account_id, l.gone_by, a.kind, l.lot, l.since, t.at AS issued_at, l.amount
    FROM point_lots l JOIN accounts a ON a.id = l.account_id JOIN transfers t ON t.id = l.lot
"""


def _numbers(found: Iterable[int]) -> str:
    return ", ".join(str(number) for number in sorted(set(found))) or "NULL"


async def _steps(tx: Transaction, after: int, last: int) -> list[Step]:
    """The transfers of points of these places of the chain, in their order."""
    rows = list(await tx.all(STEPS, after=after, last=last))
    undoing = _numbers(row["transfer_id"] for row in rows if row["reverses"])
    roots = {row["id"]: (row["root"], row["at"]) for row in await tx.all(ROOTS.format(numbers=undoing))}
    gifts = {
        row["id"]: row["at"] for row in await tx.all(GIFTS.format(numbers=_numbers(filter(None, map(_gift, rows)))))
    }
    return [_step(list(legs), roots, gifts) for _, legs in groupby(rows, key=lambda row: row["transfer_id"])]


def _gift(row: Row) -> int:
    """The gift that goes back by it, or 0."""
    _, back, number = row["cause"].partition("giftback:")
    return int(number) if back and number.isdecimal() else 0


def _step(rows: list[Row], roots: dict[int, tuple[int, int]], gifts: dict[int, int]) -> Step:
    row = rows[0]
    root, root_at = roots.get(row["transfer_id"], (row["transfer_id"], row["at"]))
    legs = tuple(Leg(each["account_id"], each["kind"], each["amount"]) for each in rows)
    undone_at = row["undone_at"] if row["reverses"] else gifts.get(_gift(row))
    return Step(row["transfer_id"], row["at"], row["reason"], row["reverses"] or HELD, root, root_at, undone_at, legs)


async def _ends(tx: Transaction) -> Ends:
    promises = await lifetimes.promises(tx)

    @cache
    def ends(since: int, now: int) -> int:
        return lifetimes.end_of(since, [each for each in promises if each.since <= now], tx.clock)

    return ends


async def _found(tx: Transaction, steps: list[Step]) -> Lots:
    """The pieces that these transfers may be about, where they were before."""
    lots = Lots(await _ends(tx))
    legs = [(step, leg) for step in steps for leg in step.legs]
    lots.flows.update({leg.account_id: leg.kind for _, leg in legs if leg.kind in GONE})
    givers = _numbers(leg.account_id for _, leg in legs if leg.amount < 0 and leg.kind not in ("issue", *GONE))
    undone = _numbers(step.undoes for step in steps if step.undoes)
    gone = _numbers(leg.account_id for _, leg in legs if leg.kind in GONE)
    wanted = (
        f"l.account_id IN ({givers}) AND l.gone_by = 0",
        f"l.account_id IN ({gone}) AND l.gone_by IN ({undone})",
        f"l.lot IN ({_numbers(step.root for step in steps if step.undoes)})",
    )
    for which in wanted:
        for row in await tx.all(f"{PIECES} WHERE {which} AND l.amount > 0"):
            place = Place(row["account_id"], row["gone_by"])
            lots.found(place, Piece(row["lot"], row["since"], row["issued_at"], row["amount"]))
            if row["gone_by"]:
                lots.flows[row["account_id"]] = row["kind"]
    return lots


# Deeds

KEEP = """
    INSERT INTO point_lots (account_id, gone_by, lot, since, amount) VALUES (:account_id, :gone_by, :lot, :since, :more)
    ON CONFLICT (account_id, gone_by, lot, since) DO UPDATE SET amount = point_lots.amount + excluded.amount
"""
GIVE = """
    UPDATE point_lots SET amount = amount - :less
    WHERE account_id = :account_id AND gone_by = :gone_by AND lot = :lot AND since = :since
"""
EMPTY = "DELETE FROM point_lots WHERE account_id = :account_id AND gone_by = :gone_by AND lot = :lot AND since = :since AND amount = 0"


async def trace(tx: Transaction, after: int, last: int) -> list[Traced]:
    """Follow the lots through these places of the chain; what went out of the world by each transfer."""
    steps = await _steps(tx, after, last)
    lots = await _found(tx, steps)
    traced = [(step, follow(lots, step)) for step in steps]
    named = [
        ({"account_id": place.account_id, "gone_by": place.gone_by, "lot": lot, "since": since}, more)
        for (place, lot, since), more in lots.changes.items()
    ]
    await tx.run_many(KEEP, [{**key, "more": more} for key, more in named if more > 0])
    await tx.run_many(GIVE, [{**key, "less": -more} for key, more in named if more < 0])
    await tx.run_many(EMPTY, [key for key, more in named if more < 0])
    return traced
