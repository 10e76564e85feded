"""Taking a place that was asked for before, or another's: what goes for whoever signs up goes for it again."""

from bot.config import Settings
from bot.domain.activities import absences, clashing, entering, minding, roles
from bot.domain.activities.knowing import known_about
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.storage import Transaction


async def check(tx: Transaction, activity: Activity, role_id: int | None, person: Person, rules: Settings) -> None:
    """Raises Refused for whoever has something else at that time, lacks what is asked, is paused, or is too young.

    `role_id`: as what. His row is held, and then the activity's.
    """
    clashing.check(activity, await clashing.engagements(tx, activity, person), sure=True)
    await _check_conditions(tx, activity, role_id, person)
    await absences.check(tx, person, rules.absences)
    await minding.check(tx, activity, person, rules.minors)


HAD_ASKED = """
    SELECT 1 FROM participations WHERE activity_id = :activity AND person_id = :person AND role_id = :role LIMIT 1
"""


async def _check_conditions(tx: Transaction, activity: Activity, role_id: int | None, person: Person) -> None:
    """What the activity and the role ask for; whoever asked for a partner's place while it was the partner's keeps his right to it."""
    known = await roles.roles_of(tx, activity)
    role = next((each for each in known if each.id == role_id), None)
    if role and role.closed and await tx.value(HAD_ASKED, activity=activity.id, person=person.id, role=role.id):
        role = None
    if not activity.conditions and not (role and role.conditions):
        return
    if refused := entering.barred(activity, role, await known_about(tx, person), tx.now):
        raise refused
