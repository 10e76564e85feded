"""Giving points away: set aside at once, and with the receiver once the giver can't take them back any more."""

from dataclasses import dataclass

from bot import due
from bot.cards import press
from bot.config import House
from bot.domain import audit, groups, people
from bot.domain.audit import take_turn
from bot.domain.people import Person
from bot.domain.points import gifts, rules
from bot.domain.points.gift_news import tell_given, tell_given_back, tell_off, tell_reversed
from bot.domain.points.gifts import Gift, gift
from bot.domain.points.ledger import Reason
from bot.domain.points.posting import Leg, post, reserve, transfer, void
from bot.domain.points.rules import Rules
from bot.domain.points.statement import balance, held
from bot.due import Due
from bot.locales import Moment, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

FINAL = "points.gift.final"
HOUR, DAY = 3600, 86400
GIVE_BACK_DAYS = 7
GIFT_CHARACTERS_MAX = 100


@dataclass(frozen=True)
class Receiver:
    """To whom points are given: a person, or a group's budget."""

    person_id: int | None = None
    group_id: int | None = None


# Questions


async def most_to_give(tx: Transaction, giver: Person) -> int:
    """How many points somebody can give away at once, by the rules and by what he has; 0 where he can give none."""
    in_force = await rules.current(tx)
    month = in_force.gift_month - await gifts.given_this_month(tx, giver)
    return max(min(in_force.gift_once, month, await balance(tx, giver.id)), 0)


# Deeds


async def give(tx: Transaction, receiver: Receiver, amount: int, words: str, key: str, *, by: Person) -> Gift:
    """Set points aside for somebody; they are his when the rules' hours are over. Once for each `key`.

    Raises Refused for oneself, for whoever has left, for a group that is closed, above what the rules allow at once or a
    month, and for more than `by` has; then nothing is set aside.
    """
    await take_turn(tx)
    before = await tx.value("SELECT id FROM gifts WHERE key = :key AND giver_id = :by", key=key, by=by.id)
    if before is not None:
        return await gift(tx, before)
    in_force = await rules.current(tx)
    await _check_amount(tx, amount, in_force, by)
    await _check_receiver(tx, receiver, by)
    gift_id = await tx.value(
        "INSERT INTO gifts (giver_id, person_id, group_id, amount, words, key, made_at, final_at) "
        "VALUES (:by, :person, :group, :amount, :words, :key, :now, :final) RETURNING id",
        by=by.id,
        person=receiver.person_id,
        group=receiver.group_id,
        amount=amount,
        words=words,
        key=key,
        now=tx.now,
        final=tx.now + in_force.gift_hours * HOUR,
    )
    return await _set_aside(tx, await gift(tx, gift_id), in_force)


async def _set_aside(tx: Transaction, found: Gift, in_force: Rules) -> Gift:
    number = await audit.note(tx, "points.gift.made", f"gift:{found.id}", by=found.giver_id, amount=found.amount)
    legs = [Leg("member", found.giver_id, -found.amount), Leg("reserved", -found.id, found.amount)]
    reservation = await reserve(
        tx,
        legs,
        reason=Reason.GIFT,
        cause=f"gift:{found.id}",
        person_id=found.giver_id,
        by=found.giver_id,
        rule=in_force.version,
        audit=number,
    )
    await tx.run("UPDATE gifts SET reservation_id = :transfer WHERE id = :id", transfer=reservation, id=found.id)
    await due.plan(tx, FINAL, f"gift:{found.id}", found.final_at)
    return await gift(tx, found.id)


async def _check_amount(tx: Transaction, amount: int, in_force: Rules, by: Person) -> None:
    to_rules = WayOut(say("The rules"), "points.rules")
    if not in_force.gift_once or not in_force.gift_month:
        raise Refused(say("The rules of the county allow no giving of points. Nothing was set aside."), to_rules)
    if not 1 <= amount <= in_force.gift_once:
        raise Refused(
            say("At once you can give 1 to {limit} points. Nothing was set aside.", limit=in_force.gift_once), to_rules
        )
    gone = await gifts.given_this_month(tx, by)
    if gone + amount > in_force.gift_month:
        raise Refused(
            say(
                "The rules let you give {limit} points a month; you have given {gone} this month. Nothing was set aside.",
                limit=in_force.gift_month,
                gone=gone,
            ),
            to_rules,
        )
    if (has := await balance(tx, by.id)) < amount:
        raise Refused(
            say("You have {has} points, so you can't give {amount}. Nothing was set aside.", has=has, amount=amount),
            WayOut(say("My points"), "points.mine"),
        )


