"""How a word reaches somebody: in his language, and not in his quiet hours."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import orjson

from bot import outbox
from bot.cards import Card, method_of, rendered
from bot.domain.people.finding import reader, with_role
from bot.domain.people.things import Person, Role, quiet_until
from bot.outbox import Lane, Sending
from bot.storage import Transaction


async def tell(
    tx: Transaction,
    person: Person,
    screen: Card,
    *,
    lane: Lane = Lane.REPLY,
    key: str | None = None,
    not_after: int | None = None,
    not_before: int = 0,
) -> bool:
    """Put a word for `person` into the outbox, in his language. False when he can't be reached or was told before.

    Reminders and broadcasts wait for `not_before` and the end of his quiet hours, but never past `not_after`. Somebody
    who blocked the bot is sent none of them until he comes back, which Telegram tells; what is more pressing is tried
    all the same.
    """
    if person.telegram_id is None:
        return False
    due_at = tx.now
    if lane >= Lane.REMINDER:
        if await _has_blocked(tx, person.telegram_id):
            return False
        due_at = quiet_until(person, tx, max(tx.now, not_before))
        if not_after is not None and due_at > not_after:
            due_at = tx.now
    return await outbox.put(tx, message(tx, person, screen, lane=lane, key=key, due_at=due_at))


# Written at a time: each takes a fifth of a millisecond, and whoever shares the loop has his turn between them.
SCREENS = 10
# The limit cuts nothing off: it tells PostgreSQL how few they are, which would go through all chats for them otherwise.
BLOCKED = """
    SELECT chat_id FROM chats WHERE bot = :bot AND state = 'blocked'
    AND chat_id IN (SELECT CAST(value AS BIGINT) FROM json_each(:ids) LIMIT :many)
"""


@dataclass(frozen=True)
class Reminder:
    """One screen for many, each by the key of his own; their quiet hours keep it back, but never past `not_after`."""

    screen: Card
    persons: Mapping[str, Person]
    not_after: int


async def remind_each(tx: Transaction, reminders: Iterable[Reminder]) -> None:
    """Remind many, as `tell` reminds one, by a handful of statements: a screen is written once for each language."""
    remaining = iter(reminders)
    while some := list(islice(remaining, SCREENS)):
        ids = [person.telegram_id for each in some for person in each.persons.values()]
        rows = await tx.all(BLOCKED, bot=tx.bot, ids=orjson.dumps(ids).decode(), many=len(ids))
        blocked = {row["chat_id"] for row in rows}
        await outbox.put_each(tx, [sending for each in some for sending in _written(tx, each, blocked)])


def _written(tx: Transaction, reminder: Reminder, blocked: set[int]) -> Iterator[Sending]:
    written: dict[str, Sending] = {}
    for key, person in reminder.persons.items():
        if person.telegram_id is None or person.telegram_id in blocked:
            continue
        if person.language not in written:
            written[person.language] = message(tx, person, reminder.screen, lane=Lane.REMINDER, key=None, due_at=tx.now)
        awake_at = quiet_until(person, tx, tx.now)
        due_at = tx.now if awake_at > reminder.not_after else awake_at
        yield replace(written[person.language], chat_id=person.telegram_id, key=key, due_at=due_at)


async def _has_blocked(tx: Transaction, telegram_id: int) -> bool:
    state = await tx.value("SELECT state FROM chats WHERE bot = :bot AND chat_id = :id", bot=tx.bot, id=telegram_id)
    return bool(state == "blocked")


def message(tx: Transaction, person: Person, screen: Card, *, lane: Lane, key: str | None, due_at: int) -> Sending:
    """The sending that shows `screen` to `person` in their private chat."""
    params = rendered(screen, reader(tx, person.language), private=True)
    known: dict[str, Any] = {"file": screen.file, "remember": screen.remember or None}
    return Sending(method_of(screen), params, chat_id=person.telegram_id, lane=lane, key=key, due_at=due_at, **known)


async def tell_admins(tx: Transaction, screen: Card, *, key: str | None = None, but: int | None = None) -> int:
    """Tell every admin, `but` one person; how many were told. With a `key`, each is told once."""
    told = 0
    for admin in await with_role(tx, Role.ADMIN):
        if admin.id == but:
            continue
        told += await tell(tx, admin, screen, lane=Lane.URGENT, key=f"{key}:{admin.id}" if key else None)
    return told
