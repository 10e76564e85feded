"""Who helps: service points, and the people who work for an area."""

from dataclasses import dataclass

from bot.cards import Button, Page, card, page_of, press, window
from bot.domain import audit, callouts, groups, people
from bot.domain.callouts import Area, Brigade
from bot.domain.groups import Group
from bot.domain.people import Person
from bot.domain.services.things import BLOCKS, ROLE_NAMES, Role
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction, Value

# Beside four roles that can be added, the card keeps to its eight rows.
WORKERS_A_PAGE = 3


@dataclass(frozen=True)
class Worker:
    """Somebody who works for an area, as what."""

    person_id: int
    nickname: str
    role: Role


# Questions


async def blocks_of(tx: Transaction, group_id: int) -> set[str]:
    """In what a group helps."""
    rows = await tx.all("SELECT block FROM service_points WHERE group_id = :group", group=group_id)
    return {row["block"] for row in rows}


POINTS = """
    FROM service_points s JOIN groups g ON g.id = s.group_id LEFT JOIN area_teams t ON t.group_id = g.id
    WHERE s.block = :block AND g.closed_at IS NULL
"""


async def points(tx: Transaction, block: str, area: Area | None, number: int) -> Page:
    """A page of the groups that help in something, those of the area first."""
    rows = await tx.all(
        f"SELECT g.* {POINTS} ORDER BY CASE WHEN t.area_id = :area THEN 0 ELSE 1 END, g.name, g.id "
        "LIMIT :limit OFFSET :offset",
        block=block,
        area=area.id if area else 0,
        **window(number),
    )
    total = int(await tx.value(f"SELECT COUNT(*) {POINTS}", block=block))
    return page_of((Group(**row) for row in rows), number, total=total)


async def workers(tx: Transaction, area_id: int, number: int) -> Page:
    """A page of those who work for an area: its liaisons first."""
    rows = await tx.all(
        "SELECT w.person_id, p.nickname, w.role FROM area_workers w JOIN people p ON p.id = w.person_id "
        "WHERE w.area_id = :area ORDER BY CASE WHEN w.role = 'liaison' THEN 0 ELSE 1 END, w.role, w.at, p.id "
        "LIMIT :limit OFFSET :offset",
        area=area_id,
        **window(number, WORKERS_A_PAGE),
    )
    found = tuple(Worker(row["person_id"], row["nickname"], Role(row["role"])) for row in rows)
    return page_of(found, number, each=WORKERS_A_PAGE)


async def working(tx: Transaction, area_id: int, role: Role) -> list[Person]:
    """Who works for an area in this role, the longest first."""
    rows = await tx.all(
        "SELECT p.* FROM area_workers w JOIN people p ON p.id = w.person_id WHERE w.area_id = :area AND w.role = :role "
        "ORDER BY w.at, p.id",
        area=area_id,
        role=role,
    )
    return [people.of_row(row) for row in rows]


async def works_for(tx: Transaction, area_id: int, person: Person) -> bool:
    """Does this person work for this area, as whatever?"""
    sql = "SELECT 1 FROM area_workers WHERE area_id = :area AND person_id = :id LIMIT 1"
    return await tx.value(sql, area=area_id, id=person.id) is not None


async def works_anywhere(tx: Transaction, person: Person) -> bool:
    """Does this person work for any area?"""
    return await tx.value("SELECT 1 FROM area_workers WHERE person_id = :id LIMIT 1", id=person.id) is not None


CANDIDATES = """
    FROM residents r JOIN people p ON p.id = r.person_id WHERE r.area_id = :area AND p.forgotten_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM area_workers w WHERE w.area_id = r.area_id AND w.person_id = p.id AND w.role = :role)
"""


async def candidates(tx: Transaction, area_id: int, role: Role, number: int) -> Page:
    """A page of those who live in an area and are not yet what they could be made."""
    rows = await tx.all(
        f"SELECT p.* {CANDIDATES} ORDER BY p.nickname, p.id LIMIT :limit OFFSET :offset",
        area=area_id,
        role=role,
        **window(number),
    )
    total = int(await tx.value(f"SELECT COUNT(*) {CANDIDATES}", area=area_id, role=role))
    return page_of((people.of_row(row) for row in rows), number, total=total)


# Deeds


async def toggle_block(tx: Transaction, group_id: int, block: str, *, by: Person) -> Group:
    """Let a group that `by` leads help in something, or no more. Raises Refused."""
    group = await groups.led_by(tx, group_id, by)
    if block not in BLOCKS:
        raise Refused(say("There is no such kind of help. Nothing was changed."))
    values: dict[str, Value] = {"group": group.id, "block": block}
    if not await tx.run("DELETE FROM service_points WHERE group_id = :group AND block = :block", **values):
        await tx.run(
            "INSERT INTO service_points (group_id, block, at) VALUES (:group, :block, :now) ON CONFLICT DO NOTHING",
            **values,
            now=tx.now,
        )
    return group


async def tell_of_brigade(tx: Transaction, area: Area, brigade: Brigade, *, by: Person) -> None:
    """A brigade has checked in to an area: whoever works for it reads so, and sees who is there."""
    words = say("🚨 {brigade} is there for {area} this week.", brigade=brigade.name, area=area.name)
    screen = card(words, rows=((Button(say("Who is there now?"), press("callouts.covers", area.id, 0)),),))
    rows = await tx.all(
        "SELECT DISTINCT p.* FROM area_workers w JOIN people p ON p.id = w.person_id WHERE w.area_id = :area "
        "AND p.id <> :by ORDER BY p.id",
        area=area.id,
        by=by.id,
    )
    for row in rows:
        await people.tell(tx, people.of_row(row), screen)


async def appoint(tx: Transaction, area_id: int, person_id: int, role: Role, *, by: Person) -> Area:
    """Let somebody work for an area; he is told. Raises Refused for others than admins, and where he does already."""
    people.only_admins(by)
    area, person = await callouts.area(tx, area_id), await people.held(tx, person_id)
    if person.forgotten_at is not None:
        raise Refused(say("This person has left. Nothing was saved."))
    added = await tx.run(
        "INSERT INTO area_workers (area_id, person_id, role, at, by_id) VALUES (:area, :person, :role, :now, :by) "
        "ON CONFLICT DO NOTHING",
        area=area.id,
        person=person.id,
        role=role,
        now=tx.now,
        by=by.id,
    )
    if not added:
        raise Refused(
            say("{name} is {role} there already. Nothing was changed.", name=person.nickname, role=ROLE_NAMES[role]),
            WayOut(say("Who works here"), press("services.workers", area.id)),
        )
    await audit.note(tx, "area.worker", f"area:{area.id}", by=by.id, person=person.id)
    words = say(
        "🧩 You are {role} for {area} now. What is to be done there waits for you here.",
        role=ROLE_NAMES[role],
        area=area.name,
    )
    await people.tell(tx, person, card(words, rows=((Button(say("To do"), "services.list:todo"),),)))
    return area
