"""Entering hours for others: afterwards by leaders, carried over by county admins."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from bot import forms
from bot.cards import Button, Card, Page, card, press
from bot.domain import activities, groups, hours, partners, people
from bot.domain.activities import afterwards
from bot.domain.groups import Group
from bot.domain.hours import Grade, Presence, Record, length, reading
from bot.domain.people import Person
from bot.forms import Form, Question
from bot.handlers.hours import mine
from bot.locales import Said, say
from bot.refusal import Refused, WayOut
from bot.routing import Answer, Heard, Who, command
from bot.routing import press as on_press
from bot.storage import Transaction

ENTERERS = Who.LEADER | Who.ADMIN
OTHERWISE = 0
WHOLE_HOURS = {60: say("1 hour"), 120: say("2 hours"), 180: say("3 hours"), 240: say("4 hours")}


async def desk(tx: Transaction, heard: Heard) -> Answer:
    """Hours of others: enter, agree, answer, look."""
    me = heard.me
    judges = me.leads or me.is_admin
    waiting = (await hours.waiting_for(tx, me, 0)).total if judges else 0
    disputed = (await hours.disputes_for(tx, me, 0)).total if judges else 0
    rows: list[tuple[Button, ...]] = []
    if judges:
        rows.append((Button(say("Enter hours afterwards"), "hours.enter"),))
        rows.append((Button(say("They wait for me · {number}", number=waiting or 0), "hours.waiting"),))
        rows.append((Button(say("Said to be wrong · {number}", number=disputed or 0), "hours.disputes"),))
    if me.is_admin:
        rows.append((Button(say("Carry hours over"), "hours.carry"),))
    if me.reads_all:
        rows.append((Button(say("Hours to look at"), "hours.odd"),))
    return card(
        say("<b>Hours of others</b>"),
        say("What is entered afterwards counts once a second person has agreed; the person is told at once."),
        rows=tuple(rows),
        back="hours.mine",
    )


async def enter(tx: Transaction, heard: Heard) -> Answer:
    """Enter hours afterwards for somebody of your group"""
    number = 0 if heard.kind == "command" else heard.page()
    page = await activities.homes(tx, heard.me, number)
    if len(page.items) == 1 and number == 0 and not page.more:
        return await _people(tx, heard, page.items[0].id, 0)
    if not page.items:
        raise Refused(
            say("There is no group yet for which you could enter hours."), WayOut(say("Interest groups"), "groups.list")
        )
    rows = tuple((Button(say("{group}", group=g.name), press("hours.enterin", g.id)),) for g in page.items)
    return card(say("For somebody of which group?"), rows=(*rows, *page.turner("hours.enter")), back="hours.desk")


async def enter_in(tx: Transaction, heard: Heard) -> Answer:
    """Whose hours?"""
    return await _people(tx, heard, heard.number(), heard.page(1))


async def _people(tx: Transaction, heard: Heard, group_id: int, number: int) -> Answer:
    group = await groups.led_by(tx, group_id, heard.me)
    page = await groups.roll(tx, group_id, number, but=heard.me.id)
    rows = tuple(
        (Button(say("{name}", name=each.nickname), press("hours.enterfor", group_id, each.person_id)),)
        for each in page.items
    )
    return card(
        say("<b>{group}</b>: whose hours?", group=group.name),
        say("Your own are entered by another leader or a county admin."),
        page.place(),
        rows=(
            *rows,
            *page.turner("hours.enterin", group_id),
            (Button(say("From outside the group"), press("hours.outsiders", group_id)), *await _shared(tx, group_id)),
        ),
        back="hours.desk",
    )


async def _shared(tx: Transaction, group_id: int) -> tuple[Button, ...]:
    """Whose people have places in what others share with the group."""
    if not await partners.are_shared_with(tx, group_id):
        return ()
    return (Button(say("By our shared places"), press("hours.shared", group_id)),)


async def outsiders(tx: Transaction, heard: Heard) -> Answer:
    """Who from outside was signed up for what the group did lately?"""
    group = await groups.led_by(tx, heard.number(), heard.me)
    page = await afterwards.outsiders(tx, group.id, heard.page(1), but=heard.me.id)
    return _without_hours(
        group,
        page,
        say("<b>{group}</b>: whose hours, from outside?", group=group.name),
        say(
            "Whoever was signed up for an activity of the last {n} days, is not in the group and has no hours of it.",
            n=afterwards.OUTSIDERS_DAYS,
        ),
        "hours.outsiders",
    )


async def shared(tx: Transaction, heard: Heard) -> Answer:
    """Who came by the group's places to what others share with it?"""
    group = await groups.led_by(tx, heard.number(), heard.me)
    page = await afterwards.by_its_places(tx, group.id, heard.page(1), but=heard.me.id)
    return _without_hours(
        group,
        page,
        say("<b>{group}</b>: whose hours, in shared activities?", group=group.name),
        say(
            "Whoever came by a place of {group} to an activity of the last {n} days that another shares with it, and has no "
            "hours of it.",
            group=group.name,
            n=afterwards.OUTSIDERS_DAYS,
        ),
        "hours.shared",
    )


