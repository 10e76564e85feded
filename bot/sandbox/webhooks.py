"""Updates brought to a bot's webhook: in order per chat, again with doubling pauses until it takes them."""

import asyncio
import logging
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType

import aiohttp
import orjson

from bot.sandbox.answers import JSON_TYPE
from bot.sandbox.api import call
from bot.sandbox.faults import Broken
from bot.sandbox.updates import Waiting
from bot.sandbox.users import Bot, Webhook
from bot.sandbox.world import World

HEADER = "X-Telegram-Bot-Api-Secret-Token"
ANSWER_SECONDS = 60
PAUSE_SECONDS_MAX = 60.0
_log = logging.getLogger(__name__)


@dataclass
class Round:
    """What one bot's webhook is to be brought: a line of updates per chat, each line by one task."""

    bot: Bot
    hook: Webhook
    slots: asyncio.Semaphore
    lines: dict[int, deque[int]] = field(default_factory=dict)
    next_id: int = 0


@dataclass(frozen=True, slots=True)
class Reception:
    """How a delivery went: taken, or not, and then for how many seconds to wait if the webhook said so."""

    is_taken: bool
    error: str = ""
    retry_after: float = 0


class Couriers:
    """Delivers for all bots of a world, as long as it is entered. A webhook set meanwhile begins at once."""

    def __init__(self, world: World, *, pause_seconds: float = 1.0) -> None:
        self._world = world
        self._pause_seconds = pause_seconds
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Couriers":
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS))
        self._world.on_webhook = self._begin
        for bot in self._world.bots.values():
            self._begin(bot)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._world.on_webhook = None
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _begin(self, bot: Bot) -> None:
        if bot.webhook is not None:
            slots = asyncio.Semaphore(bot.webhook.connections_max)
            self._spawn(self._hand_out(Round(bot, bot.webhook, slots)))

    def _spawn(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("a webhook's delivery broke off", exc_info=task.exception())

    async def _hand_out(self, rounds: Round) -> None:
        """Put each new update into its chat's line, until another webhook or none is set."""
        updates = rounds.bot.updates
        rounds.next_id = next(iter(updates.waiting), updates.next_id)
        while rounds.bot.webhook is rounds.hook:
            updates.arrived.clear()
            for update_id in range(rounds.next_id, updates.next_id):
                if update_id in updates.waiting:
                    self._line_up(rounds, update_id, updates.waiting[update_id].line)
            rounds.next_id = updates.next_id
            await updates.arrived.wait()

    def _line_up(self, rounds: Round, update_id: int, number: int) -> None:
        line = rounds.lines.get(number)
        if line is None:
            line = rounds.lines[number] = deque()
            self._spawn(self._bring(rounds, number))
        line.append(update_id)

    async def _bring(self, rounds: Round, number: int) -> None:
        """Deliver one chat's line, each update until it is taken or too old."""
        line = rounds.lines[number]
        while line and rounds.bot.webhook is rounds.hook:
            update_id = line.popleft()
            waiting = rounds.bot.updates.waiting.get(update_id)
            if waiting is not None and await self._insist(rounds, waiting):
                rounds.bot.updates.delivered(update_id)
        if rounds.bot.webhook is rounds.hook:
            del rounds.lines[number]

    async def _insist(self, rounds: Round, waiting: Waiting) -> bool:
        """Whether the update is done with: taken or too old. False when the webhook is another one by now."""
        pause = self._pause_seconds
        while rounds.bot.webhook is rounds.hook and waiting.until > self._world.now():
            async with rounds.slots:
                reception = await self._post(rounds, waiting)
            if reception.is_taken:
                return True
            rounds.bot.webhook_error = (int(self._world.now()), reception.error)
            await asyncio.sleep(reception.retry_after or pause)
            pause = min(pause * 2, PAUSE_SECONDS_MAX)
        return rounds.bot.webhook is rounds.hook

    async def _post(self, rounds: Round, waiting: Waiting) -> Reception:
        assert self._session is not None
        headers = {"Content-Type": JSON_TYPE}
        if rounds.hook.secret:
            headers[HEADER] = rounds.hook.secret
        try:
            async with self._session.post(
                rounds.hook.url, data=orjson.dumps(waiting.update), headers=headers, allow_redirects=False
            ) as response:
                said = await response.read()
        except (aiohttp.ClientError, OSError) as error:
            return Reception(False, f"Connection failed: {type(error).__name__}")
        if not 200 <= response.status < 300:
            after = response.headers.get("Retry-After", "")
            told = f"Wrong response from the webhook: {response.status} {response.reason}"
            return Reception(False, told, float(after) if after.isdigit() else 0)
        await self._obey(rounds.bot, said)
        return Reception(True)

    async def _obey(self, bot: Bot, said: bytes) -> None:
        """A webhook may answer with one call, of whose result it never hears."""
        try:
            asked = orjson.loads(said) if said.startswith(b"{") else {}
        except orjson.JSONDecodeError:
            return
        if method := asked.pop("method", ""):
            # Nobody waits for the answer, so that nobody misses a lost one.
            with suppress(Broken):
                await call(self._world, bot.token, method, asked, {})
