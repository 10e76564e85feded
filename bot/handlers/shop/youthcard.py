"""/card: who I am at a counter, what counts for me, and a code that is good for half a minute; as text and as a picture."""

from bot.cards import Button, Card, File, Onward, card, press
from bot.domain import activities, hours, people, points, shop
from bot.domain.activities import Code
from bot.handlers.shop import drawing
from bot.handlers.shop.checking import card_shown
from bot.locales import Moment, Said, say, say_n
from bot.routing import Answer, Heard, Who, command, payload, stale
from bot.routing import press as on_press
from bot.storage import Transaction

# So many privileges stand on the card itself; the others are a tap away.
PRIVILEGES_MAX = 5


def _number(person_id: int) -> str:
    return f"{person_id:06}"


async def show(tx: Transaction, heard: Heard) -> Answer:
    """My youth card: star, hours, points, and a code for the counter"""
    return await _card(tx, heard)


async def renew(tx: Transaction, heard: Heard) -> Answer:
    """The card with the code of this half minute, which may still be the same."""
    return (await _card(tx, heard)).with_toast(say("This is the code that counts now."))


async def _card(tx: Transaction, heard: Heard) -> Card:
    me = heard.me
    code = await activities.code_now(tx, f"card:{me.id}")
    entitled = await shop.privileges_of(tx, me)
    return card(
        say("🪪 <b>{county} · youth card</b>", county=heard.house.settings.county.name),
        say("{name} · number {number}", name=me.nickname, number=_number(me.id)),
        *await _standing(tx, me.id),
        *(say("🌟 {title} · {partner}", title=each.title, partner=each.partner) for each in entitled[:PRIVILEGES_MAX]),
        say("At the counter: <code>{number} {code}</code>", number=me.id, code=code.text),
        say("Good until {moment}; a new one comes every half minute.", moment=Moment(code.until)),
        rows=(
            (Button(say("A new code"), "shop.mycard.renew"), Button(say("As a picture"), "shop.mycard.picture")),
            (Button(say("Privileges"), "shop.privileges"), Button(say("Redeem points"), "shop.list")),
        ),
    )


async def _standing(tx: Transaction, person_id: int) -> tuple[Said, ...]:
    star = await hours.star_held(tx, person_id)
    endings = await points.forecast(tx, person_id)
    return (
        hours.starred(star) if star else say("No star yet"),
        say("⏱ {hours}", hours=hours.length((await hours.sums(tx, person_id)).total)),
        say_n("💰 {n} point", "💰 {n} points", await points.balance(tx, person_id)),
        *map(points.ending_words, endings[:1]),
    )


async def picture(tx: Transaction, heard: Heard) -> Answer:
    """The card as a picture; whoever stands at a counter scans it."""
    code = await activities.code_now(tx, f"card:{heard.me.id}")
    content = await tx.apart(drawing.png, await _drawn(tx, heard, code))
    return card(
        say("🪪 <b>{name}</b>: the clerk scans this, or types the number and the digits.", name=heard.me.nickname),
        say("<code>{number} {code}</code>", number=heard.me.id, code=code.text),
        say("Good until {moment}; a new one comes every half minute.", moment=Moment(code.until)),
        rows=((Button(say("A new picture"), "shop.mycard.picture"), Button(say("As text"), "shop.mycard")),),
        file=File("card.png", content, picture=True),
    )


async def _drawn(tx: Transaction, heard: Heard, code: Code) -> drawing.Drawn:
    me, reader = heard.me, people.reader(tx, heard.me.language)
    star, minutes = await hours.star_held(tx, me.id), (await hours.sums(tx, me.id)).total
    return drawing.Drawn(
        county=heard.house.settings.county.name,
        title=reader.plain(say("Youth card")),
        name=me.nickname,
        number=reader.plain(say("Card number {number}", number=_number(me.id))),
        figures=(
            (f"{star} ★", reader.plain(say("Star"))),
            (f"{minutes / 60:g}" if minutes % 6 == 0 else f"{minutes / 60:.1f}", reader.plain(say("Hours served"))),
            (str(await points.balance(tx, me.id)), reader.plain(say("Points"))),
        ),
        code=f"{code.text[:3]} {code.text[3:]}",
        link=heard.house.link(payload(press("shop.scan", me.id, code.text))),
    )


async def scanned(tx: Transaction, heard: Heard) -> Answer:
    """Somebody's card was scanned: by a clerk, or by somebody who wants to give points."""
    number = heard.number()
    if len(heard.args) < 2:
        raise stale()
    if not heard.me.is_admin and not await shop.counters_of(tx, heard.me):
        return Onward(press("points.gift.to", number))
    return await card_shown(tx, heard, number, heard.args[1])


ROUTES = [
    command("card", show, also=("青享卡", "我的卡")),
    on_press("shop.mycard", show),
    on_press("shop.mycard.renew", renew),
    on_press("shop.mycard.picture", picture),
    on_press("shop.scan", scanned, Who.MEMBER, link=True),
]
