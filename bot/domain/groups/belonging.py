"""Who is in a group, who waits, who leads, and who may therefore act in it. Questions only: nothing here writes."""

from dataclasses import dataclass

from bot.cards import Page, last_page, page_of, window
from bot.domain import people
from bot.domain.groups.finding import Group, by_id
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused
from bot.storage import Transaction


@dataclass(frozen=True)
class Listed:
    """Somebody on a group's roll or in its queue. `membership_id` is also the order of the queue."""

    membership_id: int
    person_id: int
    nickname: str
    since: int


async def leads(tx: Transaction, group_id: int, person: Person) -> bool:
    """Is this person one of the group's leaders?"""
    found = await tx.value(
        "SELECT 1 FROM leaders WHERE group_id = :group_id AND person_id = :person_id",
        group_id=group_id,
        person_id=person.id,
    )
    return found is not None


async def led_by(tx: Transaction, group_id: int, person: Person) -> Group:
    """The group, if this person leads it or is a county admin. Raises Refused otherwise."""
    group = await by_id(tx, group_id)
    if not person.is_admin and not await leads(tx, group_id, person):
        raise Refused(
            say("Only the leaders of {group} and county admins can do this. Nothing was changed.", group=group.name)
        )
    return group


async def read_by(tx: Transaction, group_id: int, person: Person) -> Group:
    """The group, if this person may read its roll: its leaders, county admins, auditors. Raises Refused otherwise."""
    return await (by_id(tx, group_id) if person.reads_all else led_by(tx, group_id, person))


async def one_of(tx: Transaction, group: Group, person_id: int, me: Person) -> Person:
    """The person with this number, if he is one of the group's: in it, waiting, or leading; an admin may name anybody.

    Raises Refused, without a name: numbers can be forged, and of others a leader learns nothing.
    """
    found = await tx.value(
        "SELECT 1 FROM memberships WHERE group_id = :group_id AND person_id = :person_id AND state <> 'left' "
        "UNION ALL SELECT 1 FROM leaders WHERE group_id = :group_id AND person_id = :person_id LIMIT 1",
        group_id=group.id,
        person_id=person_id,
    )
    if found is None and not me.is_admin:
        raise Refused(say("This person is not in {group}. Nothing was changed.", group=group.name))
    return await people.by_id(tx, person_id)


async def led_groups(tx: Transaction, person: Person) -> list[Group]:
    """The open groups this person leads, by name."""
    rows = await tx.all(
        "SELECT g.* FROM groups g JOIN leaders l ON l.group_id = g.id "
        "WHERE l.person_id = :person_id AND g.closed_at IS NULL ORDER BY g.name",
        person_id=person.id,
    )
    return [Group(**row) for row in rows]


async def leaders_of(tx: Transaction, group_id: int) -> list[Person]:
    """The group's leaders, the longest in the role first."""
    rows = await tx.all(
        "SELECT p.* FROM people p JOIN leaders l ON l.person_id = p.id WHERE l.group_id = :group_id "
        "ORDER BY l.since, p.id",
        group_id=group_id,
    )
    return [people.of_row(row) for row in rows]


# Of each group no more than so many are looked at, however large it is.
NEWEST = """
    SELECT p.* FROM (SELECT m.person_id, MAX(m.id) AS newest FROM leaders l
        JOIN memberships m ON m.group_id = l.group_id AND m.state = 'in' AND m.id >= COALESCE((
            SELECT n.id FROM memberships n JOIN people b ON b.id = n.person_id
            WHERE n.group_id = l.group_id AND n.state = 'in' AND n.person_id <> :me AND b.forgotten_at IS NULL
            AND COALESCE(b.age, 'adult') = 'adult' ORDER BY n.id DESC LIMIT 1 OFFSET :last), 0)
        JOIN people a ON a.id = m.person_id
        WHERE l.person_id = :me AND m.person_id <> :me AND a.forgotten_at IS NULL AND COALESCE(a.age, 'adult') = 'adult'
        GROUP BY m.person_id ORDER BY newest DESC LIMIT :many) latest
    JOIN people p ON p.id = latest.person_id ORDER BY latest.newest DESC
"""


async def newest_of(tx: Transaction, leader: Person, many: int) -> list[Person]:
    """So many of the newest members of the groups that somebody leads, each once. Under 18 one stands on no list."""
    return [people.of_row(row) for row in await tx.all(NEWEST, me=leader.id, many=many, last=many - 1)]


async def members_of(tx: Transaction, group_id: int) -> list[Person]:
    """Everybody who is in, in the order in which they came."""
    rows = await tx.all(
        "SELECT p.* FROM people p JOIN memberships m ON m.person_id = p.id "
        "WHERE m.group_id = :group_id AND m.state = 'in' ORDER BY m.id",
        group_id=group_id,
    )
    return [people.of_row(row) for row in rows]


async def is_member(tx: Transaction, group_id: int, person: Person) -> bool:
    """Is this person in the group? Who waits is not."""
    return await state_of(tx, group_id, person) == "in"


async def state_of(tx: Transaction, group_id: int, person: Person) -> str | None:
    """`in`, `waiting`, or None for somebody who is neither."""
    found = await tx.value(
        "SELECT state FROM memberships WHERE group_id = :group_id AND person_id = :person_id AND state <> 'left'",
        group_id=group_id,
        person_id=person.id,
    )
    return None if found is None else str(found)


