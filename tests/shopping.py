"""A shop for tests: a place, an item with pieces, a clerk, and people with points."""

from typing import Any

from bot.domain import points, shop
from bot.domain.shop import Draft, Item, Redemption
from bot.sandbox.people import Persona
from bot.storage import Transaction
from tests.publishing import all_read
from tests.town import Town


async def place(town: Town, name: str = "Youth centre", where: str = "North street 5") -> int:
    """A place that takes part; its number."""
    dong = await town.person(town.dong)
    return (await town.does(lambda tx: shop.open_partner(tx, name, where, "9:00-17:00", by=dong))).id


async def stocked(town: Town, pieces: int = 3, *, at: int | None = None, **given: Any) -> Item:
    """An item with so many pieces, 50 points each unless told otherwise; nobody was told of it."""
    partner, dong = at if at is not None else await place(town), await town.person(town.dong)

    async def deed(tx: Transaction) -> Item:
        draft: dict[str, Any] = {"name": "Cup", "price": 50, **given}
        item = await shop.make(tx, Draft(partner_id=partner, **draft), by=dong)
        return await shop.take_in(tx, item.id, pieces, by=dong) if pieces else item

    return await town.does(deed)


async def rich(town: Town, persona: Persona, amount: int) -> None:
    """Somebody has earned so many points."""
    person = await town.person(persona)
    cause = f"earned:{person.id}"
    await town.does(lambda tx: points.award(tx, person.id, amount, reason="event", cause=cause, by=None))


async def clerk(town: Town, persona: Persona, partner: int) -> None:
    """Somebody is a clerk there."""
    person, dong = await town.person(persona), await town.person(town.dong)

    async def deed(tx: Transaction) -> None:
        await shop.become(tx, await shop.make_code(tx, partner, by=dong), by=person)

    await town.does(deed)


async def reserved(town: Town, persona: Persona, item: Item, pieces: int = 1, key: str = "1") -> Redemption:
    """Somebody has reserved so many pieces, and everybody has read what he was told."""
    person = await town.person(persona)
    found = await town.does(lambda tx: shop.redeem(tx, item.id, pieces, item.price, key, by=person))
    await town.settle()
    all_read(town)
    return found


async def has(town: Town, persona: Persona) -> int:
    """What somebody's balance is."""
    person = await town.person(persona)
    return await town.does(lambda tx: points.balance(tx, person.id))


async def left(town: Town, item: Item) -> int:
    """How many pieces nobody has reserved."""
    return (await town.does(lambda tx: shop.item(tx, item.id))).left


async def sound(town: Town) -> list[str]:
    """The names of the promises of the shop and of the ledger that do not hold; none when all is well."""
    both = [*await town.does(shop.invariants), *await town.does(points.invariants)]
    return [each.name for each in both]
