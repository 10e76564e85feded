"""Call-out: a brigade is called out while a broadcast runs; how soon the first has it, and when the last."""

import asyncio
import tempfile
import time
from zoneinfo import ZoneInfo

from benchmarks.table import number, shown
from bot.assembly import Parts, assemble, run
from bot.clock import Clock
from bot.config import Settings
from bot.databases.migrations import migrate
from bot.databases.sqlite import SqliteStorage
from bot.domain import callouts, calls, chats, people
from bot.domain.people import Person
from bot.sandbox.memory import BASE_FILE_URL, BASE_URL, MemoryRequest
from bot.sandbox.people import People
from bot.sandbox.world import World
from bot.storage import Storage, Transaction
from bot.transport import NotSent, Unanswered

BOT = 7900000001
TOKEN = f"{BOT}:sandbox-xxxxxxxxxxxxxxxxxxxxxxxxxxx"
RATES = (25, 28)
WARM_SECONDS = 3
LOOK_SECONDS = 0.02
SECONDS_MAX = 120
HEADS = ("rate", "waiting", "asked", "first s", "half s", "all s", "broadcast meanwhile")


def run_all(brigade: int, audience: int) -> None:
    """One row a rate, in real time: nothing is held by the clock, and Telegram is in memory and answers at once."""
    rows = [asyncio.run(_row(rate, brigade, audience)) for rate in RATES]
    print(shown(f"call-out to {brigade:,} during a broadcast to {audience:,}", HEADS, rows), flush=True)


async def _row(rate: int, brigade: int, audience: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        storage = SqliteStorage(f"{folder}/bot.db", Clock(ZoneInfo("Asia/Shanghai")), BOT)
        await storage.open()
        try:
            await migrate(storage)
            return await _measured(storage, rate, brigade, audience)
        finally:
            await storage.close()


async def _measured(storage: Storage, rate: int, brigade: int, audience: int) -> list[str]:
    world = World(time.time)
    town = People(world, world.bot("county_bot", token=TOKEN), _nothing)
    settings = _settings(rate)
    parts = await assemble(settings, lambda: MemoryRequest(world, not_sent=NotSent, unanswered=Unanswered), storage)
    admin = await _populate(storage, town, brigade, audience)
    running = asyncio.create_task(run(parts))
    try:
        await storage.transact(lambda tx: _announce(tx, admin))
        await asyncio.sleep(WARM_SECONDS)
        return await _called(parts, admin, rate, brigade)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _nothing() -> None:
    """The bot hears by itself."""


def _settings(rate: int) -> Settings:
    known = {"token": TOKEN, "base_url": BASE_URL, "base_file_url": BASE_FILE_URL, "polling_seconds": 1}
    return Settings(telegram=known, sending={"per_second": rate})  # type: ignore[arg-type]


async def _populate(storage: Storage, town: People, brigade: int, audience: int) -> Person:
    """Everybody is reachable; the first ones are in the brigade and stand by; the very first is the county admin."""
    personas = [town.person(f"P{n}") for n in range(audience)]

    async def deed(tx: Transaction) -> Person:
        for persona in personas:
            persona.user.started.add(town.bot.id)
            await chats.note(tx, persona.id, "private", "")
            await people.register(tx, persona.id, persona.user.first_name, "en")
        await tx.run("UPDATE people SET role = 'admin' WHERE id = 1")
        admin = await people.by_id(tx, 1)
        made = await callouts.found(tx, "Flood", "", by=admin)
        for person_id in range(2, brigade + 2):
            person = await people.by_id(tx, person_id)
            await callouts.apply(tx, made.id, by=person)
            await callouts.decide(tx, made.id, person_id, takes=True, by=admin)
            await callouts.stand_by(tx, tx.now + 3600, by=person)
        # What was told on the way here is not measured.
        await tx.run("UPDATE outbox SET state = 'dropped', done_at = :now", now=tx.now)
        return admin

    return await storage.transact(deed)


async def _announce(tx: Transaction, admin: Person) -> None:
    draft = await calls.draft(tx, "announce", "The library is open", "", by=admin)
    await calls.address(tx, draft.id, None, county=True, by=admin)
    await calls.send(tx, draft.id, by=admin)


async def _called(parts: Parts, admin: Person, rate: int, brigade: int) -> list[str]:
    storage, rules = parts.storage, parts.house.settings.callouts

    async def deed(tx: Transaction) -> None:
        draft = await callouts.draft(tx, 1, "West bridge", by=admin)
        await callouts.call_out(tx, draft.id, by=admin, rules=rules)

    waiting, told = await storage.read(_waiting), await storage.read(_broadcast)
    began = time.monotonic()
    await storage.transact(deed)
    seen: list[tuple[float, int]] = []
    while not seen or (seen[-1][1] < brigade and seen[-1][0] < SECONDS_MAX):
        await asyncio.sleep(LOOK_SECONDS)
        seen.append((time.monotonic() - began, await storage.read(_sent)))
    meanwhile = await storage.read(_broadcast) - told
    return [
        f"{rate}/s",
        str(waiting),
        str(seen[-1][1]),
        *(_when(seen, n) for n in (1, brigade // 2, brigade)),
        str(meanwhile),
    ]


def _when(seen: list[tuple[float, int]], many: int) -> str:
    return next((number(at) for at, n in seen if n >= many), "-")


async def _sent(tx: Transaction) -> int:
    return int(await tx.value("SELECT COUNT(*) FROM outbox WHERE key LIKE 'callout:%' AND state = 'sent'"))


async def _waiting(tx: Transaction) -> int:
    return int(await tx.value("SELECT COUNT(*) FROM outbox WHERE key LIKE 'call:%' AND state <> 'sent'"))


async def _broadcast(tx: Transaction) -> int:
    return int(await tx.value("SELECT COUNT(*) FROM outbox WHERE key LIKE 'call:%' AND state = 'sent'"))
