"""Places that nobody waits for: watchers hear of them, and near the start others are asked at short notice, the best match first."""

from bot import due
from bot.cards import Button, Card, card, press
from bot.config import House, Settings
from bot.domain import people
from bot.domain.activities import asking, entering, handing, portions, signing, standing_by, watching
from bot.domain.activities.offering import VACANT
from bot.domain.activities.standing_by import Match
from bot.domain.activities.things import Activity, View
from bot.domain.people import Person
from bot.due import Due
from bot.locales import Span, say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction


async def vacant(tx: Transaction, item: Due, house: House) -> None:
    """A place is free, or people are short: watchers hear of it once, others are asked at short notice, a few at a time."""
    activity = await asking.locked(tx, item.number)
    if not activity.takes_sign_ups(tx.now) or activity.free == 0:
        return
    # Also once signing up has ended: those who wait move up all the same.
    if activity.has_roles and await portions.settle(tx, activity):
        return
    if entering.outside_window(activity, tx.now) or (activity.has_roles and not await portions.are_free(tx, activity)):
        return
    what = item.subject.split(":")[2]
    await watching.fire(tx, activity, what)
    if what == watching.SHORT or activity.is_late_to_leave(tx.now):
        await _ask(tx, activity, item.subject, house.settings)


async def _ask(tx: Transaction, activity: Activity, cause: str, settings: Settings) -> None:
    """Ask the next few, and plan those after them."""
    rules = settings.waiting
    found = await standing_by.matching(
        tx,
        activity,
        await asking.group_name(tx, activity),
        cause=cause,
        many=rules.asked_at_once,
        rules=rules,
    )
    await standing_by.note_asked(tx, activity.id, cause, [each.person for each in found])
    for each in found:
        await people.tell(tx, each.person, _question(activity, each), lane=Lane.REMINDER)
    following = tx.now + handing.pause(tx.now, activity.starts_at)
    if found and following < activity.starts_at:
        await due.plan(tx, VACANT, cause, following)


def _question(activity: Activity, match: Match) -> Card:
    return card(
        say("<b>Can you help out at short notice?</b>"),
        say("{kind} “{title}”", kind=activity.rules.name, title=activity.title),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        say("📍 {place}", place=activity.place),
        say("Whoever says yes first has the place."),
        say("<i>{why}</i>", why=match.why),
        rows=(
            (
                Button(say("I take it"), press("activities.spring", activity.id), style="primary"),
                Button(say("Open"), press("activities.open", activity.id)),
            ),
            (Button(say("Don't ask me any more"), press("activities.standby.turn", 0)),),
        ),
    )


async def spring_in(tx: Transaction, activity_id: int, *, by: Person, rules: Settings) -> View:
    """Take a free place at short notice. Raises Refused when somebody was quicker: nobody is put into a queue by this."""
    activity = await asking.locked(tx, activity_id)
    if activity.takes_sign_ups(tx.now) and activity.free == 0:
        raise _too_late(activity_id)
    found = await signing.sign_up(tx, activity_id, by=by, rules=rules)
    if found.mine and found.mine.queue:
        # What is free is a partner's.
        raise _too_late(activity_id)
    return found


def _too_late(activity_id: int) -> Refused:
    return Refused(
        say("Somebody was quicker: no place is free any more. Nothing was changed; thank you all the same."),
        WayOut(say("Join the waiting list"), press("activities.join", activity_id)),
        asking.to_card(activity_id),
    )
