"""Roles in the whole county: who gets one, who loses one, and how the first admin becomes one."""

import hashlib
import secrets
from collections.abc import Iterable

from bot.cards import card
from bot.domain import audit
from bot.domain.people.finding import held, with_role
from bot.domain.people.settling import menu_changes
from bot.domain.people.telling import tell
from bot.domain.people.things import Person, Role
from bot.locales import Said, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

CLAIM_SECONDS = 600
_TO_ROLES = WayOut(say("Roles"), "admin.roles")


# Rules


def only_admins(person: Person) -> None:
    """Raises Refused for everybody who is no county admin."""
    if not person.is_admin:
        raise not_admin()


def not_admin() -> Refused:
    """For what county admins alone may do."""
    return Refused(say("Only county admins can do this. Nothing was changed. /help shows what you can do."))


def only_readers(person: Person) -> None:
    """Raises Refused for everybody who is neither county admin nor auditor."""
    if not person.reads_all:
        raise Refused(say("Only county admins and auditors can see this. /help shows what you can do."))


# Questions


def check_change(role: Role, to: Person, admins: list[int]) -> None:
    """Raises Refused for who has this role already, and for the only one of the `admins`."""
    if to.role is role:
        raise Refused(say("{person} has this role already. Nothing was changed.", person=to.nickname))
    if admins == [to.id]:
        raise Refused(
            say("{person} is the only admin; make somebody else admin first. Nothing was changed.", person=to.nickname),
            _TO_ROLES,
        )


async def admins_held(tx: Transaction) -> list[int]:
    """The numbers of all admins; two who take each other's role, or leave, at once do it one after the other."""
    rows = await tx.all(
        "SELECT id FROM people WHERE role = 'admin' AND role <> 'member' ORDER BY id /*pg FOR NO KEY UPDATE*/"
    )
    return [row["id"] for row in rows]


async def candidate(tx: Transaction, person_id: int) -> Person:
    """Who shall get a role, kept from leaving until the transaction ends. Raises Refused when he has left already."""
    person = await held(tx, person_id)
    if person.forgotten_at is not None:
        raise Refused(say("This person has left and can't hold a role. Nothing was changed."))
    return person


# Deeds


async def grant(tx: Transaction, role: Role, to: Person, *, by: Person) -> None:
    """Give a county-wide role, or take it (Role.MEMBER). Raises Refused: nobody grants what he does not hold."""
    admins = await admins_held(tx)
    if by.id not in admins:
        raise not_admin()
    to = await candidate(tx, to.id)
    check_change(role, to, admins)
    await tx.run("UPDATE people SET role = :role WHERE id = :id", role=role, id=to.id)
    await audit.note(tx, "role.given", f"person:{to.id}", by=by.id, role=role, before=to.role)
    await menu_changes(tx, to.id)
    if to.id != by.id:
        await tell(tx, to, card(_given(role, by)))


def _given(role: Role, by: Person) -> Said:
    match role:
        case Role.ADMIN:
            return say(
                "You are a county admin now; {person} gave you this role. /admin opens the panel.", person=by.nickname
            )
        case Role.AUDITOR:
            return say(
                "You are an auditor now; {person} gave you this role. You see everything and change nothing of the county's: /admin. As a member you go on as before.",
                person=by.nickname,
            )
        case Role.MEMBER:
            return say("{person} took your role back; you are a member like everybody now.", person=by.nickname)


async def leads_more(tx: Transaction, leaders: Iterable[int], change: int) -> None:
    """Each of these leads one open group more (1) or fewer (-1); their menus of commands follow.

    Whoever has left meanwhile leads nothing any more, whatever was read of him before.
    """
    for person_id in sorted(leaders):
        counted = await tx.run(
            "UPDATE people SET groups_led = groups_led + :change WHERE id = :id AND forgotten_at IS NULL",
            change=change,
            id=person_id,
        )
        if counted:
            await menu_changes(tx, person_id)


async def make_claim_code(tx: Transaction) -> str:
    """A code that makes whoever sends it in a private chat the first admin; it lives ten minutes and works once.

    Raises Refused when there is an admin already: then /grant is the way.
    """
    if await with_role(tx, Role.ADMIN):
        raise Refused(say("There is an admin already; ask them to use /grant. No code was made."))
    code = "-".join(secrets.token_hex(3) for _ in range(2))
    await tx.run("INSERT INTO claim_codes (hash, made_at) VALUES (:hash, :now)", hash=_hash(code), now=tx.now)
    return code


async def claim(tx: Transaction, code: str, *, by: Person) -> None:
    """Become the first admin. Raises Refused for a wrong, used or old code, and once there is an admin.

    All unused codes are held, so that two of them are used one after the other.
    """
    await tx.all("SELECT hash FROM claim_codes WHERE used_at IS NULL ORDER BY hash /*pg FOR UPDATE*/")
    used = await tx.run(
        "UPDATE claim_codes SET used_at = :now, used_by = :person WHERE hash = :hash AND used_at IS NULL "
        "AND made_at > :oldest AND NOT EXISTS (SELECT 1 FROM people WHERE role = 'admin')",
        now=tx.now,
        person=by.id,
        hash=_hash(code.strip().lower()),
        oldest=tx.now - CLAIM_SECONDS,
    )
    if not used:
        raise Refused(
            say(
                "This code is not valid: it works once, for {minutes} minutes, while there is no admin. "
                "Nothing was changed. A new one: python -m bot claim",
                minutes=CLAIM_SECONDS // 60,
            )
        )
    await tx.run("UPDATE people SET role = 'admin' WHERE id = :id", id=by.id)
    await audit.note(tx, "role.claimed", f"person:{by.id}", by=by.id, role=Role.ADMIN)
    await menu_changes(tx, by.id)


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


async def check_may_leave(tx: Transaction, person: Person) -> None:
    """Raises Refused for the only admin. Whoever would give this person something meanwhile waits."""
    if await admins_held(tx) == [person.id]:
        raise Refused(
            say("You are the only admin; make somebody else admin first (/grant). Nothing was changed."), _TO_ROLES
        )
    await held(tx, person.id)
