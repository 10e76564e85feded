"""A statement to take along: for a month, a year or all of it, as picture, PDF and sheet; and a month or year at a glance."""

from calendar import monthrange
from collections import Counter
from datetime import date, datetime
from functools import partial

from bot.cards import Button, File, Onward, card, press
from bot.domain import activities, groups, hours, people, points
from bot.domain.people import Person
from bot.domain.points import REASON_NAMES, Period, Statement, periods
from bot.domain.reports.sheets import Column, Sheet
from bot.domain.reports.writing import Workbook
from bot.handlers.points import drawing
from bot.handlers.points.drawing import Look, Paper
from bot.handlers.points.statement import titles_of, whose_is
from bot.locales import Moment, Month, Reader, Said, say
from bot.routing import Answer, Heard, command, stale
from bot.routing import press as on_press
from bot.storage import Transaction

PERIODS = {
    Period.MONTH: say("This month"),
    Period.BEFORE: say("Last month"),
    Period.YEAR: say("This year"),
    Period.ALL: say("From the beginning"),
}
AT_A_GLANCE = (Period.MONTH, Period.BEFORE, Period.YEAR)
SHEET = Sheet(
    "statement",
    say("Statement"),
    (
        Column(say("Entry number"), "number"),
        Column(say("When"), "at", is_instant=True),
        Column(say("Reason"), "reason"),
        Column(say("For"), "what", wide=30),
        Column(say("Points"), "amount"),
        Column(say("Balance after it"), "after"),
    ),
    "",
)
LAST_DAY = "9999-12-31"


def _period(heard: Heard, place: int) -> Period:
    word = heard.args[place] if len(heard.args) > place else ""
    if word not in set(Period):
        raise stale()
    return Period(word)


async def statement(tx: Transaction, heard: Heard) -> Answer:
    """A statement of my points: of a month, a year or all of it, to look at or take along"""
    return Onward(press("points.papers", heard.me.id))


async def choose(tx: Transaction, heard: Heard) -> Answer:
    """For which time?"""
    whose = await whose_is(tx, heard, heard.number())
    rows: list[tuple[Button, ...]] = [
        (Button(name, press("points.papers.of", whose.id, period)),) for period, name in PERIODS.items()
    ]
    if whose.id == heard.me.id:
        rows.append((Button(say("🌟 My month"), "points.look:month"), Button(say("🌟 My year"), "points.look:year")))
    return card(
        say("📄 For which time shall the statement be?"), rows=tuple(rows), back=press("points.page", whose.id, 0)
    )


async def read(tx: Transaction, heard: Heard) -> Statement:
    """Read before the transaction: of everything it may be thousands of entries."""
    whose = await whose_is(tx, heard, heard.number())
    return await points.statement_of(tx, whose.id, _period(heard, 1))


async def of_time(tx: Transaction, heard: Heard) -> Answer:
    """What a statement for this time says, and as what it can be had."""
    found: Statement = heard.report
    whose, period = await whose_is(tx, heard, heard.number()), _period(heard, 1)
    return card(*_words(found, period, whose), rows=_formats(whose, period), back=press("points.papers", whose.id))


def _words(found: Statement, period: Period, whose: Person) -> tuple[Said, ...]:
    return (
        say("📄 <b>Statement</b> · {period} · {name}", period=PERIODS[period], name=whose.nickname),
        say("Before: {points}", points=found.opening),
        say("Came: {points}", points=points.signed(found.came)),
        say("Went: {points}", points=points.signed(-found.went)),
        say("<b>At its end: {points}</b>, {n} entries", points=found.closing, n=len(found.entries)),
    )


def _formats(whose: Person, period: Period) -> tuple[tuple[Button, ...], ...]:
    formats = (say("Picture"), "png"), (say("PDF"), "pdf"), (say("Excel"), "xlsx")
    return (tuple(Button(name, press(f"points.papers.{kind}", whose.id, period)) for name, kind in formats),)


# The files, made before the transaction: that takes tenths of a second.


async def _file(tx: Transaction, heard: Heard, kind: str) -> tuple[Statement, File]:
    found, whose, period = await read(tx, heard), await whose_is(tx, heard, heard.number()), _period(heard, 1)
    reader = people.reader(tx, heard.me.language)
    titles = await titles_of(tx, found.entries)
    name = f"points-{whose.id}-{period}-{tx.today.isoformat()}.{kind}"
    if kind == "xlsx":
        return found, File(name, await tx.apart(_sheet, found, titles, reader))
    paper = _paper(tx, heard, found, titles, reader)
    draw = drawing.statement_png if kind == "png" else drawing.statement_pdf
    return found, File(name, await tx.apart(draw, paper), picture=kind == "png")


def _sheet(found: Statement, titles: dict[str, str], reader: Reader) -> bytes:
    book = Workbook(reader)
    book.begin(SHEET)
    book.add(
        [
            {
                "number": entry.transfer_id,
                "at": entry.at,
                "reason": reader.plain(REASON_NAMES[entry.reason]),
                "what": titles.get(entry.event, entry.event),
                "amount": entry.amount,
                "after": after,
            }
            for entry, after in zip(found.entries, found.balances(), strict=True)
        ]
    )
    return book.done()


