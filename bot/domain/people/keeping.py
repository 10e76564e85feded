"""What is kept of somebody, and how it is forgotten."""

from collections.abc import Mapping
from typing import Any

from bot.domain import audit, search
from bot.domain.people.granting import check_may_leave
from bot.domain.people.things import Person
from bot.storage import Transaction, Value


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Everything that is kept of who somebody is, for /mydata."""
    chats = await tx.all("SELECT * FROM chats WHERE chat_id = :chat_id", chat_id=person.telegram_id)
    deeds = await tx.all(
        "SELECT at, deed, subject, details FROM audit WHERE actor_id = :id ORDER BY number", id=person.id
    )
    return {
        "person": {**person.__dict__, "role": str(person.role)},
        "chats": [dict(row) for row in chats],
        "audit": [dict(row) for row in deeds],
    }


async def messages_of(tx: Transaction, person: Person) -> dict[str, list[dict[str, Any]]]:
    """What the road keeps of what somebody wrote and was told, for /mydata."""
    told = await tx.all(
        "SELECT method, params, state, made_at, done_at FROM outbox WHERE chat_id = :chat_id ORDER BY id",
        chat_id=person.telegram_id,
    )
    said = await tx.all(
        "SELECT update_id, payload, kept_at FROM inbox WHERE line = :line AND state <> 'new' ORDER BY update_id",
        line=person.telegram_id,
    )
    return {"from the bot": [dict(row) for row in told], "to the bot": [dict(row) for row in said]}


async def rows_of(tx: Transaction, questions: Mapping[str, str], person: Person) -> dict[str, list[dict[str, Any]]]:
    """The rows that answer questions about somebody, by what they are; each question is SQL with `:id` for the person."""
    return {name: [dict(row) for row in await tx.all(sql, id=person.id)] for name, sql in questions.items()}


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


async def forget(tx: Transaction, person: Person) -> None:
    """Destroy the identity: nobody can tell any more who number N was. What the county must keep stays under N.

    Raises Refused for the only admin.
    """
    await check_may_leave(tx, person)
    await tx.run(
        "UPDATE people SET telegram_id = NULL, nickname = :pseudonym, role = 'member', groups_led = 0, quiet_from = NULL, quiet_to = NULL, "
        "event_lead_hours = NULL, age = NULL, forgotten_at = :now WHERE id = :id",
        pseudonym=f"#{person.id}",
        now=tx.now,
        id=person.id,
    )
    await search.keep(tx, "person", person.id)
    await forget_traces(tx, person.telegram_id)
    await audit.note(tx, "person.forgotten", f"person:{person.id}", by=person.id)


async def forget_traces(tx: Transaction, telegram_id: int | None) -> None:
    """Nothing that was said between the bot and this account is kept."""
    for sql in FORGET_TRACES:
        await tx.run(sql, **_values(sql, telegram_id, tx))


def _values(sql: str, telegram_id: int | None, tx: Transaction) -> dict[str, Value]:
    """What one of FORGET_TRACES asks for; `mentioned` finds the id in a raw update or in parameters."""
    known: dict[str, Value] = {
        "telegram_id": telegram_id,
        "mentioned": f'%id":{telegram_id}%',
        "now": tx.now,
    }
    return {name: value for name, value in known.items() if f":{name}" in sql}
