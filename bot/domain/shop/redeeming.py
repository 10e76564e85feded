"""Redeeming: points and pieces are set aside together, then picked up, given back, or lapse: exactly one of these."""

from bot import due
from bot.cards import Button, card, press
from bot.config import House
from bot.domain import audit, groups, hours, people, points
from bot.domain.audit import take_turn
from bot.domain.people import Person
from bot.domain.points import Leg, Reason
from bot.domain.shop import asking, stocking, wishing
from bot.domain.shop.things import (
    AT_ONCE_MAX,
    DAY,
    Item,
    Redemption,
    limit_words,
    new_code,
    pieces_words,
    price_words,
    sold_out,
    to_item,
    to_shop,
)
from bot.due import Due
from bot.locales import Moment, Said, say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

LAPSE, REMIND = "shop.lapse", "shop.remind"
REMIND_BEFORE = DAY
NOTHING = say("Nothing was reserved and no points were taken.")


# Questions


async def lacks(tx: Transaction, item: Item, person: Person) -> Said | None:
    """What keeps somebody from this item, with its numbers; None where nothing does."""
    if not item.is_open or (item.closes_at is not None and tx.now >= item.closes_at):
        return say("“{name}” is not offered any more.", name=item.name)
    if item.opens_at is not None and tx.now < item.opens_at:
        return say("“{name}” can be redeemed from {moment} on.", name=item.name, moment=Moment(item.opens_at))
    if item.star and (has := await hours.star_held(tx, person.id)) < item.star:
        needed = hours.starred(item.star)
        if not has:
            return say("“{name}” is for {needed} and up; you have no star yet.", name=item.name, needed=needed)
        return say(
            "“{name}” is for {needed} and up; you have {has}.", name=item.name, needed=needed, has=hours.starred(has)
        )
    if item.group_id is not None and not await groups.belongs(tx, item.group_id, person):
        return say("“{name}” is for members of {group}.", name=item.name, group=item.group_name or "")
    return None


async def short_of(tx: Transaction, item: Item, person: Person) -> Said | None:
    """What keeps somebody from one more piece for now: his share is had, or points are missing; None where nothing does."""
    missing = item.price - await points.balance(tx, person.id)
    if (why := await _over_limit(tx, item, 1, person)) is not None or missing <= 0:
        return why
    return say("{points} more, and you can redeem one.", points=price_words(missing))


async def _over_limit(tx: Transaction, item: Item, pieces: int, person: Person) -> Said | None:
    limit = limit_words(item)
    if limit is None or (had := await asking.had(tx, item, person.id)) + pieces <= item.limit_pieces:
        return None
    return say("“{name}”: {limit}. You have had {had}.", name=item.name, limit=limit, had=pieces_words(had))


async def most(tx: Transaction, item: Item, person: Person) -> int:
    """How many pieces somebody could reserve at once just now."""
    room = item.limit_pieces - await asking.had(tx, item, person.id) if item.limit_pieces else AT_ONCE_MAX
    affordable = await points.balance(tx, person.id) // item.price
    return max(0, min(AT_ONCE_MAX, item.left, room, affordable))


# Deeds


async def redeem(tx: Transaction, item_id: int, pieces: int, price: int, key: str, *, by: Person) -> Redemption:
    """Set pieces and their points aside for somebody, both or neither; once for each `key`.

    `price` is what a piece cost on the screen that was confirmed. Raises Refused where the price has changed, he may not
    have it, too few are left, or he has too few points; then nothing is set aside.
    """
    await take_turn(tx)
    item = await asking.item(tx, item_id, hold=True)
    if before := await asking.by_key(tx, by, key):
        return before
    await _check(tx, item, pieces, price, by)
    until = tx.now + item.keep_days * DAY
    number = await tx.value(
        "INSERT INTO redemptions (item_id, person_id, pieces, points, code, key, made_at, until) "
        "VALUES (:item, :by, :pieces, :points, :code, :key, :now, :until) RETURNING id",
        item=item.id,
        by=by.id,
        pieces=pieces,
        points=pieces * price,
        code=new_code(),
        key=key,
        now=tx.now,
        until=until,
    )
    await _set_aside(tx, item, number, pieces, by)
    await due.plan(tx, LAPSE, f"redemption:{number}", until)
    if item.keep_days > 1:
        await due.plan(tx, REMIND, f"redemption:{number}", until - REMIND_BEFORE, until=until)
    return await asking.redemption(tx, number)


async def _check(tx: Transaction, item: Item, pieces: int, price: int, by: Person) -> None:
    if not 1 <= pieces <= AT_ONCE_MAX:
        raise Refused(
            say("One to {n} pieces at once, please. {nothing}", n=AT_ONCE_MAX, nothing=NOTHING), to_item(item)
        )
    why = await lacks(tx, item, by) or await _over_limit(tx, item, pieces, by)
    if why is not None:
        raise Refused(say("{why} {nothing}", why=why, nothing=NOTHING), to_shop())
    if price != item.price:
        raise Refused(
            say(
                "The price has changed: {price} a piece now. {nothing}", price=price_words(item.price), nothing=NOTHING
            ),
            to_item(item),
        )
    if item.left < pieces:
        raise sold_out(item)
    has = await points.balance(tx, by.id)
    if has < pieces * price:
        raise Refused(
            say(
                "That costs {cost}, and you have {has}. {nothing}",
                cost=price_words(pieces * price),
                has=price_words(has),
                nothing=NOTHING,
            ),
            WayOut(say("Volunteer tasks"), "activities.list:task"),
            to_shop(),
        )


