"""The groups of a county as one tree: what hangs under what, and hanging it elsewhere (C55, decision 18)."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import Page, page_of, press, window
from bot.domain import audit, people
from bot.domain.groups.finding import Group, by_id, clean_name, locked
from bot.domain.people import Person
from bot.locales import say, say_n
from bot.refusal import Refused, WayOut
from bot.storage import AMONG, Transaction, listed

# What a group can be in the tree; whatever is more than an interest group stands in the registry.
KINDS = {
    "association": say("Association"),
    "branch": say("Branch"),
    "school": say("School"),
    "team": say("Volunteer team"),
    "interest": say("Interest group"),
}
LEVELS_MAX = 6
REGISTERED_AT_ONCE_MAX = 40
OPEN = "SELECT * FROM groups WHERE closed_at IS NULL"
BY_NAME = "ORDER BY name, id LIMIT :limit OFFSET :offset"


@dataclass(frozen=True)
class Beneath:
    """What hangs under a group, however deep: open groups of one kind, those of them without a leader, and the members
    of all of them; somebody who is in two counts twice."""

    kind: str
    groups: int
    leaderless: int
    members: int


# Rules


def clean_names(typed: str) -> list[str]:
    """The names that were sent, one a line, each once. Raises Refused for one that is no name, and for over 40."""
    names = list(dict.fromkeys(clean_name(line) for line in typed.splitlines() if line.strip()))
    if len(names) > REGISTERED_AT_ONCE_MAX:
        raise Refused(
            say(
                "These are {n} names, and {limit} at once are possible. Nothing was saved; please send fewer.",
                n=len(names),
                limit=REGISTERED_AT_ONCE_MAX,
            )
        )
    return names


# Questions


async def above(tx: Transaction, group_id: int) -> list[Group]:
    """The groups above this one, the topmost first; empty where it hangs under none."""
    rows = await tx.all(
        "SELECT g.* FROM group_tree t JOIN groups g ON g.id = t.ancestor_id "
        "WHERE t.group_id = :id AND t.ancestor_id <> :id "
        "ORDER BY (SELECT COUNT(*) FROM group_tree u WHERE u.group_id = g.id)",
        id=group_id,
    )
    return [Group(**row) for row in rows]


async def under(tx: Transaction, group_id: int | None, number: int) -> Page:
    """A page of the open groups right under this one, by name; None: of those at the top of the registry."""
    rows = (
        await tx.all(f"{OPEN} AND kind <> 'interest' AND parent_id IS NULL {BY_NAME}", **window(number))
        if group_id is None
        else await tx.all(f"{OPEN} AND parent_id = :id {BY_NAME}", id=group_id, **window(number))
    )
    return page_of((Group(**row) for row in rows), number)


async def beneath(tx: Transaction, group_id: int) -> list[Beneath]:
    """How many of each kind hang under this group, in the order of KINDS; empty where nothing does."""
    rows = await tx.all(
        "SELECT g.kind, COUNT(*) AS groups, CAST(SUM(g.members) AS BIGINT) AS members, "
        "CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM leaders l WHERE l.group_id = g.id) THEN 0 ELSE 1 END) AS BIGINT) AS leaderless "
        "FROM group_tree t JOIN groups g ON g.id = t.group_id "
        "WHERE t.ancestor_id = :id AND t.group_id <> :id AND g.closed_at IS NULL GROUP BY g.kind",
        id=group_id,
    )
    found = {row["kind"]: Beneath(**row) for row in rows}
    return [found[kind] for kind in KINDS if kind in found]


async def has_beneath(tx: Transaction, group_id: int) -> bool:
    """Does an open group hang under this one?"""
    found = await tx.value("SELECT 1 FROM groups WHERE parent_id = :id AND closed_at IS NULL LIMIT 1", id=group_id)
    return found is not None


# The people of :group_id and of every group beneath it, once for each group in which they are.
BENEATH = """
    SELECT m.person_id FROM group_tree t JOIN memberships m ON m.group_id = t.group_id AND m.state = 'in'
    WHERE t.ancestor_id = :group_id
"""
NODES = """
    SELECT DISTINCT t.ancestor_id FROM group_tree t JOIN groups g ON g.id = t.group_id
    WHERE g.closed_at IS NULL AND t.group_id IN (
        SELECT group_id FROM memberships WHERE person_id = :person AND state = 'in'
        UNION SELECT group_id FROM leaders WHERE person_id = :person
        UNION SELECT group_id FROM neighbours WHERE person_id = :person AND joined_at IS NULL)
