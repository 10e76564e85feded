"""The catalogue, reserving in two taps, and what one has reserved."""

from bot import posters
from bot.cards import Button, Card, card, press
from bot.domain import points, shop
from bot.domain.shop import Item, Redemption, pieces_words, price_words, shown_code
from bot.handlers.shop.showing import item_lines
from bot.locales import BLANK, Said, say
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, command, payload, stale
from bot.routing import press as on_press
from bot.storage import Transaction

KEY_CHARACTERS_MAX = 12


async def listing(tx: Transaction, heard: Heard) -> Answer:
    """Redeem points: what there is, and what I reserved"""
    page = await shop.items(tx, heard.page())
    has = await points.balance(tx, heard.me.id)
    rows = [(Button(_label(each), press("shop.open", each.id)),) for each in page.items]
    last = [Button(say("My reservations"), "shop.mine"), Button(say("Privileges"), "shop.privileges")]
    if await shop.gives(tx, heard.me):
        last.append(Button(say("What I gave"), "shop.gifts"))
    if await shop.counters_of(tx, heard.me):
        last.append(Button(say("At the counter"), "shop.counter"))
    if heard.me.reads_all:
        last.append(Button(say("All items"), "shop.items"))
    return card(
        say("🎁 <b>Redeem points</b>"),
        say("You have {points}.", points=price_words(has)),
        *(() if page.items else (say("There is nothing to redeem just now. County admins put items in."),)),
        rows=(*rows, *page.turner("shop.list"), tuple(last)),
        back="points.mine",
    )


def _label(item: Item) -> Said:
    if not item.left:
        return say("{name} · {price} · gone", name=item.name, price=price_words(item.price))
    return say("{name} · {price} · {left} left", name=item.name, price=price_words(item.price), left=item.left)


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """One item."""
    return await _item(tx, await shop.item(tx, heard.number()), heard)


async def _item(tx: Transaction, item: Item, heard: Heard) -> Card:
    why = await shop.lacks(tx, item, heard.me) or await shop.short_of(tx, item, heard.me)
    rows: list[tuple[Button, ...]] = []
    if why is None and item.left:
        rows.append((Button(say("Redeem"), press("shop.ask", item.id, 1), style="primary"),))
    if why is not None:
        rows.append(
            (Button(say("Volunteer tasks"), "activities.list:task"), Button(say("My reservations"), "shop.mine"))
        )
    if item.is_open and not item.left:
        rows.append((await _wish_button(tx, item, heard),))
    more = [Button(say("🖼 Picture"), press("shop.picture", item.id))] if item.picture else []
    if heard.me.reads_all:
        more.append(Button(say("Administration"), press("shop.item", item.id)))
    givers = await shop.sponsors_of(tx, item)
    return card(
        *item_lines(item),
        *((say("💝 Given by {sponsor}", sponsor=" · ".join(givers)),) if givers else ()),
        *((BLANK, why) if why else ()),
        rows=(*rows, *((tuple(more),) if more else ())),
        back="shop.list",
    )


async def _wish_button(tx: Transaction, item: Item, heard: Heard) -> Button:
    if await shop.wishes(tx, item.id, heard.me):
        return Button(say("🔕 Don't tell me any more"), press("shop.unwish", item.id))
    return Button(say("🔔 Tell me when it is back"), press("shop.wish", item.id))


async def picture(tx: Transaction, heard: Heard) -> Answer:
    """The picture of an item."""
    item = await shop.item(tx, heard.number())
    if not await shop.show_picture(tx, item, heard.me):
        raise Refused(say("There is no picture of this."), WayOut(say("Open"), press("shop.open", item.id)))
    return (await _item(tx, item, heard)).with_toast(say("The picture comes as a message of its own."))


async def wish(tx: Transaction, heard: Heard) -> Answer:
    """Tell me when it is back."""
    item = await shop.wish(tx, heard.number(), by=heard.me)
    return (await _item(tx, item, heard)).with_toast(say("I tell you once, as soon as there is one again."))


async def unwish(tx: Transaction, heard: Heard) -> Answer:
    """Don't tell me any more."""
    item = await shop.unwish(tx, heard.number(), by=heard.me)
    return (await _item(tx, item, heard)).with_toast(say("I keep still about it."))


async def ask(tx: Transaction, heard: Heard) -> Answer:
    """What it would cost and leave, in exact numbers, before anything is reserved."""
    item, pieces = await shop.item(tx, heard.number()), heard.number(1)
    most = await shop.most(tx, item, heard.me)
    cost, has = item.price * pieces, await points.balance(tx, heard.me.id)
    key = heard.args[2] if len(heard.args) > 2 else str(heard.update_id or tx.now)
    if not 1 <= pieces <= max(1, most):
        raise stale()
    others = [n for n in range(1, most + 1) if n != pieces]
    buttons = tuple(Button(pieces_words(n), press("shop.ask", item.id, n, key)) for n in others)
    return card(
        say("🎁 {pieces} of <b>{name}</b>", pieces=pieces_words(pieces), name=item.name),
        say("Costs {cost}. You have {has}.", cost=price_words(cost), has=price_words(has)),
        *((say("Then you have {rest}.", rest=price_words(has - cost)),) if has >= cost else ()),
        say("Pick-up: {partner}, {place}", partner=item.partner, place=item.place),
        rows=(
            (Button(say("Yes, reserve"), press("shop.redeem", item.id, pieces, item.price, key), style="primary"),),
            *((buttons,) if buttons else ()),
        ),
        back=press("shop.open", item.id),
    )


