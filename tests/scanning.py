"""Reads codes from pictures, as a phone's camera would."""

import io
import re

import zxingcpp
from PIL import Image


def scanned(picture: bytes) -> list[str]:
    """What each code in it says, from top to bottom."""
    return [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))]


def read_aloud(content: bytes) -> list[str]:
    """The paragraphs of a tagged PDF of ours, as a screen reader comes by them: through the tree and the fonts' own tables."""
    objects = _objects(content)
    (root,) = re.findall(rb"/Root (\d+) 0 R", content)
    whole = _ref(objects[_ref(objects[int(root)], "StructTreeRoot")], "K")
    paragraphs = [objects[int(number)] for number in re.findall(rb"(\d+) 0 R", objects[whole].partition(b"/K [")[2])]
    return [_said(objects, objects[_ref(each, "Pg")], each.rpartition(b"/K ")[2].split()[0]) for each in paragraphs]


def _objects(content: bytes) -> dict[int, bytes]:
    """Each object from where the table of places says that it begins."""
    table = content[int(content.rpartition(b"startxref\n")[2].split()[0]) :]
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", table)]
    bodies = {number: content[place:].partition(b"endobj")[0] for number, place in enumerate(places, 1)}
    assert all(body.startswith(b"%d 0 obj" % number) for number, body in bodies.items())
    return bodies


def _ref(body: bytes, key: str) -> int:
    (number,) = re.findall(rf"/{key} (\d+) 0 R".encode(), body)
    return int(number)


def _said(objects: dict[int, bytes], page: bytes, mark: bytes) -> str:
    """One marked paragraph of a page, its codes turned into what its font says they mean."""
    marked = objects[_ref(page, "Contents")].partition(b"/MCID " + mark + b" >> BDC")[2].partition(b"EMC")[0]
    ((font, codes),) = re.findall(rb"/(F\d+) .* <(\w+)> Tj", marked)
    table = objects[_ref(objects[_ref(page, font.decode())], "ToUnicode")]
    meant = dict(re.findall(rb"^<(\w\w)> <(\w+)>$", table, re.MULTILINE))
    return "".join(bytes.fromhex(meant[code].decode()).decode("utf-16-be") for code in re.findall(rb"..", codes))
