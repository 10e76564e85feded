"""Why can't I join, and who gets a place: the rules of an activity, held against what is known of whoever asks."""

from bot.cards import Button, Card, card, press
from bot.domain import activities
from bot.domain.activities import Condition, Known, Role, View, why_not
from bot.locales import BLANK, Moment, Said, say
from bot.routing import Answer, Heard
from bot.routing import press as on_press
from bot.storage import Transaction


async def fair(tx: Transaction, heard: Heard) -> Answer:
    """How the places are given, and what stands in the way."""
    view = await activities.view(tx, heard.number(), heard.me)
    return _rules(view, await activities.known_about(tx, heard.me), tx.now)


def _rules(view: View, known: Known, now: int) -> Card:
    activity = view.activity
    conditions = [*activity.conditions, *(each for role in view.roles for each in role.conditions)]
    nos = [no for each in conditions if (no := why_not(each, known, now))]
    onward = {no.onward.data: no.onward.label for no in nos}
    return card(
        say("<b>{title}</b>: how places are given", title=activity.title),
        *_window(view, now),
        say("{rule}.", rule=activities.mode_words(activity.mode)),
        *(_held_against(each, known, now) for each in activity.conditions),
        *(line for role in view.roles for line in _of_role(role, known, now)),
        BLANK,
        say("Nothing that I know stands in your way.") if not nos else say("✗ marks what keeps you out for now."),
        rows=tuple((Button(label, data),) for data, label in onward.items()),
        back=press("activities.open", activity.id),
    )


def _window(view: View, now: int) -> list[Said]:
    activity = view.activity
    if activity.opens_at is not None and activity.is_before_window(now):
        return [say("✗ Signing up opens {moment}.", moment=Moment(activity.opens_at))]
    if activity.closes_at is None:
        return []
    if activity.is_after_window(now):
        return [say("✗ Signing up ended {moment}.", moment=Moment(activity.closes_at))]
    return [say("✓ Signing up is open until {moment}.", moment=Moment(activity.closes_at))]


def _of_role(role: Role, known: Known, now: int) -> list[Said]:
    return [
        say("<b>{role}</b>: {free} of {places} places free", role=role.name, free=role.free, places=role.places),
        *(_held_against(each, known, now) for each in role.conditions),
    ]


def _held_against(condition: Condition, known: Known, now: int) -> Said:
    no = why_not(condition, known, now)
    if no is None:
        return say("✓ For: {conditions}", conditions=activities.condition_words((condition,)) or BLANK)
    return say("✗ {why}", why=no.reason)


ROUTES = [on_press("activities.fair", fair)]
