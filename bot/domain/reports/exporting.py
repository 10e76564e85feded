"""Taking tables out of the house: read and written beside everything else, and noted in the audit log."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import audit
from bot.domain.people import Person
from bot.domain.reports import sheets
from bot.domain.reports.sheets import SHEETS, Sheet
from bot.domain.reports.writing import Book, book_for
from bot.locales import Reader, say
from bot.refusal import Refused
from bot.storage import Transaction

# So few that computing them never keeps the interpreter from others for longer than some milliseconds.
ROWS_A_PORTION = 50
# How long the same sheets are not made again for the same person.
PAUSE_SECONDS = 10


@dataclass(frozen=True)
class Filled:
    """A sheet and how many rows of it were written; `was_cut`: there are more than ROWS_MAX, and the oldest are missing."""

    sheet: Sheet
    rows: int
    was_cut: bool


@dataclass(frozen=True)
class Export:
    """A file with sheets in it, "xlsx" or "csv"; `ending` is that of its name."""

    form: str
    ending: str
    content: bytes
    filled: tuple[Filled, ...]


async def exported(tx: Transaction, kind: str, names: tuple[str, ...], reader: Reader) -> Export:
    """The sheets with these names as one file, "xlsx" or "csv". For `Storage.report`: takes seconds for 100,000 rows."""
    book = await tx.apart(book_for, kind, len(names), reader)
    filled = [await _filled(tx, SHEETS[name], book) for name in names]
    return Export(kind, book.ending, await tx.apart(book.done), tuple(filled))


async def names_file(tx: Transaction, names: Sequence[str], reader: Reader) -> bytes:
    """A list of people as CSV, one column. For `Storage.report`."""
    book = await tx.apart(book_for, "csv", 1, reader)
    await tx.apart(book.begin, Sheet("names", say("List of names"), (sheets.NICKNAME,), ""))
    for start in range(0, len(names), ROWS_A_PORTION):
        await tx.apart(book.add, [{"nickname": name} for name in names[start : start + ROWS_A_PORTION]])
    return await tx.apart(book.done)


MADE = (
    "SELECT at, details FROM audit WHERE actor_id = :me AND number > :before AND deed = 'export.made' AND at > :since"
)
# Whoever exports has done nothing else that often in so short a time.
LOOKED_AT = 1_000


async def check_pause(tx: Transaction, kind: str, names: tuple[str, ...], *, by: Person) -> None:
    """Raises Refused for who has just been given these very sheets in this form: pressed fifty times, they are made once."""
    newest = int(await tx.value("SELECT COALESCE(MAX(number), 0) FROM audit"))
    rows = await tx.all(MADE, me=by.id, before=newest - LOOKED_AT, since=tx.now - PAUSE_SECONDS)
    made = [json.loads(row["details"]) for row in rows]
    if any(each.get("form") == kind and set(each["rows"]) == set(names) for each in made):
        raise Refused(
            say("This file was made a moment ago: it stands above. Another one can be made in {n} s.", n=PAUSE_SECONDS)
        )


async def _filled(tx: Transaction, sheet: Sheet, book: Book) -> Filled:
    await tx.apart(book.begin, sheet)
    found = 0
    now = {"now": tx.now} if ":now" in sheet.sql else {}
    async for rows in tx.portions(f"{sheet.sql} LIMIT :limit", ROWS_A_PORTION, limit=sheets.ROWS_MAX + 1, **now):
        await tx.apart(book.add, rows[: sheets.ROWS_MAX - found])
        found += len(rows)
    return Filled(sheet, min(found, sheets.ROWS_MAX), found > sheets.ROWS_MAX)


async def note_export(tx: Transaction, export: Export, *, by: Person) -> None:
    """A row in the audit log: that `by` took this out of the house, and how much it was."""
    counted = {filled.sheet.name: filled.rows for filled in export.filled}
    await audit.note(tx, "export.made", "county", by=by.id, form=export.form, rows=counted)
