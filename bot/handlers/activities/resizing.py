"""The places of each role, and how many there shall be."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot import forms
from bot.cards import Button, card, press
from bot.domain import activities
from bot.domain.activities import reading
from bot.domain.activities.places import Role
from bot.forms import Form, Question
from bot.handlers.activities.showing import screen
from bot.locales import Said, say
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

LEADERS = Who.LEADER | Who.ADMIN


async def listing(tx: Transaction, heard: Heard) -> Answer:
    """Choose the role that shall have more places, or fewer."""
    activity = await activities.managed_by(tx, heard.number(), heard.me)
    view = await activities.view(tx, activity.id, heard.me)
    return card(
        say("<b>{title}</b>: which role shall have other places?", title=activity.title),
        *(say("· {role}", role=activities.role_words(role)) for role in view.roles),
        rows=(
            *(_row(role) for role in view.roles if role.partner_id is None),
            # Places of a partner's are changed where its leaders are told of it.
            *(((Button(say("🤝 Partners"), press("partners.of", activity.id)),),) if _are_shared(view.roles) else ()),
        ),
        back=press("activities.change", activity.id),
    )


def _row(role: Role) -> tuple[Button, ...]:
    places = Button(say("{role} ({n})", role=role.label, n=role.places), press("activities.resize", role.id))
    return (places,) if role.is_open else (places, Button(say("✎ Rename"), press("activities.role.name", role.id)))


def _are_shared(roles: Iterable[Role]) -> bool:
    return any(role.partner_id is not None for role in roles)


async def resize(tx: Transaction, heard: Heard) -> Answer:
    """Ask how many places there shall be."""
    role, activity = await activities.role_of(tx, heard.number(), by=heard.me)
    known = {"role": role.id, "name": role.name or "–", "title": activity.title, "was": role.places}
    return await forms.begin(tx, heard, RESIZE, known)


def _effect(known: Mapping[str, Any]) -> Iterator[Said]:
    yield say("“{title}”, {role}, until now: {was}", title=known["title"], role=known["name"], was=known["was"])


async def _resized(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    activity = await activities.resize(tx, answers["role"], answers["places"], by=heard.me)
    return screen(await activities.view(tx, activity.id, heard.me), heard, tx.now).with_toast(say("Changed."))


RESIZE = Form(
    "activities.resize",
    say("Change"),
    (Question("places", say("Places"), say("How many places are there?"), reading.places),),
    _resized,
    say("Change it"),
    LEADERS,
    _effect,
)
FORMS: tuple[Form, ...] = (RESIZE,)
ROUTES = [on_press("activities.roles", listing, LEADERS), on_press("activities.resize", resize, LEADERS)]
