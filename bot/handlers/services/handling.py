"""Seeing to a request: taking it, giving it to somebody, answering, logging what was done."""

from typing import Any

from bot import forms
from bot.cards import Button, card, press
from bot.domain import services
from bot.domain.services import MINUTES_MAX, State
from bot.forms import Form, Question, whole_number
from bot.handlers.services.asking import words
from bot.handlers.services.showing import screen
from bot.locales import say, say_n
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard
from bot.routing import press as on_press
from bot.storage import Transaction


async def take(tx: Transaction, heard: Heard) -> Answer:
    """Take it on oneself."""
    request = await services.take(tx, heard.number(), by=heard.me)
    return (await screen(tx, heard, request)).with_toast(say("It is yours. Say a word to whoever asked."))


async def assign(tx: Transaction, heard: Heard) -> Answer:
    """Choose who sees to it."""
    view = await services.view(tx, heard.number(), heard.me)
    if not view.manages or not view.request.is_live:
        return await screen(tx, heard, view.request)
    page = await services.helpers(tx, view.request, heard.page(1))
    rows = [
        (Button(say("{person}", person=name), press("services.assigned", view.request.id, number)),)
        for number, name in page.items
    ]
    return card(
        say("<b>{title}</b>: who sees to it?", title=services.title(view.request)),
        *(() if rows else (say("Nobody is there yet who could."),)),
        rows=(*rows, *page.turner("services.assign", view.request.id)),
        back=press("services.one", view.request.id),
    )


async def assigned(tx: Transaction, heard: Heard) -> Answer:
    """Give it to whoever was chosen."""
    request = await services.assign(tx, heard.number(), heard.number(1), by=heard.me)
    return (await screen(tx, heard, request)).with_toast(say("Given; both of them are told."))


async def give_back(tx: Transaction, heard: Heard) -> Answer:
    """Let somebody else have it."""
    request = await services.give_back(tx, heard.number(), by=heard.me)
    toast = say("It waits for somebody else now.")
    if (await services.view(tx, request.id, heard.me)).manages:
        return (await screen(tx, heard, request)).with_toast(toast)
    return card(toast, back="services.home")


async def resume(tx: Transaction, heard: Heard) -> Answer:
    """Go on with it."""
    return await screen(tx, heard, await services.resume(tx, heard.number(), by=heard.me))


async def undo(tx: Transaction, heard: Heard) -> Answer:
    """It is not done after all."""
    request = await services.undo(tx, heard.number(), by=heard.me)
    return (await screen(tx, heard, request)).with_toast(say("Undone; nobody was told."))


async def withdraw(tx: Transaction, heard: Heard) -> Answer:
    """Ask before a request is withdrawn."""
    view = await services.view(tx, heard.number(), heard.me)
    return card(
        say("Withdraw {title}? This can't be undone.", title=services.title(view.request)),
        rows=((Button(say("Yes, withdraw it"), press("services.withdraw.yes", view.request.id), style="danger"),),),
        back=press("services.one", view.request.id),
    )


async def withdrawn(tx: Transaction, heard: Heard) -> Answer:
    """Withdraw it."""
    request = await services.withdraw(tx, heard.number(), by=heard.me)
    return (await screen(tx, heard, request)).with_toast(say("Withdrawn."))


async def rate(tx: Transaction, heard: Heard) -> Answer:
    """Say how it was, once."""
    request = await services.rate(tx, heard.number(), heard.number(1), by=heard.me)
    return (await screen(tx, heard, request)).with_toast(say("Thank you, that helps others."))


async def speak(tx: Transaction, heard: Heard) -> Answer:
    """Ask what to say to the other side."""
    return await _begin(tx, heard, SPEAK)


async def note(tx: Transaction, heard: Heard) -> Answer:
    """Ask what to note for oneself alone."""
    return await _begin(tx, heard, NOTE)


async def block(tx: Transaction, heard: Heard) -> Answer:
    """Ask why one can't go on."""
    return await _begin(tx, heard, BLOCK)


async def finish(tx: Transaction, heard: Heard) -> Answer:
    """Ask what was done and how long it took."""
    return await _begin(tx, heard, FINISH)


async def _begin(tx: Transaction, heard: Heard, form: Form) -> Answer:
    view = await services.view(tx, heard.number(), heard.me)
    may = view.handles or (form is SPEAK and view.mine)
    if not may or (view.request.state in (State.DONE, State.WITHDRAWN) and form is not NOTE):
        raise Refused(
            say("This is not yours to see to, or it is over. Nothing was changed."),
            WayOut(say("Open"), press("services.one", view.request.id)),
        )
    return await forms.begin(tx, heard, form, {"request": view.request.id})


async def _spoken(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    request = await services.speak(tx, answers["request"], answers["words"], by=heard.me)
    return (await screen(tx, heard, request)).with_toast(say("Said."))


async def _noted(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    request = await services.speak(tx, answers["request"], answers["words"], by=heard.me, private=True)
    return (await screen(tx, heard, request)).with_toast(say("Noted, for you alone."))


async def _blocked(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    request = await services.block(tx, answers["request"], answers["words"], by=heard.me)
    return (await screen(tx, heard, request)).with_toast(say("Whoever asked reads why."))


async def _finished(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    request = await services.finish(tx, answers["request"], answers["words"], answers["minutes"], by=heard.me)
    shown = await screen(tx, heard, request, undo=True)
    return shown.with_toast(say("Logged. Whoever asked is told in a minute."))


SPEAK = Form(
    "services.speak",
    say("A word"),
    (Question("words", say("Words"), say("What do you want to say?"), words),),
    _spoken,
    say("Say it"),
)
NOTE = Form(
    "services.note",
    say("A note"),
    (Question("words", say("My note"), say("What do you want to note? Nobody but you reads it."), words),),
    _noted,
    say("Note it"),
)
BLOCK = Form(
    "services.block",
    say("I can't go on"),
    (Question("words", say("Reason"), say("What is in the way? Whoever asked reads this."), words),),
    _blocked,
    say("Say so"),
)
FINISH = Form(
    "services.finish",
    say("It is done"),
    (
        Question("words", say("What was done"), say("What was done? Whoever asked reads it."), words),
        Question(
            "minutes",
            say("Minutes"),
            say("How many minutes did it take?"),
            whole_number(1, MINUTES_MAX),
            show=lambda value: say_n("{n} minute", "{n} minutes", value),
            choices=tuple((str(n), say_n("{n} minute", "{n} minutes", n)) for n in (15, 30, 60, 120)),
        ),
    ),
    _finished,
    say("Log it"),
)
FORMS: tuple[Form, ...] = (SPEAK, NOTE, BLOCK, FINISH)
ROUTES = [
    on_press("services.take", take),
    on_press("services.assign", assign),
    on_press("services.assigned", assigned),
    on_press("services.back", give_back),
    on_press("services.resume", resume),
    on_press("services.undo", undo),
    on_press("services.withdraw", withdraw),
    on_press("services.withdraw.yes", withdrawn),
    on_press("services.rate", rate),
    on_press("services.speak", speak),
    on_press("services.note", note),
    on_press("services.block", block),
    on_press("services.finish", finish),
]
