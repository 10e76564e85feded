"""A county in memory: a real database, the whole road, the sandbox's Telegram, and a clock that tests move.

The standing cast: Ming and Hua are members, Lan leads groups, Dong is the county admin, Shen the auditor, Wei is a
stranger who never pressed Start.
"""

import copy
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.assembly import Parts, assemble
from bot.clock import Clock
from bot.config import Settings
from bot.domain import people
from bot.domain.people import Person, Role
from bot.handlers import everything
from bot.sandbox.chats import Chat
from bot.sandbox.memory import BASE_FILE_URL, BASE_URL, MemoryRequest
from bot.sandbox.people import People, Persona
from bot.sandbox.users import Bot
from bot.sandbox.world import World
from bot.storage import Got, Storage, Transaction
from bot.transport import NotSent, Unanswered
from tests.botapi import check

SHANGHAI = ZoneInfo("Asia/Shanghai")
BOT_ID = 7900000001
TOKEN = f"{BOT_ID}:sandbox-xxxxxxxxxxxxxxxxxxxxxxxxxxx"
# A Saturday morning.
BEGIN = datetime(2026, 11, 21, 10, 0, tzinfo=SHANGHAI)
ROUNDS_MAX = 200
CAST = ("Ming", "Hua", "Lan", "Dong", "Shen")
ROLES = {"Dong": Role.ADMIN, "Shen": Role.AUDITOR}


NEXT_DUE = """
    SELECT MIN(at) FROM (SELECT MIN(retry_at) AS at FROM due WHERE state = 'new'
        UNION ALL SELECT MIN(due_at) FROM outbox WHERE state = 'later') AS waiting
"""
# Nothing waits to be handled or sent, and nothing is on its way. What shall be sent later is no matter of now.
AT_REST = """
    SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM inbox WHERE bot = :bot AND state = 'new')
        AND NOT EXISTS (SELECT 1 FROM outbox WHERE bot = :bot AND state = 'new')
        AND NOT EXISTS (SELECT 1 FROM outbox WHERE bot = :bot AND state IN ('taken', 'sending'))
"""


class TownClock:
    """Stands still until a test moves it; only its steady side creeps on, as no computer takes no time at all."""

    def __init__(self, zone: ZoneInfo = SHANGHAI) -> None:
        self.instant = BEGIN.timestamp()
        self._crept = 0.0
        self.clock = Clock(zone, self.now, self._steady)

    def now(self) -> float:
        return self.instant

    def _steady(self) -> float:
        self._crept += 1e-4
        return self.instant + self._crept

    def move(self, seconds: float) -> None:
        self.instant += seconds

    def work(self, seconds: float) -> None:
        """So long does what is being done take."""
        self._crept += seconds


