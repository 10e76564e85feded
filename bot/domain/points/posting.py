"""Moving anything: transfers of any number of legs, and reservations that end in exactly one way. docs/ledger.md."""

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.audit import note, take_turn
from bot.domain.points.ledger import LedgerConflict, Moved, Reason, settle, write
from bot.locales import say
from bot.refusal import Refused
from bot.storage import Transaction, Value

# How many accounts points are issued from. A transaction uses one of them, so that awards seldom wait for each other.
PURSES = 16
Place = tuple[str, str, int]
"""Which account: its kind, unit and owner."""


@dataclass(frozen=True)
class Leg:
    """What one account gains (+) or gives (-), in whole points, fen or pieces; `unit` is such as `goods:17`."""

    kind: str
    owner: int
    amount: int
    unit: str = "points"

    @property
    def place(self) -> Place:
        return self.kind, self.unit, self.owner


@dataclass(frozen=True)
class Account:
    """An account that is locked until the commit."""

    id: int
    balance: int
    # Of a record that became another's: who has all that comes to it.
    heir: int | None


# Rules


def check_legs(legs: Sequence[Leg]) -> None:
    """Raises ValueError for what is no transfer: a mistake in the code, not of whoever asked."""
    sums: Counter[str] = Counter()
    for leg in legs:
        sums[leg.unit] += leg.amount
    if len({leg.place for leg in legs}) < len(legs) or len(legs) < 2:
        raise ValueError(f"a transfer has two legs or more, each of another account: {legs}")
    if any(sums.values()) or not all(leg.amount for leg in legs):
        raise ValueError(f"the legs of a transfer come to nothing in each unit, and none is empty: {legs}")


def purse_of(cause: str) -> int:
    """Which purse a transaction issues from: one and the same for all that it gives."""
    return zlib.crc32(cause.encode()) % PURSES


def issued(tx: Transaction, amount: int) -> Leg:
    """The leg by which so many points come into the world, out of this transaction's purse."""
    return Leg("issue", purse_of(tx.cause), -amount)


def _meant(legs: Sequence[Leg]) -> dict[Place, int]:
    """What a transfer means: from which of the purses points were issued makes no difference."""
    return {(leg.kind, leg.unit, 0 if leg.kind == "issue" else leg.owner): leg.amount for leg in legs}


# Questions


async def legs_of(tx: Transaction, transfer_id: int) -> list[Leg]:
    """What a transfer moved, in the order of the accounts."""
    rows = await tx.all(
        "SELECT a.kind, a.owner, e.amount, a.unit FROM entries e JOIN accounts a ON a.id = e.account_id "
        "WHERE e.transfer_id = :id ORDER BY a.id",
        id=transfer_id,
    )
    return [Leg(**row) for row in rows]


async def ended_by(tx: Transaction, reservation_id: int) -> int | None:
    """The transfer that ended a reservation; None while it is open."""
    found = await tx.value("SELECT id FROM transfers WHERE resolves = :id", id=reservation_id)
    return None if found is None else int(found)


# Deeds


async def transfer(
    tx: Transaction,
    legs: Sequence[Leg],
    *,
    reason: Reason,
    cause: str,
    person_id: int | None,
    by: int | None,
    approver: int | None = None,
    rule: int | None = None,
    key: str | None = None,
    audit: int | None = None,
    deed: str = "points.moved",
) -> int:
    """Move all legs or none, once for each (reason, cause, person), and once for each `key`; the transfer's id.

    `cause` is such as `redemption:7`; `by` and `approver` are people's ids, None for the bot of itself; `rule` is the
    version of the rules; `audit` the audit row in which `by` did it: without one, a row is written under the name `deed`.
    The same told again gives the same id and writes nothing. Raises LedgerConflict when it was booked with other legs,
    Refused when an account can't give so much, ValueError for legs that are no transfer.
    """
    moved = Moved(reason, cause, person_id, by, approver, audit, None, rule, key)
    return await _move(tx, legs, moved, deed)


