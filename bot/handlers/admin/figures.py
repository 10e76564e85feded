"""Figures by month, and exports for spreadsheets."""

from datetime import date

from bot import locales
from bot.cards import Button, File, card, press
from bot.domain import people, reports
from bot.domain.reports import Day, Export, Filled, Month, Statistics
from bot.handlers.admin.daily import day_rows, figures_line
from bot.locales import BLANK, Moment, Said, Several, say, say_n
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, Who, command, stale
from bot.routing import press as on_press
from bot.storage import Transaction

MONTHS_A_ROW = 3
FORMATS = ("xlsx", "csv")
ALL, EVERYTHING = "all", say("everything")
_TITLES = tuple((name, sheet.title) for name, sheet in reports.SHEETS.items())


async def figures(tx: Transaction, heard: Heard) -> Statistics:
    """Read before the transaction, for a county that is new to this counts all of its years."""
    return await reports.statistics(tx)


async def stats(tx: Transaction, heard: Heard) -> Answer:
    """Figures: people, groups, sign-ups, points by month"""
    found: Statistics = heard.report
    if found.is_behind:
        await reports.keep_soon(tx)
    now = found.totals
    return card(
        say("<b>Statistics</b>"),
        say("Registered: {people}", people=now.people),
        say(
            "Active in the {days} days until {moment}: {active}",
            days=reports.ACTIVE_DAYS,
            moment=Moment(found.active.until),
            active=found.active.people,
        ),
        say(
            "Groups: {groups}, organisations: {nodes}, memberships in both: {memberships}",
            groups=now.groups,
            nodes=now.nodes,
            memberships=now.memberships,
        ),
        say("Ahead: {tasks} tasks, {events} events; of a series the next date", tasks=now.tasks, events=now.events),
        say("Points outstanding: {points}", points=now.points),
        BLANK,
        say("By month, the running one first:"),
        *(figures_line(month.name, month.figures) for month in found.months),
        rows=(
            (
                Button(say("People"), "admin.people"),
                Button(say("Groups"), "groups.list"),
                Button(say("Registry"), "groups.registry"),
            ),
            (
                Button(say("Tasks"), "activities.list:task"),
                Button(say("Events"), "activities.list:event"),
            ),
            *_month_rows(found.months),
            (
                Button(say("Points"), "points.figures"),
                Button(say("🤝 By origin"), "partners.county"),
                Button(say("Export"), "admin.export"),
            ),
        ),
        back="admin.panel",
    )


def _month_rows(months: list[Month]) -> tuple[tuple[Button, ...], ...]:
    """Each month opens the days that it is made of."""
    buttons = [
        Button(say("{value}", value=month.name), press("admin.month", month.name.replace("-", ""))) for month in months
    ]
    return tuple(tuple(buttons[i : i + MONTHS_A_ROW]) for i in range(0, len(buttons), MONTHS_A_ROW))


async def read_month(tx: Transaction, heard: Heard) -> list[Day]:
    return await reports.days_of(tx, heard.number())


async def month(tx: Transaction, heard: Heard) -> Answer:
    """The days that a month's figures are made of, and a button to each."""
    found: list[Day] = heard.report
    return card(
        say("<b>Statistics</b> · {month}", month=f"{heard.number() // 100}-{heard.number() % 100:02}"),
        *(figures_line(locales.Day(date.fromisoformat(day.name)), day.figures) for day in found),
        *(() if found else (say("Nothing happened then."),)),
        rows=(*day_rows(found), (Button(say("Export"), "admin.export"),)),
        back="admin.stats",
    )


async def export(tx: Transaction, heard: Heard) -> Answer:
    """Tables for a spreadsheet: /export, or /export people"""
    if heard.words:
        return await made(tx, heard)
    tables = [Button(sheet.title, press("admin.made", "csv", name)) for name, sheet in reports.SHEETS.items()]
    return card(
        say("<b>Export</b>"),
        say("People appear by number and nickname, never by Telegram id. Each export is written into the audit log."),
        say("All tables at once, or one alone as CSV:"),
        rows=(
            (
                Button(say("All as Excel"), press("admin.made", "xlsx", ALL), style="primary"),
                Button(say("All as CSV"), press("admin.made", "csv", ALL)),
            ),
            *(tuple(tables[start : start + 2]) for start in range(0, len(tables), 2)),
        ),
        back="admin.panel",
    )


async def build(tx: Transaction, heard: Heard) -> Export | None:
    """The file that is asked for, read before the transaction; None for /export alone, which asks which one."""
    if heard.kind == "command" and not heard.words:
        return None
    kind, table = _wanted(tx, heard)
    names = tuple(reports.SHEETS) if table == ALL else (table,)
    await reports.check_pause(tx, kind, names, by=heard.me)
    return await reports.exported(tx, kind, names, people.reader(tx, heard.me.language))


def _tables(tx: Transaction, heard: Heard) -> dict[str, str]:
    """The names of the tables as they are typed in the reader's language."""
    if heard.me.language == "en":
        return {name: name for name in (ALL, *reports.SHEETS)}
    reader = people.reader(tx, heard.me.language)
    return {reader.plain(title): name for name, title in ((ALL, EVERYTHING), *_TITLES)}


def _wanted(tx: Transaction, heard: Heard) -> tuple[str, str]:
    """The format and the table that are asked for. Raises Refused."""
    typed = _tables(tx, heard)
    asked = [typed.get(word, word) for word in heard.words.lower().split()] or list(heard.args)
    kinds, tables = ([word for word in asked if (word in FORMATS) is is_kind] for is_kind in (True, False))
    kind, table = (*kinds, FORMATS[0])[0], (*tables, ALL)[0]
    if len(kinds) < 2 and len(tables) < 2 and table in (ALL, *reports.SHEETS):
        return kind, table
    if heard.kind == "press":
        raise stale()
    raise Refused(
        say(
            "I can make: {formats}, of {tables}. For instance /export {example} csv. Nothing was made.",
            formats=Several(tuple(FORMATS)),
            tables=Several(tuple(typed)),
            example=next(iter(list(typed)[1:])),
        ),
        WayOut(say("Export"), "admin.export"),
    )


async def made(tx: Transaction, heard: Heard) -> Answer:
    """The file itself."""
    export: Export = heard.report
    _, table = _wanted(tx, heard)
    await reports.note_export(tx, export, by=heard.me)
    file = File(f"{table}-{tx.today.isoformat()}.{export.ending}", export.content)
    lines = [_rows(filled) for filled in export.filled]
    return card(*lines, file=file, rows=((Button(say("Export"), "admin.export"),),))


def _rows(filled: Filled) -> Said:
    rows = say_n("{n} row", "{n} rows", filled.rows)
    if filled.was_cut:
        return say("{table}: the newest {rows}; older ones did not fit", table=filled.sheet.title, rows=rows)
    return say("{table}: {rows}", table=filled.sheet.title, rows=rows)


ROUTES = [
    command("stats", stats, Who.READER, also=("统计",), read=figures),
    command("export", export, Who.READER, also=("导出",), read=build),
    on_press("admin.stats", stats, Who.READER, read=figures),
    on_press("admin.month", month, Who.READER, read=read_month),
    on_press("admin.export", export, Who.READER),
    on_press("admin.made", made, Who.READER, read=build),
]
