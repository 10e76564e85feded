"""Changing and calling off what was published: for its leaders and county admins."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot import forms
from bot.cards import Button, Onward, card, press
from bot.domain import activities, projects
from bot.domain.activities import UNDO_SECONDS, Activity, Change, ageing, reading
from bot.forms import Form, Question
from bot.handlers.activities.publishing import PLACE, PLACES, PLACES_OR_NONE, POINTS, TITLE, WHEN
from bot.handlers.activities.showing import screen, who_is_told
from bot.locales import Said, Span, say, say_n
from bot.routing import Answer, Heard, stale
from bot.routing import press as on_press
from bot.storage import Transaction


async def change(tx: Transaction, heard: Heard) -> Answer:
    """Choose what is to be another."""
    activity = await activities.managed_by(tx, heard.number(), heard.me)
    activities.check_open(activity)
    fields = [name for name in FORM_OF if name != "points" or activity.rules.earns]
    buttons = [Button(LABELS[name], press("activities.edit", activity.id, name)) for name in fields]
    return card(
        say("<b>{title}</b>: what shall be changed?", title=activity.title),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        say("📍 {place}", place=activity.place),
        say(
            "With another time or place, everybody signed up or waiting is told: {n}.",
            n=activity.everybody,
        ),
        rows=(
            tuple(buttons[:3]),
            tuple(buttons[3:]),
            *_from_here_on(activity, "series.change"),
            (
                Button(say("At least …"), press("activities.need", activity.id)),
                Button(say("🧒 People under 18"), press("minors.minding", activity.id)),
            ),
            (
                Button(say("🎟 Signing up"), press("activities.terms", activity.id)),
                Button(say("🧭 Meeting point"), press("activities.point", activity.id)),
            ),
        ),
        back=press("activities.open", activity.id),
    )


def _from_here_on(activity: Activity, name: str) -> tuple[tuple[Button, ...], ...]:
    """For an occurrence of a series: the same for it and all after it."""
    if activity.series_id is None:
        return ()
    return ((Button(say("🔁 This one and all after it"), press(name, activity.id)),),)


async def edit(tx: Transaction, heard: Heard) -> Answer:
    """Ask for the new value."""
    activity = await activities.managed_by(tx, heard.number(), heard.me)
    activities.check_open(activity)
    name = heard.args[1] if len(heard.args) > 1 else ""
    if name not in FORM_OF:
        raise stale()
    if name == "places" and activity.has_roles:
        return Onward(press("activities.roles", activity.id))
    form = EVENT_PLACES if name == "places" and not activity.rules.limited else FORM_OF[name]
    known = {"activity": activity.id, "field": name, "title": activity.title, "was": _was(activity)[name]}
    kept = {"seconds": activity.ends_at - activity.starts_at} if name == "when" else {}
    return await forms.begin(tx, heard, form, {**known, "told": activity.everybody}, **kept)


def _was(activity: Activity) -> dict[str, Any]:
    """What it is before the change, as a form keeps it."""
    return {
        "title": activity.title,
        "when": [activity.starts_at, activity.ends_at],
        "place": activity.place,
        "places": activity.all_places,
        "points": activity.points,
    }


def _effect(known: Mapping[str, Any]) -> Iterator[Said]:
    """Of which activity it is, what it was, and who is told."""
    was = known["was"]
    shown = say("{when}", when=Span(*was)) if known["field"] == "when" else say("{value}", value=was or "–")
    yield say("“{title}”, until now: {was}", title=known["title"], was=shown)
    if known["field"] in ("when", "place") and known["told"]:
        yield say_n("{n} person in it is told of it.", "{n} people in it are told of it.", known["told"])


async def _changed(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    wanted = _wanted(answers)
    reminders = heard.house.settings.reminders
    activity = await activities.change(tx, answers["activity"], wanted, by=heard.me, reminders=reminders)
    if wanted.starts_at is not None:
        await ageing.check_young(tx, activity, heard.house.settings.minors)
    await projects.look_again(tx, activity.id)
    return screen(await activities.view(tx, activity.id, heard.me), heard, tx.now).with_toast(say("Changed."))


def _wanted(answers: dict[str, Any]) -> Change:
    value = answers[answers["field"]]
    match answers["field"]:
        case "when":
            return Change(starts_at=value["start"], ends_at=value["end"] or value["start"] + answers["seconds"])
        case "places":
            return Change(places=value, unlimited=value is None)
        case name:
            return Change(**{name: value})


def _form(name: str, *questions: Question) -> Form:
    return Form(f"activities.{name}", say("Change"), questions, _changed, say("Change it"), effect=_effect)


def _shown_when(value: dict[str, int], answers: Mapping[str, Any]) -> Said:
    """It takes as long as before where no other end is said."""
    return say("{when}", when=Span(value["start"], value["end"] or value["start"] + answers["seconds"]))


ANOTHER_TIME = replace(
    WHEN,
    ask=say(
        "When instead? Write it as you would say it, such as “next Sat 3pm”. It takes as long as before, unless you write the "
        "end, too: “tomorrow 19:30 to 21:00”."
    ),
    show_among=_shown_when,
)
LABELS = {
    "title": say("Title"),
    "when": say("When"),
    "place": say("Place"),
    "places": say("Places"),
    "points": say("Points"),
}
FORM_OF = {
    "title": _form("title", TITLE),
    "when": _form("when", ANOTHER_TIME),
    "place": _form("place", PLACE),
    "places": _form("places", replace(PLACES, ask=say("How many places are there?"), read=reading.places)),
    "points": _form("points", POINTS),
}
EVENT_PLACES = _form("places.event", replace(PLACES_OR_NONE, read=reading.places))


async def stop(tx: Transaction, heard: Heard) -> Answer:
    """Say who would be told before it is called off."""
    activity = await activities.managed_by(tx, heard.number(), heard.me)
    activities.check_open(activity)
    return card(
        say("Call off <b>{title}</b>?", title=activity.title),
        who_is_told(activity),
        rows=(
            (Button(say("Yes, give the reason"), press("activities.stop.why", activity.id), style="danger"),),
            *_from_here_on(activity, "series.stop"),
        ),
        back=press("activities.open", activity.id),
    )


async def why(tx: Transaction, heard: Heard) -> Answer:
    """Ask for the reason, which everybody in it reads."""
    activity = await activities.managed_by(tx, heard.number(), heard.me)
    activities.check_open(activity)
    known = {"activity": activity.id, "title": activity.title, "told": activity.everybody}
    return await forms.begin(tx, heard, STOP, known)


def _stops(known: Mapping[str, Any]) -> Iterator[Said]:
    yield say_n(
        "“{title}” is called off, and {n} person is told a minute later.",
        "“{title}” is called off, and {n} people are told a minute later.",
        known["told"],
        title=known["title"],
    )


async def _stopped(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    activity = await activities.cancel(tx, answers["activity"], answers["reason"], by=heard.me)
    await projects.look_again(tx, activity.id)
    told = activity.everybody
    return card(
        say("<b>{title}</b> is called off.", title=activity.title),
        say_n("{n} person is told in a minute.", "{n} people are told in a minute.", told),
        rows=((Button(say("Undo ({n} s)", n=UNDO_SECONDS), press("activities.revive", activity.id)),),),
        back=press("activities.open", activity.id),
    )


async def revive(tx: Transaction, heard: Heard) -> Answer:
    """It takes place after all."""
    activity = await activities.undo_cancelling(tx, heard.number(), by=heard.me)
    await projects.look_again(tx, activity.id)
    shown = screen(await activities.view(tx, activity.id, heard.me), heard, tx.now)
    return shown.with_toast(say("It takes place after all; nobody was told otherwise."))


STOP = Form(
    "activities.stop",
    say("Call it off"),
    (Question("reason", say("Reason"), say("Why? Everybody signed up or waiting reads it."), reading.reason),),
    _stopped,
    say("Yes, call it off"),
    effect=_stops,
    stop=say("Let it take place"),
)
FORMS: tuple[Form, ...] = (*FORM_OF.values(), EVENT_PLACES, STOP)
ROUTES = [
    on_press("activities.change", change),
    on_press("activities.edit", edit),
    on_press("activities.stop", stop),
    on_press("activities.stop.why", why),
    on_press("activities.revive", revive),
]
