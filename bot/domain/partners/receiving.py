"""What a partner does with a share: to decline it; and how it ends by itself: by its hour, or when the partner is closed."""

from bot.config import House
from bot.domain import groups
from bot.domain.activities.asking import locked
from bot.domain.partners import telling
from bot.domain.partners.finding import ahead_of, by_id, received_by
from bot.domain.partners.sharing import end, plan
from bot.domain.partners.things import Share
from bot.domain.people import Person
from bot.due import Due
from bot.locales import say
from bot.refusal import Refused
from bot.storage import Transaction

CLOSED = "partners.closed"


async def decline(tx: Transaction, share_id: int, reason: str, *, by: Person) -> Share:
    """Do without the places, for a reason that the publisher reads; whoever is in keeps his. Raises Refused."""
    found = await received_by(tx, share_id, by)
    activity = await locked(tx, found.activity_id)
    found = await by_id(tx, share_id)
    if not found.is_on or not activity.takes_sign_ups(tx.now):
        raise Refused(say("This is not shared with {partner} any more. Nothing was changed.", partner=found.partner))
    await end(tx, found, activity, "declined", by=by, reason=reason)
    await telling.tell_declined(tx, found, activity, reason, by)
    return await by_id(tx, found.id)


async def back_by_itself(tx: Transaction, item: Due, house: House) -> None:
    """The hour has come that was settled: unused places are everybody's. Of what is off or over, nothing is."""
    found = await by_id(tx, item.number)
    activity = await locked(tx, found.activity_id)
    found = await by_id(tx, item.number)
    if not found.is_on or not activity.takes_sign_ups(tx.now):
        return
    if found.back_at is None or found.back_at > tx.now:
        # The activity, or the hour, has been put off since this was planned.
        await plan(tx, found)
        return
    await end(tx, found, activity, "given_back", by=None)
    if found.free:
        await telling.tell_returned(tx, found, activity)


async def plan_closing(tx: Transaction, group_id: int) -> None:
    """Let what is shared with a group that is closed be everybody's, once the closing can't be undone any more."""
    await groups.plan_after_closing(tx, CLOSED, group_id)


async def end_of_closed(tx: Transaction, item: Due, house: House) -> None:
    """Nobody belongs to a group that was closed: its unused places are everybody's, and those who shared them hear of it."""
    if not await groups.is_closed_for_good(tx, item.number):
        return
    for each in await ahead_of(tx, item.number):
        activity = await locked(tx, each.activity_id)
        found = await by_id(tx, each.id)
        if found.is_on and activity.takes_sign_ups(tx.now):
            await end(tx, found, activity, "given_back", by=None)
            await telling.tell_closed(tx, found, activity)
