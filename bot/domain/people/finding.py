"""How somebody is found. Questions only: nothing here writes."""

from bot.domain.people.things import NICKNAME_CHARACTERS_MAX, Person, Role, of_row
from bot.locales import Reader, say
from bot.refusal import Refused
from bot.storage import Row, Transaction


async def by_telegram(tx: Transaction, telegram_id: int) -> Person | None:
    """Who has this Telegram account, None where nobody has."""
    row = await tx.one("SELECT * FROM people WHERE telegram_id = :telegram_id", telegram_id=telegram_id)
    return of_row(row) if row else None


async def by_id(tx: Transaction, person_id: int) -> Person:
    """The person, forgotten ones too. Raises Refused where there is none."""
    return _found(await tx.one("SELECT * FROM people WHERE id = :person_id", person_id=person_id), person_id)


def _found(row: Row | None, person_id: int) -> Person:
    if row is None:
        raise Refused(say("There is nobody with the number {number}.", number=person_id))
    return of_row(row)


async def held(tx: Transaction, person_id: int) -> Person:
    """The person as he is now; nobody else changes or forgets him until the transaction ends. Raises Refused."""
    row = await tx.one("SELECT * FROM people WHERE id = :person_id /*pg FOR NO KEY UPDATE*/", person_id=person_id)
    return _found(row, person_id)


async def named(tx: Transaction, nickname: str) -> list[Person]:
    """Everybody with this nickname, or the one with this number (`#12`), or with both (`Ming #12`)."""
    name, _, number = nickname.rpartition("#") if "#" in nickname else ("", "", nickname)
    if number.isdecimal():
        rows = await tx.all(
            "SELECT * FROM people WHERE id = :id AND forgotten_at IS NULL AND (:name = '' OR nickname = :name)",
            id=int(number[:18]),
            name=name.strip(),
        )
        if rows or not name.strip():
            return [of_row(row) for row in rows]
    rows = await tx.all(
        "SELECT * FROM people WHERE nickname = :nickname AND forgotten_at IS NULL ORDER BY id LIMIT 20",
        nickname=nickname,
    )
    return [of_row(row) for row in rows]


async def one_named(tx: Transaction, typed: str) -> Person:
    """The one whom a nickname or number means. Raises Refused where that is nobody, or several."""
    found = await named(tx, typed)
    if not found:
        name = typed[:NICKNAME_CHARACTERS_MAX]
        raise Refused(say("I know nobody called {name}. Nothing was changed. A number works too: #12.", name=name))
    if len(found) > 1:
        raise Refused(
            say(
                "Several people are called {name}: {numbers}. Send the number of the one you mean. Nothing was changed.",
                name=typed,
                numbers=" · ".join(f"#{each.id}" for each in found),
            )
        )
    return found[0]


async def with_roles(tx: Transaction) -> list[Person]:
    """Everybody with a role above member: admins first, each kind in the order of numbers."""
    rows = await tx.all("SELECT * FROM people WHERE role <> 'member' AND forgotten_at IS NULL ORDER BY role, id")
    return [of_row(row) for row in rows]


async def with_role(tx: Transaction, role: Role) -> list[Person]:
    """Everybody with this role above member, in the order of numbers."""
    rows = await tx.all(
        "SELECT * FROM people WHERE role = :role AND role <> 'member' AND forgotten_at IS NULL ORDER BY id", role=role
    )
    return [of_row(row) for row in rows]


def reader(tx: Transaction, language: str) -> Reader:
    """A language with the county's zone and the present instant: what texts are made for."""
    return Reader(language, tx.clock.zone, tx.now)
