"""Founding a group, changing it, closing it, and who leads it. Every deed here is noted in the audit log."""

from collections.abc import Iterable

from bot import due
from bot.cards import Button, card, press
from bot.domain import audit, people, search
from bot.domain.groups.belonging import leaders_of, leads, led_by, waiting
from bot.domain.groups.finding import Group, by_id, called, check_open, clean_about, clean_name, locked, matching
from bot.domain.groups.joining import UNDO_SECONDS, move_queue
from bot.domain.groups.parting import WINDING_UP, plan_after_closing
from bot.domain.groups.tree import check_bare, leads_above, may_register
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

# Questions


async def admin_of(tx: Transaction, group_id: int, person: Person) -> Group:
    """The open group, for county admins alone. Raises Refused."""
    people.only_admins(person)
    group = await by_id(tx, group_id)
    check_open(group)
    return group


# Deeds


async def found(
    tx: Transaction,
    name: str,
    about: str,
    capacity: int | None,
    *,
    by: Person,
    kind: str = "interest",
    under: int | None = None,
) -> Group:
    """Make a group, under another one or under none.

    Raises Refused for who may not register such a group there, and when an open group has the name.
    """
    await may_register(tx, kind, under, by)
    name = clean_name(name)
    # On SQLite nobody else writes between this and the next; on PostgreSQL the index knows all letters.
    group_id = (
        None
        if await called(tx, name)
        else await tx.value(
            "INSERT INTO groups (name, about, capacity, kind, parent_id, made_at, made_by) "
            "VALUES (:name, :about, :capacity, :kind, :under, :now, :by) ON CONFLICT DO NOTHING RETURNING id",
            name=name,
            about=clean_about(about),
            capacity=capacity,
            kind=kind,
            under=under,
            now=tx.now,
            by=by.id,
        )
    )
    if group_id is None:
        other = await matching(tx, name, "groups.open")
        raise Refused(
            say("There is a group called {name} already. Nothing was saved; choose another name.", name=other.name),
            WayOut(say("Open that group"), press("groups.open", other.id)),
        )
    await audit.note(tx, "group.made", f"group:{group_id}", by=by.id, capacity=capacity, kind=kind, under=under)
    return await _searchable(tx, group_id)


async def _searchable(tx: Transaction, group_id: int) -> Group:
    """The group, as it is found by its words from now on."""
    group = await by_id(tx, group_id)
    await search.keep(tx, "group", group_id, group.name, group.about)
    await search.keep(tx, "name", group_id, group.name)
    return group


async def found_all(
    tx: Transaction, names: Iterable[str], kind: str, under: int | None, *, by: Person
) -> tuple[list[Group], list[str]]:
    """Make a group of each name under another one, and which names were left out since an open group has them."""
    await may_register(tx, kind, under, by)
    made, taken = [], []
    for name in names:
        if await called(tx, name):
            taken.append(name)
        else:
            made.append(await found(tx, name, "", None, by=by, kind=kind, under=under))
    return made, taken


async def describe(tx: Transaction, group_id: int, about: str, *, by: Person) -> Group:
    """Change what the group says about itself."""
    await led_by(tx, group_id, by)
    await locked(tx, group_id)
    await tx.run("UPDATE groups SET about = :about WHERE id = :group_id", about=clean_about(about), group_id=group_id)
    await audit.note(tx, "group.described", f"group:{group_id}", by=by.id)
    return await _searchable(tx, group_id)


async def set_capacity(tx: Transaction, group_id: int, capacity: int | None, *, by: Person) -> tuple[Group, int]:
    """Change how many may be in (None: as many as like); the group, and how many came in from the queue.

    Raises Refused when more are in already.
    """
    await led_by(tx, group_id, by)
    group = await locked(tx, group_id)
    changed = await tx.run(
        "UPDATE groups SET capacity = :capacity WHERE id = :group_id "
        "AND (CAST(:capacity AS BIGINT) IS NULL OR members <= CAST(:capacity AS BIGINT))",
        capacity=capacity,
        group_id=group_id,
    )
    if not changed:
        raise Refused(
            say(
                "{group} has {members} members, so its capacity can't be {capacity}. Nothing was changed.",
                group=group.name,
                members=group.members,
                capacity=capacity or 0,
            ),
            WayOut(say("Lead the group"), press("groups.lead", group_id)),
        )
    await audit.note(tx, "group.capacity.set", f"group:{group_id}", by=by.id, capacity=capacity, before=group.capacity)
    moved = await move_queue(tx, group_id)
    return await by_id(tx, group_id), moved


