"""What is new, as server-sent events: numbered, kept for a while, and streamed to each open tab."""

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from itertools import islice

import orjson
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from bot.sandbox.answers import Json
from bot.sandbox.chats import Chat
from bot.sandbox.loopback import number

KEPT = 5000
PORTION = 200
"""So many events go out at once, so that a tab that reads slowly has no more than these in its pipe."""
TABS_MAX = 250
"""Each open stream holds a connection; whoever comes after these is asked to come again."""
AGAIN_MILLISECONDS = 500
BEAT_SECONDS = 15.0
"""A silent stream says so, by which a tab that is gone is noticed."""


class News:
    """A log of what happened. Whoever was away for longer than it reaches is told to `reload`."""

    def __init__(self, kept: int = KEPT) -> None:
        self._run = secrets.token_hex(4)
        self._kept: deque[bytes] = deque(maxlen=kept)
        self._last = 0
        self._tabs: set[asyncio.Event] = set()
        self._streams = 0

    @property
    def at(self) -> str:
        """The newest event's id: what a state that is read now already holds."""
        return f"{self._run}-{self._last}"

    @property
    def tabs(self) -> int:
        return len(self._tabs)

    def answer(self, place: str) -> Response:
        """All after `place`, as long as it is read; or a no, where too many are open."""
        if self._streams >= TABS_MAX:
            return Response("So many tabs are open already. Close one.", 503, media_type="text/plain")
        return _Stream(self, place)

    @contextmanager
    def counted(self) -> Iterator[None]:
        self._streams += 1
        try:
            yield
        finally:
            self._streams -= 1

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
            # A first word at once, so that the browser knows that it is connected, and how soon to come back.
            yield b"retry: %d\n\n" % AGAIN_MILLISECONDS
            heard = self._number(place)
            while True:
                tab.clear()
                heard, portion = self._after(heard)
                yield portion
                if heard < self._last:
                    continue
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

    def _after(self, heard: int | None) -> tuple[int, bytes]:
        """The next portion, and how far it reaches."""
        missed = self._last - heard if heard is not None else KEPT + 1
        if heard is None or missed > len(self._kept):
            return self._last, _event("reload", {}, self.at)
        begin = len(self._kept) - missed
        return min(heard + PORTION, self._last), b"".join(islice(self._kept, begin, begin + PORTION))


class _Stream(StreamingResponse):
    """Counted from the moment on that it is answered, for many may ask before one is read."""

    def __init__(self, news: News, place: str) -> None:
        self._news = news
        super().__init__(news.since(place), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._news.counted():
            await super().__call__(scope, receive, send)


def _event(kind: str, content: Json, place: str) -> bytes:
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (place.encode(), kind.encode(), orjson.dumps(content))
