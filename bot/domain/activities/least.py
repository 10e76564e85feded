"""How many people an activity needs, and when it is looked at whether they are there."""

from bot import due
from bot.domain.activities import asking
from bot.domain.activities.things import HOUR, Activity, Least
from bot.storage import Transaction

LACKING = "activities.lacking"


def looked_at(activity: Activity, now: int) -> int:
    """When it is looked at; half-way to the start where it was planned later than that."""
    planned = activity.starts_at - activity.least_hours * HOUR
    return planned if planned > now else now + (activity.starts_at - now) // 2


async def settle(tx: Transaction, activity_id: int, least: Least | None) -> Activity:
    """Let it need so many people, or any number; when to look is planned anew."""
    await tx.run(
        "UPDATE activities SET least = :least, least_hours = COALESCE(:hours, least_hours), lapses = :lapses WHERE id = :id",
        least=least.people if least else None,
        hours=least.hours if least else None,
        lapses=int(least.lapses) if least else 0,
        id=activity_id,
    )
    activity = await asking.by_id(tx, activity_id)
    await plan(tx, activity)
    return activity


async def plan(tx: Transaction, activity: Activity) -> None:
    """Look in time, unless its leaders have heard of it before; what was planned before is put away."""
    await due.drop(tx, activity.name, LACKING)
    if activity.least is not None and activity.lacked_at is None:
        await due.plan(tx, LACKING, activity.name, looked_at(activity, tx.now), until=activity.starts_at)
