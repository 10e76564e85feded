"""/help, the commands that fit somebody, and what becomes of words that answer no question."""

from collections.abc import Callable, Iterator

from bot.cards import Button, Card, Onward, card, press
from bot.domain import activities, groups
from bot.locales import BLANK, Said, say
from bot.refusal import WHAT_I_CAN_DO, Refused, WayOut
from bot.routing import Answer, Handler, Heard, Route, Routes, Who, check, command, roles_of
from bot.routing import press as on_press
from bot.storage import Transaction

EVERYBODY = Who.ANYONE | Who.MEMBER
# Of what was typed and is no command: how much of it may be part of a name, and how many of that name are offered.
NAMED_CHARACTERS_MIN = 2
NAMED_MAX = 3


def unanswered(all_routes: Callable[[], Routes]) -> Handler:
    """The handler of words that belong to no form: a command said without its slash, or what to do instead.

    In groups we keep still; strangers are welcomed.
    """

    async def answer(tx: Transaction, heard: Heard) -> Answer:
        if not heard.chat.private:
            return None
        if heard.person is None:
            return Onward(press("people.welcome", heard.language))
        meant = all_routes().meant(heard)
        if meant is None:
            raise await _not_understood(tx, heard)
        route, spoken = meant
        check(route, spoken)
        return await route.handler(tx, spoken)

    return answer


async def _not_understood(tx: Transaction, heard: Heard) -> Refused:
    """What was typed may be in the name of a group or an activity: whoever types that, wants it."""
    ways_out = await _named(tx, heard) if len(heard.words) <= groups.NAME_CHARACTERS_MAX else []
    if ways_out:
        return Refused(say("I did not understand that, and nothing was saved. Did you mean one of these?"), *ways_out)
    return Refused(
        say(
            "I did not understand that, and nothing was saved. /help lists what I can do, /start opens the home screen."
        ),
        WHAT_I_CAN_DO,
    )


async def _named(tx: Transaction, heard: Heard) -> list[WayOut]:
    word = groups.clean_query(heard.words)
    if len(word) < NAMED_CHARACTERS_MIN:
        return []
    found = (await groups.listed(tx, 0, word)).items[:NAMED_MAX]
    ahead = (await activities.titled(tx, word, heard.me, mine=False))[:NAMED_MAX]
    return [
        *(WayOut(say("{value}", value=group.name), press("groups.open", group.id)) for group in found),
        *(
            WayOut(label, press("activities.open", view.activity.id))
            for label, view in zip(activities.labels(ahead), ahead, strict=True)
        ),
    ]


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
        *_sections(own),
        *((BLANK, say("<b>For leaders, admins and auditors</b>"), *map(_line, more)) if more else ()),
        BLANK,
        say("Everything is also reached by buttons from /start, and a plain word such as “points” is enough."),
        rows=((Button(say("Ask for help"), "services.home"),),) if own else (),
    )


# Under which heading a feature's commands stand.
HEADINGS = {
    "people": say("<b>You</b>"),
    "groups": say("<b>Interest groups</b>"),
    "activities": say("<b>Tasks and events</b>"),
    "rotas": say("<b>Tasks and events</b>"),
    "projects": say("<b>Needs</b>"),
    "services": say("<b>Help where you live</b>"),
    "points": say("<b>What it brings</b>"),
    "hours": say("<b>What it brings</b>"),
    "honours": say("<b>What it brings</b>"),
    "shop": say("<b>What it brings</b>"),
    "council": say("<b>Youth council</b>"),
    "callouts": say("<b>When it is urgent</b>"),
    "privacy": say("<b>What is kept of you</b>"),
}


def feature_of(route: Route) -> str:
    """The feature whose handler answers: `bot.handlers.groups.browsing` is of groups."""
    return route.handler.__module__.split(".")[2]


def _sections(own: list[Route]) -> Iterator[Said]:
    """The commands under their headings, each of which comes once; /help itself is not among them."""
    under: dict[str, list[Route]] = {}
    for route in own:
        if route.name != "help":
            under.setdefault(HEADINGS[feature_of(route)].text, []).append(route)
    for heading, routes_under in under.items():
        yield BLANK
        yield Said(heading)
        yield from map(_line, routes_under)


def _line(route: Route) -> Said:
    return say("/{name} – {help}", name=route.name, help=route.help)
