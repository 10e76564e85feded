"""Neighbours: people without Telegram, registered by a leader; what they do waits for them until they press Start."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from bot.cards import Button, Page, card, page_of, press, window
from bot.domain import audit, groups, people, search
from bot.domain.people import Age, Becoming, Person, rows_of, stay, told
from bot.domain.promises import Broken, Promise, broken
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction

WAITING_MAX = 200


@dataclass(frozen=True)
class Neighbour:
    """Somebody whom a leader of `group_id` registered; `joined_at` is None while he has no account of his own."""

    person: Person
    group_id: int
    made_by: int
    joined_at: int | None


def _of_row(row: Row) -> Neighbour:
    return Neighbour(people.of_row(row), row["group_id"], row["made_by"], row["joined_at"])


# Questions

NEIGHBOUR = "SELECT p.*, n.group_id, n.made_by, n.joined_at FROM neighbours n JOIN people p ON p.id = n.person_id"
WAITING = "WHERE n.group_id = :group AND n.joined_at IS NULL AND p.forgotten_at IS NULL"


async def of_group(tx: Transaction, group_id: int, number: int) -> Page:
    """A page of the group's neighbours who have no account yet, by name."""
    total = int(
        await tx.value(
            f"SELECT COUNT(*) FROM neighbours n JOIN people p ON p.id = n.person_id {WAITING}",  # noqa: S608
            group=group_id,
        )
    )
    rows = await tx.all(
        f"{NEIGHBOUR} {WAITING} ORDER BY p.nickname, p.id LIMIT :limit OFFSET :offset",
        group=group_id,
        **window(number),
    )
    return page_of((_of_row(row) for row in rows), number, total=total)


async def led_by(tx: Transaction, person_id: int, leader: Person) -> Neighbour:
    """The neighbour, if `leader` leads his group. Raises Refused."""
    row = await tx.one(f"{NEIGHBOUR} WHERE n.person_id = :id AND p.forgotten_at IS NULL", id=person_id)
    if row is None:
        raise Refused(say("There is no such neighbour any more."), WayOut(say("Interest groups"), "groups.list"))
    await groups.led_by(tx, row["group_id"], leader)
    return _of_row(row)


async def by_code(tx: Transaction, code: str) -> Neighbour:
    """Whose code this is. Raises Refused for one that is unknown, used, or replaced by a newer one."""
    row = await tx.one(
        f"{NEIGHBOUR} WHERE n.code_hash = :hash AND n.joined_at IS NULL AND p.forgotten_at IS NULL", hash=_hash(code)
    )
    if row is None:
        raise _used()
    return _of_row(row)


def _used() -> Refused:
    return Refused(
        say("This link is not valid any more. Nothing was changed; whoever gave it to you can make a new one.")
    )


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


# Deeds


async def register(tx: Transaction, group_id: int, nickname: str, *, by: Person) -> Neighbour:
    """Register somebody who has no Telegram and has agreed to it. Raises Refused for whoever does not lead the group."""
    group = await groups.led_by(tx, group_id, by)
    waiting = (await of_group(tx, group.id, 0)).total or 0
    if waiting >= WAITING_MAX:
        raise Refused(
            say("A group has at most {n} neighbours without an account. Nobody was registered.", n=WAITING_MAX)
        )
    person_id = await tx.value(
        "INSERT INTO people (telegram_id, nickname, language, age, registered_at) "
        "VALUES (NULL, :nickname, :language, :age, :now) RETURNING id",
        nickname=people.clean_name(nickname),
        language=by.language,
        age=Age.ADULT,
        now=tx.now,
    )
    await tx.run(
        "INSERT INTO neighbours (person_id, group_id, made_by, made_at) VALUES (:person, :group, :by, :now)",
        person=person_id,
        group=group.id,
        by=by.id,
        now=tx.now,
    )
    person = await people.by_id(tx, person_id)
    await search.keep(tx, "person", person.id, person.nickname)
    await audit.note(tx, "neighbour.registered", f"person:{person.id}", by=by.id, group=group.id)
    return Neighbour(person, group.id, by.id, None)


