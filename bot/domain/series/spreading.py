"""What many hear of a series: that it began, which occurrences are new, what changed, and that they are signed up."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot import due
from bot.cards import Button, Card, card, press
from bot.config import House
from bot.domain import activities, groups, people, telling
from bot.domain.activities import Activity
from bot.domain.series import finding
from bot.domain.series.rules import Series
from bot.domain.telling import Audience
from bot.due import Due
from bot.locales import BLANK, Day, Said, Span, say, say_n
from bot.outbox import Lane
from bot.refusal import Refused
from bot.storage import Transaction

BEGUN = "series.begun"
GROWN = "series.grown"
FILL = "series.fill"
CHANGED = "series.changed"
STOPPED = "series.stopped"
MORNING_HOUR = 9
DATES_SHOWN = 8
BUTTONS_SHOWN = 6
FILLED_AT_ONCE = 25
MEMBERS = "FROM memberships m JOIN people p ON p.id = m.person_id WHERE m.group_id = :group_id AND m.state = 'in'"
# Each of them once, however many of its occurrences they are in.
# Whoever is in any of it, and whose child is.
IN_IT = """
    FROM people p WHERE p.id IN (
        WITH concerned AS (SELECT s.person_id FROM participations s JOIN activities a ON a.id = s.activity_id
            WHERE a.series_id = :series AND a.series_day >= :day AND s.state <> 'out' AND a.starts_at > :now)
        SELECT person_id FROM concerned UNION SELECT g.guardian_id FROM concerned c
            JOIN people n ON n.id = c.person_id AND n.age IN ('child', 'youth')
            JOIN guardianships g ON g.person_id = c.person_id AND g.withdrawn_at IS NULL AND g.guardian_id IS NOT NULL)
"""


# A series began, and occurrences were made


async def tell_begun(tx: Transaction, series: Series) -> None:
    """Post it where the group talks, or let its members be told one by one; the county's is told nobody."""
    if series.group_id is None:
        return
    group = await groups.by_id(tx, series.group_id)
    shown = await _begun(tx, series, group.name)
    if not await groups.post(tx, group, shown):
        await telling.begin(tx, BEGUN, series.name)


async def tell_begun_on(tx: Transaction, item: Due, house: House) -> None:
    """Tell the next slice of the group's members that a series began, but whoever began it."""
    series = await finding.by_id(tx, item.number)
    if series.group_id is None or not series.is_on:
        return
    group = await groups.by_id(tx, series.group_id)
    audience = Audience(f"{MEMBERS} AND p.id <> :maker", "m.id", {"group_id": series.group_id, "maker": series.made_by})
    await telling.spread(tx, item, f"{BEGUN}:{series.id}", audience, await _begun(tx, series, group.name))


async def _begun(tx: Transaction, series: Series, group: str) -> Card:
    model, made = series.model, await finding.ahead(tx, series)
    return card(
        say("🔁 <b>{title}</b>", title=model.title),
        say("{kind} of {group}", kind=activities.RULES[model.kind].name, group=group),
        say("🗓 {rule}", rule=series.words()),
        say("📍 {place}", place=model.place),
        *((BLANK, say("{about}", about=model.about)) if model.about else ()),
        BLANK,
        *(_when(each) for each in made[:DATES_SHOWN]),
        rows=(
            (Button(say("Sign me up for all"), press("series.here", series.id), style="primary"),),
            *((Button(_short(each), press("activities.here", each.id)),) for each in made[:BUTTONS_SHOWN]),
        ),
        home=False,
    )


def _when(activity: Activity) -> Said:
    return say("· {when}", when=Span(activity.starts_at, activity.ends_at))


def _short(activity: Activity) -> Said:
    return say("{when}", when=Span(activity.starts_at, activity.ends_at))


async def tell_in_the_morning(tx: Transaction, group_id: int) -> None:
    """Let a group hear of what was made for it this day: once, in the morning, of all its series together."""
    today = tx.today
    at = int(datetime.combine(today, time(MORNING_HOUR), tx.clock.zone).timestamp())
    await due.plan(tx, GROWN, f"group:{group_id}:{today.toordinal()}:0", max(at, tx.now))


# Those of a series that began this day were told with it.
NEW = """
    SELECT a.* FROM activities a JOIN series s ON s.id = a.series_id
    WHERE a.group_id = :group AND a.state = 'open' AND a.starts_at > :now AND a.made_at >= :from AND a.made_at < :to
        AND a.made_at > s.made_at ORDER BY a.starts_at, a.id LIMIT :limit
"""


async def tell_grown(tx: Transaction, item: Due, house: House) -> None:
    """Tell a group of its new occurrences: in its chat, or the next slice of its members."""
    _, group_id, ordinal, after = item.subject.split(":")
    day = date.fromordinal(int(ordinal))
    start = datetime.combine(day, time(), tx.clock.zone)
    end = datetime.combine(day + timedelta(days=1), time(), tx.clock.zone)
    rows = await tx.all(
        NEW,
        group=int(group_id),
        now=tx.now,
        **{"from": int(start.timestamp()), "to": int(end.timestamp())},
        limit=DATES_SHOWN,
    )
    new = [Activity.of_row(row) for row in rows]
    group = await groups.by_id(tx, int(group_id))
    if not new or not group.is_open:
        return
    screen = _grown(new, group.name)
    name = f"{GROWN}:{group.id}:{ordinal}"
    if after == "0" and await groups.post(tx, group, screen, key=f"{name}:{tx.bot}"):
        return
    await telling.spread(tx, item, name, Audience(MEMBERS, "m.id", {"group_id": group.id}), screen)


