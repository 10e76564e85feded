"""Publishing: by a form, question by question, or by one message of lines; both end with the same summary."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot import forms
from bot.cards import Button, Card, card, press
from bot.domain import activities, groups, projects, series
from bot.domain.activities import KIND_NAMES, RULES, Draft, Kind, View, pasting, reading, wording
from bot.domain.activities.repeating import days_read
from bot.forms import Form, Question
from bot.handlers.activities.finding import kind_heard
from bot.handlers.activities.lacking import LEAST, least_of
from bot.handlers.activities.nearness import WHERE
from bot.handlers.activities.showing import screen
from bot.handlers.activities.terms import extras
from bot.locales import BLANK, Moment, Said, Span, say, say_n
from bot.refusal import Refused
from bot.routing import Answer, Heard, Who, command
from bot.routing import press as on_press
from bot.storage import Transaction

COUNTY = 0
DAYS_SHOWN = 5
PUBLISHERS = Who.LEADER | Who.ADMIN


async def new_task(tx: Transaction, heard: Heard) -> Answer:
    """Publish a volunteer task, question by question"""
    return await _choose_group(tx, heard, Kind.TASK, 0)


async def new_event(tx: Transaction, heard: Heard) -> Answer:
    """Publish an event, question by question"""
    return await _choose_group(tx, heard, Kind.EVENT, 0)


async def new(tx: Transaction, heard: Heard) -> Answer:
    """Choose the group; a leader of one group need not."""
    return await _choose_group(tx, heard, kind_heard(heard), heard.page(1))


async def _choose_group(tx: Transaction, heard: Heard, kind: Kind, number: int) -> Answer:
    page = await activities.homes(tx, heard.me, number)
    if len(page.items) == 1 and number == 0 and not heard.me.is_admin:
        return await _begin(tx, heard, kind, page.items[0])
    turner = page.turner("activities.new", kind)
    county = (Button(say("The whole county"), press("activities.newfor", kind, COUNTY)),) if heard.me.is_admin else ()
    rows = [(Button(say("{group}", group=g.name), press("activities.newfor", kind, g.id)),) for g in page.items]
    return card(
        say("<b>{kind}</b>: for which group?", kind=KIND_NAMES[kind]),
        say("You can also send everything in one message: /publish shows how."),
        rows=(*rows, (*(turner[0] if turner else ()), *county, Button(say("From a template"), "templates.list"))),
        back=press("activities.list", kind),
    )


async def new_for(tx: Transaction, heard: Heard) -> Answer:
    """Begin the form for the group that was chosen."""
    group_id = heard.number(1) or None
    await activities.may_publish_for(tx, group_id, heard.me)
    return await _begin(tx, heard, kind_heard(heard), await groups.by_id(tx, group_id) if group_id else None)


async def undertake(tx: Transaction, heard: Heard) -> Answer:
    """Plan a task by which a claimed need is undertaken; whoever claimed it for himself chooses the group."""
    project = await projects.held_by(tx, heard.number(), heard.me)
    home = project.holder_group_id
    if home is None and len(heard.args) > 1:
        home = heard.number(1) or None
        await activities.may_publish_for(tx, home, heard.me)
    elif home is None:
        return await _choose_home(tx, heard, project)
    group = await groups.by_id(tx, home) if home else None
    answers = {"title": project.title, "about": project.about or None}
    known = {"project": project.id, "near": project.place, "wanted": project.people}
    return await _begin(tx, heard, Kind.TASK, group, known, **answers)


async def _choose_home(tx: Transaction, heard: Heard, project: projects.Project) -> Card:
    page = await activities.homes(tx, heard.me, 0)
    rows = [
        (Button(say("{group}", group=g.name), press("activities.undertake", project.id, g.id)),) for g in page.items
    ]
    return card(
        say("“{title}”: which group takes care of it?", title=project.title),
        rows=tuple(rows),
        back=press("projects.open", project.id),
    )


async def _begin(
    tx: Transaction,
    heard: Heard,
    kind: Kind,
    group: groups.Group | None,
    known: Mapping[str, Any] | None = None,
    **answers: Any,
) -> Card:
    home = {"id": group.id, "name": group.name} if group else {"id": None, "name": ""}
    told = await activities.number_told(tx, group, heard.me)
    begun = {"kind": str(kind), "tells": told, **(known or {})}
    return await forms.begin(tx, heard, FORM_OF[kind], begun, group=home, **answers)


async def paste(tx: Transaction, heard: Heard) -> Answer:
    """Publish by one message: /publish shows how"""
    if not heard.words:
        return _example()
    values, wrong = pasting.read(heard.words, tx)
    group = None
    try:
        group = await activities.home_of(tx, values.get("group"), by=heard.me)
    except Refused as refused:
        wrong.append(pasting.Wrong(pasting.LABELS["group"], refused.reason))
    if wrong:
        return _complaints(wrong)
    kind = Kind(values.pop("kind", Kind.TASK))
    values.pop("group", None)
    asked = {question.name: None for question in FORM_OF[kind].questions if question.name != "group"}
    defaults = {"points": 0} if RULES[kind].earns else {}
    return await _begin(tx, heard, kind, group, **{**asked, **defaults, **values})


async def example(tx: Transaction, heard: Heard) -> Answer:
    """How to publish by one message."""
    return _example()


def _example() -> Card:
    return card(
        say("Send everything in one message, a line each. Copy this and change it:"),
        BLANK,
        say(
            "<code>/publish\ntitle: Clean the river bank\nwhen: next Sat 3pm\nduration: 2 hours\nplace: West bridge\n"
            "places: 20\npoints: 10\nabout: Gloves are there</code>"
        ),
        BLANK,
        say(
            "Also possible: group (if you lead several), kind (task, event, duty, training, class or visit), at least (how many people it needs), repeat (every Tue until 30 Jun), who gets a place, only for, sign-up opens, sign-up ends, meeting point (30.25,120.15). Places can be by role: "
            "6 helpers, 1 first-aider (training: first aid). You see all of it before it counts."
        ),
        rows=((Button(say("Ask me instead"), "activities.new:task"),),),
    )


def _complaints(wrong: list[pasting.Wrong]) -> Card:
    return card(
        say("Nothing was saved. Please correct this and send the whole message again:"),
        *(say("✗ <b>{line}</b> – {allowed}", line=each.line, allowed=each.allowed) for each in wrong),
        BLANK,
        say(
            "Each line is “key: value”; the keys are title, when, duration, place, places, points, at least, repeat, who gets a place, only for, "
            "sign-up opens, sign-up ends, valid for, meeting point, group, about, kind."
        ),
        rows=(
            (Button(say("Show me how"), "activities.example"), Button(say("Ask me instead"), "activities.new:task")),
        ),
    )


# The form


def shown_when(value: dict[str, int | None], answers: Mapping[str, Any]) -> Said:
    """The time as it was understood, with its weekday; of what repeats, that of the first date."""
    said, end = value["start"], value["end"]
    assert said is not None, "nothing is read without a start"
    start = _first_start(answers)
    return say("{when}", when=Moment(start) if end is None else Span(start, end + start - said))


def shown_until(value: int, answers: Mapping[str, Any]) -> Said:
    """The end that a length makes."""
    return say("{moment}", moment=Moment(_first_start(answers) + value))


def _first_start(answers: Mapping[str, Any]) -> int:
    """When it begins: of what repeats, on the first day of the rule, which need not be the day that was said."""
    start: int = answers["when"]["start"]
    repeat = answers.get("repeat")
    if not repeat or not (days := days_from(repeat, start)):
        return start
    local = datetime.fromtimestamp(start, ZoneInfo(repeat["zone"]))
    return int(datetime.combine(days[0], local.timetz()).timestamp())


def has_end(answers: Mapping[str, Any]) -> bool:
    """Was an end said with the start, so that nobody need ask how long it takes?"""
    return bool(answers.get("when") and answers["when"]["end"])


def _shown_group(value: dict[str, Any]) -> Said:
    return say("{group}", group=value["name"]) if value["id"] else say("the whole county")


async def _published(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    when = answers["when"]
    latitude, longitude = answers.get("point") or (None, None)
    draft = Draft(
        Kind(answers["kind"]),
        answers["group"]["id"],
        answers["title"],
        answers.get("about") or "",
        answers["place"],
        when["start"],
        when["end"] or when["start"] + answers["length"],
        wording.plain_places(answers),
        answers.get("points") or 0,
        least_of(answers.get("least"), heard),
        wording.terms(answers),
        latitude=latitude,
        longitude=longitude,
    )
    if answers.get("repeat"):
        return await _repeated(tx, heard, draft, answers)
    activity = await activities.publish(tx, draft, by=heard.me)
    if "project" in answers:
        await projects.undertake(tx, answers["project"], activity, by=heard.me)
    view = await activities.view(tx, activity.id, heard.me)
    return screen(view, heard, tx.now).with_toast(published_toast(view, answers.get("tells", 0)))


async def _repeated(tx: Transaction, heard: Heard, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Begin a series with what was drafted, and show its first date."""
    days = days_from(answers["repeat"], draft.starts_at)
    local = tx.local(draft.starts_at)
    _, made = await series.begin(
        tx,
        series.model_from(draft),
        series.Rhythm(
            series.repeat_of(answers["repeat"]), days[0] if days else local.date(), local.hour * 60 + local.minute
        ),
        group_id=draft.group_id,
        by=heard.me,
        weeks=heard.house.settings.activities.series_weeks,
    )
    first = await activities.view(tx, made[0].id, heard.me) if made else None
    begun = say_n("The series began; {n} date is made.", "The series began; {n} dates are made.", len(made))
    return screen(first, heard, tx.now).with_toast(begun) if first else card(begun, back="series.list")


