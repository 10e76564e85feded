"""Templates, and what was once: published again with another date, in a few taps."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import activities, groups, series
from bot.domain.activities import Activity, Kind, Mode, reading
from bot.domain.activities.conditions import Condition
from bot.domain.activities.wording import NEWCOMERS
from bot.domain.groups import Group
from bot.domain.series import NAME_CHARACTERS_MAX, UNDO_SECONDS, Model, Template
from bot.forms import Form, Question
from bot.handlers.activities.lacking import LEAST
from bot.handlers.activities.publishing import (
    ABOUT,
    COUNTY,
    GROUP,
    PLACE,
    PLACES_OR_NONE,
    POINT,
    POINTS,
    PUBLISHERS,
    TITLE,
    WHEN,
    effect,
    published_toast,
)
from bot.handlers.activities.showing import screen
from bot.handlers.activities.terms import CONDITIONS, MODE
from bot.locales import BLANK, Moment, Said, Span, say, say_n
from bot.routing import Answer, Heard, Who, command
from bot.routing import press as on_press
from bot.storage import Transaction

# The form: all is known but the date.


def _always(answers: Mapping[str, Any]) -> bool:
    return True


def known(question: Question) -> Question:
    """The question for the summary alone: its answer is there before."""
    return replace(question, settled=_always, extra=False)


def answers_of(model: Model, group: Group | None) -> dict[str, Any]:
    """What a form would have been answered, had somebody typed the model."""
    least = {"people": model.least.people, "lapses": model.least.lapses} if model.least else None
    return {
        "group": {"id": group.id, "name": group.name} if group else {"id": None, "name": ""},
        "title": model.title,
        "about": model.about or None,
        "place": model.place,
        **_terms_of(model),
        "points": model.points or None,
        "least": least,
        "point": None if model.latitude is None else [model.latitude, model.longitude],
        "model": model.kept(),
        "seconds": model.seconds,
    }


def _terms_of(model: Model) -> dict[str, Any]:
    """Who is needed and who gets a place, as if it had been typed."""
    terms = model.draft(None, 0).terms
    roles = [[role.name, role.places, _pairs(role.conditions)] for role in terms.roles]
    mode = NEWCOMERS if terms.share else terms.mode.value
    return {
        "places": roles or model.places,
        "mode": mode if mode != Mode.FIRST else None,
        "conditions": _pairs(terms.conditions) or None,
    }


def _pairs(conditions: Iterable[Condition]) -> list[list[Any]]:
    return [[each.kind, each.value] for each in conditions]


def _shown_when(value: dict[str, int | None], answers: Mapping[str, Any]) -> Said:
    start, end = value["start"], value["end"]
    assert start is not None, "nothing is read without a start"
    return say("{when}", when=Span(start, end or start + answers["seconds"]))


def _offers(known: Mapping[str, Any]) -> Iterable[tuple[str, Said]]:
    """The next such days, as instants that were written down when the form was begun."""
    for typed, at in known["offers"]:
        yield typed, say("{moment}", moment=Moment(at))


# Those on which it takes place already are not offered.
DATES_LOOKED_AT, DATES_OFFERED = 8, 3
DATE = replace(
    WHEN,
    ask=say("When this time? Tap a date, or write another one, such as “next Sat 3pm”."),
    show_among=_shown_when,
    offers=_offers,
)


async def begin_dated(
    tx: Transaction, heard: Heard, model: Model, group: Group | None, weekday: int, minute: int
) -> Card:
    """Ask for the date alone, with the next ones of this weekday and time to tap."""
    held = await activities.starts_ahead(tx, model.title, group.id if group else None)
    dates = (each for each in series.next_dates(weekday, minute, tx, DATES_LOOKED_AT) if each.timestamp() not in held)
    offers = [(_typed(each), int(each.timestamp())) for each in islice(dates, DATES_OFFERED)]
    tells = await activities.number_told(tx, group, heard.me)
    begun = {"offers": offers, "tells": tells, "minded": model.supervisor_id is not None}
    return await forms.begin(tx, heard, DATED, begun, **answers_of(model, group))


def _effect(known: Mapping[str, Any]) -> Iterable[Said]:
    """Whom it tells, and that whoever publishes it is there for people under 18, as somebody was before."""
    if known.get("minded"):
        yield say("🧒 By publishing you say that you are there for people under 18, as somebody was before.")
    yield from effect(known)


def _typed(date: datetime) -> str:
    return f"{date:%Y-%m-%d %H:%M}"


async def _published(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    model = Model.of_kept(answers["model"])
    if model.supervisor_id is not None:
        model = replace(model, supervisor_id=heard.me.id)
    draft = model.draft(answers["group"]["id"], answers["when"]["start"], answers["when"]["end"])
    activity = await activities.publish(tx, draft, by=heard.me)
    view = await activities.view(tx, activity.id, heard.me)
    return screen(view, heard, tx.now).with_toast(published_toast(view, answers.get("tells", 0)))


SUMMARY = tuple(
    known(question) for question in (GROUP, TITLE, ABOUT, PLACE, PLACES_OR_NONE, POINTS, MODE, CONDITIONS, LEAST, POINT)
)
DATED = Form(
    "activities.dated",
    say("Publish again"),
    (*SUMMARY[:3], DATE, *SUMMARY[3:]),
    _published,
    say("Publish"),
    PUBLISHERS,
    _effect,
)


# Again


async def anew(tx: Transaction, heard: Heard) -> Answer:
    """What can be made of an activity that was published once."""
    activity = await activities.managed_by(tx, heard.number(), heard.me)
    home = press("activities.open", activity.id)
    return card(
        say("<b>{title}</b>: once more?", title=activity.title),
        say("Everything stays as it was but the date."),
        rows=(
            (Button(say("On another date"), press("activities.again", activity.id), style="primary"),),
            *(
                ((Button(say("Repeat it by a rule"), press("series.repeat", activity.id)),),)
                if activity.series_id is None
                else ()
            ),
            (Button(say("Keep as a template"), press("templates.keep", activity.id)),),
            *(((Button(say("Who came, thanks, corrections"), home),),) if activity.ends_at <= tx.now else ()),
        ),
        back=home,
    )


async def again(tx: Transaction, heard: Heard) -> Answer:
    """Publish an activity again on another date."""
    activity = await activities.managed_by(tx, heard.number(), heard.me)
    return await begin_dated(
        tx,
        heard,
        await series.model_of(tx, activity),
        await home_of(tx, activity),
        *series.usual(activity.starts_at, tx),
    )


async def home_of(tx: Transaction, activity: Activity) -> Group | None:
    """The group of an activity, None for the whole county's."""
    return await groups.by_id(tx, activity.group_id) if activity.group_id else None


