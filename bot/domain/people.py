"""People: who they are to us, what they may do county-wide, and how a word reaches them."""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from bot import due, outbox
from bot.cards import Card, card, method_of, rendered
from bot.domain import audit
from bot.locales import Reader, Said, say
from bot.outbox import Lane, Sending
from bot.refusal import Refused
from bot.storage import Row, Transaction, Value

NICKNAME_CHARACTERS_MAX = 32
CLAIM_SECONDS = 600
MENU = "menus.fit"


class Role(StrEnum):
    """What somebody may do in the whole county. Leaders of groups are kept with their group."""

    MEMBER = "member"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True)
class Person:
    """Somebody who registered. `telegram_id` is None once he was forgotten."""

    id: int
    telegram_id: int | None
    nickname: str
    language: str
    role: Role
    quiet_from: int | None
    quiet_to: int | None
    event_lead_hours: int | None
    registered_at: int
    forgotten_at: int | None

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    @property
    def reads_all(self) -> bool:
        return self.role in (Role.ADMIN, Role.AUDITOR)


# Rules


def visible(typed: str) -> str:
    """What somebody typed as one line that can be shown: no invisible or direction-turning characters."""
    spaced = "".join(" " if unicodedata.category(c) in ("Zl", "Zp", "Cc", "Zs") else c for c in typed)
    return " ".join("".join(c for c in spaced if unicodedata.category(c) not in ("Cf", "Co", "Cs", "Cn")).split())


def clean_name(typed: str, *, limit: int = NICKNAME_CHARACTERS_MAX) -> str:
    """A name as it will be shown: one line, 1 to `limit` characters.

    Raises Refused when nothing readable is left or it is too long.
    """
    shown = visible(typed)
    if not shown:
        raise Refused(say("A name needs at least one letter or character. Nothing was saved; please send another one."))
    if len(shown) > limit:
        raise Refused(
            say(
                "That name has {length} characters, {limit} are possible. Nothing was saved; please send a shorter one.",
                length=len(shown),
                limit=limit,
            )
        )
    return shown


def quiet_until(person: Person, tx: Transaction, at: int) -> int:
    """The instant at which the person may be disturbed: `at` itself, or the end of the quiet hours it falls in."""
    return quiet_end(person.quiet_from, person.quiet_to, tx, at)


