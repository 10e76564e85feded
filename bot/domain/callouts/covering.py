"""Areas of the county: who has checked in to one for the week, and where nobody with a needed skill is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.cards import Button, Page, card, page_of, window
from bot.config import House
from bot.domain import people
from bot.domain.callouts import brigades
from bot.domain.callouts.standing import check_age
from bot.domain.callouts.things import Brigade
from bot.domain.people import Person
from bot.due import Due
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction

WEEKLY = "callouts.uncovered"
HOLES_SHOWN = 12
AREAS = WayOut(say("Areas"), "callouts.areas:0")
# Everybody who is there for an area now: who checked in himself, or is in a brigade that did.
COVERING = """
    (SELECT a.area_id, a.person_id FROM area_covers a WHERE a.person_id IS NOT NULL AND a.until > :now
     UNION SELECT a.area_id, m.person_id FROM area_covers a JOIN brigade_members m ON m.brigade_id = a.brigade_id
     WHERE m.state = 'in' AND a.until > :now)
"""


@dataclass(frozen=True)
class Area:
    """A part of the county that somebody should cover; `removed_at`: a Unix second, None while it is one."""

    id: int
    name: str
    removed_at: int | None


@dataclass(frozen=True)
class Hole:
    """An area in which nobody has a skill that each area needs."""

    area_id: int
    area: str
    skill_id: int


# Rules


def end_of_week(tx: Transaction) -> int:
    """Monday, 0:00 of the county's time: until then whoever checks in is there."""
    today = tx.local(tx.now).date()
    monday = datetime.combine(today + timedelta(days=7 - today.weekday()), time(), tx.clock.zone)
    return int(monday.timestamp())


# Questions


async def area(tx: Transaction, area_id: int) -> Area:
    """The area. Raises Refused where there is none any more."""
    row = await tx.one("SELECT * FROM areas WHERE id = :id AND removed_at IS NULL", id=area_id)
    if row is None:
        raise Refused(say("There is no such area. Nothing was changed."), AREAS)
    return Area(**row)


async def areas(tx: Transaction, number: int) -> Page:
    """A page of areas, by name."""
    rows = await tx.all(
        "SELECT * FROM areas WHERE removed_at IS NULL ORDER BY name, id LIMIT :limit OFFSET :offset",
        **window(number),
    )
    total = int(await tx.value("SELECT COUNT(*) FROM areas WHERE removed_at IS NULL"))
    return page_of((Area(**row) for row in rows), number, total=total)