async def hand_out(tx: Transaction, person_id: int, *, by: Person) -> str:
    """A new code for the neighbour to come in with; an older one is not valid any more. Raises Refused."""
    neighbour = await led_by(tx, person_id, by)
    code = secrets.token_hex(8)
    made = await tx.run(
        "UPDATE neighbours SET code_hash = :hash WHERE person_id = :id AND joined_at IS NULL",
        hash=_hash(code),
        id=neighbour.person.id,
    )
    if not made:
        raise Refused(say("{name} has an account already. Nothing was changed.", name=neighbour.person.nickname))
    return code


async def come_in(tx: Transaction, code: str, telegram_id: int, language: str) -> Person:
    """Become who a leader registered, with all that waits. Raises Refused for whoever is registered already."""
    neighbour = await by_code(tx, code)
    known = await people.by_telegram(tx, telegram_id)
    if known is not None:
        raise Refused(
            say(
                "You are registered already, as {name}. Two cannot become one here: nothing was changed. Please tell the "
                "leader who gave you the link.",
                name=known.nickname,
            ),
            WayOut(say("Me"), "people.me"),
        )
    joined = await tx.run(
        "UPDATE neighbours SET joined_at = :now, code_hash = NULL WHERE person_id = :id AND joined_at IS NULL",
        now=tx.now,
        id=neighbour.person.id,
    )
    if not joined:
        raise _used()
    await tx.run(
        "UPDATE people SET telegram_id = :telegram, language = :language WHERE id = :id",
        telegram=telegram_id,
        language=language,
        id=neighbour.person.id,
    )
    await audit.note(tx, "neighbour.joined", f"person:{neighbour.person.id}", by=neighbour.person.id)
    leader = await people.by_id(tx, neighbour.made_by)
    words = say("{name}, whom you registered, has an account now.", name=neighbour.person.nickname)
    await people.tell(
        tx, leader, card(words, rows=((Button(say("Neighbours"), press("neighbours.list", neighbour.group_id)),),))
    )
    await people.menu_changes(tx, neighbour.person.id)
    return await people.by_id(tx, neighbour.person.id)


# What is kept of one person


KNOWN = {
    "registered by a leader": "SELECT group_id, made_by, made_at, joined_at FROM neighbours WHERE person_id = :id",
    "neighbours registered": "SELECT person_id, group_id, made_at FROM neighbours WHERE made_by = :id ORDER BY person_id",
}
PROMISES = (
    Promise(
        "accounts",
        "Whoever has come in has an account, and whoever has not, has none.",
        "SELECT n.person_id FROM neighbours n JOIN people p ON p.id = n.person_id WHERE p.forgotten_at IS NULL "
        "AND (n.joined_at IS NULL) <> (p.telegram_id IS NULL)",
    ),
)


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Whether a leader registered this person, and whom he registered himself."""
    return await rows_of(tx, KNOWN, person)


async def forget(tx: Transaction, person: Person) -> None:
    """A code that leads to somebody who is forgotten leads nowhere."""
    await tx.run("UPDATE neighbours SET code_hash = NULL WHERE person_id = :id", id=person.id)


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well."""
    return await broken(tx, PROMISES)


MERGED = (*told("neighbours", "person_id"), *stay("neighbours", "made_by"))


async def merged(tx: Transaction, it: Becoming) -> None:
    """A code that leads to the old record leads nowhere; a neighbour who takes over its account has come in by that."""
    await forget(tx, it.old)
    await tx.run(
        "UPDATE neighbours SET joined_at = :now, code_hash = NULL WHERE person_id = :into AND joined_at IS NULL "
        "AND EXISTS (SELECT 1 FROM people WHERE id = :into AND telegram_id IS NOT NULL)",
        now=tx.now,
        into=it.into.id,
    )
