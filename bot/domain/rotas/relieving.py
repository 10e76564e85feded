"""Somebody else serves: found by a search, by a gap that is taken, or by a swap. One tap decides, the first one.

Each deed holds people first and shifts then, in the order of their numbers, so that all who tap at once pass one by one.
"""

from bot import due
from bot.cards import press
from bot.config import Settings
from bot.domain import activities, people
from bot.domain.people import Person
from bot.domain.rotas import asking, offering, posting
from bot.domain.rotas.things import UNDO_SECONDS, Duty, Seat, Shift
from bot.locales import Span, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

PLACE = """
    INSERT INTO rota_duties (shift_id, person_id, state, how, from_id, since, made_at)
    VALUES (:shift, :person, 'on', :how, :from, :now, :now) RETURNING id
"""
OFF = """
    UPDATE rota_duties SET state = 'off', why = :why, seeking_at = NULL, since = :now WHERE id = :id AND state = 'on'
"""
# Not one who has left for good meanwhile.
AGAIN = """
    UPDATE rota_duties SET state = 'on', why = NULL, seeking_at = :now, since = :now WHERE id = :id AND state = 'off'
    AND EXISTS (SELECT 1 FROM people p WHERE p.id = rota_duties.person_id AND p.forgotten_at IS NULL)
"""


def begun(shift: Shift) -> Refused:
    """For a change of a duty that has begun."""
    return Refused(
        say(
            "This duty has begun: {when}. Nothing was changed; please tell the leader.",
            when=Span(shift.starts_at, shift.ends_at),
        ),
        WayOut(say("My duties"), "rotas.mine"),
    )


async def hold_people(tx: Transaction, *numbers: int) -> None:
    """Nobody else takes, gives or swaps a duty for these people until the transaction ends."""
    for number in sorted(set(numbers)):
        await people.held(tx, number)


async def _still_ahead(tx: Transaction, duty_id: int, by: Person) -> Seat:
    """A duty of one's own that has not begun, held. Raises Refused."""
    await people.held(tx, by.id)
    found = await asking.my_seat(tx, duty_id, by)
    shift = await asking.held_shift(tx, found.shift.id)
    found = await asking.my_seat(tx, duty_id, by)
    if shift.starts_at <= tx.now:
        raise begun(shift)
    return found


async def place(tx: Transaction, shift_id: int, person_id: int, how: str, from_id: int | None = None) -> int:
    """Put somebody on a shift, `how` and in place of which duty; the number of his own one."""
    return int(await tx.value(PLACE, shift=shift_id, person=person_id, how=how, now=tx.now, **{"from": from_id}))


async def end_swaps(tx: Transaction, duty_id: int) -> None:
    """Offers about a duty that is another's now are void."""
    await tx.run(
        "UPDATE rota_swaps SET state = 'withdrawn', settled_at = :now WHERE state = 'open' AND (mine_id = :id OR theirs_id = :id)",
        id=duty_id,
        now=tx.now,
    )


# A search


async def seek(tx: Transaction, duty_id: int, *, by: Person) -> Seat:
    """Look for somebody who takes the duty over; until then it stays one's own."""
    found = await _still_ahead(tx, duty_id, by)
    began = await tx.run(
        "UPDATE rota_duties SET seeking_at = :now WHERE id = :id AND state = 'on' AND seeking_at IS NULL",
        id=duty_id,
        now=tx.now,
    )
    if not began:
        raise Refused(
            say("I am looking for somebody already. Nothing was changed."),
            WayOut(say("Open"), press("rotas.duty", duty_id)),
        )
    await due.plan(tx, offering.ASK, found.duty.seeking, tx.now)
    return await asking.seat(tx, duty_id)


async def stop(tx: Transaction, duty_id: int, *, by: Person) -> Seat:
    """Serve oneself after all."""
    found = await asking.my_seat(tx, duty_id, by)
    stopped = await tx.run(
        "UPDATE rota_duties SET seeking_at = NULL WHERE id = :id AND state = 'on' AND seeking_at IS NOT NULL",
        id=duty_id,
    )
    if not stopped:
        raise asking.gone()
    await due.drop(tx, found.duty.seeking, offering.ASK)
    return await asking.seat(tx, duty_id)


async def _check_free(tx: Transaction, shift: Shift, by: Person) -> None:
    """Raises Refused unless `by` serves at the post and has nothing else then."""
    post = await asking.open_post(tx, shift.post_id)
    if not await asking.weekdays_of(tx, post, by):
        raise Refused(
            say("Only those who serve at {post} can take this. Nothing was changed.", post=post.name),
            WayOut(say("Open the duty post"), press("rotas.post", post.id)),
        )
    if await asking.clash(tx, shift, by.id):
        raise Refused(
            say(
                "You have something else at that time: {when}. Nothing was changed.",
                when=Span(shift.starts_at, shift.ends_at),
            ),
            WayOut(say("My duties"), "rotas.mine"),
            WayOut(say("My sign-ups"), "activities.mine"),
        )


def _too_late(shift: Shift) -> Refused:
    return Refused(
        say("Somebody was quicker, or it is not needed any more. Nothing was changed; thank you all the same."),
        WayOut(say("The rota"), press("rotas.plan", shift.post_id)),
    )


