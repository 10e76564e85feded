"""What can go wrong between a bot and Telegram, switched on for a number of calls or for those that fit."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from bot.sandbox.answers import Answer, Json, too_many

Fits = Callable[[str, Json], bool]
"""Whether a fault is meant for this method with these parameters."""


class Broken(Exception):
    """No answer came. Raised to the transport, which fails as a real one does."""


class NotConnected(Broken):
    """The connection was refused: the call was never handled."""


class CutOff(Broken):
    """The connection broke off before the call was handled, which the caller can't know."""


class AnswerLost(Broken):
    """The call was handled, and its answer never came."""


def _always(method: str, params: Json) -> bool:
    return True


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong. `times` is for how many calls yet; None is until it is removed."""

    kind: str
    times: int | None = 1
    fits: Fits = _always
    seconds: float = 0
    status: int = 502
    retry_after: int = 1
    hits: int = 0

    async def before(self) -> Answer | None:
        """Does its harm ahead of the handling. An answer given here stands in place of the model's."""
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if self.kind == "refused":
            raise NotConnected
        if self.kind == "cut_off":
            raise CutOff
        if self.kind == "too_many":
            return too_many(self.retry_after).answer
        return Answer(self.status, gateway_page(self.status)) if self.kind == "gateway" else None

    def after(self) -> None:
        if self.kind == "answer_lost":
            raise AnswerLost


@dataclass
class Faults:
    """Those switched on now, and the round trip's length that every call takes."""

    round_trip_seconds: float = 0
    active: list[Fault] = field(default_factory=list)

    @property
    def are_on(self) -> bool:
        return bool(self.active) or self.round_trip_seconds > 0

    def too_many(self, retry_after: int = 1, times: int | None = 1, fits: Fits = _always) -> Fault:
        """429: nothing is done, and the caller is told for how many seconds to be quiet."""
        return self._add(Fault("too_many", times, fits, retry_after=retry_after))

    def gateway(self, status: int = 502, times: int | None = 1, fits: Fits = _always) -> Fault:
        """A page of HTML, as the servers before Telegram's give it."""
        return self._add(Fault("gateway", times, fits, status=status))

    def slow(self, seconds: float, times: int | None = 1, fits: Fits = _always) -> Fault:
        """Handled as always, but later."""
        return self._add(Fault("slow", times, fits, seconds))

    def refused(self, times: int | None = 1, fits: Fits = _always) -> Fault:
        """No connection. Over HTTP, where this one stands already, it breaks off as with `cut_off`."""
        return self._add(Fault("refused", times, fits))

    def cut_off(self, times: int | None = 1, fits: Fits = _always) -> Fault:
        """The connection breaks off before anything is done."""
        return self._add(Fault("cut_off", times, fits))

    def answer_lost(self, times: int | None = 1, fits: Fits = _always) -> Fault:
        """Everything is done, and the answer never comes."""
        return self._add(Fault("answer_lost", times, fits))

    def remove(self, fault: Fault) -> None:
        if fault in self.active:
            self.active.remove(fault)

    def clear(self) -> None:
        self.active.clear()
        self.round_trip_seconds = 0

    def take(self, method: str, params: Json) -> Fault | None:
        """The first fault that this call meets, counted down."""
        for fault in self.active:
            if fault.fits(method, params):
                fault.hits += 1
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.active.remove(fault)
                return fault
        return None

    def _add(self, fault: Fault) -> Fault:
        self.active.append(fault)
        return fault


def only(*methods: str) -> Fits:
    """Meets these methods alone."""
    wanted = {method.lower() for method in methods}
    return lambda method, params: method.lower() in wanted


def every(nth: int, fits: Fits = _always) -> Fits:
    """Meets each `nth` call of those that fit."""
    calls = itertools.count(1)
    return lambda method, params: fits(method, params) and next(calls) % nth == 0


def gateway_page(status: int) -> bytes:
    title = f"{status} {HTTPStatus(status).phrase}"
    page = f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
    return f"{page}<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n".encode()
