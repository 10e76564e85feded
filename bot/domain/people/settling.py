"""Coming in, and what somebody sets for himself."""

from bot import due
from bot.domain import search
from bot.domain.people.finding import by_telegram
from bot.domain.people.things import Age, Person, clean_name
from bot.storage import Transaction

MENU = "menus.fit"


async def register(
    tx: Transaction, telegram_id: int, nickname: str, language: str, *, age: Age | None = None
) -> Person:
    """Take somebody in; who is in already stays as he is. `age` is None where nobody was asked."""
    added = await tx.run(
        "INSERT INTO people (telegram_id, nickname, language, age, registered_at) "
        "VALUES (:telegram_id, :nickname, :language, :age, :now) ON CONFLICT (telegram_id) DO NOTHING",
        telegram_id=telegram_id,
        nickname=clean_name(nickname),
        language=language,
        age=age,
        now=tx.now,
    )
    person = await by_telegram(tx, telegram_id)
    assert person is not None, "it was inserted in this transaction or was there before"
    if added:
        await search.keep(tx, "person", person.id, person.nickname)
    return person


async def rename(tx: Transaction, person: Person, nickname: str) -> None:
    """Give somebody another name, also for the search. Raises Refused for what is none."""
    name = clean_name(nickname)
    await tx.run("UPDATE people SET nickname = :name WHERE id = :id", name=name, id=person.id)
    await search.keep(tx, "person", person.id, name)


async def set_age(tx: Transaction, person: Person, age: Age) -> None:
    """Keep somebody's age band."""
    await tx.run("UPDATE people SET age = :age WHERE id = :id", age=age, id=person.id)


async def set_language(tx: Transaction, person: Person, language: str) -> None:
    """Speak this language with somebody from now on, in the menu of commands as well."""
    await tx.run("UPDATE people SET language = :language WHERE id = :id", language=language, id=person.id)
    await menu_changes(tx, person.id)


async def set_quiet_hours(tx: Transaction, person: Person, start: int | None, end: int | None) -> None:
    """Quiet from `start` to `end`, in minutes after midnight; None for both switches them off."""
    await tx.run(
        "UPDATE people SET quiet_from = :start, quiet_to = :end WHERE id = :id", start=start, end=end, id=person.id
    )


async def set_event_lead(tx: Transaction, person: Person, hours: int | None) -> None:
    """Remind somebody so many hours before an event; None: as the county does."""
    await tx.run("UPDATE people SET event_lead_hours = :hours WHERE id = :id", hours=hours, id=person.id)


async def menu_changes(tx: Transaction, person_id: int) -> None:
    """What somebody may do is another now: his menu of commands follows within seconds."""
    await due.plan(tx, MENU, f"person:{person_id}", tx.now + 1)
