"""Questions about the shop: what there is, how many are left, what somebody has reserved."""

from collections.abc import Sequence
from dataclasses import fields

from bot.cards import ROWS_PER_PAGE, Page, page_of, window
from bot.domain.people import Person
from bot.domain.shop.things import Item, Partner, Redemption, to_shop
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import AMONG, Row, Transaction, Value, listed

# What is left of an item is what its lots have left; each is an account of the ledger.
ITEM = """
    SELECT i.*, p.name AS partner, p.place, p.hours, p.closed_at AS counter_closed_at, g.name AS group_name, (
        SELECT CAST(COALESCE(SUM(a.balance), 0) AS BIGINT) FROM accounts a
        WHERE a.kind IN ('stock', 'sponsor') AND a.unit = 'goods:' || i.id) AS left
    FROM shop_items i JOIN shop_partners p ON p.id = i.partner_id LEFT JOIN groups g ON g.id = i.group_id
"""
REDEMPTION = """
    SELECT r.*, i.name, i.partner_id, p.name AS partner, p.place, p.hours FROM redemptions r
    JOIN shop_items i ON i.id = r.item_id JOIN shop_partners p ON p.id = i.partner_id
"""
_ITEM = tuple(field.name for field in fields(Item))
_REDEMPTION = tuple(field.name for field in fields(Redemption))


def _item(row: Row) -> Item:
    return Item(**{name: row[name] for name in _ITEM})


def _redemption(row: Row) -> Redemption:
    return Redemption(**{name: row[name] for name in _REDEMPTION})


def no_item() -> Refused:
    """For an item that is not there."""
    return Refused(say("There is no such item any more. Nothing was changed."), to_shop())


def no_redemption() -> Refused:
    """For a reservation that is not there, or is somebody else's."""
    return Refused(
        say("There is no such reservation of yours. Nothing was changed."),
        WayOut(say("My reservations"), "shop.mine"),
    )


async def item(tx: Transaction, item_id: int, *, hold: bool = False) -> Item:
    """The item, closed ones too. Raises Refused.

    With `hold` nobody else reserves of it, and its counter stays as it is, until the transaction ends.
    """
    if hold:
        sql = "SELECT i.id FROM shop_items i JOIN shop_partners p ON p.id = i.partner_id WHERE i.id = :id"
        await tx.value(f"{sql} /*pg FOR UPDATE OF i FOR SHARE OF p*/", id=item_id)
    row = await tx.one(f"{ITEM} WHERE i.id = :id", id=item_id)
    if row is None:
        raise no_item()
    return _item(row)


async def items(tx: Transaction, number: int, *, closed: bool = False) -> Page:
    """A page of what is offered, the cheapest first; with `closed`, of everything there ever was."""
    which = (
        "1 = 1"
        if closed
        else "i.state = 'open' AND p.closed_at IS NULL AND (i.closes_at IS NULL OR i.closes_at > :now)"
    )
    values: dict[str, Value] = {} if closed else {"now": tx.now}
    rows = await tx.all(
        f"{ITEM} WHERE {which} ORDER BY i.state DESC, i.price, i.id LIMIT :limit OFFSET :offset",
        **window(number),
        **values,
    )
    return page_of(map(_item, rows), number)


async def redemption(tx: Transaction, redemption_id: int, *, hold: bool = False) -> Redemption:
    """Raises Refused where there is none; with `hold` nobody else settles it until the transaction ends."""
    if hold:
        await tx.value("SELECT id FROM redemptions WHERE id = :id /*pg FOR UPDATE*/", id=redemption_id)
    row = await tx.one(f"{REDEMPTION} WHERE r.id = :id", id=redemption_id)
    if row is None:
        raise no_redemption()
    return _redemption(row)


async def redemption_of(tx: Transaction, redemption_id: int, me: Person, *, hold: bool = False) -> Redemption:
    """The same if it is `me` who reserved it, or who reads all. Raises Refused."""
    found = await redemption(tx, redemption_id, hold=hold)
    if found.person_id != me.id and (hold or not me.reads_all):
        raise no_redemption()
    return found


