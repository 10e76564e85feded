"""What a partner does with a share: to decline it; and what time does with it: unused places go back by themselves."""

from bot.config import House
from bot.domain.activities.asking import locked
from bot.domain.partners import telling
from bot.domain.partners.finding import by_id, received_by
from bot.domain.partners.sharing import end, plan
from bot.domain.partners.things import Share
from bot.domain.people import Person
from bot.due import Due
from bot.locales import say
from bot.refusal import Refused
from bot.storage import Transaction


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
