"""At the counter: a clerk has a code before him, and hands out all of it, a part of it, or finds it damaged."""

from bot.cards import Button, card, press
from bot.domain import audit, people, points
from bot.domain.audit import take_turn
from bot.domain.people import Person
from bot.domain.points import Leg, Reason
from bot.domain.shop import asking, clerking
from bot.domain.shop.redeeming import give_back, settle, settled_already
from bot.domain.shop.stocking import lots_of
from bot.domain.shop.things import Redemption, pieces_words, plain_code, price_words, unit_of
from bot.domain.shop.wishing import fire
from bot.locales import Said, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction


async def shown_to(tx: Transaction, code: str, clerk: Person, *, hold: bool = False) -> Redemption:
    """What a code stands for, for a clerk of the place where it is handed out. Raises Refused for everybody else's."""
    await clerking.only_clerks(tx, clerk)
    found = await asking.by_code(tx, plain_code(code))
    if found is None:
        raise Refused(
            say("There is no such code. Nothing was handed out; please type it again, or scan the picture."),
            WayOut(say("At the counter"), "shop.counter"),
        )
    if not await clerking.may_hand_out(tx, found.partner_id, clerk):
        raise Refused(
            say("This code is for another place. Nothing was handed out."),
            WayOut(say("At the counter"), "shop.counter"),
        )
    return await asking.redemption(tx, found.id, hold=True) if hold else found


async def _to_settle(tx: Transaction, code: str, clerk: Person) -> Redemption:
    """The same, held, and still to be picked up. Nobody hands out to himself. Raises Refused."""
    await take_turn(tx)
    found = await shown_to(tx, code, clerk, hold=True)
    if found.person_id == clerk.id:
        raise Refused(say("Nobody hands out to himself: please ask another clerk. Nothing was handed out."))
    if not found.is_open:
        raise settled_already(found)
    return found


async def hand_out(tx: Transaction, code: str, pieces: int, *, by: Person) -> Redemption:
    """Hand out so many pieces of a reservation; the others, with their points, go back where they came from.

    Raises Refused for a code that is of another place, was used before, has lapsed, or stands for fewer.
    """
    found = await _to_settle(tx, code, by)
    if not 1 <= pieces <= found.pieces:
        raise Refused(
            say("This code is for {pieces}. Nothing was handed out.", pieces=pieces_words(found.pieces)),
            WayOut(say("Open"), press("shop.take", found.code)),
        )
    await settle(tx, found, "collected", by=by.id, handed=pieces)
    await asking.item(tx, found.item_id, hold=True)
    number = await audit.note(tx, "shop.handed.out", f"redemption:{found.id}", by=by.id, pieces=pieces)
    await _post(tx, found, pieces, "redeemed", Reason.COLLECT, by, number)
    words = say("✅ Handed out: {pieces} of “{name}”. Enjoy!", pieces=pieces_words(pieces), name=found.name)
    rest = found.pieces - pieces
    back = (_back_words(rest, found),) if rest else ()
    await _tell(tx, found, words, *back)
    if rest:
        await fire(tx, found.item_id)
    return await asking.redemption(tx, found.id)


async def find_damaged(tx: Transaction, code: str, *, by: Person) -> Redemption:
    """What was kept for somebody is damaged: the pieces are written off, all points go back. Raises Refused as hand_out."""
    found = await _to_settle(tx, code, by)
    await settle(tx, found, "damaged", by=by.id)
    number = await audit.note(tx, "shop.damaged", f"redemption:{found.id}", by=by.id, pieces=found.pieces)
    await _post(tx, found, found.pieces, "expired", Reason.DAMAGE, by, number)
    words = say("🔧 We are sorry: what was kept for you of “{name}” is damaged.", name=found.name)
    await _tell(tx, found, words, _back_words(found.pieces, found))
    return await asking.redemption(tx, found.id)


async def turn_away(tx: Transaction, code: str, *, by: Person) -> Redemption:
    """It can't be handed out: pieces and points go back, as if it was cancelled. Raises Refused as hand_out."""
    found = await _to_settle(tx, code, by)
    await settle(tx, found, "cancelled", by=by.id)
    number = await audit.note(tx, "shop.turned.away", f"redemption:{found.id}", by=by.id)
    await give_back(tx, found, by=by.id, reason=Reason.CANCEL, noted=number)
    await _tell(tx, found, say("“{name}” can't be handed out.", name=found.name), _back_words(found.pieces, found))
    return await asking.redemption(tx, found.id)


async def _post(
    tx: Transaction, found: Redemption, pieces: int, end: str, reason: Reason, by: Person, number: int
) -> None:
    """Post a reservation: so many pieces come to their `end`, the rest goes back to its lots.

    Points are spent for what was handed out, and for nothing else.
    """
    assert found.reservation_id is not None, "it was reserved in the transaction that made it"
    unit, spent = unit_of(found.item_id), pieces * found.price if end == "redeemed" else 0
    back = [Leg(kind, lot, n, unit) for kind, lot, n in await lots_of(tx, found.reservation_id, found.pieces - pieces)]
    legs = [
        Leg("reserved", found.id, -found.points),
        Leg("redeemed", 0, spent),
        Leg("member", found.person_id, found.points - spent),
        Leg("reserved", found.id, -found.pieces, unit),
        Leg(end, 0, pieces, unit),
        *back,
    ]
    await points.post(
        tx,
        found.reservation_id,
        [leg for leg in legs if leg.amount],
        by=by.id,
        cause=f"redemption:{found.id}",
        reason=reason,
        audit=number,
    )


def _back_words(pieces: int, found: Redemption) -> Said:
    return say("{points} are back with you.", points=price_words(pieces * found.price))


async def _tell(tx: Transaction, found: Redemption, *words: Said) -> None:
    screen = card(*words, rows=((Button(say("Open"), press("shop.mine.open", found.id)),),))
    await people.tell(tx, await people.by_id(tx, found.person_id), screen)
