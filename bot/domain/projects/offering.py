"""What groups offer: posted by their leaders, for anybody to see and for meetings to pair with needs."""

from dataclasses import dataclass

from bot.cards import Page, page_of, window
from bot.domain import groups, search
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction, Value, containing

OFFERS_PER_GROUP_MAX = 10


@dataclass(frozen=True)
class Offer:
    """Something that a group has to give: hands, a room, a van, a skill."""

    id: int
    title: str
    about: str
    group_id: int
    person_id: int | None
    made_at: int
    closed_at: int | None
    group_name: str


OFFER = "SELECT o.*, g.name AS group_name FROM offers o JOIN groups g ON g.id = o.group_id"
OPEN = "o.closed_at IS NULL AND g.closed_at IS NULL"
LIKE = (
    "(folded(o.title) LIKE folded(:pattern) ESCAPE '!' OR folded(o.about) LIKE folded(:pattern) ESCAPE '!' "
    "OR folded(g.name) LIKE folded(:pattern) ESCAPE '!')"
)


async def offer(tx: Transaction, offer_id: int) -> Offer:
    """The offer. Raises Refused where there is none."""
    row = await tx.one(f"{OFFER} WHERE o.id = :id", id=offer_id)
    if row is None:
        raise Refused(say("There is no such offer."), WayOut(say("Offers"), "projects.offers"))
    return Offer(**row)


async def offers(tx: Transaction, number: int, *, word: str = "") -> Page:
    """A page of what is offered, the newest first; with a word only what has it in title, text or the group's name."""
    if not word:
        return await _page(tx, number, OPEN, {})
    near = await search.narrowed(tx, "offer", word)
    where = f"{OPEN} AND {LIKE}{near.among('o.id')}"
    return await _page(tx, number, where, {"pattern": containing(word), **near.named}, is_common=near.is_common)


async def _page(tx: Transaction, number: int, where: str, values: dict[str, Value], *, is_common: bool = False) -> Page:
    rows = await tx.all(
        f"{OFFER} WHERE {where} ORDER BY o.id DESC LIMIT :limit OFFSET :offset",
        **values,
        **window(number),
    )
    counted = f"SELECT COUNT(*) FROM offers o JOIN groups g ON g.id = o.group_id WHERE {where}"  # noqa: S608
    total = None if is_common else int(await tx.value(counted, **values))
    return page_of((Offer(**row) for row in rows), number, total=total)


async def make_offer(tx: Transaction, group_id: int, title: str, about: str, *, by: Person) -> Offer:
    """Offer something in the name of a group that `by` leads. Raises Refused, also for too many at once."""
    group = await groups.led_by(tx, group_id, by)
    offer_id = await tx.value(
        "INSERT INTO offers (title, about, group_id, person_id, made_at) SELECT :title, :about, g.id, :by, :now "
        "FROM groups g WHERE g.id = :group AND (SELECT COUNT(*) FROM offers WHERE group_id = :group AND closed_at IS NULL) "
        "< :most RETURNING id",
        title=title,
        about=about,
        group=group.id,
        by=by.id,
        now=tx.now,
        most=OFFERS_PER_GROUP_MAX,
    )
    if offer_id is None:
        raise Refused(
            say(
                "{group} offers {n} things, and no more can be. Nothing was saved.",
                group=group.name,
                n=OFFERS_PER_GROUP_MAX,
            ),
            WayOut(say("Offers"), "projects.offers"),
        )
    return await _searchable(tx, int(offer_id))


async def close_offer(tx: Transaction, offer_id: int, *, closed: bool, by: Person) -> Offer:
    """Take an offer off the list, or put it back. Raises Refused for others than those who lead its group."""
    found = await offer(tx, offer_id)
    await groups.led_by(tx, found.group_id, by)
    await tx.run("UPDATE offers SET closed_at = :at WHERE id = :id", at=tx.now if closed else None, id=found.id)
    return await _searchable(tx, offer_id)


async def _searchable(tx: Transaction, offer_id: int) -> Offer:
    """The offer, as it is found by its words from now on; off the list it isn't looked for."""
    found = await offer(tx, offer_id)
    texts = (found.title, found.about, found.group_name) if found.closed_at is None else ()
    await search.keep(tx, "offer", offer_id, *texts)
    return found
