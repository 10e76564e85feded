"""The rota of a post, week by week, and as text or in one's calendar; one shift."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from bot.cards import Button, Card, File, Page, card, page_in, press
from bot.config import House
from bot.domain import people, rotas
from bot.domain.people import Person
from bot.domain.rotas import Duty, Post, Seat, Shift
from bot.handlers.rotas.showing import line
from bot.locales import BLANK, Day, Moment, Said, Span, say, say_n
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, stale
from bot.routing import press as on_press
from bot.storage import Transaction

WEEKS_AS_TEXT = 26
CALENDAR_MAX = 200
OPENED_A_PAGE = 8
SEEKING_SHOWN = 4


async def plan(tx: Transaction, heard: Heard) -> Answer:
    """Who serves when, in one week."""
    return await plan_card(tx, heard.me, heard.number(), _monday(tx, heard), number=heard.page(2))


async def plan_card(tx: Transaction, me: Person, post_id: int, monday: date, *undo: Button, number: int = 0) -> Card:
    """The week of the rota that begins on `monday`; of the shifts in it that can be opened, page `number`."""
    post = await rotas.seen_post(tx, post_id, me)
    shifts = await rotas.week_of(tx, post, monday)
    duties = await rotas.duties_on_each(tx, [shift.id for shift in shifts])
    last = await rotas.last_drawing(tx, post)
    found = [each for each in shifts if _opens(each, duties[each.id], tx.now)]
    page = page_in(found, number, OPENED_A_PAGE)
    return card(
        say("<b>{post}</b> · the rota", post=post.name),
        say("The week from {day}", day=Day(monday)),
        BLANK,
        *[_line(shift, duties[shift.id]) for shift in shifts],
        *((BLANK, say("🔎 looks for somebody to take it over")) if _sought(duties) else ()),
        *(() if shifts else (say("Nothing is drawn for this week."),)),
        *((BLANK, say("Drawn until {day}.", day=Day(last.last))) if last else ()),
        rows=tuple(
            row
            for row in (
                undo,
                *_shift_rows(page),
                *page.turner("rotas.plan", post.id, monday.toordinal()),
                _turner(post, monday),
                (
                    Button(say("As text"), press("rotas.text", post.id)),
                    *((Button(say("How it was drawn"), press("rotas.how", last.id)),) if last else ()),
                ),
            )
            if row
        ),
        back=press("rotas.post", post.id),
    )


def _monday(tx: Transaction, heard: Heard) -> date:
    """The week of the day that stands on the button; without one that in which we are."""
    if len(heard.args) < 2:
        return rotas.monday_of(tx.today)
    wanted = heard.number(1)
    if abs(wanted - tx.today.toordinal()) > 1000:
        raise stale()
    return rotas.monday_of(date.fromordinal(wanted))


def _sought(duties: Mapping[int, Sequence[Duty]]) -> bool:
    return any(duty.seeking_at for each in duties.values() for duty in each)


def _who(shift: Shift, duties: Sequence[Duty]) -> Said:
    """Who is on a shift, and how many are missing."""
    names = " · ".join(("🔎 " if duty.seeking_at else "") + duty.nickname for duty in duties) or "–"
    if shift.missing <= 0:
        return say("{names}", names=names)
    return say_n("{names} ⚠️ {n} missing", "{names} ⚠️ {n} missing", shift.missing, names=names)


def _line(shift: Shift, duties: Sequence[Duty]) -> Said:
    return say("<b>{when}</b>: {who}", when=Span(shift.starts_at, shift.ends_at), who=_who(shift, duties))


def _opens(shift: Shift, duties: Sequence[Duty], now: int) -> bool:
    """Is there something to do: to serve, to take over, or to say who served?"""
    return shift.starts_at <= now or shift.missing > 0 or any(duty.seeking_at for duty in duties)


def _shift_rows(page: Page) -> tuple[tuple[Button, ...], ...]:
    """Two shifts beside each other."""
    buttons = [
        Button(say("{moment}", moment=Moment(each.starts_at)), press("rotas.shift", each.id)) for each in page.items
    ]
    return tuple(tuple(buttons[place : place + 2]) for place in range(0, len(buttons), 2))


def _turner(post: Post, monday: date) -> tuple[Button, ...]:
    before, after = (monday + timedelta(days=days) for days in (-7, 7))
    return (
        Button(say("‹ Week before"), press("rotas.plan", post.id, before.toordinal())),
        Button(say("Week after ›"), press("rotas.plan", post.id, after.toordinal())),
    )


async def shift(tx: Transaction, heard: Heard) -> Answer:
    """One shift: who is on it, and what is missing."""
    return await shift_card(tx, heard, heard.number())


async def shift_card(tx: Transaction, heard: Heard, shift_id: int, *undo: Button) -> Card:
    shift = await rotas.shift_of(tx, shift_id)
    post = await rotas.seen_post(tx, shift.post_id, heard.me)
    duties = await rotas.duties_on(tx, shift.id)
    ahead = shift.starts_at > tx.now
    free = ahead and shift.missing > 0 and await rotas.weekdays_of(tx, post, heard.me) > 0
    rows: list[tuple[Button, ...]] = [undo]
    if free and heard.me.id not in [duty.person_id for duty in duties]:
        rows.append((Button(say("I take this duty"), press("rotas.take", shift.id), style="primary"),))
    seeking = [duty for duty in duties if ahead and duty.seeking_at and duty.person_id != heard.me.id]
    rows += [
        (Button(say("Take over from {person}", person=duty.nickname[:12]), press("rotas.relieve", duty.id)),)
        for duty in seeking[:SEEKING_SHOWN]
    ]
    if not ahead and await rotas.leads(tx, post, heard.me):
        rows.append((Button(say("Who served?"), press("rotas.roll", shift.id)),))
    return card(
        *rotas.what(post, shift),
        say_n("👥 {n} of {people} people", "👥 {n} of {people} people", shift.taken, people=shift.people),
        *(say("• {mark}{person}", mark="🔎 " if duty.seeking_at else "", person=duty.nickname) for duty in duties),
        *(rotas.still_empty(shift) if ahead else ()),
        *await _notes(tx, shift),
        rows=tuple(row for row in rows if row),
        back=press("rotas.plan", post.id, date.fromisoformat(shift.day).toordinal()),
    )


async def _notes(tx: Transaction, shift: Shift) -> tuple[Said, ...]:
    note = await rotas.note_before(tx, shift)
    return (BLANK, rotas.handed_over(note)) if note else ()


# Papers


async def text(tx: Transaction, heard: Heard) -> Answer:
    """The rota from this week on as a file of text."""
    post = await rotas.seen_post(tx, heard.number(), heard.me)
    first = rotas.monday_of(tx.today)
    shifts = await rotas.shifts_between(tx, post, first, first + timedelta(days=7 * WEEKS_AS_TEXT))
    duties = await rotas.duties_on_each(tx, [each.id for each in shifts])
    reader = people.reader(tx, heard.me.language)
    lines = [reader.plain(say("{post} · the rota", post=post.name))]
    for each in shifts:
        when = Span(each.starts_at, each.ends_at)
        lines.append(reader.plain(say("{when}: {who}", when=when, who=_who(each, duties[each.id]))))
    return card(
        say_n(
            "The rota of {post} as text: {n} duty.",
            "The rota of {post} as text: {n} duties.",
            len(shifts),
            post=post.name,
        ),
        back=press("rotas.plan", post.id),
        file=File(f"rota-{post.id}.txt", "\n".join(lines).encode()),
    )


async def calendar(tx: Transaction, heard: Heard) -> Answer:
    """My duties as a file for calendars."""
    page = await rotas.ahead_of(tx, heard.me, 0, each=CALENDAR_MAX)
    if not page.items:
        # No calendar takes a file with nothing in it.
        raise Refused(
            say("You have no duty ahead that could stand in a calendar."), WayOut(say("My duties"), "rotas.mine")
        )
    return card(
        say_n(
            "{n} duty: open the file to put it into your calendar.",
            "{n} duties: open the file to put them into your calendar.",
            len(page.items),
        ),
        *(line(seat) for seat in page.items[:3]),
        back="rotas.mine",
        file=File("duties.ics", ics(page.items, heard.house, tx.now)),
    )


def ics(seats: tuple[Seat, ...], house: House, now: int) -> bytes:
    """Duties as an iCalendar file; a UID stays the same, so that a calendar takes what has changed."""
    from icalendar import Calendar, Event  # noqa: PLC0415 - with the first file, so that the start is quick

    made = Calendar()
    made.add("prodid", f"-//{house.username}//rotas//")
    made.add("version", "2.0")
    for seat in seats:
        event = Event()
        event.add("uid", f"duty-{seat.shift.id}-{seat.duty.person_id}@{house.username}")
        event.add("dtstamp", _instant(now))
        event.add("dtstart", _instant(seat.shift.starts_at))
        event.add("dtend", _instant(seat.shift.ends_at))
        event.add("summary", seat.post.name)
        event.add("location", seat.post.place)
        made.add_component(event)
    return bytes(made.to_ical())


def _instant(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


ROUTES = [
    on_press("rotas.plan", plan),
    on_press("rotas.shift", shift),
    on_press("rotas.text", text),
    on_press("rotas.calendar", calendar),
]
