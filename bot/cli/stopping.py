"""How the command line ends: cleanly when asked to, with a sentence instead of a traceback when it can't go on."""

import asyncio
import importlib
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import typer
from rich.console import Console
from telegram.error import InvalidToken

from bot.config import WrongSetting
from bot.databases.migrations import SchemaMismatch
from bot.refusal import Refused
from bot.storage import NoCopy, StorageReplaced, StorageUnavailable
from bot.web import CannotListen

REFUSED = 1
CANNOT = 2
Got = TypeVar("Got")
Loop = Callable[[], asyncio.AbstractEventLoop]
_errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


class Stop(Exception):
    """Something that the person at the machine must put right; the text says what. Ends with exit code 2."""


_PLAIN = (Stop, WrongSetting, StorageUnavailable, StorageReplaced, SchemaMismatch, NoCopy, CannotListen, InvalidToken)


@contextmanager
def plainly() -> Iterator[None]:
    """Ends the program with a sentence for what a person can put right, and with a traceback for our own mistakes."""
    try:
        yield
    except Refused as refused:
        _errors.print(refused.reason.text.format_map(dict(refused.reason.values)))
        raise typer.Exit(REFUSED) from None
    except _PLAIN as error:
        _errors.print(_sentence(error))
        raise typer.Exit(CANNOT) from None
    except ExceptionGroup as group:
        known = _first(group)
        if known is None:
            raise
        _errors.print(_sentence(known))
        raise typer.Exit(CANNOT) from None


def _sentence(error: Exception) -> str:
    if isinstance(error, InvalidToken):
        return "Telegram does not accept the token: check [telegram] token in config.toml"
    return str(error)


def _first(group: ExceptionGroup[Any]) -> Exception | None:
    """What stopped a group of tasks, if all of it is something that a person can put right."""
    known, others = group.split(_PLAIN)
    if known is None or others is not None:
        return None
    error: Exception = known
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def until_stopped(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run `work` on uvloop until it ends, or until Ctrl-C or SIGTERM ends it; both are a clean end."""

    async def main() -> None:
        task = asyncio.ensure_future(work())
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        try:
            await task
        except asyncio.CancelledError:
            return

    done(main())


def done(work: Coroutine[Any, Any, Got]) -> Got:
    """Run something short, and give what comes of it."""
    with plainly(), asyncio.Runner(loop_factory=_loop()) as runner:
        return runner.run(work)


def _loop() -> Loop:
    """uvloop's, where there is one."""
    try:
        return cast(Loop, importlib.import_module("uvloop").new_event_loop)
    except ImportError:
        return asyncio.new_event_loop