# Templates


# Where an activity stands that may become the first template.
_SOURCES = (Button(say("What I lead"), "activities.led"), Button(say("＋ New"), press("activities.new", Kind.TASK)))


async def listed(tx: Transaction, heard: Heard) -> Answer:
    """Templates: publish in three taps what you publish often"""
    page = await series.templates_of(tx, heard.me, heard.page())
    rows = tuple(
        (
            Button(say("{name}", name=each.name), press("templates.use", each.id)),
            Button(say("✎ Change"), press("templates.open", each.id)),
        )
        for each in page.items
    )
    return card(
        say("<b>Templates</b>"),
        say("Tap one and choose a date.")
        if page.items
        else say("There are none yet. Open an activity that was published, and keep it with “Once more …”."),
        *((page.place(),) if page.items else ()),
        rows=(*rows, *page.turner("templates.list"), *(() if page.items else (_SOURCES,))),
        back="activities.list:task",
    )


async def use(tx: Transaction, heard: Heard) -> Answer:
    """Publish from a template: it asks for the group where there are several, and for the date."""
    found = await series.template(tx, heard.number(), heard.me)
    if found.group_id is not None:
        return await _begin(tx, heard, found, await groups.by_id(tx, found.group_id))
    page = await activities.homes(tx, heard.me, heard.page(1))
    if len(page.items) == 1 and page.number == 0 and not heard.me.is_admin:
        return await _begin(tx, heard, found, page.items[0])
    county = (
        (Button(say("The whole county"), press("templates.usefor", found.id, COUNTY)),) if heard.me.is_admin else ()
    )
    turner = page.turner("templates.use", found.id)
    return card(
        say("<b>{kind}</b>: for which group?", kind=say("{name}", name=found.name)),
        rows=(
            *((Button(say("{group}", group=g.name), press("templates.usefor", found.id, g.id)),) for g in page.items),
            (*(turner[0] if turner else ()), *county),
        ),
        back="templates.list",
    )


async def use_for(tx: Transaction, heard: Heard) -> Answer:
    """Publish from a template of the county for the group that was chosen."""
    found = await series.template(tx, heard.number(), heard.me)
    group_id = heard.number(1) or None
    await activities.may_publish_for(tx, group_id, heard.me)
    return await _begin(tx, heard, found, await groups.by_id(tx, group_id) if group_id else None)