async def _check_receiver(tx: Transaction, receiver: Receiver, by: Person) -> None:
    if receiver.group_id is not None:
        await check_open(tx, receiver.group_id)
        return
    if receiver.person_id == by.id:
        raise Refused(say("That is yourself: give points to somebody else. Nothing was set aside."), to_giving())
    assert receiver.person_id is not None, "a gift is for a person or a group"
    if (await people.by_id(tx, receiver.person_id)).forgotten_at is not None:
        raise Refused(say("This person has left. Nothing was set aside."), to_giving())


async def check_open(tx: Transaction, group_id: int) -> None:
    """Raises Refused for a group that is closed: it has no budget any more."""
    groups.check_open(await groups.by_id(tx, group_id))


def to_giving() -> WayOut:
    """The way to the form by which points are given away."""
    return WayOut(say("Give points away"), "points.gift")


async def take_back(tx: Transaction, gift_id: int, *, by: Person) -> Gift:
    """The giver thinks better of it, in time: the points are his again. Raises Refused for others, and once it is final."""
    await take_turn(tx)
    found = await gifts.given_by(tx, gift_id, by)
    number = await audit.note(tx, "points.gift.taken_back", f"gift:{found.id}", by=by.id, amount=found.amount)
    return await _void(tx, found, "taken_back", by=by.id, noted=number)


async def _void(tx: Transaction, found: Gift, state: str, *, by: int | None = None, noted: int | None = None) -> Gift:
    settled = await _settled(tx, found, state)
    assert found.reservation_id is not None, "it was set aside in the transaction that made it"
    await void(tx, found.reservation_id, by=by, cause=f"gift:{found.id}", reason=Reason.CANCEL, audit=noted)
    return settled


async def _settled(tx: Transaction, found: Gift, state: str) -> Gift:
    """It has come to its end, once: whoever settles second is refused."""
    settled = await tx.run(
        "UPDATE gifts SET state = :state, settled_at = :now WHERE id = :id AND state = 'waiting'",
        state=state,
        now=tx.now,
        id=found.id,
    )
    if not settled:
        raise gifts.settled_before(await gift(tx, found.id))
    await due.drop(tx, f"gift:{found.id}", FINAL)
    return await gift(tx, found.id)


async def become_final(tx: Transaction, item: Due, house: House) -> None:
    """Its hours are over: the points are with whom they were meant for, who is told; or back, where that can't be."""
    found = await gift(tx, item.number, hold=True)
    if not found.waits:
        return
    if await gifts.is_lost(tx, found):
        await tell_off(tx, await _void(tx, found, "off"))
        return
    given = await _settled(tx, found, "given")
    assert found.reservation_id is not None, "it was set aside in the transaction that made it"
    entry = await post(
        tx,
        found.reservation_id,
        [Leg("reserved", -found.id, -found.amount), _receiver(found, found.amount)],
        by=None,
        cause=f"gift:{found.id}",
        reason=Reason.GIFT,
        about=found.person_id,
    )
    await tell_given(tx, given, entry)


def _receiver(found: Gift, amount: int) -> Leg:
    """What the account of whoever the gift is for gains, or gives where it is below zero."""
    if found.person_id is not None:
        return Leg("member", found.person_id, amount)
    return Leg("group", found.group_id or 0, amount)


