"""Series by a rule: begun from an activity or a template, changed or called off from a day on, each with exact numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot import dates, forms
from bot.cards import Button, Card, card, press
from bot.dates import Repeat, Unit, Unreadable
from bot.domain import activities, groups, series
from bot.domain.activities import RULES, Minding, ageing, reading
from bot.domain.activities.repeating import rule_read
from bot.domain.groups import Group
from bot.domain.series import UNDO_SECONDS, Effect, Model, Wanted
from bot.forms import Form, Question
from bot.handlers.activities.lacking import LEAST, least_of
from bot.handlers.activities.publishing import (
    PLACE,
    PLACES,
    PLACES_OR_NONE,
    POINTS,
    PUBLISHERS,
    TITLE,
    effect,
)
from bot.handlers.activities.series import screen
from bot.handlers.activities.templates import SUMMARY, answers_of, home_of
from bot.locales import Day, Said, say, say_n
from bot.refusal import Refused
from bot.routing import Answer, Heard, stale
from bot.routing import press as on_press
from bot.storage import Transaction

DAYS_SHOWN = 5
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ORDINALS = ("first", "second", "third", "fourth", "last")


# Beginning


def _shown_rule(value: dict[str, Any], answers: Mapping[str, Any]) -> Said:
    """The rule as it was understood, and its next days."""
    rule, minute = series.repeat_of(value), _minute(value, answers)
    first = series.first_day(value, minute, answers.get("like_day"))
    return say(
        "{rule}\n🗓 {days}",
        rule=series.rule_words(rule, dates.written_clock(minute)),
        days=series.days_words(rule, first, DAYS_SHOWN),
    )


def _minute(value: dict[str, Any], answers: Mapping[str, Any]) -> int:
    minute = value["minute"] if value["minute"] is not None else answers["minute"]
    return int(minute)


def _offered(known: Mapping[str, Any]) -> Iterable[tuple[str, Said]]:
    """The likeliest rules for the usual weekday and time."""
    weekday, minute, nth = known["weekday"], known["minute"], known["nth"]
    at, day = dates.written_clock(minute), WEEKDAYS[weekday]
    weekly = Repeat(Unit.WEEK, weekdays=(weekday,))
    monthly = Repeat(Unit.MONTH, nth=(1, 2, 3, 4, dates.LAST)[nth], weekdays=(weekday,))
    for typed, rule in (
        (f"every {day} {at}", weekly),
        (f"every other {day} {at}", replace(weekly, each=2)),
        (f"the {ORDINALS[nth]} {day} of the month {at}", monthly),
    ):
        yield typed, series.rule_words(rule, at)


RULE = Question(
    "rule",
    say("Repeats"),
    say(
        "How often? Tap a rule, or write it as you would say it: “every Tue 19:30”, “every other Thu 7pm until 30 Jun”, "
        "“each first Saturday 9:00, not on 2 Jan”, “monthly on the 15th, 10 times”."
    ),
    rule_read,
    show_among=_shown_rule,
    offers=_offered,
)


async def repeat(tx: Transaction, heard: Heard) -> Answer:
    """Repeat an activity by a rule."""
    activity = await activities.managed_by(tx, heard.number(), heard.me)
    if activity.series_id is not None:
        raise Refused(say("“{title}” is part of a series already. Nothing was changed.", title=activity.title))
    local = tx.local(activity.starts_at)
    like = {"like": activity.id, "like_day": local.date().isoformat()}
    weekday, minute = series.usual(activity.starts_at, tx)
    return await _begin(
        tx,
        heard,
        await series.model_of(tx, activity),
        await home_of(tx, activity),
        (weekday, minute, (local.day - 1) // 7),
        like,
    )


async def repeat_template(tx: Transaction, heard: Heard) -> Answer:
    """Repeat a template by a rule."""
    found = await series.own_template(tx, heard.number(), heard.me)
    group = await groups.by_id(tx, found.group_id) if found.group_id else None
    return await _begin(tx, heard, found.model, group, (found.weekday, found.minute, 0), {})


async def _begin(
    tx: Transaction,
    heard: Heard,
    model: Model,
    group: Group | None,
    usual: tuple[int, int, int],
    like: Mapping[str, Any],
) -> Card:
    weekday, minute, nth = usual
    begun = {
        "weekday": weekday,
        "minute": minute,
        "nth": nth,
        "tells": await activities.number_told(tx, group, heard.me),
    }
    return await forms.begin(tx, heard, SERIES, begun, minute=minute, **like, **answers_of(model, group))


async def _begun(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    read, model = answers["rule"], Model.of_kept(answers["model"])
    minute = _minute(read, answers)
    if read["seconds"]:
        model = replace(model, seconds=read["seconds"])
    begun, made = await series.begin(
        tx,
        model,
        series.Rhythm(series.repeat_of(read), series.first_day(read, minute, answers.get("like_day")), minute),
        group_id=answers["group"]["id"],
        by=heard.me,
        weeks=heard.house.settings.activities.series_weeks,
        like=answers.get("like"),
    )
    shown = await screen(tx, heard, begun)
    return shown.with_toast(
        say_n("The series began; {n} date is made.", "The series began; {n} dates are made.", len(made))
    )


SERIES = Form(
    "series.new", say("New series"), (*SUMMARY[:3], RULE, *SUMMARY[3:]), _begun, say("Begin it"), PUBLISHERS, effect
)


# From here on


def _numbers(found: Effect) -> Said:
    return say_n(
        "From {day} on: {dates} dates, and {n} person is in them or waits.",
        "From {day} on: {dates} dates, and {n} people are in them or wait.",
        found.people,
        day=Day(found.day),
        dates=found.dates,
    )


async def change(tx: Transaction, heard: Heard) -> Answer:
    """Choose what is to be another from an occurrence on."""
    number = heard.number()
    found = await series.effect(tx, number, by=heard.me)
    names = [name for name in FORM_OF if name != "points" or RULES[found.series.model.kind].earns]
    buttons = [Button(LABELS[name], press("series.edit", number, name)) for name in names]
    return card(
        say("🔁 <b>{title}</b>: what shall be changed, from here on?", title=found.series.model.title),
        _numbers(found),
        say(
            "Dates that are made later are so too. With another time or place, each of them is told once, a minute later."
        ),
        rows=(
            tuple(buttons[:3]),
            tuple(buttons[3:]),
            (
                Button(say("🧒 I am there for them"), press("series.mind", number, Minding.ME)),
                Button(say("18 and older only"), press("series.mind", number, Minding.ADULTS)),
            ),
        ),
        back=press("series.open", found.series.id),
    )


async def edit(tx: Transaction, heard: Heard) -> Answer:
    """Ask for the new value."""
    number = heard.number()
    found = await series.effect(tx, number, by=heard.me)
    name = heard.args[1] if len(heard.args) > 1 else ""
    if name not in FORM_OF:
        raise stale()
    form = FREE_PLACES if name == "places" and not RULES[found.series.model.kind].limited else FORM_OF[name]
    begun = {
        "activity": number,
        "field": name,
        "day": found.day.isoformat(),
        "dates": found.dates,
        "people": found.people,
    }
    return await forms.begin(tx, heard, form, begun)


def _concerned(known: Mapping[str, Any]) -> tuple[Said, ...]:
    """The numbers as they were when the form was begun."""
    return (
        say_n(
            "From {day} on: {dates} dates, and {n} person is in them or waits.",
            "From {day} on: {dates} dates, and {n} people are in them or wait.",
            known["people"],
            day=Day(date.fromisoformat(known["day"])),
            dates=known["dates"],
        ),
    )


async def _changed(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    reminders = heard.house.settings.reminders
    wanted = _wanted(answers, heard)
    found = await series.change_from(tx, answers["activity"], wanted, by=heard.me, reminders=reminders)
    if wanted.minute is not None:
        for each in await series.ahead(tx, found.series, found.day.isoformat()):
            await ageing.check_young(tx, each, heard.house.settings.minors)
    return await _shown(tx, heard, found)


async def _shown(tx: Transaction, heard: Heard, found: Effect) -> Card:
    undo = Button(say("Undo ({n} s)", n=UNDO_SECONDS), press("series.unchange", found.series.id))
    shown = await screen(tx, heard, found.series, undo=undo)
    return shown.with_toast(say("Changed from {day} on: {n}.", day=Day(found.day), n=found.dates))


async def unchange(tx: Transaction, heard: Heard) -> Answer:
    """As it was before."""
    reminders = heard.house.settings.reminders
    shown = await screen(tx, heard, await series.undo_change(tx, heard.number(), by=heard.me, reminders=reminders))
    return shown.with_toast(say("It is as it was; nobody was told otherwise."))


async def mind(tx: Transaction, heard: Heard) -> Answer:
    """Say who may take part under 18, from here on."""
    how = heard.args[1] if len(heard.args) > 1 else ""
    if how not in set(Minding):
        raise stale()
    wanted, reminders = Wanted(minding=Minding(how)), heard.house.settings.reminders
    return await _shown(
        tx, heard, await series.change_from(tx, heard.number(), wanted, by=heard.me, reminders=reminders)
    )


def _wanted(answers: dict[str, Any], heard: Heard) -> Wanted:
    value = answers[answers["field"]]
    match answers["field"]:
        case "clock":
            return Wanted(minute=value["minute"], seconds=value["seconds"])
        case "places":
            return Wanted(places=value, unlimited=value is None)
        case "least":
            return Wanted(least=least_of(value, heard), whatever=value is None)
        case name:
            return Wanted(**{name: value})


def _clock_read(typed: str, tx: Transaction) -> dict[str, int | None]:
    try:
        minute, seconds = dates.read_hours(typed)
    except Unreadable:
        raise Refused(say("I could not read that time. Please write such as “19:30” or “19:30 to 21:00”.")) from None
    return {"minute": minute, "seconds": seconds}


def _shown_clock(value: dict[str, int | None]) -> Said:
    minute, seconds = value["minute"], value["seconds"]
    assert minute is not None, "nothing is read without a time"
    if seconds is None:
        return say("{clock}", clock=dates.written_clock(minute))
    end = minute + seconds // 60
    if end > series.DAY_MINUTES:
        return say(
            "{clock} to {end} the next day",
            clock=dates.written_clock(minute),
            end=dates.written_clock(end - series.DAY_MINUTES),
        )
    return say("{clock}–{end}", clock=dates.written_clock(minute), end=dates.written_clock(end))


CLOCK = Question(
    "clock",
    say("Time"),
    say("At which time of day? For instance “19:30” or “19:30 to 21:00”. The days stay."),
    _clock_read,
    show=_shown_clock,
)
LABELS = {
    "title": say("Title"),
    "clock": say("Time"),
    "place": say("Place"),
    "places": say("Places"),
    "least": say("At least"),
    "points": say("Points"),
}


def _form(name: str, question: Question) -> Form:
    return Form(f"series.{name}", say("Change"), (question,), _changed, say("Change it"), effect=_concerned)


FORM_OF = {
    "title": _form("title", TITLE),
    "clock": _form("clock", CLOCK),
    "place": _form("place", PLACE),
    "places": _form("places", replace(PLACES, ask=say("How many places are there?"), read=reading.places)),
    "least": _form("least", LEAST),
    "points": _form("points", POINTS),
}
FREE_PLACES = _form("places.free", replace(PLACES_OR_NONE, read=reading.places))


async def stop(tx: Transaction, heard: Heard) -> Answer:
    """Say what would be called off, and who would be told."""
    number = heard.number()
    found = await series.effect(tx, number, by=heard.me)
    return card(
        say("Call off <b>{title}</b> from {day} on?", title=found.series.model.title, day=Day(found.day)),
        _numbers(found),
        say("Each of them is told once, and the series ends."),
        rows=((Button(say("Yes, give the reason"), press("series.stop.why", number), style="danger"),),),
        back=press("series.open", found.series.id),
    )


async def why(tx: Transaction, heard: Heard) -> Answer:
    """Ask for the reason, which everybody in it reads."""
    number = heard.number()
    await series.effect(tx, number, by=heard.me)
    return await forms.begin(tx, heard, STOP, {"activity": number})


async def _stopped(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    found = await series.stop_from(tx, answers["activity"], answers["reason"], by=heard.me)
    return card(
        say("<b>{title}</b> is called off from {day} on.", title=found.series.model.title, day=Day(found.day)),
        say_n("{n} person is told in a minute.", "{n} people are told in a minute.", found.people),
        rows=((Button(say("Undo ({n} s)", n=UNDO_SECONDS), press("series.revive", found.series.id)),),),
        back=press("series.open", found.series.id),
    )


async def revive(tx: Transaction, heard: Heard) -> Answer:
    """It goes on after all."""
    found = await series.undo_stopping(tx, heard.number(), by=heard.me)
    shown = await screen(tx, heard, found)
    return shown.with_toast(say("It takes place after all; nobody was told otherwise."))


STOP = Form(
    "series.stop",
    say("Call it off"),
    (Question("reason", say("Reason"), say("Why? Everybody signed up or waiting reads it."), reading.reason),),
    _stopped,
    say("Yes, call it off"),
)
FORMS = (SERIES, *FORM_OF.values(), FREE_PLACES, STOP)
ROUTES = [
    on_press("series.repeat", repeat),
    on_press("series.template", repeat_template, PUBLISHERS),
    on_press("series.change", change),
    on_press("series.edit", edit),
    on_press("series.unchange", unchange),
    on_press("series.mind", mind),
    on_press("series.stop", stop),
    on_press("series.stop.why", why),
    on_press("series.revive", revive),
]
