"""Sharing an activity with a partner, changing that, and taking it back: deeds of those who answer for the activity."""

from bot import due
from bot.cards import press
from bot.config import House
from bot.domain import activities, audit, groups
from bot.domain.activities import Activity, portions
from bot.domain.activities.asking import locked
from bot.domain.activities.things import PLACES_MAX
from bot.domain.groups import Group
from bot.domain.partners import telling
from bot.domain.partners.finding import by_id, managed_by
from bot.domain.partners.things import HOUR, PARTNERS_MAX, UNDO_SECONDS, Share, of_activity
from bot.domain.people import Person
from bot.due import Due
from bot.locales import say, say_n
from bot.refusal import Refused, WayOut, check_number
from bot.storage import Transaction

BACK = "partners.back"

# Rules


def _check_on(share: Share) -> None:
    if not share.is_on:
        raise Refused(
            say("{partner} has no places of its own here any more. Nothing was changed.", partner=share.partner),
            WayOut(say("The partners"), press("partners.of", share.activity_id)),
        )


def _unsure(share: Share) -> Refused:
    """What withdrawing would do, for whoever is not sure of it yet."""
    return Refused(
        say_n(
            "{n} person of {partner} is signed up and keeps the place. Free places that go back to everybody: {free}. Nobody "
            "else of {partner} comes in by them. Nothing was changed yet.",
            "{n} people of {partner} are signed up and keep their places. Free places that go back to everybody: {free}. "
            "Nobody else of {partner} comes in by them. Nothing was changed yet.",
            share.taken,
            partner=share.partner,
            free=share.free,
        ),
        WayOut(say("Withdraw the share"), press("partners.withdraw", share.id, 1)),
        WayOut(say("Leave it as it is"), press("partners.open", share.id)),
    )


def _check_back(activity: Activity, back_hours: int | None, now: int) -> None:
    if back_hours is not None and activity.starts_at - back_hours * HOUR <= now:
        raise Refused(
            say(
                "“{title}” begins in less than {hours} h, so its places would go back at once. Nothing was changed; choose a "
                "later hour, or that they don't go back by themselves.",
                title=activity.title,
                hours=back_hours,
            )
        )


# Deeds

KEEP = """
    INSERT INTO shares (activity_id, partner_id, places, out_of, back_hours, made_at, made_by)
    VALUES (:activity, :partner, :places, :out_of, :back, :now, :by)
    ON CONFLICT (activity_id, partner_id) DO UPDATE SET places = excluded.places, back_hours = excluded.back_hours,
        out_of = excluded.out_of,
        state = 'on', reason = '', made_at = excluded.made_at, made_by = excluded.made_by, settled_at = NULL,
        settled_by = NULL
    RETURNING id
"""
SETTLE = """
    UPDATE shares SET state = :state, reason = :reason, settled_at = :now, settled_by = :by WHERE id = :id
"""


async def share(
    tx: Transaction,
    activity_id: int,
    partner_id: int,
    places: int,
    *,
    by: Person,
    back_hours: int | None = None,
    out_of: int | None = None,
) -> Share:
    """Give a partner so many of the free places, and tell its leaders. Raises Refused."""
    await activities.managed_by(tx, activity_id, by)
    activity = await locked(tx, activity_id)
    activities.check_ahead(activity, tx.now)
    _check_back(activity, back_hours, tx.now)
    partner = await groups.by_id(tx, partner_id)
    await _check_partner(tx, activity, partner)
    await portions.set_apart(tx, activity, partner, places, out_of)
    share_id = await tx.value(
        KEEP,
        activity=activity_id,
        partner=partner.id,
        places=places,
        out_of=out_of,
        back=back_hours,
        now=tx.now,
        by=by.id,
    )
    found = await by_id(tx, share_id)
    await plan(tx, found)
    await audit.note(
        tx, "share.made", activity.name, by=by.id, partner=f"group:{partner.id}", places=places, back=back_hours
    )
    await telling.tell_shared(tx, found, by)
    return found


async def _check_partner(tx: Transaction, activity: Activity, partner: Group) -> None:
    groups.check_open(partner)
    on = [each for each in await of_activity(tx, activity.id) if each.is_on]
    if already := next((each for each in on if each.partner_id == partner.id), None):
        raise Refused(
            say("“{title}” is shared with {partner} already.", title=activity.title, partner=partner.name),
            WayOut(say("Change the places"), press("partners.resize", already.id)),
        )
    if len(on) >= PARTNERS_MAX:
        raise Refused(say("An activity has at most {n} partners. Nothing was changed.", n=PARTNERS_MAX))


async def resize(tx: Transaction, share_id: int, places: int, *, by: Person) -> Share:
    """Give a partner so many places from now on. Raises Refused with fewer than are taken, or more than are free."""
    found, activity = await _held(tx, share_id, by)
    _check_on(found)
    check_number(places, max(1, found.taken), PLACES_MAX)
    role = await portions.role_for(tx, activity.id, found.partner_id)
    assert role is not None, "a share that is on has places"
    if places > role.places:
        partner = await groups.by_id(tx, found.partner_id)
        await portions.set_apart(tx, activity, partner, places - role.places, role.out_of)
    elif places < role.places:
        await portions.give_back(tx, activity, role, role.places - places)
    await tx.run("UPDATE shares SET places = :places WHERE id = :id", places=places, id=found.id)
    await audit.note(tx, "share.changed", activity.name, by=by.id, partner=f"group:{found.partner_id}", places=places)
    after = await by_id(tx, found.id)
    if places != found.quota:
        await telling.tell_resized(tx, after, by)
    return after


