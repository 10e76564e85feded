"""Processes that tests start and kill by the dozen: forked from one that has imported everything, so a start is quick."""

import asyncio
import logging
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.kill_runner", "tests.bank_runner", "tests.command_runner"])
POLL_SECONDS = 0.01


def start(target: Callable[..., None], *given: object) -> BaseProcess:
    """A forked process that runs `target`, which stands at the top of a module."""
    process = _forks.Process(target=target, args=given, daemon=True)
    process.start()
    return process


class Forked:
    """One process that runs `target`, which stands at the top of a module; what it logs goes into `log`."""

    def __init__(self, log: Path, target: Callable[..., None], *given: object) -> None:
        self._log = log
        log.touch()
        self._process = start(_logged, str(log), target, *given)

    @property
    def returncode(self) -> int | None:
        """How it ended: 0 in order, -9 by `kill -9`; None while it runs."""
        return self._process.exitcode

    def kill(self) -> None:
        """`kill -9`; nothing where it has ended already."""
        self._process.kill()

    def terminate(self) -> None:
        """Ask it to end in order."""
        self._process.terminate()

    def said(self) -> str:
        """All that it has logged so far."""
        return self._log.read_text()

    async def says(self, words: str) -> None:
        """Wait until these words stand in its log, or it has ended."""
        while words not in self.said() and self.returncode is None:
            await asyncio.sleep(POLL_SECONDS)

    async def wait(self) -> int:
        """Its returncode, as soon as it has ended."""
        while (code := self.returncode) is None:
            await asyncio.sleep(POLL_SECONDS)
        return code


def _logged(log: str, target: Callable[..., None], *given: Any) -> None:
    # What a terminal would send to everybody is meant for the tests, which end their processes themselves.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with open(log, "ab", buffering=0) as file:  # noqa: PTH123 - a plain descriptor is wanted
        os.dup2(file.fileno(), 2)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    target(*given)
