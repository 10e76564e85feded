"""Withdrawing: a place that is given up goes to whoever waits, and can be taken back for a minute."""

from dataclasses import dataclass

from bot.cards import press
from bot.config import Settings
from bot.domain import people
from bot.domain.activities import (
    absences,
    asking,
    coming,
    entering,
    minding,
    news,
    offering,
    posting,
    recalling,
    reminding,
    roles,
    signing,
    standing_by,
    staying,
    taking,
)
from bot.domain.activities.things import UNDO_SECONDS, Activity, View
from bot.domain.people import Person
from bot.locales import Said, Span, say
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction


@dataclass(frozen=True)
class Withdrawn:
    """What became of a withdrawal: as what one was in it, and whether the leaders were told for its lateness."""

    activity: Activity
    was: str
    late: bool

    @property
    def was_in(self) -> bool:
        return self.was == "in"

    @property
    def had_applied(self) -> bool:
        return self.was == "applied"


# What counts as a taken place.
HAD_A_PLACE = ("in", "offered")
TAKES_PART = "SELECT 1 FROM participations WHERE activity_id = :activity AND person_id = :person AND state <> 'out'"
LEAVE = """
    UPDATE participations SET state = 'out', was = state, since = :now, until = NULL, came = NULL
    WHERE activity_id = :activity AND person_id = :person AND state <> 'out' RETURNING id, was, role_id
"""


async def withdraw(tx: Transaction, activity_id: int, *, by: Person) -> Withdrawn:
    """Give up a place or a place in the queue. Raises Refused when there is none, or it has begun."""
    activity = await asking.locked(tx, activity_id)
    if not activity.takes_sign_ups(tx.now) and await tx.value(TAKES_PART, activity=activity_id, person=by.id):
        raise _too_late_to_leave(activity)
    was = await let_go(tx, activity, by.id)
    if was is None:
        raise Refused(
            say("You are not signed up for “{title}”. Nothing was changed.", title=activity.title),
            asking.to_card(activity_id),
            WayOut(say("My sign-ups"), "activities.mine"),
        )
    late = was == "in" and activity.is_late_to_leave(tx.now)
    if late:
        await _tell_late(
            tx,
            activity,
            say("{person} has withdrawn from “{title}” ({when}), later than 24 hours before. {left}"),
            by.nickname,
        )
    return Withdrawn(activity, was, late)


async def _tell_late(tx: Transaction, activity: Activity, words: Said, person: str = "") -> None:
    """Let the leaders know of a place that became empty at the last moment."""
    offered, free = say("The place is offered to the next on the waiting list."), say("The place is free now.")
    when, left = Span(activity.starts_at, activity.ends_at), offered if activity.waiting else free
    said = Said(words.text, {"person": person, "title": activity.title, "when": when, "left": left})
    await news.tell_leaders(tx, activity, said)


async def keep_out(tx: Transaction, activity_id: int, *, child: Person) -> Withdrawn:
    """Withdraw a child in its guardian's name; it can't come back by itself. Raises Refused as withdrawing does."""
    left = await withdraw(tx, activity_id, by=child)
    await minding.keep(tx, activity_id, child, out=True)
    return left


def _too_late_to_leave(activity: Activity) -> Refused:
    if activity.is_cancelled:
        return Refused(say("“{title}” was cancelled; there is nothing to withdraw from.", title=activity.title))
    return Refused(
        say(
            "“{title}” has begun: withdrawing ends at the start. Nothing was changed; please tell the leader.",
            title=activity.title,
        ),
        WayOut(say("Tell the leader"), press("activities.absent", activity.id)),
        asking.to_card(activity.id),
    )


ABSENT = """
    UPDATE participations SET absent_at = COALESCE(absent_at, :now)
    WHERE activity_id = :activity AND person_id = :person AND state = 'in' AND confirmed_at IS NULL RETURNING id
"""


async def say_absent(tx: Transaction, activity_id: int, *, by: Person) -> Activity:
    """Let the leaders know, once, that `by` does not come to what has begun; the roll shows it. Raises Refused."""
    activity = await asking.by_id(tx, activity_id)
    mine = await tx.value(ABSENT, activity=activity_id, person=by.id, now=tx.now)
    if mine is None or activity.takes_sign_ups(tx.now) or activity.is_cancelled:
        raise Refused(
            say("There is nothing to tell here any more. Nothing was changed; please open it again."),
            asking.to_card(activity_id),
        )
    words = say("🙏 {person} can't come to “{title}” after all.", person=by.nickname, title=activity.title)
    await news.tell_leaders(tx, activity, words, key=f"absent:{tx.bot}:{mine}")
    return activity


async def _give_back(tx: Transaction, activity: Activity, left: Row) -> None:
    """Count the place, or the place in the queue, as given up; the next in the queue is offered a freed place."""
    if left["was"] in HAD_A_PLACE:
        # Told once the withdrawal can't be undone any more.
        await offering.pass_on(tx, activity, 1, left["role_id"], after_seconds=UNDO_SECONDS)
    else:
        await stop_waiting(tx, activity, left["was"], left["role_id"])
    await posting.redraw_soon(tx, activity)


