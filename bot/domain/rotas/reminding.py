"""Reminders before a duty, with what the last ones left to be known; and the question afterwards who served."""

from bot import due
from bot.cards import Button, Card, card, press
from bot.config import House
from bot.domain import people
from bot.domain.rotas import asking
from bot.domain.rotas.offering import LAST_SECONDS, what
from bot.domain.rotas.publishing import OVER
from bot.domain.rotas.things import DAY, Duty, Seat
from bot.due import Due
from bot.locales import Said, Span, say, say_n
from bot.outbox import Lane
from bot.storage import Transaction

NUDGE = "rotas.nudge"
HOUR, SOON_HOURS = 3600, 12


async def remind(tx: Transaction, item: Due, house: House) -> None:
    """Remind everybody who is on a shift; in quiet hours when they end, if that is early enough."""
    shift = await asking.shift_of(tx, item.number)
    if shift.starts_at <= tx.now:
        return
    post = await asking.post_of(tx, shift.post_id)
    for duty in await asking.duties_on(tx, shift.id):
        await _nudge(tx, Seat(duty, shift, post), item.due_at)


async def nudge(tx: Transaction, item: Due, house: House) -> None:
    """Remind one whose quiet hours are over, if the duty is still his."""
    found = await asking.seat(tx, item.number)
    if found.duty.is_on and found.shift.starts_at > tx.now:
        await _nudge(tx, found, item.due_at)


async def _nudge(tx: Transaction, seat: Seat, planned: int) -> None:
    person = await people.by_id(tx, seat.duty.person_id)
    not_after = seat.shift.starts_at - LAST_SECONDS
    awake_at = people.quiet_until(person, tx, tx.now)
    if tx.now < awake_at <= not_after:
        # Planned instead of put into the outbox: whoever hands the duty on in the meantime must not be reminded.
        await due.plan(tx, NUDGE, seat.duty.subject, awake_at, until=seat.shift.starts_at)
        return
    key = f"rota-remind:{tx.bot}:{seat.duty.id}:{planned}"
    screen = _reminder(seat, await asking.note_before(tx, seat.shift), tx.now)
    await people.tell(tx, person, screen, lane=Lane.REMINDER, key=key, not_after=not_after)


def _reminder(seat: Seat, note: Duty | None, now: int) -> Card:
    """Near the start it says how near, so that the last one reads otherwise than the one before."""
    hours = max(1, round((seat.shift.starts_at - now) / HOUR))
    soon = say_n("⏰ It begins in about {n} hour.", "⏰ It begins in about {n} hours.", hours)
    return card(
        say("<b>Reminder</b> · duty"),
        *what(seat.post, seat.shift),
        *((soon,) if hours <= SOON_HOURS else ()),
        *((handed_over(note),) if note else ()),
        rows=(
            (
                Button(say("Open"), press("rotas.duty", seat.duty.id)),
                Button(say("I can't come"), press("rotas.giveup", seat.duty.id)),
            ),
        ),
    )


def handed_over(note: Duty) -> Said:
    """The hand-over note, and whose it is."""
    return say("📝 From {person}: {note}", person=note.nickname, note=note.note)


async def over(tx: Transaction, item: Due, house: House) -> None:
    """A duty has ended: ask its leaders who served, and once more a day later."""
    shift = await asking.shift_of(tx, item.number)
    if not shift.taken or shift.settled_at is not None:
        return
    if item.due_at == shift.ends_at:
        await due.plan(tx, OVER, shift.subject, shift.ends_at + DAY)
    post = await asking.post_of(tx, shift.post_id)
    screen = card(
        say("A duty is over: <b>{post}</b>, {when}.", post=post.name, when=Span(shift.starts_at, shift.ends_at)),
        say_n(
            "{n} person was on. Please say who served; hours are credited then.",
            "{n} people were on. Please say who served; hours are credited then.",
            shift.taken,
        ),
        rows=((Button(say("Who served?"), press("rotas.roll", shift.id)),),),
    )
    for leader in await asking.leaders_of(tx, post):
        key = f"rota-over:{tx.bot}:{shift.id}:{leader.id}:{item.due_at}"
        await people.tell(tx, leader, screen, lane=Lane.REMINDER, key=key)
