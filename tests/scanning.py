"""Reads codes from pictures, as a phone's camera would."""

import io

import zxingcpp
from PIL import Image


def scanned(picture: bytes) -> list[str]:
    """What each code in it says, from top to bottom."""
    return [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))]
