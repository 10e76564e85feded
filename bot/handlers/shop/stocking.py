"""What admins do with items: put them in, change them, take pieces in, write damaged ones off."""

from dataclasses import replace
from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import people, shop
from bot.domain.shop import Item
from bot.forms import Form, Question
from bot.handlers.shop import reading
from bot.handlers.shop.showing import item_lines
from bot.locales import say, say_n
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction


async def listing(tx: Transaction, heard: Heard) -> Answer:
    """Every item there is, closed ones too."""
    page = await shop.items(tx, heard.page(), closed=True)
    rows = [
        (
            Button(
                say("{mark} {name} · {left} left", mark="🎁" if each.is_open else "▫️", name=each.name, left=each.left),
                press("shop.item", each.id),
            ),
        )
        for each in page.items
    ]
    last = [Button(say("Counters"), "shop.places")]
    if heard.me.is_admin:
        last += [Button(say("New item"), "shop.new"), Button(say("Many at once"), "shop.catalogue")]
    return card(
        say("🎁 <b>All items</b>"),
        *(() if page.items else (say("None yet. First comes a place where things are handed out, then an item."),)),
        rows=(*rows, *page.turner("shop.items"), tuple(last)),
        back="admin.panel",
    )


async def item(tx: Transaction, heard: Heard) -> Answer:
    """One item, as those who look after it see it."""
    return _screen(await shop.item(tx, heard.number()), heard)


def _screen(found: Item, heard: Heard) -> Card:
    rows: list[tuple[Button, ...]] = []
    if heard.me.is_admin:
        turn = say("Take it off the list") if found.is_open else say("Offer it again")
        rows = [
            (
                Button(say("Add stock"), press("shop.stock", found.id)),
                Button(say("Write off"), press("shop.off", found.id)),
            ),
            (
                Button(say("Change"), press("shop.change", found.id)),
                Button(turn, press("shop.turn", found.id, int(not found.is_open))),
            ),
        ]
    last = [Button(say("What came in"), press("shop.lots", found.id))]
    if heard.me.is_admin:
        last.append(Button(say("Another picture"), press("shop.pictured", found.id)))
    rows.append(tuple(last))
    state = () if found.is_open else (say("▫️ Not on the list just now."),)
    return card(*item_lines(found), *state, rows=tuple(rows), back="shop.items")


async def new(tx: Transaction, heard: Heard) -> Answer:
    """Begin the form of a new item; it needs a place."""
    places = await shop.partners(tx, each=7)
    if not places.items:
        raise Refused(
            say("An item is handed out at a place, and there is none yet. Nothing was saved."),
            WayOut(say("New counter"), "shop.places.new"),
        )
    return await forms.begin(tx, heard, NEW, {"places": [[place.id, place.name] for place in places.items]})