class Town:
    """Everybody and everything of one test."""

    def __init__(self, storage: Storage, clock: TownClock, world: World, bot: Bot) -> None:
        self.storage = storage
        self.clock = clock
        self.world = world
        self.bot = bot
        self.people = People(world, bot, self.settle)
        self.parts: Parts
        # Ways in of a test's own, from the next opening on.
        self.routes = ROUTES
        self.settings = SETTINGS

    async def opens(self, **sections: Any) -> None:
        """Start the bot, or start it anew after a crash: nothing is left of the process before but the database."""
        self.settings = settings(**sections) if sections else SETTINGS
        self.parts = await assemble(
            self.settings,
            lambda: MemoryRequest(self.world, not_sent=NotSent, unanswered=Unanswered),
            self.storage,
            self.routes,
        )
        await self.parts.dispatcher.recover()
        await self.parts.scheduler.plan_timetable()

    async def settle(self) -> None:
        """Let everything that waits be kept, handled and sent, until nothing waits any more."""
        for turn in range(ROUNDS_MAX):
            moved = await self.parts.poller.poll()
            # One question is much less than looking in vain for updates and, lane by lane, for sendings.
            if turn and not moved and await self.storage.read(_at_rest):
                return
            moved += await self.parts.worker.work()
            moved += await self.parts.dispatcher.drain()
            if not moved:
                return
        raise AssertionError("the town does not come to rest")

    async def passes(self, **delta: float) -> None:
        """Let time pass, in steps of an hour, with everything that falls due on the way; idle hours are one step."""
        left = timedelta(**delta).total_seconds()
        while left > 0:
            step = min(left, 3600.0 * max(1, await self._idle_hours()))
            self.clock.move(step)
            left -= step
            await self.tick()

    async def _idle_hours(self) -> int:
        """How many steps of an hour lead to the first in which something falls due."""
        first = await self.does(lambda tx: tx.value(NEXT_DUE))
        return math.ceil((first - self.clock.instant) / 3600) if first is not None else 24

    async def days_pass(self, days: float) -> None:
        await self.passes(days=days)

    async def until(self, *when: int) -> None:
        """Let time pass until a local date and time: `await town.until(2026, 12, 1, 10)`."""
        there = datetime(*when, tzinfo=self.clock.clock.zone)  # type: ignore[arg-type,misc]
        await self.passes(seconds=there.timestamp() - self.clock.instant)

    async def tick(self) -> None:
        await self.parts.scheduler.tick()
        await self.settle()

    async def person(self, persona: Persona) -> Person:
        """The person behind a persona."""
        found = await self.does(lambda tx: people.by_telegram(tx, persona.id))
        assert found is not None, f"{persona.user.first_name} is not registered"
        return found

    async def does(self, deed: Callable[[Transaction], Awaitable[Got]]) -> Got:
        """Run a deed of the domain itself, in a transaction of its own."""
        return await self.storage.transact(deed)

    async def newcomer(self, name: str, *, language: str = "en", role: Role = Role.MEMBER) -> Persona:
        """Somebody new who registered, in two taps, with all of it read."""
        persona = self.people.person(name, language_code=language)
        await persona.starts()
        await persona.presses("Yes, that is me" if language == "en" else "是我，开始吧")
        if role is not Role.MEMBER:
            await self.storage.transact(
                lambda tx: tx.run("UPDATE people SET role = :role WHERE telegram_id = :id", role=role, id=persona.id)
            )
        persona.forget()
        return persona

    def __getitem__(self, name: str) -> Persona:
        """One of the cast: `town["Ming"]`."""
        return self.people.by_name[name.lower()]

    @property
    def ming(self) -> Persona:
        return self["Ming"]

    @property
    def hua(self) -> Persona:
        return self["Hua"]

    @property
    def lan(self) -> Persona:
        return self["Lan"]

    @property
    def dong(self) -> Persona:
        return self["Dong"]

    @property
    def shen(self) -> Persona:
        return self["Shen"]

    @property
    def wei(self) -> Persona:
        return self["Wei"]

    def telegram_group(self, title: str, owner: Persona, *members: Persona, **known: Any) -> Chat:
        """A Telegram group in which the bot is administrator."""
        return self.people.group(title, owner, *members, **known)


async def _at_rest(tx: Transaction) -> bool:
    return await tx.value(AT_REST, bot=tx.bot) is not None


def settings(**sections: Any) -> Settings:
    """Settings for a town: no limits of sending unless a test wants them."""
    given = {
        "telegram": {"token": TOKEN, "base_url": BASE_URL, "base_file_url": BASE_FILE_URL},
        "sending": {"per_second": 100_000, "per_chat_second": 100_000, "chat_burst": 1000, "per_group_minute": 100_000},
        **sections,
    }
    return Settings(**given)


# Made once: neither ever changes, and every test opens a bot at least once.
ROUTES = everything()
SETTINGS = settings()


async def founded(storage: Storage, clock: TownClock) -> Town:
    """A town with its standing cast, all of them registered but Wei; what they were told so far is read."""
    world = World(clock.now, check)
    town = Town(storage, clock, world, world.bot("county_bot", token=TOKEN))
    await town.opens()
    for name in CAST:
        await town.newcomer(name, role=ROLES.get(name, Role.MEMBER))
    town.people.person("Wei", language_code="en")
    return town


class Towns:
    """The town as it is when the cast has registered, made once for each kind of database: tests begin with a copy."""

    def __init__(self) -> None:
        self.clock = TownClock()
        self._towns: dict[str, Town] = {}

    async def founds(self, storage: Storage) -> None:
        """Fill a database with the cast, and keep the Telegram that goes with it."""
        town = await founded(storage, self.clock)
        del town.parts
        self._towns[storage.dialect] = town

    @asynccontextmanager
    async def again(self, storage: Storage, clock: TownClock) -> AsyncIterator[Town]:
        """The town on a database that holds the cast. Nothing may be left amiss at the end, as with `built`."""
        first = self._towns[storage.dialect]
        town = copy.deepcopy(
            first, {id(first.storage): storage, id(first.clock): clock, id(ROUTES): ROUTES, id(SETTINGS): SETTINGS}
        )
        await town.opens()
        yield town
        assert town.world.violations == []


@asynccontextmanager
async def built(storage: Storage, clock: TownClock) -> AsyncIterator[Town]:
    """A town that is founded on an empty database.

    At the end no request may have been one that Telegram does not know, and no press may be left unanswered.
    """
    town = await founded(storage, clock)
    yield town
    assert town.world.violations == []
