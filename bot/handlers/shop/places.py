"""The places where things are handed out, and their clerks, as admins look after them."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, page_in, press
from bot.domain import people, shop
from bot.domain.shop import Partner, shown_code
from bot.forms import Form, Question
from bot.handlers.shop import reading
from bot.locales import BLANK, Several, say
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

TEXT_CHARACTERS_MAX = 80
CLERKS_A_PAGE = 4


async def listing(tx: Transaction, heard: Heard) -> Answer:
    """Every place that takes part."""
    page = await shop.partners(tx, heard.page(), closed=True)
    rows = [
        (
            Button(
                say("▫️ {name}", name=each.name) if each.closed_at else say("🏪 {name}", name=each.name),
                press("shop.place", each.id),
            ),
        )
        for each in page.items
    ]
    last = ((Button(say("New counter"), "shop.places.new"),),) if heard.me.is_admin else ()
    return card(
        say("🏪 <b>Counters</b>"),
        *(() if page.items else (say("None yet: the county's own counter could be the first one."),)),
        rows=(*rows, *page.turner("shop.places"), *last),
        back="shop.items",
    )


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """One place, with its clerks."""
    return await _screen(tx, await shop.partner(tx, heard.number()), heard, heard.page(1))


async def _screen(tx: Transaction, partner: Partner, heard: Heard, number: int = 0) -> Card:
    clerks = await shop.clerks_of(tx, partner.id)
    page = page_in(clerks, number, CLERKS_A_PAGE)
    rows: list[tuple[Button, ...]] = []
    if heard.me.is_admin:
        rows = [
            (Button(say("Remove {name}", name=each.nickname), press("shop.clerk.remove", partner.id, each.id)),)
            for each in page.items
        ]
        rows += page.turner("shop.place", partner.id)
        opens = partner.closed_at is not None
        turn = say("Take part again") if opens else say("Close this counter")
        rows.append(
            (
                Button(say("Code for a new clerk"), press("shop.clerk.code", partner.id)),
                Button(turn, press("shop.place.turn", partner.id, int(opens))),
            )
        )
    rows.append(
        (
            Button(say("Privileges"), press("shop.privilege.list", partner.id)),
            Button(say("Months"), press("shop.month", partner.id, 0)),
        )
    )
    return card(
        say("🏪 <b>{name}</b>", name=partner.name),
        say("📍 {place}", place=partner.place),
        *((say("🕒 {hours}", hours=partner.hours),) if partner.hours else ()),
        *((say("▫️ It takes no part just now."),) if partner.closed_at is not None else ()),
        say("Clerks: {names}", names=Several(tuple(each.nickname for each in clerks)))
        if clerks
        else say("No clerk yet."),
        rows=tuple(rows),
        back="shop.places",
    )


async def new(tx: Transaction, heard: Heard) -> Answer:
    """Begin the form of a new place."""
    return await forms.begin(tx, heard, NEW)


async def _made(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    partner = await shop.open_partner(tx, answers["name"], answers["place"], answers.get("hours") or "", by=heard.me)
    return (await _screen(tx, partner, heard)).with_toast(say("Taken in. Next: a code for its clerk."))


async def turn(tx: Transaction, heard: Heard) -> Answer:
    """Close a counter, or let it take part again."""
    partner = await shop.turn_partner(tx, heard.number(), opens=heard.number(1) == 1, by=heard.me)
    return await _screen(tx, partner, heard)


async def code(tx: Transaction, heard: Heard) -> Answer:
    """A code that makes one person a clerk."""
    partner = await shop.partner(tx, heard.number())
    made = await shop.make_code(tx, partner.id, by=heard.me)
    return card(
        say("🏪 <b>{name}</b>: a code for one new clerk", name=partner.name),
        say("<code>{code}</code>", code=shown_code(made)),
        BLANK,
        say("It works once, for {hours} hours. The clerk sends it to me in our private chat.", hours=shop.CODE_HOURS),
        rows=((Button(say("Copy the clerk's code"), copy=shown_code(made)),),),
        back=press("shop.place", partner.id),
    )


async def remove(tx: Transaction, heard: Heard) -> Answer:
    """Ask before somebody is a clerk no longer."""
    partner, clerk = await shop.partner(tx, heard.number()), await people.by_id(tx, heard.number(1))
    return card(
        say("<b>Remove {name} as a clerk of “{place}”?</b>", name=clerk.nickname, place=partner.name),
        say("{name} is told at once and hands out nothing there any more. A new code undoes it.", name=clerk.nickname),
        rows=((Button(say("Yes, remove"), press("shop.clerk.removed", partner.id, clerk.id), style="danger"),),),
        back=press("shop.place", partner.id),
    )


async def removed(tx: Transaction, heard: Heard) -> Answer:
    """A clerk is one no longer."""
    partner = await shop.leave(tx, heard.number(), heard.number(1), by=heard.me)
    return (await _screen(tx, partner, heard)).with_toast(say("Removed, and told. A code brings a clerk back."))


NEW = Form(
    "shop.place",
    say("A new counter"),
    (
        Question("name", say("Name"), say("What is it called?"), reading.name),
        Question("place", say("Address"), say("Where is it?"), forms.short_text(TEXT_CHARACTERS_MAX)),
        Question(
            "hours",
            say("Open"),
            say("When is it open? For instance: Mon to Fri 9:00-17:00"),
            forms.short_text(TEXT_CHARACTERS_MAX),
            optional=True,
        ),
    ),
    _made,
    say("Take it in"),
    Who.ADMIN,
)
FORMS: tuple[Form, ...] = (NEW,)
ROUTES = [
    on_press("shop.places", listing, Who.READER),
    on_press("shop.place", opened, Who.READER),
    on_press("shop.places.new", new, Who.ADMIN),
    on_press("shop.place.turn", turn, Who.ADMIN),
    on_press("shop.clerk.code", code, Who.ADMIN),
    on_press("shop.clerk.remove", remove, Who.ADMIN),
    on_press("shop.clerk.removed", removed, Who.ADMIN),
]