async def appoint(tx: Transaction, group: Group, person: Person, *, by: Person) -> None:
    """Make `person` a leader; he is told. Raises Refused: only a leader of this group or an admin can give this."""
    await led_by(tx, group.id, by)
    await _appoint(tx, group, person, by)


async def to_be_led(tx: Transaction, group_id: int, person: Person) -> Group:
    """The group without a leader, for those who lead a group above it, and for admins. Raises Refused."""
    group = await locked(tx, group_id)
    if not person.is_admin and not await leads_above(tx, group_id, person):
        raise Refused(
            say(
                "Only those who lead something above {group}, and county admins, name its first leader. "
                "Nothing was changed.",
                group=group.name,
            ),
            WayOut(say("Open the group"), press("groups.open", group_id)),
        )
    if await leaders_of(tx, group_id):
        raise Refused(
            say("{group} has a leader already, who names the others. Nothing was changed.", group=group.name),
            WayOut(say("Open the group"), press("groups.open", group_id)),
        )
    return group


async def appoint_first(tx: Transaction, group: Group, person: Person, *, by: Person) -> None:
    """Give a group that has none its first leader; he is told. Raises Refused as `to_be_led` does."""
    await to_be_led(tx, group.id, by)
    await _appoint(tx, group, person, by)


async def _appoint(tx: Transaction, group: Group, person: Person, by: Person) -> None:
    await locked(tx, group.id)
    await people.candidate(tx, person.id)
    added = await tx.run(
        "INSERT INTO leaders (group_id, person_id, since, given_by) VALUES (:group_id, :person_id, :now, :by) "
        "ON CONFLICT DO NOTHING",
        group_id=group.id,
        person_id=person.id,
        now=tx.now,
        by=by.id,
    )
    if not added:
        raise _leads_already(group, person)
    await people.leads_more(tx, [person.id], 1)
    await audit.note(tx, "group.leader.given", f"group:{group.id}", by=by.id, person=person.id)
    if person.id != by.id:
        told = card(
            say(
                "You lead <b>{group}</b> from now on. {person} gave you this role.",
                group=group.name,
                person=by.nickname,
            ),
            rows=((Button(say("Lead the group"), press("groups.lead", group.id)),),),
        )
        await people.tell(tx, person, told)


async def check_leads_not(tx: Transaction, group: Group, person: Person) -> None:
    """Raises Refused for who leads the group already."""
    if await leads(tx, group.id, person):
        raise _leads_already(group, person)


def _leads_already(group: Group, person: Person) -> Refused:
    return Refused(
        say("{person} leads {group} already. Nothing was changed.", person=person.nickname, group=group.name),
        WayOut(say("Open the group"), press("groups.open", group.id)),
    )


async def leaders_beside(tx: Transaction, group: Group, person: Person, *, by: Person) -> int:
    """How many would lead the group without `person`. Raises Refused where `by` can't dismiss him."""
    await led_by(tx, group.id, by)
    if not await leads(tx, group.id, person):
        raise _leads_not(group, person)
    others = len(await leaders_of(tx, group.id)) - 1
    if not others and not by.is_admin:
        raise _leads_alone(group, person)
    return others


def _leads_not(group: Group, person: Person) -> Refused:
    return Refused(
        say("{person} does not lead {group}. Nothing was changed.", person=person.nickname, group=group.name)
    )


def _leads_alone(group: Group, person: Person) -> Refused:
    return Refused(
        say(
            "{person} is the only leader of {group}: make somebody else a leader first, or ask a county admin. "
            "Nothing was changed.",
            person=person.nickname,
            group=group.name,
        ),
        WayOut(say("Roll"), press("groups.roll", group.id)),
    )


