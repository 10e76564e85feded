"""The night in which points expire, slice after slice, and how long residents wait for an answer meanwhile."""

import asyncio
import random
import time

from benchmarks.ledger import Bank
from benchmarks.table import number
from bot import due
from bot.config import House, Settings, Telegram
from bot.domain import points
from bot.domain.points.sealing import SEALING
from bot.due import Due
from bot.scheduler import TICK_SECONDS, Scheduler
from bot.storage import Storage, Transaction

PRESS_SECONDS = 0.02
LEFT = "SELECT COUNT(*) FROM due WHERE deed = :deed AND state = 'new'"
GONE = "SELECT COUNT(*) FROM transfers WHERE reason = 'expiry'"


async def run(storage: Storage, dialect: str, bank: Bank) -> None:
    """The first night of the year whose points go next; the scheduler ticks each second, as it does."""
    waits: list[float] = []
    pressing = asyncio.create_task(_press(storage, bank, waits))
    began = time.perf_counter()
    await _tick(storage)
    took = time.perf_counter() - began
    pressing.cancel()
    gone = await storage.read(lambda tx: tx.value(GONE))
    waits.sort()
    p50, p99, most = (waits[round((len(waits) - 1) * part)] * 1000 for part in (0.5, 0.99, 1))
    print(
        f"\nbank, {dialect}: the points of {gone:,} people expired in {took:.0f} s; {len(waits):,} awards meanwhile: "
        f"p50 {number(p50)}, p99 {number(p99)}, the slowest {number(most)} ms",
        flush=True,
    )


async def _tick(storage: Storage) -> None:
    scheduler = Scheduler(
        storage, House(Settings(telegram=Telegram()), "bench_bot"), {**points.DEEDS, SEALING: _later}, ()
    )
    await storage.transact(lambda tx: due.plan(tx, points.EXPIRE, f"{tx.today.year}:0", tx.now))
    while await storage.read(lambda tx: tx.value(LEFT, deed=points.EXPIRE)):
        began = time.monotonic()
        await scheduler.tick()
        await asyncio.sleep(max(0.0, TICK_SECONDS - (time.monotonic() - began)))


async def _later(tx: Transaction, item: Due, house: House) -> None:
    """What is new is sealed afterwards: that is measured by itself."""


async def _press(storage: Storage, bank: Bank, waits: list[float]) -> None:
    chance, turn = random.Random(7), 0
    while True:
        turn, person = turn + 1, chance.randint(1, bank.people)

        async def deed(tx: Transaction, person: int = person, turn: int = turn) -> int:
            return await points.award(tx, person, 1, reason="task", cause=f"night:{turn}", by=None)

        began = time.perf_counter()
        await storage.transact(deed)
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(PRESS_SECONDS)
