"""/help, the commands that fit somebody, and what becomes of words that answer no question."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.cards import Button, Card, Onward, card, press
from bot.domain import activities, groups
from bot.locales import BLANK, Said, Several, say
from bot.refusal import WHAT_I_CAN_DO, Refused, WayOut
from bot.routing import (
    COMMAND_CHARACTERS_MAX,
    Answer,
    Handler,
    Heard,
    Route,
    Routes,
    Who,
    check,
    command,
    roles_of,
    stale,
)
from bot.routing import press as on_press
from bot.storage import Transaction

EVERYBODY = Who.ANYONE | Who.MEMBER
# Of what was typed and is no command: how many letters of it may be part of a name (one Chinese character is a word), and how
# many of that name are offered.
LETTERS_MIN = 2
NAMED_MAX = 3


@dataclass(frozen=True)
class Topic:
    """Commands that are explained on one screen: of `features` what is for everybody, else what only `who` may use."""

    name: str
    label: Said
    features: tuple[str, ...] = ()
    who: Who = EVERYBODY


# In the order of their buttons; a command stands under the first topic that it fits.
TOPICS = (
    Topic("activities", say("Tasks and events"), ("activities", "rotas")),
    Topic("groups", say("Interest groups"), ("groups",)),
    Topic("points", say("Points"), ("points", "shop")),
    Topic("hours", say("Hours and honours"), ("hours", "honours")),
    Topic("needs", say("Needs and help"), ("projects", "services")),
    Topic("council", say("Youth council"), ("council",)),
    Topic("urgent", say("When it is urgent"), ("callouts",)),
    Topic("me", say("I and my data"), ("people", "privacy")),
    Topic("leading", say("Leading groups"), who=Who.LEADER),
    Topic("county", say("Running the county"), who=Who.ADMIN | Who.READER),
)
# What somebody most likely wants, by the first of the roles that he has.
FIRST = {
    Who.ADMIN: ("admin", "announce", "newtask", "stats", "tasks", "groups"),
    Who.READER: ("stats", "audit", "export", "oddhours", "tasks", "groups"),
    Who.LEADER: ("newtask", "recruit", "templates", "tasks", "mysignups", "points"),
    Who.MEMBER: ("tasks", "mysignups", "groups", "points", "hours", "service"),
    Who.ANYONE: ("start", "verify"),
}
ROLE_WORDS = {
    Who.ANYONE: say("everybody"),
    Who.MEMBER: say("members"),
    Who.LEADER: say("leaders"),
    Who.ADMIN: say("county admins"),
    Who.READER: say("county admins and auditors"),
}


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
        if meant is None and (kind_words := _kind_words(heard.words)):
            return card(kind_words)
        if meant is None:
            raise await _not_understood(tx, heard)
        route, spoken = meant
        check(route, spoken)
        return await route.handler(tx, spoken)

    return answer


THANKS = frozenset(("谢谢", "谢谢你", "多谢", "谢啦", "感谢", "辛苦了", "thanks", "thank you", "thx"))
AGREED = frozenset(("好", "好的", "好嘞", "收到", "知道了", "明白", "嗯", "行", "ok", "okay", "got it"))
AROUND = " \t.,!~。，！～🙏👌👍❤️😊"


def _kind_words(said: str) -> Said | None:
    """What is answered to whoever thanks or nods, as one does in a chat; None for anything else."""
    word = said.strip(AROUND).casefold()
    if word in THANKS:
        return say("You are welcome! I am here whenever you need something.")
    return say("All right. I am here whenever you need something.") if word in AGREED else None


async def _not_understood(tx: Transaction, heard: Heard) -> Refused:
    """What was typed may be in the name of a group or an activity: whoever types that, wants it."""
    ways_out = await _named(tx, heard) if len(heard.words) <= groups.NAME_CHARACTERS_MAX else []
    if ways_out:
        return Refused(say("Did you mean one of these? Nothing was saved."), *ways_out)
    return Refused(
        say(
            "I did not understand that, and nothing was saved. /help lists what I can do, /start opens the home screen."
        ),
        WHAT_I_CAN_DO,
    )


async def _named(tx: Transaction, heard: Heard) -> list[WayOut]:
    word = groups.clean_query(heard.words)
    if not word or (word.isascii() and len(word) < LETTERS_MIN):
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
    """The routes of /help: what one most likely wants, the topics, and what a single command is for."""

    async def show(tx: Transaction, heard: Heard) -> Answer:
        """What I can do for you: /help, or /help join for one command"""
        fitting = all_routes().commands_for(roles_of(heard.person), private=True)
        if heard.args:
            return _topic(heard.args[0], fitting)
        word = heard.words.strip()
        return _explained(all_routes(), word, heard) if word else _first(roles_of(heard.person), fitting)

    return [
        command("help", show, Who.ANYONE, private_only=False, also=("帮助", "怎么用")),
        on_press("help", show, Who.ANYONE, link=True),
    ]


def feature_of(route: Route) -> str:
    """The feature whose handler answers: `bot.handlers.groups.browsing` is of groups."""
    return route.handler.__module__.split(".")[2]


def topic_of(route: Route) -> Topic:
    """Where a command is explained. Raises LookupError for one of a feature that stands nowhere."""
    for topic in TOPICS:
        if topic.who & route.fits and (not topic.features or feature_of(route) in topic.features):
            return topic
    raise LookupError(f"/{route.name} stands under no topic of /help")


def _first(roles: Who, fitting: list[Route]) -> Card:
    named = {route.name: route for route in fitting}
    role = next(role for role in FIRST if role & roles)
    topics = [topic for topic in TOPICS if any(topic_of(route) is topic for route in _listed(fitting))]
    buttons = [Button(topic.label, press("help", topic.name)) for topic in topics]
    return card(
        say("<b>What I can do</b>"),
        BLANK,
        *(_line(named[name]) for name in FIRST[role]),
        BLANK,
        say("All else stands under the buttons below; “/help join” says what one command is for."),
        say("Everything is also reached by buttons from /start, and a plain word such as “points” is enough."),
        rows=(*_in_pairs(buttons), (Button(say("Ask for help"), "services.home"),)),
    )


def _listed(fitting: list[Route]) -> list[Route]:
    """Without /help, which is where one is."""
    return [route for route in fitting if route.name != "help"]


def _in_pairs(buttons: list[Button]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


def _topic(name: str, fitting: list[Route]) -> Card:
    topic = next((topic for topic in TOPICS if topic.name == name), None)
    if topic is None:
        raise stale()
    lines = (_line(route) for route in _listed(fitting) if topic_of(route) is topic)
    return card(say("<b>{topic}</b>", topic=topic.label), BLANK, *lines, back=press("help"))


def _explained(known: Routes, word: str, heard: Heard) -> Card:
    """One command, by its name or by what people call it. Raises Refused, with the likeliest, where there is none."""
    route = known.called(word)
    if route is None:
        raise known.unknown(word[:COMMAND_CHARACTERS_MAX], heard)
    where = say("It works in groups, too.") if not route.private_only else None
    words = say("You can also say: {words}", words=Several(route.also)) if route.also else None
    fits = (Who.ANYONE,) if Who.ANYONE in route.fits else tuple(route.fits)
    roles = Several(tuple(ROLE_WORDS[role] for role in fits))
    return card(
        say("<b>/{name}</b>", name=route.name),
        *(line for line in (route.help, words, say("For: {roles}", roles=roles), where) if line),
        back=press("help", topic_of(route).name) if route.menu and route.name != "help" else press("help"),
    )


def _line(route: Route) -> Said:
    return say("/{name} – {help}", name=route.name, help=route.help)
