"""What admins do with items: make, change and close them, take pieces in, write damaged ones off."""

from dataclasses import dataclass

from bot.cards import Button, card, press
from bot.domain import audit, people, points
from bot.domain.audit import take_turn
from bot.domain.people import Person
from bot.domain.points import Leg, Reason
from bot.domain.shop import asking, wishing
from bot.domain.shop.things import PIECES_MAX, Item, Partner, pieces_words
from bot.locales import say, say_n
from bot.refusal import Refused, WayOut, check_number
from bot.storage import Transaction, Value


@dataclass(frozen=True)
class Draft:
    """An item as an admin describes it."""

    name: str
    partner_id: int
    price: int
    about: str = ""
    picture: str | None = None
    limit_pieces: int = 0
    limit_days: int = 0
    star: int = 0
    group_id: int | None = None
    opens_at: int | None = None
    closes_at: int | None = None
    keep_days: int = 7


async def open_partner(tx: Transaction, name: str, place: str, hours: str, *, by: Person) -> Partner:
    """Take in a place where things are handed out. Raises Refused for a name that there is."""
    people.only_admins(by)
    number = await tx.value(
        "INSERT INTO shop_partners (name, place, hours, made_by, made_at) VALUES (:name, :place, :hours, :by, :now) "
        "ON CONFLICT DO NOTHING RETURNING id",
        name=name,
        place=place,
        hours=hours,
        by=by.id,
        now=tx.now,
    )
    if number is None:
        raise Refused(
            say("There is a place called “{name}” already. Nothing was saved.", name=name),
            WayOut(say("Counters"), "shop.places"),
        )
    await audit.note(tx, "shop.place.made", f"partner:{number}", by=by.id, name=name)
    return await asking.partner(tx, number)


async def turn_partner(tx: Transaction, partner_id: int, *, opens: bool, by: Person) -> Partner:
    """Let a counter take part no longer, or again. Raises Refused while something is reserved there."""
    people.only_admins(by)
    await take_turn(tx)
    await tx.value("SELECT id FROM shop_partners WHERE id = :id /*pg FOR UPDATE*/", id=partner_id)
    partner = await asking.partner(tx, partner_id)
    waiting = 0 if opens else await asking.waiting_at(tx, partner_id)
    if waiting:
        raise Refused(
            say_n(
                "{n} reservation at “{name}” waits to be picked up. Nothing was changed; close it when that is settled.",
                "{n} reservations at “{name}” wait to be picked up. Nothing was changed; close it when they are settled.",
                waiting,
                name=partner.name,
            ),
            WayOut(say("Open"), press("shop.place", partner_id)),
        )
    closed_at = None if opens else tx.now
    await tx.run("UPDATE shop_partners SET closed_at = :at WHERE id = :id", at=closed_at, id=partner_id)
    await audit.note(tx, "shop.place.turned", f"partner:{partner_id}", by=by.id, state="open" if opens else "closed")
    return await asking.partner(tx, partner_id)


ADD = """
    INSERT INTO shop_items (name, about, partner_id, price, picture, limit_pieces, limit_days, star, group_id, opens_at,
        closes_at, keep_days, made_by, made_at)
    VALUES (:name, :about, :partner_id, :price, :picture, :limit_pieces, :limit_days, :star, :group_id, :opens_at,
        :closes_at, :keep_days, :by, :now)
    ON CONFLICT DO NOTHING RETURNING id
"""


async def make(tx: Transaction, draft: Draft, *, by: Person) -> Item:
    """Put an item into the catalogue, with no piece of it yet. Raises Refused for a name that its place has already."""
    people.only_admins(by)
    await asking.partner(tx, draft.partner_id)
    number = await tx.value(ADD, **draft.__dict__, by=by.id, now=tx.now)
    if number is None:
        raise same_name(draft.name)
    await audit.note(tx, "shop.item.made", f"item:{number}", by=by.id, name=draft.name, price=draft.price)
    return await asking.item(tx, number)


def same_name(name: str) -> Refused:
    """For a second item of one name at one place."""
    return Refused(
        say("There is an item called “{name}” at this place already. Nothing was saved.", name=name),
        WayOut(say("All items"), "shop.items"),
    )


# What can be changed of an item; the columns are ours, never what somebody typed.
CHANGES = (
    "name", "about", "price", "limit_pieces", "limit_days", "star", "group_id", "opens_at", "closes_at", "keep_days", "picture", "state",
)  # fmt: skip


async def change(tx: Transaction, item_id: int, *, by: Person, **changed: Value) -> Item:
    """Change some of an item; what is reserved keeps its price. Raises Refused."""
    people.only_admins(by)
    assert set(changed) <= set(CHANGES), "only what stands there can be changed"
    await take_turn(tx)
    before = await asking.item(tx, item_id, hold=True)
    opens, closes = (changed.get(name, getattr(before, name)) for name in ("opens_at", "closes_at"))
    if isinstance(opens, int) and isinstance(closes, int) and closes <= opens:
        raise Refused(say("It would end before it begins. Nothing was saved."))
    if "name" in changed and await _is_taken(tx, before, changed["name"]):
        raise same_name(str(changed["name"]))
    columns = ", ".join(f"{name} = :{name}" for name in changed)
    await tx.run(f"UPDATE shop_items SET {columns} WHERE id = :id", id=item_id, **changed)  # noqa: S608 - see CHANGES
    await audit.note(tx, "shop.item.changed", f"item:{item_id}", by=by.id, **changed)
    return await asking.item(tx, item_id)