def _without_hours(group: Group, page: Page, head: Said, which: Said, route: str) -> Card:
    """A page of those without hours, each by name and activity, under what they have in common."""
    rows = [
        (
            Button(
                say("{name} · {title}", name=each.nickname, title=each.title),
                press("hours.entered", group.id, each.person_id, each.activity_id),
            ),
        )
        for each in page.items
    ]
    return card(
        head,
        which,
        page.place() if page.items else say("There is nobody."),
        rows=(*rows, *page.turner(route, group.id)),
        back=press("hours.enterin", group.id),
    )


async def enter_for(tx: Transaction, heard: Heard) -> Answer:
    """For which activity?"""
    group = await groups.led_by(tx, heard.number(), heard.me)
    person = await groups.one_of(tx, group, heard.number(1), heard.me)
    past = await activities.lately(tx, group.id, limit=5)
    rows = tuple(
        (Button(say("{title}", title=each.title), press("hours.entered", group.id, person.id, each.id)),)
        for each in past
    )
    other = (Button(say("Something else"), press("hours.entered", group.id, person.id, OTHERWISE)),)
    return card(
        say("<b>{name}</b>: for what?", name=person.nickname),
        say("For an activity it can be at most its planned duration."),
        rows=(*rows, other),
        back=press("hours.enterin", group.id),
    )


