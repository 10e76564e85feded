"""The sandbox on loopback: the Bot API, its files, webhooks and the control of its people, in one small server."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.sandbox.control import Control
from bot.sandbox.loopback import GUARDS, HOSTS, refusing
from bot.sandbox.machine import Machine
from bot.sandbox.methods.polling import end_poll
from bot.sandbox.page.app import Page
from bot.sandbox.people import People
from bot.sandbox.steering import Steering
from bot.sandbox.webhooks import Couriers
from bot.sandbox.wire import BotApi, Downloads
from bot.sandbox.world import World

START_SECONDS = 10
BACKLOG = 2048
# Who connects and asks nothing for so long is let go, so that nobody can use all connections up.
FIRST_SECONDS = 30.0


class _Impatient(H11Protocol):
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.loop.call_later(FIRST_SECONDS, self._first_or_never)

    def _first_or_never(self) -> None:
        if self.cycle is None:
            self.transport.abort()


class _Quiet(uvicorn.Server):
    """uvicorn without its hand on the process's signals: the bot's own process decides when to end."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


class Sandbox:
    """A running server. `away` and `back` take Telegram off the net for a while; connections are refused meanwhile."""

    def __init__(
        self, world: World, people: People | None, host: str, port: int, machine: Machine | None = None
    ) -> None:
        if host not in HOSTS:
            raise ValueError(f"the sandbox listens on {' or '.join(HOSTS)} alone, not on {host}")
        self._world = world
        self._app = _app(world, people, self._abort, machine)
        self._host = host
        self._port = port
        self._server: _Quiet | None = None
        self._running: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://{self._host}:{self._port}"

    @property
    def base_url(self) -> str:
        """For python-telegram-bot's `base_url`: the token follows."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    async def back(self) -> None:
        """Listen, on the same port as before. Raises OSError when somebody else has it."""
        listening = self._listening()
        config = uvicorn.Config(
            self._app,
            http=_Impatient,
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            proxy_headers=False,
            timeout_graceful_shutdown=1,
            # As long as clients keep idle connections: a shorter time closes one in the moment of its next use.
            timeout_keep_alive=75,
        )
        self._server = _Quiet(config)
        self._running = asyncio.create_task(self._server.serve([listening]))
        async with asyncio.timeout(START_SECONDS):
            while not self._server.started:
                if self._running.done():
                    await self._running
                await asyncio.sleep(0.005)

    async def away(self) -> None:
        """Stop listening and break off all connections."""
        server, running, self._server, self._running = self._server, self._running, None, None
        if server is None or running is None:
            return
        server.should_exit = True
        for listening in server.servers:
            listening.close()
        for connection in _connections(server):
            connection.transport.abort()
        for bot in self._world.bots.values():
            end_poll(bot, "the sandbox stops")
        await running

    def _listening(self) -> socket.socket:
        listening = socket.socket(socket.AF_INET)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((self._host, self._port))
            listening.listen(BACKLOG)
        except OSError:
            listening.close()
            raise
        self._port = listening.getsockname()[1]
        return listening

    def _abort(self, client: Any) -> None:
        if self._server is None:
            return
        for connection in _connections(self._server):
            if connection.client == tuple(client):
                connection.transport.abort()


def _connections(server: uvicorn.Server) -> list[Any]:
    """uvicorn's protocol objects, of which `transport` and `client` are used."""
    return list(server.server_state.connections)


def _app(world: World, people: People | None, abort: Any, machine: Machine | None) -> Starlette:
    routes: list[BaseRoute] = [
        Route("/bot{token}/{method}", BotApi(world, abort)),
        Route("/file/bot{token}/{path:path}", Downloads(world)),
    ]
    if people is not None:
        steering = Steering(machine).routes if machine else []
        routes.append(Mount("/sandbox", refusing([*Control(people).routes, *steering])))
        routes.append(Mount("/", _page(people, machine).app))
    return Starlette(routes=routes, middleware=list(GUARDS))


def _page(people: People, machine: Machine | None) -> Page:
    page = Page(people, machine)
    if machine is not None:
        machine.on_change.append(page.hear_machine)
    return page


@asynccontextmanager
async def door(
    world: World, people: People | None = None, host: str = "127.0.0.1", port: int = 0, machine: Machine | None = None
) -> AsyncIterator[Sandbox]:
    """Serve the Bot API, on a free port unless one is given; with `people`, their page and, under `/sandbox`, their control.

    Raises ValueError for a host that isn't loopback, and OSError for a port that is taken.
    """
    sandbox = Sandbox(world, people, host, port, machine)
    await sandbox.back()
    try:
        yield sandbox
    finally:
        await sandbox.away()


@asynccontextmanager
async def serve(
    world: World,
    people: People | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    machine: Machine | None = None,
    webhook_pause_seconds: float = 1.0,
) -> AsyncIterator[Sandbox]:
    """Serve a world with webhooks as well, and with a `machine` to steer it all by. Raises what `door` raises."""
    async with (
        door(world, people, host, port, machine) as sandbox,
        Couriers(world, pause_seconds=webhook_pause_seconds),
    ):
        yield sandbox
