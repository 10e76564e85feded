"""Privileges: what counts for whom at which counter, by star and role."""

from dataclasses import dataclass

from bot.cards import Page, page_of, window
from bot.domain import audit, hours, people
from bot.domain.people import Person
from bot.domain.shop import asking
from bot.locales import Said, say
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction, Value

TITLE_CHARACTERS_MAX = 60
ROLES = {"": say("everybody"), "leader": say("leaders"), "admin": say("county admins")}


@dataclass(frozen=True)
class Privilege:
    """What counts at a counter from a star on, for a role or for everybody. `holds`: for whoever asked."""

    id: int
    partner_id: int
    partner: str
    place: str
    title: str
    star: int
    role: str
    holds: bool


# Rules


def holds(star: int, role: str, person: Person, held: int) -> bool:
    """Is somebody with this star entitled?"""
    in_role = {"": True, "leader": person.leads, "admin": person.is_admin}
    return held >= star and in_role[role]


def for_whom(found: Privilege) -> Said:
    """For whom it is."""
    if not found.star:
        return ROLES[found.role]
    star = say("{star} and up", star=hours.starred(found.star))
    return say("{who}, {star}", who=ROLES[found.role], star=star) if found.role else star


# Questions

PRIVILEGE = """
    SELECT v.*, p.name AS partner, p.place FROM privileges v JOIN shop_partners p ON p.id = v.partner_id
    WHERE v.ended_at IS NULL AND p.closed_at IS NULL
"""


def _of(row: Row, person: Person, held: int) -> Privilege:
    plain = {name: row[name] for name in ("id", "partner_id", "partner", "place", "title", "star", "role")}
    return Privilege(**plain, holds=holds(row["star"], row["role"], person, held))


async def _all(tx: Transaction, which: str, person: Person, **values: Value) -> list[Privilege]:
    rows = await tx.all(f"{PRIVILEGE} {which}", **values)
    held = await hours.star_held(tx, person.id)
    return [_of(row, person, held) for row in rows]


async def privileges_of(tx: Transaction, person: Person) -> list[Privilege]:
    """What somebody is entitled to, anywhere."""
    found = await _all(tx, "ORDER BY p.name, v.id LIMIT 100", person)
    return [each for each in found if each.holds]


async def privileges(tx: Transaction, person: Person, number: int) -> Page:
    """A page of all there are, each with whether it holds for this person."""
    found = await _all(
        tx,
        "ORDER BY v.star, p.name, v.id LIMIT :limit OFFSET :offset",
        person,
        **window(number),
    )
    return page_of(found, number)


async def at_counter(tx: Transaction, partner_id: int, person: Person) -> list[Privilege]:
    """Those of one counter, each with whether it holds for this person."""
    return await _all(tx, "AND v.partner_id = :partner ORDER BY v.star, v.id", person, partner=partner_id)


async def privilege(tx: Transaction, privilege_id: int, person: Person) -> Privilege:
    """One that counts. Raises Refused for one that has ended, or that there never was."""
    found = await _all(tx, "AND v.id = :id", person, id=privilege_id)
    if not found:
        raise _ended()
    return found[0]


def _ended() -> Refused:
    return Refused(
        say("This privilege has ended before. Nothing was changed now."), WayOut(say("Counters"), "shop.places")
    )


# Deeds


async def grant_privilege(tx: Transaction, partner_id: int, title: str, star: int, role: str, *, by: Person) -> None:
    """From now on this counts there. Raises Refused for whoever is no admin."""
    people.only_admins(by)
    partner = await asking.partner(tx, partner_id)
    await tx.run(
        "INSERT INTO privileges (partner_id, title, star, role, made_by, made_at) VALUES (:partner, :title, :star, :role, :by, :now)",
        partner=partner.id,
        title=title,
        star=star,
        role=role,
        by=by.id,
        now=tx.now,
    )
    await audit.note(tx, "shop.privilege.given", f"partner:{partner.id}", by=by.id, title=title, star=star)


async def end_privilege(tx: Transaction, privilege_id: int, *, by: Person) -> int:
    """It counts no longer; the number of its counter. Raises Refused where it has ended before."""
    people.only_admins(by)
    partner_id = await tx.value(
        "UPDATE privileges SET ended_at = :now WHERE id = :id AND ended_at IS NULL RETURNING partner_id",
        now=tx.now,
        id=privilege_id,
    )
    if partner_id is None:
        raise _ended()
    await audit.note(tx, "shop.privilege.ended", f"partner:{partner_id}", by=by.id)
    return int(partner_id)