async def redeem(tx: Transaction, heard: Heard) -> Answer:
    """Reserve it: once for each screen that was confirmed, however often it is pressed."""
    key = heard.args[3] if len(heard.args) > 3 else ""
    if not key.isascii() or not key.isdecimal() or len(key) > KEY_CHARACTERS_MAX:
        raise stale()
    found = await shop.redeem(tx, heard.number(), heard.number(1), heard.number(2), key, by=heard.me)
    return (_reserved(found, heard)).with_toast(say("Reserved. Show the code at the counter."))


async def mine(tx: Transaction, heard: Heard) -> Answer:
    """What I have reserved, and had."""
    page = await shop.redemptions(tx, heard.me, heard.page())
    rows = [(Button(_mark(each), press("shop.mine.open", each.id)),) for each in page.items]
    return card(
        say("🎁 <b>My reservations</b>"),
        *(() if page.items else (say("None yet. What you reserve is kept for you some days, and stands here."),)),
        rows=(*rows, *page.turner("shop.mine")),
        back="shop.list",
    )


MARKS = {"reserved": "⏳", "collected": "✅", "cancelled": "✖️", "damaged": "🔧", "lapsed": "⌛"}


def _mark(found: Redemption) -> Said:
    return say("{mark} {name} · {pieces}", mark=MARKS[found.state], name=found.name, pieces=pieces_words(found.own))


async def mine_open(tx: Transaction, heard: Heard) -> Answer:
    """One reservation."""
    return _reserved(await shop.redemption_of(tx, heard.number(), heard.me), heard)


def _reserved(found: Redemption, heard: Heard) -> Card:
    lines = [
        say("🎁 {pieces} of <b>{name}</b>", pieces=pieces_words(found.own), name=found.name),
        say("{points}", points=price_words(found.price * found.own)),
        shop.state_words(found),
    ]
    rows: list[tuple[Button, ...]] = []
    if found.is_open and found.person_id == heard.me.id:
        lines += [
            BLANK,
            say("Pick-up code: <code>{code}</code>", code=shown_code(found.code)),
            say("📍 {partner}, {place}", partner=found.partner, place=found.place),
            *((say("🕒 {hours}", hours=found.hours),) if found.hours else ()),
        ]
        rows = [
            (
                Button(say("QR code"), press("shop.qr", found.id)),
                Button(say("Copy the pick-up code"), copy=shown_code(found.code)),
            ),
            (Button(say("Cancel the reservation"), press("shop.cancel", found.id)),),
        ]
    return card(*lines, rows=tuple(rows), back="shop.mine")


async def qr(tx: Transaction, heard: Heard) -> Answer:
    """The code as a picture that the clerk scans."""
    found = await shop.redemption_of(tx, heard.number(), heard.me)
    if not found.is_open or found.person_id != heard.me.id:
        raise stale()
    link = heard.house.link(payload(press("shop.take", found.code)))
    words = say("🎁 {pieces} of {name}: let the clerk scan this.", pieces=pieces_words(found.pieces), name=found.name)
    return posters.poster(words, link, name=f"code-{found.id}", back=press("shop.mine.open", found.id))


async def cancel(tx: Transaction, heard: Heard) -> Answer:
    """Ask before a reservation is given up."""
    found = await shop.redemption_of(tx, heard.number(), heard.me)
    if not found.is_open:
        return _reserved(found, heard)
    return card(
        say("Cancel {pieces} of <b>{name}</b>?", pieces=pieces_words(found.pieces), name=found.name),
        say("Your {points} come back at once; others can have it then.", points=price_words(found.points)),
        rows=((Button(say("Yes, cancel it"), press("shop.cancel.yes", found.id), style="danger"),),),
        back=press("shop.mine.open", found.id),
    )


async def cancelled(tx: Transaction, heard: Heard) -> Answer:
    """Give a reservation up."""
    found = await shop.cancel(tx, heard.number(), by=heard.me)
    return _reserved(found, heard).with_toast(say("Cancelled; your points are back."))


ROUTES = [
    command("shop", listing, also=("兑换", "积分兑换", "兑换清单", "redeem")),
    on_press("shop.list", listing, link=True),
    on_press("shop.open", opened, link=True),
    on_press("shop.picture", picture),
    on_press("shop.wish", wish),
    on_press("shop.unwish", unwish),
    on_press("shop.ask", ask),
    on_press("shop.redeem", redeem),
    on_press("shop.mine", mine),
    on_press("shop.mine.open", mine_open),
    on_press("shop.qr", qr),
    on_press("shop.cancel", cancel),
    on_press("shop.cancel.yes", cancelled),
]