def quiet_end(start: int | None, end: int | None, tx: Transaction, at: int) -> int:
    """The same for quiet hours alone, in minutes after midnight: many people share the same ones."""
    if start is None or end is None or start == end:
        return at
    local = tx.local(at)
    minute = local.hour * 60 + local.minute
    if (minute - start) % 1440 >= (end - start) % 1440:
        return at
    over = local.replace(hour=end // 60, minute=end % 60, second=0, microsecond=0)
    if end <= minute:
        over += timedelta(days=1)
    return int(over.timestamp())


# Questions


def of_row(row: Row) -> Person:
    """A row of the table of people as a Person."""
    return Person(**{**dict(row), "role": Role(row["role"])})


def _person(row: Row | None) -> Person | None:
    return of_row(row) if row is not None else None


async def by_telegram(tx: Transaction, telegram_id: int) -> Person | None:
    return _person(await tx.one("SELECT * FROM people WHERE telegram_id = :telegram_id", telegram_id=telegram_id))


async def by_id(tx: Transaction, person_id: int) -> Person:
    """The person, forgotten ones too. Raises Refused where there is none."""
    return _found(await tx.one("SELECT * FROM people WHERE id = :person_id", person_id=person_id), person_id)


def _found(row: Row | None, person_id: int) -> Person:
    if row is None:
        raise Refused(say("There is nobody with the number {number}.", number=person_id))
    return of_row(row)


async def named(tx: Transaction, nickname: str) -> list[Person]:
    """Everybody with this nickname, or the one with this number (`#12`)."""
    if nickname.removeprefix("#").isdecimal():
        rows = await tx.all(
            "SELECT * FROM people WHERE id = :id AND forgotten_at IS NULL", id=int(nickname.removeprefix("#")[:18])
        )
    else:
        rows = await tx.all(
            "SELECT * FROM people WHERE nickname = :nickname AND forgotten_at IS NULL ORDER BY id LIMIT 20",
            nickname=nickname,
        )
    return [person for row in rows if (person := _person(row))]


async def with_role(tx: Transaction, role: Role) -> list[Person]:
    rows = await tx.all(
        "SELECT * FROM people WHERE role = :role AND role <> 'member' AND forgotten_at IS NULL ORDER BY id", role=role
    )
    return [person for row in rows if (person := _person(row))]


async def admins_held(tx: Transaction) -> list[int]:
    """The numbers of all admins; two who take each other's role, or leave, at once do it one after the other."""
    rows = await tx.all("SELECT id FROM people WHERE role = 'admin' ORDER BY id /*pg FOR NO KEY UPDATE*/")
    return [row["id"] for row in rows]


async def held(tx: Transaction, person_id: int) -> Person:
    """The person as he is now; nobody else changes or forgets him until the transaction ends. Raises Refused."""
    row = await tx.one("SELECT * FROM people WHERE id = :person_id /*pg FOR UPDATE*/", person_id=person_id)
    return _found(row, person_id)


async def candidate(tx: Transaction, person_id: int) -> Person:
    """The same for whoever shall get a role. Raises Refused when he has left."""
    person = await held(tx, person_id)
    if person.forgotten_at is not None:
        raise Refused(say("This person has left and can't hold a role. Nothing was changed."))
    return person


def reader(tx: Transaction, language: str) -> Reader:
    return Reader(language, tx.clock.zone, tx.now)


# Deeds


async def register(tx: Transaction, telegram_id: int, nickname: str, language: str) -> Person:
    """Take somebody in; who is in already stays as he is."""
    await tx.run(
        "INSERT INTO people (telegram_id, nickname, language, registered_at) "
        "VALUES (:telegram_id, :nickname, :language, :now) ON CONFLICT (telegram_id) DO NOTHING",
        telegram_id=telegram_id,
        nickname=clean_name(nickname),
        language=language,
        now=tx.now,
    )
    person = await by_telegram(tx, telegram_id)
    assert person is not None, "it was inserted in this transaction or was there before"
    return person


async def rename(tx: Transaction, person: Person, nickname: str) -> None:
    await tx.run("UPDATE people SET nickname = :name WHERE id = :id", name=clean_name(nickname), id=person.id)


async def set_language(tx: Transaction, person: Person, language: str) -> None:
    await tx.run("UPDATE people SET language = :language WHERE id = :id", language=language, id=person.id)
    await menu_changes(tx, person)


async def set_quiet_hours(tx: Transaction, person: Person, start: int | None, end: int | None) -> None:
    """Quiet from `start` to `end`, in minutes after midnight; None for both switches them off."""
    await tx.run(
        "UPDATE people SET quiet_from = :start, quiet_to = :end WHERE id = :id", start=start, end=end, id=person.id
    )


async def set_event_lead(tx: Transaction, person: Person, hours: int | None) -> None:
    await tx.run("UPDATE people SET event_lead_hours = :hours WHERE id = :id", hours=hours, id=person.id)


async def tell(
    tx: Transaction,
    person: Person,
    screen: Card,
    *,
    lane: Lane = Lane.REPLY,
    key: str | None = None,
    not_after: int | None = None,
) -> bool:
    """Put a word for `person` into the outbox, in his language. False when he can't be reached or was told before.

    Reminders and broadcasts wait for the end of his quiet hours, but never past `not_after`. Somebody who blocked the
    bot is sent none of them until he comes back, which Telegram tells; what is more pressing is tried all the same.
    """
    if person.telegram_id is None:
        return False
    due_at = tx.now
    if lane >= Lane.REMINDER:
        if await _has_blocked(tx, person.telegram_id):
            return False
        due_at = quiet_until(person, tx, tx.now)
        if not_after is not None and due_at > not_after:
            due_at = tx.now
    return await outbox.put(tx, message(tx, person, screen, lane=lane, key=key, due_at=due_at))


async def _has_blocked(tx: Transaction, telegram_id: int) -> bool:
    state = await tx.value("SELECT state FROM chats WHERE bot = :bot AND chat_id = :id", bot=tx.bot, id=telegram_id)
    return bool(state == "blocked")


def message(tx: Transaction, person: Person, screen: Card, *, lane: Lane, key: str | None, due_at: int) -> Sending:
    """The sending that shows `screen` to `person` in their private chat."""
    params = rendered(screen, reader(tx, person.language), private=True)
    known: dict[str, Any] = {"file": screen.file, "remember": screen.remember or None}
    return Sending(method_of(screen), params, chat_id=person.telegram_id, lane=lane, key=key, due_at=due_at, **known)


async def tell_admins(tx: Transaction, screen: Card, *, key: str | None = None) -> int:
    """Tell every admin; how many were told. With a `key`, each is told once."""
    told = 0
    for admin in await with_role(tx, Role.ADMIN):
        told += await tell(tx, admin, screen, lane=Lane.URGENT, key=f"{key}:{admin.id}" if key else None)
    return told


async def grant(tx: Transaction, role: Role, to: Person, *, by: Person) -> None:
    """Give a county-wide role, or take it (Role.MEMBER). Raises Refused: nobody grants what he does not hold."""
    admins = await admins_held(tx)
    if by.id not in admins:
        raise Refused(say("Only a county admin can give this role; you don't hold it yourself. Nothing was changed."))
    to = await candidate(tx, to.id)
    if to.role is role:
        raise Refused(say("{person} has this role already. Nothing was changed.", person=to.nickname))
    if admins == [to.id]:
        raise Refused(
            say("{person} is the only admin; make somebody else admin first. Nothing was changed.", person=to.nickname)
        )
    await tx.run("UPDATE people SET role = :role WHERE id = :id", role=role, id=to.id)
    await audit.note(tx, "role.given", f"person:{to.id}", by=by.id, role=role, before=to.role)
    await menu_changes(tx, to)
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
                "You are an auditor now; {person} gave you this role. You see everything and change nothing: /admin",
                person=by.nickname,
            )
        case Role.MEMBER:
            return say("{person} took your role back; you are a member like everybody now.", person=by.nickname)


