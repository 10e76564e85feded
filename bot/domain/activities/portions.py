"""Places of a partner's own, taken out of those for everybody, and given back to them.

All of it is done while the activity's row is held. No place is made or lost by it, and nobody who is in moves.
"""

from dataclasses import replace

from bot import due
from bot.cards import press
from bot.domain.activities import asking, offering, posting, roles, terming
from bot.domain.activities import conditions as asked
from bot.domain.activities.conditions import Condition
from bot.domain.activities.places import Role
from bot.domain.activities.things import Activity
from bot.domain.groups import Group
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

# What the room of partners does when an activity that is shared with any is called off, or has another time.
OFF = "partners.off"
MOVED = "partners.moved"

# Questions


async def role_for(tx: Transaction, activity_id: int, partner_id: int) -> Role | None:
    """The places of a partner, if it has any."""
    row = await tx.one(
        "SELECT * FROM activity_roles WHERE activity_id = :activity AND partner_id = :partner",
        activity=activity_id,
        partner=partner_id,
    )
    return Role.of_row(row) if row else None


async def sources(tx: Transaction, activity: Activity) -> tuple[Role, ...]:
    """The roles out of which places can be given to a partner; none where all places are alike."""
    return tuple(role for role in await roles.roles_of(tx, activity) if role.partner_id is None)


async def to_spare(tx: Transaction, activity: Activity, out_of: int | None) -> int:
    """How many places a partner could have now: the free ones of a role, or of what is open to all."""
    if not activity.has_roles:
        return activity.free or 0
    found = await _source(tx, activity, out_of)
    return found.free - (0 if found.is_open else 1) if found else 0


async def _source(tx: Transaction, activity: Activity, out_of: int | None) -> Role | None:
    known = await sources(tx, activity)
    return next((role for role in known if role.id == out_of or (out_of is None and role.is_open)), None)


async def are_free(tx: Transaction, activity: Activity) -> bool:
    """Is a place free that is not set apart for a partner?"""
    if not activity.has_roles:
        return activity.free != 0
    return any(role.free for role in await sources(tx, activity))


async def is_shared(tx: Transaction, activity: Activity) -> bool:
    """Has any partner had places of its own in it?"""
    sql = "SELECT 1 FROM activity_roles WHERE activity_id = :id AND partner_id IS NOT NULL LIMIT 1"
    return await tx.value(sql, id=activity.id) is not None


# Deeds


async def let_partners_know(tx: Transaction, activity: Activity, deed: str, seconds: int) -> None:
    """Let the room of partners do its deed in so many seconds, if the activity is shared with any."""
    if await is_shared(tx, activity):
        await due.plan(tx, deed, activity.name, tx.now + seconds)


ADD = """
    INSERT INTO activity_roles (activity_id, name, places, taken, waiting, conditions, partner_id, out_of)
    VALUES (:activity, :name, :places, :taken, :waiting, :conditions, :partner, :out_of) RETURNING *
"""
SHRINK = "UPDATE activity_roles SET places = places - :less WHERE id = :id AND places > :less"
GROW = """
    UPDATE activity_roles SET places = places + :more, taken = taken + :moved, waiting = waiting - :moved WHERE id = :id
"""
REOPEN = "UPDATE activity_roles SET closed = 0 WHERE id = :id"
BY_ROLE = """
    UPDATE activities SET places = NULL, kept = 0, role_places = places + kept, waiting = 0, role_waiting = waiting, special = 1
    WHERE id = :id RETURNING *
"""
ALIKE = """
    UPDATE activities SET places = role_places, role_places = 0, waiting = role_waiting, role_waiting = 0, special = :special
    WHERE id = :id
"""


async def set_apart(
    tx: Transaction, activity: Activity, partner: Group, places: int, out_of: int | None = None
) -> Activity:
    """Give a partner so many of the free places, or more of them. Raises Refused where fewer are free."""
    _check_free(activity, places, await to_spare(tx, activity, out_of))
    if not activity.has_roles:
        activity = await _by_role(tx, activity)
    source = await _source(tx, activity, out_of)
    assert source is not None, "what has free places is there"
    found = await role_for(tx, activity.id, partner.id)
    if found is None:
        found = await _add(tx, activity, partner, places, out_of)
        moved = 0
    else:
        moved = min(found.waiting, places)
        await _grow(tx, found, places, moved)
        await tx.run(REOPEN, id=found.id)
    await _shrink(tx, source, places, into=found)
    return await _after(tx, activity, moved, found)


async def give_back(tx: Transaction, activity: Activity, role: Role, places: int) -> Activity:
    """So many free places of a partner are those again out of which they were taken."""
    assert 0 < places <= role.free, "only free places are given back"
    source = await _source(tx, activity, role.out_of)
    if source is None:
        source, moved = await _add(tx, activity, None, places, None), 0
    else:
        moved = min(source.waiting, places)
        await _grow(tx, source, places, moved)
    await _shrink(tx, role, places, into=source)
    after = await _after(tx, activity, moved, source)
    if moved < places:
        await offering.look_for_people(tx, after)
    if len(await roles.roles_of(tx, after)) == 1:
        await _alike(tx, after, source)
    return await asking.by_id(tx, activity.id)