async def _made(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    draft = shop.Draft(
        answers["name"],
        answers["place"][0],
        answers["price"],
        answers.get("about") or "",
        answers.get("picture"),
        answers["limit"] or 0,
    )
    found = await shop.make(tx, draft, by=heard.me)
    if answers["pieces"]:
        found = await shop.take_in(tx, found.id, answers["pieces"], by=heard.me)
    return _screen(found, heard).with_toast(say("It is on the list: /shop shows it to everybody."))


async def stock(tx: Transaction, heard: Heard) -> Answer:
    """Ask how many pieces came in, and from whom."""
    found = await shop.item(tx, heard.number())
    return await forms.begin(tx, heard, STOCK, {"item": found.id})


async def _stocked(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    sponsor, number = answers.get("sponsor"), None
    if sponsor and len(known := await people.named(tx, sponsor)) == 1:
        number, sponsor = known[0].id, known[0].nickname
    found = await shop.take_in(tx, answers["item"], answers["pieces"], by=heard.me, sponsor=sponsor, sponsor_id=number)
    return _screen(found, heard).with_toast(say("Taken in; whoever waits for it is told."))


async def off(tx: Transaction, heard: Heard) -> Answer:
    """Ask how many pieces are damaged or lost."""
    found = await shop.item(tx, heard.number())
    return await forms.begin(tx, heard, OFF, {"item": found.id})


async def _off(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    found = await shop.write_off(tx, answers["item"], answers["pieces"], answers["why"], by=heard.me)
    return _screen(found, heard).with_toast(say("Written off; it stands in the audit log."))


async def turn(tx: Transaction, heard: Heard) -> Answer:
    """Offer it, or take it off the list; what is reserved stays reserved."""
    found = await shop.change(tx, heard.number(), state="open" if heard.number(1) else "closed", by=heard.me)
    return _screen(found, heard)


async def change(tx: Transaction, heard: Heard) -> Answer:
    """Ask what is to be changed."""
    found = await shop.item(tx, heard.number())
    return await forms.begin(tx, heard, CHANGE, {"item": found.id})


async def _changed(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    name = answers["what"]
    found = await shop.change(
        tx, answers["item"], by=heard.me, **{name: await reading.value_of(tx, name, answers["to"])}
    )
    return _screen(found, heard).with_toast(say("Changed."))


async def pictured(tx: Transaction, heard: Heard) -> Answer:
    """Ask for a picture of the item."""
    found = await shop.item(tx, heard.number())
    return await forms.begin(tx, heard, PICTURE, {"item": found.id})


async def _pictured(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    found = await shop.change(tx, answers["item"], picture=answers["picture"], by=heard.me)
    return _screen(found, heard).with_toast(say("Changed."))


PICTURE_ASKED = Question(
    "picture",
    say("Picture"),
    say("Send a picture of it, if you like."),
    reading.picture,
    show=lambda value: say("one picture"),
    optional=True,
    sent="photo",
)
PIECES = Question("pieces", say("Pieces"), say("How many pieces?"), forms.whole_number(1, shop.PIECES_MAX))
NEW = Form(
    "shop.new",
    say("A new item"),
    (
        Question("name", say("Name"), say("What is it called?"), reading.name),
        Question(
            "place",
            say("Counter"),
            say("Where is it handed out?"),
            reading.place,
            show=lambda value: say("{value}", value=value[1]),
            offers=lambda known: tuple((str(n), say("{value}", value=name)) for n, name in known["places"]),
        ),
        Question(
            "price", say("Price"), say("How many points does a piece cost?"), forms.whole_number(1, shop.PRICE_MAX)
        ),
        Question(
            "pieces",
            say("Pieces"),
            say("How many pieces are there now? 0 for none yet."),
            forms.whole_number(0, shop.PIECES_MAX),
        ),
        Question(
            "limit",
            say("At most"),
            say("How many pieces may a person have in all? 0 for no limit."),
            forms.whole_number(0, 100),
            choices=(*((str(n), say_n("{n} piece", "{n} pieces", n)) for n in (1, 2)), ("0", say("No limit"))),
        ),
        Question(
            "about",
            say("About"),
            say("A word about it, if you like."),
            forms.short_text(shop.ABOUT_CHARACTERS_MAX),
            optional=True,
            extra=True,
        ),
        replace(PICTURE_ASKED, extra=True),
    ),
    _made,
    say("Put it on the list"),
    Who.ADMIN,
)
STOCK = Form(
    "shop.stock",
    say("Add stock"),
    (
        PIECES,
        Question(
            "sponsor",
            say("Given by"),
            say(
                "Who gave them? A name, or the number of somebody here such as #12; skip it for what the county bought."
            ),
            forms.short_text(shop.NAME_CHARACTERS_MAX),
            optional=True,
        ),
    ),
    _stocked,
    say("Take them in"),
    Who.ADMIN,
)
OFF = Form(
    "shop.off",
    say("Write off"),
    (
        PIECES,
        Question("why", say("Reason"), say("What happened to them?"), forms.short_text(shop.ABOUT_CHARACTERS_MAX)),
    ),
    _off,
    say("Write them off"),
    Who.ADMIN,
)
CHANGE = Form(
    "shop.change",
    say("Change"),
    (
        Question(
            "what",
            say("What"),
            say("What is to be changed?"),
            reading.what,
            show=lambda value: reading.FIELDS[value],
            choices=tuple(reading.FIELDS.items()),
        ),
        Question(
            "to",
            say("New"),
            say("What is it to be? For no limit, no star, no group or no time send 0."),
            forms.short_text(shop.ABOUT_CHARACTERS_MAX),
        ),
    ),
    _changed,
    say("Change it"),
    Who.ADMIN,
)
PICTURE = Form("shop.pictured", say("Another picture"), (PICTURE_ASKED,), _pictured, say("Change it"), Who.ADMIN)
FORMS: tuple[Form, ...] = (NEW, STOCK, OFF, CHANGE, PICTURE)
ROUTES = [
    on_press("shop.items", listing, Who.READER),
    on_press("shop.item", item, Who.READER),
    on_press("shop.new", new, Who.ADMIN),
    on_press("shop.stock", stock, Who.ADMIN),
    on_press("shop.off", off, Who.ADMIN),
    on_press("shop.turn", turn, Who.ADMIN),
    on_press("shop.change", change, Who.ADMIN),
    on_press("shop.pictured", pictured, Who.ADMIN),
]