async def by_code(tx: Transaction, code: str) -> Redemption | None:
    """The redemption with this code, whatever became of it; None where there is none."""
    row = await tx.one(f"{REDEMPTION} WHERE r.code = :code", code=code)
    return _redemption(row) if row else None


async def by_key(tx: Transaction, person: Person, key: str) -> Redemption | None:
    """What was reserved from this very screen before."""
    row = await tx.one(f"{REDEMPTION} WHERE r.person_id = :id AND r.key = :key", id=person.id, key=key)
    return _redemption(row) if row else None


async def redemptions(tx: Transaction, person: Person, number: int) -> Page:
    """A page of what somebody has reserved, what can still be picked up first."""
    rows = await tx.all(
        f"{REDEMPTION} WHERE r.person_id = :id ORDER BY CASE r.state WHEN 'reserved' THEN 0 ELSE 1 END, r.id DESC "
        "LIMIT :limit OFFSET :offset",
        id=person.id,
        **window(number),
    )
    return page_of(map(_redemption, rows), number)


async def names(tx: Transaction, redemption_ids: Sequence[int]) -> dict[int, str]:
    """What was reserved, by the numbers of a page of reservations."""
    rows = await tx.all(
        f"SELECT r.id, i.name FROM redemptions r JOIN shop_items i ON i.id = r.item_id WHERE r.id {AMONG}",  # noqa: S608 - a text of our own
        ids=listed(redemption_ids),
    )
    return {row["id"]: row["name"] for row in rows}


async def had(tx: Transaction, item: Item, person_id: int) -> int:
    """How many pieces of it somebody has reserved or got within the item's days; all of them where it names none."""
    return int(
        await tx.value(
            "SELECT CAST(COALESCE(SUM(CASE state WHEN 'reserved' THEN pieces ELSE handed END), 0) AS BIGINT) "
            "FROM redemptions WHERE item_id = :item AND person_id = :person AND made_at > :since",
            item=item.id,
            person=person_id,
            since=tx.now - item.limit_days * 24 * 3600 if item.limit_days else -1,
        )
    )


async def waiting_at(tx: Transaction, partner_id: int) -> int:
    """How many reservations wait to be picked up at a counter."""
    return int(
        await tx.value(
            "SELECT COUNT(*) FROM shop_items i JOIN redemptions r ON r.item_id = i.id AND r.state = 'reserved' "
            "WHERE i.partner_id = :id",
            id=partner_id,
        )
    )


async def partner(tx: Transaction, partner_id: int) -> Partner:
    """Raises Refused where there is none."""
    row = await tx.one("SELECT * FROM shop_partners WHERE id = :id", id=partner_id)
    if row is None:
        raise Refused(say("There is no such place. Nothing was changed."), WayOut(say("Counters"), "shop.places"))
    return Partner(**row)


async def partners(tx: Transaction, number: int = 0, *, each: int = ROWS_PER_PAGE, closed: bool = False) -> Page:
    """A page of the counters that take part, by name; with `closed`, those that did, too, at the end."""
    which = "" if closed else "WHERE closed_at IS NULL"
    rows = await tx.all(
        f"SELECT * FROM shop_partners {which} ORDER BY COALESCE(closed_at, 0), name, id LIMIT :limit OFFSET :offset",  # noqa: S608 - one of our own
        **window(number, each),
    )
    return page_of((Partner(**row) for row in rows), number, each=each)


async def stock_worth(tx: Transaction) -> int:
    """What all that is in stock, and that nobody has reserved, costs in points."""
    return int(
        await tx.value(
            f"SELECT CAST(COALESCE(SUM(s.price * s.left), 0) AS BIGINT) FROM ({ITEM} WHERE i.state = 'open') s"  # noqa: S608 - a text of our own
        )
    )