async def _begin(tx: Transaction, heard: Heard, found: Template, group: Group | None) -> Card:
    return await begin_dated(tx, heard, found.model, group, found.weekday, found.minute)


async def opened(tx: Transaction, heard: Heard) -> Answer:
    """What stands in a template, and its name."""
    found = await series.own_template(tx, heard.number(), heard.me)
    group = (await groups.by_id(tx, found.group_id)).name if found.group_id else ""
    model = found.model
    return card(
        say("<b>{name}</b>", name=found.name),
        say("{kind} of {group}", kind=activities.RULES[model.kind].name, group=group)
        if group
        else say("{kind} of {group}", kind=activities.RULES[model.kind].name, group=say("the whole county")),
        say("{title} · 📍 {place}", title=model.title, place=model.place),
        *((say_n("{n} place", "{n} places", model.places),) if model.places else ()),
        *((BLANK, say("{about}", about=model.about)) if model.about else ()),
        rows=(
            (
                Button(say("Publish"), press("templates.use", found.id), style="primary"),
                Button(say("Repeat it by a rule"), press("series.template", found.id)),
            ),
            (
                Button(say("Rename"), press("templates.rename", found.id)),
                Button(say("Delete"), press("templates.delete", found.id), style="danger"),
            ),
        ),
        back="templates.list",
    )


async def keep(tx: Transaction, heard: Heard) -> Answer:
    """Ask for the name under which an activity is kept."""
    activity = await activities.managed_by(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, KEEP, {"activity": activity.id, "called": activity.title})


async def _kept(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    found = await series.keep(tx, answers["activity"], answers["name"], by=heard.me)
    return card(
        say("“{name}” is a template now.", name=found.name),
        rows=((Button(say("Publish"), press("templates.use", found.id)),),),
        back="templates.list",
    )


async def rename(tx: Transaction, heard: Heard) -> Answer:
    """Ask for another name."""
    found = await series.own_template(tx, heard.number(), heard.me)
    return await forms.begin(tx, heard, RENAME, {"template": found.id, "called": found.model.title})


async def _renamed(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    found = await series.rename(tx, answers["template"], answers["name"], by=heard.me)
    return await opened(tx, replace(heard, args=(str(found.id),)))


async def delete(tx: Transaction, heard: Heard) -> Answer:
    """Delete a template; what was published from it stays."""
    found = await series.delete(tx, heard.number(), by=heard.me)
    return card(
        say("“{name}” is deleted. What was published from it stays.", name=found.name),
        rows=((Button(say("Undo ({n} s)", n=UNDO_SECONDS), press("templates.back", found.id)),),),
        back="templates.list",
    )


async def bring_back(tx: Transaction, heard: Heard) -> Answer:
    """Take a deletion back."""
    found = await series.bring_back(tx, heard.number(), by=heard.me)
    return await opened(tx, replace(heard, args=(str(found.id),)))


def _title(known: Mapping[str, Any]) -> Iterable[tuple[str, Said]]:
    title = known["called"][:NAME_CHARACTERS_MAX]
    return ((title, say("{title}", title=title)),)


NAME = Question(
    "name",
    say("Name"),
    say("What shall it be called in the list of templates? At most {limit} characters.", limit=NAME_CHARACTERS_MAX),
    lambda typed, tx: reading.line_of(typed, NAME_CHARACTERS_MAX),
    offers=_title,
)
KEEP = Form("templates.keep", say("New template"), (NAME,), _kept, say("Keep it"), PUBLISHERS)
RENAME = Form("templates.rename", say("Rename"), (NAME,), _renamed, say("Change it"), PUBLISHERS)
FORMS = (DATED, KEEP, RENAME)
ROUTES = [
    command("templates", listed, PUBLISHERS, also=("模板",)),
    on_press("templates.list", listed, PUBLISHERS),
    on_press("templates.use", use, PUBLISHERS),
    on_press("templates.usefor", use_for, PUBLISHERS),
    on_press("templates.open", opened, PUBLISHERS),
    on_press("templates.keep", keep),
    on_press("templates.rename", rename, PUBLISHERS),
    on_press("templates.delete", delete, PUBLISHERS),
    on_press("templates.back", bring_back, PUBLISHERS),
    on_press("activities.anew", anew),
    on_press("activities.again", again, Who.LEADER | Who.ADMIN),
]
