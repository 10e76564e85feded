"""/help, the commands that fit somebody, and what becomes of words that answer no question."""

from collections.abc import Callable
from dataclasses import replace

from bot.cards import Card, Onward, card, press
from bot.locales import Said, say
from bot.refusal import Refused
from bot.routing import Answer, Handler, Heard, Route, Routes, Who, check, command, roles_of
from bot.routing import press as on_press
from bot.storage import Transaction

EVERYBODY = Who.ANYONE | Who.MEMBER


def unanswered(all_routes: Callable[[], Routes]) -> Handler:
    """The handler of words that belong to no form: a command said without its slash, or what to do instead.

    In groups we keep still; strangers are welcomed.
    """

    async def answer(tx: Transaction, heard: Heard) -> Answer:
        if not heard.chat.private:
            return None
        if heard.person is None:
            return Onward(press("people.welcome", heard.language))
        meant = all_routes().spoken(heard.words)
        if meant is None:
            raise Refused(
                say(
                    "I did not understand that, and nothing was saved. /help lists what I can do, /start opens the home "
                    "screen."
                )
            )
        route, words = meant
        spoken = replace(heard, kind="command", name=route.name, words=words, event={"spoken": True})
        check(route, spoken)
        return await route.handler(tx, spoken)

    return answer


def routes(all_routes: Callable[[], Routes]) -> list[Route]:
    """The routes of /help, which lists the commands that whoever asks may use."""

    async def show(tx: Transaction, heard: Heard) -> Answer:
        """What I can do for you"""
        return _list(all_routes().commands_for(roles_of(heard.person), private=True))

    return [
        command("help", show, Who.ANYONE, private_only=False, also=("帮助", "怎么用")),
        on_press("help", show, Who.ANYONE, link=True),
    ]


def _list(fitting: list[Route]) -> Card:
    own = [route for route in fitting if route.fits & EVERYBODY]
    more = [route for route in fitting if route not in own]
    return card(
        say("<b>What I can do</b>"),
        *map(_line, own),
        *((say("<b>For leaders, admins and auditors</b>"), *map(_line, more)) if more else ()),
        say("Everything is also reached by buttons from /start, and a plain word such as “points” is enough."),
    )


def _line(route: Route) -> Said:
    return say("/{name} – {help}", name=route.name, help=route.help)
