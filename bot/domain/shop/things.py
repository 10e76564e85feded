"""What the shop deals in: places, items, lots of pieces, and what somebody has reserved."""

import secrets
from dataclasses import dataclass

from bot.cards import press
from bot.locales import Said, say, say_n
from bot.refusal import Refused, WayOut

NAME_CHARACTERS_MAX = 40
ABOUT_CHARACTERS_MAX = 300
PRICE_MAX = 1_000_000
PIECES_MAX = 100_000
# How many pieces are reserved at once.
AT_ONCE_MAX = 5
KEEP_DAYS_MAX = 90
LIMIT_DAYS_MAX = 366
STAR_MAX = 5
DAY = 24 * 3600
# Letters and digits that nobody takes for each other.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_CHARACTERS = 8


@dataclass(frozen=True)
class Partner:
    """Where something is handed out: the county's own counter, or a shop that takes part."""

    id: int
    name: str
    place: str
    hours: str
    closed_at: int | None
    made_by: int
    made_at: int


@dataclass(frozen=True)
class Item:
    """Something to exchange points for: `price` in points a piece, `left` pieces that nobody has reserved."""

    id: int
    name: str
    about: str
    partner_id: int
    price: int
    picture: str | None
    limit_pieces: int
    limit_days: int
    star: int
    group_id: int | None
    opens_at: int | None
    closes_at: int | None
    keep_days: int
    state: str
    left: int
    counter_closed_at: int | None
    partner: str
    place: str
    hours: str
    group_name: str | None

    @property
    def is_open(self) -> bool:
        """Is it offered, at a counter that takes part?"""
        return self.state == "open" and self.counter_closed_at is None

    @property
    def unit(self) -> str:
        """The ledger's unit for pieces of it."""
        return unit_of(self.id)


@dataclass(frozen=True)
class Redemption:
    """What somebody has reserved, and what became of it: `handed` of `pieces` were given out."""

    id: int
    item_id: int
    person_id: int
    pieces: int
    points: int
    code: str
    state: str
    reservation_id: int | None
    made_at: int
    until: int
    handed: int
    settled_at: int | None
    settled_by: int | None
    name: str
    partner_id: int
    partner: str
    place: str
    hours: str

    @property
    def is_open(self) -> bool:
        return self.state == "reserved"

    @property
    def price(self) -> int:
        """What a piece of it cost, in points."""
        return self.points // self.pieces

    @property
    def own(self) -> int:
        """Pieces that count as the person's: once it was collected, only those that were handed out."""
        return self.handed if self.state == "collected" else self.pieces


# Rules


def unit_of(item_id: int) -> str:
    """The ledger's unit for pieces of an item: docs/ledger.md."""
    return f"goods:{item_id}"


def new_code() -> str:
    """A code that nobody guesses, of some 10 to the power of 12; it has a digit, so that it is never a word."""
    while not is_code(code := "".join(secrets.choice(ALPHABET) for _ in range(CODE_CHARACTERS))):
        continue
    return code


def plain_code(typed: str) -> str:
    """A code as it is kept, of what somebody typed: small letters, spaces and dashes don't matter."""
    return "".join(c for c in typed.upper() if c not in " -–\n")


def shown_code(code: str) -> str:
    """A code in two halves, as it is read aloud."""
    return f"{code[: CODE_CHARACTERS // 2]}-{code[CODE_CHARACTERS // 2 :]}"


def is_code(words: str) -> bool:
    """Is this plainly such a code, and no word?"""
    plain = plain_code(words)
    return len(plain) == CODE_CHARACTERS and set(plain) <= set(ALPHABET) and any(c.isdigit() for c in plain)


def pieces_words(pieces: int) -> Said:
    """So many pieces, in words."""
    return say_n("{n} piece", "{n} pieces", pieces)


def price_words(points: int) -> Said:
    """So many points, in words."""
    return say_n("{n} point", "{n} points", points)


def limit_words(item: Item) -> Said | None:
    """How many pieces a person may have; None where that is not limited."""
    if not item.limit_pieces:
        return None
    if not item.limit_days:
        return say("{pieces} a person", pieces=pieces_words(item.limit_pieces))
    return say_n(
        "{pieces} a person in {n} day",
        "{pieces} a person in {n} days",
        item.limit_days,
        pieces=pieces_words(item.limit_pieces),
    )


def to_shop() -> WayOut:
    """The way to the list of items."""
    return WayOut(say("Other items"), "shop.list")


def to_item(item: Item) -> WayOut:
    """The way to an item's card."""
    return WayOut(say("Open"), press("shop.open", item.id))


def sold_out(item: Item) -> Refused:
    """For whoever wants more than there is."""
    if not item.left:
        reason = say("“{name}” is gone just now. Nothing was reserved and no points were taken.", name=item.name)
        return Refused(reason, WayOut(say("🔔 Tell me when it is back"), press("shop.wish", item.id)), to_shop())
    return Refused(
        say(
            "Of “{name}” only {pieces} are left. Nothing was reserved and no points were taken.",
            name=item.name,
            pieces=pieces_words(item.left),
        ),
        to_item(item),
    )
