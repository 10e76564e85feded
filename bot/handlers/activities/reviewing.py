"""Applications: a page of who asks for a place, what is known of each, and the leaders' word."""

from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import activities
from bot.domain.activities import Applicant, reading
from bot.forms import Form, Question
from bot.locales import Said, Span, say
from bot.routing import Answer, Heard, Who
from bot.routing import press as on_press
from bot.storage import Transaction

DECIDERS = Who.LEADER | Who.ADMIN


async def applicants(tx: Transaction, heard: Heard) -> Answer:
    """Who asks for a place."""
    return await _list(tx, heard, heard.number(), heard.page(1))


async def _list(tx: Transaction, heard: Heard, activity_id: int, number: int) -> Card:
    activity = await activities.managed_by(tx, activity_id, heard.me)
    page = await activities.applicants(tx, activity, number)
    return card(
        say("<b>{title}</b>: applications", title=activity.title),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        say("👥 {places}", places=activities.places_words(activity)),
        *(() if page.items else (say("Nobody waits for your word."),)),
        *((page.place(),) if page.items else ()),
        rows=(
            *((Button(_label(each), press("activities.applicant", each.id)),) for each in page.items),
            *page.turner("activities.applicants", activity.id),
        ),
        back=press("activities.open", activity.id),
    )


def _label(each: Applicant) -> Said:
    return (
        say("{name} · {role}", name=each.nickname, role=each.role) if each.role else say("{name}", name=each.nickname)
    )


async def applicant(tx: Transaction, heard: Heard) -> Answer:
    """One who asks for a place, and the two answers."""
    found, activity = await activities.applicant(tx, heard.number(), by=heard.me)
    return card(
        say("<b>{name}</b>, “{title}”", name=found.nickname, title=activity.title),
        *((say("Wants to come as: {role}", role=found.role),) if found.role else ()),
        say("Came {came} times so far, missed {missed}.", came=found.came, missed=found.missed),
        rows=(
            (
                Button(say("Accept"), press("activities.take.on", found.id), style="primary"),
                Button(say("Decline"), press("activities.turn.down", found.id)),
            ),
        ),
        back=press("activities.applicants", activity.id),
    )


async def take_on(tx: Transaction, heard: Heard) -> Answer:
    """Give the place."""
    activity = await activities.take_on(tx, heard.number(), by=heard.me, rules=heard.house.settings)
    return (await _list(tx, heard, activity.id, 0)).with_toast(say("Accepted, and told."))


async def turn_down(tx: Transaction, heard: Heard) -> Answer:
    """Ask for the reason, which the person reads."""
    found, _ = await activities.applicant(tx, heard.number(), by=heard.me)
    return await forms.begin(tx, heard, DECLINE, {"applicant": found.id})


async def _declined(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    activity = await activities.turn_down(tx, answers["applicant"], answers["reason"], by=heard.me)
    return (await _list(tx, heard, activity.id, 0)).with_toast(say("Declined, and told."))


DECLINE = Form(
    "activities.decline",
    say("Decline"),
    (Question("reason", say("Reason"), say("Why? The person reads it."), reading.reason),),
    _declined,
    say("Decline"),
    DECIDERS,
)
FORMS: tuple[Form, ...] = (DECLINE,)
ROUTES = [
    on_press("activities.applicants", applicants, DECIDERS),
    on_press("activities.applicant", applicant, DECIDERS),
    on_press("activities.take.on", take_on, DECIDERS),
    on_press("activities.turn.down", turn_down, DECIDERS),
]
