"""/help, and what becomes of words that answer no question."""

from collections.abc import Callable

from bot.cards import Card, card
from bot.locales import say
from bot.refusal import Refused
from bot.routing import Answer, Heard, Route, Routes, Who, command
from bot.routing import press as on_press
from bot.storage import Transaction


async def unanswered(tx: Transaction, heard: Heard) -> Answer:
    """Words that belong to no form: in private chats we say what to do instead, in groups we keep still."""
    if not heard.chat.private:
        return None
    raise Refused(
        say(
            "I did not understand that, and nothing was saved. /help lists what I can do, /start opens the home screen."
        )
    )


def routes(all_routes: Callable[[], Routes]) -> list[Route]:
    """The routes of /help, which lists the commands that whoever asks may use."""

    async def show(tx: Transaction, heard: Heard) -> Answer:
        """What I can do for you"""
        return _list(heard, all_routes())

    return [command("help", show, Who.ANYONE, private_only=False), on_press("help", show, Who.ANYONE, link=True)]


def _list(heard: Heard, known: Routes) -> Card:
    lines = [
        say("/{name} – {help}", name=route.name, help=route.help)
        for route in known.commands_for(heard.person, private=True)
    ]
    return card(say("<b>What I can do</b>"), *lines, say("Everything is also reached by buttons from /start."))
