"""Occurrences are made some weeks ahead: when a series begins, and each night; one for each day of the rule, ever."""

import json
from collections.abc import Sequence
from datetime import date

from bot import due
from bot.config import House
from bot.domain import activities, audit, groups, people
from bot.domain.activities import Activity, Occurrence
from bot.domain.people import Person
from bot.domain.series import finding, spreading
from bot.domain.series.rules import Rhythm, Series
from bot.domain.series.things import Model
from bot.due import Due
from bot.locales import say
from bot.refusal import Refused
from bot.storage import Transaction

NIGHTLY = "series.nightly"
GROW = "series.grow"
WEEK = 7 * 24 * 3600
# So many series are looked at in one night; what is left is made the night after, still weeks ahead.
GROWN_AT_ONCE = 5000


async def begin(
    tx: Transaction,
    model: Model,
    when: Rhythm,
    *,
    group_id: int | None,
    by: Person,
    weeks: int,
    like: int | None = None,
) -> tuple[Series, Sequence[Activity]]:
    """Begin a series, and make its first occurrences; the members of its group hear of all of them at once.

    The activity `like` which it repeats is one of them, where its day fits the rule. Raises Refused for a rule that has
    no days ahead.
    """
    await activities.may_publish_for(tx, group_id, by)
    row = await tx.one(
        "INSERT INTO series (group_id, model, rule, first_day, minute, state_at, made_at, made_by) "
        "VALUES (:group_id, :model, :rule, :first_day, :minute, :now, :now, :by) RETURNING *",
        group_id=group_id,
        model=model.kept(),
        rule=json.dumps(when.rule.kept()),
        first_day=when.first_day.isoformat(),
        minute=when.minute,
        now=tx.now,
        by=by.id,
    )
    assert row is not None, "an insert returns its row"
    series = Series.of_row(row)
    if next(series.dates(tx), None) is None:
        raise Refused(say("This rule has no day that is still ahead. Nothing was published; please write it again."))
    if like is not None:
        await _adopt(tx, series, like, by)
    await audit.note(tx, "series.begun", series.name, by=by.id, group=group_id)
    made = await grow(tx, series, weeks)
    await spreading.tell_begun(tx, series)
    return series, made


async def _adopt(tx: Transaction, series: Series, activity_id: int, by: Person) -> None:
    """The activity that is repeated is the occurrence of its day, if the rule has that day and it is still ahead."""
    activity = await activities.managed_by(tx, activity_id, by)
    day = tx.local(activity.starts_at).date()
    fits = next(series.rule.from_day(day), None) == day and day >= series.first_day
    if fits and activity.series_id is None and activity.takes_sign_ups(tx.now):
        await activities.adopt(tx, activity, Occurrence(series.id, day))


async def grow(tx: Transaction, series: Series, weeks: int) -> Sequence[Activity]:
    """Make what is missing up to so many weeks ahead, and note when the next one is to be made. What was made."""
    made, next_at = [], None
    maker = await people.by_id(tx, series.made_by)
    there = await _days(tx, series)
    for day, start in series.dates(tx):
        if start > tx.now + weeks * WEEK:
            next_at = start - weeks * WEEK
            break
        if day.isoformat() not in there:
            made.append(await make(tx, series, day, start, maker))
    await tx.run("UPDATE series SET next_at = :next WHERE id = :id", next=next_at, id=series.id)
    return made


async def _days(tx: Transaction, series: Series) -> set[str]:
    rows = await tx.all("SELECT series_day FROM activities WHERE series_id = :id", id=series.id)
    return {row["series_day"] for row in rows}


async def make(tx: Transaction, series: Series, day: date, start: int, maker: Person) -> Activity:
    """Make one occurrence; who wants to be in all of it is signed up a moment later."""
    draft = series.model.draft(series.group_id, start)
    activity = await activities.publish(tx, draft, by=maker, of=Occurrence(series.id, day))
    await due.plan(tx, spreading.FILL, f"{activity.name}:0", tx.now)
    return activity


async def nightly(tx: Transaction, item: Due, house: House) -> None:
    """Have each series looked at whose next occurrence is due to be made."""
    rows = await tx.all(
        "SELECT id FROM series WHERE state = 'on' AND next_at <= :now ORDER BY next_at LIMIT :limit",
        now=tx.now,
        limit=GROWN_AT_ONCE,
    )
    await due.plan_each(tx, GROW, [(f"series:{row['id']}", tx.now) for row in rows])


async def grow_due(tx: Transaction, item: Due, house: House) -> None:
    """Make the next occurrences of one series; its group hears of them in the morning, with those of all others."""
    series = await finding.locked(tx, item.number)
    if not series.is_on:
        return
    if series.group_id is not None and not (await groups.by_id(tx, series.group_id)).is_open:
        # Whoever opens the group again lets it go on.
        await tx.run("UPDATE series SET state = 'paused', state_at = :now WHERE id = :id", now=tx.now, id=series.id)
        return
    made = await grow(tx, series, house.settings.activities.series_weeks)
    if made and series.group_id is not None:
        await spreading.tell_in_the_morning(tx, series.group_id)
