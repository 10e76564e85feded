"""The ledger's chain: what is written is sealed within a minute, and a row that was changed since is named."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from bot import due
from bot.config import House
from bot.domain.points import board, counting
from bot.due import Due
from bot.storage import Row, Transaction

SEALING = "points.seal"
SECONDS = 60
# So many transfers in one transaction.
SLICE = 500
# On PostgreSQL a transfer with a lower number may be committed after one with a higher: so far back it is looked for.
LOOK_BACK = 10_000
FIRST = ""


@dataclass(frozen=True)
class Head:
    """The end of the chain, or a place within it up to which it holds."""

    place: int
    hash: str


@dataclass(frozen=True)
class Gap:
    """Where the chain does not hold, at which transfer, and how."""

    place: int
    transfer_id: int | None
    why: str


# Rules


def seal_of(transfer: dict[str, Any], legs: Iterable[Row], before: str) -> str:
    """What a place's hash must be: SHA-256 over the transfer, its entries with their accounts, and the hash before it."""
    moved = [[leg["account_id"], leg["kind"], leg["unit"], leg["owner"], leg["amount"]] for leg in legs]
    content = [before, list(transfer.values()), moved]
    return hashlib.sha256(orjson.dumps(content)).hexdigest()


# Questions

COLUMNS = (
    "t.id, t.reason, t.cause, t.person_id, t.actor_id, t.approver_id, t.bot, t.came_from, t.audit_number, t.reverses, "
    "t.rule, t.key, t.resolves, t.at"
)
UNSEALED = f"""
    SELECT {COLUMNS} FROM transfers t
    WHERE t.id > :after AND NOT EXISTS (SELECT 1 FROM seals s WHERE s.transfer_id = t.id) ORDER BY t.id LIMIT {SLICE}
"""  # noqa: S608 - a text of our own
SEALED = f"""
    SELECT s.place, s.transfer_id AS sealed, s.hash, {COLUMNS} FROM seals s LEFT JOIN transfers t ON t.id = s.transfer_id
    WHERE s.place > :after AND s.place <= :last ORDER BY s.place
"""  # noqa: S608 - likewise
LEGS = """
    SELECT e.transfer_id, e.account_id, a.kind, a.unit, a.owner, e.amount FROM entries e
    JOIN accounts a ON a.id = e.account_id WHERE e.transfer_id IN ({which}) ORDER BY e.transfer_id, e.account_id
"""
LEGS_SEALED = LEGS.format(which="SELECT transfer_id FROM seals WHERE place > :after AND place <= :last")


async def head(tx: Transaction) -> Head:
    """The end of the chain as it is kept."""
    row = await tx.one("SELECT place, hash FROM seals_head WHERE id = 1")
    assert row is not None, "a migration put it there"
    return Head(**row)


async def hash_at(tx: Transaction, place: int) -> str | None:
    """The hash at a place, to hold it against one that was written down elsewhere; None where there is no such place."""
    found: str | None = await tx.value("SELECT hash FROM seals WHERE place = :place", place=place)
    return found


async def follow(tx: Transaction, since: Head, *, page: int = 2000) -> Head | Gap:
    """Look at the next places of the chain: how far it holds, or where it does not. At its end that is `since` itself."""
    last = since.place + page
    rows = await tx.all(SEALED, after=since.place, last=last)
    if not rows:
        return since if await head(tx) == since else Gap(since.place + 1, None, "is missing at the end")
    legs: dict[int, list[Row]] = defaultdict(list)
    for leg in await tx.all(LEGS_SEALED, after=since.place, last=last):
        legs[leg["transfer_id"]].append(leg)
    return await tx.apart(_followed, [dict(row) for row in rows], legs, since)


def _followed(rows: list[dict[str, Any]], legs: dict[int, list[Row]], since: Head) -> Head | Gap:
    for row in rows:
        place, sealed, kept = row.pop("place"), row.pop("sealed"), row.pop("hash")
        if place != since.place + 1:
            return Gap(since.place + 1, None, "is missing")
        if row["id"] is None:
            return Gap(place, sealed, "is missing")
        if kept != seal_of(row, legs[sealed], since.hash):
            return Gap(place, sealed, "was changed after it was sealed")
        since = Head(place, kept)
    return since