async def dismiss(tx: Transaction, group: Group, person: Person, *, by: Person) -> None:
    """Take a leader's role back, or lay one's own down; whoever loses it is told.

    Raises Refused for others than the group's leaders and admins; the last leader only an admin can dismiss.
    """
    await led_by(tx, group.id, by)
    await locked(tx, group.id)
    if not await leads(tx, group.id, person):
        raise _leads_not(group, person)
    taken = await tx.run(
        "DELETE FROM leaders WHERE group_id = :group_id AND person_id = :person_id AND (:is_admin = 1 "
        "OR (SELECT COUNT(*) FROM leaders WHERE group_id = :group_id) > 1)",
        group_id=group.id,
        person_id=person.id,
        is_admin=int(by.is_admin),
    )
    if not taken:
        raise _leads_alone(group, person)
    await people.leads_more(tx, [person.id], -1)
    await audit.note(tx, "group.leader.taken", f"group:{group.id}", by=by.id, person=person.id)
    if person.id != by.id:
        told = card(
            say(
                "You don't lead <b>{group}</b> any more; {person} took the role back.",
                group=group.name,
                person=by.nickname,
            ),
            rows=((Button(say("Open the group"), press("groups.open", group.id)),),),
        )
        await people.tell(tx, person, told)


async def close(tx: Transaction, group_id: int, *, concerned: int, by: Person) -> Group:
    """Close a group; a minute later, when it can't be undone any more, its people are told and let go.

    `concerned` is the number of members and waiting people that the admin saw. Raises Refused when it has changed.
    """
    people.only_admins(by)
    group = await locked(tx, group_id)
    await check_bare(tx, group)
    if group.members + await waiting(tx, group_id) != concerned:
        raise Refused(
            say("The number of members has changed meanwhile. Nothing was closed; please look again."),
            WayOut(say("Close the group"), press("groups.closing", group_id)),
        )
    await tx.run("UPDATE groups SET closed_at = :now WHERE id = :group_id", now=tx.now, group_id=group_id)
    await people.leads_more(tx, [leader.id for leader in await leaders_of(tx, group_id)], -1)
    await search.keep(tx, "name", group_id)
    await plan_after_closing(tx, WINDING_UP, group_id)
    await audit.note(tx, "group.closed", f"group:{group_id}", by=by.id, concerned=concerned)
    return await by_id(tx, group_id)


async def reopen(tx: Transaction, group_id: int, *, by: Person) -> Group:
    """Undo the closing within 60 seconds; nobody has been told yet. Raises Refused later, or when the name is taken.

    Where what it hung under was closed meanwhile, it hangs under none.
    """
    people.only_admins(by)
    # First, so that whatever follows on the closing is either not begun or has been done when this goes on.
    waited = await due.drop(tx, f"group:{group_id}", WINDING_UP)
    # What it hung under is kept still, so that nobody closes it in this very moment, when nothing hangs under it yet.
    await tx.all(
        "SELECT id FROM groups WHERE id = (SELECT parent_id FROM groups WHERE id = :group_id) /*pg FOR UPDATE*/",
        group_id=group_id,
    )
    reopened = waited and await tx.run(
        "UPDATE groups SET closed_at = NULL, "
        "parent_id = (SELECT p.id FROM groups p WHERE p.id = groups.parent_id AND p.closed_at IS NULL) "
        "WHERE id = :group_id AND closed_at > :oldest "
        "AND NOT EXISTS (SELECT 1 FROM groups o WHERE o.closed_at IS NULL AND folded(o.name) = folded(groups.name))",
        group_id=group_id,
        oldest=tx.now - UNDO_SECONDS,
    )
    if not reopened:
        raise await _stays_closed(tx, await by_id(tx, group_id))
    await people.leads_more(tx, [leader.id for leader in await leaders_of(tx, group_id)], 1)
    await audit.note(tx, "group.reopened", f"group:{group_id}", by=by.id)
    return await _searchable(tx, group_id)


async def _stays_closed(tx: Transaction, group: Group) -> Refused:
    other = await called(tx, group.name)
    if other is not None and other.id != group.id:
        return Refused(
            say("There is a group called {name} already, so this one stays closed.", name=other.name),
            WayOut(say("Open that group"), press("groups.open", other.id)),
        )
    return Refused(
        say("That can be undone for {seconds} seconds only. Nothing was changed.", seconds=UNDO_SECONDS),
        WayOut(say("Interest groups"), "groups.list"),
    )
