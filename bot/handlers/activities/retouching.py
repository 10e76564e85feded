"""What is asked of those who sign up, and when they can: changed after publishing; whoever is in keeps his place."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot import forms
from bot.cards import Button, card, press
from bot.domain import activities
from bot.domain.activities import Mode, reading, wording
from bot.domain.activities.ruling import MODES, lines
from bot.forms import Form, Question
from bot.handlers.activities.showing import screen
from bot.handlers.activities.terms import CLOSES, CONDITIONS, MODE, OPENS
from bot.locales import Said, say, say_n
from bot.routing import Answer, Heard, Who, stale
from bot.routing import press as on_press
from bot.storage import Transaction

LEADERS = Who.LEADER | Who.ADMIN


async def terms(tx: Transaction, heard: Heard) -> Answer:
    """How one signs up, and what of it can be another."""
    activity = await activities.managed_by(tx, heard.number(), heard.me)
    view = await activities.view(tx, activity.id, heard.me)
    names = [name for name in FORM_OF if name not in ("mode", "called") or (name == "mode" and not activity.everybody)]
    buttons = [Button(LABELS[name], press("activities.retouch", activity.id, name)) for name in names]
    return card(
        say("🎟 <b>{title}</b>: signing up", title=activity.title),
        *(lines(activity, view.roles) or (say("First come, first served, until the start."),)),
        say("Whoever is in it, or waits, keeps what he has, and is told."),
        *((say("Who gets a place stays, for somebody has signed up by it."),) if activity.everybody else ()),
        rows=(
            tuple(buttons[:2]),
            tuple(buttons[2:]),
            *(
                ((Button(say("Places by role"), press("activities.roles", activity.id)),),)
                if activity.has_roles
                else ()
            ),
        ),
        back=press("activities.change", activity.id),
    )


async def retouch(tx: Transaction, heard: Heard) -> Answer:
    """Ask for what shall be so from now on."""
    activity = await activities.managed_by(tx, heard.number(), heard.me)
    name = heard.args[1] if len(heard.args) > 1 else ""
    if name not in LABELS:
        raise stale()
    known = {"activity": activity.id, "field": name, "title": activity.title, "told": activity.everybody}
    return await forms.begin(tx, heard, FORM_OF[name], known)


async def rename(tx: Transaction, heard: Heard) -> Answer:
    """Ask what a role shall be called."""
    role, activity = await activities.role_of(tx, heard.number(), by=heard.me)
    known = {"role": role.id, "field": "called", "title": activity.title, "told": activity.everybody}
    return await forms.begin(tx, heard, FORM_OF["called"], known)


def _effect(known: Mapping[str, Any]) -> Iterator[Said]:
    yield say("“{title}”", title=known["title"])
    if known["told"]:
        yield say_n("{n} person in it is told of it.", "{n} people in it are told of it.", known["told"])


async def _changed(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    value: Any = answers.get(answers["field"])
    match answers["field"]:
        case "conditions":
            wanted = wording.conditions_of(value)
            activity = await activities.ask_for(tx, answers["activity"], wanted, by=heard.me)
        case "opens":
            activity = await activities.open_at(tx, answers["activity"], value, by=heard.me)
        case "closes":
            activity = await activities.close_at(tx, answers["activity"], value, by=heard.me)
        case "mode":
            activity = await activities.choose_by(tx, answers["activity"], Mode(value or Mode.FIRST), by=heard.me)
        case _:
            activity = await activities.call_role(tx, answers["role"], value, by=heard.me)
    return screen(await activities.view(tx, activity.id, heard.me), heard, tx.now).with_toast(say("Changed."))


def _form(name: str, question: Question) -> Form:
    return Form(f"activities.retouch.{name}", say("Change"), (question,), _changed, say("Change it"), LEADERS, _effect)


LABELS = {
    "conditions": say("Only for"),
    "mode": say("Who gets a place"),
    "opens": say("Sign-up opens"),
    "closes": say("Sign-up ends"),
}
ROLE = Question(
    "called",
    say("What it is called"),
    say("What shall the role be called?"),
    lambda typed, tx: reading.line_of(typed, wording.ROLE_CHARACTERS_MAX),
)
FORM_OF = {
    "conditions": _form("conditions", replace(CONDITIONS, extra=False)),
    "mode": _form(
        "mode",
        replace(MODE, extra=False, choices=tuple((mode.value, words) for mode, words in MODES.items())),
    ),
    "opens": _form("opens", replace(OPENS, extra=False)),
    "closes": _form("closes", replace(CLOSES, extra=False)),
    "called": _form("called", ROLE),
}
FORMS: tuple[Form, ...] = tuple(FORM_OF.values())
ROUTES = [
    on_press("activities.terms", terms, LEADERS),
    on_press("activities.retouch", retouch, LEADERS),
    on_press("activities.role.name", rename, LEADERS),
]
