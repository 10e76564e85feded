"""Offers: a place that became free is kept for the first of the queue until he answers, then for the next.

An offered place counts as taken, so nothing that happens meanwhile can offer it again. Who is offered a place is told
by a planned deed a little later, and his time counts from then.
"""

from collections import Counter
from collections.abc import Sequence

from bot import due
from bot.cards import Button, Card, card, press
from bot.config import House, Settings, Waiting
from bot.domain import people
from bot.domain.activities import asking, clashing, news, posting, reminding, roles, taking
from bot.domain.activities.things import FREE_TO_LEAVE_HOURS, HOUR, Activity
from bot.domain.people import Person
from bot.due import Due
from bot.locales import Moment, Said, Span, say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction

OFFER = "activities.offer"
LAPSE = "activities.lapse"
VACANT = "activities.vacant"
# People who are told, or whose offers end, in one transaction, so that it holds nobody up.
AT_ONCE = 50


# Rules


def ends(asked_at: int, starts_at: int, rules: Waiting) -> int:
    """Until when an offer stands of which somebody is told at `asked_at`: a whole minute, and never after the start.

    It takes at most a quarter of the time that is left, so that several can be asked before the start.
    """
    seconds = min(rules.offer_hours * HOUR, (starts_at - asked_at) // 4)
    end = asked_at + max(seconds, rules.offer_minutes_least * 60)
    return min(-(-end // 60) * 60, starts_at)


def heard_at(person: Person, tx: Transaction, starts_at: int) -> int:
    """When somebody hears of an offer: now, or once his quiet hours are over, if that is early enough."""
    awake_at = people.quiet_until(person, tx, tx.now)
    return awake_at if awake_at <= latest_rest(starts_at) else tx.now


def latest_rest(starts_at: int) -> int:
    """Quiet hours that end later than this do not keep an offer back."""
    return starts_at - 2 * HOUR


def told_as(offer_id: int, asked_at: int) -> str:
    """The key of the message that tells of an offer."""
    return f"{OFFER}:{offer_id}:{asked_at}"


# Deeds

GIVEN_ON = """
    UPDATE activities SET taken = taken - :freed + :moved, waiting = waiting - :moved WHERE id = :id
"""
NEXT = """
    UPDATE participations SET state = 'offered', since = :now, until = :until, asked_at = NULL
    WHERE id IN (SELECT id FROM participations WHERE activity_id = :activity AND state = 'waiting'
        AND role_id IS NOT DISTINCT FROM :role ORDER BY turn, id LIMIT :many)
"""


async def pass_on(
    tx: Transaction, activity: Activity, freed: int, role_id: int | None, *, after_seconds: int = 0
) -> int:
    """Give on places that became free, of an activity whose row is held: to as many as wait; the rest is free.

    Each role has a queue of its own. How many were offered. They are told `after_seconds` from now.
    """
    moved = min(freed, activity.waiting if role_id is None else await roles.waiting_for(tx, role_id))
    if role_id is None:
        await tx.run(GIVEN_ON, id=activity.id, freed=freed, moved=moved)
    else:
        await roles.count(tx, activity, role_id, taken=moved - freed, waiting=-moved)
    await offer(tx, activity, moved, role_id, after_seconds=after_seconds)
    if moved < freed:
        await look_for_people(tx, activity, after_seconds=after_seconds)
    return moved


async def look_for_people(tx: Transaction, activity: Activity, what: str = "open", *, after_seconds: int = 0) -> None:
    """A place is to be had that nobody waits for: whom it suits, and who watches, hear of it after so many seconds."""
    at = tx.now + max(after_seconds, 1)
    await due.plan(tx, VACANT, f"{activity.name}:{what}:{at}", at)


async def offer(
    tx: Transaction, activity: Activity, many: int, role_id: int | None = None, *, after_seconds: int = 0
) -> None:
    """Keep a place for each of the first `many` of the queue. The places were counted by whoever calls."""
    if not many:
        return
    moved = await tx.run(NEXT, activity=activity.id, role=role_id, many=many, now=tx.now, until=activity.starts_at)
    assert moved == many, "the row says how many wait"
    # Never this second: a deed that is done already could not be planned again.
    tell_at = tx.now + max(after_seconds, 1)
    await due.plan(tx, OFFER, activity.name, min(tell_at, activity.starts_at))
    await due.plan(tx, LAPSE, activity.name, activity.starts_at)


UNTOLD = """
    SELECT p.id AS offer, p.role_id, pe.* FROM participations p JOIN people pe ON pe.id = p.person_id
    WHERE p.activity_id = :activity AND p.state = 'offered' AND p.asked_at IS NULL ORDER BY p.id LIMIT :limit
"""
TOLD = """
    UPDATE participations SET asked_at = :asked_at, until = :until WHERE id = :id AND state = 'offered' AND asked_at IS NULL
"""


async def tell(tx: Transaction, item: Due, house: House) -> None:
    """Tell those who were offered a place, a slice at a time; each one's time counts from when he hears of it."""
    activity = await asking.locked(tx, item.number)
    if not activity.takes_sign_ups(tx.now):
        return
    rows = await tx.all(UNTOLD, activity=activity.id, limit=AT_ONCE)
    for row in rows:
        person = people.of_row(row)
        if person.telegram_id is None:
            await _give(tx, activity, row, person, house.settings)
            continue
        asked_at = heard_at(person, tx, activity.starts_at)
        until = ends(asked_at, activity.starts_at, house.settings.waiting)
        await tx.run(TOLD, id=row["offer"], asked_at=asked_at, until=until)
        await due.plan(tx, LAPSE, activity.name, until)
        screen = _offer_card(activity, until)
        key, rest = told_as(row["offer"], asked_at), latest_rest(activity.starts_at)
        await people.tell(tx, person, screen, lane=Lane.REMINDER, key=key, not_after=rest)
    if len(rows) == AT_ONCE:
        await due.plan(tx, OFFER, activity.name, tx.now + 1)


async def _give(tx: Transaction, activity: Activity, offer: Row, person: Person, rules: Settings) -> None:
    """Somebody without Telegram can't answer: who signed him up answers for him, so he is in, and the leaders know.

    Whoever could not sign up by now, or has something else at that time, is not: the place goes on.
    """
    words = await _why_not(tx, activity, offer["role_id"], person, rules)
    if words is not None:
        await decline(tx, activity.id, by=person)
    else:
        values = {"person": person.nickname, "title": activity.title}
        await tx.run("UPDATE participations SET state = 'in', until = NULL WHERE id = :id", id=offer["offer"])
        words = say(
            "{person} has moved up from the waiting list of “{title}”; please tell him or her, for there is no Telegram.",
            **values,
        )
    await news.tell_leaders(tx, activity, words)


async def _why_not(
    tx: Transaction, activity: Activity, role_id: int | None, person: Person, rules: Settings
) -> Said | None:
    """What leaders hear of somebody without Telegram who can't have the place; None for whoever can."""
    values = {"person": person.nickname, "title": activity.title}
    if other := clashing.overlapping(activity, await clashing.engagements(tx, activity, person)):
        return say(
            "{person} was next on the waiting list of “{title}”, but is in “{other}” at that time: the place went on.",
            other=other.title,
            **values,
        )
    try:
        await taking.check(tx, activity, role_id, person, rules)
    except Refused as no:
        return say(
            "{person} was next on the waiting list of “{title}”, but could not sign up now: the place went on. "
            "To {person} I would say: {why}",
            why=no.reason,
            **values,
        )
    return None


def _offer_card(activity: Activity, until: int) -> Card:
    return card(
        say("<b>A place has become free for you!</b>"),
        say(
            "{kind} “{title}”: you are next on the waiting list.",
            kind=activity.rules.name,
            title=activity.title,
        ),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        say("📍 {place}", place=activity.place),
        say("I keep it for you until {moment}; then it goes to the next.", moment=Moment(until)),
        rows=(answers(activity.id), (Button(say("Open"), press("activities.open", activity.id)),)),
    )


def answers(activity_id: int) -> tuple[Button, ...]:
    """The two answers to an offer."""
    return (
        Button(say("I take it"), press("activities.accept", activity_id), style="primary"),
        Button(say("No, thanks"), press("activities.decline", activity_id)),
    )


KEPT = """
    SELECT id, role_id, until FROM participations
    WHERE activity_id = :activity AND person_id = :person AND state = 'offered' AND until > :now
"""
# `since` stays: the place has been his since it was kept for him.
ACCEPT = "UPDATE participations SET state = 'in', until = NULL, asked_at = NULL, coming_at = :now WHERE id = :id"


async def accept(tx: Transaction, activity_id: int, *, by: Person, rules: Settings) -> Activity:
    """Take the place that is kept for one.

    Raises Refused when none is kept any more, with the way back, and when he could not sign up now: it stays kept.
    """
    by = await people.held(tx, by.id)
    activity = await asking.locked(tx, activity_id)
    if not activity.takes_sign_ups(tx.now):
        raise Refused(
            say("“{title}” takes nobody any more. Nothing was changed.", title=activity.title),
            asking.to_card(activity_id),
        )
    offer = await tx.one(KEPT, activity=activity_id, person=by.id, now=tx.now)
    if offer is None:
        raise await _no_offer(tx, activity, by)
    try:
        await taking.check(tx, activity, offer["role_id"], by, rules)
    except Refused as no:
        raise _still_kept(activity, offer["until"], no) from no
    await tx.run(ACCEPT, id=offer["id"], now=tx.now)
    return activity


def _still_kept(activity: Activity, until: int, no: Refused) -> Refused:
    """The same no to somebody for whom a place is kept, with what becomes of it."""
    return Refused(
        say(
            "{why} The place is kept for you until {moment}; then, or with “No, thanks”, it goes on to the next.",
            why=no.reason,
            moment=Moment(until),
        ),
        *no.ways_out,
        WayOut(say("No, thanks"), press("activities.decline", activity.id)),
    )


DECLINE = """
    UPDATE participations SET state = 'out', was = 'offered', until = NULL, since = :now
    WHERE activity_id = :activity AND person_id = :person AND state = 'offered' RETURNING id, role_id
"""


async def decline(tx: Transaction, activity_id: int, *, by: Person) -> Activity:
    """Let the place that is kept for one go to the next. Raises Refused when none is kept."""
    activity = await asking.locked(tx, activity_id)
    left = await tx.one(DECLINE, activity=activity_id, person=by.id, now=tx.now)
    if left is None:
        raise await _no_offer(tx, activity, by)
    await reminding.drop(tx, left["id"])
    await _free(tx, activity, [left])
    return activity


async def _no_offer(tx: Transaction, activity: Activity, me: Person) -> Refused:
    """Why no place is kept for somebody: he has it, waits for it, or it went on when the time was over."""
    mine = (await asking.view(tx, activity.id, me)).mine
    if mine and mine.is_in:
        return Refused(
            say("You are signed up already. Nothing was changed; “Withdraw” frees your place."),
            asking.to_card(activity.id),
        )
    if mine and mine.queue:
        return Refused(
            say(
                "No place is kept for you just now: you are number {n} on the waiting list. Nothing was changed; "
                "I tell you when it moves.",
                n=mine.queue,
            ),
            asking.to_card(activity.id),
        )
    return Refused(
        say("No place is kept for you any more: the time to answer is over. Nothing was changed."),
        *_ways_back(activity, tx.now),
    )


def _ways_back(activity: Activity, now: int) -> tuple[WayOut, ...]:
    if not activity.takes_sign_ups(now):
        return (asking.to_card(activity.id),)
    return (WayOut(_back_words(activity), press("activities.join", activity.id)), asking.to_card(activity.id))


def _back_words(activity: Activity) -> Said:
    return say("Join the waiting list") if activity.free == 0 else say("Sign up")


async def _free(tx: Transaction, activity: Activity, ended: Sequence[Row]) -> None:
    """Offers came to nothing: their places go on; if nobody is left who waits and it is late, the leaders hear of it."""
    freed, moved = len(ended), 0
    for role_id, places in _by_role(ended).items():
        moved += await pass_on(tx, activity, places, role_id)
    await posting.redraw_soon(tx, activity)
    if moved < freed and activity.is_late_to_leave(tx.now) and activity.takes_sign_ups(tx.now):
        await news.tell_leaders(
            tx,
            activity,
            say(
                "“{title}” ({when}): nobody on the waiting list took the place that became free less than {n} hours "
                "before. It is free now.",
                title=activity.title,
                when=Span(activity.starts_at, activity.ends_at),
                n=FREE_TO_LEAVE_HOURS,
            ),
        )


def _by_role(rows: Sequence[Row]) -> Counter[int | None]:
    """How many of these rows are of each role, in one order for all who do this at once."""
    return Counter(sorted((row["role_id"] for row in rows), key=lambda role_id: role_id or 0))


OVER = """
    UPDATE participations SET state = 'out', was = 'offered', until = NULL, since = :now WHERE id IN
        (SELECT id FROM participations WHERE activity_id = :activity AND state = 'offered' AND until <= :now
        ORDER BY id LIMIT :limit) RETURNING id, person_id, role_id
"""


async def lapse(tx: Transaction, item: Due, house: House) -> None:
    """The time of some offers is over: they end, and the next of the queue are offered the places."""
    activity = await asking.locked(tx, item.number)
    if not activity.is_open:
        return
    rows = await tx.all(OVER, activity=activity.id, now=tx.now, limit=AT_ONCE)
    if rows and activity.has_begun(tx.now):
        await _end_queue(tx, activity, rows)
    elif rows:
        await _free(tx, activity, rows)
    after = await asking.by_id(tx, activity.id)
    for row in sorted(rows, key=lambda row: row["id"]):
        await _tell_lapsed(tx, after, row)
    if len(rows) == AT_ONCE:
        await due.plan(tx, LAPSE, activity.name, tx.now + 1)


async def _end_queue(tx: Transaction, activity: Activity, ended: Sequence[Row]) -> None:
    """It has begun with places that nobody took: whoever still waits does so no more, for nothing can be offered now."""
    await tx.run(
        "UPDATE participations SET state = 'out', was = 'waiting', since = :now "
        "WHERE activity_id = :activity AND state = 'waiting'",
        activity=activity.id,
        now=tx.now,
    )
    await tx.run(
        "UPDATE activities SET taken = taken - :freed, waiting = 0, role_waiting = 0 WHERE id = :id",
        id=activity.id,
        freed=len(ended),
    )
    await roles.end_queues(tx, activity, _by_role(ended))
    await tx.run(
        "DELETE FROM due WHERE bot = :bot AND state = 'new' AND deed = 'activities.remind' AND subject IN "
        "(SELECT 'signup:' || CAST(id AS TEXT) FROM participations WHERE activity_id = :activity AND state = 'out')",
        bot=tx.bot,
        activity=activity.id,
    )


async def _tell_lapsed(tx: Transaction, activity: Activity, row: Row) -> None:
    """Tell one that his time is over, kindly, and how he comes back."""
    await reminding.drop(tx, row["id"])
    person = await people.by_id(tx, row["person_id"])
    rows: tuple[tuple[Button, ...], ...] = ((Button(say("Open"), press("activities.open", activity.id)),),)
    if activity.takes_sign_ups(tx.now):
        rows = ((Button(_back_words(activity), press("activities.join", activity.id)), *rows[0]),)
    screen = card(
        say("I kept a place in “{title}” for you, and the time to answer is over.", title=activity.title),
        _what_became(activity),
        rows=rows,
    )
    await people.tell(tx, person, screen, lane=Lane.REMINDER, not_after=activity.ends_at)


def _what_became(activity: Activity) -> Said:
    """Where the place went that was kept in vain: to the next, or to nobody."""
    if activity.waiting or activity.free == 0:
        return say("It went on to others. No harm done: this counts against nobody, and you can come back in any time.")
    return say("Nobody else waited, so it is free. No harm done: this counts against nobody.")
