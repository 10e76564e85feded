"""/mydata and /forget: everything that is kept of me, and leaving for good."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import orjson

from bot.cards import Button, Card, File, card, press
from bot.domain import hours, people, privacy
from bot.domain.privacy import Leaving
from bot.forms import Form
from bot.locales import BLANK, Said, say, say_n
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, command
from bot.routing import press as on_press
from bot.storage import Transaction

ANSWER_SECONDS = 600
AS_IT_IS = orjson.OPT_INDENT_2 | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
Local = Callable[[int], datetime]
# What is an instant in what is kept, beside all that is called so at its end: made_at.
INSTANTS = ("at", "since", "date")
# What is kept as Telegram's own text is shown as what stands in it.
PACKED = ("params", "payload")


async def known(tx: Transaction, heard: Heard) -> tuple[bytes, list[Said]]:
    """The file, and what is in it; read before the transaction: of somebody who has been here for years it is long."""
    found = await privacy.known_of(tx, heard.me)
    return await tx.apart(_written, found, tx.local), _inside(found)


def _written(known: dict[str, Any], local: Local) -> bytes:
    return orjson.dumps(_readable(known, "", local), str, AS_IT_IS)


def _readable(value: Any, name: str, local: Local) -> Any:
    """The same with its instants as people read them, in the county's time."""
    if isinstance(value, Mapping):
        return {key: _readable(each, key, local) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_readable(each, name, local) for each in value]
    if name in PACKED and isinstance(value, str):
        return _readable(orjson.loads(value), "", local)
    is_instant = isinstance(value, int) and (name in INSTANTS or name.endswith("_at"))
    return local(value).isoformat(" ", "minutes") if is_instant else value


async def data(tx: Transaction, heard: Heard) -> Answer:
    """Everything kept about me, as a file"""
    content, inside = heard.report
    return card(
        say("This is everything that is kept about you."),
        *inside,
        say("The buttons show most of it here in the chat."),
        rows=(
            (Button(say("Me"), "people.me"), Button(say("Settings"), "people.settings")),
            (Button(say("My groups"), "groups.mine"), Button(say("My sign-ups"), "activities.mine")),
            (Button(say("Points"), "points.mine"), Button(say("Hours"), "hours.mine")),
            (Button(say("Leave and be forgotten"), "privacy.forget"),),
        ),
        file=File(f"mydata-{heard.me.id}.json", content),
    )


def _inside(found: Mapping[str, Any]) -> list[Said]:
    """What is in the file, in numbers, without what there is none of."""
    groups, sign_ups = len(found["groups"]["memberships"]), len(found["activities"]["sign-ups"])
    entries, records = len(found["points"]["points"]["entries"]), len(found["hours"]["records"])
    messages = sum(map(len, found["messages"].values()))
    return [
        say("• who you are: name, Telegram ID, language, settings"),
        *_of_some(
            (groups, say_n("• {n} group, now or before", "• {n} groups, now or before", groups)),
            (sign_ups, say_n("• {n} sign-up, now or before", "• {n} sign-ups, now or before", sign_ups)),
            (entries, say_n("• {n} entry of points", "• {n} entries of points", entries)),
            (records, say_n("• {n} record of hours", "• {n} records of hours", records)),
            (messages, say_n("• {n} message between us", "• {n} messages between us", messages)),
        ),
        say("• and whatever else you did here, each under its name"),
    ]


async def ask(tx: Transaction, heard: Heard) -> Answer:
    """Leave and be forgotten"""
    await people.check_may_leave(tx, heard.me)
    return _asked(await privacy.leaving(tx, heard.me), heard.me.id, tx.now)


def _asked(leaving: Leaving, number: int, now: int) -> Card:
    return card(
        say("<b>Leave and be forgotten?</b>"),
        say("This goes at once, for good: your name, your Telegram id, your settings, and the texts of our messages."),
        *_what_goes(leaving),
        *_what_ends(leaving),
        BLANK,
        say("This stays, under the number {number} alone, and nobody can tell any more who that was:", number=number),
        *_what_stays(leaving),
        BLANK,
        say("Messages to others in which you are named are emptied after 30 days."),
        say("You can register again at any time, as somebody new who begins with nothing."),
        rows=(
            (Button(say("Yes, forget me"), press("privacy.forgotten", now), style="danger"),),
            (Button(say("No, keep everything"), "people.settings"),),
        ),
        back="people.settings",
    )


