"""Kit: a brigade's stock, and what is handed out on a mission."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import callouts
from bot.domain.callouts import STOCK_MAX, Brigade, Lent
from bot.forms import Form, Question
from bot.locales import say
from bot.routing import Answer, Heard
from bot.routing import press as on_press
from bot.storage import Transaction

NUMBERS = (1, 2, 5, 10)


async def stock(tx: Transaction, heard: Heard) -> Answer:
    """What a brigade has."""
    brigade = await callouts.led_by(tx, heard.number(), heard.me)
    return await _stock(tx, brigade.id, heard.page(1))


async def _stock(tx: Transaction, brigade_id: int, number: int = 0) -> Card:
    brigade = await callouts.brigade(tx, brigade_id)
    page = await callouts.stock(tx, brigade_id, number)
    rows = [
        (
            Button(
                say("{item} · {left} of {stock}", item=each.name, left=each.left, stock=each.stock),
                press("callouts.item", each.id),
            ),
        )
        for each in page.items
    ]
    add = Button(say("＋ New kit"), press("callouts.addkit", brigade_id))
    return card(
        say("🧰 <b>Kit</b> · {brigade}", brigade=brigade.name),
        page.place() if page.items else say("Nothing is written down yet."),
        rows=(
            *rows,
            *page.turner("callouts.stock", brigade_id),
            (add, Button(say("Not returned"), press("callouts.lost", brigade_id))),
        ),
        back=press("callouts.brigade", brigade_id),
    )


async def one(tx: Transaction, heard: Heard) -> Answer:
    """One thing of the stock."""
    item = await callouts.item(tx, heard.number())
    await callouts.led_by(tx, item.brigade_id, heard.me)
    return card(
        say("🧰 <b>{item}</b>", item=item.name),
        say("{stock} in all, {lent} handed out, {left} here", stock=item.stock, lent=item.lent, left=item.left),
        rows=(
            (
                Button(say("Another number"), press("callouts.restock", item.id)),
                Button(say("Take it off the list"), press("callouts.nokit", item.id), style="danger"),
            ),
        ),
        back=press("callouts.stock", item.brigade_id),
    )


async def add(tx: Transaction, heard: Heard) -> Answer:
    """Ask what, and how many."""
    brigade = await callouts.led_by(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, KIT, {"brigade": brigade.id})


async def restock(tx: Transaction, heard: Heard) -> Answer:
    """Ask how many there are now."""
    item = await callouts.item(tx, heard.number())
    await callouts.led_by(tx, item.brigade_id, heard.me)
    return await forms.begin(tx, heard, KIT, {"brigade": item.brigade_id}, name=item.name)


async def _stocked(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    brigade_id = int(answers["brigade"])
    await callouts.stock_up(tx, brigade_id, answers["name"], int(answers["number"]), by=heard.me)
    return await _stock(tx, brigade_id)


async def ask_to_discard(tx: Transaction, heard: Heard) -> Answer:
    """Ask before it is off the list, with how many there are."""
    item = await callouts.item(tx, heard.number())
    await callouts.led_by(tx, item.brigade_id, heard.me)
    return card(
        say("Take “{item}” off the list? {stock} are written down.", item=item.name, stock=item.stock),
        rows=((Button(say("Yes, take it off"), press("callouts.nokit.yes", item.id), style="danger"),),),
        back=press("callouts.item", item.id),
    )


async def discard(tx: Transaction, heard: Heard) -> Answer:
    """Take it off the list."""
    item = await callouts.discard_kit(tx, heard.number(), by=heard.me)
    return await _stock(tx, item.brigade_id)


async def lost(tx: Transaction, heard: Heard) -> Answer:
    """What has not come back, from any mission."""
    return await _lost(tx, await callouts.led_by(tx, heard.number(), heard.me), heard.page(1))


async def _lost(tx: Transaction, brigade: Brigade, number: int = 0) -> Card:
    page = await callouts.missing_of(tx, brigade.id, number)
    return card(
        say("🧰 <b>Not come back</b> · {brigade}", brigade=brigade.name),
        say("Tap what has come back.") if page.items else say("Everything is here."),
        rows=(*(_back(each) for each in page.items), *page.turner("callouts.lost", brigade.id)),
        back=press("callouts.stock", brigade.id),
    )


def _back(each: Lent) -> tuple[Button, ...]:
    """All of it has come back; of several, one piece."""
    whole = Button(
        say("↩ {n} × {item} · {name}", n=each.missing, item=each.item, name=each.nickname),
        press("callouts.kitback", each.id),
    )
    one = Button(say("↩ one of them"), press("callouts.kitback", each.id, each.back))
    return (whole, one) if each.missing > 1 else (whole,)


# On a mission


async def kit(tx: Transaction, heard: Heard) -> Answer:
    """What is out on this mission; a tap takes it back."""
    callout = await callouts.run_by(tx, heard.number(), heard.me)
    return await _mission(tx, callout.id, heard.page(1))


async def _mission(tx: Transaction, callout_id: int, number: int = 0) -> Card:
    page = await callouts.lent(tx, callout_id, number, missing=True)
    return card(
        say("🧰 <b>Kit on this mission</b>"),
        say("Tap what has come back.") if page.items else say("Nothing is handed out."),
        rows=(
            *(_back(each) for each in page.items),
            *page.turner("callouts.kit", callout_id),
            (Button(say("Hand out"), press("callouts.handout", callout_id, 0), style="primary"),),
        ),
        back=press("callouts.open", callout_id),
    )


async def hand_out(tx: Transaction, heard: Heard) -> Answer:
    """What shall be handed out?"""
    callout = await callouts.run_by(tx, heard.number(), heard.me)
    page = await callouts.stock(tx, callout.brigade_id, heard.page(1))
    rows = [
        (
            Button(
                say("{item} · {left} left", item=each.name, left=each.left),
                press("callouts.handto", callout.id, each.id, 0),
            ),
        )
        for each in page.items
        if each.left
    ]
    return card(
        say("🧰 <b>What?</b>") if rows else say("The brigade has no kit here that could be handed out."),
        rows=(
            *rows,
            *page.turner("callouts.handout", callout.id),
            (Button(say("The brigade's kit"), press("callouts.stock", callout.brigade_id)),),
        ),
        back=press("callouts.kit", callout.id),
    )


async def hand_to(tx: Transaction, heard: Heard) -> Answer:
    """To whom, and how many of it?"""
    callout = await callouts.run_by(tx, heard.number(), heard.me)
    item = await callouts.item(tx, heard.number(1))
    page = await callouts.mission_roll(tx, callout.id, heard.page(2))
    rows = [
        (
            Button(say("{name}", name=each.nickname), press("callouts.handed", callout.id, item.id, each.person_id, 1)),
            *(
                Button(say("× {n}", n=n), press("callouts.handed", callout.id, item.id, each.person_id, n))
                for n in NUMBERS[1:]
                if n <= item.left
            ),
        )
        for each in page.items
        if each.on_duty
    ]
    return card(
        say("🧰 <b>{item}</b>: to whom?", item=item.name) if rows else say("Nobody is coming yet."),
        rows=(*rows, *page.turner("callouts.handto", callout.id, item.id)),
        back=press("callouts.handout", callout.id, 0),
    )


async def handed(tx: Transaction, heard: Heard) -> Answer:
    """Hand it out."""
    callout_id = heard.number()
    item = await callouts.hand_out(tx, callout_id, heard.number(1), heard.number(2), heard.number(3), by=heard.me)
    return (await _mission(tx, callout_id)).with_toast(say("Noted; {left} are left.", left=item.left))


async def back(tx: Transaction, heard: Heard) -> Answer:
    """It has come back, or one piece of it."""
    one_beside = heard.number(1) if len(heard.args) > 1 else None
    lent = await callouts.take_kit_back(tx, heard.number(), by=heard.me, one_beside=one_beside)
    callout = await callouts.by_id(tx, lent.callout_id)
    shown = await _mission(tx, callout.id) if callout.is_open else await _after(tx, callout.brigade_id)
    return shown.with_toast(say("Back in stock."))


async def _after(tx: Transaction, brigade_id: int) -> Card:
    """What else has not come back; the stock where everything has."""
    if (await callouts.missing_of(tx, brigade_id, 0)).items:
        return await _lost(tx, await callouts.brigade(tx, brigade_id))
    return await _stock(tx, brigade_id)


KIT = Form(
    "callouts.addkit",
    say("Kit"),
    (
        Question("name", say("Name"), say("What is it? For instance “life jacket”."), callouts.name),
        Question("number", say("Number"), say("How many of it are there in all?"), forms.whole_number(0, STOCK_MAX)),
    ),
    _stocked,
    say("Save"),
)
FORMS: tuple[Form, ...] = (KIT,)
ROUTES = [
    on_press("callouts.stock", stock),
    on_press("callouts.item", one),
    on_press("callouts.addkit", add),
    on_press("callouts.restock", restock),
    on_press("callouts.nokit", ask_to_discard),
    on_press("callouts.nokit.yes", discard),
    on_press("callouts.lost", lost),
    on_press("callouts.kit", kit),
    on_press("callouts.handout", hand_out),
    on_press("callouts.handto", hand_to),
    on_press("callouts.handed", handed),
    on_press("callouts.kitback", back),
]