def published_toast(view: View, tells: int) -> Said:
    """Whom publishing told."""
    if view.activity.posted:
        return say("Published, and posted in the group.")
    return (
        say_n("Published; {n} member is told.", "Published; {n} members are told.", tells)
        if tells
        else say("Published.")
    )


def effect(known: Mapping[str, Any]) -> tuple[Said, ...]:
    """Whom publishing tells, before it does."""
    tells = known.get("tells", 0)
    return (BLANK, say_n("📣 It tells {n} member.", "📣 It tells {n} members.", tells)) if tells else ()


GROUP = Question(
    "group",
    say("Group"),
    say("Which group?"),
    lambda typed, tx: typed,
    show=_shown_group,
    settled=lambda answers: True,
)
TITLE = Question("title", say("Title"), say("What is it called? One short line."), reading.title)
ABOUT = Question(
    "about", say("About"), say("What should people know? What to bring, what to wear ..."), reading.about, optional=True
)
WHEN = Question(
    "when",
    say("When"),
    say("When? Write it as you would say it, such as “next Sat 3pm” or “tomorrow 19:30 to 21:00”."),
    reading.when,
    show_among=shown_when,
)
LENGTH = Question(
    "length",
    say("Until"),
    say("How long does it take? For instance “2 hours” or “90 minutes”."),
    reading.length,
    show_among=shown_until,
    choices=(
        ("1 hour", say("1 hour")),
        ("2 hours", say("2 hours")),
        ("3 hours", say("3 hours")),
        ("4 hours", say("4 hours")),
    ),
    settled=has_end,
)


