"""What is drawn of points: the statement page by page, and a month or a year as one picture. Both are read at a phone's width."""

import io
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot import pdf
from bot.lettering import Pen, line

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH, HEIGHT, EDGE, ROW, HEAD = 1080, 1528, 72, 84, 380
LINES_A_PAGE = 12
PAPER, INK, PALE, RED, GREEN, LINE = "#fffdf8", "#2b2622", "#8a7f76", "#b3261e", "#2f6b3c", "#eadfd3"
DEEP, ROSE = "#8c1812", "#f3d9c0"
DPI = 130


@dataclass(frozen=True)
class Row:
    """One entry: what it was for, when and which, its amount with sign, and what there was after it."""

    what: str
    when: str
    amount: str
    after: str


@dataclass(frozen=True)
class Paper:
    """A statement in the reader's words; each of `sums` is a value with what it is. `made` is the day it was made."""

    county: str
    title: str
    whose: str
    sums: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    more: str
    made: date
    language: str


@dataclass(frozen=True)
class Look:
    """A month or year at a glance; `large` stand on top, `small` below, `bars` are points by month or week with a name."""

    county: str
    title: str
    name: str
    large: tuple[tuple[str, str], ...]
    small: tuple[tuple[str, str], ...]
    bars_title: str
    bars: tuple[tuple[str, int], ...]


def statement_png(paper: Paper) -> bytes:
    """As many entries as one picture holds, the newest; `more` says of the others."""
    return _written(
        _page(paper, paper.rows[-LINES_A_PAGE:], paper.more if len(paper.rows) > LINES_A_PAGE else "").picture
    )


def statement_pdf(paper: Paper) -> bytes:
    """All of them, page after page, with their words as text."""
    cut = range(0, max(len(paper.rows), 1), LINES_A_PAGE)
    pages = (_page(paper, paper.rows[at : at + LINES_A_PAGE], f"{at // LINES_A_PAGE + 1} / {len(cut)}") for at in cut)
    return pdf.document(pages, pdf.About(paper.title, paper.county, paper.language, paper.made, DPI))


def _page(paper: Paper, rows: tuple[Row, ...], foot: str) -> pdf.Page:
    from PIL import Image, ImageDraw  # noqa: PLC0415 - with the first picture, so that the start is quick

    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = Pen(ImageDraw.Draw(image))
    pen.draw.rectangle((0, 0, WIDTH, 216), fill=RED)
    room = WIDTH - 2 * EDGE
    pen.write((EDGE, 34), line(paper.county, 28, room=room), ROSE)
    pen.write((EDGE, 76), line(paper.title, 54, serif=True, room=room), PAPER)
    pen.write((EDGE, 156), line(paper.whose, 30, room=room), ROSE)
    _values(pen, paper.sums, 240, 46)
    for place, row in enumerate(rows):
        _row(pen, row, HEAD + place * ROW)
    pen.write((WIDTH / 2, HEIGHT - 64), line(foot, 26, room=room), PALE, anchor="m")
    return pdf.Page(image, pen.written)


def _row(pen: Pen, row: Row, y: int) -> None:
    pen.draw.line((EDGE, y, WIDTH - EDGE, y), fill=LINE, width=2)
    right = WIDTH - EDGE
    pen.write((EDGE, y + 8), line(row.what, 30, room=620), INK)
    pen.write((EDGE, y + 48), line(row.when, 22, room=620), PALE)
    colour = GREEN if row.amount.startswith("+") else RED
    pen.write((right - 130, y + 20), line(row.amount, 34, room=150), colour, anchor="r")
    pen.write((right, y + 24), line(row.after, 28, room=120), PALE, anchor="r")


def _values(pen: Pen, values: tuple[tuple[str, str], ...], y: int, size: int) -> None:
    each = (WIDTH - 2 * EDGE) // max(len(values), 1)
    for place, (value, what) in enumerate(values):
        x = EDGE + place * each
        pen.write((x, y), line(value, size, room=each - 20), INK)
        pen.write((x, y + int(size * 1.3) + 8), line(what, 24, room=each - 20), PALE)


def look_png(look: Look) -> bytes:
    """The month or the year as one picture."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - with the first picture, so that the start is quick

    image = Image.new("RGB", (WIDTH, 1350), RED)
    pen = Pen(ImageDraw.Draw(image))
    pen.draw.ellipse((620, -260, 1340, 460), fill=DEEP)
    room = WIDTH - 2 * EDGE
    pen.write((EDGE, 64), line(look.county, 32, room=room), ROSE)
    pen.write((EDGE, 118), line(look.title, 84, serif=True, room=room), PAPER)
    pen.write((EDGE, 236), line(look.name, 44, room=room), ROSE)
    pen.draw.rounded_rectangle((36, 330, WIDTH - 36, 1350 - 36), radius=36, fill=PAPER)
    _values(pen, look.large, 376, 92)
    pen.draw.line((EDGE, 548, WIDTH - EDGE, 548), fill=LINE, width=2)
    _values(pen, look.small, 584, 56)
    pen.write((EDGE, 740), line(look.bars_title, 28, room=room), PALE)
    _bars(pen, look.bars, 800, 1216)
    return _written(image)


def _bars(pen: Pen, bars: tuple[tuple[str, int], ...], top: int, bottom: int) -> None:
    each, most = (WIDTH - 2 * EDGE) / max(len(bars), 1), max((value for _, value in bars), default=0)
    pen.draw.line((EDGE, bottom, WIDTH - EDGE, bottom), fill=LINE, width=3)
    for place, (name, value) in enumerate(bars):
        middle = EDGE + (place + 0.5) * each
        height = int((bottom - top - 44) * value / most) if most else 0
        half = min(each * 0.3, 40)
        if height:
            pen.draw.rounded_rectangle(
                (middle - half, bottom - max(height, 8), middle + half, bottom), radius=8, fill=RED
            )
            pen.write((middle, bottom - max(height, 8) - 38), line(str(value), 24, room=each), INK, anchor="m")
        pen.write((middle, bottom + 14), line(name, 24, room=each - 4), PALE, anchor="m")


def _written(image: "Image") -> bytes:
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()
