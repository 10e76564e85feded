"""“Tell me when it is back”: one who wants an item that is gone is told once when there is a piece of it again."""

from bot.cards import Button, Card, card, press
from bot.config import House
from bot.domain import telling
from bot.domain.people import Person
from bot.domain.shop import asking
from bot.domain.shop.things import Item, pieces_words, price_words, to_item
from bot.domain.telling import Audience
from bot.due import Due
from bot.locales import say
from bot.refusal import Refused
from bot.storage import Transaction

BACK = "shop.back"
ARM = """
    INSERT INTO shop_wishes (item_id, person_id, made_at) VALUES (:item, :person, :now)
    ON CONFLICT (item_id, person_id) DO UPDATE SET armed = 1, made_at = excluded.made_at
"""


async def wishes(tx: Transaction, item_id: int, person: Person) -> bool:
    """Does somebody wait to be told of it?"""
    sql = "SELECT 1 FROM shop_wishes WHERE item_id = :item AND person_id = :person AND armed = 1"
    return bool(await tx.value(sql, item=item_id, person=person.id))


async def wish(tx: Transaction, item_id: int, *, by: Person) -> Item:
    """Tell somebody once when there is a piece again. Raises Refused where there is one now."""
    item = await asking.item(tx, item_id, hold=True)
    if not item.is_open:
        raise asking.no_item()
    if item.left:
        raise Refused(say("“{name}” is there now. Nothing was changed.", name=item.name), to_item(item))
    await tx.run(ARM, item=item_id, person=by.id, now=tx.now)
    return item


async def unwish(tx: Transaction, item_id: int, *, by: Person) -> Item:
    """Do not tell him any more. Where he waited for nothing, nothing changes."""
    await tx.run("DELETE FROM shop_wishes WHERE item_id = :item AND person_id = :person", item=item_id, person=by.id)
    return await asking.item(tx, item_id)


async def fire(tx: Transaction, item_id: int) -> None:
    """There are pieces again: everybody who waits is told, and each wish is used up. The item is held by then."""
    fired = await tx.run(
        "UPDATE shop_wishes SET armed = 0, fired_at = :now WHERE item_id = :item AND armed = 1",
        item=item_id,
        now=tx.now,
    )
    if fired:
        await telling.begin(tx, BACK, f"item:{item_id}:{tx.now}")


WISHED = """
    FROM shop_wishes w JOIN people p ON p.id = w.person_id WHERE w.item_id = :item AND w.fired_at = :fired
"""


async def tell_wishers(tx: Transaction, due_now: Due, house: House) -> None:
    """Tell the next slice of those whose wish has fired."""
    item = await asking.item(tx, due_now.number)
    fired = int(due_now.subject.split(":")[2])
    audience = Audience(WISHED, "p.id", {"item": item.id, "fired": fired})
    await telling.spread(tx, due_now, f"{BACK}:{item.id}:{fired}", audience, _news(item))


def _news(item: Item) -> Card:
    return card(
        say(
            "🔔 “{name}” is back: {left} for {price} each.",
            name=item.name,
            left=pieces_words(item.left),
            price=price_words(item.price),
        ),
        say("Whoever reserves first has it. I say it once."),
        rows=((Button(say("Open"), press("shop.open", item.id), style="primary"),),),
    )