async def return_at(tx: Transaction, share_id: int, back_hours: int | None, *, by: Person) -> Share:
    """Let unused places go back so many hours before the start; None: never by themselves."""
    found, activity = await _held(tx, share_id, by)
    _check_on(found)
    _check_back(activity, back_hours, tx.now)
    await tx.run("UPDATE shares SET back_hours = :back WHERE id = :id", back=back_hours, id=found.id)
    await audit.note(tx, "share.changed", activity.name, by=by.id, partner=f"group:{found.partner_id}", back=back_hours)
    after = await by_id(tx, found.id)
    await plan(tx, after)
    return after


async def give_back(tx: Transaction, share_id: int, *, by: Person) -> tuple[Share, int]:
    """Let unused places of a partner be everybody's. How many that were."""
    found, activity = await _held(tx, share_id, by)
    _check_on(found)
    if not found.free:
        raise Refused(say("All places of {partner} are taken. Nothing was changed.", partner=found.partner))
    await _end(tx, found, activity, "given_back", by)
    return await by_id(tx, found.id), found.free


async def withdraw(tx: Transaction, share_id: int, *, by: Person, sure: bool = False) -> Share:
    """Share it with this partner no more; whoever is in keeps his place. Raises Refused to ask, where somebody is."""
    found, activity = await _held(tx, share_id, by)
    if found.state not in ("on", "given_back"):
        _check_on(found)
    if found.taken and not sure:
        raise _unsure(found)
    await _end(tx, found, activity, "withdrawn", by)
    return await by_id(tx, found.id)


async def undo(tx: Transaction, share_id: int, *, by: Person) -> Share:
    """Share it as before, within a minute of withdrawing or giving back, if the places are still free. Raises Refused."""
    found, activity = await _held(tx, share_id, by)
    is_undone = found.state in ("given_back", "withdrawn") and (found.settled_at or 0) > tx.now - UNDO_SECONDS
    if not is_undone or found.settled_by is None:
        raise Refused(say("There is nothing to undo: that works for {n} seconds. Nothing was changed.", n=UNDO_SECONDS))
    partner = await groups.by_id(tx, found.partner_id)
    await _check_partner(tx, activity, partner)
    if found.places > found.quota:
        await portions.set_apart(tx, activity, partner, found.places - found.quota, found.out_of)
    role = await portions.role_for(tx, activity.id, found.partner_id)
    assert role is not None, "it has places again"
    await portions.close(tx, activity, role, closed=False)
    await tx.run("UPDATE shares SET state = 'on', settled_at = NULL, settled_by = NULL WHERE id = :id", id=found.id)
    await due.drop(tx, found.name, telling.TELL)
    after = await by_id(tx, found.id)
    await plan(tx, after)
    await audit.note(tx, "share.resumed", activity.name, by=by.id, partner=f"group:{found.partner_id}")
    return after


async def _held(tx: Transaction, share_id: int, by: Person) -> tuple[Share, Activity]:
    """The share and its activity, whose row is held, for whoever answers for it."""
    found = await managed_by(tx, share_id, by)
    activity = await locked(tx, found.activity_id)
    activities.check_ahead(activity, tx.now)
    return await by_id(tx, share_id), activity


async def _end(tx: Transaction, found: Share, activity: Activity, state: str, by: Person | None) -> None:
    """What is free of a partner's places is everybody's, now and later; its leaders hear of it in a minute."""
    await end(tx, found, activity, state, by=by)
    await due.plan(tx, telling.TELL, found.name, tx.now + UNDO_SECONDS)


async def end(
    tx: Transaction, found: Share, activity: Activity, state: str, *, by: Person | None, reason: str = ""
) -> None:
    """Close a partner's places: whoever has one keeps it. Who has to hear of it, hears it from whoever calls."""
    role = await portions.role_for(tx, activity.id, found.partner_id)
    if role is not None:
        await portions.close(tx, activity, role)
    await tx.run(SETTLE, state=state, reason=reason, now=tx.now, by=by.id if by else None, id=found.id)
    await due.drop(tx, found.name, BACK)
    # What was typed stays out of the chain, which is kept for ever.
    actor = by.id if by else None
    await audit.note(
        tx, f"share.{state}", activity.name, by=actor, partner=f"group:{found.partner_id}", places=found.free
    )


async def plan(tx: Transaction, found: Share) -> None:
    """Let unused places go back at the hour that is settled; what was planned for another one is put away."""
    await due.drop(tx, found.name, BACK)
    if found.back_at is not None:
        await due.plan(tx, BACK, found.name, max(found.back_at, tx.now + 1))


async def look_again(tx: Transaction, item: Due, house: House) -> None:
    """The activity has another time: unused places go back by that."""
    for found in await of_activity(tx, item.number):
        if found.is_on:
            await plan(tx, found)
