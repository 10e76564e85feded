"""What we have to tell: rows written in the transaction of their cause, sent by the dispatcher and by nobody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import orjson

from bot.cards import File
from bot.storage import Transaction, Value

# How long what was sent is kept; afterwards only what was counted of it stays.
KEPT_DAYS = 30


class Lane(IntEnum):
    """Who goes first when everything can't go at once."""

    ANSWER = 0
    REPLY = 1
    URGENT = 2
    REMINDER = 3
    BROADCAST = 4


@dataclass(frozen=True)
class Sending:
    """One call of the Bot API. `params` go without the chat, which is a column of its own (groups migrate)."""

    method: str
    params: dict[str, Any]
    chat_id: int | None = None
    lane: Lane = Lane.REPLY
    file: File | None = None
    once: bool = False
    key: str | None = None
    remember: str | None = None
    due_at: int | None = None


PUT = """
    INSERT INTO outbox (bot, lane, chat_id, method, params, file_id, once, key, remember, state, due_at, made_at)
    VALUES (:bot, :lane, :chat_id, :method, :params, :file_id, :once, :key, :remember, :state, :due_at, :made_at)
    ON CONFLICT (key) DO NOTHING
"""


async def put(tx: Transaction, sending: Sending) -> bool:
    """Tell it as soon as its lane and its time allow. False when something with the same key is there already."""
    added = await tx.run(PUT, **await _row(tx, sending))
    tx.wakes("outbox")
    return bool(added)


async def put_each(tx: Transaction, sendings: Iterable[Sending]) -> None:
    """The same for many by one statement; what has a key that is there already is not told again."""
    await tx.run_many(PUT, [await _row(tx, sending) for sending in sendings])
    tx.wakes("outbox")


async def _row(tx: Transaction, sending: Sending) -> dict[str, Value]:
    due_at = max(sending.due_at or tx.now, tx.now)
    return {
        "bot": tx.bot,
        "lane": int(sending.lane),
        "chat_id": sending.chat_id,
        "method": sending.method,
        "params": orjson.dumps(sending.params).decode(),
        "file_id": await _file(tx, sending.file) if sending.file else None,
        "once": int(sending.once),
        "key": sending.key,
        "remember": sending.remember or None,
        "state": "later" if due_at > tx.now else "new",
        "due_at": due_at,
        "made_at": tx.now,
    }


async def unsay(tx: Transaction, key: str) -> bool:
    """Take back what still waits for its time under this key, which is free again; False where nothing does."""
    return bool(await tx.run("DELETE FROM outbox WHERE key = :key AND state = 'later'", key=key))


async def _file(tx: Transaction, file: File) -> int:
    return int(
        await tx.value(
            "INSERT INTO files (name, content, made_at) VALUES (:name, :content, :now) RETURNING id",
            name=file.name,
            content=file.content,
            now=tx.now,
        )
    )


async def letter(
    tx: Transaction,
    method: str,
    params: dict[str, Any],
    *,
    subject: str | None = None,
    language: str | None = None,
    leaders: bool = False,
) -> int:
    """Keep one text that many recipients will get, its id in their rows.

    `subject`, language and whether it is for leaders alone are its name.
    """
    return int(
        await tx.value(
            "INSERT INTO letters (method, params, made_at, subject, language, leaders) "
            "VALUES (:method, :params, :now, :subject, :language, :leaders) RETURNING id",
            method=method,
            params=orjson.dumps(params).decode(),
            now=tx.now,
            subject=subject,
            language=language,
            leaders=int(leaders),
        )
    )


async def edit_remembered(tx: Transaction, name: str, params: dict[str, Any], *, lane: Lane = Lane.REPLY) -> bool:
    """Edit the message that was sent under `name`; False where it has not been sent yet or is forgotten."""
    row = await tx.one(
        "SELECT chat_id, message_id FROM remembered WHERE bot = :bot AND name = :name", bot=tx.bot, name=name
    )
    if row is None:
        return False
    edited = {**params, "message_id": row["message_id"]}
    await put(tx, Sending("editMessageText", edited, chat_id=row["chat_id"], lane=lane, remember=name))
    return True


async def is_waiting(tx: Transaction, name: str) -> bool:
    """Does a message under `name`, or an edit of it, still wait to be sent?"""
    found = await tx.value(
        "SELECT 1 FROM outbox WHERE bot = :bot AND remember = :name AND done_at IS NULL LIMIT 1", bot=tx.bot, name=name
    )
    return found is not None
