"""Gaps and searches: the leader is told once a change, and those who could serve are asked, a few at a time, nobody twice."""

from bot import due
from bot.cards import Button, Card, card, press
from bot.config import House
from bot.domain import people
from bot.domain.people import Person
from bot.domain.rotas import asking
from bot.domain.rotas.things import DAY, HOUR, MINUTE, Duty, Post, Shift
from bot.due import Due
from bot.locales import Said, Span, say, say_n
from bot.outbox import Lane
from bot.storage import Transaction

ASK, GAP, ALARM, STOOD = "rotas.ask", "rotas.gap", "rotas.alarm", "rotas.stood"
UNTAKEN = "rotas.untaken"
ASKED_AT_ONCE = 10
AGAIN_SECONDS, SOON_SECONDS = 3 * HOUR, 15 * MINUTE
LAST_SECONDS = 10 * MINUTE


async def _is_short(tx: Transaction, shift: Shift) -> bool:
    """Is there still something to fill: ahead, at an open post, in a time that was not removed?"""
    live = await tx.value(
        "SELECT 1 FROM rota_posts o JOIN rota_slots s ON s.post_id = o.id WHERE s.id = :slot AND s.removed_at IS NULL "
        "AND o.closed_at IS NULL",
        slot=shift.slot_id,
    )
    return live is not None and shift.missing > 0 and shift.starts_at > tx.now


async def alarm(tx: Transaction, item: Due, house: House) -> None:
    """Some days ahead: if places are empty, the leaders are told and people are asked."""
    shift = await asking.shift_of(tx, item.number)
    if await _is_short(tx, shift):
        await _tell_leaders(tx, shift, f"rota-alarm:{tx.bot}:{shift.gap}", say("It is soon, and short of people:"))
        await due.plan(tx, ASK, shift.gap, tx.now)


async def gap(tx: Transaction, item: Due, house: House) -> None:
    """Somebody has given a duty up: the same at once."""
    shift = await asking.shift_of(tx, item.number)
    if not await _is_short(tx, shift) or shift.gap != item.subject:
        return
    name = await tx.value(
        "SELECT p.nickname FROM rota_duties d JOIN people p ON p.id = d.person_id WHERE d.shift_id = :shift "
        "AND d.why = 'given' ORDER BY d.since DESC, d.id DESC LIMIT 1",
        shift=shift.id,
    )
    first = say("{person} can't come:", person=name) if name else say("A place has become empty:")
    await _tell_leaders(tx, shift, f"rota-gap:{tx.bot}:{shift.gap}", first)
    await due.plan(tx, ASK, shift.gap, tx.now)


async def _tell_leaders(tx: Transaction, shift: Shift, key: str, first: Said) -> None:
    post = await asking.post_of(tx, shift.post_id)
    screen = card(
        first,
        *what(post, shift),
        *still_empty(shift),
        *await _whom(tx, shift),
        rows=((Button(say("Open the duty"), press("rotas.shift", shift.id)),),),
    )
    for leader in await asking.leaders_of(tx, post):
        await people.tell(
            tx, leader, screen, lane=Lane.REMINDER, key=f"{key}:{leader.id}", not_after=shift.starts_at - LAST_SECONDS
        )


def what(post: Post, shift: Shift) -> tuple[Said, ...]:
    """Which duty it is, in three lines."""
    return (
        say("<b>{post}</b>", post=post.name),
        say("🕒 {when}", when=Span(shift.starts_at, shift.ends_at)),
        say("📍 {place}", place=post.place),
    )


async def _whom(tx: Transaction, shift: Shift) -> tuple[Said, ...]:
    """Whom I ask to fill a gap; where there is nobody left to ask, that the leader has to look for somebody himself."""
    found = await asking.free_for(tx, shift, shift.gap, ASKED_AT_ONCE)
    if found:
        return (say("I ask those who can."),)
    return (
        say("There is nobody left to ask: whoever serves there is busy, away, or has been asked."),
        say("Find somebody who serves there too, or let fewer do it."),
    )


