"""An opening: thousands want the few pieces of one item at the same moment; counted afterwards, to the last point."""

import asyncio
import tempfile
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.county import BOT
from benchmarks.table import shown
from bot.clock import Clock
from bot.databases.migrations import migrate
from bot.databases.sqlite import SqliteStorage
from bot.domain import people, points, shop
from bot.domain.people import Person
from bot.domain.shop import Draft, Item
from bot.refusal import Refused
from bot.storage import Storage, Transaction

PIECES, PRICE, HAS = 500, 50, 70
AT_ONCE = 256
HEADS = (
    "people",
    "taps",
    "have one",
    "told why not",
    "seconds",
    "taps a second",
    "p99 ms",
    "below zero",
    "promises broken",
)


async def settled(storage: Storage, crowd_size: int) -> tuple[list[Person], Item]:
    """A county in which everybody has the points for one piece and not for two."""

    async def deed(tx: Transaction) -> tuple[list[Person], Item]:
        crowd = [await people.register(tx, 1000 + n, f"P{n}", "en") for n in range(crowd_size)]
        await tx.run("UPDATE people SET role = 'admin' WHERE id = :id", id=crowd[0].id)
        admin = await people.by_id(tx, crowd[0].id)
        counter = await shop.open_partner(tx, "Counter", "Here", "", by=admin)
        item = await shop.make(tx, Draft("Cup", counter.id, PRICE), by=admin)
        for person in crowd:
            await points.award(tx, person.id, HAS, reason="event", cause=f"earned:{person.id}", by=None)
        return crowd, await shop.take_in(tx, item.id, PIECES, by=admin)

    return await storage.transact(deed)


async def rushed(storage: Storage, crowd: list[Person], item: Item) -> tuple[int, int, list[float]]:
    """Everybody taps twice, on two screens; who has a piece, who was refused, and how long each tap took."""
    have, refused, took = 0, 0, []
    gate = asyncio.Semaphore(AT_ONCE)

    async def tap(person: Person, key: str) -> None:
        nonlocal have, refused
        async with gate:
            begun = time.perf_counter()
            try:
                await storage.transact(lambda tx: shop.redeem(tx, item.id, 1, PRICE, key, by=person))
                have += 1
            except Refused:
                refused += 1
            took.append(time.perf_counter() - begun)

    await asyncio.gather(*(tap(person, key) for person in crowd for key in ("1", "2")))
    return have, refused, took


async def measured(crowd_size: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        storage = SqliteStorage(str(Path(folder) / "shop.db"), Clock(ZoneInfo("Asia/Shanghai")), BOT)
        await storage.open()
        await migrate(storage)
        crowd, item = await settled(storage, crowd_size)
        begun = time.perf_counter()
        have, refused, took = await rushed(storage, crowd, item)
        seconds = time.perf_counter() - begun
        broken = await storage.read(_broken)
        below = await storage.read(
            lambda tx: tx.value("SELECT COUNT(*) FROM accounts WHERE kind <> 'issue' AND balance < 0")
        )
        await storage.close()
    p99 = sorted(took)[int(len(took) * 0.99)] * 1000
    figures = (
        crowd_size,
        2 * crowd_size,
        have,
        refused,
        f"{seconds:.1f}",
        f"{2 * crowd_size / seconds:,.0f}",
        f"{p99:.0f}",
    )
    return [str(each) for each in (*figures, below, broken)]


async def _broken(tx: Transaction) -> int:
    return len([*await shop.invariants(tx), *await points.invariants(tx)])


def run(crowd_size: int) -> None:
    row = asyncio.run(measured(crowd_size))
    print(shown(f"Opening of an item: {PIECES} pieces, two taps each, {AT_ONCE} at once, SQLite", HEADS, [row]))