async def reserve(
    tx: Transaction,
    legs: Sequence[Leg],
    *,
    reason: Reason = Reason.REDEEM,
    cause: str,
    person_id: int | None,
    by: int | None,
    rule: int | None = None,
    audit: int | None = None,
) -> int:
    """Set something aside until `post` or `void` ends it; the reservation's id. Some legs go into `reserved` accounts.

    Raises as `transfer` does.
    """
    if not any(leg.kind == "reserved" for leg in legs):
        raise ValueError(f"a reservation sets something aside: {legs}")
    return await transfer(tx, legs, reason=reason, cause=cause, person_id=person_id, by=by, rule=rule, audit=audit)


async def post(
    tx: Transaction,
    reservation_id: int,
    legs: Sequence[Leg],
    *,
    by: int | None,
    cause: str,
    reason: Reason = Reason.COLLECT,
    audit: int | None = None,
    about: int | None = None,
) -> int:
    """End a reservation by what was meant by it; the transfer's id. `legs` take out all that it had set aside.

    Part of it may go back where it came from. `about` is whose it is now, where that is another person. The same ending
    told again gives the same id. Raises Refused when it has ended otherwise, ValueError when the legs take out anything
    else than what was set aside.
    """
    before = await legs_of(tx, reservation_id)
    aside = {leg.place: -leg.amount for leg in before if leg.kind == "reserved"}
    if not aside or {leg.place: leg.amount for leg in legs if leg.kind == "reserved"} != aside:
        raise ValueError(f"reservation {reservation_id} set {aside} aside, and is to be ended by {legs}")
    return await _end(tx, reservation_id, legs, reason=reason, by=by, cause=cause, audit=audit, about=about)


async def void(
    tx: Transaction,
    reservation_id: int,
    *,
    by: int | None,
    cause: str,
    reason: Reason = Reason.CANCEL,
    audit: int | None = None,
) -> int:
    """End a reservation by giving everything back, leg for leg; the transfer's id. Raises as `post` does."""
    back = [Leg(leg.kind, leg.owner, -leg.amount, leg.unit) for leg in await legs_of(tx, reservation_id)]
    return await post(tx, reservation_id, back, by=by, cause=cause, reason=reason, audit=audit)


async def _end(
    tx: Transaction,
    reservation_id: int,
    legs: Sequence[Leg],
    *,
    reason: Reason,
    by: int | None,
    cause: str,
    audit: int | None,
    about: int | None,
) -> int:
    before = await tx.value("SELECT person_id FROM transfers WHERE id = :id", id=reservation_id)
    whose = before if any(leg.place == ("member", "points", before) for leg in legs) else about
    moved = Moved(reason, cause, whose, by, None, audit, None, resolves=reservation_id)
    return await _move(tx, legs, moved, "points.moved")


async def _move(tx: Transaction, legs: Sequence[Leg], moved: Moved, deed: str) -> int:
    check_legs(legs)
    if moved.by is not None:
        await take_turn(tx)
    accounts = await locked(tx, [leg.place for leg in legs])
    if (before := await _told(tx, moved)) is not None:
        return await _same(tx, before, legs, moved)
    if moved.by is not None and moved.audit_number is None:
        moved = moved.noted(await _note(tx, legs, moved, deed))
    transfer_id = await write(tx, moved)
    await tx.run_many(
        "INSERT INTO entries (transfer_id, account_id, amount) VALUES (:transfer_id, :account_id, :amount)",
        [
            {"transfer_id": transfer_id, "account_id": accounts[leg.place].id, "amount": leg.amount}
            for leg in sorted(legs, key=lambda leg: accounts[leg.place].id)
        ],
    )
    await settle(tx, transfer_id, len(legs))
    # What a merge moves is meant for the account to which it goes.
    for leg in legs if moved.reason != Reason.MERGE else ():
        await pass_on(tx, transfer_id, leg, accounts[leg.place].heir)
    return transfer_id


async def pass_on(tx: Transaction, transfer_id: int, leg: Leg, heir: int | None) -> None:
    """What comes to the account of a record that became another's goes on at once: that account stays empty."""
    if heir is None or leg.amount < 0:
        return
    legs = (Leg(leg.kind, leg.owner, -leg.amount, leg.unit), Leg(leg.kind, heir, leg.amount, leg.unit))
    cause = f"transfer:{transfer_id}"
    await transfer(tx, legs, reason=Reason.MERGE, cause=cause, person_id=heir, by=None)


