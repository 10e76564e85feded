"""Sessions: opened each month by the timetable or by hand, closed with an agenda, and missed when nothing came of them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot import dates, due
from bot.cards import Button, card, press
from bot.config import Council, House
from bot.domain import audit, people, telling
from bot.domain.council import members, topics
from bot.domain.people import Person
from bot.domain.telling import Audience
from bot.due import Due
from bot.locales import BLANK, Moment, Month, say, say_n
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction, filled

# How late a month's session may still be opened when the bot was down on the day; later the month is flagged instead.
OPENING_GRACE_HOURS = 72
AGENDA_LINES_MAX = 10
MONTHS_FLAGGED_MAX = 24


@dataclass(frozen=True)
class Session:
    """One session. `month` such as 2026-11; topics are collected until `closes_at`; `topics` counts its agenda."""

    id: int
    month: str
    state: str
    opened_at: int
    closes_at: int
    closed_at: int | None
    closed_by: int | None
    topics: int

    @property
    def is_open(self) -> bool:
        return self.state == "open"


# Rules


def month_of(day: date) -> str:
    """The month as it is kept: 2026-11."""
    return f"{day.year:04}-{day.month:02}"


def month_words(month: str) -> Month:
    """The month as people read it, in a text."""
    return Month(date.fromisoformat(f"{month}-01"))


def month_after(month: str) -> str:
    """The month after one, both such as 2026-11."""
    first = date.fromisoformat(f"{month}-01")
    return month_of(first + timedelta(days=31))


def opening(tx: Transaction, month: str, rule: Council) -> int:
    """The instant at which the month's session is opened."""
    before = datetime.fromisoformat(f"{month}-01").replace(tzinfo=tx.clock.zone) - timedelta(seconds=1)
    when = dates.next_local(before, zone=tx.clock.zone, hour=rule.hour, minute=0, month_day=rule.day)
    return int(when.timestamp())


def next_opening(tx: Transaction, rule: Council) -> int:
    """The next instant at which the timetable opens a session."""
    when = dates.next_local(tx.local(tx.now), zone=tx.clock.zone, hour=rule.hour, minute=0, month_day=rule.day)
    return int(when.timestamp())


def closing(tx: Transaction, rule: Council) -> int:
    """When a session that is opened now closes: so many days later, at the council's hour."""
    day = tx.today + timedelta(days=rule.topics_open_days)
    before = datetime.combine(day, time.min, tx.clock.zone) - timedelta(seconds=1)
    return int(dates.next_local(before, zone=tx.clock.zone, hour=rule.hour, minute=0).timestamp())


# Questions


async def current(tx: Transaction) -> Session | None:
    """The session that collects topics now."""
    row = await tx.one("SELECT * FROM council_sessions WHERE state = 'open'")
    return filled(Session, row) if row else None


async def session(tx: Transaction, session_id: int) -> Session:
    """One session. Raises Refused where there is none."""
    row = await tx.one("SELECT * FROM council_sessions WHERE id = :id", id=session_id)
    if row is None:
        raise Refused(
            say("There is no session with the number {number}.", number=session_id),
            WayOut(say("Youth council"), "council.now"),
        )
    return filled(Session, row)


async def held(tx: Transaction, *, limit: int, offset: int = 0) -> list[Session]:
    """Closed sessions, the newest first."""
    rows = await tx.all(
        "SELECT * FROM council_sessions WHERE state = 'closed' ORDER BY id DESC LIMIT :limit OFFSET :offset",
        limit=limit,
        offset=offset,
    )
    return [filled(Session, row) for row in rows]


# Deeds


async def open_by_hand(tx: Transaction, rule: Council, *, by: Person) -> Session:
    """Open a session now. Raises Refused while one is open."""
    people.only_admins(by)
    opened = await _open(tx, month_of(tx.today), rule, by)
    if opened is None:
        raise Refused(
            say("A session is open already; one at a time. Nothing was changed."),
            WayOut(say("Youth council"), "council.now"),
        )
    await audit.note(tx, "council.opened", f"session:{opened.id}", by=by.id)
    return opened


async def _open(tx: Transaction, month: str, rule: Council, by: Person | None) -> Session | None:
    row = await tx.one(
        "INSERT INTO council_sessions (month, opened_at, closes_at, opened_by) VALUES (:month, :now, :closes_at, :by) "
        "ON CONFLICT DO NOTHING RETURNING *",
        month=month,
        now=tx.now,
        closes_at=closing(tx, rule),
        by=by.id if by else None,
    )
    if row is None:
        return None
    opened = filled(Session, row)
    await due.plan(tx, "council.close", f"session:{opened.id}", opened.closes_at)
    await telling.begin(tx, "council.ask", f"session:{opened.id}")
    if not rule.ask_everybody and not await members.seats_number(tx):
        await people.tell_admins(
            tx,
            card(say("The council's session is open, but nobody sits in the council: nobody was asked for topics.")),
            key=f"council.nobody:{opened.id}",
        )
    return opened


async def open_due(tx: Transaction, item: Due, house: House) -> None:
    """Open the session of each month that has none, or flag the month where it is too late for that."""
    rule = house.settings.council
    for month in await _months_without(tx, month_of(tx.local(item.due_at).date())):
        at = opening(tx, month, rule)
        if tx.now > at + OPENING_GRACE_HOURS * 3600:
            await _flag(tx, month, "none")
        elif tx.now >= at and await _open(tx, month, rule, None) is None:
            # One that was opened by hand shortly before is still going on: it is this month's.
            await tx.run("UPDATE council_sessions SET month = :month WHERE state = 'open'", month=month)


