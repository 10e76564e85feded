"""The youth card drawn: as wide as a bank card is, read on a phone, scanned at a counter."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.lettering import line, write
from bot.posters import code_of

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

WIDTH, HEIGHT, EDGE, PANEL = 1012, 638, 56, 330
GROUND, DEEP, PAPER, INK, PALE = "#b3261e", "#8c1812", "#fffdf8", "#2b2622", "#f3d9c0"
QR_PIXELS = 260


@dataclass(frozen=True)
class Drawn:
    """What stands on it, in the reader's words; each of `figures` is a value with what it is."""

    county: str
    title: str
    name: str
    number: str
    figures: tuple[tuple[str, str], ...]
    code: str
    link: str


def png(drawn: Drawn) -> bytes:
    """The picture."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - with the first card, so that the start is quick

    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    draw = ImageDraw.Draw(image)
    draw.ellipse((-220, 300, 480, 1000), fill=DEEP)
    _left(draw, drawn)
    left = WIDTH - EDGE - PANEL
    draw.rounded_rectangle((left, EDGE, WIDTH - EDGE, HEIGHT - EDGE), radius=28, fill=PAPER)
    code = code_of(drawn.link, QR_PIXELS, INK, PAPER)
    image.paste(code, (left + (PANEL - code.width) // 2, EDGE + 52))
    middle = left + PANEL // 2
    write(draw, (middle, HEIGHT - EDGE - 150), line(drawn.code, 76), INK, anchor="m")
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def _left(draw: "ImageDraw", drawn: Drawn) -> None:
    room = WIDTH - 3 * EDGE - PANEL
    write(draw, (EDGE, EDGE), line(drawn.county, 30, room=room), PALE)
    write(draw, (EDGE, EDGE + 46), line(drawn.title, 60, serif=True, room=room), PAPER)
    write(draw, (EDGE, 250), line(drawn.name, 56, room=room), PAPER)
    write(draw, (EDGE, 328), line(drawn.number, 34, room=room), PALE)
    each = room // len(drawn.figures)
    for place, (value, what) in enumerate(drawn.figures):
        x = EDGE + place * each
        write(draw, (x, HEIGHT - EDGE - 104), line(value, 48, room=each - 16), PAPER)
        write(draw, (x, HEIGHT - EDGE - 38), line(what, 26, room=each - 16), PALE)
