"""What is new, as server-sent events: numbered, kept for a while, and streamed to each open tab."""

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator

import orjson

from bot.sandbox.answers import Json
from bot.sandbox.chats import Chat
from bot.sandbox.loopback import number

KEPT = 5000
BEAT_SECONDS = 15.0
"""A silent stream says so, by which a tab that is gone is noticed."""


class News:
    """A log of what happened. Whoever was away for longer than it reaches is told to `reload`."""

    def __init__(self, kept: int = KEPT) -> None:
        self._run = secrets.token_hex(4)
        self._kept: deque[bytes] = deque(maxlen=kept)
        self._last = 0
        self._tabs: set[asyncio.Event] = set()

    @property
    def at(self) -> str:
        """The newest event's id: what a state that is read now already holds."""
        return f"{self._run}-{self._last}"

    @property
    def tabs(self) -> int:
        return len(self._tabs)

    def put(self, kind: str, content: Json) -> None:
        self._last += 1
        self._kept.append(_event(kind, content, self.at))
        for tab in self._tabs:
            tab.set()

    def hear(self, kind: str, chat: Chat, content: Json) -> None:
        """A listener of the world's."""
        self.put(kind, {"chat": chat.id, "content": content})

    async def since(self, place: str) -> AsyncIterator[bytes]:
        """All events after the one with the id `place`, and then each as it comes."""
        tab = asyncio.Event()
        self._tabs.add(tab)
        try:
            # A first word at once, so that the browser knows that it is connected.
            yield b": hello\n\n"
            heard = self._number(place)
            while True:
                tab.clear()
                yield self._after(heard)
                heard = self._last
                try:
                    async with asyncio.timeout(BEAT_SECONDS):
                        await tab.wait()
                except TimeoutError:
                    yield b": still here\n\n"
        finally:
            self._tabs.discard(tab)

    def _number(self, place: str) -> int | None:
        """The event's number; None for an id of another run, or no id at all."""
        run, _, typed = place.partition("-")
        asked = number(typed)
        return asked if run == self._run and asked is not None and 0 <= asked <= self._last else None

    def _after(self, heard: int | None) -> bytes:
        missed = self._last - heard if heard is not None else KEPT + 1
        if missed > len(self._kept):
            return _event("reload", {}, self.at)
        return b"".join(list(self._kept)[len(self._kept) - missed :])


def _event(kind: str, content: Json, place: str) -> bytes:
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (place.encode(), kind.encode(), orjson.dumps(content))
