"""Too few people: whoever answers for an activity hears of it in time, once, or it is called off by itself."""

from bot.cards import Button, Card, card, press
from bot.config import House
from bot.domain import audit, groups, people
from bot.domain.activities import asking, offering, posting, publishing
from bot.domain.activities.least import LACKING, settle
from bot.domain.activities.things import Activity, Least
from bot.domain.people import Person
from bot.due import Due
from bot.locales import Said, Span, say, say_n
from bot.outbox import Lane
from bot.refusal import Refused
from bot.storage import Transaction


async def need(tx: Transaction, activity_id: int, least: Least | None, *, by: Person) -> Activity:
    """Change how many an activity needs that has not begun. Raises Refused."""
    await asking.managed_by(tx, activity_id, by)
    before = await asking.locked(tx, activity_id)
    asking.check_ahead(before, tx.now)
    activity = await settle(tx, activity_id, least)
    await audit.note(tx, "activity.changed", activity.name, by=by.id, least=activity.least or 0)
    await posting.redraw_soon(tx, activity)
    return activity


# Once, and only while it is short of people: who signs up in this moment is counted.
LACKS = """
    UPDATE activities SET lacked_at = :now WHERE id = :id AND state = 'open' AND starts_at > :now
        AND lacked_at IS NULL AND taken < least
"""


async def look(tx: Transaction, item: Due, house: House) -> None:
    """If too few have signed up: call it off where that was chosen, else ask whoever answers for it."""
    if not await tx.run(LACKS, id=item.number, now=tx.now):
        return
    activity = await asking.by_id(tx, item.number)
    if activity.lapses:
        await publishing.call_off(tx, activity, "", by=None, lacking=True)
        screen = _called_off(activity)
    else:
        screen = _question(activity)
        await offering.look_for_people(tx, activity, "short")
    for leader in await asking.answerable(tx, activity):
        key = f"{LACKING}:{tx.bot}:{activity.id}:{leader.id}"
        await people.tell(tx, leader, screen, lane=Lane.URGENT, key=key)


def _lines(activity: Activity) -> tuple[Said, ...]:
    assert activity.least is not None, "only what needs people can be short of them"
    return (
        say("⚠️ <b>{title}</b> is short of people.", title=activity.title),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        say("{n} of at least {least} have signed up.", n=activity.taken, least=activity.least),
    )


def _question(activity: Activity) -> Card:
    return card(
        *_lines(activity),
        say("What shall become of it? If you do nothing, it takes place."),
        rows=choices(activity),
    )


def choices(activity: Activity) -> tuple[tuple[Button, ...], ...]:
    """What can be done about it."""
    return (
        (Button(say("Ask for more people"), press("activities.lacking.ask", activity.id), style="primary"),),
        (
            Button(say("Let it take place"), press("activities.lacking.keep", activity.id)),
            Button(say("Call it off"), press("activities.lacking.stop", activity.id), style="danger"),
        ),
    )


def _called_off(activity: Activity) -> Card:
    return card(
        *_lines(activity),
        say_n(
            "So it was called off, as you wanted; {n} person is told.",
            "So it was called off, as you wanted; {n} people are told.",
            activity.everybody,
        ),
        rows=((Button(say("Open"), press("activities.open", activity.id)),),),
    )


async def asked(tx: Transaction, activity_id: int, *, by: Person) -> Activity:
    """The activity that `by` answers for, if it needs people and is still ahead. Raises Refused."""
    activity = await asking.managed_by(tx, activity_id, by)
    asking.check_ahead(activity, tx.now)
    if activity.least is None:
        raise Refused(
            say("“{title}” needs no number of people. Nothing was changed.", title=activity.title),
            asking.to_card(activity.id),
        )
    return activity


async def post_again(tx: Transaction, activity_id: int, *, by: Person) -> bool:
    """Put its card at the end of the group's chat; False where the group has no Telegram group."""
    activity = await asked(tx, activity_id, by=by)
    if activity.group_id is None:
        return False
    group = await groups.by_id(tx, activity.group_id)
    return await groups.post(tx, group, posting.group_card(activity, group, tx.now))


async def stop(tx: Transaction, activity_id: int, *, by: Person) -> Activity:
    """Call it off for want of people; everybody in it is told so. Raises Refused, also where there are enough by now."""
    await asked(tx, activity_id, by=by)
    activity = await asking.locked(tx, activity_id)
    if activity.least is not None and activity.taken >= activity.least:
        raise Refused(
            say("There are enough people by now: {n}. Nothing was changed.", n=activity.taken),
            asking.to_card(activity_id),
        )
    return await publishing.call_off(tx, activity, "", by=by, lacking=True)