async def settle(tx: Transaction, activity: Activity) -> bool:
    """Give back what became free of places that a partner has no claim to any more. False: there was nothing."""
    freed = [role for role in await roles.roles_of(tx, activity) if role.closed and role.free]
    for role in freed:
        activity = await give_back(tx, activity, role, role.free)
    return bool(freed)


async def close(tx: Transaction, activity: Activity, role: Role, *, closed: bool = True) -> None:
    """Whoever has one of a partner's places keeps it; what is free of them, now or later, is everybody's."""
    await tx.run("UPDATE activity_roles SET closed = :closed WHERE id = :id", closed=int(closed), id=role.id)
    if closed and role.free:
        await give_back(tx, activity, role, role.free)


def _check_free(activity: Activity, wanted: int, free: int) -> None:
    if activity.all_places is None:
        raise Refused(
            say(
                "“{title}” has places for all, so nobody needs places of his own. Nothing was changed.",
                title=activity.title,
            ),
            WayOut(say("Say how many there are"), press("activities.edit", activity.id, "places")),
        )
    if activity.chooses:
        raise Refused(
            say(
                "The places of “{title}” are given later, so nobody knows which are free. Nothing was changed.",
                title=activity.title,
            ),
            WayOut(say("🎟 Signing up"), press("activities.terms", activity.id)),
        )
    if wanted > free:
        raise Refused(
            say("Only {free} places are free to give, not {wanted}. Nothing was changed.", free=free, wanted=wanted),
            WayOut(say("More places"), press("activities.edit", activity.id, "places")),
        )


async def _by_role(tx: Transaction, activity: Activity) -> Activity:
    """Let all places be those of one role without a name, with everybody who is in or waits."""
    row = await tx.one(BY_ROLE, id=activity.id)
    assert row is not None, "the row is held"
    after = Activity.of_row(row)
    role = await _add(tx, after, None, after.role_places, None, taken=after.taken, waiting=after.role_waiting)
    await tx.run("UPDATE participations SET role_id = :role WHERE activity_id = :id", role=role.id, id=activity.id)
    return after


async def _alike(tx: Transaction, activity: Activity, role: Role) -> None:
    """The last partner has given all back: if there are only places for everybody, they are plain places again."""
    if not role.is_open:
        return
    special = int(terming.is_special(replace(activity, role_places=0)))
    await tx.run(ALIKE, id=activity.id, special=special)
    await tx.run("UPDATE participations SET role_id = NULL WHERE activity_id = :id", id=activity.id)
    await tx.run("DELETE FROM activity_roles WHERE id = :id", id=role.id)


async def _add(
    tx: Transaction,
    activity: Activity,
    partner: Group | None,
    places: int,
    out_of: int | None,
    *,
    taken: int = 0,
    waiting: int = 0,
) -> Role:
    name = await _free_name(tx, activity, partner.name) if partner else ""
    row = await tx.one(
        ADD,
        activity=activity.id,
        name=name,
        places=places,
        taken=taken,
        waiting=waiting,
        conditions=asked.kept([Condition("group", partner.id, partner.name)] if partner else []),
        partner=partner.id if partner else None,
        out_of=out_of,
    )
    assert row is not None, "an insert returns its row"
    return Role.of_row(row)


async def _free_name(tx: Transaction, activity: Activity, name: str) -> str:
    """What the places of a partner are called: like it, and where a role is called so, with the partner's sign."""
    known = {role.name.casefold() for role in await roles.roles_of(tx, activity)}
    return name if name.casefold() not in known else f"{name} 🤝"


async def _grow(tx: Transaction, role: Role, places: int, moved: int) -> None:
    await tx.run(GROW, id=role.id, more=places, moved=moved)


async def _shrink(tx: Transaction, role: Role, places: int, *, into: Role) -> None:
    """Fewer places; a role without any is none, and whoever had one in it before is reckoned to the other."""
    if await tx.run(SHRINK, id=role.id, less=places):
        return
    await tx.run("UPDATE participations SET role_id = :into WHERE role_id = :id", into=into.id, id=role.id)
    await tx.run("UPDATE activity_roles SET out_of = NULL WHERE out_of = :id", id=role.id)
    await tx.run("DELETE FROM activity_roles WHERE id = :id", id=role.id)


async def _after(tx: Transaction, activity: Activity, moved: int, role: Role) -> Activity:
    """Those who waited for what is more now are offered it; the posted card follows."""
    after = await roles.sum_up(tx, activity, moved, -moved)
    await offering.offer(tx, after, moved, role.id)
    await posting.redraw_soon(tx, after)
    return after
