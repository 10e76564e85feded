"""Bad days, one switch each: Telegram slow, told of too many requests, behind a broken gateway, away; the bot killed."""

from collections.abc import Mapping
from typing import Protocol

from bot.sandbox.faults import Fault, Faults, every, only
from bot.sandbox.mishap import Mishap

SLOW_SECONDS = 2
FAULTS = ("slow", "429", "502", "away", "crash")


class Door(Protocol):
    """Where the bot reaches Telegram, and nobody else: it can be closed while the page stays open."""

    async def away(self) -> None: ...

    async def back(self) -> None: ...


class Troubles:
    """What is switched on now. A mishap switches itself off when it has struck."""

    def __init__(self, faults: Faults, door: Door, mishap: Mishap) -> None:
        self._faults = faults
        self._door = door
        self._mishap = mishap
        self._on: dict[str, Fault | None] = {}

    @property
    def state(self) -> dict[str, bool]:
        return {name: self._is_on(name) for name in FAULTS}

    @property
    def are_on(self) -> bool:
        """Whether Telegram may answer late or not at all."""
        return bool(self._on)

    def _is_on(self, name: str) -> bool:
        return self._mishap.is_armed if name == "crash" else name in self._on

    async def switch(self, wanted: Mapping[str, bool]) -> None:
        """Switch those that are named. Raises OSError when Telegram can't come back, for its port was taken."""
        for name in FAULTS:
            if wanted.get(name, self._is_on(name)) == self._is_on(name):
                continue
            if name == "crash":
                self._mishap.arm(wanted[name])
                continue
            if name == "away":
                await (self._door.away() if wanted[name] else self._door.back())
            self._turn(name)

    def _turn(self, name: str) -> None:
        if name in self._on:
            fault = self._on.pop(name)
            if fault is not None:
                self._faults.remove(fault)
            return
        self._on[name] = self._begin(name)
        # The first that fits is met: the rare ones go before the one that meets every call.
        self._faults.active.sort(key=lambda fault: fault.kind == "slow")

    def _begin(self, name: str) -> Fault | None:
        sends = only("sendMessage", "sendDocument", "sendPhoto", "sendPoll", "sendLocation", "editMessageText")
        if name == "slow":
            return self._faults.slow(SLOW_SECONDS, None, lambda method, params: method.lower() != "getupdates")
        if name == "429":
            return self._faults.too_many(1, None, every(7, sends))
        if name == "502":
            return self._faults.gateway(502, None, every(5))
        return None