async def give_back(tx: Transaction, gift_id: int, *, by: Person) -> Gift:
    """The receiver does not want it: the points go to the giver, who is told. Raises Refused for others, and too late."""
    await take_turn(tx)
    found = await gifts.given_to(tx, gift_id, by)
    await _check_returnable(tx, found)
    number = await audit.note(tx, "points.gift.given_back", f"gift:{found.id}", by=by.id, amount=found.amount)
    legs = [Leg("member", by.id, -found.amount), Leg("member", found.giver_id, found.amount)]
    await transfer(tx, legs, reason=Reason.GIFT, cause=f"giftback:{found.id}", person_id=by.id, by=by.id, audit=number)
    await tx.run("UPDATE gifts SET state = 'given_back' WHERE id = :id", id=found.id)
    returned = await gift(tx, found.id)
    await tell_given_back(tx, returned)
    return returned


async def _check_returnable(tx: Transaction, found: Gift) -> None:
    until = (found.settled_at or 0) + GIVE_BACK_DAYS * DAY
    if tx.now > until:
        raise Refused(
            say("It could be given back until {moment}. Nothing was changed now.", moment=Moment(until)), to_giving()
        )
    await _check_giver(tx, found)


async def _check_giver(tx: Transaction, found: Gift) -> None:
    way = WayOut(say("Open"), press("points.gift.open", found.id))
    if (await people.by_id(tx, found.giver_id)).forgotten_at is not None:
        raise Refused(say("Whoever gave it has left: nobody could get it back. Nothing was changed."), way)
    if found.giver_id == found.person_id:
        raise Refused(say("Who gave it and who got it are one person now. Nothing was changed."), way)


async def reverse_gift(tx: Transaction, gift_id: int, *, by: Person) -> Gift:
    """A county admin takes a gift back that is final, for its giver; both sides hear of it.

    Raises Refused for everybody else and for one's own gifts, where the giver has left, and where less than the gift is
    left.
    """
    people.only_admins(by)
    await take_turn(tx)
    found = await gift(tx, gift_id, hold=True)
    if found.state != "given":
        raise gifts.settled_before(found)
    holder = _receiver(found, -found.amount)
    await _check_reversible(tx, found, holder, by)
    number = await audit.note(tx, "points.gift.reversed", f"gift:{found.id}", by=by.id, amount=found.amount)
    legs = [holder, Leg("member", found.giver_id, found.amount)]
    person = holder.owner if found.person_id is not None else found.giver_id
    await transfer(tx, legs, reason=Reason.GIFT, cause=f"giftback:{found.id}", person_id=person, by=by.id, audit=number)
    await tx.run("UPDATE gifts SET state = 'given_back', reversed_by = :by WHERE id = :id", by=by.id, id=found.id)
    reversed_gift = await gift(tx, found.id)
    await tell_reversed(tx, reversed_gift)
    return reversed_gift


async def _check_reversible(tx: Transaction, found: Gift, holder: Leg, by: Person) -> None:
    if by.id in (found.giver_id, found.person_id):
        raise Refused(
            say("Nobody takes back a gift of their own; please ask another county admin. Nothing was changed.")
        )
    await _check_giver(tx, found)
    left = await held(tx, holder.kind, holder.owner)
    if left < found.amount:
        raise Refused(
            say(
                "It can't be taken back: it gave {amount} points and only {left} are left with {name}. Nothing was changed.",
                amount=found.amount,
                left=left,
                name=found.receiver,
            ),
            WayOut(say("Open"), press("points.gift.open", found.id)),
        )


async def call_gifts_off(tx: Transaction, person: Person) -> None:
    """What waits from or for somebody goes back to its givers; those of others are told."""
    await take_turn(tx)
    rows = await tx.all(
        "SELECT id FROM gifts WHERE (giver_id = :id OR person_id = :id) AND state = 'waiting' ORDER BY id", id=person.id
    )
    for row in rows:
        found = await gift(tx, row["id"], hold=True)
        if found.waits:
            off = await _void(tx, found, "off")
            if off.giver_id != person.id:
                await tell_off(tx, off)


async def forget_gifts(tx: Transaction, person: Person) -> None:
    """What waits goes back, and what was said with gifts is wiped."""
    await call_gifts_off(tx, person)
    await tx.run("UPDATE gifts SET words = '' WHERE giver_id = :id OR person_id = :id", id=person.id)
