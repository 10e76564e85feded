"""Why can't I join, and who gets a place: the rules of an activity, held against what is known of whoever asks."""

import csv
import io
from collections.abc import Sequence

from bot.cards import Button, Card, File, card, press
from bot.domain import activities
from bot.domain.activities import DRAWN, Activity, Condition, Known, Mode, Role, View, why_not
from bot.domain.reports.writing import harmless
from bot.locales import BLANK, Moment, Said, say
from bot.refusal import Refused, WayOut
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
    onward = {} if view.mine else {no.onward.data: no.onward.label for no in nos}
    return card(
        say("<b>{title}</b>: how places are given", title=activity.title),
        *_window(view, now),
        say("{rule}.", rule=activities.mode_words(activity.mode)),
        *_draw(activity),
        *(_held_against(each, known, now) for each in activity.conditions),
        *(line for role in view.roles for line in _of_role(role, known, now)),
        *_sum(view, known, now),
        rows=(*((Button(label, data),) for data, label in onward.items()), *_list_button(activity)),
        back=press("activities.open", activity.id),
    )


def _sum(view: View, known: Known, now: int) -> list[Said]:
    """What it comes to for whoever asks; nothing for whoever is in, or where the window says it all."""
    activity = view.activity
    if view.mine or not activity.takes_sign_ups(now) or activity.is_after_window(now):
        return []
    out = _keeps_out(activity.conditions, known, now)
    roles_out = [_keeps_out(role.conditions, known, now) for role in view.roles]
    if out or (roles_out and all(roles_out)):
        return [BLANK, say("✗ marks what keeps you out for now.")]
    if any(roles_out):
        return [BLANK, say("✗ marks what you can't come as yet; the rest is open to you.")]
    return [BLANK, say("Nothing that I know stands in your way.")]


def _keeps_out(conditions: Sequence[Condition], known: Known, now: int) -> bool:
    return any(why_not(each, known, now) for each in conditions)


def _draw(activity: Activity) -> list[Said]:
    """The seal before the draw; the seed after it, by which everybody can recompute it."""
    if activity.mode not in DRAWN:
        return []
    seal = say("Seal: <code>{seal}</code>", seal=activity.seal)
    if activity.drawn_at is None:
        return [say("Everybody who applied has a number. At the end the seed is opened that this seal locks."), seal]
    return [
        say("Drawn {moment} with the seed <code>{seed}</code>.", moment=Moment(activity.drawn_at), seed=activity.seed),
        seal,
        say("Whoever wants to check it sorts the list by the SHA-256 of “seed:number”.")
        if activity.mode is Mode.LOTTERY
        else say(
            "Whoever wants to check it sorts the list by the SHA-256 of “seed:number”, after the day of the last service."
        ),
    ]


def _list_button(activity: Activity) -> tuple[tuple[Button, ...], ...]:
    if activity.drawn_at is None:
        return ()
    return ((Button(say("The drawn list"), press("activities.drawn", activity.id)),),)


async def drawn(tx: Transaction, heard: Heard) -> Answer:
    """The numbers in the order in which they were drawn, as a file: no names."""
    activity = (await activities.view(tx, heard.number(), heard.me)).activity
    if activity.drawn_at is None:
        raise Refused(
            say("Nothing has been drawn here yet."), WayOut(say("Open"), press("activities.open", activity.id))
        )
    held = io.StringIO(newline="")
    table = csv.writer(held)
    table.writerow(("number", "role", "served", "rank", "passed"))
    for each in await activities.tickets(tx, activity):
        table.writerow((each.number, harmless(each.role), each.served, each.rank, each.passed))
    return card(
        say("“{title}”: everybody who was drawn, by number. No names are in it.", title=activity.title),
        say("“elsewhere” marks who was passed over, having a place in something at the same time by then."),
        back=press("activities.fair", activity.id),
        file=File(f"draw-{activity.id}.csv", held.getvalue().encode("utf-8-sig")),
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
        say("<b>{role}</b>: {free} of {places} places free", role=role.called, free=role.free, places=role.places),
        *(_held_against(each, known, now) for each in role.conditions),
    ]


def _held_against(condition: Condition, known: Known, now: int) -> Said:
    no = why_not(condition, known, now)
    if no is None:
        return say("✓ For: {conditions}", conditions=activities.condition_words((condition,)) or BLANK)
    return say("✗ {why}", why=no.reason)


ROUTES = [on_press("activities.fair", fair), on_press("activities.drawn", drawn)]
