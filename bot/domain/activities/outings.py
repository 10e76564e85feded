"""What somebody under 18 would take part in: when it is, and how much he has that day already."""

from bot.domain import days
from bot.domain.activities.things import Activity
from bot.domain.minors import Outing
from bot.domain.people import Person
from bot.storage import Transaction

PLANNED = """
    SELECT COALESCE(SUM(a.ends_at - a.starts_at), 0) FROM participations p JOIN activities a ON a.id = p.activity_id
    WHERE p.person_id = :person AND p.state <> 'out' AND a.id <> :activity AND a.state <> 'cancelled'
        AND a.starts_at >= :first AND a.starts_at < :next
"""


async def outing(tx: Transaction, activity: Activity, person: Person, *, supervised: bool) -> Outing:
    """The activity as the rules look at it; `supervised`: somebody is there for people under 18."""
    planned = await tx.value(
        PLANNED,
        person=person.id,
        activity=activity.id,
        first=days.midnight(tx, activity.starts_at),
        next=days.next_midnight(tx, activity.starts_at),
    )
    return Outing(
        tx.local(activity.starts_at),
        tx.local(activity.ends_at),
        adults_only=bool(activity.adults_only),
        supervised=supervised,
        planned_minutes=int(planned) // 60,
    )