async def _months_without(tx: Transaction, expected: str) -> list[str]:
    """The months up to this one that have neither a session nor a flag, from the first that is known or expected."""
    rows = await tx.all("SELECT month FROM council_sessions UNION SELECT month FROM council_flags")
    known = {row["month"] for row in rows}
    month, found = min({*known, expected}), []
    while month <= month_of(tx.today):
        if month not in known:
            found.append(month)
        month = month_after(month)
    return found[-MONTHS_FLAGGED_MAX:]


async def _flag(tx: Transaction, month: str, why: str) -> None:
    """Tell the admins, once a month, that the council did not meet, or had nothing to talk about."""
    flagged = await tx.run(
        "INSERT INTO council_flags (month, why, at) VALUES (:month, :why, :now) ON CONFLICT DO NOTHING",
        month=month,
        why=why,
        now=tx.now,
    )
    if not flagged:
        return
    reason = say(
        "⚠️ The youth council had no session in {month}: I was not running on its day.", month=month_words(month)
    )
    if why == "empty":
        reason = say("⚠️ The youth council's session of {month} closed without any topic.", month=month_words(month))
    await people.tell_admins(
        tx,
        card(reason, say("/council open opens one by hand."), rows=(_COUNCIL,)),
        key=f"council.flag:{month}",
    )


async def ask(tx: Transaction, item: Due, house: House) -> None:
    """Ask the next slice of people for topics: the council's members, or everybody where that is set."""
    session_now = await session(tx, item.number)
    if not session_now.is_open:
        return
    seated = "FROM people p WHERE p.id IN (SELECT person_id FROM council_members)"
    audience = Audience("FROM people p WHERE 1 = 1" if house.settings.council.ask_everybody else seated)
    screen = card(
        say("<b>The youth council asks</b>"),
        say(
            "What should we talk about this month? Topics are collected until {moment}.",
            moment=Moment(session_now.closes_at),
        ),
        say("Tap, or write /topic and your topic in one line."),
        rows=((Button(say("Propose a topic"), "council.propose", style="primary"),), _COUNCIL),
    )
    name, last = f"council.ask:{session_now.id}", session_now.closes_at
    await telling.spread(tx, item, name, audience, screen, lane=Lane.REMINDER, not_after=last)


async def close_early(tx: Transaction, *, by: Person) -> Session:
    """Close the open session now. Raises Refused when none is open."""
    people.only_admins(by)
    session_now = await current(tx)
    if session_now is None or not await _close(tx, session_now, by):
        raise Refused(say("No session is open. Nothing was changed."), WayOut(say("Youth council"), "council.now"))
    await due.drop(tx, f"session:{session_now.id}", "council.close")
    await audit.note(tx, "council.closed", f"session:{session_now.id}", by=by.id)
    return await session(tx, session_now.id)


async def close_due(tx: Transaction, item: Due, house: House) -> None:
    """Close a session whose time is over; one that was closed by hand stays as it is."""
    await _close(tx, await session(tx, item.number), None)


async def _close(tx: Transaction, closing_now: Session, by: Person | None) -> bool:
    closed = await tx.run(
        "UPDATE council_sessions SET state = 'closed', closed_at = :now, closed_by = :by WHERE id = :id AND state = 'open'",
        now=tx.now,
        by=by.id if by else None,
        id=closing_now.id,
    )
    if not closed:
        return False
    number = await _make_agenda(tx, closing_now.id)
    if number:
        await telling.begin(tx, "council.tell.agenda", f"session:{closing_now.id}")
    elif not await _had_topics(tx, closing_now.month):
        await _flag(tx, closing_now.month, "empty")
    return True


async def _make_agenda(tx: Transaction, session_id: int) -> int:
    """Put every open topic on the agenda, most supporters first, then the earlier one; how many there are."""
    # On PostgreSQL no supporter comes or goes between the counting and the order.
    await tx.all("SELECT id FROM council_topics WHERE state = 'open' /*pg FOR UPDATE*/")
    number = await tx.run(
        "UPDATE council_topics SET state = 'agenda', session_id = :session_id, place = ranked.place FROM ("
        "SELECT id, ROW_NUMBER() OVER (ORDER BY support DESC, id) AS place FROM council_topics WHERE state = 'open'"
        ") AS ranked WHERE ranked.id = council_topics.id AND council_topics.state = 'open'",
        session_id=session_id,
    )
    await tx.run("UPDATE council_sessions SET topics = :number WHERE id = :id", number=number, id=session_id)
    return number


async def _had_topics(tx: Transaction, month: str) -> bool:
    return bool(
        await tx.value("SELECT 1 FROM council_sessions WHERE month = :month AND topics > 0 LIMIT 1", month=month)
    )


CONCERNED = """
    FROM people p WHERE p.id IN (SELECT person_id FROM council_members
        UNION SELECT proposer_id FROM council_topics WHERE session_id = :session_id)
"""


async def tell_agenda(tx: Transaction, item: Due, house: House) -> None:
    """Send the agenda to the next slice of the council's members and of those who proposed what stands on it."""
    closed = await session(tx, item.number)
    shown = await topics.agenda(tx, closed.id, limit=AGENDA_LINES_MAX)
    rest = closed.topics - len(shown)
    more = (say_n("… and {n} more", "… and {n} more", rest),) if rest else ()
    screen = card(
        say("<b>Agenda of the youth council</b> · {month}", month=month_words(closed.month)),
        BLANK,
        *topics.texts(shown),
        *more,
        rows=((Button(say("Open the agenda"), press("council.agenda", closed.id)),),),
    )
    audience = Audience(CONCERNED, values={"session_id": closed.id})
    await telling.spread(tx, item, f"council.agenda:{closed.id}", audience, screen, lane=Lane.REMINDER)


_COUNCIL = (Button(say("Youth council"), "council.now"),)
