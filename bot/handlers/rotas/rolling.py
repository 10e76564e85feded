"""Afterwards: who served, the hours for it, and a note for the next ones."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import hours, rotas
from bot.domain.hours import Grade, Presence
from bot.domain.rotas import Duty, Settled, reading
from bot.forms import Form, Question
from bot.handlers.rotas.showing import duty_card
from bot.locales import Said, Span, say, say_n
from bot.refusal import Refused
from bot.routing import Answer, Heard
from bot.routing import press as on_press
from bot.storage import Transaction

MARKS = {None: "▫️", 0: "❌", 1: "✅"}
ROWS = 6


async def roll(tx: Transaction, heard: Heard) -> Answer:
    """Who is on, and who served."""
    return await _roll(tx, heard, heard.number(), heard.page(1))


async def _roll(tx: Transaction, heard: Heard, shift_id: int, number: int) -> Card:
    post, shift, duties = await rotas.rolled(tx, shift_id, heard.me)
    tally = rotas.tally(duties, heard.me)
    settled = shift.settled_at is not None
    shown = duties[number * ROWS : (number + 1) * ROWS]
    rows = [_row(duty, number) for duty in shown] if not settled else []
    return card(
        say("<b>{post}</b>", post=post.name),
        say("🕒 {when}", when=Span(shift.starts_at, shift.ends_at)),
        *(say("{mark} {name}", mark=MARKS[duty.came], name=duty.nickname) for duty in duties),
        *(() if duties else (say("Nobody was on."),)),
        say("It has been said who served.")
        if settled
        else say("Tap a name: ✅ served, ❌ missed. It counts once you confirm."),
        *(
            (say("You were on yourself: another leader or an admin has to say so."),)
            if tally.own and not settled
            else ()
        ),
        rows=(
            *rows,
            *_turner(shift_id, number, len(duties), settled=settled),
            *(_deeds(shift_id, tally) if duties and not settled else ()),
        ),
        back=press("rotas.shift", shift.id),
    )


def _row(duty: Duty, number: int) -> tuple[Button, ...]:
    return (
        Button(say("{mark} {name}", mark=MARKS[duty.came], name=duty.nickname), press("rotas.mark", duty.id, number)),
    )


def _turner(shift_id: int, number: int, many: int, *, settled: bool) -> tuple[tuple[Button, ...], ...]:
    if settled or many <= ROWS:
        return ()
    pages = -(-many // ROWS)
    return ((Button(say("Next ›"), press("rotas.roll", shift_id, (number + 1) % pages)),),)


def _deeds(shift_id: int, tally: rotas.Tally) -> tuple[tuple[Button, ...], ...]:
    rest = say("The rest served") if tally.served or tally.missed else say("All served")
    return (
        (
            *((Button(rest, press("rotas.rest", shift_id)),) if tally.unmarked else ()),
            Button(say("Confirm"), press("rotas.settle", shift_id), style="primary"),
        ),
    )


async def mark(tx: Transaction, heard: Heard) -> Answer:
    """Turn one mark."""
    shift = await rotas.mark(tx, heard.number(), by=heard.me)
    return await _roll(tx, heard, shift.id, heard.page(1))


async def rest(tx: Transaction, heard: Heard) -> Answer:
    """Everybody who is not marked served."""
    shift = await rotas.mark_rest(tx, heard.number(), by=heard.me)
    return await _roll(tx, heard, shift.id, 0)


async def settle(tx: Transaction, heard: Heard) -> Answer:
    """The exact numbers, before it counts."""
    post, shift, duties = await rotas.rolled(tx, heard.number(), heard.me)
    tally = rotas.tally(duties, heard.me)
    return card(
        say("<b>{post}</b>: please check", post=post.name),
        say("🕒 {when}", when=Span(shift.starts_at, shift.ends_at)),
        say("✅ {n} served, with {length} each.", n=tally.served, length=hours.length(shift.minutes)),
        say(
            "❌ {n} missed it, {unmarked} of them not marked.", n=tally.missed + tally.unmarked, unmarked=tally.unmarked
        ),
        *((say("You were on yourself: another leader or an admin has to say so."),) if tally.own else ()),
        rows=((Button(say("Confirm"), press("rotas.settled", shift.id), style="primary"),),),
        back=press("rotas.roll", shift.id),
    )


async def settled(tx: Transaction, heard: Heard) -> Answer:
    """Confirm it, and credit the hours."""
    done = await rotas.settle(tx, heard.number(), by=heard.me)
    refused = [each for duty in done.served if (each := await _credit(tx, heard, done, duty))]
    return card(
        say("<b>{post}</b> is confirmed.", post=done.post.name),
        say(
            "{served} served, {missed} missed it; whoever has hours is told.",
            served=len(done.served),
            missed=done.missed,
        ),
        *(
            (say_n("For {n} person no hours were written:", "For {n} people no hours were written:", len(refused)),)
            if refused
            else ()
        ),
        *refused,
        back=press("rotas.shift", done.shift.id),
    )


def _presence(done: Settled, duty: Duty) -> Presence:
    """A duty counts as long as its shift was planned."""
    shift = done.shift
    return Presence(
        duty.person_id,
        Grade.ROLL,
        shift.minutes,
        shift.starts_at,
        shift.ends_at,
        duty.subject,
        done.post.name,
        planned_minutes=shift.minutes,
        published_at=duty.made_at,
        group_id=done.post.group_id,
    )


async def _credit(tx: Transaction, heard: Heard, done: Settled, duty: Duty) -> Said | None:
    """Write down the hours of one who served; the reason where the rules of hours say no, without holding up the others."""
    try:
        async with tx.savepoint():
            served = _presence(done, duty)
            rules = heard.house.settings.hours
            await hours.credit(tx, served, by=heard.me, rules=rules, audit_number=done.audit_number)
    except Refused as refused:
        return say("• {person}: {reason}", person=duty.nickname, reason=refused.reason)
    return None


async def note(tx: Transaction, heard: Heard) -> Answer:
    """Ask what the next ones should know."""
    seat = await rotas.my_seat(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, NOTE, {"duty": seat.duty.id})


async def _noted(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    seat = await rotas.leave_note(tx, answers["duty"], answers["note"], by=heard.me)
    return (await duty_card(tx, heard, seat.duty.id)).with_toast(say("Thank you; the next ones see it on their card."))


NOTE = Form(
    "rotas.note",
    say("A note for the next ones"),
    (
        Question(
            "note",
            say("Note"),
            say(
                "What should the next ones know? At most {limit} characters; no names of those you helped, please.",
                limit=rotas.NOTE_CHARACTERS_MAX,
            ),
            reading.note,
        ),
    ),
    _noted,
    say("Leave it"),
)
FORMS: tuple[Form, ...] = (NOTE,)
ROUTES = [
    on_press("rotas.roll", roll),
    on_press("rotas.mark", mark),
    on_press("rotas.rest", rest),
    on_press("rotas.settle", settle),
    on_press("rotas.settled", settled),
    on_press("rotas.note", note),
]
