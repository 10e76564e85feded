"""Sheets as files: what a person typed stays text there, and never becomes a formula."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from bot.domain.reports.sheets import Filled
from bot.locales import Reader

# Spreadsheets run what begins so, in full width too.
FORMULA_BEGINS = tuple("=+-@\t\r\n＝＋－＠")
XLSX = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def xlsx(sheets: Sequence[Filled], reader: Reader) -> bytes:
    """A workbook with one sheet each, in the reader's words."""
    import xlsxwriter  # noqa: PLC0415 - at the first export: loading it would be a tenth of the start

    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, XLSX)
    bold = book.add_format({"bold": True})
    for filled in sheets:
        page = book.add_worksheet(reader.plain(filled.sheet.title))
        page.freeze_panes(1, 0)
        for place, column in enumerate(filled.sheet.columns):
            page.write_string(0, place, reader.plain(column.title), bold)
        for line, row in enumerate(filled.rows, 1):
            for place, value in enumerate(row):
                _write(page, line, place, value)
    book.close()
    return written.getvalue()


def _write(page: Any, line: int, place: int, value: Any) -> None:
    if isinstance(value, int):
        page.write_number(line, place, value)
    elif value is not None:
        page.write_string(line, place, str(value))


def csv_file(filled: Filled, reader: Reader) -> bytes:
    """One sheet as CSV in UTF-8, with the mark by which spreadsheets know it."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([harmless(reader.plain(column.title)) for column in filled.sheet.columns])
    writer.writerows([harmless(value) for value in row] for row in filled.rows)
    return written.getvalue().encode("utf-8-sig")


def harmless(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    dangerous = value.startswith(FORMULA_BEGINS) or value.lstrip().startswith(FORMULA_BEGINS)
    return f"'{value}" if dangerous else value