def _paper(tx: Transaction, heard: Heard, found: Statement, titles: dict[str, str], reader: Reader) -> Paper:
    period, left = _period(heard, 1), len(found.entries) - drawing.LINES_A_PAGE
    return Paper(
        county=heard.house.settings.county.name,
        title=reader.plain(say("Statement of points")),
        whose=reader.plain(
            say(
                "Number {number} · {period} · made {moment}",
                number=heard.number(),
                period=PERIODS[period],
                moment=Moment(tx.now),
            )
        ),
        sums=(
            (str(found.opening), reader.plain(say("Before"))),
            (points.signed(found.came), reader.plain(say("Points in"))),
            (points.signed(-found.went), reader.plain(say("Points out"))),
            (str(found.closing), reader.plain(say("At its end"))),
        ),
        rows=tuple(
            drawing.Row(
                f"{reader.plain(REASON_NAMES[entry.reason])} · {titles.get(entry.event, entry.event)}",
                reader.plain(say("{moment} · entry {number}", moment=Moment(entry.at), number=entry.transfer_id)),
                points.signed(entry.amount),
                str(after),
            )
            for entry, after in zip(found.entries, found.balances(), strict=True)
        ),
        more=reader.plain(say("The newest; {n} older ones stand in the PDF.", n=left)) if left > 0 else "",
        made=tx.today,
        language=reader.language,
    )


async def made(tx: Transaction, heard: Heard) -> Answer:
    """The file that was made, and the same in words."""
    found, file = heard.report
    whose, period = await whose_is(tx, heard, heard.number()), _period(heard, 1)
    rows = ((Button(say("Other times"), press("points.papers", whose.id)),),)
    return card(*_words(found, period, whose), file=file, rows=rows)


# A month or a year at a glance


async def _drawn_look(tx: Transaction, heard: Heard) -> tuple[Look, File]:
    period = _period(heard, 0)
    if period not in AT_A_GLANCE:
        raise stale()
    look = await _look(tx, heard, period)
    name = f"{period}-{tx.today.isoformat()}.png"
    return look, File(name, await tx.apart(drawing.look_png, look), picture=True)


async def _look(tx: Transaction, heard: Heard, period: Period) -> Look:
    me, reader = heard.me, people.reader(tx, heard.me.language)
    found = await points.statement_of(tx, me.id, period)
    first = tx.local(found.start)
    last = LAST_DAY if found.end == periods.EVERYTHING else tx.local(found.end - 1).date().isoformat()
    minutes = (await hours.sums_between(tx, me.id, first.date().isoformat(), last)).total
    came = await activities.came_number(tx, me.id, found.start, found.end)
    star, belongs = await hours.star_held(tx, me.id), (await groups.mine(tx, me, 0)).total or 0
    year = period is Period.YEAR
    return Look(
        county=heard.house.settings.county.name,
        title=reader.plain(_title(first, year=year)),
        name=me.nickname,
        large=(
            (f"{minutes / 60:.1f}".removesuffix(".0"), reader.plain(say("Hours served"))),
            (points.signed(found.came), reader.plain(say("Points came"))),
        ),
        small=(
            (str(came), reader.plain(say("Activities"))),
            (str(belongs), reader.plain(say("Groups"))),
            (f"{star} ★", reader.plain(say("Star"))),
            (str(found.closing), reader.plain(say("Points then"))),
        ),
        bars_title=reader.plain(
            say("Points that came, month by month") if year else say("Points that came, week by week")
        ),
        bars=_bars(tx, found, year=year),
    )


def _title(first: datetime, *, year: bool) -> Said:
    if year:
        return say("My year {year}", year=first.year)
    return say("My month: {month}", month=Month(first.date()))


def _bars(tx: Transaction, found: Statement, *, year: bool) -> tuple[tuple[str, int], ...]:
    """Months of a year, or the weeks of a month by their days."""
    came: Counter[int] = Counter()
    for entry in found.entries:
        day = tx.local(entry.at)
        came[day.month if year else min((day.day - 1) // 7, 4)] += max(entry.amount, 0)
    if year:
        return tuple((str(month), came[month]) for month in range(1, 13))
    return tuple((name, came[week]) for week, name in enumerate(week_names(tx.local(found.start).date())))


def week_names(month: date) -> list[str]:
    """The weeks of a month by their days: 1–7, 8–14, ..., 29–30."""
    days = monthrange(month.year, month.month)[1]
    return [f"{first}–{min(first + 6, days)}" if first < days else str(first) for first in range(1, days + 1, 7)]


async def look(tx: Transaction, heard: Heard) -> Answer:
    """My month or my year as a picture, and the same in words."""
    drawn, file = heard.report
    lines = (say("{what}: <b>{value}</b>", what=what, value=value) for value, what in (*drawn.large, *drawn.small))
    others = {Period.MONTH: say("🌟 My month"), Period.BEFORE: say("🌟 Last month"), Period.YEAR: say("🌟 My year")}
    shown = _period(heard, 0)
    row = tuple(Button(name, press("points.look", period)) for period, name in others.items() if period is not shown)
    return card(say("🌟 <b>{title}</b>", title=drawn.title), *lines, file=file, rows=(row,))


ROUTES = [
    command("statement", statement, also=("对账单", "积分对账单")),
    on_press("points.papers", choose),
    on_press("points.papers.of", of_time, read=read),
    on_press("points.papers.png", made, read=partial(_file, kind="png")),
    on_press("points.papers.pdf", made, read=partial(_file, kind="pdf")),
    on_press("points.papers.xlsx", made, read=partial(_file, kind="xlsx")),
    on_press("points.look", look, read=_drawn_look),
]
