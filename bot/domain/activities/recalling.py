"""Taking an offer back: whoever gave the place up has taken that back in time."""

from bot.cards import Button, card, press
from bot.domain import people
from bot.domain.activities import roles
from bot.domain.activities.offering import latest_rest
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.locales import say
from bot.outbox import Lane
from bot.storage import Transaction

LAST_OFFERED = """
    SELECT id, person_id, asked_at FROM participations WHERE activity_id = :activity AND state = 'offered'
        AND role_id IS NOT DISTINCT FROM :role AND since >= :since ORDER BY turn DESC, id DESC LIMIT 1
"""
RECALL = "UPDATE participations SET state = 'waiting', until = NULL, asked_at = NULL, since = :now WHERE id = :id"


async def recall(tx: Transaction, activity: Activity, role_id: int | None, *, since: int) -> bool:
    """Take the last offer made from `since` on back to the queue: the place is another's again. False: there is none.

    Its place stays counted as taken.
    """
    last = await tx.one(LAST_OFFERED, activity=activity.id, role=role_id, since=since)
    if last is None:
        return False
    await tx.run(RECALL, id=last["id"], now=tx.now)
    if role_id is None:
        await tx.run("UPDATE activities SET waiting = waiting + 1 WHERE id = :id", id=activity.id)
    else:
        await roles.count(tx, activity, role_id, waiting=1)
    if last["asked_at"] is not None:
        await _tell_recalled(tx, activity, await people.by_id(tx, last["person_id"]))
    return True


async def _tell_recalled(tx: Transaction, activity: Activity, person: Person) -> None:
    screen = card(
        say(
            "The place in “{title}” that I kept for you is taken again: whoever gave it up took that back within a "
            "minute. You are on the waiting list as before; I tell you when it moves.",
            title=activity.title,
        ),
        rows=((Button(say("Open"), press("activities.open", activity.id)),),),
    )
    await people.tell(tx, person, screen, lane=Lane.REMINDER, not_after=latest_rest(activity.starts_at))
