"""A screen to share: a link as a QR code for a poster, and as text."""

import io

from bot.cards import Button, Card, File, card
from bot.locales import Said, say


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
