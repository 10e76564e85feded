"""When one record of a person becomes another: what becomes of the rows that name it, told by each room."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot import due
from bot.config import Hours
from bot.domain import search
from bot.domain.people.finding import by_id
from bot.domain.people.keeping import forget_traces
from bot.domain.people.settling import MENU, menu_changes
from bot.domain.people.things import Age, Person, of_row
from bot.locales import Said, say
from bot.storage import Transaction


@dataclass(frozen=True)
class Becoming:
    """One record becomes another: `old` goes, as it is from now on, without an account; `into` stays.

    `account` is the Telegram account that `old` had and that `into` does not take over. Two admins answer for it;
    `number` is its row in the audit log, by the second of them.
    """

    id: int
    old: Person
    into: Person
    account: int | None
    asked_by: Person
    agreed_by: Person
    number: int
    rules: Hours


@dataclass(frozen=True)
class Fate:
    """What becomes of the rows of `table` that name the old record in `column`.

    stays: they say who it was then; goes: they are removed; moves: they name the record that stays, where `only` holds
    and it has no row of its own that is the same in all columns of `once`; told: the room has a deed of its own for it.
    """

    table: str
    column: str
    becomes: str
    once: tuple[str, ...] | None = None
    only: str = ""
    rest: str = "stays"


# Rules


def stay(table: str, *columns: str) -> tuple[Fate, ...]:
    """These columns keep the old number: they say what was."""
    return tuple(Fate(table, column, "stays") for column in columns)


def go(table: str, column: str) -> Fate:
    """Rows of the old number in this column are deleted."""
    return Fate(table, column, "goes")


def move(table: str, column: str, *, once: tuple[str, ...] | None = None, only: str = "", rest: str = "stays") -> Fate:
    """Rows in this column become the new number's, as far as Fate says they can; the `rest` stays or goes."""
    return Fate(table, column, "moves", once, only, rest)


def told(table: str, *columns: str) -> tuple[Fate, ...]:
    """What becomes of these columns is code of the room that has them."""
    return tuple(Fate(table, column, "told") for column in columns)


def _moving(fate: Fate) -> str:
    sql = f"UPDATE {fate.table} SET {fate.column} = :into WHERE {fate.column} = :old"  # noqa: S608 - names of our own
    if fate.only:
        sql += f" AND {fate.only}"
    if fate.once is not None:
        same = "".join(f" AND o.{column} = {fate.table}.{column}" for column in fate.once)
        sql += f" AND NOT EXISTS (SELECT 1 FROM {fate.table} o WHERE o.{fate.column} = :into{same})"  # noqa: S608
    return sql


def went_on(number: int) -> Said:
    """For whoever writes from the account of a record that became another's."""
    return say(
        "Your record here became part of number {number}; please use that account. If that was not you, tell a county "
        "admin. Nothing was changed.",
        number=number,
    )


# Questions


async def merged_into(tx: Transaction, person_id: int) -> list[Person]:
    """The records that became this one, the oldest first."""
    rows = await tx.all("SELECT * FROM people WHERE merged_into = :id ORDER BY id", id=person_id)
    return [of_row(row) for row in rows]


async def now_of(tx: Transaction, person_id: int) -> Person:
    """The person as whom this number goes on: itself, or the record that it became."""
    return await by_id(
        tx, await tx.value("SELECT COALESCE(merged_into, id) FROM people WHERE id = :id", id=person_id) or person_id
    )


async def went_to(tx: Transaction, telegram_id: int) -> Person | None:
    """The record that went on from this account to another one."""
    row = await tx.one(
        "SELECT i.* FROM people o JOIN people i ON i.id = o.merged_into WHERE o.once_telegram_id = :id "
        "ORDER BY o.id DESC LIMIT 1",
        id=telegram_id,
    )
    return of_row(row) if row else None


# Deeds


async def share(tx: Transaction, fates: Iterable[Fate], it: Becoming) -> None:
    """Let the rows become what the room says, in the order in which it says so."""
    for fate in fates:
        if fate.becomes == "moves":
            await tx.run(_moving(fate), old=it.old.id, into=it.into.id)
        if fate.becomes == "goes" or (fate.becomes == "moves" and fate.rest == "goes"):
            sql = f"DELETE FROM {fate.table} WHERE {fate.column} = :old"  # noqa: S608 - names of our own
            await tx.run(sql, old=it.old.id)


BECOME = """
    UPDATE people SET telegram_id = NULL, once_telegram_id = :account, nickname = :pseudonym, role = 'member',
        groups_led = 0, quiet_from = NULL, quiet_to = NULL, event_lead_hours = NULL, forgotten_at = :now,
        merged_into = :into WHERE id = :id
"""
FORGET_SCREENS = ("DELETE FROM forms WHERE telegram_id = :account", "DELETE FROM remembered WHERE chat_id = :account")


async def become(tx: Transaction, old: Person, into: Person) -> tuple[Person, Person, int | None]:
    """The old record is nobody's any more; both as they are now, and the account that was left behind.

    Where the record that stays has no account, it takes over the old one's.
    """
    left = None if into.telegram_id is None else old.telegram_id
    await tx.run(BECOME, account=left, pseudonym=f"#{old.id}", now=tx.now, into=into.id, id=old.id)
    await tx.run("UPDATE people SET merged_into = :into WHERE merged_into = :old", into=into.id, old=old.id)
    await tx.run(
        "UPDATE people SET telegram_id = :telegram, age = :age WHERE id = :id",
        telegram=into.telegram_id or old.telegram_id,
        age=_younger(old.age, into.age),
        id=into.id,
    )
    await search.keep(tx, "person", old.id)
    await due.drop(tx, f"person:{old.id}", MENU)
    await menu_changes(tx, into.id)
    if left is not None:
        for sql in FORGET_SCREENS:
            await tx.run(sql, account=left)
    return await by_id(tx, old.id), await by_id(tx, into.id), left


def _younger(*ages: Age | None) -> Age | None:
    """What protects more of two answers to the same question."""
    return next((age for age in Age if age in ages), None)


MERGED = (
    *told("people", "merged_into"),
    *stay("audit", "actor_id"),
    *stay("claim_codes", "used_by"),
)


async def forget_before(tx: Transaction, person: Person) -> None:
    """What is left of records that became this one goes with it, and no merge goes on without the person."""
    for row in await tx.all(
        "UPDATE merges SET state = 'declined', settled_at = :now WHERE state IN ('waiting', 'asked') "
        "AND (old_id = :id OR into_id = :id) RETURNING id",
        now=tx.now,
        id=person.id,
    ):
        await due.drop(tx, f"merge:{row['id']}")
    await tx.run("UPDATE merges SET old_name = '' WHERE old_id = :id OR into_id = :id", id=person.id)
    for row in await tx.all(
        "SELECT once_telegram_id FROM people WHERE merged_into = :id AND once_telegram_id IS NOT NULL", id=person.id
    ):
        await forget_traces(tx, row["once_telegram_id"])
    await tx.run("UPDATE people SET once_telegram_id = NULL, age = NULL WHERE merged_into = :id", id=person.id)


async def known_before(tx: Transaction, person: Person) -> dict[str, Any]:
    """When records of this person were merged, for /mydata."""
    rows = await tx.all("SELECT * FROM merges WHERE old_id = :id OR into_id = :id ORDER BY id", id=person.id)
    return {"merges": [dict(row) for row in rows]}
