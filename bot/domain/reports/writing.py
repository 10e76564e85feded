"""Sheets as files, portion by portion: what a person typed stays text there, and never becomes a formula."""

import csv
import io
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.cards import columns
from bot.domain.reports.sheets import Column, Sheet
from bot.locales import Reader
from bot.storage import Row

# Spreadsheets run what begins so, in full width too.
FORMULA_BEGINS = tuple("=+-@\t\r\n＝＋－＠")
MOMENT_WIDE = 17
# Beside a title the arrow by which rows are chosen.
ARROW_WIDE = 3
XLSX = {
    # Each row goes into a file on the disk as soon as the next one begins.
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class Book(ABC):
    """A file that sheets are written into one after another, in the reader's words."""

    ending: str

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._columns: tuple[Column, ...] = ()
        self._words: dict[str, dict[str, str]] = {}

    def begin(self, sheet: Sheet) -> None:
        """What is added from now on belongs to this sheet."""
        self._columns = sheet.columns
        self._words = {
            column.name: {value: self._reader.plain(said) for value, said in {**column.words, **column.causes}.items()}
            for column in sheet.columns
        }
        self._open(sheet, [self._reader.plain(column.title) for column in sheet.columns])

    def add(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._write([self._cell(row[column.name], column) for column in self._columns])

    def _cell(self, value: Any, column: Column) -> Any:
        if value is None:
            return value
        if column.words:
            return self._words[column.name].get(str(value), value)
        if column.causes:
            kind, _, number = str(value).partition(":")
            return f"{self._words[column.name][kind]} {number}" if kind in column.causes else value
        if column.is_month:
            return f"{value // 100}-{value % 100:02}"
        return datetime.fromtimestamp(value, self._reader.zone) if column.is_instant else value

    @abstractmethod
    def _open(self, sheet: Sheet, titles: list[str]) -> None: ...

    @abstractmethod
    def _write(self, cells: list[Any]) -> None: ...

    @abstractmethod
    def done(self) -> bytes:
        """The whole file, once everything was added."""


class Workbook(Book):
    """Excel: one page a sheet."""

    ending = "xlsx"

    def __init__(self, reader: Reader) -> None:
        import xlsxwriter  # noqa: PLC0415 - at the first export: loading it would be a tenth of the start

        super().__init__(reader)
        self._written = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._written, XLSX)
        self._bold = self._book.add_format({"bold": True})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._page: Any = None
        self._titles = 0
        self._line = 0

    def _open(self, sheet: Sheet, titles: list[str]) -> None:
        self._end_page()
        self._titles = len(titles)
        self._page, self._line = self._book.add_worksheet(self._reader.plain(sheet.title)), 0
        self._page.freeze_panes(1, 0)
        for place, (column, title) in enumerate(zip(sheet.columns, titles, strict=True)):
            wide = MOMENT_WIDE if column.is_instant else column.wide
            self._page.set_column(place, place, max(wide, columns(title) + ARROW_WIDE))
            self._page.write_string(0, place, title, self._bold)

    def _end_page(self) -> None:
        """Let whoever reads it choose rows by what stands in a column."""
        if self._page is not None:
            self._page.autofilter(0, 0, self._line, self._titles - 1)

    def _write(self, cells: list[Any]) -> None:
        self._line += 1
        for place, value in enumerate(cells):
            if isinstance(value, int):
                self._page.write_number(self._line, place, value)
            elif isinstance(value, datetime):
                # A spreadsheet knows no zones: what stands there is the county's time.
                self._page.write_datetime(self._line, place, value.replace(tzinfo=None), self._moment)
            elif value is not None:
                self._page.write_string(self._line, place, str(value))

    def done(self) -> bytes:
        self._end_page()
        self._book.close()
        return self._written.getvalue()


class Table(Book):
    """One sheet as CSV in UTF-8, with the mark by which spreadsheets know it."""

    ending = "csv"

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader)
        self._written = io.BytesIO()
        self._text: io.TextIOWrapper | None = None

    def _file(self, sheet: Sheet) -> Any:
        return self._written

    def _open(self, sheet: Sheet, titles: list[str]) -> None:
        self._shut()
        self._text = io.TextIOWrapper(self._file(sheet), "utf-8-sig", newline="")
        self._writer = csv.writer(self._text)
        self._write(titles)

    def _write(self, cells: list[Any]) -> None:
        self._writer.writerow([f"{v:%Y-%m-%d %H:%M}" if isinstance(v, datetime) else harmless(v) for v in cells])

    def _shut(self) -> None:
        if self._text is not None:
            self._text.flush()

    def done(self) -> bytes:
        self._shut()
        return self._written.getvalue()


class Tables(Table):
    """Several sheets as CSV, packed together."""

    ending = "zip"

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader)
        self._pack = zipfile.ZipFile(self._written, "w", zipfile.ZIP_DEFLATED)

    def _file(self, sheet: Sheet) -> Any:
        today = datetime.fromtimestamp(self._reader.now, self._reader.zone)
        # A fixed date: zip files would else ask the machine for the time.
        entry = zipfile.ZipInfo(f"{sheet.name}.csv", (today.year, today.month, today.day, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        return self._pack.open(entry, "w")

    def _shut(self) -> None:
        if self._text is not None:
            self._text.close()

    def done(self) -> bytes:
        self._shut()
        self._pack.close()
        return self._written.getvalue()


def book_for(kind: str, sheets: int, reader: Reader) -> Book:
    """A new file of this kind, "xlsx" or "csv"; several sheets of CSV are packed together."""
    if kind == "xlsx":
        return Workbook(reader)
    return Table(reader) if sheets == 1 else Tables(reader)


def harmless(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    dangerous = value.startswith(FORMULA_BEGINS) or value.lstrip().startswith(FORMULA_BEGINS)
    return f"'{value}" if dangerous else value