async def fetch(tx: Transaction, transfer_id: int, leg: Leg, heir: int) -> None:
    """What is to be taken from such an account comes back to it first. Raises Refused where too little is left."""
    legs = (Leg(leg.kind, heir, -leg.amount, leg.unit), Leg(leg.kind, leg.owner, leg.amount, leg.unit))
    cause = f"reversal:{transfer_id}"
    await transfer(tx, legs, reason=Reason.MERGE, cause=cause, person_id=heir, by=None)


async def _note(tx: Transaction, legs: Sequence[Leg], moved: Moved, deed: str) -> int:
    subject = moved.cause if moved.person_id is None else f"person:{moved.person_id}"
    gained = sum(leg.amount for leg in legs if leg.place == ("member", "points", moved.person_id))
    written = {"amount": gained} if moved.person_id is not None else {}
    return await note(tx, deed, subject, by=moved.by, **written, reason=str(moved.reason), cause=moved.cause)


# One query with an index for each way in which the same may have been told before.
TOLD = (
    "SELECT id FROM transfers WHERE cause = :cause AND reason = :reason AND COALESCE(person_id, 0) = :person_id "
    "AND reverses IS NULL"
)


async def _told(tx: Transaction, moved: Moved) -> int | None:
    """The transfer by which this was done before."""
    if moved.key is not None and (found := await tx.value("SELECT id FROM transfers WHERE key = :key", key=moved.key)):
        return int(found)
    if moved.resolves is not None and (ended := await ended_by(tx, moved.resolves)) is not None:
        return ended
    found = await tx.value(TOLD, cause=moved.cause, reason=moved.reason, person_id=moved.person_id or 0)
    return None if found is None else int(found)


async def _same(tx: Transaction, transfer_id: int, legs: Sequence[Leg], moved: Moved) -> int:
    """What was booked before, if it is the same. Raises LedgerConflict, and Refused for a reservation that ended otherwise."""
    written = await tx.one("SELECT reason, cause, resolves FROM transfers WHERE id = :id", id=transfer_id)
    assert written is not None, "it was found in this transaction"
    before = await legs_of(tx, transfer_id)
    if _meant(before) == _meant(legs) and tuple(dict(written).values()) == (moved.reason, moved.cause, moved.resolves):
        return transfer_id
    if moved.resolves is not None and written["resolves"] == moved.resolves:
        raise Refused(
            say(
                "What was set aside was settled before, by entry {number}. Nothing was changed now.", number=transfer_id
            )
        )
    raise LedgerConflict(
        f"transfer {transfer_id} was for {tuple(dict(written).values())} and moved {_meant(before)}; "
        f"now {moved.reason} for {moved.cause} was to move {_meant(legs)}"
    )


# Ordered by id and locked in that order: two transfers that need the same two accounts never wait for each other. Who
# has the lock is alone with the accounts, so that asking whether an event was booked and booking it are one.
LOCK = "SELECT id, kind, unit, owner, balance, heir FROM accounts WHERE {which} ORDER BY id /*pg FOR NO KEY UPDATE*/"
WHICH = "(kind = :kind{n} AND unit = :unit{n} AND owner = :owner{n})"


async def locked(tx: Transaction, places: Sequence[Place]) -> dict[Place, Account]:
    """These accounts, nobody else's until the commit; those that are missing are opened."""
    found = await _lock(tx, places)
    if missing := sorted(set(places) - found.keys()):
        await tx.run_many(
            "INSERT INTO accounts (kind, unit, owner, made_at) VALUES (:kind, :unit, :owner, :now) ON CONFLICT DO NOTHING",
            [{"kind": kind, "unit": unit, "owner": owner, "now": tx.now} for kind, unit, owner in missing],
        )
        found = await _lock(tx, places)
    return found


async def _lock(tx: Transaction, places: Sequence[Place]) -> dict[Place, Account]:
    named: dict[str, Value] = {}
    for n, (kind, unit, owner) in enumerate(places):
        named |= {f"kind{n}": kind, f"unit{n}": unit, f"owner{n}": owner}
    which = " OR ".join(WHICH.format(n=n) for n in range(len(places)))
    rows = await tx.all(LOCK.format(which=which), **named)
    return {(row["kind"], row["unit"], row["owner"]): Account(row["id"], row["balance"], row["heir"]) for row in rows}
