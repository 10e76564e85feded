"""Taking a place that was asked for before, or another's: what goes for whoever signs up goes for it again."""

from bot.config import Settings
from bot.domain.activities import absences, clashing, minding
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.storage import Transaction


async def check(tx: Transaction, activity: Activity, person: Person, rules: Settings) -> None:
    """Raises Refused for whoever has something else at that time, is paused, or is too young or has no consent.

    His row is held, and then the activity's.
    """
    clashing.check(activity, await clashing.engagements(tx, activity, person), sure=True)
    await absences.check(tx, person, rules.absences)
    await minding.check(tx, activity, person, rules.minors)