async def table(tx: Transaction, area_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """By area and skill: how many people are there for it now."""
    rows = await tx.all(
        f"SELECT v.area_id, s.skill_id, COUNT(*) AS n FROM {COVERING} v "  # noqa: S608
        "JOIN person_skills s ON s.person_id = v.person_id WHERE v.area_id >= :low AND v.area_id <= :high GROUP BY 1, 2",
        now=tx.now,
        low=min(area_ids, default=0),
        high=max(area_ids, default=0),
    )
    return {(row["area_id"], row["skill_id"]): int(row["n"]) for row in rows}


async def covers(tx: Transaction, area_id: int, skill_id: int, number: int) -> Page:
    """A page of those who are there for an area now with this skill (0: any): who stands by comes first."""
    chosen = (
        f"FROM {COVERING} v JOIN people p ON p.id = v.person_id LEFT JOIN responders r ON r.person_id = p.id "  # noqa: S608
        "WHERE v.area_id = :area AND (CAST(:skill AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM person_skills s "
        "WHERE s.person_id = p.id AND s.skill_id = CAST(:skill AS BIGINT)))"
    )
    rows = await tx.all(
        f"SELECT p.*, COALESCE(r.standby_until, 0) AS standby_until {chosen} "
        "ORDER BY CASE WHEN r.standby_until > :now THEN 0 ELSE 1 END, p.nickname, p.id LIMIT :limit OFFSET :offset",
        now=tx.now,
        area=area_id,
        skill=skill_id,
        **window(number),
    )
    total = int(await tx.value(f"SELECT COUNT(*) {chosen}", now=tx.now, area=area_id, skill=skill_id))
    found = tuple((people.of_row(row), int(row["standby_until"]) > tx.now) for row in rows)
    return page_of(found, number, total=total)


async def brigades_in(tx: Transaction, area_id: int) -> list[Row]:
    """The brigades that have checked in to an area, each with until when."""
    return list(
        await tx.all(
            "SELECT b.name, a.until FROM area_covers a JOIN brigades b ON b.id = a.brigade_id "
            "WHERE a.area_id = :area AND a.until > :now ORDER BY b.name LIMIT 20",
            area=area_id,
            now=tx.now,
        )
    )


async def covered_by_me(tx: Transaction, area_id: int, person_id: int) -> bool:
    """Has this person checked in to the area himself?"""
    sql = "SELECT 1 FROM area_covers WHERE area_id = :area AND person_id = :person AND until > :now"
    return await tx.value(sql, area=area_id, person=person_id, now=tx.now) is not None


async def brigade_there(tx: Transaction, area_id: int, brigade_id: int) -> bool:
    """Has this brigade checked in to the area for this week?"""
    sql = "SELECT 1 FROM area_covers WHERE area_id = :area AND brigade_id = :brigade AND until > :now"
    return await tx.value(sql, area=area_id, brigade=brigade_id, now=tx.now) is not None


async def holes(tx: Transaction) -> list[Hole]:
    """Where nobody has a needed skill now, by area; all of them, for a county has some hundreds of areas at most."""
    rows = await tx.all(
        f"SELECT a.id AS area_id, a.name AS area, s.id AS skill_id FROM areas a CROSS JOIN skills s "  # noqa: S608
        "WHERE a.removed_at IS NULL AND s.removed_at IS NULL AND s.needed = 1 AND NOT EXISTS "
        f"(SELECT 1 FROM {COVERING} v JOIN person_skills k ON k.person_id = v.person_id "
        "WHERE v.area_id = a.id AND k.skill_id = s.id) ORDER BY a.name, a.id, s.id",
        now=tx.now,
    )
    return [Hole(**row) for row in rows]


async def may_see_names(tx: Transaction, area_id: int, person: Person) -> bool:
    """Who is there for an area is shown to those who would call them: brigade leaders, who leads the area's team,
    county admins, auditors."""
    if person.reads_all:
        return True
    found = await tx.value(
        "SELECT 1 FROM brigades WHERE closed_at IS NULL AND leader_id = :me UNION ALL "
        "SELECT 1 FROM area_teams t JOIN leaders l ON l.group_id = t.group_id WHERE t.area_id = :area "
        "AND l.person_id = :me LIMIT 1",
        me=person.id,
        area=area_id,
    )
    return found is not None


# Deeds


async def add_area(tx: Transaction, name: str, *, by: Person) -> None:
    """Put an area on the county's list. Raises Refused for others than admins, and for one that is there."""
    people.only_admins(by)
    added = await tx.run(
        "INSERT INTO areas (name) SELECT :name WHERE NOT EXISTS (SELECT 1 FROM areas WHERE removed_at IS NULL "
        "AND folded(name) = folded(:name)) ON CONFLICT DO NOTHING",
        name=name,
    )
    if not added:
        raise Refused(say("{name} is on the list already. Nothing was saved.", name=name), AREAS)


async def remove_area(tx: Transaction, area_id: int, *, by: Person) -> Area:
    """Take an area off the list. Raises Refused for others than admins."""
    people.only_admins(by)
    found = await area(tx, area_id)
    await tx.run("UPDATE areas SET removed_at = :now WHERE id = :id", now=tx.now, id=area_id)
    for table in ("area_covers", "area_teams", "residents"):
        await tx.run(f"DELETE FROM {table} WHERE area_id = :id", id=area_id)  # noqa: S608
    return found


async def check_in(tx: Transaction, area_id: int, brigade_id: int, *, by: Person) -> Area:
    """Be there for the area until the week is over: with a brigade that one leads, or alone (0).

    Raises Refused for whoever is under 18.
    """
    check_age(by)
    found = await area(tx, area_id)
    brigade: Brigade | None = await brigades.led_by(tx, brigade_id, by) if brigade_id else None
    who = "brigade_id" if brigade else "person_id"
    await tx.run(
        f"INSERT INTO area_covers (area_id, {who}, until) VALUES (:area, :who, :until) "  # noqa: S608
        f"ON CONFLICT (area_id, {who}) DO UPDATE SET until = excluded.until",
        area=found.id,
        who=brigade.id if brigade else by.id,
        until=end_of_week(tx),
    )
    return found


async def check_out(tx: Transaction, area_id: int, brigade_id: int = 0, *, by: Person) -> Area:
    """Not be there any more: a brigade that one leads, or oneself alone (0)."""
    found = await area(tx, area_id)
    if brigade_id:
        brigade = await brigades.led_by(tx, brigade_id, by)
        await tx.run(
            "DELETE FROM area_covers WHERE area_id = :area AND brigade_id = :brigade", area=found.id, brigade=brigade.id
        )
        return found
    await tx.run("DELETE FROM area_covers WHERE area_id = :area AND person_id = :me", area=found.id, me=by.id)
    return found


async def tell_holes(tx: Transaction, item: Due, house: House) -> None:
    """Once a week: the admins read where nobody is."""
    found = await holes(tx)
    if not found:
        return
    names = list(dict.fromkeys(hole.area for hole in found))
    screen = card(
        say("🕳 <b>Areas that nobody covers this week</b>"),
        *(say("• {area}", area=name) for name in names[:HOLES_SHOWN]),
        rows=((Button(say("Areas"), "callouts.areas:0"),),),
    )
    await people.tell_admins(tx, screen, key=f"callouts.uncovered:{item.due_at}")