async def _is_taken(tx: Transaction, item: Item, name: Value) -> bool:
    sql = "SELECT 1 FROM shop_items WHERE partner_id = :partner AND name = :name AND id <> :id"
    return bool(await tx.value(sql, partner=item.partner_id, name=name, id=item.id))


async def take_in(
    tx: Transaction, item_id: int, pieces: int, *, by: Person, sponsor: str | None = None, sponsor_id: int | None = None
) -> Item:
    """Pieces have come: a lot of their own, given by a sponsor or bought. Whoever waits for the item is told."""
    people.only_admins(by)
    check_number(pieces, 1, PIECES_MAX)
    await take_turn(tx)
    item = await asking.item(tx, item_id, hold=True)
    lot = await tx.value(
        "INSERT INTO shop_lots (item_id, pieces, sponsor, sponsor_id, made_by, made_at) "
        "VALUES (:item, :pieces, :sponsor, :sponsor_id, :by, :now) RETURNING id",
        item=item_id,
        pieces=pieces,
        sponsor=sponsor,
        sponsor_id=sponsor_id,
        by=by.id,
        now=tx.now,
    )
    # Of one of us the log has the number: a name in it would outlive him.
    giver = {"sponsor": sponsor} if sponsor_id is None else {"person": sponsor_id}
    number = await audit.note(tx, "shop.stocked", f"item:{item_id}", by=by.id, pieces=pieces, lot=lot, **giver)
    kind, reason = ("sponsor", Reason.DONATION) if sponsor else ("stock", Reason.STOCK)
    legs = [Leg("issue", 0, -pieces, item.unit), Leg(kind, lot, pieces, item.unit)]
    await points.transfer(tx, legs, reason=reason, cause=f"lot:{lot}", person_id=None, by=by.id, audit=number)
    await wishing.fire(tx, item_id)
    if sponsor_id is not None:
        await _thank(tx, item, pieces, lot, sponsor_id)
    return await asking.item(tx, item_id)


async def _thank(tx: Transaction, item: Item, pieces: int, lot: int, sponsor_id: int) -> None:
    """The sponsor hears that it has come, and where he sees what becomes of it."""
    words = say("🎁 Thank you! {pieces} of “{name}” have come in.", pieces=pieces_words(pieces), name=item.name)
    rows = ((Button(say("What became of it"), press("shop.lot", lot)),),)
    await people.tell(tx, await people.by_id(tx, sponsor_id), card(words, rows=rows))


async def write_off(tx: Transaction, item_id: int, pieces: int, why: str, *, by: Person) -> Item:
    """Pieces on the shelf are damaged or lost: they are gone, the oldest lot first. Raises Refused for more than there are."""
    people.only_admins(by)
    check_number(pieces, 1, PIECES_MAX)
    await take_turn(tx)
    item = await asking.item(tx, item_id, hold=True)
    if item.left < pieces:
        raise Refused(
            say(
                "Of “{name}” {left} are left that nobody has reserved; {pieces} can't be written off. Nothing was changed.",
                name=item.name,
                left=pieces_words(item.left),
                pieces=pieces_words(pieces),
            ),
            WayOut(say("Open"), press("shop.item", item.id)),
        )
    number = await audit.note(tx, "shop.written.off", f"item:{item_id}", by=by.id, pieces=pieces, why=why)
    legs = [*await taken_from_lots(tx, item, pieces), Leg("expired", 0, pieces, item.unit)]
    cause = f"audit:{number}"
    await points.transfer(tx, legs, reason=Reason.DAMAGE, cause=cause, person_id=None, by=by.id, audit=number)
    return await asking.item(tx, item_id)


async def taken_from_lots(tx: Transaction, item: Item, pieces: int) -> list[Leg]:
    """From which lots so many pieces come, the oldest first. The item is held, and has as many."""
    rows = await tx.all(
        "SELECT kind, owner, balance FROM accounts WHERE kind IN ('stock', 'sponsor') AND unit = :unit AND balance > 0 "
        "ORDER BY owner",
        unit=item.unit,
    )
    legs, missing = [], pieces
    for row in rows:
        if missing:
            taken = min(missing, row["balance"])
            legs.append(Leg(row["kind"], row["owner"], -taken, item.unit))
            missing -= taken
    assert not missing, "whoever asks has looked how many are left"
    return legs


async def lots_of(tx: Transaction, reservation_id: int, pieces: int) -> list[tuple[str, int, int]]:
    """The lots to which so many pieces of a reservation go back, the newest first: kind and owner of their account."""
    rows = await tx.all(
        "SELECT a.kind, a.owner, -e.amount AS taken FROM entries e JOIN accounts a ON a.id = e.account_id "
        "WHERE e.transfer_id = :id AND a.kind IN ('stock', 'sponsor') ORDER BY a.owner DESC",
        id=reservation_id,
    )
    found, missing = [], pieces
    for row in rows:
        if missing:
            found.append((row["kind"], row["owner"], min(missing, row["taken"])))
            missing -= found[-1][2]
    return found
