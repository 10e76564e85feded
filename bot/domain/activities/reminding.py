"""Reminders: rows planned at the sign-up, moved with the activity, dropped with the withdrawal."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

import orjson

from bot import due
from bot.cards import Button, Card, card, press
from bot.config import House, Reminders
from bot.domain import people
from bot.domain.activities import asking, coming
from bot.domain.activities.coming import coming_buttons
from bot.domain.activities.kinds import Rules
from bot.domain.activities.things import (
    HOUR,
    REMINDER_LAST_SECONDS,
    UNCONFIRMED_AFTER_HOURS,
    Activity,
)
from bot.domain.people import Person
from bot.due import Due
from bot.locales import BLANK, Said, Span, say, say_n
from bot.outbox import Lane
from bot.storage import Transaction

REMIND = "activities.remind"
OVER = "activities.over"
UNCONFIRMED = "activities.unconfirmed"
SOON_HOURS = 12


def subject(participation_id: int) -> str:
    """What a reminder is planned for: one sign-up."""
    return f"signup:{participation_id}"


def leads_hours(rules: Rules, person: Person, reminders: Reminders) -> tuple[int, ...]:
    """How many hours before the start somebody is reminded: by the settings, or as each person chose."""
    if rules.own_lead:
        return (person.event_lead_hours or reminders.event_lead_hours,)
    return reminders.task_leads_hours


async def plan(
    tx: Transaction, activity: Activity, participation_id: int, person: Person, reminders: Reminders
) -> None:
    """Plan the reminders of one sign-up, for instants that are still ahead.

    Those who wait are planned too, so that a place which comes later has its reminders; only those who have one then
    are reminded.
    """
    instants = [activity.starts_at - hours * HOUR for hours in leads_hours(activity.rules, person, reminders)]
    ahead = [(subject(participation_id), at) for at in instants if at > tx.now]
    await due.plan_each(tx, REMIND, ahead, until=activity.starts_at)


async def drop(tx: Transaction, participation_id: int) -> None:
    """Forget the reminders of one sign-up."""
    await due.drop(tx, subject(participation_id), REMIND)


MOVE_FROM = """
    DELETE FROM due WHERE bot = :bot AND state = 'new' AND deed = 'activities.remind' AND subject IN
        (SELECT 'signup:' || CAST(id AS TEXT) FROM participations WHERE activity_id = :activity AND state <> 'out')
"""
UNSENT = """
    UPDATE outbox SET state = 'dropped', done_at = :now WHERE bot = :bot AND state = 'new' AND lane = :lane AND EXISTS
        (SELECT 1 FROM participations p WHERE p.activity_id = :activity
            AND outbox.key LIKE 'remind:' || CAST(:bot AS TEXT) || ':' || CAST(p.id AS TEXT) || ':%')
"""
MOVE_TO = """
    INSERT INTO due (bot, deed, subject, due_at, until, retry_at)
    SELECT :bot, 'activities.remind', 'signup:' || CAST(id AS TEXT), at, :starts_at, at FROM (
        SELECT p.id, CAST(:starts_at AS BIGINT) - 3600 * CASE WHEN CAST(:own AS BIGINT) = 1
            THEN COALESCE(pe.event_lead_hours, :hours) ELSE :hours END AS at
        FROM participations p JOIN people pe ON pe.id = p.person_id
        WHERE p.activity_id = :activity AND p.state <> 'out') planned
    WHERE at > :now ON CONFLICT DO NOTHING
"""


async def move(tx: Transaction, activity: Activity, reminders: Reminders) -> None:
    """The activity has another time now: everybody's reminders follow, in a handful of statements.

    What was put into the outbox and has not been sent, as while Telegram is away, would name the time before.
    """
    await tx.run(UNSENT, bot=tx.bot, lane=int(Lane.REMINDER), activity=activity.id, now=tx.now)
    await tx.run(MOVE_FROM, bot=tx.bot, activity=activity.id)
    own = activity.rules.own_lead
    for hours in (reminders.event_lead_hours,) if own else reminders.task_leads_hours:
        await tx.run(
            MOVE_TO,
            bot=tx.bot,
            activity=activity.id,
            starts_at=activity.starts_at,
            own=int(own),
            hours=hours,
            now=tx.now,
        )


REMINDED = """
    SELECT s.id AS number, s.activity_id, p.* FROM participations s JOIN people p ON p.id = s.person_id
    WHERE s.state = 'in' AND s.id IN (SELECT CAST(value AS BIGINT) FROM json_each(:numbers))
