"""Lots: what became of pieces that came in together, as the ledger has it; a sponsor sees his own."""

from collections import Counter
from dataclasses import dataclass

from bot.cards import Page, page_of, window
from bot.domain.people import Person
from bot.domain.shop.things import Item, unit_of
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction, Value


@dataclass(frozen=True)
class Lot:
    """Pieces that came in together. `pieces` = `left` + `reserved` + `handed` + `damaged`."""

    id: int
    item_id: int
    item: str
    pieces: int
    sponsor: str | None
    sponsor_id: int | None
    made_at: int
    left: int
    reserved: int
    handed: int
    damaged: int


LOT = "SELECT l.*, i.name AS item FROM shop_lots l JOIN shop_items i ON i.id = l.item_id"
# What the entries of a lot's account come to for each reservation's state; what is of none was written off. A redemption's
# number stands in the cause behind its eleven letters.
FATE = """
    SELECT COALESCE(r.state, 'written off') AS state, CAST(-SUM(e.amount) AS BIGINT) AS pieces
    FROM accounts a JOIN entries e ON e.account_id = a.id JOIN transfers t ON t.id = e.transfer_id
    LEFT JOIN redemptions r
        ON r.id = CASE WHEN t.cause LIKE 'redemption:%' THEN CAST(SUBSTR(t.cause, 12) AS BIGINT) END
    WHERE a.kind IN ('stock', 'sponsor') AND a.unit = :unit AND a.owner = :lot AND t.reason NOT IN ('stock', 'donation')
    GROUP BY COALESCE(r.state, 'written off')
"""


async def _lot(tx: Transaction, row: Row) -> Lot:
    rows = await tx.all(FATE, unit=unit_of(row["item_id"]), lot=row["id"])
    gone = Counter({each["state"]: each["pieces"] for each in rows})
    return Lot(
        row["id"],
        row["item_id"],
        row["item"],
        row["pieces"],
        row["sponsor"],
        row["sponsor_id"],
        row["made_at"],
        left=row["pieces"] - gone.total(),
        reserved=gone["reserved"],
        handed=gone["collected"],
        damaged=gone["written off"] + gone["damaged"],
    )


async def _page(tx: Transaction, which: str, number: int, **values: Value) -> Page:
    rows = await tx.all(
        f"{LOT} WHERE {which} ORDER BY l.id DESC LIMIT :limit OFFSET :offset",
        **window(number),
        **values,
    )
    return page_of([await _lot(tx, row) for row in rows], number)


async def given_by(tx: Transaction, person: Person, number: int) -> Page:
    """A page of what somebody has given, the newest first."""
    return await _page(tx, "l.sponsor_id = :id", number, id=person.id)


async def gives(tx: Transaction, person: Person) -> bool:
    """Has he given anything?"""
    return bool(await tx.value("SELECT 1 FROM shop_lots WHERE sponsor_id = :id LIMIT 1", id=person.id))


async def lots(tx: Transaction, item_id: int, number: int) -> Page:
    """A page of the lots of an item, the newest first."""
    return await _page(tx, "l.item_id = :id", number, id=item_id)


async def lot_seen_by(tx: Transaction, lot_id: int, me: Person) -> Lot:
    """One lot, for its sponsor and for those who read all. Raises Refused."""
    row = await tx.one(f"{LOT} WHERE l.id = :id", id=lot_id)
    if row is None or (row["sponsor_id"] != me.id and not me.reads_all):
        raise Refused(say("There is no such gift of yours."), WayOut(say("Redeem points"), "shop.list"))
    return await _lot(tx, row)


async def sponsors_of(tx: Transaction, item: Item) -> list[str]:
    """Who gave the pieces that are there now, by name."""
    rows = await tx.all(
        "SELECT DISTINCT l.sponsor FROM shop_lots l JOIN accounts a ON a.kind = 'sponsor' AND a.owner = l.id AND a.unit = :unit "
        "WHERE l.item_id = :item AND l.sponsor IS NOT NULL AND a.balance > 0 ORDER BY l.sponsor LIMIT 4",
        unit=item.unit,
        item=item.id,
    )
    return [row["sponsor"] for row in rows]
