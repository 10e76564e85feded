"""Withdrawing: a place that is given up goes to whoever waits, and can be taken back for a minute."""

from dataclasses import dataclass

from bot.cards import Button, card, press
from bot.config import Settings
from bot.domain import people
from bot.domain.activities import asking, posting, promoting, reminding, signing
from bot.domain.activities.things import UNDO_SECONDS, Activity, View
from bot.domain.people import Person
from bot.locales import Said, Span, say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction


@dataclass(frozen=True)
class Withdrawn:
    """What became of a withdrawal: which place was given up, and whether the leaders were told for its lateness."""

    activity: Activity
    was_in: bool
    late: bool


# A freed place goes to whoever waits, and only where nobody waits is there one place more.
GIVE_BACK = """
    UPDATE activities SET
        taken = taken - CASE WHEN waiting > 0 THEN 0 ELSE 1 END,
        waiting = waiting - CASE WHEN waiting > 0 THEN 1 ELSE 0 END
    WHERE id = :id
"""
LEAVE = """
    UPDATE participations SET state = 'out', was = state, since = :now, came = NULL
    WHERE activity_id = :activity AND person_id = :person AND state <> 'out' RETURNING id, was
"""


async def withdraw(tx: Transaction, activity_id: int, *, by: Person) -> Withdrawn:
    """Give up a place or a place in the queue. Raises Refused when there is none, or it has begun."""
    activity = await asking.locked(tx, activity_id)
    left = await tx.one(LEAVE, activity=activity_id, person=by.id, now=tx.now)
    if left is None:
        raise Refused(
            say("You are not signed up for “{title}”. Nothing was changed.", title=activity.title),
            WayOut(say("Open"), press("activities.open", activity_id)),
            WayOut(say("My sign-ups"), "activities.mine"),
        )
    if not activity.takes_sign_ups(tx.now):
        raise _too_late_to_leave(activity)
    was_in = left["was"] == "in"
    late = was_in and activity.is_late_to_leave(tx.now)
    await reminding.drop(tx, left["id"])
    await _give_back(tx, activity, was_in=was_in)
    if late:
        await _tell_leaders(
            tx,
            activity,
            say(
                "{person} has withdrawn from “{title}” ({when}), later than 24 hours before. {left}",
                person=by.nickname,
                title=activity.title,
                when=Span(activity.starts_at, activity.ends_at),
                left=say("The place went to the next in the queue.")
                if activity.waiting
                else say("The place is free now."),
            ),
        )
    return Withdrawn(activity, was_in, late)


def _too_late_to_leave(activity: Activity) -> Refused:
    if activity.is_cancelled:
        return Refused(say("“{title}” was cancelled; there is nothing to withdraw from.", title=activity.title))
    return Refused(
        say(
            "“{title}” has begun: withdrawing ends at the start. Nothing was changed; please tell the leader.",
            title=activity.title,
        )
    )


async def _give_back(tx: Transaction, activity: Activity, *, was_in: bool) -> None:
    """Count the place, or the place in the queue, as given up; the next in the queue gets a freed place."""
    if was_in:
        await tx.run(GIVE_BACK, id=activity.id)
        if activity.waiting:
            await promoting.promote(tx, activity)
    else:
        await tx.run("UPDATE activities SET waiting = waiting - 1 WHERE id = :id", id=activity.id)
    await posting.redraw_soon(tx, activity)


async def _tell_leaders(tx: Transaction, activity: Activity, text: Said) -> None:
    for leader in await asking.answerable(tx, activity):
        await people.tell(
            tx,
            leader,
            card(text, rows=((Button(say("Open"), press("activities.open", activity.id)),),)),
            lane=Lane.URGENT,
        )


async def undo_withdrawal(tx: Transaction, activity_id: int, *, by: Person, rules: Settings) -> View:
    """Take back a withdrawal of the last minute: the old place if it is still free, else the old place in the queue.

    Raises Refused when there is none to take back, or the activity takes nobody any more.
    """
    row = await tx.one(signing.TAKE, id=activity_id, now=tx.now)
    if row is None:
        raise signing.closed(await asking.view(tx, activity_id, by), tx.now)
    activity = Activity.of_row(row)
    back = await tx.one(
        "UPDATE participations SET state = :state, was = NULL, since = :now WHERE id = (SELECT id FROM participations "
        "WHERE person_id = :person AND activity_id = :activity AND state = 'out' AND since > :earliest "
        "ORDER BY id DESC LIMIT 1) AND NOT EXISTS (SELECT 1 FROM participations "
        "WHERE person_id = :person AND activity_id = :activity AND state <> 'out') RETURNING id",
        state="waiting" if activity.waiting else "in",
        now=tx.now,
        person=by.id,
        activity=activity_id,
        earliest=tx.now - UNDO_SECONDS,
    )
    if back is None:
        raise Refused(
            say("There is nothing to undo: that works for {n} seconds. Nothing was changed.", n=UNDO_SECONDS),
            WayOut(say("Open"), press("activities.open", activity_id)),
        )
    if activity.is_late_to_leave(tx.now):
        await _tell_leaders(
            tx, activity, say("{person} is back in the list of “{title}”.", person=by.nickname, title=activity.title)
        )
    await reminding.plan(tx, activity, back["id"], by, rules.reminders)
    await posting.redraw_soon(tx, activity)
    return await asking.view(tx, activity_id, by)


async def forget(tx: Transaction, person: Person) -> None:
    """Withdraw somebody who leaves from all that is still ahead; what is past stays under his number."""
    rows = await tx.all(
        "SELECT a.id FROM participations p JOIN activities a ON a.id = p.activity_id "
        "WHERE p.person_id = :person AND p.state <> 'out' AND a.state <> 'confirmed' AND a.starts_at > :now ORDER BY a.id",
        person=person.id,
        now=tx.now,
    )
    for row in rows:
        activity = await asking.locked(tx, row["id"])
        left = await tx.one(LEAVE, activity=activity.id, person=person.id, now=tx.now)
        if left is not None:
            await reminding.drop(tx, left["id"])
            await _give_back(tx, activity, was_in=left["was"] == "in")
