"""A Bot API server on loopback that is fast enough to be no part of what it measures: `python -m benchmarks.server`.

It prints its port and serves until it is ended. Beside /bot<token>/<method> it answers
POST /control/plan (a `Plan`), GET /control/progress and GET /control/results.
"""

import argparse
import asyncio
import time
from collections import deque
from email.message import Message
from functools import partial
from typing import Any, cast
from urllib.parse import parse_qsl

import orjson
import uvloop

from benchmarks.load import Plan
from benchmarks.telegram import Reply, Telegram

TICK_SECONDS = 0.001
PHRASES = {200: b"OK", 400: b"Bad Request", 404: b"Not Found", 409: b"Conflict", 429: b"Too Many Requests"}


class Delays:
    """Answers that are under way: one queue and one timer for each length, since equal delays end in order."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._queues: dict[float, deque[tuple[float, asyncio.Transport, bytes]]] = {}

    def write(self, transport: asyncio.Transport, answer: bytes, delay: float) -> None:
        if delay <= 0:
            transport.write(answer)
            return
        queue = self._queues.setdefault(delay, deque())
        if not queue:
            self._loop.call_later(delay, self._flush, queue)
        queue.append((time.monotonic() + delay, transport, answer))

    def _flush(self, queue: deque[tuple[float, asyncio.Transport, bytes]]) -> None:
        now = time.monotonic()
        while queue and queue[0][0] <= now + TICK_SECONDS / 2:
            _, transport, answer = queue.popleft()
            if not transport.is_closing():
                transport.write(answer)
        if queue:
            self._loop.call_later(max(queue[0][0] - now, TICK_SECONDS), self._flush, queue)


class Connection(asyncio.Protocol):
    """HTTP/1.1 as the bots' clients speak it: one request at a time, kept alive, bodies with their length."""

    def __init__(self, telegram: Telegram, delays: Delays) -> None:
        self._telegram = telegram
        self._delays = delays
        self._buffer = b""
        self._transport: asyncio.Transport
        # One object for the connection's life, so that a waiting poll is known again when the connection is lost.
        self._reply: Reply = self._answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._telegram.hang_up(self._reply)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            body_end = end + 4 + _content_length(head)
            if len(self._buffer) < body_end:
                return
            body, self._buffer = self._buffer[end + 4 : body_end], self._buffer[body_end:]
            self._serve(head, body)

    def _serve(self, head: bytes, body: bytes) -> None:
        target = head.split(b" ", 2)[1].decode()
        path, _, query = target.partition("?")
        _, place, method = path.rsplit("/", 2) if path.count("/") > 1 else ("", "", "")
        if place == "control":
            self._control(method, body)
        elif place.startswith("bot"):
            parameters = _parameters(head, body) | dict(parse_qsl(query))
            self._telegram.call(method, parameters, self._reply)
        else:
            self._answer(b'{"ok":false,"error_code":404,"description":"Not Found"}', 404, 0)

    def _control(self, method: str, body: bytes) -> None:
        if method == "plan":
            self._telegram.add(Plan.of(orjson.loads(body)))
        answer = self._telegram.results() if method == "results" else self._telegram.progress()
        self._answer(orjson.dumps(answer), 200, 0)

    def _answer(self, body: bytes, status: int, delay: float) -> None:
        head = b"HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        self._delays.write(self._transport, head % (status, PHRASES[status], len(body)) + body, delay)


def _content_length(head: bytes) -> int:
    lower = head.lower()
    start = lower.find(b"\r\ncontent-length:")
    if start < 0:
        return 0
    end = lower.find(b"\r\n", start + 2)
    return int(lower[start + 17 : end if end >= 0 else None])


def _parameters(head: bytes, body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    if body.startswith(b"{"):
        given: dict[str, Any] = orjson.loads(body)
        return given
    if body.startswith(b"--"):
        return _multipart(head, body)
    return dict(parse_qsl(body.decode()))


def _multipart(head: bytes, body: bytes) -> dict[str, Any]:
    boundary = body[: body.index(b"\r\n")]
    given: dict[str, Any] = {}
    for part in body.split(boundary)[1:-1]:
        headers, _, content = part.strip(b"\r\n").partition(b"\r\n\r\n")
        about = Message()
        for line in headers.decode().split("\r\n"):
            name, _, value = line.partition(": ")
            about[name] = value
        given[str(about.get_param("name", header="content-disposition"))] = content.decode(errors="replace")
    return given


async def _keep_making(telegram: Telegram) -> None:
    """The open loop: makes updates available when they are due, however busy the bot is."""
    while True:
        pause = telegram.make_due() - time.monotonic()
        await asyncio.sleep(min(max(pause, TICK_SECONDS), 0.02))


async def serve(telegram: Telegram, port: int) -> None:
    loop = asyncio.get_running_loop()
    delays = Delays(loop)
    server = await loop.create_server(partial(Connection, telegram, delays), "127.0.0.1", port, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await _keep_making(telegram)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--round-trip", type=float, default=0.0, help="seconds")
    parser.add_argument("--poll-round-trip", type=float, help="seconds, for getUpdates; the round trip by default")
    parser.add_argument("--sends-a-second-max", type=int, default=0, help="0 enforces nothing")
    parser.add_argument("--retry-after", type=int, default=1, help="seconds, in a 429")
    given = parser.parse_args()
    polls = given.round_trip if given.poll_round_trip is None else given.poll_round_trip
    telegram = Telegram(given.round_trip, polls, given.sends_a_second_max, given.retry_after)
    uvloop.run(serve(telegram, given.port))


if __name__ == "__main__":
    main()
