"""The picture of an item, sent as a message of its own."""

from bot import outbox
from bot.domain import people
from bot.domain.people import Person
from bot.domain.shop.things import Item
from bot.locales import say
from bot.outbox import Sending
from bot.storage import Transaction


async def show_picture(tx: Transaction, item: Item, to: Person) -> bool:
    """Send the picture of an item to `to`; False where there is none."""
    if item.picture is None or to.telegram_id is None:
        return False
    caption = people.reader(tx, to.language).plain(say("{name}", name=item.name))
    return await outbox.put(
        tx, Sending("sendPhoto", {"photo": item.picture, "caption": caption}, chat_id=to.telegram_id)
    )
