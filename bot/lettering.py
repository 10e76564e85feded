"""Lines of text in pictures: each run of characters in a font that has them, so that no name is shown as boxes."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, Layout

SMALLEST, STEP, REGULAR = 20, 4, 400
# The mark that printers put where they have no type for a character.
STAND_IN, CUT = "〓", "…"
JOINER, SKINS = "\u200d", range(0x1F3FB, 0x1F400)
# No font has a character here, so each draws what it draws for one that it lacks.
NOWHERE = "\uffff"
# How much of a line is to the left of the place that is given.
ANCHORS = {"l": 0.0, "m": 0.5, "r": 1.0}


@dataclass(frozen=True)
class Line:
    """A line in one size: its runs from left to right, each with the font that has its characters; and the whole text."""

    runs: tuple[tuple[str, "FreeTypeFont"], ...]
    rise: int
    size: int
    text: str

    @property
    def width(self) -> float:
        return sum(font.getlength(run) for run, font in self.runs)


@dataclass(frozen=True)
class Written:
    """What was written where: x from the left and y from the top of its baseline, in pixels, as are size and width."""

    text: str
    x: float
    y: float
    size: int
    width: float


@dataclass(frozen=True)
class Pen:
    """Writes on a picture, and keeps what it wrote for those who can't see it."""

    draw: "ImageDraw"
    written: list[Written] = field(default_factory=list)

    def write(self, at: tuple[float, float], made: Line, colour: str, *, anchor: str = "l", bold: int = 0) -> None:
        """As `write` does."""
        write(self.draw, at, made, colour, anchor=anchor, bold=bold)
        if made.text:
            x = at[0] - made.width * ANCHORS[anchor]
            self.written.append(Written(made.text, x, at[1] + made.rise, made.size, made.width))


def line(text: str, size: int, *, serif: bool = False, room: float | None = None) -> Line:
    """The text as a line of that size; smaller where `room` pixels want it, and cut where that is not enough."""
    whole, known = "".join(_signs(unicodedata.normalize("NFC", text))), shown(text)
    # One sign without serifs among others looks like a mistake.
    serif = serif and all(_face_of(sign, serif) == _faces(serif)[0] for sign in known)
    made = _set(known, size, serif, whole)
    while room is not None and made.width > room and size > SMALLEST:
        size = max(SMALLEST, size - STEP)
        made = _set(known, size, serif, whole)
    while room is not None and made.width > room and len(known) > 1:
        known = known[: int(len(known) * room / made.width) - 1]
        made = _set([*known, CUT], size, serif, whole)
    return made


def write(
    draw: "ImageDraw", at: tuple[float, float], made: Line, colour: str, *, anchor: str = "l", bold: int = 0
) -> None:
    """Draws the line with its top at `at`, and its left end (l), middle (m) or right end (r)."""
    x, y = at
    x -= made.width * ANCHORS[anchor]
    for run, font in made.runs:
        place = (x, y + made.rise)
        draw.text(place, run, font=font, fill=colour, anchor="ls", stroke_width=bold, stroke_fill=colour)
        x += font.getlength(run)


def shown(text: str) -> list[str]:
    """The signs that are drawn for a text: what no font has becomes a plainer form of itself, or a stand-in."""
    return [piece for sign in _signs(unicodedata.normalize("NFC", text)) for piece in _known(sign)]


def _signs(text: str) -> Iterator[str]:
    """What is read as one: a letter with its marks, an emoji with its skin, several that are joined."""
    sign = ""
    for c in " ".join(text.split()):
        if (unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != JOINER) or _chooses(c):
            continue
        if sign and (c == JOINER or sign[-1] == JOINER or ord(c) in SKINS or unicodedata.category(c)[0] == "M"):
            sign += c
            continue
        if sign:
            yield sign
        sign = c
    if sign:
        yield sign


def _chooses(c: str) -> bool:
    """Whether it only chooses between forms of the character before it."""
    return "\ufe00" <= c <= "\ufe0f" or "\U000e0100" <= c <= "\U000e01ef"


def _known(sign: str) -> list[str]:
    """The sign, or its plainer form; of an ornament that no font has nothing is left, a letter gets the stand-in."""
    if _face_of(sign, False):
        return [sign]
    plainer = [c for c in unicodedata.normalize("NFKC", sign) if c != JOINER and unicodedata.category(c)[0] != "M"]
    return [c if _face_of(c, False) else STAND_IN for c in plainer if _face_of(c, False) or c.isalnum()]


def _set(signs: list[str], size: int, serif: bool, whole: str) -> Line:
    first = _faces(serif)[0]
    faces = [_face_of(sign, serif) or first for sign in signs]
    for place in range(1, len(signs) - 1):
        # Words that are written from the right keep their order only in one run.
        if signs[place] == " " and _from_the_right(signs[place - 1]) and _from_the_right(signs[place + 1]):
            faces[place] = faces[place - 1]
    runs = groupby(zip(faces, signs, strict=True), key=lambda each: each[0])
    together = tuple(("".join(sign for _, sign in run), _font(face, size)) for face, run in runs)
    return Line(together, _font(first, size).getmetrics()[0], size, whole)


def _from_the_right(sign: str) -> bool:
    return unicodedata.bidirectional(sign[0]) in ("R", "AL")


@lru_cache(2048)
def _face_of(sign: str, serif: bool) -> str | None:
    """The first font that has all of it."""
    return next((face for face in _faces(serif) if all(_has(face, c) for c in sign if c != JOINER)), None)


def _has(face: str, c: str) -> bool:
    """Whether the font draws it otherwise than what it lacks. Asked without shaping, which would hide or circle some."""
    from PIL import ImageFont  # noqa: PLC0415 - with the first picture, so that the start is quick

    asked = _font(face, 20, ImageFont.Layout.BASIC)
    drawn, missing = asked.getmask(c), asked.getmask(NOWHERE)
    return (drawn.size, bytes(drawn)) != (missing.size, bytes(missing))


@lru_cache
def _faces(serif: bool) -> list[str]:
    """The files of the fonts, the first one first: Chinese, then all of East Asia, then other scripts and emoji."""
    chinese = files("pylopdf_fonts_zh_cn")
    first = ["NotoSerifSC-Regular.otf"] if serif else []
    more = sorted(str(each) for each in files("manimgx_fonts").iterdir() if each.name.endswith("].ttf"))
    return [
        *(str(chinese / name) for name in [*first, "NotoSansSC-Regular.otf"]),
        str(files("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc"),
        *(each for each in more if "Italic" not in each),
    ]


@lru_cache(256)
def _font(path: str, size: int, layout: "Layout | None" = None) -> "FreeTypeFont":
    from PIL import ImageFont  # noqa: PLC0415 - with the first picture, so that the start is quick

    font = ImageFont.truetype(path, size, layout_engine=layout)
    if "VF" in path or "[wght]" in path:
        font.set_variation_by_axes([REGULAR])
    return font
