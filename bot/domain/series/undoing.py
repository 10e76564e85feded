"""A change from a day on is taken back within a minute, before anybody was told: each date is as it was."""

import json
from collections.abc import Sequence
from typing import Any

from bot import due
from bot.cards import press
from bot.config import Reminders
from bot.domain import activities, audit
from bot.domain.activities import Activity, Change, Least
from bot.domain.people import Person
from bot.domain.series import finding, spreading
from bot.domain.series.rules import Series
from bot.domain.series.things import UNDO_SECONDS
from bot.locales import Said, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

CHANGED_BACK = ("title", "place", "starts_at", "ends_at", "points")
MINDED = ("adults_only", "supervisor_id")
KEPT = (*CHANGED_BACK, *MINDED, "closes_at", "least", "least_hours", "lapses")


NEWEST = """
    SELECT COALESCE(MAX(p.id), 0) FROM participations p JOIN activities a ON a.id = p.activity_id
    WHERE a.series_id = :series AND p.state <> 'out'
"""


async def note(tx: Transaction, before: Series, dates: Sequence[Activity], subject: str) -> None:
    """Keep for a minute what a series and its dates were; `subject` is what will be told of the change."""
    was = {
        "model": before.model.kept(),
        "minute": before.minute,
        "subject": subject,
        "newest": await tx.value(NEWEST, series=before.id),
        "dates": {
            each.id: {**{name: getattr(each, name) for name in KEPT}, "places": each.all_places} for each in dates
        },
    }
    await tx.run(
        "INSERT INTO series_changes (series_id, was, at) VALUES (:series, :was, :now) "
        "ON CONFLICT (series_id) DO UPDATE SET was = excluded.was, at = excluded.at",
        series=before.id,
        was=json.dumps(was, ensure_ascii=False),
        now=tx.now,
    )


async def undo_change(tx: Transaction, series_id: int, *, by: Person, reminders: Reminders) -> Series:
    """Let all be as it was before the newest change. Raises Refused after a minute, and where somebody signed up since."""
    await finding.series_led_by(tx, series_id, by)
    series = await finding.locked(tx, series_id)
    row = await tx.one(
        "DELETE FROM series_changes WHERE series_id = :id AND at > :earliest RETURNING was",
        id=series_id,
        earliest=tx.now - UNDO_SECONDS,
    )
    if row is None:
        raise _refused(
            say("There is nothing to undo: that works for {n} seconds. Nothing was changed.", n=UNDO_SECONDS), series
        )
    was = json.loads(row["was"])
    if await tx.value(NEWEST, series=series_id) > was["newest"]:
        raise _refused(
            say("Somebody has signed up since. Nothing was changed; change it anew, and everybody is told."), series
        )
    for activity in await finding.ahead(tx, series, held=True):
        if str(activity.id) in was["dates"]:
            await _back(tx, activity, was["dates"][str(activity.id)], by, reminders)
    await due.drop(tx, f"{was['subject']}:0", spreading.CHANGED)
    await tx.run(
        "UPDATE series SET model = :model, minute = :minute WHERE id = :id",
        model=was["model"],
        minute=was["minute"],
        id=series_id,
    )
    await audit.note(tx, "series.changed", series.name, by=by.id)
    return await finding.by_id(tx, series_id)


def _refused(why: Said, series: Series) -> Refused:
    return Refused(why, WayOut(say("The series"), press("series.open", series.id)))


async def _back(tx: Transaction, activity: Activity, was: dict[str, Any], by: Person, reminders: Reminders) -> None:
    """One date as it was."""
    same_places = activity.has_roles or was["places"] == activity.all_places
    change = Change(
        **{name: was[name] for name in CHANGED_BACK},
        places=None if same_places else was["places"],
        unlimited=not same_places and was["places"] is None,
    )
    await activities.change(tx, activity.id, change, by=by, reminders=reminders, tells=False)
    if was["closes_at"] != activity.closes_at:
        await activities.close_at(tx, activity.id, was["closes_at"], by=by, tells=False)
    least = Least(was["least"], was["least_hours"], bool(was["lapses"])) if was["least"] else None
    if was["least"] != activity.least or bool(was["lapses"]) != bool(activity.lapses):
        await activities.need(tx, activity.id, least, by=by)
    if any(was[name] != getattr(activity, name) for name in MINDED):
        await activities.mind_again(tx, activity, was["adults_only"], was["supervisor_id"], by=by)