"""


async def nodes_of(tx: Transaction, person: Person) -> frozenset[int]:
    """The groups to which somebody belongs: those he is in or leads, or whose neighbour he is, and all above them."""
    return frozenset(row["ancestor_id"] for row in await tx.all(NODES, person=person.id))


async def leads_above(tx: Transaction, group_id: int, person: Person) -> bool:
    """Does this person lead the group, or one above it?"""
    found = await tx.value(
        "SELECT 1 FROM group_tree t JOIN leaders l ON l.group_id = t.ancestor_id "
        "WHERE t.group_id = :id AND l.person_id = :person LIMIT 1",
        id=group_id,
        person=person.id,
    )
    return found is not None


async def led_among(tx: Transaction, group_ids: Sequence[int]) -> set[int]:
    """Which of these groups have a leader."""
    rows = await tx.all(f"SELECT DISTINCT group_id FROM leaders WHERE group_id {AMONG}", ids=listed(group_ids))  # noqa: S608 - a text of our own
    return {row["group_id"] for row in rows}


async def names_first(tx: Transaction, group_id: int, person: Person) -> bool:
    """May this person give the group its first leader? Those who lead one above it and admins, while it has none."""
    if await tx.value("SELECT 1 FROM leaders WHERE group_id = :id LIMIT 1", id=group_id):
        return False
    return person.is_admin or await leads_above(tx, group_id, person)


async def registers(tx: Transaction, parent: Group | None, person: Person) -> tuple[str, ...]:
    """What this person may register under a group: admins everything, leaders of it or above it teams."""
    if person.is_admin:
        return tuple(KINDS)
    if parent is not None and await leads_above(tx, parent.id, person):
        return ("team",)
    return ()


async def may_register(tx: Transaction, kind: str, parent_id: int | None, person: Person) -> None:
    """Raises Refused where this person may not make a group of this kind there, or there is no room below it."""
    parent = await locked(tx, parent_id) if parent_id is not None else None
    if kind not in await registers(tx, parent, person):
        people.only_admins(person)
    if parent is not None:
        _check_levels(parent, len(await above(tx, parent.id)) + 2)


def _check_levels(parent: Group, levels: int) -> None:
    if levels > LEVELS_MAX:
        raise Refused(
            say(
                "The tree has at most {limit} levels; under {group} this would be level {level}. Nothing was changed.",
                limit=LEVELS_MAX,
                group=parent.name,
                level=levels,
            ),
            WayOut(say("Open {group}", group=parent.name), press("groups.open", parent.id)),
        )


# Deeds


async def hang(tx: Transaction, group_id: int, parent_id: int | None, *, by: Person) -> Group:
    """Hang a group, and all that hangs under it, under another (None: under none). For admins.

    Raises Refused where it would hang under itself, or deeper than six levels.
    """
    people.only_admins(by)
    if parent_id is not None:
        await _check_place(tx, group_id, parent_id)
    group = await locked(tx, group_id)
    await tx.run("UPDATE groups SET parent_id = :parent WHERE id = :id", parent=parent_id, id=group_id)
    await audit.note(tx, "group.hung", f"group:{group_id}", by=by.id, under=parent_id, before=group.parent_id)
    return await by_id(tx, group_id)


async def _check_place(tx: Transaction, group_id: int, parent_id: int) -> None:
    # All that stands above the new place is kept still, in one order, so that no two moves can make a ring.
    await tx.all(
        "SELECT id FROM groups WHERE id = :id OR id IN (SELECT ancestor_id FROM group_tree WHERE group_id = :parent) "
        "ORDER BY id /*pg FOR UPDATE*/",
        id=group_id,
        parent=parent_id,
    )
    parent = await locked(tx, parent_id)
    chain = [*await above(tx, parent_id), parent]
    if group_id in {each.id for each in chain}:
        raise Refused(
            say("{group} would hang under itself there. Nothing was changed.", group=(await by_id(tx, group_id)).name),
            WayOut(say("Open {group}", group=parent.name), press("groups.open", parent.id)),
        )
    deepest = await tx.value(
        "SELECT MAX((SELECT COUNT(*) FROM group_tree u WHERE u.group_id = t.group_id)) "
        "- (SELECT COUNT(*) FROM group_tree u WHERE u.group_id = :id) + 1 FROM group_tree t WHERE t.ancestor_id = :id",
        id=group_id,
    )
    _check_levels(parent, len(chain) + deepest)


async def check_bare(tx: Transaction, group: Group) -> None:
    """Raises Refused where groups hang under this one, so that none is left without a place."""
    below = sum(each.groups for each in await beneath(tx, group.id))
    if below:
        raise Refused(
            say_n(
                "{n} group hangs under {group}: close it or hang it elsewhere first. Nothing was changed.",
                "{n} groups hang under {group}: close them or hang them elsewhere first. Nothing was changed.",
                below,
                group=group.name,
            ),
            WayOut(say("What hangs under it"), press("groups.under", group.id)),
        )