async def stop_waiting(tx: Transaction, activity: Activity, state: str, role_id: int | None) -> None:
    """One who has applied, or waits, does so no more; the activity's row is held."""
    if state == "applied":
        await tx.run("UPDATE activities SET applied = applied - 1 WHERE id = :id", id=activity.id)
    elif role_id is not None:
        await roles.count(tx, activity, role_id, waiting=-1)
    else:
        await tx.run("UPDATE activities SET waiting = waiting - 1 WHERE id = :id", id=activity.id)


# His newest sign-up, whatever became of those before it; what another has taken over is not his to take back.
GONE = """
    SELECT id, was, since, role_id FROM participations
    WHERE id = (SELECT MAX(id) FROM participations WHERE person_id = :person AND activity_id = :activity)
        AND state = 'out' AND was <> 'offered' AND since > :earliest
        AND NOT EXISTS (SELECT 1 FROM handovers h WHERE h.giver_id = participations.id AND h.state = 'taken')
"""


async def undo_withdrawal(tx: Transaction, activity_id: int, *, by: Person, rules: Settings) -> View:
    """Take back a withdrawal of the last minute: the old place until somebody else has it, else the old place in the queue.

    Raises Refused when there is none to take back, the activity takes nobody any more, or he could not sign up now.
    """
    by = await people.held(tx, by.id)
    activity = await asking.locked(tx, activity_id)
    if not activity.takes_sign_ups(tx.now):
        raise signing.closed(await asking.view(tx, activity_id, by), tx.now)
    gone = await tx.one(GONE, person=by.id, activity=activity_id, earliest=tx.now - UNDO_SECONDS)
    if gone is None:
        raise Refused(
            say("There is nothing to undo: that works for {n} seconds. Nothing was changed.", n=UNDO_SECONDS),
            asking.to_card(activity_id),
        )
    await taking.check(tx, activity, gone["role_id"], by, rules)
    await tx.run(
        "UPDATE participations SET state = :state, was = NULL, since = :now WHERE id = :id",
        state=await _counted_back(tx, activity, gone),
        now=tx.now,
        id=gone["id"],
    )
    if activity.is_late_to_leave(tx.now):
        await news.tell_leaders(
            tx, activity, say("{person} is back in the list of “{title}”.", person=by.nickname, title=activity.title)
        )
    await reminding.plan(tx, activity, gone["id"], by, rules.reminders)
    await posting.redraw_soon(tx, activity)
    return await asking.view(tx, activity_id, by)


async def _counted_back(tx: Transaction, activity: Activity, gone: Row) -> str:
    """Count somebody who is back; his state then: his place is his again while it is only offered to another."""
    if gone["was"] == "applied" and not activity.chooses:
        raise Refused(
            say("It has been drawn in the meantime, without you. Nothing was changed."),
            asking.to_card(activity.id),
        )
    role_id = gone["role_id"]
    is_full = activity.free == 0 if role_id is None else await roles.is_full(tx, role_id)
    # Where more places were made meanwhile, there is one for both.
    if gone["was"] == "in" and is_full and await recalling.recall(tx, activity, role_id, since=gone["since"]):
        return "in"
    return (await entering.count_in(tx, activity, role_id)).state


async def forget(tx: Transaction, person: Person) -> None:
    """Withdraw somebody who leaves from all that is still ahead; what is past stays under his number."""
    await tx.run("DELETE FROM activity_openings WHERE person_id = :person", person=person.id)
    await standing_by.forget(tx, person)
    await staying.forget(tx, person)
    await absences.forget(tx, person)
    await let_all_go(tx, person, LEFT)


OUT = say("{person} is out of “{title}” ({when}), less than 24 hours ahead, and was not asked. {left}")
# Whose name is forgotten at the same moment.
LEFT = say("Somebody who leaves for good was signed up for “{title}” ({when}), less than 24 hours ahead. {left}")


async def let_all_go(tx: Transaction, person: Person, words: Said = OUT) -> None:
    """Withdraw somebody from all that is still ahead, of whom nothing is asked; leaders hear, in these words, of what is near."""
    rows = await tx.all(
        "SELECT a.id FROM participations p JOIN activities a ON a.id = p.activity_id "
        "WHERE p.person_id = :person AND p.state <> 'out' AND a.state <> 'confirmed' AND a.starts_at > :now ORDER BY a.id",
        person=person.id,
        now=tx.now,
    )
    for row in rows:
        activity = await asking.locked(tx, row["id"])
        if await let_go(tx, activity, person.id) == "in" and activity.is_late_to_leave(tx.now):
            await _tell_late(tx, activity, words, person.nickname)


async def let_go(tx: Transaction, activity: Activity, person_id: int) -> str | None:
    """Take somebody out of what is still ahead; what he was in it, or None. The activity's row is held."""
    left = await tx.one(LEAVE, activity=activity.id, person=person_id, now=tx.now)
    if left is None:
        return None
    await reminding.drop(tx, left["id"])
    await coming.end_search(tx, left["id"])
    await _give_back(tx, activity, left)
    return str(left["was"])
