"""A whole catalogue in one message, checked line by line before anything is taken in."""

from typing import Any

from bot import forms
from bot.cards import card
from bot.domain import shop
from bot.forms import Form, Question
from bot.locales import BLANK, Said, say, say_n
from bot.refusal import Refused
from bot.routing import Answer, Heard, Who, command
from bot.routing import press as on_press
from bot.storage import Transaction

SHOWN = 12


async def catalogue(tx: Transaction, heard: Heard) -> Answer:
    """Put many items on the list at once, a line each"""
    if not heard.words:
        return card(*_how(), back="shop.items")
    good, wrong = await shop.read_catalogue(tx, heard.words)
    if wrong:
        raise Refused(shop.complaint(wrong))
    if not good:
        raise Refused(say("I need 1 to {n} lines. Nothing was taken in.", n=shop.LINES_MAX))
    lines = [[line.draft.name, line.draft.price, line.pieces] for line in good]
    return await forms.begin(tx, heard, TAKING, {"lines": lines, "text": heard.words}, sure=True)


def _how() -> tuple[Said, ...]:
    return (
        say("📋 <b>Many items at once</b>"),
        say("Send /catalogue with a line for each item, in one message:"),
        say("<code>name; counter; points; pieces; limit; star; about</code>"),
        say("The last three may be left out. For instance:"),
        say("<code>/catalogue\nCup; Youth centre; 50; 20; 1\nUmbrella; Youth centre; 120; 8</code>"),
        BLANK,
        say(
            "Wrong lines are all named, and then nothing is taken in. A file is taken in on the machine: python -m bot catalogue FILE"
        ),
    )


async def how(tx: Transaction, heard: Heard) -> Answer:
    """How a catalogue is sent."""
    return card(*_how(), back="shop.items")


def _sure(typed: str, tx: Transaction) -> bool:
    return True


def _effect(known: Any) -> list[Said]:
    """What is going to be on the list."""
    lines = known["lines"]
    more = len(lines) - SHOWN
    return [
        *(
            say("• {name}: {points} points, {pieces} pieces", name=name, points=points, pieces=pieces)
            for name, points, pieces in lines[:SHOWN]
        ),
        *((say("… and {n} more", n=more),) if more > 0 else ()),
    ]


async def _taken(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    taken = await shop.take_all(tx, answers["text"], by=heard.me)
    told = say_n(
        "🎁 {n} item is on the list; /shop shows it to everybody.",
        "🎁 {n} items are on the list; /shop shows them to everybody.",
        len(taken),
    )
    return card(told, back="shop.items")


TAKING = Form(
    "shop.catalogue",
    say("Many items at once"),
    (Question("sure", say("Lines"), say("Put them on the list?"), _sure, show=lambda value: say("all right")),),
    _taken,
    say("Put them on the list"),
    Who.ADMIN,
    effect=_effect,
)
FORMS: tuple[Form, ...] = (TAKING,)
ROUTES = [
    command("catalogue", catalogue, Who.ADMIN, also=("兑换清单导入",)),
    on_press("shop.catalogue", how, Who.ADMIN),
]
