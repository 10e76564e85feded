"""One nomination as whoever looks at it sees it."""

from bot.cards import Button, Card, card, press
from bot.domain import honours, people
from bot.domain.honours import Nomination, Objection
from bot.domain.hours import length, starred
from bot.locales import BLANK, Moment, Said, say
from bot.routing import Heard
from bot.storage import Transaction

STATES = {
    "nominated": say("⏳ A county admin looks at it."),
    "refused": say("✖️ It was not taken up."),
    "declined": say("✖️ Declined by the nominee."),
}


def state_words(found: Nomination) -> Said:
    """How far it has come."""
    if found.state == "public":
        return say("📢 Public until {moment}. Who knows better can object.", moment=Moment(found.until or 0))
    if found.state == "awarded":
        return say("🏅 Awarded on {moment}.", moment=Moment(found.settled_at or 0))
    return STATES[found.state]


async def screen(tx: Transaction, found: Nomination, heard: Heard) -> Card:
    """The nomination, and what whoever looks may do."""
    lines = [
        say("🏅 <b>{title}</b>: {name}", title=found.title, name=found.nickname),
        say("Record when nominated: {hours}, {star}", hours=length(found.minutes), star=_star(found.star)),
        *((say("“{why}”", why=found.why),) if found.why else ()),
        BLANK,
        state_words(found),
    ]
    objections = await honours.objections_to(tx, found.id)
    lines += _waits(found, objections, heard)
    mine = next((each for each in objections if each.person_id == heard.me.id), None)
    rows: list[tuple[Button, ...]] = [(button,) for button in _mine(found, heard, objected=mine is not None)]
    if heard.me.reads_all:
        more, deeds = await _objections(tx, found, heard, objections)
        lines += more
        rows += deeds
    return card(*lines, rows=tuple(rows[:7]), back="honours.list")


def _star(star: int) -> Said:
    return starred(star) if star else say("no star yet")


def _waits(found: Nomination, objections: list[Objection], heard: Heard) -> list[Said]:
    """What it waits for beside the days, and why whoever looks can do nothing about it."""
    lines = []
    if found.state == "public" and any(each.upheld is None for each in objections):
        lines.append(say("❗ Somebody objects: a county admin answers before it is awarded."))
    if any(each.person_id == heard.me.id for each in objections):
        lines.append(say("You have objected."))
    if heard.me.is_admin and found.state == "nominated" and heard.me.id in (found.person_id, found.by_id):
        lines.append(say("You have a hand in this: another county admin looks at it."))
    return lines


def _mine(found: Nomination, heard: Heard, *, objected: bool) -> list[Button]:
    """What somebody may do who is nominated, and somebody who is not; an admin's answer is his own row."""
    me, buttons = heard.me, []
    if me.is_admin and found.state == "nominated" and me.id not in (found.person_id, found.by_id):
        buttons.append(Button(say("It fits: make it public"), press("honours.fits", found.id), style="primary"))
        buttons.append(Button(say("Refuse it"), press("honours.refuse", found.id)))
    if me.id == found.person_id and found.is_open:
        buttons.append(Button(say("Decline"), press("honours.decline", found.id)))
    if me.id != found.person_id and found.state == "public" and not objected:
        buttons.append(Button(say("Object"), press("honours.object", found.id)))
    return buttons


async def _objections(
    tx: Transaction, found: Nomination, heard: Heard, objections: list[Objection]
) -> tuple[list[Said], list[tuple[Button, ...]]]:
    """What admins and auditors see of objections, and the answer that admins may give."""
    lines: list[Said] = []
    rows: list[tuple[Button, ...]] = []
    for each in objections:
        name = (await people.by_id(tx, each.person_id)).nickname
        lines.append(say("❗ {name}: “{words}”", name=name, words=each.words))
        if each.upheld is None and heard.me.is_admin:
            right = Button(say("{name} is right", name=name), press("honours.answer", found.id, each.person_id, 1))
            wrong = Button(say("{name} is not right", name=name), press("honours.answer", found.id, each.person_id, 0))
            rows.append((right, wrong))
    return lines, rows
