"""After a duty: who served, and what the next ones should know."""

from dataclasses import dataclass

from bot.cards import press
from bot.domain import audit, groups
from bot.domain.people import Person
from bot.domain.rotas import asking
from bot.domain.rotas.things import DAY, NOTE_DAYS, Duty, Post, Seat, Shift
from bot.locales import Span, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction


@dataclass(frozen=True)
class Tally:
    """What a leader would settle now; `own`: he was on himself, and another has to say so."""

    served: int
    missed: int
    unmarked: int
    own: bool


@dataclass(frozen=True)
class Settled:
    """A shift of which it was said who served; the hours of `served` are to be credited under one row of the audit log."""

    post: Post
    shift: Shift
    served: tuple[Duty, ...]
    missed: int
    audit_number: int


# Questions


async def rolled(tx: Transaction, shift_id: int, me: Person, *, hold: bool = False) -> tuple[Post, Shift, list[Duty]]:
    """A shift that has begun and who is on it, for its leaders and admins, of a closed post too. Raises Refused.

    With `hold` nobody else marks anybody or settles it until the transaction ends.
    """
    shift = await (asking.held_shift if hold else asking.shift_of)(tx, shift_id)
    post = await asking.post_of(tx, shift.post_id)
    await groups.led_by(tx, post.group_id, me)
    if shift.starts_at > tx.now:
        raise Refused(
            say("This duty has not begun yet: {when}. Nothing was changed.", when=Span(shift.starts_at, shift.ends_at)),
            WayOut(say("The rota"), press("rotas.plan", post.id)),
        )
    return post, shift, await asking.duties_on(tx, shift_id)


def tally(duties: list[Duty], me: Person) -> Tally:
    """How many others served, were missing or have no mark yet, and whether one is on it oneself."""
    others = [duty.came for duty in duties if duty.person_id != me.id]
    return Tally(others.count(1), others.count(0), others.count(None), len(others) < len(duties))


# Deeds


async def mark(tx: Transaction, duty_id: int, *, by: Person) -> Shift:
    """Turn one mark: served, missed, not said. Raises Refused once it was settled, and for one's own."""
    duty = await asking.duty_of(tx, duty_id)
    _, shift, _ = await rolled(tx, duty.shift_id, by, hold=True)
    if duty.person_id == by.id:
        raise Refused(
            say("Nobody says of himself that he served: another leader or a county admin has to. Nothing was changed.")
        )
    if shift.settled_at is not None:
        raise _settled_already()
    await tx.run(
        "UPDATE rota_duties SET came = CASE WHEN came IS NULL THEN 1 WHEN came = 1 THEN 0 END "
        "WHERE id = :id AND state = 'on'",
        id=duty_id,
    )
    return shift


def _settled_already() -> Refused:
    return Refused(
        say("It was said before who served. Nothing was changed now; hours are corrected where they were credited."),
        WayOut(say("Duty posts"), "rotas.home"),
    )


async def mark_rest(tx: Transaction, shift_id: int, *, by: Person) -> Shift:
    """Everybody who is not marked served; one's own row is left. Raises Refused once it was settled."""
    _, shift, _ = await rolled(tx, shift_id, by, hold=True)
    if shift.settled_at is not None:
        raise _settled_already()
    await tx.run(
        "UPDATE rota_duties SET came = 1 WHERE shift_id = :shift AND state = 'on' AND came IS NULL AND person_id <> :me",
        shift=shift_id,
        me=by.id,
    )
    return shift


async def settle(tx: Transaction, shift_id: int, *, by: Person) -> Settled:
    """Say who served, once; whoever is not marked missed it. Raises Refused before the end, and the second time."""
    post, shift, _ = await rolled(tx, shift_id, by, hold=True)
    if shift.ends_at > tx.now:
        raise Refused(
            say("This duty is not over yet: {when}. Nothing was changed.", when=Span(shift.starts_at, shift.ends_at)),
            WayOut(say("Who served?"), press("rotas.roll", shift_id)),
        )
    if shift.settled_at is not None:
        raise _settled_already()
    await tx.run(
        "UPDATE rota_shifts SET settled_at = :now, settled_by = :by WHERE id = :id",
        now=tx.now,
        by=by.id,
        id=shift_id,
    )
    await tx.run(
        "UPDATE rota_duties SET came = 0 WHERE shift_id = :shift AND state = 'on' AND came IS NULL AND person_id <> :me",
        shift=shift_id,
        me=by.id,
    )
    duties = await asking.duties_on(tx, shift_id)
    served = tuple(sorted((duty for duty in duties if duty.came), key=lambda duty: duty.person_id))
    number = await audit.note(tx, "rota.settled", shift.subject, by=by.id, served=len(served))
    return Settled(post, shift, served, sum(duty.came == 0 for duty in duties), number)


async def leave_note(tx: Transaction, duty_id: int, note: str, *, by: Person) -> Seat:
    """Leave a note for the next ones, from the beginning of one's duty on. Raises Refused before and long after."""
    found = await asking.my_seat(tx, duty_id, by)
    if not may_note(found, tx.now):
        raise Refused(
            say(
                "A note can be left from the beginning of a duty until {n} days after it. Nothing was saved.",
                n=NOTE_DAYS,
            ),
            WayOut(say("Open"), press("rotas.duty", duty_id)),
        )
    await tx.run(
        "UPDATE rota_duties SET note = :note, noted_at = :now WHERE id = :id", note=note, now=tx.now, id=duty_id
    )
    return await asking.seat(tx, duty_id)


def may_note(seat: Seat, now: int) -> bool:
    """From the start of a duty until NOTE_DAYS days after its end a note may be left."""
    return seat.shift.starts_at <= now <= seat.shift.ends_at + NOTE_DAYS * DAY