def still_empty(shift: Shift) -> tuple[Said, ...]:
    """How many places of a duty are empty, where any is."""
    missing = shift.missing
    return (say_n("⚠️ {n} place is empty.", "⚠️ {n} places are empty.", missing),) if missing > 0 else ()


async def ask(tx: Transaction, item: Due, house: House) -> None:
    """Ask the next few who serve at the post and are free then, those who served longest ago first; later the next ones."""
    kind = item.subject.partition(":")[0]
    if kind == "gap":
        shift, duty = await asking.shift_of(tx, item.number), None
        wanted = await _is_short(tx, shift) and shift.gap == item.subject
    else:
        duty = await asking.duty_of(tx, item.number)
        shift = await asking.shift_of(tx, duty.shift_id)
        wanted = duty.seeking_at is not None and shift.starts_at > tx.now
    if not wanted:
        return
    post = await asking.post_of(tx, shift.post_id)
    found = await asking.free_for(tx, shift, item.subject, ASKED_AT_ONCE)
    for person_id in found:
        await tx.run(
            "INSERT INTO rota_asked (subject, person_id, at) VALUES (:subject, :person, :now)",
            subject=item.subject,
            person=person_id,
            now=tx.now,
        )
        await _offer(tx, await people.by_id(tx, person_id), _offered(post, shift, duty), item.subject, shift)
    pause = SOON_SECONDS if shift.starts_at - tx.now < DAY else AGAIN_SECONDS
    if len(found) == ASKED_AT_ONCE:
        await due.plan(tx, ASK, item.subject, tx.now + pause)
    elif found and kind == "gap":
        await due.plan(tx, UNTAKEN, item.subject, tx.now + pause)


async def untaken(tx: Transaction, item: Due, house: House) -> None:
    """All were asked and had their time: where nobody took it, its leaders hear that nobody is left."""
    shift = await asking.shift_of(tx, item.number)
    if await _is_short(tx, shift) and shift.gap == item.subject:
        await _tell_leaders(tx, shift, f"{UNTAKEN}:{tx.bot}:{shift.gap}", say("Nobody I asked has taken it so far:"))


async def _offer(tx: Transaction, person: Person, screen: Card, subject: str, shift: Shift) -> None:
    await people.tell(
        tx,
        person,
        screen,
        lane=Lane.REMINDER,
        key=f"rota-ask:{tx.bot}:{subject}:{person.id}",
        not_after=shift.starts_at - LAST_SECONDS,
    )


def _offered(post: Post, shift: Shift, duty: Duty | None) -> Card:
    first = (
        say("{person} looks for somebody to take over:", person=duty.nickname)
        if duty
        else say("A duty needs somebody. Would you like to?")
    )
    data = press("rotas.relieve", duty.id) if duty else press("rotas.take", shift.id)
    return card(
        first,
        *what(post, shift),
        say("The first who taps has it."),
        rows=((Button(say("I take this duty"), data, style="primary"),),),
    )


async def stood(tx: Transaction, item: Due, house: House) -> None:
    """A minute later, when it can't be undone any more: whoever was relieved, and the leaders, hear who serves."""
    found = await asking.seat(tx, item.number)
    if not found.duty.is_on:
        return
    screen = card(
        say("<b>{person}</b> serves:", person=found.duty.nickname),
        *what(found.post, found.shift),
        *still_empty(found.shift),
        rows=((Button(say("The rota"), press("rotas.plan", found.post.id)),),),
    )
    told = {each.id: each for each in await asking.leaders_of(tx, found.post)}
    if found.duty.from_id is not None:
        former = await asking.duty_of(tx, found.duty.from_id)
        told[former.person_id] = await people.by_id(tx, former.person_id)
    told.pop(found.duty.person_id, None)
    for person in told.values():
        key = f"rota-stood:{tx.bot}:{found.duty.id}:{person.id}"
        await people.tell(tx, person, screen, lane=Lane.REMINDER, key=key)
