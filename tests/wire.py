"""Servers on loopback for the transport to talk to, and ways to look at its errors. The token is a canary."""

import asyncio
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from telegram.error import NetworkError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.transport import AiohttpRequest, Patience

CANARY = "8123456789:AAF-canary_canary-canary_canary-canary1"
CANARY_SECRET = CANARY.split(":")[1]
SHORT = Patience(pool=0.1, connect=0.5, read=0.2, upload=0.3)

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Connected = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[None, None, None]]


@asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[str]:
    """A server that answers every request so. Gives the address of a method, with the canary in it."""
    app = web.Application(client_max_size=64 * 2**20)
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/bot{CANARY}/getMe"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def listening(connected: Connected) -> AsyncIterator[str]:
    """A server that does so with each connection."""
    accepted: list[tuple[asyncio.Task[None], asyncio.StreamWriter]] = []

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.append((asyncio.ensure_future(connected(reader, writer)), writer))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot{CANARY}/getMe"
    finally:
        server.close()
        for serving_it, writer in accepted:
            serving_it.cancel()
            writer.transport.abort()
        await asyncio.gather(*(serving_it for serving_it, _ in accepted), return_exceptions=True)


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def data(**parameters: object) -> RequestData:
    return RequestData([RequestParameter.from_input(name, value) for name, value in parameters.items()])


def whole_text(error: BaseException) -> str:
    """All that a log could show of an exception: its traceback, and everything it is chained to."""
    seen = "".join(traceback.format_exception(error))
    link: BaseException | None = error
    while link is not None:
        seen += f"{link!r} {link} {link.args!r} {link.__context__!r}"
        link = link.__cause__
    return seen


async def failure(transport: AiohttpRequest, url: str, **time_outs: float | None) -> NetworkError:
    with pytest.raises(NetworkError) as caught:
        await transport.post(url, data(chat_id=1), **time_outs)
    return caught.value


async def fine(request: web.Request) -> web.Response:
    return web.json_response({"ok": True, "result": {"heard": await request.json()}})


async def slow(request: web.Request) -> web.Response:
    await asyncio.sleep(0.6)
    return web.json_response({"ok": True, "result": True})
