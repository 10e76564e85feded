"""Signing up and withdrawing: a place is never given twice, and the queue moves by itself.

Every deed here holds the person first and then changes or holds the activity's own row, so that all who tap at once pass
one after another in one order, on both databases, and nobody is let in twice at the same time.
"""

from bot.cards import press
from bot.config import Settings
from bot.domain import people
from bot.domain.activities import absences, asking, entering, handing, minding, posting, reminding, roles
from bot.domain.activities.clashing import TRAVEL_MINUTES
from bot.domain.activities.entering import Entered, Wish
from bot.domain.activities.things import Activity, Mine, View
from bot.domain.people import Person
from bot.locales import Moment, Span, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

# One statement decides: whoever finds a free place has it, whoever finds none is counted to the queue. That nobody waits
# while a place is free is a constraint of the table, so afterwards `waiting` tells which of the two it was. Where more than
# that decides, or something else of his lies near, it lets nobody in, and `entering` looks closer.
TAKE = """
    UPDATE activities SET
        taken = taken + CASE WHEN places IS NULL OR taken < places THEN 1 ELSE 0 END,
        waiting = waiting + CASE WHEN places IS NULL OR taken < places THEN 0 ELSE 1 END
    WHERE id = :id AND state = 'open' AND starts_at > :now AND special = 0 AND NOT EXISTS (
        SELECT 1 FROM participations p JOIN activities o ON o.id = p.activity_id
        WHERE p.person_id = :person AND p.state IN ('in', 'offered') AND o.id <> activities.id AND o.state = 'open'
            AND o.starts_at < activities.ends_at + :around AND o.ends_at > activities.starts_at - :around)
        AND NOT EXISTS (SELECT 1 FROM rota_duties d JOIN rota_shifts h ON h.id = d.shift_id
            WHERE d.person_id = :person AND d.state = 'on'
            AND h.starts_at < activities.ends_at + :around AND h.ends_at > activities.starts_at - :around)
    RETURNING *
"""
ENTER = """
    INSERT INTO participations (activity_id, person_id, role_id, turn, state, since, made_at)
    VALUES (:activity, :person, :role, :turn, :state, :now, :now) ON CONFLICT DO NOTHING RETURNING id
"""
PLAIN = Wish()


async def sign_up(tx: Transaction, activity_id: int, *, by: Person, rules: Settings, wish: Wish = PLAIN) -> View:
    """Take a place, the last place in the queue, or ask for one where they are drawn or given later.

    Raises Refused when it has begun, is over, asks for something he has not, clashes, or he is in already or too young.
    """
    by = await people.held(tx, by.id)
    entered = await take(tx, activity_id, by, wish)
    activity, state = entered.activity, entered.state
    participation_id = await tx.value(
        ENTER,
        activity=activity_id,
        person=by.id,
        role=entered.role_id,
        turn=entered.turn,
        state=state,
        now=tx.now,
    )
    if participation_id is None:
        raise await _in_already(tx, activity_id, by)
    await absences.check(tx, by, rules.absences)
    await minding.check(tx, activity, by, rules.minors)
    await minding.tell(tx, activity, by)
    await reminding.plan(tx, activity, participation_id, by, rules.reminders)
    await posting.redraw_soon(tx, activity)
    if state == "waiting":
        await handing.ask_newcomer(tx, activity)
    by_role = await roles.roles_of(tx, activity)
    role = next((role.name for role in by_role if role.id == entered.role_id), "") or None
    mine = Mine(participation_id, state, entered.queue, None, None, role=role, turn=entered.turn)
    return await asking.seen(tx, activity, by, mine, by_role)


async def take(tx: Transaction, activity_id: int, by: Person, wish: Wish) -> Entered:
    """Count somebody in, by one statement where nothing but places decides. Raises Refused."""
    if wish.is_plain:
        row = await tx.one(TAKE, id=activity_id, now=tx.now, person=by.id, around=TRAVEL_MINUTES * 60)
        if row is not None:
            activity = Activity.of_row(row)
            # Whoever just joined the queue is its last.
            return Entered(activity, "waiting" if activity.waiting else "in", queue=activity.waiting)
    activity = await asking.locked(tx, activity_id)
    if not activity.takes_sign_ups(tx.now):
        raise closed(await asking.view(tx, activity_id, by), tx.now)
    try:
        return await entering.enter(tx, activity, by, wish)
    except Refused:
        if (await asking.view(tx, activity_id, by)).mine:
            raise await _in_already(tx, activity_id, by) from None
        raise


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
    onward = asking.to_card(activity_id)
    if mine and mine.until:
        return Refused(
            say(
                "A place is kept for you already, until {moment}. Nothing was changed; take it with one tap.",
                moment=Moment(mine.until),
            ),
            WayOut(say("I take it"), press("activities.accept", activity_id)),
            onward,
        )
    if mine and mine.is_applied:
        return Refused(say("You have applied already. Nothing was changed; I tell you when it is decided."), onward)
    if mine and mine.queue:
        return Refused(
            say(
                "You are on the waiting list already, number {n}. Nothing was changed; I tell you when it moves.",
                n=mine.queue,
            ),
            onward,
            WayOut(say("Leave the waiting list"), press("activities.leave", activity_id)),
        )
    return Refused(
        say("You are signed up already. Nothing was changed; “Withdraw” frees your place."),
        onward,
        WayOut(say("Withdraw"), press("activities.leave", activity_id)),
    )
