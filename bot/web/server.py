"""Runs the web application under uvicorn, inside the bot's own loop."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from bot.web import CannotListen


class _Server(uvicorn.Server):
    """uvicorn that leaves Ctrl-C and SIGTERM to the command line."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: Starlette, host: str, port: int, *, when_up: Callable[[], Awaitable[None]]) -> None:
    """Serve until cancelled; `when_up` is called once connections are taken. Raises CannotListen."""
    config = uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, lifespan="off", ws="none")
    server = _Server(config)
    serving = asyncio.create_task(_serve(server))
    try:
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        if not serving.done():
            await when_up()
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving


async def _serve(server: _Server) -> None:
    try:
        await server.serve()
    except SystemExit:
        # uvicorn's way to say that it could not listen; it has logged why.
        raise CannotListen(f"{server.config.host}:{server.config.port} can't be listened on: see above") from None
