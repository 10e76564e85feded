"""What the shop keeps of one person, how it forgets him, and what must be so of all its rows together."""

from typing import Any

from bot.domain.people import Becoming, Person, go, move, rows_of, share, stay, told
from bot.domain.points import Reason
from bot.domain.promises import Broken, Promise, broken
from bot.domain.shop import asking
from bot.domain.shop.redeeming import give_back, settle
from bot.storage import Transaction

KNOWN = {
    "redemptions": "SELECT r.*, i.name FROM redemptions r JOIN shop_items i ON i.id = r.item_id WHERE r.person_id = :id ORDER BY r.id",
    "wishes": "SELECT * FROM shop_wishes WHERE person_id = :id ORDER BY made_at",
    "clerk": "SELECT * FROM shop_clerks WHERE person_id = :id ORDER BY since",
    "cards checked": "SELECT * FROM shop_visits WHERE person_id = :id ORDER BY step",
    "given": "SELECT * FROM shop_lots WHERE sponsor_id = :id ORDER BY id",
}
PROMISES = (
    Promise(
        "reservations",
        "What is reserved holds its points and pieces in the ledger, and what has come to its end holds nothing.",
        "SELECT r.id, r.state, a.unit, a.balance FROM redemptions r LEFT JOIN accounts a "
        "ON a.kind = 'reserved' AND a.owner = r.id AND a.unit IN ('points', 'goods:' || r.item_id) "
        "WHERE a.id IS NULL OR a.balance <> CASE WHEN r.state <> 'reserved' THEN 0 WHEN a.unit = 'points' THEN r.points "
        "ELSE r.pieces END",
    ),
    Promise(
        "pieces",
        "The pieces of a lot that came in are all in the ledger: left, reserved, handed out or written off.",
        "SELECT l.id, l.pieces, CAST(SUM(e.amount) AS BIGINT) AS came FROM shop_lots l LEFT JOIN accounts a "
        "ON a.owner = l.id AND a.kind IN ('stock', 'sponsor') AND a.unit = 'goods:' || l.item_id "
        "LEFT JOIN transfers t ON t.cause = 'lot:' || l.id AND t.reason IN ('stock', 'donation') "
        "LEFT JOIN entries e ON e.account_id = a.id AND e.transfer_id = t.id "
        "GROUP BY l.id, l.pieces HAVING COALESCE(SUM(e.amount), 0) <> l.pieces",
    ),
)


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Every row of the shop that is of this person, by what it is."""
    return await rows_of(tx, KNOWN, person)


async def forget(tx: Transaction, person: Person) -> None:
    """What he reserved goes back, he waits for nothing and hands nothing out any more, and no gift bears his name."""
    for row in await tx.all("SELECT id FROM redemptions WHERE person_id = :id AND state = 'reserved'", id=person.id):
        found = await asking.redemption(tx, row["id"], hold=True)
        if found.is_open:
            await settle(tx, found, "cancelled", by=person.id)
            await give_back(tx, found, by=None, reason=Reason.CANCEL)
    await tx.run("DELETE FROM shop_wishes WHERE person_id = :id", id=person.id)
    await tx.run(
        "UPDATE shop_clerks SET left_at = :now WHERE person_id = :id AND left_at IS NULL", id=person.id, now=tx.now
    )
    await tx.run("DELETE FROM shop_misses WHERE clerk_id = :id", id=person.id)
    await tx.run(
        "UPDATE shop_lots SET sponsor = :number, sponsor_id = NULL WHERE sponsor_id = :id",
        number=f"#{person.id}",
        id=person.id,
    )


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well."""
    return await broken(tx, PROMISES)


MERGED = (
    *stay("shop_partners", "made_by"),
    *told("shop_clerks", "person_id"),
    *stay("shop_clerk_codes", "made_by", "used_by"),
    *stay("shop_items", "made_by"),
    move("shop_lots", "sponsor_id"),
    *stay("shop_lots", "made_by"),
    move("redemptions", "person_id", once=("key",)),
    *stay("redemptions", "settled_by"),
    move("shop_wishes", "person_id", once=("item_id",), rest="goes"),
    *stay("privileges", "made_by"),
    move("shop_visits", "person_id", once=("step",)),
    *stay("shop_visits", "clerk_id"),
    go("shop_misses", "clerk_id"),
)


async def merged(tx: Transaction, it: Becoming) -> None:
    """What is reserved is picked up under the other number, with the same code; limits count both; he is clerk no more."""
    await tx.all(
        "SELECT id FROM redemptions WHERE person_id = :old AND state = 'reserved' ORDER BY id /*pg FOR UPDATE*/",
        old=it.old.id,
    )
    await tx.run(
        "UPDATE shop_clerks SET left_at = :now WHERE person_id = :old AND left_at IS NULL", old=it.old.id, now=tx.now
    )
    await share(tx, MERGED, it)
