"""What shows that nothing is lost: Telegram's record of what it handed out and got, held against the bot's database."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot import due
from bot.sandbox.answers import Json
from bot.sandbox.chats import Chat
from bot.sandbox.people.seeing import is_from
from bot.sandbox.users import Bot
from bot.sandbox.world import World
from bot.storage import Deed, Got, Row, Storage, Transaction

# A message is written down as sent within moments of its arrival: later than that nobody will do it any more.
MARK_SECONDS = 5.0
# In the county's time, in which a step of an hour may lie between an arrival and its row.
MARGIN_SECONDS = 2 * 3600
# Each part has an index of its own; together they would be looked for in all that was ever sent.
UNSENT = """
    SELECT (SELECT COUNT(*) FROM outbox WHERE bot = :bot AND state = 'new')
        + (SELECT COUNT(*) FROM outbox WHERE bot = :bot AND state IN ('taken', 'sending'))
"""
FINISHED = """
    SELECT id, chat_id, message_id, state FROM outbox
    WHERE bot = :bot AND done_at >= :since AND state IN ('sent', 'failed', 'unsure')
"""
UNHANDLED = "SELECT COUNT(*) FROM inbox WHERE bot = :bot AND state = 'new'"
KEPT = "SELECT update_id FROM inbox WHERE bot = :bot AND update_id >= :first"
Place = tuple[int, int]
"""A chat's number and a message's."""


@dataclass(frozen=True)
class Books:
    """What the bot's database says, all at one moment."""

    now: int
    kept: set[int]
    unhandled: int
    finished: Sequence[Row]
    unsent: int


class Ledger:
    """What stands in the chats when it is opened has arrived. `storage` is the bot's database; nothing is changed there."""

    def __init__(self, world: World, bot: Bot, storage: Storage, steady: Callable[[], float]) -> None:
        self._bot = bot
        self._storage = storage
        self._steady = steady
        self._since = 0
        # What arrived and is not written down, with when it did; what is written down and did not arrive; what did both.
        self._arrived: dict[Place, float] = {}
        self._written: set[Place] = set()
        self._sent: set[Place] = set()
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
        if kind != "message" or not is_from(content, self._bot):
            return
        place = (chat.id, content["message_id"])
        if place in self._written:
            self._written.remove(place)
            self._sent.add(place)
        elif place not in self._sent:
            self._arrived[place] = self._steady()

    async def figures(self) -> Json:
        """`updates_waiting`: said by people and not handled yet; `sent`: written down as sent, and arrived; `unsent`.

        `lost`: updates that the bot confirmed and doesn't have, messages it wrote down as sent that never arrived, and
        those it gave up; `doubled`: messages that arrived, and that it doesn't know of, so that it sent them again.
        """
        async with self._reading:
            # What comes while the database is being read can't be in the answer, and is looked at the next time.
            arrived, handed, waiting = dict(self._arrived), set(self._handed), set(self._bot.updates.waiting)
            first = min({self._bot.updates.next_id, *handed, *waiting})
            books = await self._storage.read(lambda tx: self._look(tx, first))
            self._handed -= books.kept
            for row in books.finished:
                self._take_in(row)
            self._since = books.now - MARGIN_SECONDS
            return {
                "updates_waiting": books.unhandled + len(waiting - books.kept),
                "sent": len(self._sent),
                "unsent": books.unsent,
                "lost": len(handed & self._handed) + len(self._written) + len(self._failed),
                "doubled": max(0, self._unknown(arrived, books.unsent) - len(self._unsure)),
            }

    async def read(self, question: Deed[Got]) -> Got:
        """Ask the bot's database anything else."""
        return await self._storage.read(question)

    async def unsent(self) -> int:
        """How many messages wait to be sent, or are on their way."""
        return await self._storage.read(_unsent)

    async def next_due(self) -> int | None:
        """When the bot has something to do next of itself."""
        return await self._storage.read(due.next_at)

    async def _look(self, tx: Transaction, first: int) -> Books:
        kept = {row["update_id"] for row in await tx.all(KEPT, bot=tx.bot, first=first)}
        finished = await tx.all(FINISHED, bot=tx.bot, since=self._since)
        return Books(tx.now, kept, await tx.value(UNHANDLED, bot=tx.bot), finished, await _unsent(tx))

    def _take_in(self, row: Row) -> None:
        if row["state"] == "failed":
            self._failed.add(row["id"])
        elif row["state"] == "unsure":
            self._unsure.add(row["id"])
        elif row["message_id"] and row["chat_id"]:
            # One that was said before its group moved arrived under the old number, and bears it here as well.
            self._write_down((row["chat_id"], row["message_id"]))

    def _write_down(self, place: Place) -> None:
        """The same may be read again and again."""
        if self._arrived.pop(place, None) is not None:
            self._sent.add(place)
        elif place not in self._sent:
            self._written.add(place)

    def _unknown(self, arrived: dict[Place, float], unsent: int) -> int:
        """How many arrived of which the bot will not know any more."""
        old = self._steady() - MARK_SECONDS
        return sum(place in self._arrived and (not unsent or at < old) for place, at in arrived.items())


async def _unsent(tx: Transaction) -> int:
    waiting: int = await tx.value(UNSENT, bot=tx.bot)
    return waiting
