"""Teams that belong to an area, and where somebody lives: residents see the team that is theirs."""

from collections.abc import Sequence

from bot.domain import groups
from bot.domain.callouts.covering import Area, area
from bot.domain.groups import Group
from bot.domain.people import Person
from bot.storage import Transaction

# Questions


async def teams_of(tx: Transaction, area_id: int) -> Sequence[Group]:
    """The teams of an area, the one that has belonged to it for longest first; closed ones are none."""
    rows = await tx.all(
        "SELECT t.group_id FROM area_teams t JOIN groups g ON g.id = t.group_id WHERE t.area_id = :area "
        "AND g.closed_at IS NULL ORDER BY t.at, t.group_id",
        area=area_id,
    )
    return [await groups.by_id(tx, row["group_id"]) for row in rows]


async def home_area(tx: Transaction, person: Person) -> Area | None:
    """The area in which somebody lives, if he has said so and it is still on the list."""
    row = await tx.one(
        "SELECT a.* FROM residents r JOIN areas a ON a.id = r.area_id WHERE r.person_id = :me AND a.removed_at IS NULL",
        me=person.id,
    )
    return Area(**row) if row else None


# Deeds


async def live_in(tx: Transaction, area_id: int, *, by: Person) -> Area:
    """Say that one lives in an area; only the newest counts."""
    found = await area(tx, area_id)
    await tx.run(
        "INSERT INTO residents (person_id, area_id, at) VALUES (:me, :area, :now) "
        "ON CONFLICT (person_id) DO UPDATE SET area_id = excluded.area_id, at = excluded.at",
        me=by.id,
        area=found.id,
        now=tx.now,
    )
    return found


async def move_away(tx: Transaction, area_id: int, *, by: Person) -> Area:
    """Not live there any more."""
    found = await area(tx, area_id)
    await tx.run("DELETE FROM residents WHERE person_id = :me AND area_id = :area", me=by.id, area=found.id)
    return found


async def bind_team(tx: Transaction, area_id: int, group_id: int, *, by: Person) -> Area:
    """Let a group that `by` leads be the team of an area, and of no other one. Raises Refused."""
    found, group = await area(tx, area_id), await groups.led_by(tx, group_id, by)
    await tx.run(
        "INSERT INTO area_teams (group_id, area_id, at) VALUES (:group, :area, :now) "
        "ON CONFLICT (group_id) DO UPDATE SET area_id = excluded.area_id, at = excluded.at",
        group=group.id,
        area=found.id,
        now=tx.now,
    )
    return found


async def unbind_team(tx: Transaction, area_id: int, group_id: int, *, by: Person) -> Area:
    """Let it be the team of this area no more. Raises Refused."""
    found, group = await area(tx, area_id), await groups.led_by(tx, group_id, by)
    await tx.run("DELETE FROM area_teams WHERE group_id = :group AND area_id = :area", group=group.id, area=found.id)
    return found
