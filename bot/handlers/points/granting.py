"""Giving points by hand, and agreeing to what another admin asks for."""

from typing import Any

from bot import forms
from bot.cards import Button, press
from bot.domain import people, points
from bot.forms import Form
from bot.handlers.points import agreeing
from bot.locales import say
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

SCREENS = agreeing.Screens(
    desk=points.GRANTS,
    route="points",
    words=points.grant_words,
    waiting_title=say("💰 <b>Points by hand that wait</b>"),
    nothing_waits=say("Nothing waits. Points are given by hand from somebody's statement: /points #12."),
    owner=lambda found: Button(say("Statement"), press("points.page", found.owner_id, 0)),
)


async def give(tx: Transaction, heard: Heard) -> Answer:
    """Begin the form for one person."""
    person = await people.by_id(tx, heard.number())
    return await forms.begin(tx, heard, GIVE, {"person": person.id, "key": f"{heard.me.id}:{heard.update_id}"})


async def _asked(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    found = await points.ask_grant(
        tx, answers["person"], answers["amount"], answers["why"], answers["key"], by=heard.me
    )
    return SCREENS.one(found, heard)


async def agree(tx: Transaction, heard: Heard) -> Answer:
    """The second pair of eyes."""
    return SCREENS.one(await points.agree_to_grant(tx, heard.number(), by=heard.me), heard)


async def decline(tx: Transaction, heard: Heard) -> Answer:
    """It is not given."""
    return SCREENS.one(await points.decline_grant(tx, heard.number(), by=heard.me), heard)


GIVE = agreeing.form(
    "points.give",
    say("Points by hand"),
    (5, 10, 20, 50),
    say("Why? The person reads it, and it stays on record."),
    _asked,
    say("Give them"),
)
FORMS: tuple[Form, ...] = (GIVE,)
ROUTES = [
    on_press("points.give", give, Who.ADMIN),
    on_press("points.open", SCREENS.opened, Who.READER),
    on_press("points.waiting", SCREENS.waiting, Who.READER),
    on_press("points.agree", agree, Who.ADMIN),
    on_press("points.decline", decline, Who.ADMIN),
]
