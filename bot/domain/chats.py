"""The chats that the bot knows: private ones that were opened with Start, and groups it was added to."""

from dataclasses import dataclass

from bot.storage import Transaction


@dataclass(frozen=True)
class Known:
    """A chat as we last heard of it. `became` is the new id of a group that turned into a supergroup.

    `wanted` is the screen to which a stranger's link leads, once he has registered.
    """

    bot: int
    chat_id: int
    kind: str
    title: str
    state: str
    became: int | None
    since: int
    wanted: str | None


# Questions


async def known(tx: Transaction, chat_id: int) -> Known | None:
    """The chat as this bot knows it, None where it never met it."""
    row = await tx.one("SELECT * FROM chats WHERE bot = :bot AND chat_id = :chat_id", bot=tx.bot, chat_id=chat_id)
    return Known(**row) if row else None


# Deeds


async def note(tx: Transaction, chat_id: int, kind: str, title: str, state: str = "open") -> None:
    """Remember what is so of a chat now."""
    await tx.run(
        "INSERT INTO chats (bot, chat_id, kind, title, state, since) VALUES (:bot, :chat_id, :kind, :title, :state, :now) "
        "ON CONFLICT (bot, chat_id) DO UPDATE SET kind = excluded.kind, title = excluded.title, state = excluded.state, "
        "since = CASE WHEN chats.state = excluded.state THEN chats.since ELSE excluded.since END",
        bot=tx.bot,
        chat_id=chat_id,
        kind=kind,
        title=title,
        state=state,
        now=tx.now,
    )


async def want(tx: Transaction, chat_id: int, wanted: str | None) -> None:
    """Remember where a stranger wants to go; None once he is there."""
    await tx.run(
        "UPDATE chats SET wanted = :wanted WHERE bot = :bot AND chat_id = :chat_id",
        wanted=wanted,
        bot=tx.bot,
        chat_id=chat_id,
    )


async def moved(tx: Transaction, old_id: int, new_id: int) -> None:
    """A group became a supergroup with a new id: what waits for it follows."""
    old = await known(tx, old_id)
    await note(tx, new_id, "supergroup", old.title if old else "")
    await tx.run(
        "UPDATE chats SET state = 'gone', became = :new_id, since = :now WHERE bot = :bot AND chat_id = :old_id",
        new_id=new_id,
        now=tx.now,
        bot=tx.bot,
        old_id=old_id,
    )
    await tx.run(
        "UPDATE outbox SET chat_id = :new_id WHERE bot = :bot AND chat_id = :old_id AND done_at IS NULL",
        new_id=new_id,
        bot=tx.bot,
        old_id=old_id,
    )
    await tx.run(
        "UPDATE remembered SET chat_id = :new_id WHERE bot = :bot AND chat_id = :old_id",
        new_id=new_id,
        bot=tx.bot,
        old_id=old_id,
    )
