"""PDF pages: each is a picture, and the same words as text that nobody sees: to be read aloud, searched and copied.

docs/decisions/0021 says why no library does it.
"""

import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.lettering import Written

if TYPE_CHECKING:
    from PIL.Image import Image

# What a font of ours can hold: a code is one byte.
SIGNS_A_FONT = 256
POINTS_AN_INCH = 72
WIDE, NARROW = 1000, 500
BOX = "0 -200 1000 800"


@dataclass(frozen=True)
class Page:
    """A picture, and what is written on it in the order in which it is read."""

    picture: "Image"
    written: Sequence[Written]


@dataclass(frozen=True)
class About:
    """What is shown and read aloud of the whole; `language` as `zh_CN`, `dpi` are the pictures' dots an inch."""

    title: str
    author: str
    language: str
    day: date
    dpi: int


class _Objects:
    """The numbered objects of a file; a number may be had before what stands under it."""

    def __init__(self) -> None:
        self._bodies: list[bytes] = []

    def reserve(self) -> int:
        self._bodies.append(b"")
        return len(self._bodies)

    def put(self, body: str, number: int = 0) -> int:
        number = number or self.reserve()
        self._bodies[number - 1] = body.encode("ascii")
        return number

    def stream(self, content: bytes, more: str = "") -> int:
        number = self.put("")
        head = f"<< /Length {len(content)} {more} >>\nstream\n".encode("ascii")
        self._bodies[number - 1] = head + content + b"\nendstream"
        return number

    def file(self, root: int, info: int) -> bytes:
        made, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
        for number, body in enumerate(self._bodies, 1):
            places.append(len(made))
            made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
        rows = "".join(f"{place:010} 00000 n \n" for place in places)
        end = (
            f"trailer\n<< /Size {len(places) + 1} /Root {root} 0 R /Info {info} 0 R >>\nstartxref\n{len(made)}\n%%EOF\n"
        )
        return bytes(made) + f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{rows}{end}".encode("ascii")


def document(pages: Iterable[Page], about: About) -> bytes:
    """All pages as one file. Each is let go before the next but one is drawn: a picture takes five megabytes."""
    objects = _Objects()
    tree, whole, above = objects.reserve(), objects.reserve(), objects.reserve()
    letters = _Letters(objects)
    made = [_page(objects, letters, page, about, place, above, whole) for place, page in enumerate(pages)]
    letters.put()
    objects.put(f"<< /Type /Pages /Kids [{_refs(page for page, _ in made)}] /Count {len(made)} >>", above)
    read = [_refs(elements) for _, elements in made]
    parents = objects.put(f"<< /Nums [{' '.join(f'{place} [{refs}]' for place, refs in enumerate(read))}] >>")
    objects.put(f"<< /Type /StructElem /S /Document /P {tree} 0 R /K [{' '.join(read)}] >>", whole)
    objects.put(f"<< /Type /StructTreeRoot /K {whole} 0 R /ParentTree {parents} 0 R >>", tree)
    root = objects.put(
        f"<< /Type /Catalog /Pages {above} 0 R /StructTreeRoot {tree} 0 R /MarkInfo << /Marked true >> "
        f"/Lang ({about.language.replace('_', '-')}) /ViewerPreferences << /DisplayDocTitle true >> >>"
    )
    day = f"(D:{about.day:%Y%m%d})"
    info = objects.put(
        f"<< /Title {_text(about.title)} /Author {_text(about.author)} /CreationDate {day} /ModDate {day} >>"
    )
    return objects.file(root, info)


