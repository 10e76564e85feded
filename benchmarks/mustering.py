"""Who may be there twice, and who comes of the county: kept by the bot's own deeds before screens are measured; and registering."""

import random
import time

from benchmarks.filling import County
from bot.config import House, Settings, Telegram
from bot.domain import calls, merging, people
from bot.domain.calls import nodes
from bot.due import Due
from bot.handlers import everything
from bot.routing import Chat, Heard, Sender
from bot.storage import Storage, Transaction

CALL = 1
ANSWERS = 10_000
PLACED_AT_ONCE = 500
COUNTED_AT_ONCE = 5_000
TURNS = 200
NEWCOMER = 5_000_000_000


async def prepare(storage: Storage, county: County) -> str:
    """Compare every name, and count the call of the whole county with its answers."""
    began = time.perf_counter()
    # Each of them once: filling has written one down for each membership, too.
    await storage.transact(
        lambda tx: tx.run(
            "DELETE FROM people_to_compare WHERE id NOT IN (SELECT MIN(id) FROM people_to_compare GROUP BY person_id)"
        )
    )
    house = House(Settings(telegram=Telegram()), "bench_bot")
    slices = 0
    while await storage.transact(_is_behind):
        await storage.transact(
            lambda tx: merging.DEEDS[merging.COMPARE](tx, Due(0, merging.COMPARE, "names", tx.now, None, 0), house)
        )
        slices += 1
    took = time.perf_counter() - began
    pairs = await storage.transact(lambda tx: tx.value("SELECT COUNT(*) FROM likenesses"))
    await _answered(storage, county)
    return f"{county.people:,} names compared in {took:.0f} s, {took / max(slices, 1) * 1000:.1f} ms a slice: {pairs:,} pairs"


async def _is_behind(tx: Transaction) -> bool:
    return await tx.value("SELECT 1 FROM people_to_compare LIMIT 1") is not None


async def _answered(storage: Storage, county: County) -> None:
    await storage.transact(
        lambda tx: tx.run(
            "UPDATE calls SET link = 'activities.open:1', enlisted = :n WHERE id = :id", n=county.people, id=CALL
        )
    )
    call = await storage.transact(lambda tx: calls.by_id(tx, CALL))
    for after in range(0, county.people, COUNTED_AT_ONCE):
        await storage.transact(lambda tx, a=after: nodes.tally(tx, call, a, a + COUNTED_AT_ONCE))  # type: ignore[misc]
    some = random.Random(3).sample(range(1, county.people + 1), ANSWERS * county.people // 110_000)
    for first in range(0, len(some), PLACED_AT_ONCE):
        await storage.transact(lambda tx, f=first: _place(tx, some[f : f + PLACED_AT_ONCE]))  # type: ignore[misc]


async def _place(tx: Transaction, numbers: list[int]) -> None:
    for number in numbers:
        await calls.answer(tx, CALL, "not_now" if number % 5 == 0 else "coming", by=await people.by_id(tx, number))


async def registering(storage: Storage) -> list[float]:
    """Seconds that /start and the one tap after it took, for somebody whom nobody knows."""
    house = House(Settings(telegram=Telegram()), "bench_bot")
    routes = everything()
    times = []
    if storage.dialect == "postgresql":
        # Filling has numbered people itself.
        await storage.transact(
            lambda tx: tx.value("SELECT setval(pg_get_serial_sequence('people', 'id'), (SELECT MAX(id) FROM people))")
        )
    for turn in range(TURNS):
        sender = Sender(NEWCOMER + turn, f"Wang {turn % 50}")
        chat = Chat(sender.id, "private")
        taps = (
            Heard("command", "start", chat, sender, house),
            Heard("press", "people.register", chat, sender, house, args=("zh_CN",), press_id="1"),
        )
        times.append(sum([await _tap(storage, routes, tap) for tap in taps]))
    return times


async def _tap(storage: Storage, routes: object, heard: Heard) -> float:
    route = routes.find(heard)  # type: ignore[attr-defined]
    assert route is not None, f"there is no {heard.name}"

    async def deed(tx: Transaction) -> float:
        began = time.perf_counter()
        await route.handler(tx, heard)
        return time.perf_counter() - began

    return await storage.transact(deed)


async def comparing(storage: Storage, county: County) -> list[float]:
    """Seconds that it took to compare somebody of a usual name anew, as after each joining."""
    house = House(Settings(telegram=Telegram()), "bench_bot")

    async def deed(tx: Transaction, number: int) -> float:
        await tx.run("DELETE FROM people_to_compare")
        await tx.run("INSERT INTO people_to_compare (person_id) VALUES (:id)", id=number)
        began = time.perf_counter()
        await merging.DEEDS[merging.COMPARE](tx, Due(0, merging.COMPARE, "names", tx.now, None, 0), house)
        return time.perf_counter() - began

    chosen = random.Random(5).choices(range(4, county.people, 4), k=TURNS)
    return [await storage.transact(lambda tx, n=number: deed(tx, n)) for number in chosen]  # type: ignore[misc]
