"""Figures by month, and exports for spreadsheets."""

import io
import zipfile
from datetime import date

from bot.cards import Button, Card, File, card, press
from bot.domain import people, reports
from bot.domain.reports import Filled, Month
from bot.locales import BLANK, Reader, Said, say, say_n
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, Who, command, stale
from bot.routing import press as on_press
from bot.storage import Transaction

FORMATS = ("xlsx", "csv")
ALL = "all"


async def stats(tx: Transaction, heard: Heard) -> Answer:
    """Figures: people, groups, sign-ups, points by month"""
    now = await reports.totals(tx)
    return card(
        say("<b>Statistics</b>"),
        say(
            "Registered: {people}, active in {days} days: {active}",
            people=now.people,
            days=reports.ACTIVE_DAYS,
            active=await reports.active(tx),
        ),
        say("Groups: {groups}, memberships: {memberships}", groups=now.groups, memberships=now.memberships),
        say("Ahead: {tasks} tasks, {events} events", tasks=now.tasks, events=now.events),
        say("Points outstanding: {points}", points=now.points),
        BLANK,
        say("By month, the running one first:"),
        *(_month(month) for month in await reports.months(tx)),
        rows=((Button(say("Export"), "admin.export"),),),
        back="admin.panel",
    )


def _month(month: Month) -> Said:
    return say(
        "<b>{month}</b>: registered {registered}, signed up {sign_ups}, confirmed {confirmed}, points {points}",
        month=month.name,
        registered=month.registered,
        sign_ups=month.sign_ups,
        confirmed=month.confirmed,
        points=month.points,
    )


async def export(tx: Transaction, heard: Heard) -> Answer:
    """Tables for a spreadsheet: /export, or /export csv"""
    words = heard.words.lower().split()
    if words:
        return await _by_words(tx, heard, words)
    tables = [(Button(sheet.title, press("admin.made", "csv", name)),) for name, sheet in reports.SHEETS.items()]
    return card(
        say("<b>Export</b>"),
        say("People appear by number and nickname, never by Telegram id. Each export is written into the audit log."),
        say("One table as CSV:"),
        rows=(
            (
                Button(say("All as Excel"), press("admin.made", "xlsx", ALL), style="primary"),
                Button(say("All as CSV"), press("admin.made", "csv", ALL)),
            ),
            *tables,
        ),
        back="admin.panel",
    )


async def _by_words(tx: Transaction, heard: Heard, words: list[str]) -> Answer:
    kind = words[0] if words[0] in FORMATS else ""
    table = words[1] if len(words) > 1 else ALL
    if not kind or table not in (ALL, *reports.SHEETS):
        raise Refused(
            say(
                "I can make: {formats}, of {tables}. For instance /export csv people. Nothing was made.",
                formats=", ".join(FORMATS),
                tables=", ".join((ALL, *reports.SHEETS)),
            ),
            WayOut(say("Export"), "admin.export"),
        )
    return await _made(tx, heard, kind, table)


async def made(tx: Transaction, heard: Heard) -> Answer:
    """The file itself."""
    if len(heard.args) != 2 or heard.args[0] not in FORMATS or heard.args[1] not in (ALL, *reports.SHEETS):
        raise stale()
    return await _made(tx, heard, heard.args[0], heard.args[1])


async def _made(tx: Transaction, heard: Heard, kind: str, table: str) -> Card:
    names = tuple(reports.SHEETS) if table == ALL else (table,)
    sheets = await reports.filled(tx, names, by=heard.me)
    content = _file(kind, table, sheets, people.reader(tx, heard.me.language), tx.today)
    lines = [_rows(sheet) for sheet in sheets]
    return card(*lines, file=content, rows=((Button(say("Export"), "admin.export"),),))


def _rows(filled: Filled) -> Said:
    rows = say_n("{n} row", "{n} rows", len(filled.rows))
    if filled.was_cut:
        return say("{table}: the newest {rows}; older ones did not fit", table=filled.sheet.title, rows=rows)
    return say("{table}: {rows}", table=filled.sheet.title, rows=rows)


def _file(kind: str, table: str, sheets: list[Filled], reader: Reader, today: date) -> File:
    stem = f"{table}-{today.isoformat()}"
    if kind == "xlsx":
        return File(f"{stem}.xlsx", reports.xlsx(sheets, reader))
    if len(sheets) == 1:
        return File(f"{stem}.csv", reports.csv_file(sheets[0], reader))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
        for sheet in sheets:
            # A fixed date: zip files would else ask the machine for the time.
            entry = zipfile.ZipInfo(f"{sheet.sheet.name}.csv", (today.year, today.month, today.day, 0, 0, 0))
            pack.writestr(entry, reports.csv_file(sheet, reader), zipfile.ZIP_DEFLATED)
    return File(f"{stem}.zip", packed.getvalue())


ROUTES = [
    command("stats", stats, Who.READER),
    command("export", export, Who.READER),
    on_press("admin.stats", stats, Who.READER),
    on_press("admin.export", export, Who.READER),
    on_press("admin.made", made, Who.READER),
]
