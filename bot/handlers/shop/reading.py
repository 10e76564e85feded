"""What admins write about an item, read value by value."""

from collections.abc import Mapping

from bot import dates
from bot.dates import Reading, Unreadable
from bot.domain import groups, people, shop
from bot.locales import Said, say
from bot.refusal import Refused, check_length, check_number
from bot.routing import stale
from bot.storage import Transaction, Value

# What of an item can be changed one by one, and what it is called.
FIELDS: Mapping[str, Said] = {
    "price": say("Price"),
    "limit_pieces": say("Pieces a person"),
    "limit_days": say("… in so many days"),
    "star": say("From which star on"),
    "group_id": say("For which group"),
    "opens_at": say("From when on"),
    "closes_at": say("Until when"),
    "keep_days": say("Days it is kept"),
    "name": say("Name"),
    "about": say("About"),
}
LIMITS = {
    "price": (1, shop.PRICE_MAX),
    "limit_pieces": (0, 100),
    "limit_days": (0, shop.LIMIT_DAYS_MAX),
    "star": (0, shop.STAR_MAX),
    "keep_days": (1, shop.KEEP_DAYS_MAX),
}


def name(typed: str, tx: Transaction) -> str:
    return people.clean_name(typed, limit=shop.NAME_CHARACTERS_MAX)


def picture(typed: str, tx: Transaction) -> str:
    """A picture can't be typed. Raises Refused."""
    raise Refused(say("Please send a picture, or skip this. Nothing was saved yet."))


async def place(typed: str, tx: Transaction) -> tuple[int, str]:
    """A place that was chosen by its button, or by its number: that and its name. Raises Refused."""
    if not typed.isascii() or not typed.isdecimal() or len(typed) > 18:
        raise Refused(say("Please choose a place by its button."))
    found = await shop.partner(tx, int(typed))
    return found.id, found.name


def what(typed: str, tx: Transaction) -> str:
    """Raises Refused for what is no field."""
    if typed not in FIELDS:
        raise Refused(say("Please use the buttons: nothing counts until you confirm."))
    return typed


async def value_of(tx: Transaction, field: str, typed: str) -> Value:
    """What was typed as a value of this field. Raises Refused."""
    if field in LIMITS:
        return check_number(dates.read_count(typed), *LIMITS[field])
    if field == "group_id":
        return None if typed == "0" else (await groups.matching(tx, typed, "groups.open")).id
    if field == "opens_at":
        return None if typed == "0" else int(_when(typed, tx).start.timestamp())
    if field == "closes_at":
        return None if typed == "0" else _when(typed, tx).until
    if field == "name":
        return name(typed, tx)
    if field != "about":
        raise stale()
    check_length(typed, shop.ABOUT_CHARACTERS_MAX)
    return "" if typed == "0" else typed


def _when(typed: str, tx: Transaction) -> Reading:
    try:
        return dates.read(typed.strip(), now=tx.local(tx.now), zone=tx.clock.zone)
    except Unreadable:
        raise Refused(
            say("I could not read that time. Please write it such as “next Sat 10:00”. Nothing was saved.")
        ) from None
