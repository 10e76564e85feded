"""The machine room over HTTP: the county's time, Telegram's faults, the bot's own process. JSON over loopback."""

from collections.abc import Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.sandbox import loopback
from bot.sandbox.answers import Json
from bot.sandbox.machine import DEEDS, FAULTS, PLACES, CannotNow, Machine


class Steering:
    """`GET machine`, and `POST machine/time`, `machine/faults` and `machine/bot`: each is answered with the state."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    @property
    def routes(self) -> list[BaseRoute]:
        """To be guarded by whoever serves them."""
        return [
            Route("/machine", self._look),
            Route("/machine/time", self._time, methods=["POST"]),
            Route("/machine/faults", self._faults, methods=["POST"]),
            Route("/machine/bot", self._bot, methods=["POST"]),
        ]

    async def _look(self, request: Request) -> Response:
        return loopback.json(await self._machine.state())

    async def _time(self, request: Request) -> Response:
        """`{"to": "hour"}`: begun, and then told by `moving` until it is there."""
        return await self._do(self._machine.move, _one_of(await loopback.given(request), "to", PLACES))

    async def _faults(self, request: Request) -> Response:
        """`{"slow": true}`: those that are named are switched, the others stay."""
        given = await loopback.given(request)
        for name, is_on in given.items():
            if name not in FAULTS or not isinstance(is_on, bool):
                raise HTTPException(400, f"the faults are {', '.join(FAULTS)}, each true or false")
        return await self._do(self._machine.switch, given)

    async def _bot(self, request: Request) -> Response:
        return await self._do(self._machine.handle, _one_of(await loopback.given(request), "deed", DEEDS))

    async def _do(self, deed: Callable[[Any], Any], given: Any) -> Response:
        try:
            await deed(given)
        except CannotNow as error:
            return loopback.json({"error": error.why, "detail": str(error)}, 409)
        return loopback.json(await self._machine.state())


def _one_of(given: Json, name: str, known: tuple[str, ...]) -> str:
    value = given.get(name)
    if value not in known:
        raise HTTPException(400, f"{name} is one of {', '.join(known)}")
    return str(value)