async def menu_changes(tx: Transaction, person: Person) -> None:
    """What somebody may do is another now: his menu of commands follows within seconds."""
    await due.plan(tx, MENU, f"person:{person.id}", tx.now + 1)


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
    await menu_changes(tx, by)


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


async def check_may_leave(tx: Transaction, person: Person) -> None:
    """Raises Refused for the only admin. Whoever would give this person something meanwhile waits."""
    if await admins_held(tx) == [person.id]:
        raise Refused(say("You are the only admin; make somebody else admin first (/grant). Nothing was changed."))
    await held(tx, person.id)


async def forget(tx: Transaction, person: Person) -> None:
    """Destroy the identity: nobody can tell any more who number N was. What the county must keep stays under N.

    Raises Refused for the only admin.
    """
    await check_may_leave(tx, person)
    await tx.run(
        "UPDATE people SET telegram_id = NULL, nickname = :pseudonym, role = 'member', quiet_from = NULL, quiet_to = NULL, "
        "event_lead_hours = NULL, forgotten_at = :now WHERE id = :id",
        pseudonym=f"#{person.id}",
        now=tx.now,
        id=person.id,
    )
    for sql in FORGET_TRACES:
        await tx.run(sql, **_values(sql, person, tx))
    await audit.note(tx, "person.forgotten", f"person:{person.id}", by=person.id)


# The road's own memory of somebody: what he wrote, what he was told, where he was asked. The row of an update stays
# without its content, so that the same update is not handled twice. What the dispatcher has in hand is left to it.
FORGET_TRACES = (
    "UPDATE inbox SET payload = NULL, error = NULL, line = 0 WHERE line = :telegram_id AND state <> 'new'",
    "UPDATE inbox SET payload = NULL, error = NULL WHERE line < 0 AND state <> 'new' AND payload LIKE :mentioned",
    "UPDATE outbox SET state = 'dropped', done_at = :now WHERE chat_id = :telegram_id AND state IN ('new', 'later')",
    "UPDATE outbox SET params = '{}', chat_id = NULL, file_id = NULL, error = NULL "
    "WHERE chat_id = :telegram_id AND done_at IS NOT NULL",
    "UPDATE outbox SET params = '{}', error = NULL WHERE chat_id < 0 AND done_at IS NOT NULL AND params LIKE :mentioned",
    "UPDATE outbox SET params = '{}' WHERE method IN ('setMyCommands', 'deleteMyCommands') AND done_at + 0 > 0 "
    "AND params LIKE :mentioned",
    "DELETE FROM files WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE file_id = files.id)",
    "DELETE FROM forms WHERE telegram_id = :telegram_id",
    "DELETE FROM remembered WHERE chat_id = :telegram_id",
    "DELETE FROM chats WHERE chat_id = :telegram_id",
)


def _values(sql: str, person: Person, tx: Transaction) -> dict[str, Value]:
    """What one of FORGET_TRACES asks for; `mentioned` finds the id in a raw update or in parameters."""
    known: dict[str, Value] = {
        "telegram_id": person.telegram_id,
        "mentioned": f'%id":{person.telegram_id}%',
        "now": tx.now,
    }
    return {name: value for name, value in known.items() if f":{name}" in sql}


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Everything the road and this table keep of somebody, for /mydata."""
    chats = await tx.all("SELECT * FROM chats WHERE chat_id = :chat_id", chat_id=person.telegram_id)
    told = await tx.all(
        "SELECT method, params, state, made_at, done_at FROM outbox WHERE chat_id = :chat_id ORDER BY id",
        chat_id=person.telegram_id,
    )
    said = await tx.all(
        "SELECT update_id, payload, kept_at FROM inbox WHERE line = :line AND state <> 'new' ORDER BY update_id",
        line=person.telegram_id,
    )
    deeds = await tx.all(
        "SELECT at, deed, subject, details FROM audit WHERE actor_id = :id ORDER BY number", id=person.id
    )
    return {
        "person": {**person.__dict__, "role": str(person.role)},
        "chats": [dict(row) for row in chats],
        "messages from the bot": [dict(row) for row in told],
        "messages to the bot": [dict(row) for row in said],
        "audit": [dict(row) for row in deeds],
    }
