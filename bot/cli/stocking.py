"""`catalogue`: a file of items, taken in as a whole or not at all, every wrong line named."""

from pathlib import Path

from bot.domain import people, shop
from bot.domain.people import Role
from bot.locales import Reader, say, say_n
from bot.refusal import Refused
from bot.storage import Deed, Transaction

BYTES_MAX = 1_000_000


def text_of(file: Path) -> str:
    """What the file says. Raises Refused for one that can't be read as text."""
    try:
        if file.stat().st_size > BYTES_MAX:
            raise Refused(say("{file} is larger than a catalogue can be. Nothing was taken in.", file=str(file)))
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refused(say("{file} can't be read as text in UTF-8. Nothing was taken in.", file=str(file))) from None


def taking_in(text: str, language: str) -> Deed[str]:
    """The deed that takes a catalogue in, in the name of the first county admin; what it says is the answer."""

    async def deed(tx: Transaction) -> str:
        reader = Reader(language, tx.clock.zone, tx.now)
        admins = await people.with_role(tx, Role.ADMIN)
        if not admins:
            raise Refused(say("There is no county admin yet: python -m bot claim. Nothing was taken in."))
        taken = await shop.take_all(tx, text, by=admins[0])
        return reader.plain(
            say_n(
                "{n} item is on the list; /shop shows it to everybody.",
                "{n} items are on the list; /shop shows them to everybody.",
                len(taken),
            )
        )

    return deed
