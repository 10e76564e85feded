"""Clerks: linked by a code that works once, refused from the moment they leave."""

from bot.cards import Button, card
from bot.domain import audit, people
from bot.domain.people import Person
from bot.domain.shop import asking
from bot.domain.shop.things import Partner, new_code, plain_code
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

CODE_HOURS = 24


# Questions


async def counters_of(tx: Transaction, person: Person) -> list[Partner]:
    """The places where somebody is a clerk."""
    rows = await tx.all(
        "SELECT p.* FROM shop_clerks c JOIN shop_partners p ON p.id = c.partner_id "
        "WHERE c.person_id = :id AND c.left_at IS NULL AND p.closed_at IS NULL ORDER BY p.name, p.id LIMIT 6",
        id=person.id,
    )
    return [Partner(**row) for row in rows]


async def clerks_of(tx: Transaction, partner_id: int) -> list[Person]:
    """Who hands out there, those who came first first."""
    rows = await tx.all(
        "SELECT p.* FROM shop_clerks c JOIN people p ON p.id = c.person_id "
        "WHERE c.partner_id = :id AND c.left_at IS NULL ORDER BY c.since, p.id",
        id=partner_id,
    )
    return [people.of_row(row) for row in rows]


async def may_hand_out(tx: Transaction, partner_id: int, person: Person) -> bool:
    """Is he a clerk of this place, as of now? County admins may everywhere."""
    sql = "SELECT 1 FROM shop_clerks WHERE partner_id = :partner AND person_id = :person AND left_at IS NULL"
    return person.is_admin or bool(await tx.value(sql, partner=partner_id, person=person.id))


async def only_clerks(tx: Transaction, person: Person) -> None:
    """Raises Refused for whoever is a clerk of no place."""
    if not person.is_admin and not await counters_of(tx, person):
        raise Refused(
            say(
                "This is for clerks of places where points count. Nothing was changed. A county admin gives a new clerk a code: "
                "send it as /clerk CODE."
            ),
            WayOut(say("Redeem points"), "shop.list"),
        )


# Deeds


async def make_code(tx: Transaction, partner_id: int, *, by: Person) -> str:
    """A code that makes one person a clerk of this place, within a day."""
    people.only_admins(by)
    await asking.partner(tx, partner_id)
    code = new_code()
    await tx.run(
        "INSERT INTO shop_clerk_codes (code, partner_id, made_by, until) VALUES (:code, :partner, :by, :until)",
        code=code,
        partner=partner_id,
        by=by.id,
        until=tx.now + CODE_HOURS * 3600,
    )
    await audit.note(tx, "shop.clerk.invited", f"partner:{partner_id}", by=by.id)
    return code


async def invites(tx: Transaction, typed: str) -> bool:
    """Is this a clerk's code, used or not?"""
    return bool(await tx.value("SELECT 1 FROM shop_clerk_codes WHERE code = :code", code=plain_code(typed)))


async def become(tx: Transaction, typed: str, *, by: Person) -> Partner:
    """Become a clerk with a code. Raises Refused for one that was used, is too old, or never was."""
    partner_id = await tx.value(
        "UPDATE shop_clerk_codes SET used_by = :by, used_at = :now "
        "WHERE code = :code AND used_by IS NULL AND until > :now RETURNING partner_id",
        by=by.id,
        now=tx.now,
        code=plain_code(typed),
    )
    if partner_id is None:
        raise Refused(
            say(
                "This code does not work: it was used, is older than {hours} hours, or has a slip in it. Nothing was changed. "
                "Please ask a county admin for another one.",
                hours=CODE_HOURS,
            )
        )
    await tx.run(
        "INSERT INTO shop_clerks (partner_id, person_id, since) VALUES (:partner, :by, :now) "
        "ON CONFLICT (partner_id, person_id) DO UPDATE SET since = excluded.since, left_at = NULL",
        partner=partner_id,
        by=by.id,
        now=tx.now,
    )
    await audit.note(tx, "shop.clerk.came", f"partner:{partner_id}", by=by.id)
    return await asking.partner(tx, partner_id)


async def leave(tx: Transaction, partner_id: int, person_id: int, *, by: Person) -> Partner:
    """A clerk is one no longer: he says so himself, or an admin does. From now on he is refused."""
    if by.id != person_id:
        people.only_admins(by)
    partner = await asking.partner(tx, partner_id)
    left = await tx.run(
        "UPDATE shop_clerks SET left_at = :now WHERE partner_id = :partner AND person_id = :person AND left_at IS NULL",
        now=tx.now,
        partner=partner_id,
        person=person_id,
    )
    if not left:
        raise Refused(say("This is no clerk of “{name}” any more. Nothing was changed.", name=partner.name))
    await audit.note(tx, "shop.clerk.left", f"partner:{partner_id}", by=by.id, person=person_id)
    if by.id != person_id:
        words = say("You are no clerk of “{name}” any more. Thank you for your help!", name=partner.name)
        rows = ((Button(say("Redeem points"), "shop.list"),),)
        await people.tell(tx, await people.by_id(tx, person_id), card(words, rows=rows))
    return partner