def _grown(new: Sequence[Activity], group: str) -> Card:
    return card(
        say("🔁 <b>{group}</b>: new dates", group=group),
        *(say("<b>{title}</b> · {when}", title=each.title, when=Span(each.starts_at, each.ends_at)) for each in new),
        rows=tuple(
            (Button(say("{title} · {day}", title=each.title, day=_day(each)), press("activities.here", each.id)),)
            for each in new[:BUTTONS_SHOWN]
        ),
        home=False,
    )


def _day(activity: Activity) -> Said:
    assert activity.series_day is not None, "it is an occurrence"
    return say("{day}", day=Day(date.fromisoformat(activity.series_day)))


# Who wants to be in all of it


async def fill(tx: Transaction, item: Due, house: House) -> None:
    """Sign up a portion of those who want to be in each occurrence, in the order in which they said so."""
    _, activity_id, after = item.subject.split(":")
    activity = await activities.by_id(tx, int(activity_id))
    rows = await tx.all(
        "SELECT f.id AS follower, p.* FROM series_followers f JOIN people p ON p.id = f.person_id "
        "WHERE f.series_id = :series AND f.id > :after ORDER BY f.id LIMIT :limit",
        series=activity.series_id,
        after=int(after),
        limit=FILLED_AT_ONCE,
    )
    if not activity.takes_sign_ups(tx.now):
        return
    for row in rows:
        await _fill_one(tx, activity, people.of_row(row), house)
    if len(rows) == FILLED_AT_ONCE:
        await due.plan(tx, FILL, f"{activity.name}:{rows[-1]['follower']}", tx.now)


async def _fill_one(tx: Transaction, activity: Activity, person: people.Person, house: House) -> None:
    key = f"{FILL}:{tx.bot}:{activity.id}:{person.id}"
    try:
        async with tx.savepoint():
            view = await activities.sign_up(tx, activity.id, by=person, rules=house.settings)
    except Refused as refused:
        said = say("You are not in it: {why}", why=refused.reason)
        await people.tell(tx, person, _filled(activity, said), lane=Lane.REMINDER, key=key)
        return
    queued = view.mine is not None and view.mine.queue
    said = (
        say("It is full; you are number {n} on the waiting list.", n=view.mine.queue)
        if view.mine and queued
        else say("You are signed up, as you wanted for all of it.")
    )
    await people.tell(tx, person, _filled(activity, said), lane=Lane.REMINDER, key=key)


def _filled(activity: Activity, said: Said) -> Card:
    assert activity.series_id is not None, "it is an occurrence"
    return card(
        say("🔁 <b>{title}</b>", title=activity.title),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        said,
        rows=(
            (
                Button(say("Open"), press("activities.open", activity.id)),
                Button(say("I can't come"), press("activities.leave", activity.id)),
            ),
            (Button(say("The series"), press("series.open", activity.series_id)),),
        ),
    )


# Changed or stopped from a day on: one word to each, whatever he is in


async def tell_changed(tx: Transaction, item: Due, house: House) -> None:
    """Tell the next slice of those concerned what holds from a day on."""
    _, series_id, ordinal, number, _ = item.subject.split(":")
    series = await finding.by_id(tx, int(series_id))
    day = date.fromordinal(int(ordinal))
    ahead = await finding.ahead(tx, series, day.isoformat())
    screen = card(
        say("🔁 <b>{title}</b>", title=series.model.title),
        say("⚠️ <b>Time or place have changed</b> from {day} on. Now it is:", day=Day(day)),
        *(_when(each) for each in ahead[:DATES_SHOWN]),
        say("📍 {place}", place=series.model.place),
        rows=((Button(say("The series"), press("series.open", series.id)),),),
    )
    await _spread(tx, item, f"{CHANGED}:{series.id}:{number}", series, day, screen)


async def tell_stopped(tx: Transaction, item: Due, house: House) -> None:
    """Tell the next slice of those concerned that it takes place no more from a day on."""
    _, series_id, ordinal, number, _ = item.subject.split(":")
    series = await finding.by_id(tx, int(series_id))
    day = date.fromordinal(int(ordinal))
    reason = await tx.value(
        "SELECT reason FROM activities WHERE series_id = :id AND series_day >= :day AND state = 'cancelled' "
        "ORDER BY series_day LIMIT 1",
        id=series.id,
        day=day.isoformat(),
    )
    if not series.is_ended or reason is None:
        return
    screen = card(
        say("🔁 <b>{title}</b>", title=series.model.title),
        say("❌ <b>Cancelled</b> from {day} on: {reason}", day=Day(day), reason=reason),
        say_n(
            "You are asked for {n} date no more.",
            "You are asked for {n} dates no more.",
            await _stopped_number(tx, series, day),
        ),
        rows=((Button(say("The series"), press("series.open", series.id)),),),
    )
    await _spread(tx, item, f"{STOPPED}:{series.id}:{number}", series, day, screen)


async def _stopped_number(tx: Transaction, series: Series, day: date) -> int:
    return int(
        await tx.value(
            "SELECT COUNT(*) FROM activities WHERE series_id = :id AND series_day >= :day AND state = 'cancelled' "
            "AND settled_at = :at",
            id=series.id,
            day=day.isoformat(),
            at=series.state_at,
        )
    )


async def _spread(tx: Transaction, item: Due, name: str, series: Series, day: date, screen: Card) -> None:
    audience = Audience(IN_IT, "p.id", {"series": series.id, "day": day.isoformat(), "now": item.due_at})
    await telling.spread(tx, item, name, audience, screen, lane=Lane.URGENT)
