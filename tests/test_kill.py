"""`kill -9` in a loop, under load: nothing that anybody told the bot is lost or counted twice.

KILL_SECONDS in the environment makes each loop longer (`make soak`).
"""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot import due
from bot.clock import Clock
from bot.config import Database
from bot.databases import open_storage
from bot.domain import audit, people
from bot.domain.people import Role
from bot.sandbox.people import People, Persona
from bot.sandbox.server import Sandbox, serve
from bot.sandbox.world import World
from bot.scheduler import ATTEMPTS_MAX
from bot.storage import Storage, Transaction
from tests.databases import Databases
from tests.forked import Forked
from tests.kill_runner import DEADLY, IN_FLIGHT, POINTS, STARTED, until_ended
from tests.town import BOT_ID, SHANGHAI, TOKEN

SECONDS = float(os.environ.get("KILL_SECONDS", "10"))
TAIL_SECONDS = 240
PEOPLE = 6
PAUSE_SECONDS = 0.02
# How often a bot is started before an update that kills it is expected to be out of its way.
STARTS_MAX = 6

pytestmark = pytest.mark.timeout(SECONDS * 3 + 3 * TAIL_SECONDS)


class Bots:
    """Processes of one bot, started and killed."""

    def __init__(self, url: str, sandbox: Sandbox, folder: Path) -> None:
        self._where = (url, sandbox.base_url)
        self._folder = folder
        self._processes: list[Forked] = []
        self.kills = 0

    async def start(self, point: str = "") -> Forked:
        """Start one and wait until it is at work, or has killed itself already."""
        process = Forked(self._folder / f"{len(self._processes)}.log", until_ended, *self._where, point)
        self._processes.append(process)
        async with asyncio.timeout(TAIL_SECONDS):
            await process.says(STARTED)
        assert process.returncode in (None, -signal.SIGKILL), process.said()
        return process

    async def kill(self, process: Forked) -> None:
        """`kill -9`, unless it did so itself."""
        process.kill()
        assert await process.wait() == -signal.SIGKILL, process.said()
        self.kills += 1

    async def end(self) -> None:
        """End all that still run, in order."""
        for process in self._processes:
            process.terminate()
        async with asyncio.timeout(20):
            for process in self._processes:
                assert await process.wait() in (0, -signal.SIGKILL), process.said()

    def clear(self) -> None:
        for process in self._processes:
            process.kill()


class Load:
    """People who write and press without waiting for answers."""

    def __init__(self, people: People) -> None:
        self.people = [people.person(f"P{n}", language_code="en") for n in range(PEOPLE)]
        self.said: dict[int, list[str]] = {person.id: [] for person in self.people}
        self.pressed: set[str] = set()

    async def speak(self) -> None:
        """Everybody says or presses something, again and again, until cancelled."""
        boards = {
            person.id: person.world.post(person.chat, {"text": "board"}, by=person.bot.brief) for person in self.people
        }
        number = 0
        while True:
            for person in self.people:
                number += 1
                await self._one(person, f"{person.id}-{number}", boards[person.id], number % 3 == 0)
                await asyncio.sleep(PAUSE_SECONDS / PEOPLE)

    async def _one(self, person: Persona, words: str, board: Any, is_press: bool) -> None:
        self.said[person.id].append(words)
        if is_press:
            self.pressed.add(words)
            await person.presses_data(f"probe.note:{words}", board)
        else:
            await person.says(f"/note {words}")

    @property
    def all(self) -> list[str]:
        return [words for own in self.said.values() for words in own]

    def heard(self) -> Counter[str]:
        """How often each was answered by a message."""
        texts = [message.get("text", "") for person in self.people for message in person.chat.messages.values()]
        return Counter(text.removeprefix("Noted: ") for text in texts if text.startswith("Noted: "))


@asynccontextmanager
async def city(url: str, folder: Path) -> AsyncIterator[tuple[Bots, Load, Storage]]:
    """Telegram in this process, bots in others, and the database looked into from here."""
    world = World(time.time, answer_seconds=3600)
    people = People(world, world.bot("county_bot", token=TOKEN))
    storage = open_storage(Database(url=url), Clock(SHANGHAI), BOT_ID, guest=True)
    await storage.open()
    async with serve(world) as sandbox:
        bots = Bots(url, sandbox, folder)
        try:
            yield bots, Load(people), storage
        finally:
            bots.clear()
            await storage.close()


async def at_rest(storage: Storage, load: Load) -> None:
    """Wait until everything said was handled, and everything to be told was told."""

    async def waiting(tx: Transaction) -> int:
        noted = await tx.value("SELECT COUNT(DISTINCT details) FROM audit WHERE deed = 'probe'")
        unsent = await tx.value("SELECT COUNT(*) FROM outbox WHERE done_at IS NULL")
        return int(len(load.all) - noted + unsent)

    left = -1
    try:
        async with asyncio.timeout(TAIL_SECONDS):
            while (left := await storage.read(waiting)) != 0:
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise AssertionError(f"{left} updates or sendings are left") from None


async def noted(storage: Storage) -> list[str]:
    """The words that count, in the order in which they were handled."""

    async def words(tx: Transaction) -> list[str]:
        rows = await tx.all("SELECT details FROM audit WHERE deed = 'probe' ORDER BY number")
        return [row["details"].split('"')[3] for row in rows]

    return await storage.read(words)


