"""The bot's own process: started, killed and started again by the sandbox, and never left behind."""

import asyncio
import logging
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from bot.sandbox.tether import Tether
from bot.sandbox.users import Bot

PAUSES_SECONDS = (1, 2, 5, 10)
# How long the bot stays away after a mishap: long enough to be seen.
DOWN_SECONDS = 2
END_SECONDS = 10
LOOK_SECONDS = 0.01
STEADY_SECONDS = 30
_log = logging.getLogger(__name__)


class Keeper:
    """Keeps the bot running as long as it is wanted. `command` gets the tether's number as its last word.

    The process is started at once and waits at the tether until `begin`: by then it has loaded what it needs.
    """

    def __init__(
        self, bot: Bot, command: Sequence[str], environment: Mapping[str, str], offset: Callable[[], float]
    ) -> None:
        self._bot = bot
        self._command = command
        self._environment = environment
        self._offset = offset
        self._begun = asyncio.Event()
        self._wanted = asyncio.Event()
        self._wanted.set()
        self._hurried = asyncio.Event()
        self._process: Process | None = None
        self._tether: Tether | None = None
        self.state = "starting"
        self.on_change: Callable[[], None] = lambda: None
        self.was_up = asyncio.Event()
        """Set from the first time on that the bot asks for updates."""

    def begin(self) -> None:
        """Let the bot go to work."""
        self._begun.set()

    async def keep(self) -> None:
        """Start the bot, and start it again whenever it has ended, until cancelled, which ends it in order."""
        failures = 0
        loop = asyncio.get_running_loop()
        while True:
            await self._wanted.wait()
            started_at = loop.time()
            await self._live()
            if self.state == "killed":
                continue
            failures = 0 if loop.time() - started_at > STEADY_SECONDS else failures + 1
            await self._pause(PAUSES_SECONDS[min(failures, len(PAUSES_SECONDS)) - 1])

    async def _pause(self, seconds: float) -> None:
        """Wait, unless somebody starts or kills it meanwhile."""
        self._hurried.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._hurried.wait()
        except TimeoutError:
            return

    async def _live(self) -> None:
        """One life of the process, from its start to its end."""
        self._tether = tether = Tether()
        process = await asyncio.create_subprocess_exec(
            *self._command, str(tether.other.fileno()), env=self._environment, pass_fds=(tether.other.fileno(),),
            # Ctrl-C is for the sandbox, which ends the bot in its own time.
            start_new_session=True, stdin=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        self._process = process
        tether.other.close()
        self._become("starting")
        leading = asyncio.create_task(self._lead(tether))
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            await _end(process)
            raise
        finally:
            leading.cancel()
            self._process = self._tether = None
            tether.close()
        if self.state != "killed":
            _log.warning("the bot ended by itself (%d) and is started again", code)
            self._become("stopped")

    async def _lead(self, tether: Tether) -> None:
        """Set the clock, which lets the bot begin; it is up once it asks for updates."""
        await self._begun.wait()
        polls = self._bot.polls
        await tether.tell(self._offset())
        while self._bot.polls == polls:
            await asyncio.sleep(LOOK_SECONDS)
        told = None
        # Time may have been moved meanwhile.
        while told != (offset := self._offset()):
            await tether.tell(offset)
            told = offset
        self._become("running")
        self.was_up.set()

    def _become(self, state: str) -> None:
        self.state = state
        self.on_change()

    def kill(self) -> None:
        """End the process at once, as when the machine loses its power. It stays so until `start`."""
        self._wanted.clear()
        self._hurried.set()
        self._become("killed")
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()

    def start(self) -> None:
        self._wanted.set()
        self._hurried.set()

    def crash(self) -> None:
        """Kill it, and start it again in a while."""
        self.kill()
        asyncio.get_running_loop().call_later(DOWN_SECONDS, self.start)

    async def tell_time(self) -> None:
        """Set the bot's clock, and wait until it has done what is due by then; nothing while it doesn't run."""
        if self._tether is not None and self.state == "running":
            await self._tether.tell(self._offset())


async def _end(process: Process) -> None:
    """SIGTERM, on which the bot finishes what is on its way; SIGKILL for one that hangs."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(END_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
