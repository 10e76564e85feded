"""What shows that nothing is lost: Telegram's record of what it handed out and got, held against the bot's database."""

import asyncio
from collections.abc import Callable

from bot import due
from bot.sandbox.answers import Json
from bot.sandbox.chats import Chat
from bot.sandbox.people.seeing import is_from
from bot.sandbox.users import Bot
from bot.sandbox.world import World
from bot.storage import Row, Storage, Transaction

# A message is written down as sent within moments of its arrival: later than that nobody will do it any more.
MARK_SECONDS = 5.0
# In the county's time, in which a step of an hour may lie between an arrival and its row.
MARGIN_SECONDS = 2 * 3600
UNSENT = "SELECT COUNT(*) FROM outbox WHERE bot = :bot AND state IN ('new', 'taken', 'sending')"
FINISHED = """
    SELECT id, chat_id, message_id, state FROM outbox
    WHERE bot = :bot AND done_at >= :since AND state IN ('sent', 'failed', 'unsure')
"""
UNHANDLED = "SELECT COUNT(*) FROM inbox WHERE bot = :bot AND state = 'new'"
KEPT = "SELECT update_id FROM inbox WHERE bot = :bot AND update_id >= :first"
Place = tuple[int, int]
"""A chat's number and a message's."""


class Ledger:
    """What stands in the chats when it is opened has arrived. `storage` is the bot's database; nothing is changed there."""

    def __init__(self, world: World, bot: Bot, storage: Storage, steady: Callable[[], float]) -> None:
        self._world = world
        self._bot = bot
        self._storage = storage
        self._steady = steady
        self._since = 0
        self._arrived: dict[Place, float] = {}
        self._written: set[Place] = set()
        self._failed: set[int] = set()
        self._unsure: set[int] = set()
        self._handed: set[int] = set()
        self._reading = asyncio.Lock()
        for chat in (*world.chats.values(), *world.private_chats.values()):
            for message in chat.messages.values():
                self._listen("message", chat, message)
        world.on_change.append(self._listen)
        bot.updates.on_confirm = self._handed.add

    def _listen(self, kind: str, chat: Chat, content: Json) -> None:
        if kind == "message" and is_from(content, self._bot):
            self._arrived[chat.id, content["message_id"]] = self._steady()

    async def figures(self) -> Json:
        """`updates_waiting`: said by people and not handled yet; `sent`: written down as sent, and arrived; `unsent`.

        `lost`: updates that the bot confirmed and doesn't have, messages it wrote down as sent that never arrived, and
        those it gave up; `doubled`: messages that arrived, and that it doesn't know of, so that it sent them again.
        """
        async with self._reading:
            first = next(iter(self._bot.updates.waiting), self._bot.updates.next_id)
            first = min(first, *self._handed) if self._handed else first
            waiting = await self._storage.read(lambda tx: self._incoming(tx, first))
            unsent = await self._storage.read(self._outgoing)
            return {
                "updates_waiting": waiting,
                "sent": len(self._written & self._arrived.keys()),
                "unsent": unsent,
                "lost": len(self._handed) + len(self._written - self._arrived.keys()) + len(self._failed),
                "doubled": max(0, self._unknown(unsent) - len(self._unsure)),
            }

    async def unsent(self) -> int:
        """How many messages wait to be sent, or are on their way."""
        return await self._storage.read(_unsent)

    async def next_due(self) -> int | None:
        """When the bot has something to do next of itself."""
        return await self._storage.read(due.next_at)

    async def _incoming(self, tx: Transaction, first: int) -> int:
        """How many updates wait, at Telegram or in the inbox; what was handed out and is in the inbox isn't lost."""
        kept = {row["update_id"] for row in await tx.all(KEPT, bot=self._bot.id, first=first)}
        self._handed -= kept
        unhandled: int = await tx.value(UNHANDLED, bot=self._bot.id)
        return unhandled + len(self._bot.updates.waiting.keys() - kept)

    async def _outgoing(self, tx: Transaction) -> int:
        now = tx.now
        for row in await tx.all(FINISHED, bot=self._bot.id, since=self._since):
            self._take_in(row)
        self._since = now - MARGIN_SECONDS
        return await _unsent(tx)

    def _take_in(self, row: Row) -> None:
        if row["state"] == "failed":
            self._failed.add(row["id"])
        elif row["state"] == "unsure":
            self._unsure.add(row["id"])
        elif row["message_id"] and row["chat_id"]:
            self._written.add(self._place(row["chat_id"], row["message_id"]))

    def _place(self, chat_id: int, message_id: int) -> Place:
        """Where the message is now: a group may have become another one."""
        chat = self._world.chats.get(chat_id)
        return (chat.migrated_to if chat and chat.migrated_to else chat_id, message_id)

    def _unknown(self, unsent: int) -> int:
        """How many arrived of which the bot will not know any more."""
        old = self._steady() - MARK_SECONDS
        return sum(place not in self._written and (not unsent or at < old) for place, at in self._arrived.items())


async def _unsent(tx: Transaction) -> int:
    waiting: int = await tx.value(UNSENT, bot=tx.bot)
    return waiting
