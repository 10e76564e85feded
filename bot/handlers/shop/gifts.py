"""What became of what was given: for sponsors their own, for admins every lot of an item."""

from bot.cards import Button, card, press
from bot.domain import shop
from bot.domain.shop import Lot, pieces_words
from bot.locales import Moment, Said, say
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction


async def mine(tx: Transaction, heard: Heard) -> Answer:
    """What I gave."""
    page = await shop.given_by(tx, heard.me, heard.page())
    return card(
        say("💝 <b>What I gave</b>"),
        *(() if page.items else (say("Nothing yet. Whoever has something to give tells a county admin."),)),
        rows=(*(_row(each, say("{name}", name=each.item)) for each in page.items), *page.turner("shop.gifts")),
        back="shop.list",
    )


async def of_item(tx: Transaction, heard: Heard) -> Answer:
    """The lots of an item, from whom and what is left of them."""
    item = await shop.item(tx, heard.number())
    page = await shop.lots(tx, item.id, heard.page(1))
    return card(
        say("📦 <b>{name}</b>: what came in", name=item.name),
        *(() if page.items else (say("Nothing has come in yet."),)),
        rows=(*(_row(each, _giver(each)) for each in page.items), *page.turner("shop.lots", item.id)),
        back=press("shop.item", item.id),
    )


def _giver(lot: Lot) -> Said:
    return say("{name}", name=lot.sponsor) if lot.sponsor else say("The county")


def _row(lot: Lot, name: Said) -> tuple[Button, ...]:
    label = say("{item}: {left} of {pieces} left", item=name, left=lot.left, pieces=lot.pieces)
    return (Button(label, press("shop.lot", lot.id)),)


async def one(tx: Transaction, heard: Heard) -> Answer:
    """What became of one lot, piece by piece."""
    lot = await shop.lot_seen_by(tx, heard.number(), heard.me)
    giver: tuple[Said, ...] = (say("Given by {sponsor}", sponsor=lot.sponsor),) if lot.sponsor else ()
    mine_too = lot.sponsor_id == heard.me.id
    return card(
        say("💝 {pieces} of <b>{name}</b>", pieces=pieces_words(lot.pieces), name=lot.item),
        *giver,
        say("Came in on {moment}", moment=Moment(lot.made_at)),
        say("✅ Handed out: {n}", n=lot.handed),
        say("⏳ Reserved: {n}", n=lot.reserved),
        say("📦 Left: {n}", n=lot.left),
        say("🔧 Damaged: {n}", n=lot.damaged),
        rows=((Button(say("Open"), press("shop.open", lot.item_id)),),),
        back="shop.gifts" if mine_too else press("shop.lots", lot.item_id),
    )


ROUTES = [
    on_press("shop.gifts", mine),
    on_press("shop.lot", one),
    on_press("shop.lots", of_item, Who.READER),
]
