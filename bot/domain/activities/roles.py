"""Places by role: six helpers, one first-aider, two drivers; each role has its own places, conditions and queue.

The activity's own row is always held before a role's is touched, so that all who tap at once pass in one order.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NoReturn

from bot.cards import press
from bot.domain.activities import conditions as asked
from bot.domain.activities.places import Role, RoleDraft, free_words
from bot.domain.activities.things import Activity
from bot.locales import Said, Several, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

# Rules


def role_words(role: Role) -> Said:
    """A role's name and places, and what it asks for."""
    counts = free_words(role.places, role.free, role.waiting)
    if role.partner_id is not None:
        return say("🤝 {role}: {places}", role=role.called, places=counts)
    wanted = asked.words(role.conditions)
    if wanted is None:
        return say("{role}: {places}", role=role.called, places=counts)
    return say("{role}: {places} · {conditions}", role=role.called, places=counts, conditions=wanted)


def own(known: Sequence[Role], nodes: Collection[int]) -> Role | None:
    """The places of somebody's own partner while any is free, else those open to all; None where he has to say which."""
    mine = [role for role in known if role.partner_id is not None and role.is_for(nodes)]
    if free := next((role for role in mine if role.free), None):
        return free
    if any(role.partner_id is None and not role.is_open for role in known):
        return None
    everybodys = next((role for role in known if role.is_open), None)
    return everybodys if everybodys and (everybodys.free or not mine) else next(iter(mine), None)


# Questions


async def roles_of(tx: Transaction, activity: Activity) -> tuple[Role, ...]:
    """The roles of an activity, in the order in which they were written; none is asked for where there are none."""
    if not activity.has_roles:
        return ()
    rows = await tx.all("SELECT * FROM activity_roles WHERE activity_id = :id ORDER BY id", id=activity.id)
    return tuple(Role.of_row(row) for row in rows)


async def chosen(tx: Transaction, activity: Activity, role_id: int | None, nodes: Collection[int] = ()) -> Role | None:
    """The role that somebody means; None where there are none. Raises Refused where he has to say which.

    `nodes`: the groups whose places are his, where some are a partner's.
    """
    known = await roles_of(tx, activity)
    if not known:
        return None
    found = next((role for role in known if role.id == role_id and not role.closed), None)
    if role_id is None and is_shared(known):
        found = own(known, nodes)
    elif role_id is None and len(known) == 1:
        return known[0]
    return found or _asked(activity, known, nodes)


def is_shared(known: Iterable[Role]) -> bool:
    """Are places among these for the people of partners?"""
    return any(role.partner_id is not None for role in known)


def _asked(activity: Activity, known: Sequence[Role], nodes: Collection[int]) -> NoReturn:
    his = ways_in(activity, known, nodes)
    theirs = tuple(role.called for role in known if not role.closed)
    if not his and not theirs:
        raise Refused(
            say("All places of “{title}” are taken. Nothing was changed.", title=activity.title),
            WayOut(say("Watch"), press("activities.watching", activity.id)),
        )
    if not his:
        raise Refused(
            say(
                "All places of “{title}” are for people of {partners}, and you are in none of these groups. "
                "Nothing was changed.",
                title=activity.title,
                partners=Several(theirs),
            ),
            WayOut(say("What is coming up"), press("activities.list", activity.rules.listed)),
            WayOut(say("Groups"), "groups.list"),
        )
    raise Refused(
        say("“{title}” has places of several kinds. What do you want to come as?", title=activity.title), *his
    )


def ways_in(activity: Activity, known: Iterable[Role], nodes: Collection[int]) -> list[WayOut]:
    """The places that are not another partner's, each as a button."""
    return [
        WayOut(
            say("{role} ({free} free)", role=role.label, free=role.free),
            press("activities.join", activity.id, role.id),
        )
        for role in known
        if role.is_for(nodes)
    ]


# Deeds


async def found(tx: Transaction, activity_id: int, drafts: Sequence[RoleDraft]) -> None:
    """Write down the roles of an activity that is being published."""
    for draft in drafts:
        await tx.run(
            "INSERT INTO activity_roles (activity_id, name, places, conditions) "
            "VALUES (:activity, :name, :places, :conditions)",
            activity=activity_id,
            name=draft.name,
            places=draft.places,
            conditions=asked.kept(draft.conditions),
        )


TAKE = """
    UPDATE activity_roles SET
        taken = taken + CASE WHEN taken < places THEN 1 ELSE 0 END,
        waiting = waiting + CASE WHEN taken < places THEN 0 ELSE 1 END
    WHERE id = :id RETURNING *
"""
COUNT_ROLE = "UPDATE activity_roles SET taken = taken + :taken, waiting = waiting + :waiting WHERE id = :id"
COUNT = """
    UPDATE activities SET taken = taken + :taken, role_waiting = role_waiting + :waiting WHERE id = :id RETURNING *
"""


async def take(tx: Transaction, activity: Activity, role_id: int) -> tuple[Activity, int]:
    """A place in the role, or the last one in its queue; 0, or which number that is."""
    row = await tx.one(TAKE, id=role_id)
    assert row is not None, "the role is there"
    queue = row["waiting"]
    return await sum_up(tx, activity, int(not queue), int(queue > 0)), queue


async def count(tx: Transaction, activity: Activity, role_id: int, *, taken: int = 0, waiting: int = 0) -> Activity:
    """So many more are in or wait, in the role and in the activity."""
    await tx.run(COUNT_ROLE, id=role_id, taken=taken, waiting=waiting)
    return await sum_up(tx, activity, taken, waiting)


async def sum_up(tx: Transaction, activity: Activity, taken: int, waiting: int) -> Activity:
    """So many more are in or wait, in the activity's own row."""
    row = await tx.one(COUNT, id=activity.id, taken=taken, waiting=waiting)
    assert row is not None, "the activity's row is held"
    return Activity.of_row(row)


async def is_full(tx: Transaction, role_id: int) -> bool:
    """Has the role no free place?"""
    return bool(await tx.value("SELECT 1 FROM activity_roles WHERE id = :id AND taken >= places", id=role_id))


async def waiting_for(tx: Transaction, role_id: int) -> int:
    """How many wait for a place in the role."""
    return int(await tx.value("SELECT waiting FROM activity_roles WHERE id = :id", id=role_id))


async def end_queues(tx: Transaction, activity: Activity, freed: Mapping[int | None, int]) -> None:
    """It has begun: nobody waits any more, and offered places that nobody took are free."""
    for role in await roles_of(tx, activity):
        await tx.run(
            "UPDATE activity_roles SET taken = taken - :freed, waiting = 0 WHERE id = :id",
            id=role.id,
            freed=freed.get(role.id, 0),
        )
