"""What waits for a second person: agreements, disputes, and taking hours back by hand."""

from dataclasses import replace

from bot.cards import Button, Card, card, press
from bot.domain import hours, people
from bot.domain.hours import Record, length
from bot.handlers.hours import mine, showing
from bot.locales import Moment, say
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

JUDGES = Who.LEADER | Who.ADMIN


async def waiting(tx: Transaction, heard: Heard) -> Answer:
    """Hours that wait for my agreement."""
    return await _waiting(tx, heard, heard.page())


async def _waiting(tx: Transaction, heard: Heard, number: int) -> Card:
    shown = await hours.waiting_for(tx, heard.me, number)
    if not shown.total:
        return card(say("Nothing waits for your agreement. Thank you!"), back="hours.desk")
    return card(
        say("⏳ <b>Hours that wait for your agreement</b>"),
        say("Open one: you see who entered it and with what proof, and decide."),
        shown.place(),
        rows=(*await showing.named_buttons(tx, shown), *shown.turner("hours.waiting")),
        back="hours.desk",
    )


async def approve(tx: Transaction, heard: Heard) -> Answer:
    """Agree."""
    record = await hours.approve(tx, heard.number(), by=heard.me, rules=heard.house.settings.hours)
    toast = say("They count now.") if record.stands else say("Noted; one more person has to agree.")
    return (await mine.screen(tx, record.id, heard.me)).with_toast(toast)


async def refuse(tx: Transaction, heard: Heard) -> Answer:
    """Say no."""
    record = await hours.refuse(tx, heard.number(), by=heard.me, rules=heard.house.settings.hours)
    return (await mine.screen(tx, record.id, heard.me)).with_toast(say("They don't count; both sides are told."))


async def disputes(tx: Transaction, heard: Heard) -> Answer:
    """Disputes that I may answer."""
    shown = await hours.disputes_for(tx, heard.me, heard.page())
    if not shown.total:
        return card(say("Nobody says that hours are wrong. That is good."), back="hours.desk")
    rows = []
    for each in shown.items:
        whose = await people.by_id(tx, each.person_id)
        label = say("{name}, by {moment}", name=whose.nickname, moment=Moment(each.due_at))
        rows.append((Button(label, press("hours.open", each.record_id)),))
    return card(
        say("❗ <b>Hours that somebody says are wrong</b>"),
        say("Only those are here in which you had no hand."),
        shown.place(),
        rows=(*rows, *shown.turner("hours.disputes")),
        back="hours.desk",
    )


async def answer(tx: Transaction, heard: Heard) -> Answer:
    """They stand, or they are taken back."""
    rules = heard.house.settings.hours
    record = await hours.answer(tx, heard.number(), stands=heard.number(1) == 1, by=heard.me, rules=rules)
    shown = (await mine.screen(tx, record.id, heard.me)).with_toast(say("Answered; both sides are told."))
    to_enter = _entering(record)
    return replace(shown, rows=(*to_enter, *shown.rows)) if to_enter and heard.number(1) != 1 else shown


def _entering(record: Record) -> tuple[tuple[Button, ...], ...]:
    """To the form in which the hours of an activity are entered afterwards: what was too short made way for them."""
    kind, _, number = record.cause.partition(":")
    if record.state != "refused" or kind != "activity" or record.group_id is None:
        return ()
    data = press("hours.entered", record.group_id, record.person_id, number)
    return ((Button(say("Enter hours afterwards"), data, style="primary"),),)


async def wrong(tx: Transaction, heard: Heard) -> Answer:
    """What taking these hours back would do, in exact numbers."""
    record = await hours.seen_by(tx, heard.number(), heard.me)
    total = (await hours.sums(tx, record.person_id)).total
    whose = await people.by_id(tx, record.person_id)
    return card(
        say("Take back record {number} of {name}?", number=record.id, name=whose.nickname),
        say(
            "Their hours go from {before} to {after}. Stars and certificates that rest on them follow.",
            before=length(total),
            after=length(total - record.minutes),
        ),
        say("Both entries stay visible, and {name} is told.", name=whose.nickname),
        rows=((Button(say("Take these hours back"), press("hours.reverse", record.id), style="danger"),),),
        back=press("hours.open", record.id),
    )


async def reverse(tx: Transaction, heard: Heard) -> Answer:
    """Take them back."""
    record = await hours.reverse(tx, heard.number(), by=heard.me, rules=heard.house.settings.hours)
    return (await mine.screen(tx, record.id, heard.me)).with_toast(say("Taken back; the person is told."))


ROUTES = [
    on_press("hours.waiting", waiting, JUDGES),
    on_press("hours.approve", approve, JUDGES),
    on_press("hours.refuse", refuse, JUDGES),
    on_press("hours.disputes", disputes, JUDGES),
    on_press("hours.answer", answer, JUDGES),
    on_press("hours.wrong", wrong, Who.ADMIN),
    on_press("hours.reverse", reverse, Who.ADMIN),
]
