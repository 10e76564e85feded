"""The screens of what one admin asks for and a second one agrees to: one request, those that wait, and the form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import points
from bot.domain.points import Desk, Request
from bot.forms import Form, Question
from bot.locales import Said, say
from bot.routing import Answer, Heard, Who
from bot.storage import Transaction

STATES = {
    "waiting": say("⏳ Waits for a second admin."),
    "given": say("✅ Given."),
    "declined": say("✖️ Not given."),
    "taken_back": say("↩️ Taken back."),
}


@dataclass(frozen=True)
class Screens:
    """How the requests of one desk are shown; `route` is what the buttons of its deeds begin with, such as `points.budget`."""

    desk: Desk
    route: str
    words: Callable[[Request], Said]
    waiting_title: Said
    nothing_waits: Said
    owner: Callable[[Request], Button]

    async def opened(self, tx: Transaction, heard: Heard) -> Answer:
        """One request, with what to do about it."""
        return self.one(await self.desk.one(tx, heard.number()), heard)

    def one(self, found: Request, heard: Heard, *deeds: Button) -> Card:
        """One request; `deeds` are what else its own kind allows."""
        rows = (self._decisions(found, heard), deeds, (self.owner(found),))
        return card(self.words(found), STATES[found.state], rows=rows, back=f"{self.route}.waiting")

    def _decisions(self, found: Request, heard: Heard) -> tuple[Button, ...]:
        if not found.waits or not heard.me.is_admin:
            return ()
        decline = Button(say("Don't give them"), press(f"{self.route}.decline", found.id), style="danger")
        agree = Button(say("I agree"), press(f"{self.route}.agree", found.id), style="primary")
        return (decline,) if found.asked_by == heard.me.id else (agree, decline)

    async def waiting(self, tx: Transaction, heard: Heard) -> Answer:
        """What waits for a second admin."""
        page = await self.desk.waiting(tx, heard.page())
        rows = (
            (Button(say("{amount} for {name}", amount=each.amount, name=each.name), press(self.desk.opens, each.id)),)
            for each in page.items
        )
        return card(
            self.waiting_title,
            say("A second admin agrees to each.") if page.items else self.nothing_waits,
            rows=(*rows, *page.turner(f"{self.route}.waiting")),
            back="admin.panel",
        )


def form(name: str, title: Said, amounts: tuple[int, ...], why: Said, done: Any, button: Said) -> Form:
    """How many and why; `amounts` are offered as buttons."""
    return Form(
        name,
        title,
        (
            Question(
                "amount",
                say("Points"),
                say("How many points? A whole number."),
                forms.whole_number(1, points.AMOUNT_MAX),
                choices=tuple((str(n), say("{n}", n=n)) for n in amounts),
            ),
            Question("why", say("Why"), why, forms.short_text(points.WHY_CHARACTERS_MAX)),
        ),
        done,
        button,
        Who.ADMIN,
    )
