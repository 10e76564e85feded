"""Whoever confirms an activity in which he took part himself: somebody else says whether he came, and is asked to."""

from bot import due
from bot.cards import Button, Card, card, press
from bot.config import House
from bot.domain import people
from bot.domain.activities import asking
from bot.domain.activities.attendance import Attendance
from bot.domain.activities.things import HOUR, Activity
from bot.domain.people import Person, Role
from bot.due import Due
from bot.locales import Span, say
from bot.outbox import Lane
from bot.storage import Transaction

VOUCH = "activities.vouch"
# Asked at once, and again after so many hours; from the second time on the county's admins are asked too.
AGAIN_HOURS = (24, 72)
OWN = """
    SELECT id FROM participations
    WHERE activity_id = :activity AND person_id = :person AND state = 'in' AND confirmed_at IS NULL
"""


async def begin(tx: Transaction, activity: Activity, by: Person) -> None:
    """`by` has confirmed the others: if he took part himself, somebody is asked about him."""
    if await tx.value(OWN, activity=activity.id, person=by.id) is not None:
        await due.plan(tx, VOUCH, f"{activity.name}:0", tx.now)


async def ask(tx: Transaction, item: Due, house: House) -> None:
    """Ask those who may say whether he came, until one of them has."""
    activity, times = await asking.by_id(tx, item.number), int(item.subject.split(":")[2])
    if activity.settled_by is None or not activity.is_confirmed:
        return
    person = await people.by_id(tx, activity.settled_by)
    signup = await tx.value(OWN, activity=activity.id, person=person.id)
    if signup is None or person.forgotten_at is not None:
        return
    for other in await _others(tx, activity, person, admins=times > 0):
        key = f"{VOUCH}:{tx.bot}:{activity.id}:{times}:{other.id}"
        await people.tell(tx, other, _question(activity, person, signup), lane=Lane.REMINDER, key=key)
    if times < len(AGAIN_HOURS):
        await due.plan(tx, VOUCH, f"{activity.name}:{times + 1}", tx.now + AGAIN_HOURS[times] * HOUR)


async def _others(tx: Transaction, activity: Activity, person: Person, *, admins: bool) -> list[Person]:
    """Who else answers for it; the county's admins where nobody does, or has not answered."""
    found = {each.id: each for each in await asking.answerable(tx, activity)}
    found.pop(person.id, None)
    if admins or not found:
        found |= {each.id: each for each in await people.with_role(tx, Role.ADMIN) if each.id != person.id}
    return list(found.values())


def _question(activity: Activity, person: Person, signup: int) -> Card:
    return card(
        say("<b>{title}</b>: did {name} come?", title=activity.title, name=person.nickname),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        say("{name} confirmed all the others; nobody confirms himself, so you are asked.", name=person.nickname),
        rows=(
            (
                Button(say("✅ Came"), press("activities.correct", signup, Attendance.CAME, 0), style="primary"),
                Button(say("❌ Missed"), press("activities.correct", signup, Attendance.MISSED, 0)),
            ),
            (Button(say("Who came?"), press("activities.roll", activity.id)),),
        ),
    )
