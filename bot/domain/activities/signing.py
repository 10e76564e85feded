"""Signing up and withdrawing: a place is never given twice, and the queue moves by itself.

Every deed here begins by changing or holding the activity's own row, so that all who tap at once pass one after another
in one order, on both databases.
"""

from bot.cards import press
from bot.config import Settings
from bot.domain.activities import asking, minding, posting, reminding
from bot.domain.activities.things import Activity, Mine, View
from bot.domain.people import Person
from bot.locales import Moment, Span, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

# One statement decides: whoever finds a free place has it, whoever finds none is counted to the queue. That nobody waits
# while a place is free is a constraint of the table, so afterwards `waiting` tells which of the two it was.
TAKE = """
    UPDATE activities SET
        taken = taken + CASE WHEN places IS NULL OR taken < places THEN 1 ELSE 0 END,
        waiting = waiting + CASE WHEN places IS NULL OR taken < places THEN 0 ELSE 1 END
    WHERE id = :id AND state = 'open' AND starts_at > :now RETURNING *
"""
ENTER = """
    INSERT INTO participations (activity_id, person_id, state, since, made_at)
    VALUES (:activity, :person, :state, :now, :now) ON CONFLICT DO NOTHING RETURNING id
"""


async def sign_up(tx: Transaction, activity_id: int, *, by: Person, rules: Settings) -> View:
    """Take a place, or the last place in the queue. Raises Refused when it has begun, is over, he is in already or too
    young for it.
    """
    row = await tx.one(TAKE, id=activity_id, now=tx.now)
    if row is None:
        raise closed(await asking.view(tx, activity_id, by), tx.now)
    activity = Activity.of_row(row)
    state = "waiting" if activity.waiting else "in"
    participation_id = await tx.value(ENTER, activity=activity_id, person=by.id, state=state, now=tx.now)
    if participation_id is None:
        raise await _in_already(tx, activity_id, by)
    await minding.check(tx, activity, by, rules.minors)
    await minding.tell(tx, activity, by)
    await reminding.plan(tx, activity, participation_id, by, rules.reminders)
    await posting.redraw_soon(tx, activity)
    # Whoever just joined the queue is its last.
    return await asking.seen(tx, activity, by, Mine(participation_id, state, activity.waiting, None, None))


def closed(found: View, now: int) -> Refused:
    """Why nobody can sign up any more, and what to do instead."""
    activity = found.activity
    others = WayOut(say("What is coming up"), press("activities.list", activity.rules.listed))
    if activity.is_cancelled:
        return Refused(
            say("“{title}” was cancelled: {reason}. Nothing was changed.", title=activity.title, reason=activity.why),
            others,
        )
    when = Span(activity.starts_at, activity.ends_at)
    if activity.ends_at <= now or activity.is_confirmed:
        return Refused(
            say("“{title}” is over: it was {when}. Nothing was changed.", title=activity.title, when=when), others
        )
    return Refused(
        say(
            "“{title}” has begun ({when}); signing up ends at the start. Nothing was changed.",
            title=activity.title,
            when=when,
        ),
        others,
    )


async def _in_already(tx: Transaction, activity_id: int, me: Person) -> Refused:
    """His own row stands in the way; what this tap counted before is undone with it."""
    mine = (await asking.view(tx, activity_id, me)).mine
    onward = WayOut(say("Open"), press("activities.open", activity_id))
    if mine and mine.until:
        return Refused(
            say(
                "A place is kept for you already, until {moment}. Nothing was changed; take it with one tap.",
                moment=Moment(mine.until),
            ),
            WayOut(say("I take it"), press("activities.accept", activity_id)),
            onward,
        )
    if mine and mine.queue:
        return Refused(
            say(
                "You are on the waiting list already, number {n}. Nothing was changed; I tell you when it moves.",
                n=mine.queue,
            ),
            onward,
        )
    return Refused(say("You are signed up already. Nothing was changed; “Withdraw” frees your place."), onward)
