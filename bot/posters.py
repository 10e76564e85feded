"""A link as a QR code: for a poster, and as a part of other pictures."""

import io
from typing import TYPE_CHECKING

from bot.cards import Button, Card, File, card
from bot.locales import Said, say

if TYPE_CHECKING:
    from PIL.Image import Image


def poster(invitation: Said, link: str, *, name: str, back: str) -> Card:
    """The card that leads others to `link`; `name` is the picture's, without its ending."""
    return card(
        invitation,
        say("{link}", link=link),
        rows=((Button(say("Copy the link"), copy=link),),),
        back=back,
        file=File(f"{name}.png", picture(link), picture=True),
    )


def picture(link: str) -> bytes:
    """A QR code as PNG, with the quiet border that scanners need."""
    import segno  # noqa: PLC0415 - with the first picture, so that the start is quick

    made = io.BytesIO()
    segno.make(link, error="m", micro=False).save(made, kind="png", scale=12, border=4)
    return made.getvalue()


def code_of(link: str, pixels: int, dark: str, light: str) -> "Image":
    """A QR code of at most so many pixels: each of its squares is as large as every other one."""
    import segno  # noqa: PLC0415 - with the first picture, so that the start is quick
    from PIL import Image  # noqa: PLC0415 - likewise

    made, written = segno.make(link, error="m"), io.BytesIO()
    scale = pixels // made.symbol_size(border=0)[0]
    made.save(written, kind="png", scale=scale, border=0, dark=dark, light=light)
    return Image.open(written).convert("RGB")