async def check(storage: Storage, load: Load, bots: Bots) -> None:
    """Nothing lost, nothing counted twice, each chat in its order; sendings doubled at most as many as were on their way."""

    words = await noted(storage)
    assert sorted(words) == sorted(load.all)
    for person, own in load.said.items():
        assert [each for each in words if each.startswith(f"{person}-")] == own
    assert await storage.read(audit.first_break) is None
    heard = load.heard()
    assert [each for each in load.all if each not in load.pressed and not heard[each]] == []
    doubled = sum(number - 1 for number in heard.values() if number > 1)
    assert doubled <= IN_FLIGHT * bots.kills
    odd = await storage.read(lambda tx: tx.value("SELECT COUNT(*) FROM outbox WHERE state NOT IN ('sent', 'dropped')"))
    assert odd == 0


async def test_killed_at_random_moments(databases: Databases, tmp_path: Path, kind: str) -> None:
    """One process, killed again and again at moments that nobody chose."""
    chance = random.Random(kind)
    async with city(await databases.url(kind), tmp_path) as (bots, load, storage):
        speaking = asyncio.create_task(load.speak())
        end = time.monotonic() + SECONDS / 2
        while time.monotonic() < end:
            process = await bots.start()
            await asyncio.sleep(chance.uniform(0.05, 1.5))
            await bots.kill(process)
        await stop(speaking)
        await bots.start()
        await at_rest(storage, load)
        await bots.end()
        await check(storage, load, bots)


async def stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_killed_at_each_point_of_the_road(databases: Databases, tmp_path: Path, kind: str) -> None:
    """Before a deed, before and after its commit, before and after a call to Telegram: fully done or not at all."""
    chance = random.Random(kind)
    async with city(await databases.url(kind), tmp_path) as (bots, load, storage):
        speaking = asyncio.create_task(load.speak())
        end = time.monotonic() + SECONDS / 2
        rounds = 0
        while time.monotonic() < end or rounds < len(POINTS):
            process = await bots.start(f"{POINTS[rounds % len(POINTS)]}:{chance.randint(3, 60)}")
            async with asyncio.timeout(TAIL_SECONDS):
                await process.wait()
            await bots.kill(process)
            rounds += 1
        await stop(speaking)
        await bots.start()
        await at_rest(storage, load)
        await bots.end()
        await check(storage, load, bots)


async def test_an_update_that_kills_the_process_is_set_aside(databases: Databases, tmp_path: Path, kind: str) -> None:
    """It ends the process a few times; then those behind it go on, and its sender and the admins are told."""
    async with city(await databases.url(kind), tmp_path) as (bots, load, storage):
        sender, admin = load.people[:2]
        await storage.transact(lambda tx: enrol(tx, sender, admin))
        for words in ("one", DEADLY, "two"):
            await sender.says(f"/note {words}")
        await admin.says("/note three")
        process, starts = await bots.start(), 1
        async with asyncio.timeout(TAIL_SECONDS):
            while set(await noted(storage)) != {"one", "two", "three"} or not told(admin, "was set aside"):
                if process.returncode is not None:
                    assert starts < STARTS_MAX, "it is begun again and again"
                    process, starts = await bots.start(), starts + 1
                await asyncio.sleep(0.05)
        assert told(sender, "Something went wrong")
        await bots.end()


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_due_deed_that_kills_the_process_is_set_aside(databases: Databases, tmp_path: Path, kind: str) -> None:
    """It ends the process a few times; those due with it are done, each once, and the admins are told."""
    notes = [f"note:{number}" for number in range(60)]
    async with city(await databases.url(kind), tmp_path) as (bots, load, storage):
        sender, admin = load.people[:2]
        await storage.transact(lambda tx: enrol(tx, sender, admin))
        await admin.says("/note that I can be written to")
        await storage.transact(lambda tx: due.plan(tx, "probe.deadly", "x:1", tx.now - 10))
        await storage.transact(lambda tx: due.plan_each(tx, "probe.note", [(note, tx.now - 5) for note in notes]))
        process, starts = await bots.start(), 1
        async with asyncio.timeout(TAIL_SECONDS):
            while not told(admin, "probe.deadly for x:1 failed 5 times and was set aside") or await waits(storage):
                if process.returncode is not None:
                    assert starts <= ATTEMPTS_MAX, "it is begun again and again"
                    process, starts = await bots.start(), starts + 1
                await asyncio.sleep(0.05)
        await bots.end()
        rows = await storage.read(lambda tx: tx.all("SELECT subject FROM audit WHERE deed = 'probe.due'"))
    assert sorted(row["subject"] for row in rows) == sorted(notes)


async def waits(storage: Storage) -> bool:
    """Is any deed due that has not been done?"""
    sql = "SELECT COUNT(*) FROM due WHERE state = 'new' AND deed LIKE 'probe.%'"
    return bool(await storage.read(lambda tx: tx.value(sql)))


async def enrol(tx: Transaction, sender: Persona, admin: Persona) -> None:
    """Both are registered, one of them as admin."""
    for persona, role in ((sender, Role.MEMBER), (admin, Role.ADMIN)):
        person = await people.register(tx, persona.id, persona.user.first_name, "en")
        await tx.run("UPDATE people SET role = :role WHERE id = :id", role=role, id=person.id)


def told(persona: Persona, words: str) -> bool:
    return any(words in message.get("text", "") for message in persona.chat.messages.values())


async def test_two_processes_of_which_one_is_killed(databases: Databases, tmp_path: Path) -> None:
    """On PostgreSQL the other one goes on, and takes over polling and sending when the one that did so is gone."""
    chance = random.Random(2)
    async with city(await databases.url("postgresql"), tmp_path) as (bots, load, storage):
        running = list(await asyncio.gather(bots.start(), bots.start()))
        speaking = asyncio.create_task(load.speak())
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            await asyncio.sleep(chance.uniform(0.2, 2))
            await bots.kill(running.pop(chance.randrange(2)))
            running.append(await bots.start())
        await stop(speaking)
        await at_rest(storage, load)
        await bots.end()
        await check(storage, load, bots)
