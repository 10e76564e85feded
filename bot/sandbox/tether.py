"""What ties the bot's process to the sandbox that started it: a pair of sockets.

The sandbox says by how many seconds the county's clock is ahead, the bot does what is due by then and answers. When
the sandbox ends, however it ends, the socket closes, and the bot ends too.
"""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable

from bot.storage import StorageUnavailable

ANSWER_SECONDS = 30.0
TICKS_MAX = 20
Tick = Callable[[], Awaitable[int]]
_log = logging.getLogger(__name__)


class Tether:
    """The sandbox's end. `other` is the socket that the bot's process is given as a file."""

    def __init__(self) -> None:
        self._own, self.other = socket.socketpair()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def tell(self, offset: float) -> bool:
        """Say how far the clock is ahead, and wait until all that is due by then was done. False: nobody answers."""
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection(sock=self._own)
            reader, writer = self._streams
            writer.write(f"{offset!r}\n".encode())
            async with asyncio.timeout(ANSWER_SECONDS):
                return bool(await reader.readline())
        except (OSError, TimeoutError):
            return False

    def close(self) -> None:
        self.other.close()
        if self._streams is not None:
            self._streams[1].close()
        self._own.close()


class Tethered:
    """The bot's end, made of the socket's number. It waits for the sandbox's first word, which is the sign to begin."""

    def __init__(self, number: int, real: Callable[[], float]) -> None:
        """Raises EOFError when the sandbox has ended meanwhile."""
        self._socket = socket.socket(fileno=number)
        self._real = real
        self._offset = self._first()
        self.tick: Tick | None = None
        """Does what is due; none before the bot has been put together."""

    def _first(self) -> float:
        # A word is short and written at once.
        heard = self._socket.recv(100)
        if not heard:
            raise EOFError
        return float(heard)

    def seconds(self) -> float:
        """The county's Unix seconds."""
        return self._real() + self._offset

    async def follow(self) -> None:
        """Follow the sandbox's clock until the sandbox ends, and then end this process as SIGTERM does."""
        reader, writer = await asyncio.open_connection(sock=self._socket)
        writer.write(b"\n")
        try:
            while heard := await reader.readline():
                self._offset = float(heard)
                await self._do_what_is_due()
                writer.write(b"\n")
        finally:
            writer.close()
        os.kill(os.getpid(), signal.SIGTERM)

    async def _do_what_is_due(self) -> None:
        """One deed may make another due."""
        try:
            for _ in range(TICKS_MAX):
                if self.tick is None or not await self.tick():
                    return
        except StorageUnavailable as error:
            _log.warning("what is due waits for the database: %s", error)
