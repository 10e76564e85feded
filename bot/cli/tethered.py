"""`run` as the sandbox starts it: the same bot, on the sandbox's clock, and no longer there than the sandbox."""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

import typer

from bot.assembly import Parts
from bot.cli.running import run_bot
from bot.cli.stopping import Stop, until_stopped
from bot.clock import Clock
from bot.config import Settings
from bot.sandbox.loopback import HOSTS
from bot.sandbox.tether import Tethered


def run_tethered(settings: Settings, clock: Clock, number: int) -> None:
    """Run at the tether with this number until stopped, or until the sandbox ends. Raises Stop away from a sandbox."""
    if urlsplit(settings.telegram.base_url).hostname not in HOSTS:
        raise Stop("the clock can be moved in the sandbox alone, and telegram.base_url leads elsewhere")
    try:
        tethered = Tethered(number, clock.seconds)
    except EOFError:
        raise typer.Exit from None
    except (OSError, ValueError) as error:
        raise Stop(f"--tether is for the sandbox alone, which names a socket of its own: {error}") from error
    moved = Clock(clock.zone, tethered.seconds, clock.steady)
    until_stopped(lambda: _run(settings, moved, tethered))


async def _run(settings: Settings, clock: Clock, tethered: Tethered) -> None:
    def assembled(parts: Parts) -> None:
        tethered.tick = parts.scheduler.tick

    following = asyncio.create_task(tethered.follow())
    try:
        await run_bot(settings, clock, assembled)
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
