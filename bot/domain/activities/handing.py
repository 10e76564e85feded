"""Handing over: somebody looks for a stand-in, or a leader for one who does not answer; the first yes has the place.

The giver keeps his place until then. Whoever waits is asked first, a few at a time in their order, then others.
"""

from bot import due
from bot.cards import Button, Card, card, press
from bot.config import House, Settings, Waiting
from bot.domain import groups, people
from bot.domain.activities import (
    asking,
    minding,
    news,
    offering,
    posting,
    reminding,
    roles,
    standing_by,
    taking,
    withdrawing,
)
from bot.domain.activities.coming import coming_buttons
from bot.domain.activities.standing_by import Match
from bot.domain.activities.things import HOUR, Activity
from bot.domain.people import Person
from bot.due import Due
from bot.locales import Said, Span, say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction

HANDOVER = "activities.handover"
PAUSE_SECONDS_LEAST = 900


# Rules


def pause(now: int, starts_at: int) -> int:
    """How long those who were asked have before the next are: an hour, less near the start."""
    return min(HOUR, max((starts_at - now) // 4, PAUSE_SECONDS_LEAST))


# Questions

OPEN = """
    SELECT h.*, g.person_id, g.role_id, pe.nickname FROM handovers h
    JOIN participations g ON g.id = h.giver_id JOIN people pe ON pe.id = g.person_id
    WHERE h.id = :id AND h.state = 'open'
"""


# Deeds

# A leader may look only for one who was asked whether he comes, and has not answered.
LOOK = """
    INSERT INTO handovers (activity_id, giver_id, by_id, made_at)
    SELECT p.activity_id, p.id, :by, :now FROM participations p
    WHERE p.activity_id = :activity AND p.id = :giver AND p.state = 'in'
        AND (p.person_id = :by OR (p.asked_at <= :now AND COALESCE(p.coming_at, 0) < p.asked_at))
    ON CONFLICT DO NOTHING RETURNING id
"""


async def look(tx: Transaction, activity_id: int, *, by: Person) -> Activity:
    """Look for somebody who takes one's own place over. Raises Refused without a place, or once it has begun."""
    activity = await _open_for(tx, activity_id)
    mine = (await asking.view(tx, activity_id, by)).mine
    if mine is None or not mine.is_in:
        raise Refused(
            say("You have no place in “{title}”. Nothing was changed.", title=activity.title),
            asking.to_card(activity_id),
        )
    if not await _begin(tx, activity, mine.id, by):
        raise Refused(
            say("I am looking for a stand-in for you already. Nothing was changed; you keep your place until then."),
            asking.to_card(activity_id),
        )
    return activity


async def offer_on(tx: Transaction, participation_id: int, *, by: Person) -> Activity:
    """A leader lets others take the place of one who does not answer; he is told, and keeps it if he answers first.

    Raises Refused when he has answered, or has no place any more.
    """
    activity_id = await tx.value("SELECT activity_id FROM participations WHERE id = :id", id=participation_id)
    await asking.managed_by(tx, activity_id or 0, by)
    activity = await _open_for(tx, activity_id)
    if not await _begin(tx, activity, participation_id, by):
        raise Refused(
            say("He has answered, has given his place up, or it is being offered on already. Nothing was changed."),
            WayOut(say("Who may be missing?"), press("activities.risk", activity.id)),
        )
    row = await tx.one("SELECT person_id FROM participations WHERE id = :id", id=participation_id)
    assert row is not None, "its handover was begun"
    await people.tell(tx, await people.by_id(tx, row["person_id"]), _warning(activity), lane=Lane.URGENT)
    return activity


def _warning(activity: Activity) -> Card:
    return card(
        say("<b>Still coming?</b>"),
        say(
            "You have not answered for “{title}” ({when}), so the leader offers your place to others. It is yours until "
            "somebody takes it: one tap keeps it.",
            title=activity.title,
            when=Span(activity.starts_at, activity.ends_at),
        ),
        rows=(coming_buttons(activity.id),),
    )


async def _open_for(tx: Transaction, activity_id: int) -> Activity:
    activity = await asking.locked(tx, activity_id)
    asking.check_ahead(activity, tx.now)
    return activity


async def _begin(tx: Transaction, activity: Activity, giver_id: int, by: Person) -> bool:
    made = await tx.value(LOOK, activity=activity.id, giver=giver_id, by=by.id, now=tx.now)
    if made is None:
        return False
    await due.plan(tx, HANDOVER, f"handover:{made}", tx.now + 1)
    return True


# Asking


async def ask(tx: Transaction, item: Due, house: House) -> None:
    """Ask the next few whether they take the place, and plan those after them; last, ask where the group talks.

    Whoever signs up meanwhile waits: he is among them, or finds that nobody is asked any more, and has himself asked.
    """
    handover = await tx.one(OPEN, id=item.number)
    if handover is None:
        return
    activity = await asking.locked(tx, handover["activity_id"])
    if not activity.takes_sign_ups(tx.now):
        return
    chosen = await _next_to_ask(tx, activity, handover, item.subject, house.settings.waiting)
    await standing_by.note_asked(tx, activity.id, item.subject, [each.person for each in chosen])
    for each in chosen:
        screen = _question(activity, handover, each.why)
        await people.tell(tx, each.person, screen, lane=Lane.REMINDER, not_after=activity.starts_at - HOUR)
    following = tx.now + pause(tx.now, activity.starts_at)
    if not chosen:
        await _post(tx, activity, handover)
        await _tell_in_vain(tx, activity, handover)
    elif following < activity.starts_at:
        await due.plan(tx, HANDOVER, item.subject, following)


SEARCHES = "SELECT id FROM handovers WHERE activity_id = :activity AND state = 'open' ORDER BY id"


async def ask_newcomer(tx: Transaction, activity: Activity) -> None:
    """Where everybody has been asked in vain, whoever joins the queue after that is asked as well."""
    for row in await tx.all(SEARCHES, activity=activity.id):
        subject = f"handover:{row['id']}"
        if not await due.is_planned(tx, HANDOVER, subject):
            await due.plan(tx, HANDOVER, subject, tx.now + 1)


WHY_WAITING = say("I ask you because you are on the waiting list; your number stays yours whatever you answer.")
WAITING = """
    SELECT pe.* FROM participations w JOIN people pe ON pe.id = w.person_id
    WHERE w.activity_id = :activity AND w.state = 'waiting' AND w.role_id IS NOT DISTINCT FROM :role
        AND NOT EXISTS (SELECT 1 FROM place_asks a
        WHERE a.activity_id = w.activity_id AND a.cause = :cause AND a.person_id = w.person_id)
    ORDER BY w.turn, w.id LIMIT :limit
"""


async def _next_to_ask(tx: Transaction, activity: Activity, handover: Row, cause: str, rules: Waiting) -> list[Match]:
    """The next of those who wait for such a place, then of those asked at short notice; each is asked once."""
    many = rules.asked_at_once
    rows = await tx.all(WAITING, activity=activity.id, role=handover["role_id"], cause=cause, limit=many)
    if rows:
        return [Match(people.of_row(row), WHY_WAITING) for row in rows]
    group = await asking.group_name(tx, activity)
    return await standing_by.matching(tx, activity, group, cause=cause, many=many, rules=rules)


def _question(activity: Activity, handover: Row, why: Said) -> Card:
    return card(
        say("<b>Can you stand in for {name}?</b>", name=handover["nickname"]),
        say("{kind} “{title}”", kind=activity.rules.name, title=activity.title),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        say("📍 {place}", place=activity.place),
        say("Whoever takes over first has the place."),
        say("<i>{why}</i>", why=why),
        rows=((_take_over(handover["id"]), Button(say("Open"), press("activities.open", activity.id))),),
    )


def _take_over(handover_id: int) -> Button:
    return Button(say("I take over"), press("activities.takeover", handover_id), style="primary")


async def _post(tx: Transaction, activity: Activity, handover: Row) -> None:
    """Nobody is left to be asked one by one: ask once where the group talks, if it has a Telegram group."""
    if activity.group_id is None:
        return
    screen = card(
        say("Who can stand in for {name}?", name=handover["nickname"]),
        say("<b>{title}</b>", title=activity.title),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        say("📍 {place}", place=activity.place),
        rows=((_take_over(handover["id"]),),),
        home=False,
    )
    group = await groups.by_id(tx, activity.group_id)
    await groups.post(tx, group, screen, key=f"handover:{tx.bot}:{handover['id']}")


async def _tell_in_vain(tx: Transaction, activity: Activity, handover: Row) -> None:
    """Whoever looks for a stand-in hears once that nobody is left to be asked one by one, and what he can do."""
    if handover["person_id"] != handover["by_id"]:
        return
    screen = card(
        say("Nobody has taken your place in “{title}” yet, and I know nobody else to ask.", title=activity.title),
        say(
            "It is yours until somebody does: whoever opens the card can tap “🔁 Stand in”. Pass it on to those you know."
        ),
        rows=(coming_buttons(activity.id), (Button(say("Share"), press("activities.share", activity.id)),)),
    )
    giver = await people.by_id(tx, handover["person_id"])
    key = f"in vain:{tx.bot}:{handover['id']}"
    await people.tell(tx, giver, screen, lane=Lane.REMINDER, key=key, not_after=activity.starts_at)


# Taking over

TAKE = """
    UPDATE handovers SET state = 'taken', taker_id = :taker, done_at = :now WHERE id = :id AND state = 'open'
    RETURNING giver_id
"""
LEAVE = """
    UPDATE participations SET state = 'out', was = 'in', since = :now, came = NULL WHERE id = :id AND state = 'in'
    RETURNING person_id
"""
MINE = """
    SELECT id, state, role_id FROM participations WHERE activity_id = :activity AND person_id = :person AND state <> 'out'
"""


async def take_over(tx: Transaction, handover_id: int, *, by: Person, rules: Settings) -> Activity:
    """Take the place of one who looks for a stand-in; or, with the same tap, the one that is kept for `by` meanwhile.

    Raises Refused when somebody was quicker, it is not needed any more, or `by` may not have such a place.
    """
    by = await people.held(tx, by.id)
    activity_id = await tx.value("SELECT activity_id FROM handovers WHERE id = :id", id=handover_id)
    activity = await _open_for(tx, activity_id or 0)
    mine = await tx.one(MINE, activity=activity.id, person=by.id)
    if mine and mine["state"] == "offered":
        return await offering.accept(tx, activity.id, by=by, rules=rules)
    handover = await tx.one(OPEN, id=handover_id)
    taken = handover and await tx.value(TAKE, id=handover_id, taker=by.id, now=tx.now)
    if handover is None or not taken:
        raise Refused(
            say(
                "The place is not to be had any more: somebody was quicker, or its owner comes after all. "
                "Nothing was changed."
            ),
            asking.to_card(activity.id),
        )
    await _check_taker(tx, activity, handover["role_id"], mine)
    await taking.check(tx, activity, handover["role_id"], by, rules)
    await tx.run(LEAVE, id=handover["giver_id"], now=tx.now)
    await _enter(tx, activity, mine, handover, by, rules)
    await reminding.drop(tx, handover["giver_id"])
    await _tell_all(tx, activity, await people.by_id(tx, handover["person_id"]), by)
    await posting.redraw_soon(tx, activity)
    return activity


async def _check_taker(tx: Transaction, activity: Activity, role_id: int | None, mine: Row | None) -> None:
    if mine and mine["state"] == "in":
        raise Refused(
            say("You have a place in “{title}” yourself. Nothing was changed.", title=activity.title),
            asking.to_card(activity.id),
        )
    if mine and mine["state"] == "waiting" and mine["role_id"] == role_id:
        return
    if activity.waiting if role_id is None else await roles.waiting_for(tx, role_id):
        raise Refused(
            say("Those on the waiting list of “{title}” come first. Nothing was changed.", title=activity.title),
            WayOut(say("Join the waiting list"), press("activities.join", activity.id)),
            asking.to_card(activity.id),
        )


async def _enter(
    tx: Transaction, activity: Activity, mine: Row | None, handover: Row, by: Person, rules: Settings
) -> None:
    """The taker is in; the place stays counted as taken."""
    values = {"giver": handover["giver_id"], "role": handover["role_id"], "now": tx.now}
    if mine:
        await withdrawing.stop_waiting(tx, activity, mine["state"], mine["role_id"])
        await tx.run(
            "UPDATE participations SET state = 'in', since = :now, stands_for = :giver, role_id = :role WHERE id = :id",
            id=mine["id"],
            **values,
        )
        return
    entered = await tx.value(
        "INSERT INTO participations (activity_id, person_id, state, since, made_at, stands_for, role_id) "
        "VALUES (:activity, :person, 'in', :now, :now, :giver, :role) RETURNING id",
        activity=activity.id,
        person=by.id,
        **values,
    )
    await minding.tell(tx, activity, by)
    await reminding.plan(tx, activity, entered, by, rules.reminders)


async def _tell_all(tx: Transaction, activity: Activity, giver: Person, taker: Person) -> None:
    """The giver and the leaders hear who stands in for whom."""
    to_card: tuple[tuple[Button, ...], ...] = ((Button(say("Open"), press("activities.open", activity.id)),),)
    words = say(
        "{taker} stands in for you in “{title}”: you need not come.", taker=taker.nickname, title=activity.title
    )
    await people.tell(tx, giver, card(words, rows=to_card), lane=Lane.URGENT)
    await news.tell_leaders(
        tx,
        activity,
        say(
            "🔁 {taker} stands in for {giver} in “{title}” ({when}).",
            taker=taker.nickname,
            giver=giver.nickname,
            title=activity.title,
            when=Span(activity.starts_at, activity.ends_at),
        ),
    )
