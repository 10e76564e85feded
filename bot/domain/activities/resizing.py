"""More places in a role, or fewer: as for an activity, nobody loses his, and who waits is offered the new ones."""

from bot.cards import press
from bot.domain import audit
from bot.domain.activities import asking, offering, posting
from bot.domain.activities.places import Role
from bot.domain.activities.things import PLACES_MAX, Activity
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

RESIZE = """
    UPDATE activity_roles SET places = :places, taken = taken + :moved, waiting = waiting - :moved WHERE id = :id
"""
SUM = """
    UPDATE activities SET role_places = role_places + :more, taken = taken + :moved, role_waiting = role_waiting - :moved
    WHERE id = :id RETURNING *
"""


async def role_of(tx: Transaction, role_id: int, *, by: Person) -> tuple[Role, Activity]:
    """A role and its activity, if `by` answers for it. Raises Refused."""
    row = await tx.one("SELECT * FROM activity_roles WHERE id = :id", id=role_id)
    if row is None:
        raise Refused(say("There is no such role. Nothing was changed; please open the activity again."))
    role = Role.of_row(row)
    return role, await asking.managed_by(tx, role.activity_id, by)


async def resize(tx: Transaction, role_id: int, places: int, *, by: Person) -> Activity:
    """Give the role so many places. Raises Refused with fewer than are taken, and once it has begun."""
    found, _ = await role_of(tx, role_id, by=by)
    activity = await asking.locked(tx, found.activity_id)
    role, _ = await role_of(tx, role_id, by=by)
    _check_own(role)
    _check(activity, role, places, tx.now)
    moved = min(role.waiting, places - role.taken)
    await tx.run(RESIZE, id=role.id, places=places, moved=moved)
    row = await tx.one(SUM, id=activity.id, more=places - role.places, moved=moved)
    assert row is not None, "the row is held"
    after = Activity.of_row(row)
    await offering.offer(tx, after, moved, role.id)
    await audit.note(tx, "activity.changed", activity.name, by=by.id, places=after.role_places)
    await posting.redraw_soon(tx, after)
    return after


def _check_own(role: Role) -> None:
    if role.partner_id is not None:
        raise Refused(
            say(
                "These are places of {partner}, whose leaders are told of every change. Nothing was changed.",
                partner=role.name,
            ),
            WayOut(say("The partners"), press("partners.of", role.activity_id)),
        )


def _check(activity: Activity, role: Role, places: int, now: int) -> None:
    asking.check_ahead(activity, now)
    if places < role.taken:
        raise Refused(
            say(
                "{taken} people have a place already, so there can't be only {places}. Nothing was changed.",
                taken=role.taken,
                places=places,
            )
        )
    if activity.role_places - role.places + places > PLACES_MAX:
        raise Refused(say("There can be {places} places in all. Nothing was changed.", places=PLACES_MAX))
