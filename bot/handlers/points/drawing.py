"""What is drawn of points: the statement page by page, and a month or a year as one picture. Both are read at a phone's width."""

import io
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.lettering import line, write

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

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
    return _written(_page(paper, paper.rows[-LINES_A_PAGE:], paper.more if len(paper.rows) > LINES_A_PAGE else ""))


def statement_pdf(paper: Paper) -> bytes:
    """All of them, page after page."""
    cut = range(0, max(len(paper.rows), 1), LINES_A_PAGE)
    pages = [_page(paper, paper.rows[at : at + LINES_A_PAGE], f"{at // LINES_A_PAGE + 1} / {len(cut)}") for at in cut]
    written = io.BytesIO()
    day = paper.made.timetuple()
    pages[0].save(
        written,
        "PDF",
        resolution=DPI,
        quality=90,
        save_all=True,
        append_images=pages[1:],
        title=paper.title,
        author=paper.county,
        creationDate=day,
        modDate=day,
    )
    return written.getvalue()


def _page(paper: Paper, rows: tuple[Row, ...], foot: str) -> "Image":
    from PIL import Image, ImageDraw  # noqa: PLC0415 - with the first picture, so that the start is quick

    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 216), fill=RED)
    room = WIDTH - 2 * EDGE
    write(draw, (EDGE, 34), line(paper.county, 28, room=room), ROSE)
    write(draw, (EDGE, 76), line(paper.title, 54, serif=True, room=room), PAPER)
    write(draw, (EDGE, 156), line(paper.whose, 30, room=room), ROSE)
    _values(draw, paper.sums, 240, 46)
    for place, row in enumerate(rows):
        _row(draw, row, HEAD + place * ROW)
    write(draw, (WIDTH / 2, HEIGHT - 64), line(foot, 26, room=room), PALE, anchor="m")
    return image


def _row(draw: "ImageDraw", row: Row, y: int) -> None:
    draw.line((EDGE, y, WIDTH - EDGE, y), fill=LINE, width=2)
    right = WIDTH - EDGE
    write(draw, (EDGE, y + 8), line(row.what, 30, room=620), INK)
    write(draw, (EDGE, y + 48), line(row.when, 22, room=620), PALE)
    colour = GREEN if row.amount.startswith("+") else RED
    write(draw, (right - 130, y + 20), line(row.amount, 34, room=150), colour, anchor="r")
    write(draw, (right, y + 24), line(row.after, 28, room=120), PALE, anchor="r")


def _values(draw: "ImageDraw", values: tuple[tuple[str, str], ...], y: int, size: int) -> None:
    each = (WIDTH - 2 * EDGE) // max(len(values), 1)
    for place, (value, what) in enumerate(values):
        x = EDGE + place * each
        write(draw, (x, y), line(value, size, room=each - 20), INK)
        write(draw, (x, y + int(size * 1.3) + 8), line(what, 24, room=each - 20), PALE)


def look_png(look: Look) -> bytes:
    """The month or the year as one picture."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - with the first picture, so that the start is quick

    image = Image.new("RGB", (WIDTH, 1350), RED)
    draw = ImageDraw.Draw(image)
    draw.ellipse((620, -260, 1340, 460), fill=DEEP)
    room = WIDTH - 2 * EDGE
    write(draw, (EDGE, 64), line(look.county, 32, room=room), ROSE)
    write(draw, (EDGE, 118), line(look.title, 84, serif=True, room=room), PAPER)
    write(draw, (EDGE, 236), line(look.name, 44, room=room), ROSE)
    draw.rounded_rectangle((36, 330, WIDTH - 36, 1350 - 36), radius=36, fill=PAPER)
    _values(draw, look.large, 376, 92)
    draw.line((EDGE, 548, WIDTH - EDGE, 548), fill=LINE, width=2)
    _values(draw, look.small, 584, 56)
    write(draw, (EDGE, 740), line(look.bars_title, 28, room=room), PALE)
    _bars(draw, look.bars, 800, 1216)
    return _written(image)


def _bars(draw: "ImageDraw", bars: tuple[tuple[str, int], ...], top: int, bottom: int) -> None:
    each, most = (WIDTH - 2 * EDGE) / max(len(bars), 1), max((value for _, value in bars), default=0)
    draw.line((EDGE, bottom, WIDTH - EDGE, bottom), fill=LINE, width=3)
    for place, (name, value) in enumerate(bars):
        middle = EDGE + (place + 0.5) * each
        height = int((bottom - top - 44) * value / most) if most else 0
        half = min(each * 0.3, 40)
        if height:
            draw.rounded_rectangle((middle - half, bottom - max(height, 8), middle + half, bottom), radius=8, fill=RED)
            write(draw, (middle, bottom - max(height, 8) - 38), line(str(value), 24, room=each), INK, anchor="m")
        write(draw, (middle, bottom + 14), line(name, 24, room=each - 4), PALE, anchor="m")


def _written(image: "Image") -> bytes:
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()
