"""Giving points by hand, and agreeing to what another admin asks for."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import people, points
from bot.domain.points import Grant
from bot.forms import Form, Question
from bot.locales import say
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

STATES = {"waiting": say("⏳ Waits for a second admin."), "given": say("✅ Given."), "declined": say("✖️ Not given.")}


async def give(tx: Transaction, heard: Heard) -> Answer:
    """Begin the form for one person."""
    person = await people.by_id(tx, heard.number())
    return await forms.begin(tx, heard, GIVE, {"person": person.id, "key": f"{heard.me.id}:{heard.update_id}"})


async def _asked(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    found = await points.ask_grant(
        tx, answers["person"], answers["amount"], answers["why"], answers["key"], by=heard.me
    )
    return _screen(found, heard)


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """One grant, with what to do about it."""
    return _screen(await points.grant(tx, heard.number()), heard)


def _screen(found: Grant, heard: Heard) -> Card:
    rows: list[tuple[Button, ...]] = []
    if found.waits and heard.me.is_admin and found.person_id != heard.me.id:
        decline = Button(say("Don't give them"), press("points.decline", found.id), style="danger")
        agree = Button(say("I agree"), press("points.agree", found.id), style="primary")
        rows = [(decline,) if found.asked_by == heard.me.id else (agree, decline)]
    rows.append((Button(say("Statement"), press("points.page", found.person_id, 0)),))
    return card(points.amount_words(found), STATES[found.state], rows=tuple(rows), back="points.waiting")


async def waiting(tx: Transaction, heard: Heard) -> Answer:
    """What waits for a second admin."""
    page = await points.waiting_grants(tx, heard.page())
    rows = (
        (Button(say("{amount} for {name}", amount=each.amount, name=each.name), press("points.open", each.id)),)
        for each in page.items
    )
    return card(
        say("💰 <b>Points by hand that wait</b>"),
        say("A second admin agrees to each.")
        if page.items
        else say("Nothing waits. Points are given by hand from somebody's statement: /points #12."),
        rows=(*rows, *page.turner("points.waiting")),
        back="admin.panel",
    )


async def agree(tx: Transaction, heard: Heard) -> Answer:
    """The second pair of eyes."""
    return _screen(await points.agree_to_grant(tx, heard.number(), by=heard.me), heard)


async def decline(tx: Transaction, heard: Heard) -> Answer:
    """It is not given."""
    return _screen(await points.decline_grant(tx, heard.number(), by=heard.me), heard)


GIVE = Form(
    "points.give",
    say("Points by hand"),
    (
        Question(
            "amount",
            say("Points"),
            say("How many points? A whole number."),
            forms.whole_number(1, points.AMOUNT_MAX),
            choices=tuple((str(n), say("{n}", n=n)) for n in (5, 10, 20, 50)),
        ),
        Question(
            "why",
            say("Why"),
            say("Why? The person reads it, and it stays on record."),
            forms.short_text(points.WHY_CHARACTERS_MAX),
        ),
    ),
    _asked,
    say("Give them"),
    Who.ADMIN,
)
FORMS: tuple[Form, ...] = (GIVE,)
ROUTES = [
    on_press("points.give", give, Who.ADMIN),
    on_press("points.open", opened, Who.READER),
    on_press("points.waiting", waiting, Who.READER),
    on_press("points.agree", agree, Who.ADMIN),
    on_press("points.decline", decline, Who.ADMIN),
]