def _of_the_need(what: str) -> Callable[[Mapping[str, Any]], Iterable[tuple[str, Said]]]:
    """What stands in the need that is undertaken is an answer by one tap."""
    return lambda known: ((str(known[what]), say("{value}", value=known[what])),) if known.get(what) else ()


PLACE = Question("place", say("Place"), say("Where do people meet?"), reading.place, offers=_of_the_need("near"))
PLACES = Question(
    "places",
    say("Places"),
    say("How many places are there? A number, or who is needed: “6 helpers, 1 first-aider (training: first aid)”."),
    wording.places,
    show=wording.shown_places,
    offers=_of_the_need("wanted"),
)
PLACES_OR_NONE = replace(
    PLACES, ask=say("How many places are there? Skip it if as many may come as like."), optional=True
)
POINTS = Question(
    "points",
    say("Points"),
    say("How many points does everybody get who comes? From 0 to 1000."),
    reading.points,
    choices=tuple((str(n), say("{value}", value=n)) for n in (0, 5, 10, 20)),
)


def days_from(read: dict[str, Any], start: int) -> list[date]:
    """The first days of a rule that was read, from the local day of the first date on."""
    return series.next_days(series.repeat_of(read), _first_day(read, start), DAYS_SHOWN)


def _first_day(read: dict[str, Any], start: int) -> date:
    local = datetime.fromtimestamp(start, ZoneInfo(read["zone"])).date()
    return max(date.fromisoformat(read["first"]), local)


def _shown_repeat(value: dict[str, Any], answers: Mapping[str, Any]) -> Said:
    """The rule with its next days."""
    rule = series.repeat_of(value)
    days = series.days_words(rule, _first_day(value, answers["when"]["start"]), DAYS_SHOWN)
    return say("{rule}\n🗓 {days}", rule=series.rule_words(rule), days=days)


REPEAT = Question(
    "repeat",
    say("Repeats"),
    say(
        "Does it take place again? Write how often, such as “every Tue until 30 Jun” or “each first Saturday”. "
        "Skip it if it is only this once."
    ),
    days_read,
    show_among=_shown_repeat,
    optional=True,
    extra=True,
)


POINT = replace(WHERE, optional=True, extra=True)


def _form(kind: Kind) -> Form:
    rules = RULES[kind]
    asked = (GROUP, TITLE, ABOUT, WHEN, LENGTH, PLACE, PLACES if rules.limited else PLACES_OR_NONE)
    points = (POINTS,) if rules.earns else ()
    return Form(
        f"activities.{kind}",
        rules.new,
        (*asked, *points, *extras(kind), replace(LEAST, extra=True), REPEAT, POINT),
        _published,
        say("Publish"),
        PUBLISHERS,
        effect,
    )


FORM_OF = {kind: _form(kind) for kind in Kind}
FORMS: tuple[Form, ...] = tuple(FORM_OF.values())
ROUTES = [
    command("newtask", new_task, PUBLISHERS, also=("发布任务", "发布志愿任务")),
    command("newevent", new_event, PUBLISHERS, also=("发布活动",)),
    command("publish", paste, PUBLISHERS, also=("发布",), meant=pasting.is_one),
    on_press("activities.example", example, PUBLISHERS),
    on_press("activities.new", new, PUBLISHERS),
    on_press("activities.newfor", new_for, PUBLISHERS),
    on_press("activities.undertake", undertake, PUBLISHERS),
]