async def _set_aside(tx: Transaction, item: Item, number: int, pieces: int, by: Person) -> None:
    cost, subject = pieces * item.price, f"redemption:{number}"
    noted = await audit.note(tx, "shop.reserved", subject, by=by.id, item=item.id, pieces=pieces, points=cost)
    legs = [
        Leg("member", by.id, -cost),
        Leg("reserved", number, cost),
        *await stocking.taken_from_lots(tx, item, pieces),
        Leg("reserved", number, pieces, item.unit),
    ]
    reservation = await points.reserve(
        tx, legs, reason=Reason.REDEEM, cause=subject, person_id=by.id, by=by.id, audit=noted
    )
    await tx.run("UPDATE redemptions SET reservation_id = :transfer WHERE id = :id", transfer=reservation, id=number)


async def settle(tx: Transaction, found: Redemption, state: str, *, by: int | None, handed: int = 0) -> None:
    """It has come to its end, once: whoever settles second is refused."""
    settled = await tx.run(
        "UPDATE redemptions SET state = :state, handed = :handed, settled_at = :now, settled_by = :by "
        "WHERE id = :id AND state = 'reserved'",
        state=state,
        handed=handed,
        now=tx.now,
        by=by,
        id=found.id,
    )
    if not settled:
        raise settled_already(await asking.redemption(tx, found.id))
    for deed in (LAPSE, REMIND):
        await due.drop(tx, f"redemption:{found.id}", deed)


def settled_already(found: Redemption) -> Refused:
    """For whoever comes to what has come to its end."""
    return Refused(
        say("{state} Nothing was changed now.", state=state_words(found)),
        WayOut(say("Open"), press("shop.mine.open", found.id)),
    )


def state_words(found: Redemption) -> Said:
    """How it stands with a reservation."""
    when = Moment(found.settled_at or 0)
    match found.state:
        case "reserved":
            return say("⏳ Kept for you until {moment}.", moment=Moment(found.until))
        case "collected" if found.handed < found.pieces:
            return say(
                "✅ Handed out on {moment}: {handed} of {pieces}.",
                moment=when,
                handed=found.handed,
                pieces=found.pieces,
            )
        case "collected":
            return say("✅ Handed out on {moment}.", moment=when)
        case "cancelled":
            return say("✖️ Cancelled on {moment}; the points went back.", moment=when)
        case "damaged":
            return say("🔧 Damaged, found on {moment}; the points went back.", moment=when)
        case _:
            return say("⌛ Not picked up in time; the points went back on {moment}.", moment=when)


async def cancel(tx: Transaction, redemption_id: int, *, by: Person) -> Redemption:
    """Give up what one has reserved: points and pieces go back. Raises Refused where it has come to its end."""
    await take_turn(tx)
    found = await asking.redemption_of(tx, redemption_id, by, hold=True)
    await settle(tx, found, "cancelled", by=by.id)
    number = await audit.note(tx, "shop.cancelled", f"redemption:{found.id}", by=by.id)
    await give_back(tx, found, by=by.id, reason=Reason.CANCEL, noted=number)
    return await asking.redemption(tx, found.id)


async def give_back(
    tx: Transaction, found: Redemption, *, by: int | None, reason: Reason, noted: int | None = None
) -> None:
    """Points and pieces go back where they came from, and whoever waits for the item is told.

    `noted` is the row of the audit log in which `by` did it.
    """
    assert found.reservation_id is not None, "it was reserved in the transaction that made it"
    cause = f"redemption:{found.id}"
    await asking.item(tx, found.item_id, hold=True)
    await points.void(tx, found.reservation_id, by=by, cause=cause, reason=reason, audit=noted)
    await wishing.fire(tx, found.item_id)


async def remind(tx: Transaction, item: Due, house: House) -> None:
    """A day before it lapses."""
    found = await asking.redemption(tx, item.number)
    if found.is_open:
        words = say(
            "⏳ “{name}” is kept for you until {moment}; then the points go back.",
            name=found.name,
            moment=Moment(found.until),
        )
        await people.tell(
            tx, await people.by_id(tx, found.person_id), card(words, rows=_to_it(found)), lane=Lane.REMINDER
        )


async def lapse(tx: Transaction, item: Due, house: House) -> None:
    """Nobody came for it: points and pieces go back, and the person is told."""
    found = await asking.redemption(tx, item.number, hold=True)
    if not found.is_open:
        return
    await settle(tx, found, "lapsed", by=None)
    await give_back(tx, found, by=None, reason=Reason.LAPSE)
    words = say(
        "⌛ “{name}” was not picked up in time: your {points} are back, and others can have it.",
        name=found.name,
        points=price_words(found.points),
    )
    await people.tell(tx, await people.by_id(tx, found.person_id), card(words, rows=_to_it(found)), lane=Lane.REMINDER)


def _to_it(found: Redemption) -> tuple[tuple[Button, ...], ...]:
    return ((Button(say("Open"), press("shop.mine.open", found.id)),),)
