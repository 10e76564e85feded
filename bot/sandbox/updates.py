"""What waits for a bot: numbered updates, confirmed by an offset, forgotten when they are too old."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.answers import Json

UPDATE_SECONDS = 24 * 3600
PRESS_SECONDS = 150
BATCH_MAX = 100
FIRST_UPDATE_ID = 700_000_001
UNLESS_NAMED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that a bot hears of only when `allowed_updates` names them."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update and the instant from which nobody is told of it any more."""

    update: Json
    line: int
    """The chat, within which webhooks keep the order."""
    until: float


@dataclass
class Updates:
    """One bot's queue."""

    now: Callable[[], float]
    allowed: frozenset[str] = frozenset()
    waiting: OrderedDict[int, Waiting] = field(default_factory=OrderedDict)
    next_id: int = FIRST_UPDATE_ID
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    on_confirm: Callable[[int], None] | None = None
    """Hears the number of each update that was confirmed."""

    def put(self, kind: str, content: Json, line: int) -> None:
        """Queue an update of a kind that the bot wants to hear of, under the next number."""
        if (kind not in self.allowed) if self.allowed else (kind in UNLESS_NAMED):
            return
        seconds = PRESS_SECONDS if kind == "callback_query" else UPDATE_SECONDS
        self.waiting[self.next_id] = Waiting({"update_id": self.next_id, kind: content}, line, self.now() + seconds)
        self.next_id += 1
        self.arrived.set()

    def inject(self, update: Json) -> None:
        """Queue an update exactly as given, even one that Telegram would never send: for tests of bad input."""
        update_id = update.get("update_id", self.next_id)
        self.waiting[update_id] = Waiting(update, 0, self.now() + UPDATE_SECONDS)
        self.next_id = max(self.next_id, update_id + 1)
        self.arrived.set()

    def confirm(self, offset: int) -> None:
        """Forget all below `offset`; a negative one keeps that many at the end."""
        if offset < 0:
            offset = max(FIRST_UPDATE_ID, self.next_id + offset)
        while self.waiting and next(iter(self.waiting)) < offset:
            number, _ = self.waiting.popitem(last=False)
            if self.on_confirm is not None:
                self.on_confirm(number)

    def batch(self, limit: int) -> list[Json]:
        """The first that wait and are not too old. They go on waiting until they are confirmed."""
        now = self.now()
        while self.waiting and next(iter(self.waiting.values())).until <= now:
            self.waiting.popitem(last=False)
        fresh = []
        for waiting in self.waiting.values():
            if waiting.until > now:
                fresh.append(waiting.update)
            if len(fresh) == limit:
                break
        if not self.waiting:
            self.arrived.clear()
        return fresh

    def delivered(self, update_id: int) -> None:
        self.waiting.pop(update_id, None)

    def drop(self) -> None:
        self.waiting.clear()
        self.arrived.clear()


@dataclass
class Poll:
    """The long poll under way; a second one ends it."""

    ended: asyncio.Event = field(default_factory=asyncio.Event)
    reason: str = ""

    def end(self, reason: str) -> None:
        self.reason = reason
        self.ended.set()
