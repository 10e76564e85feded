"""Offers follow their activity: it takes place after all, or at another time."""

from bot import due, outbox
from bot.config import House
from bot.domain import people
from bot.domain.activities import asking
from bot.domain.activities.offering import LAPSE, OFFER, ends, heard_at, told_as
from bot.domain.activities.things import Activity
from bot.due import Due
from bot.storage import Transaction

SHORTEN = "activities.offers.shorten"


async def resume(tx: Transaction, activity: Activity) -> None:
    """No offer outlasts the start; each ends, is told, and is made as short as the rule wants it now."""
    await tx.run(
        "UPDATE participations SET until = :start WHERE activity_id = :id AND state = 'offered' "
        "AND (until > :start OR asked_at IS NULL)",
        id=activity.id,
        start=activity.starts_at,
    )
    instants = await tx.all(
        "SELECT DISTINCT until FROM participations WHERE activity_id = :id AND state = 'offered'", id=activity.id
    )
    if instants:
        await due.plan(tx, OFFER, activity.name, tx.now + 1)
        await due.plan(tx, SHORTEN, activity.name, tx.now + 1)
        await due.plan_each(tx, LAPSE, [(activity.name, max(row["until"], tx.now + 1)) for row in instants])


TOLD = """
    SELECT p.id AS offer, p.asked_at, p.until, pe.* FROM participations p JOIN people pe ON pe.id = p.person_id
    WHERE p.activity_id = :activity AND p.state = 'offered' AND (p.until > :soonest OR p.asked_at > :now)
    ORDER BY p.id
"""
ANEW = "UPDATE participations SET asked_at = NULL WHERE id = :id AND state = 'offered'"


async def shorten(tx: Transaction, item: Due, house: House) -> None:
    """Tell those anew whose time by the rule is shorter now than they were told, or who would hear of it too late."""
    activity = await asking.locked(tx, item.number)
    if not activity.takes_sign_ups(tx.now):
        return
    rules, start = house.settings.waiting, activity.starts_at
    rows = await tx.all(TOLD, activity=activity.id, now=tx.now, soonest=ends(tx.now, start, rules))
    for row in rows:
        heard = heard_at(people.of_row(row), tx, start)
        if row["asked_at"] is not None and (row["until"] > ends(heard, start, rules) or row["asked_at"] > heard):
            await outbox.unsay(tx, told_as(row["offer"], row["asked_at"]))
            await tx.run(ANEW, id=row["offer"])
    if rows:
        await due.plan(tx, OFFER, activity.name, tx.now + 1)