"""


async def remind(tx: Transaction, items: Sequence[Due], house: House) -> None:
    """Remind those who have a place; in quiet hours when they end, if that is early enough."""
    rows = await tx.all(REMINDED, numbers=orjson.dumps([item.number for item in items]).decode())
    placed = {row["number"]: (row["activity_id"], people.of_row(row)) for row in rows}
    by_activity: dict[int, list[tuple[Due, Person]]] = defaultdict(list)
    for item in items:
        if item.number in placed:
            activity_id, person = placed[item.number]
            by_activity[activity_id].append((item, person))
    activities = await asking.each(tx, sorted(by_activity))
    ahead = [(each, by_activity[each.id]) for each in activities if each.takes_sign_ups(tx.now)]
    now = [(activity, await _awake(tx, activity, persons)) for activity, persons in ahead]
    await coming.asked(tx, [item.number for _, persons in now for item, _ in persons])
    await people.remind_each(tx, (_reminding(tx, activity, persons) for activity, persons in now))


async def _awake(
    tx: Transaction, activity: Activity, persons: Sequence[tuple[Due, Person]]
) -> list[tuple[Due, Person]]:
    """Those who can be reminded now. The others' reminders are planned anew, for when their quiet hours end.

    Planned instead of put into the outbox: who withdraws in the meantime must not be reminded.
    """
    not_after = activity.starts_at - REMINDER_LAST_SECONDS
    awake_at = {item.id: people.quiet_until(person, tx, tx.now) for item, person in persons}
    asleep = [item for item, _ in persons if tx.now < awake_at[item.id] <= not_after]
    for until, alike in groupby(asleep, lambda item: item.until):
        await due.plan_each(tx, REMIND, [(item.subject, awake_at[item.id]) for item in alike], until=until)
    kept_back = {item.id for item in asleep}
    return [(item, person) for item, person in persons if item.id not in kept_back and person.telegram_id is not None]


def _reminding(tx: Transaction, activity: Activity, persons: Sequence[tuple[Due, Person]]) -> people.Reminder:
    keyed = {f"remind:{tx.bot}:{item.number}:{item.due_at}": person for item, person in persons}
    return people.Reminder(_reminder(activity, tx.now), keyed, activity.starts_at - REMINDER_LAST_SECONDS)


def _reminder(activity: Activity, now: int) -> Card:
    """Near the start it says how near, so that the last one reads otherwise than the one before."""
    hours = max(1, round((activity.starts_at - now) / HOUR))
    soon = say_n("⏰ It begins in about {n} hour.", "⏰ It begins in about {n} hours.", hours)
    return card(
        say("<b>Reminder</b> · {kind}", kind=activity.rules.name),
        say("<b>{title}</b>", title=activity.title),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        say("📍 {place}", place=activity.place),
        *((soon,) if hours <= SOON_HOURS else ()),
        *((BLANK, say("{about}", about=activity.about)) if activity.about else ()),
        BLANK,
        say("<b>Still coming?</b>"),
        rows=(coming_buttons(activity.id), (Button(say("Open"), press("activities.open", activity.id)),)),
    )


async def plan_question(tx: Transaction, activity: Activity) -> None:
    """At the end, ask whoever answers for it who came, and once more a day later; earlier plans are put away."""
    await drop_question(tx, activity)
    await due.plan(tx, OVER, activity.name, activity.ends_at)
    await due.plan(tx, UNCONFIRMED, activity.name, activity.ends_at + UNCONFIRMED_AFTER_HOURS * HOUR)


async def drop_question(tx: Transaction, activity: Activity) -> None:
    """Nobody need be asked who came any more."""
    for deed in (OVER, UNCONFIRMED):
        await due.drop(tx, activity.name, deed)


async def over(tx: Transaction, item: Due, house: House) -> None:
    """It has just ended: ask whoever answers for it who came."""
    await _ask(tx, item, say("“{title}” is over.", title=(await asking.by_id(tx, item.number)).title))


async def unconfirmed(tx: Transaction, item: Due, house: House) -> None:
    """Remind whoever answers for an activity, once, that nobody has said who came."""
    activity = await asking.by_id(tx, item.number)
    when = Span(activity.starts_at, activity.ends_at)
    await _ask(
        tx, item, say("“{title}” was {when}, and nobody has said yet who came.", title=activity.title, when=when)
    )


async def _ask(tx: Transaction, item: Due, first: Said) -> None:
    activity = await asking.by_id(tx, item.number)
    if not activity.is_open or not activity.taken:
        return
    for leader in await asking.answerable(tx, activity):
        key = f"unconfirmed:{tx.bot}:{activity.id}:{leader.id}:{item.due_at}"
        await people.tell(tx, leader, _question(activity, first), lane=Lane.REMINDER, key=key)


def _question(activity: Activity, first: Said) -> Card:
    return card(
        first,
        say_n(
            "{n} person was signed up. Please confirm who came; points are given then.",
            "{n} people were signed up. Please confirm who came; points are given then.",
            activity.taken,
        )
        if activity.rules.earns
        else say_n(
            "{n} person was signed up. Please confirm who came.",
            "{n} people were signed up. Please confirm who came.",
            activity.taken,
        ),
        rows=((Button(say("Who came?"), press("activities.roll", activity.id)),),),
    )
