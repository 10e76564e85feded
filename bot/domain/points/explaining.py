"""Why a balance is what it is: what came, what went and what is set aside, each with the entries that it is made of."""

from dataclasses import dataclass
from enum import StrEnum

from bot.cards import Page
from bot.domain.points import lots
from bot.domain.points.expiring import this_year
from bot.domain.points.statement import entries_of
from bot.storage import Transaction


class Part(StrEnum):
    """What a balance is made of. What a reservation gave back belongs to what it was for."""

    TASK = "task"
    EVENT = "event"
    GRANT = "grant"
    REWARD = "reward"
    GOT = "got"
    MERGE = "merge"
    COUNTY = "county"
    CORRECTION = "correction"
    SHOP = "shop"
    GIVEN = "given"
    EXPIRED = "expired"
    ASIDE = "aside"


CAME = (Part.TASK, Part.EVENT, Part.GRANT, Part.REWARD, Part.GOT, Part.MERGE, Part.COUNTY, Part.CORRECTION)
WENT = (Part.SHOP, Part.GIVEN, Part.EXPIRED)


@dataclass(frozen=True)
class Sum:
    """One part of a person's balance: how often something came or went, and what it comes to in points."""

    part: Part
    n: int
    amount: int


# Questions

# `b` is what a reservation took from the same account and this entry gives back, `s` is that reservation.
MINE = f"""
    FROM accounts a JOIN entries e ON e.account_id = a.id JOIN transfers t ON t.id = e.transfer_id
    LEFT JOIN entries b ON b.transfer_id = t.resolves AND b.account_id = e.account_id
    LEFT JOIN transfers s ON s.id = b.transfer_id
    WHERE {lots.MINE}
"""
PART = """
    CASE WHEN t.reason = 'reversal' THEN 'correction'
    WHEN e.amount < 0 AND NOT EXISTS (SELECT 1 FROM transfers z WHERE z.resolves = t.id) AND EXISTS (
        SELECT 1 FROM entries x JOIN accounts y ON y.id = x.account_id WHERE x.transfer_id = t.id AND y.kind = 'reserved')
        THEN 'aside'
    WHEN COALESCE(s.reason, t.reason) = 'gift' THEN CASE WHEN COALESCE(b.amount, e.amount) > 0 THEN 'got' ELSE 'given' END
    WHEN COALESCE(s.reason, t.reason) IN ('redeem', 'collect', 'cancel', 'lapse', 'damage') THEN 'shop'
    WHEN t.reason = 'expiry' THEN 'expired'
    WHEN t.reason IN ('task', 'event', 'grant', 'reward', 'merge') THEN t.reason
    ELSE 'county' END
"""
CHOSEN = "SELECT e.transfer_id, e.account_id, e.amount"
NEWEST = "ORDER BY e.transfer_id DESC LIMIT :limit OFFSET :offset"


async def sums(tx: Transaction, person_id: int) -> list[Sum]:
    """What the person's balance is made of; together the parts come to it."""
    rows = await tx.all(
        f"SELECT {PART} AS part, CAST(SUM(CASE WHEN b.amount IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS n, "
        f"CAST(SUM(e.amount) AS BIGINT) AS amount {MINE} GROUP BY 1",
        person_id=person_id,
    )
    found = [Sum(Part(row["part"]), row["n"], row["amount"]) for row in rows]
    return sorted(found, key=lambda each: list(Part).index(each.part))


async def entries_in(tx: Transaction, person_id: int, part: Part, number: int) -> Page:
    """A page of the entries that a part is made of, the newest first; `items` are of Entry."""
    mine = f"{CHOSEN} {MINE} AND {PART} = :part {NEWEST}"
    return await entries_of(tx, mine, number, person_id=person_id, part=part.value)


async def entries_ending(tx: Transaction, person_id: int, year: int, number: int) -> Page:
    """A page of the entries by which that came what expires with a year, spent or not; `items` are of Entry."""
    ends = await lots.ends_of(tx, this_year(tx))
    mine = f"{lots.roots_of(lots.MINE)} {CHOSEN} {lots.CREDITS} AND {ends} = :year {NEWEST}"
    return await entries_of(tx, mine, number, person_id=person_id, year=year)