def _refs(numbers: Iterable[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)


def _text(text: str) -> str:
    return f"<FEFF{_utf16(text)}>"


def _utf16(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


class _Letters:
    """Fonts whose letters are empty: they only say which sign a code is, and how wide. All of a line is of one font."""

    def __init__(self, objects: _Objects) -> None:
        self._objects = objects
        self._fonts: dict[int, dict[str, int]] = {}

    def font_of(self, text: str) -> int:
        """The number of a font that has every sign of it."""
        number, held = next(reversed(self._fonts.items()), (0, {}))
        if not number or len(held.keys() | set(text)) > SIGNS_A_FONT:
            number, held = self._objects.reserve(), {}
            self._fonts[number] = held
        for sign in text:
            held.setdefault(sign, len(held))
        return number

    def codes(self, font: int, text: str) -> str:
        return "".join(f"{self._fonts[font][sign]:02X}" for sign in text)

    def put(self) -> None:
        """Write the fonts, when all lines have theirs."""
        glyphs = {width: self._objects.stream(f"{width} 0 {BOX} d1".encode("ascii")) for width in (WIDE, NARROW)}
        letters = f"/w {glyphs[WIDE]} 0 R /n {glyphs[NARROW]} 0 R"
        for number, held in self._fonts.items():
            signs = list(held)
            widths = [_width(sign) for sign in signs]
            names = " ".join("/w" if width == WIDE else "/n" for width in widths)
            meaning = self._objects.stream(_meaning(signs))
            self._objects.put(
                f"<< /Type /Font /Subtype /Type3 /FontMatrix [0.001 0 0 0.001 0 0] /FontBBox [{BOX}] /Resources << >> "
                f"/CharProcs << {letters} >> /Encoding << /Type /Encoding /Differences [0 {names}] >> /FirstChar 0 "
                f"/LastChar {len(signs) - 1} /Widths [{' '.join(map(str, widths))}] /ToUnicode {meaning} 0 R >>",
                number,
            )


def _meaning(signs: list[str]) -> bytes:
    """The table from codes to signs."""
    tables = "\n".join(
        f"{len(few)} beginbfchar\n" + "\n".join(f"<{code:02X}> <{_utf16(sign)}>" for code, sign in few) + "\nendbfchar"
        for few in _by_hundreds(list(enumerate(signs)))
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Signs def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n{tables}\nendcmap\nend\nend"
    ).encode("ascii")


def _by_hundreds(items: list[tuple[int, str]]) -> Iterable[list[tuple[int, str]]]:
    """As many as one list of a CMap may hold."""
    return (items[at : at + 100] for at in range(0, len(items), 100))


def _width(sign: str) -> int:
    return WIDE if unicodedata.east_asian_width(sign) in "WF" else NARROW


def _page(
    objects: _Objects, letters: _Letters, page: Page, about: About, place: int, above: int, whole: int
) -> tuple[int, list[int]]:
    """The page's number, and those of its paragraphs in the order of reading."""
    scale, width, height = POINTS_AN_INCH / about.dpi, page.picture.width, page.picture.height
    texts = [each.text[:SIGNS_A_FONT] for each in page.written]
    fonts = [letters.font_of(text) for text in texts]
    lines = [
        f"/P << /MCID {mark} >> BDC {_line(each, text, letters.codes(font, text), font, height)} EMC"
        for mark, (each, text, font) in enumerate(zip(page.written, texts, fonts, strict=True))
    ]
    drawn = f"/Artifact BMC q {width} 0 0 {height} 0 0 cm /Picture Do Q EMC"
    content = "\n".join([f"{scale:.6f} 0 0 {scale:.6f} 0 0 cm", drawn, *lines])
    number = objects.put(
        f"<< /Type /Page /Parent {above} 0 R /MediaBox [0 0 {width * scale:.2f} {height * scale:.2f}] "
        f"/Contents {objects.stream(content.encode('ascii'))} 0 R /StructParents {place} /Tabs /S "
        f"/Resources << /XObject << /Picture {_picture(objects, page.picture)} 0 R >> "
        f"/Font << {' '.join(f'/F{font} {font} 0 R' for font in sorted(set(fonts)))} >> >> >>"
    )
    return number, [
        objects.put(f"<< /Type /StructElem /S /P /P {whole} 0 R /Pg {number} 0 R /K {mark} >>")
        for mark in range(len(lines))
    ]


def _line(each: Written, text: str, codes: str, font: int, height: int) -> str:
    """The line where it is drawn, as wide as it is drawn, in letters without ink."""
    natural = sum(map(_width, text)) / 1000 * each.size
    stretched = 100 * max(each.width, 1) / natural
    place = f"{each.x:.1f} {height - each.y:.1f}"
    return f"BT 3 Tr {stretched:.2f} Tz /F{font} {each.size} Tf 1 0 0 1 {place} Tm <{codes}> Tj ET"


def _picture(objects: _Objects, picture: "Image") -> int:
    """Without loss: flat colours are smaller so than as a photo, and letters stay sharp."""
    return objects.stream(
        zlib.compress(picture.tobytes()),
        f"/Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} "
        "/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode",
    )