async def stand_in(tx: Transaction, duty_id: int, *, by: Person, rules: Settings) -> Seat:
    """Take over from somebody who looks for one: of several the first. Raises Refused for all others."""
    await people.held(tx, by.id)
    old = await asking.seat(tx, duty_id)
    shift = await asking.held_shift(tx, old.shift.id)
    if old.duty.seeking_at is not None:
        await _check_free(tx, shift, by)
        await activities.check_pause(tx, by, rules.absences)
    relieved = await tx.run(
        "UPDATE rota_duties SET state = 'off', why = 'relieved', seeking_at = NULL, since = :now WHERE id = :id "
        "AND state = 'on' AND seeking_at IS NOT NULL AND person_id <> :me "
        "AND EXISTS (SELECT 1 FROM rota_shifts h WHERE h.id = shift_id AND h.starts_at > :now)",
        id=duty_id,
        me=by.id,
        now=tx.now,
    )
    if not relieved:
        raise _too_late(shift)
    new = await place(tx, shift.id, by.id, "stood", duty_id)
    await end_swaps(tx, duty_id)
    await due.drop(tx, old.duty.seeking, offering.ASK)
    await due.plan(tx, offering.STOOD, f"duty:{new}", tx.now + UNDO_SECONDS)
    return await asking.seat(tx, new)


# A gap


async def take(tx: Transaction, shift_id: int, *, by: Person, rules: Settings) -> Seat:
    """Take an empty place: of several the first. Raises Refused for all others."""
    await people.held(tx, by.id)
    shift = await asking.held_shift(tx, shift_id)
    if shift.missing:
        await _check_free(tx, shift, by)
        await activities.check_pause(tx, by, rules.absences)
    taken = await tx.run(
        "UPDATE rota_shifts SET taken = taken + 1 WHERE id = :id AND taken < people AND starts_at > :now",
        id=shift_id,
        now=tx.now,
    )
    if not taken:
        raise _too_late(shift)
    new = await place(tx, shift_id, by.id, "taken")
    await due.plan(tx, offering.STOOD, f"duty:{new}", tx.now + UNDO_SECONDS)
    return await asking.seat(tx, new)


async def undo_taking(tx: Transaction, duty_id: int, *, by: Person) -> None:
    """Give back within 60 seconds what one has just taken: as if it had not been. Raises Refused later.

    Where whoever had it before can't any more, the place is empty.
    """
    duty = await asking.duty_of(tx, duty_id)
    former = await asking.duty_of(tx, duty.from_id) if duty.from_id is not None else None
    await hold_people(tx, by.id, *((former.person_id,) if former else ()))
    found = await _still_ahead(tx, duty_id, by)
    if found.duty.how not in ("stood", "taken") or not await due.drop(tx, found.duty.subject, offering.STOOD):
        raise posting.too_late()
    await tx.run(OFF, id=duty_id, why="undone", now=tx.now)
    await end_swaps(tx, duty_id)
    if former is None:
        await tx.run("UPDATE rota_shifts SET taken = taken - 1 WHERE id = :id", id=found.shift.id)
        await due.plan(tx, offering.ASK, found.shift.gap, tx.now)
    elif await _looks_again(tx, former, found.shift):
        await due.plan(tx, offering.ASK, former.seeking, tx.now)
    else:
        await tx.run("UPDATE rota_shifts SET taken = taken - 1, gaps = gaps + 1 WHERE id = :id", id=found.shift.id)
        await due.plan(tx, offering.GAP, (await asking.shift_of(tx, found.shift.id)).gap, tx.now)


async def _looks_again(tx: Transaction, former: Duty, shift: Shift) -> bool:
    """Whoever was relieved has it back and looks on, unless he has something else then by now, or has left."""
    if await asking.clash(tx, shift, former.person_id):
        return False
    return bool(await tx.run(AGAIN, id=former.id, now=tx.now))


async def give_up(tx: Transaction, duty_id: int, *, by: Person) -> Seat:
    """Not serve: the place is empty, and a minute later its leader is told and others are asked."""
    found = await _still_ahead(tx, duty_id, by)
    await let_go(tx, found, "given")
    await due.plan(tx, offering.GAP, (await asking.shift_of(tx, found.shift.id)).gap, tx.now + UNDO_SECONDS)
    return await asking.seat(tx, duty_id)


async def let_go(tx: Transaction, seat: Seat, why: str) -> None:
    """Take somebody off: there is a place less taken, and a gap more."""
    if await tx.run(OFF, id=seat.duty.id, why=why, now=tx.now):
        await tx.run("UPDATE rota_shifts SET taken = taken - 1, gaps = gaps + 1 WHERE id = :id", id=seat.shift.id)
        await end_swaps(tx, seat.duty.id)
        await due.drop(tx, seat.duty.seeking, offering.ASK)


async def undo_giving(tx: Transaction, duty_id: int, *, by: Person) -> Seat:
    """Serve after all, within 60 seconds, if nobody has taken the place and nothing else came in between."""
    await people.held(tx, by.id)
    found = await asking.seat(tx, duty_id)
    shift = await asking.held_shift(tx, found.shift.id)
    if found.duty.person_id != by.id:
        raise asking.gone()
    await _check_free(tx, shift, by)
    room = await tx.run(
        "UPDATE rota_shifts SET taken = taken + 1, gaps = gaps - 1 WHERE id = :id AND taken < people AND starts_at > :now",
        id=shift.id,
        now=tx.now,
    )
    back = room and await tx.run(
        "UPDATE rota_duties SET state = 'on', why = NULL, since = :now WHERE id = :id AND why = 'given' AND since > :oldest",
        id=duty_id,
        now=tx.now,
        oldest=tx.now - UNDO_SECONDS,
    )
    if not back:
        raise posting.too_late()
    await due.drop(tx, shift.gap, offering.GAP)
    return await asking.seat(tx, duty_id)