def _what_goes(leaving: Leaving) -> list[Said]:
    return _of_some(
        (
            leaving.memberships,
            say_n(
                "• {n} membership or place in a queue", "• {n} memberships and places in queues", leaving.memberships
            ),
        ),
        (
            leaving.sign_ups,
            say_n("• {n} sign-up ahead; others move up", "• {n} sign-ups ahead; others move up", leaving.sign_ups),
        ),
        (
            leaving.duties,
            say_n(
                "• {n} duty ahead, which others are asked to take over",
                "• {n} duties ahead, which others are asked to take over",
                leaving.duties,
            ),
        ),
        (
            leaving.points,
            say_n(
                "• {n} point, which nobody can use any more",
                "• {n} points, which nobody can use any more",
                leaving.points,
            ),
        ),
        (
            leaving.minutes,
            say(
                "• {length} of volunteering and any star: they are nobody's any more",
                length=hours.length(leaving.minutes),
            ),
        ),
        (
            leaving.certificates,
            say_n(
                "• {n} certificate: whoever checks it reads that it is not valid any more",
                "• {n} certificates: whoever checks them reads that they are not valid any more",
                leaving.certificates,
            ),
        ),
        (leaving.led, say_n("• the lead of {n} group", "• the lead of {n} groups", leaving.led)),
    )


def _what_ends(leaving: Leaving) -> list[Said]:
    """What somebody had begun with others."""
    return _of_some(
        (
            leaving.children,
            say_n(
                "• your consent for {n} child, who can sign up for nothing until another guardian agrees",
                "• your consent for {n} children, who can sign up for nothing until another guardian agrees",
                leaving.children,
            ),
        ),
        (
            leaving.reservations,
            say_n("• {n} reservation; it goes back", "• {n} reservations; they go back", leaving.reservations),
        ),
        (
            leaving.requests,
            say_n(
                "• {n} request for help; nobody sees to it any more",
                "• {n} requests for help; nobody sees to them any more",
                leaving.requests,
            ),
        ),
        (
            leaving.claims,
            say_n(
                "• {n} need that you alone have claimed; others can claim it",
                "• {n} needs that you alone have claimed; others can claim them",
                leaving.claims,
            ),
        ),
    )


def _what_stays(leaving: Leaving) -> list[Said]:
    return [
        *_of_some(
            (
                leaving.entries,
                say_n("• {n} entry of points in the ledger", "• {n} entries of points in the ledger", leaving.entries),
            ),
            (
                leaving.audit_rows,
                say_n("• {n} row of the audit log", "• {n} rows of the audit log", leaving.audit_rows),
            ),
            (
                leaving.topics,
                say_n(
                    "• {n} topic of the youth council, without a name",
                    "• {n} topics of the youth council, without a name",
                    leaving.topics,
                ),
            ),
            (
                leaving.needs,
                say_n(
                    "• {n} need that you posted, without a name",
                    "• {n} needs that you posted, without a name",
                    leaving.needs,
                ),
            ),
            (
                leaving.answers,
                say_n(
                    "• {n} answer to “How was it?”, without your words",
                    "• {n} answers to “How was it?”, without your words",
                    leaving.answers,
                ),
            ),
        ),
        say("• activities that are over, and calls that were sent"),
    ]


def _of_some(*lines: tuple[int, Said]) -> list[Said]:
    """Without those that would speak of nothing."""
    return [line for number, line in lines if number]


async def forgotten(tx: Transaction, heard: Heard) -> Answer:
    """Do it, if the question is not older than ten minutes: an old button must not erase anybody."""
    if not 0 <= tx.now - heard.number() <= ANSWER_SECONDS:
        raise Refused(
            say("That question is too old. Nothing was changed. Please look at the numbers again."),
            WayOut(say("Leave and be forgotten"), "privacy.forget"),
        )
    await privacy.forget(tx, heard.me)
    return card(
        say("Done. You are forgotten here; thank you for having been with us."),
        say("You can delete this chat. /start begins anew, as somebody new."),
        rows=((Button(say("Begin anew"), press("people.welcome", heard.me.language)),),),
        home=False,
    )


FORMS: tuple[Form, ...] = ()
ROUTES = [
    command("mydata", data, read=known, also=("我的数据",)),
    command("forget", ask, also=("注销",), takes_away=True),
    on_press("privacy.data", data, read=known),
    on_press("privacy.forget", ask),
    on_press("privacy.forgotten", forgotten),
]