async def first_gap(tx: Transaction) -> Gap | None:
    """The first place at which the chain is broken, or None where all of it holds. Memory is bounded."""
    since = Head(0, FIRST)
    while (found := await follow(tx, since)) != since:
        if isinstance(found, Gap):
            return found
        since = found
    return None


# Deeds

PLAN = """
    INSERT INTO due (bot, deed, subject, due_at, retry_at)
    SELECT CAST(:bot AS BIGINT), :deed, 'chain', CAST(:at AS BIGINT), CAST(:at AS BIGINT)
    WHERE ((SELECT MAX(id) FROM transfers) > (SELECT newest FROM seals_head WHERE id = 1)
        OR (SELECT place FROM seals_head WHERE id = 1) > (SELECT place FROM point_figures_head WHERE id = 1)
        OR (SELECT place FROM seals_head WHERE id = 1) > (SELECT place FROM point_earned_head WHERE id = 1))
        AND NOT EXISTS (SELECT 1 FROM due WHERE bot = :bot AND deed = :deed AND subject = 'chain' AND state = 'new')
    ON CONFLICT DO NOTHING
"""


async def plan_sealing(tx: Transaction) -> None:
    """See to it that what was written is sealed within a minute; asked at each tick, and free when nothing is new."""
    await tx.run(PLAN, bot=tx.bot, deed=SEALING, at=tx.now - tx.now % SECONDS + SECONDS)


async def seal_due(tx: Transaction, item: Due, house: House) -> None:
    """Seal a slice, count one and sum one; where more is left, the scheduler goes on. What is done leaves no row."""
    done = (await seal(tx), await counting.count(tx), await board.sum_earned(tx))
    if SLICE in done:
        await due.plan(tx, SEALING, f"chain:{item.id}", tx.now)
    await tx.run(
        "DELETE FROM due WHERE bot = :bot AND deed = :deed AND state = 'done' AND id < :id",
        bot=tx.bot,
        deed=SEALING,
        id=item.id,
    )


async def seal(tx: Transaction) -> int:
    """Give the oldest transfers that have none a place in the chain, up to a slice of them; how many there were."""
    kept = await tx.one("SELECT place, hash, newest FROM seals_head WHERE id = 1 /*pg FOR UPDATE*/")
    assert kept is not None, "a migration put it there"
    rows = [dict(row) for row in await tx.all(UNSEALED, after=kept["newest"] - LOOK_BACK)]
    if not rows:
        return 0
    sealed = _sealed(rows, await _legs(tx, [row["id"] for row in rows]), Head(kept["place"], kept["hash"]))
    await tx.run_many("INSERT INTO seals (place, transfer_id, hash) VALUES (:place, :transfer_id, :hash)", sealed)
    await tx.run(
        "UPDATE seals_head SET place = :place, hash = :hash, newest = :newest WHERE id = 1",
        place=sealed[-1]["place"],
        hash=sealed[-1]["hash"],
        newest=max(kept["newest"], rows[-1]["id"]),
    )
    return len(rows)


async def _legs(tx: Transaction, ids: list[int]) -> dict[int, list[Row]]:
    legs: dict[int, list[Row]] = defaultdict(list)
    for leg in await tx.all(LEGS.format(which=", ".join(str(number) for number in ids))):
        legs[leg["transfer_id"]].append(leg)
    return legs


def _sealed(rows: list[dict[str, Any]], legs: dict[int, list[Row]], since: Head) -> list[dict[str, Any]]:
    made = []
    for place, row in enumerate(rows, since.place + 1):
        since = Head(place, seal_of(row, legs[row["id"]], since.hash))
        made.append({"place": place, "transfer_id": row["id"], "hash": since.hash})
    return made
