"""A certificate drawn on an A4 sheet: the picture, and the same as a PDF."""

import io
from dataclasses import dataclass
from datetime import date

from bot import pdf as pages
from bot.lettering import Pen, line
from bot.locales import Reader, say
from bot.posters import code_of

# A4 across at 150 dots an inch.
WIDTH, HEIGHT, DPI = 1754, 1240, 150
MIDDLE = WIDTH // 2
PAPER, INK, SOFT, RED, GOLD, PALE = "#fffdf8", "#2b2622", "#7d736a", "#b3261e", "#b98a3e", "#efe3cc"
QR_PIXELS = 231
EDGE, GAP = 150, 24


@dataclass(frozen=True)
class Sheet:
    """What stands on the paper; everything is in the reader's words already."""

    county: str
    name: str
    hours: str
    parts: tuple[tuple[str, str], ...]
    first: str
    last: str
    number: str
    code: str
    issued: str
    link: str


@dataclass(frozen=True)
class Words:
    """The sentences around it."""

    title: str
    subtitle: str
    given: str
    thanks: str
    made_of: str
    number: str
    code: str
    check: str
    issued: str
    language: str


def words(reader: Reader, sheet: Sheet) -> Words:
    """The sentences in the reader's language."""
    return Words(
        title=reader.plain(say("Certificate of volunteer service")),
        subtitle=reader.plain(say("Time given to others, and proved")),
        given=reader.plain(say("From {first} to {last} this volunteer gave", first=sheet.first, last=sheet.last)),
        thanks=reader.plain(say("of their time to the county. Thank you!")),
        made_of=reader.plain(say("How it is proved")),
        number=reader.plain(say("Number {number}", number=sheet.number)),
        code=reader.plain(say("Code {code}", code=sheet.code)),
        check=reader.plain(say("Scan it, or send /verify and the code, to check this paper.")),
        issued=reader.plain(say("Issued by {county} on {day}", county=sheet.county, day=sheet.issued)),
        language=reader.language,
    )


def png(sheet: Sheet, said: Words) -> bytes:
    """The picture."""
    written = io.BytesIO()
    _drawn(sheet, said).picture.save(written, "PNG", optimize=True)
    return written.getvalue()


def pdf(sheet: Sheet, said: Words) -> bytes:
    """The same on one page of A4, with its words as text."""
    about = pages.About(said.title, sheet.county, said.language, date.fromisoformat(sheet.issued), DPI)
    return pages.document([_drawn(sheet, said)], about)


def _drawn(sheet: Sheet, said: Words) -> pages.Page:
    from PIL import Image, ImageDraw  # noqa: PLC0415 - with the first certificate, so that the start is quick

    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = Pen(ImageDraw.Draw(image))
    _frame(pen)
    _star(pen, MIDDLE, 172, 46)
    _centred(pen, 258, said.title, 76, RED, serif=True, bold=1)
    _centred(pen, 378, said.subtitle, 28, SOFT)
    _centred(pen, 446, sheet.name, 68, INK, serif=True)
    pen.draw.line((MIDDLE - 330, 540, MIDDLE + 330, 540), fill=GOLD, width=2)
    _centred(pen, 572, said.given, 32, INK)
    _centred(pen, 630, sheet.hours, 92, RED, serif=True, bold=1)
    _centred(pen, 760, said.thanks, 32, INK)
    _parts(pen, sheet, said)
    code = code_of(sheet.link, QR_PIXELS, INK, PAPER)
    image.paste(code, (WIDTH - EDGE - code.width, HEIGHT - 164 - code.height))
    _foot(pen, sheet, said)
    return pages.Page(image, pen.written)


def _frame(pen: Pen) -> None:
    pen.draw.rectangle((44, 44, WIDTH - 45, HEIGHT - 45), outline=GOLD, width=6)
    pen.draw.rectangle((62, 62, WIDTH - 63, HEIGHT - 63), outline=GOLD, width=2)
    for x in (62, WIDTH - 62):
        for y in (62, HEIGHT - 62):
            pen.draw.ellipse((x - 15, y - 15, x + 15, y + 15), fill=PAPER, outline=GOLD, width=3)
            pen.draw.ellipse((x - 5, y - 5, x + 5, y + 5), fill=RED)


def _star(pen: Pen, x: int, y: int, radius: int) -> None:
    """Five points, drawn large and plain; Pillow smooths no polygons, so it is an even colour on a pale disc."""
    from math import cos, pi, sin  # noqa: PLC0415 - beside the drawing that needs them

    pen.draw.ellipse((x - radius - 16, y - radius - 16, x + radius + 16, y + radius + 16), fill=PALE)
    corners = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = corner * pi / 5 - pi / 2
        corners.append((x + reach * cos(angle), y + reach * sin(angle)))
    pen.draw.polygon(corners, fill=RED)


def _parts(pen: Pen, sheet: Sheet, said: Words) -> None:
    """The mix of grades, a line each."""
    x, y = EDGE, HEIGHT - 352
    proofs = proofs_from([length for length, _ in sheet.parts])
    pen.write((x, y), line(said.made_of, 26), GOLD)
    for place, (length, proof) in enumerate(sheet.parts, 1):
        top = y + 4 + place * 40
        pen.write((x, top), line(length, 25), INK)
        pen.write((proofs, top), line(proof, 25), SOFT)


def proofs_from(lengths: list[str]) -> int:
    """Where the column of proofs begins, so that no length runs into it."""
    return EDGE + GAP + int(max((line(length, 25).width for length in lengths), default=0))


def _foot(pen: Pen, sheet: Sheet, said: Words) -> None:
    pen.write((EDGE, HEIGHT - 136), line(said.issued, 26), INK)
    right = WIDTH - EDGE - QR_PIXELS - 34
    pen.write((right, HEIGHT - 352), line(said.number, 26), INK, anchor="r")
    pen.write((right, HEIGHT - 312), line(said.code, 26), INK, anchor="r")
    pen.write((WIDTH - EDGE, HEIGHT - 132), line(said.check, 22), SOFT, anchor="r")


def _centred(pen: Pen, y: int, text: str, size: int, colour: str, *, serif: bool = False, bold: int = 0) -> None:
    """One line in the middle, smaller where it would not fit."""
    pen.write((MIDDLE, y), line(text, size, serif=serif, room=WIDTH - 360), colour, anchor="m", bold=bold)