async def entered(tx: Transaction, heard: Heard) -> Answer:
    """Begin the form."""
    group = await groups.led_by(tx, heard.number(), heard.me)
    was_in = await afterwards.was_in(tx, heard.number(2), group.id, heard.number(1))
    person = await (
        people.by_id(tx, heard.number(1)) if was_in else groups.one_of(tx, group, heard.number(1), heard.me)
    )
    whom = {"id": person.id, "name": person.nickname}
    if heard.number(2) == OTHERWISE:
        return await forms.begin(tx, heard, AFTERWARDS, {"group": group.id}, whom=whom, activity=OTHERWISE)
    activity = await activities.by_id(tx, heard.number(2))
    answers = {"whom": whom, "activity": activity.id, "title": activity.title, "when": activity.starts_at}
    known = {"group": group.id, "planned": (activity.ends_at - activity.starts_at) // 60}
    return await forms.begin(tx, heard, AFTERWARDS, known, **answers)


async def _entered(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    planned, published, cause, title = None, None, f"group:{answers['group']}", answers["title"]
    begins, whose, minutes = answers["when"], answers["whom"]["id"], answers["minutes"]
    was_in = await afterwards.was_in(tx, answers["activity"], answers["group"], whose)
    if answers["activity"]:
        activity = await activities.by_id(tx, answers["activity"])
        if activity.group_id != answers["group"] and not was_in:
            raise Refused(say("This activity is another group's. Nothing was saved."))
        if activity.is_cancelled:
            raise Refused(
                say("“{title}” was cancelled: it gives no hours. Nothing was saved.", title=activity.title),
                WayOut(say("Something else"), press("hours.entered", answers["group"], whose, OTHERWISE)),
            )
        await afterwards.check_not_missed(tx, activity, whose, heard.me)
        planned, published = (activity.ends_at - activity.starts_at) // 60, activity.made_at
        cause, title, begins = activity.name, activity.title, activity.starts_at
    told = Presence(
        whose,
        Grade.AFTERWARDS,
        minutes,
        begins,
        begins + minutes * 60,
        cause,
        title,
        planned_minutes=planned,
        evidence=answers["evidence"],
        published_at=published,
    )
    record = await hours.enter_afterwards(
        tx,
        answers["group"],
        told,
        by=heard.me,
        rules=heard.house.settings.hours,
        was_in=was_in,
    )
    return await _saved(tx, record, heard.me)


async def _saved(tx: Transaction, record: Record, me: Person) -> Answer:
    toast = say("Saved. It counts once a second person has agreed; the person has been told.")
    if not record.is_pending:
        toast = say("Saved, and the person has been told; it is too little of the planned time to count.")
    return (await mine.screen(tx, record.id, me)).with_toast(toast)


async def carry(tx: Transaction, heard: Heard) -> Answer:
    """Carry hours over that somebody has from elsewhere"""
    return await forms.begin(tx, heard, CARRYING)


async def _carried(tx: Transaction, heard: Heard, answers: dict[str, Any]) -> Answer:
    first, last = date.fromisoformat(answers["first"]), date.fromisoformat(answers["last"])
    if last < first:
        raise Refused(say("The last day is before the first one. Nothing was saved; go back and write it again."))
    zone = tx.clock.zone
    ends = int(datetime.combine(last + timedelta(days=1), time(), zone).timestamp())
    told = Presence(
        (await people.one_named(tx, answers["whom"])).id,
        Grade.CARRIED,
        answers["minutes"],
        int(datetime.combine(first, time(), zone).timestamp()),
        min(ends, tx.now),
        f"carried:{tx.cause}",
        answers["title"],
        evidence=answers["evidence"],
    )
    record = await hours.carry_over(tx, told, by=heard.me, rules=heard.house.settings.hours)
    return await _saved(tx, record, heard.me)


# The forms


def _whom(value: dict[str, Any]) -> Said:
    return say("{name}", name=value["name"])


def _known(name: str) -> Any:
    return lambda answers: name in answers


def _from_activity(answers: Mapping[str, Any]) -> bool:
    """An activity names itself and its beginning."""
    return bool(answers.get("activity"))


def _lengths(known: Mapping[str, Any]) -> tuple[tuple[str, Said], ...]:
    """Whole hours; of an activity all that was planned first, and nothing longer."""
    planned = known.get("planned")
    whole = ((f"{minutes} min", label) for minutes, label in WHOLE_HOURS.items() if not planned or minutes < planned)
    return (*(((f"{planned} min", length(planned)),) if planned else ()), *whole)


WHOM = Question("whom", say("Whose"), say("Whose hours?"), lambda typed, tx: typed, show=_whom, settled=_known("whom"))
PROOF = Question(
    "evidence",
    say("Proof"),
    say("What proves it? Who saw it, what was done, where a picture or a list is. A second person reads it."),
    reading.evidence,
)
AFTERWARDS = Form(
    "hours.afterwards",
    say("Hours entered afterwards"),
    (
        WHOM,
        Question("title", say("What for"), say("What was it? One short line."), reading.title, settled=_from_activity),
        Question(
            "when",
            say("Since when"),
            say("When did it begin? For instance “yesterday 2pm” or “11/20 14:00”."),
            reading.passed,
            show=forms.as_moment,
            settled=_from_activity,
        ),
        Question(
            "minutes",
            say("How long"),
            say("How long was the person there? For instance “2 hours” or “90 minutes”."),
            reading.minutes,
            show=length,
            offers=_lengths,
        ),
        PROOF,
    ),
    _entered,
    say("Save"),
    who=ENTERERS,
)
CARRYING = Form(
    "hours.carry",
    say("Hours from elsewhere"),
    (
        Question(
            "whom", say("Whose"), say("Whose hours? Write the name, or the number such as #12."), forms.one_person
        ),
        Question("title", say("From where"), say("Which organisation or system has them?"), reading.title),
        Question("first", say("First day"), say("From which day on? With its year, such as 2025-03-01."), reading.day),
        Question("last", say("Last day"), say("Until which day? With its year, such as 2025-12-31."), reading.day),
        Question("minutes", say("How many hours"), say("How many whole hours?"), reading.carried, show=length),
        PROOF,
    ),
    _carried,
    say("Save"),
    who=Who.ADMIN,
)
FORMS: tuple[Form, ...] = (AFTERWARDS, CARRYING)
ROUTES = [
    command("enterhours", enter, ENTERERS, also=("补录时长",)),
    on_press("hours.desk", desk, Who.LEADER | Who.READER),
    on_press("hours.enter", enter, ENTERERS),
    on_press("hours.enterin", enter_in, ENTERERS),
    on_press("hours.outsiders", outsiders, ENTERERS),
    on_press("hours.shared", shared, ENTERERS),
    on_press("hours.enterfor", enter_for, ENTERERS),
    on_press("hours.entered", entered, ENTERERS),
    on_press("hours.carry", carry, Who.ADMIN),
]