async def belongs(tx: Transaction, group_id: int, person: Person) -> bool:
    """Is this one of the group's people: a member or a leader?"""
    return await is_member(tx, group_id, person) or await leads(tx, group_id, person)


async def share_one(tx: Transaction, one: Person, other: Person) -> bool:
    """Are both in one open group, as members or leaders?"""
    found = await tx.value(
        "SELECT 1 FROM groups g WHERE g.closed_at IS NULL AND g.id IN "
        "(SELECT group_id FROM memberships WHERE person_id = :one AND state = 'in' "
        "UNION SELECT group_id FROM leaders WHERE person_id = :one) AND g.id IN "
        "(SELECT group_id FROM memberships WHERE person_id = :other AND state = 'in' "
        "UNION SELECT group_id FROM leaders WHERE person_id = :other) LIMIT 1",
        one=one.id,
        other=other.id,
    )
    return found is not None


async def fellows(tx: Transaction, group_id: int, me: Person, number: int) -> Page:
    """One page of the others in a group that one is in: `items` are of Listed. People under 18 stand on no list.

    Raises Refused for whoever does not belong to it.
    """
    group = await by_id(tx, group_id)
    if not group.is_open or not await belongs(tx, group_id, me):
        raise Refused(say("Only those who are in {group} see who else is. Nothing was changed.", group=group.name))
    rows = await tx.all(
        "SELECT m.id AS membership_id, m.person_id, p.nickname, m.since FROM memberships m "
        "JOIN people p ON p.id = m.person_id WHERE m.group_id = :group_id AND m.state = 'in' AND m.person_id <> :me "
        "AND COALESCE(p.age, 'adult') = 'adult' ORDER BY p.nickname, m.id LIMIT :limit OFFSET :offset",
        group_id=group_id,
        me=me.id,
        **window(number),
    )
    return page_of((Listed(**row) for row in rows), number)


async def states_of(tx: Transaction, person: Person) -> dict[int, str]:
    """In which groups this person is `in` or `waiting`, by the group's number."""
    rows = await tx.all(
        "SELECT m.group_id, m.state FROM memberships m JOIN groups g ON g.id = m.group_id "
        "WHERE m.person_id = :person_id AND m.state <> 'left' AND g.closed_at IS NULL",
        person_id=person.id,
    )
    return {row["group_id"]: row["state"] for row in rows}


TO_LEAVE = """
    FROM groups WHERE closed_at IS NULL AND id IN (
        SELECT group_id FROM memberships WHERE person_id = :person_id AND state <> 'left')
"""
MINE = """
    FROM groups WHERE closed_at IS NULL AND id IN (
        SELECT group_id FROM memberships WHERE person_id = :person_id AND state <> 'left'
        UNION SELECT group_id FROM leaders WHERE person_id = :person_id)
"""


async def mine(tx: Transaction, person: Person, number: int) -> Page:
    """One page of the groups in which this person is, waits or leads."""
    return await _page(tx, MINE, person, number)


async def to_leave(tx: Transaction, person: Person, number: int) -> Page:
    """One page of the groups in which this person is or waits."""
    return await _page(tx, TO_LEAVE, person, number)


async def _page(tx: Transaction, which: str, person: Person, number: int) -> Page:
    total = await tx.value(f"SELECT COUNT(*) {which}", person_id=person.id)
    number = last_page(number, total)
    rows = await tx.all(
        f"SELECT * {which} ORDER BY name, id LIMIT :limit OFFSET :offset",
        person_id=person.id,
        **window(number),
    )
    return page_of((Group(**row) for row in rows), number, total=total)


async def waiting(tx: Transaction, group_id: int) -> int:
    """How many stand in the queue."""
    return int(
        await tx.value(
            "SELECT COUNT(*) FROM memberships WHERE group_id = :group_id AND state = 'waiting'", group_id=group_id
        )
    )


async def place_of(tx: Transaction, group_id: int, person: Person) -> int:
    """The person's place in the queue, from 1; 0 for somebody who does not wait."""
    return int(
        await tx.value(
            "SELECT COUNT(*) FROM memberships WHERE group_id = :group_id AND state = 'waiting' AND id <= ("
            "SELECT COALESCE(MAX(id), 0) FROM memberships "
            "WHERE group_id = :group_id AND person_id = :person_id AND state = 'waiting')",
            group_id=group_id,
            person_id=person.id,
        )
    )


async def roll(tx: Transaction, group_id: int, number: int, *, state: str = "in", but: int = 0) -> Page:
    """One page of those who are `in`, or of the queue (`waiting`), in the order in which they came; `but` one of them."""
    total = await tx.value(
        "SELECT COUNT(*) FROM memberships WHERE group_id = :group_id AND state = :state AND person_id <> :but",
        group_id=group_id,
        state=state,
        but=but,
    )
    number = last_page(number, total)
    rows = await tx.all(
        "SELECT m.id AS membership_id, m.person_id, p.nickname, m.since FROM memberships m "
        "JOIN people p ON p.id = m.person_id WHERE m.group_id = :group_id AND m.state = :state "
        "AND m.person_id <> :but ORDER BY m.id LIMIT :limit OFFSET :offset",
        group_id=group_id,
        state=state,
        but=but,
        **window(number),
    )
    return page_of((Listed(**row) for row in rows), number, total=total)
