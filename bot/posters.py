"""A link as a QR code: for a poster, and as a part of other pictures."""

import io
from typing import TYPE_CHECKING

from bot import lettering
from bot.cards import Button, Card, File, card
from bot.locales import Said, say

if TYPE_CHECKING:
    from PIL.Image import Image

# Pixels of each square of a code, and how many squares its border is wide.
SCALE, BORDER = 12, 4


def poster(invitation: Said, link: str, *, name: str, back: str) -> Card:
    """The card that leads others to `link`; `name` is the picture's, without its ending."""
    return card(
        invitation,
        say("{link}", link=link),
        rows=((Button(say("Copy the link"), copy=link),),),
        back=back,
        file=File(f"{name}.png", picture(link), picture=True),
    )


def picture(link: str, *, beneath: str = "") -> bytes:
    """A QR code as PNG, with the quiet border that scanners need; `beneath` it a few signs that are read from afar."""
    import segno  # noqa: PLC0415 - with the first picture, so that the start is quick

    made = io.BytesIO()
    segno.make(link, error="m", micro=False).save(made, kind="png", scale=SCALE, border=BORDER)
    return _with_line(made, beneath) if beneath else made.getvalue()


def _with_line(code: io.BytesIO, text: str) -> bytes:
    from PIL import Image, ImageDraw  # noqa: PLC0415 - with the first picture, so that the start is quick

    above, made, margin = Image.open(code).convert("L"), io.BytesIO(), SCALE * BORDER
    line = lettering.line(text, above.width // 4, room=above.width - 2 * margin)
    board = Image.new("L", (above.width, above.height + above.width // 4 + margin), "white")
    board.paste(above)
    lettering.write(
        ImageDraw.Draw(board), (above.width / 2, above.height - margin / 2), line, "black", anchor="m", bold=2
    )
    board.save(made, "PNG")
    return made.getvalue()


def code_of(link: str, pixels: int, dark: str, light: str) -> "Image":
    """A QR code of at most so many pixels: each of its squares is as large as every other one."""
    import segno  # noqa: PLC0415 - with the first picture, so that the start is quick
    from PIL import Image  # noqa: PLC0415 - likewise

    made, written = segno.make(link, error="m"), io.BytesIO()
    scale = pixels // made.symbol_size(border=0)[0]
    made.save(written, kind="png", scale=scale, border=0, dark=dark, light=light)
    return Image.open(written).convert("RGB")
