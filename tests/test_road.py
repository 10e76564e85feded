"""The road of a message: each update is handled once, wholly or not at all, in the order of its chat."""

import asyncio
import json
import random
from typing import Any

import pytest

from bot.assembly import assemble
from bot.gateway import polling
from bot.gateway.worker import Worker
from bot.sandbox.memory import MemoryRequest
from bot.storage import Transaction
from bot.transport import NotSent, Unanswered
from tests.databases import Databases
from tests.probe import Probe, noted, probed
from tests.test_activities_confirming import balance, over
from tests.town import Town, TownClock, built

Json = dict[str, Any]


def message(town: Town, number: int, words: str, sender: int = 0) -> Json:
    """A raw update as Telegram hands it over."""
    person = town.ming.user.brief if not sender else {"id": sender, "is_bot": False, "first_name": f"P{sender}"}
    content = {"message_id": number, "date": 1, "chat": {"id": person["id"], "type": "private"}, "from": person}
    return {"update_id": number, "message": {**content, "text": f"/note {words}"}}


async def inbox(town: Town, number: int) -> Any:
    row = await town.does(lambda tx: tx.one("SELECT * FROM inbox WHERE update_id = :number", number=number))
    assert row is not None
    return row


@pytest.mark.parametrize("times", range(1, 6))
async def test_the_same_update_counts_once(town: Town, times: int) -> None:
    """However often and in whatever order Telegram repeats itself, across restarts, each update is handled once."""
    await probed(town)
    raws = [message(town, number, str(number)) for number in range(1, 9)] * times
    shuffler = random.Random(times)
    await polling.keep(town.storage, raws[:8])
    await town.settle()
    for _ in range(3):
        shuffler.shuffle(raws)
        for raw in raws:
            await polling.keep(town.storage, [raw])
        await town.opens()
        await town.settle()
    assert await noted(town) == [str(number) for number in range(1, 9)]


async def ledger(tx: Transaction) -> list[tuple[str, ...]]:
    """Every value of every row of the ledger."""
    tables = ("accounts", "transfers", "entries", "seals")
    read = [(table, await tx.all(f"SELECT * FROM {table}")) for table in tables]
    return sorted((table, *map(str, dict(row).items())) for table, rows in read for row in rows)


async def test_told_again_and_again_the_ledger_is_the_same_to_the_byte(town: Town) -> None:
    """Each update of a confirmation comes up to five times, in any order and across a restart: no value differs."""
    activity = await over(town, town.ming, town.hua)
    await town.lan.starts(f"activities_open-{activity.id}")
    for label in ("Who came?", "All came", "Confirm", "Confirm"):
        await town.lan.presses(label)
    await town.tick()
    before = await town.does(ledger)
    kept = [json.loads(row["payload"]) for row in await town.does(lambda tx: tx.all("SELECT payload FROM inbox"))]
    again = [raw for number, raw in enumerate(kept) for _ in range(number % 5)]
    random.Random(5).shuffle(again)
    for raw in again:
        await polling.keep(town.storage, [raw])
    await town.opens()
    await town.settle()
    assert await balance(town, town.hua) == 10
    assert await town.does(ledger) == before


async def test_nothing_is_kept_of_a_handler_that_fails(town: Town) -> None:
    """What it wrote before it failed is undone, and the attempt is counted."""
    probe = await probed(town)
    probe.failing.add("bad")
    await polling.keep(town.storage, [message(town, 5, "bad")])
    await town.settle()
    assert await noted(town) == []
    row = await inbox(town, 5)
    assert (row["state"], row["attempts"], row["error"]) == ("new", 1, "Broken: bad")


async def test_the_third_failure_sets_an_update_aside(town: Town) -> None:
    """After three attempts it is broken; the person and each admin hear of it, once."""
    probe = await probed(town)
    probe.failing.add("bad")
    await polling.keep(town.storage, [message(town, 5, "bad")])
    for _ in range(30):
        await town.passes(seconds=1)
    assert probe.attempts["bad"] == 3
    assert (await inbox(town, 5))["state"] == "broken"
    assert [text for text in town.ming.heard if "Something went wrong on our side" in text] == town.ming.heard
    assert len(town.ming.heard) == len(town.dong.heard) == 1
    assert "Update 5 could not be handled" in town.dong.heard[0]


async def test_a_failure_that_passes_is_made_up_for(town: Town) -> None:
    """What failed once and works the second time counts, and nobody hears of a failure."""
    probe = await probed(town)
    probe.failing.add("shy")
    await polling.keep(town.storage, [message(town, 5, "shy")])
    await town.settle()
    probe.failing.clear()
    await town.passes(seconds=2)
    assert await noted(town) == ["shy"]
    assert town.ming.heard == ["Noted: shy"]


async def test_those_behind_a_broken_update_go_on_in_order(town: Town) -> None:
    """The line waits while a failed update is tried again, and goes on in order once it was set aside."""
    probe = await probed(town)
    probe.failing.add("bad")
    raws = [message(town, n, words) for n, words in enumerate(("a", "bad", "b", "c"), 1)]
    await polling.keep(town.storage, raws)
    await town.settle()
    assert await noted(town) == ["a"]
    for _ in range(10):
        await town.passes(seconds=1)
    assert await noted(town) == ["a", "b", "c"]


async def test_a_failing_line_holds_nobody_else_up(town: Town) -> None:
    """Three hundred updates wait behind one that fails, more than a batch holds: everybody else is served at once."""
    probe = await probed(town)
    probe.failing.add("bad")
    await polling.keep(town.storage, [message(town, 1, "bad")])
    await town.settle()
    crowd = [message(town, n, f"behind {n}") for n in range(2, 302)]
    await polling.keep(town.storage, [*crowd, message(town, 500, "hua", sender=town.hua.id)])
    await town.settle()
    assert await noted(town) == ["hua"]


async def test_a_deed_that_waits_for_something_else_is_undone(storage: Any, clock: TownClock) -> None:
    """On SQLite, which runs deeds in its own thread, awaiting anything but the transaction is a loud mistake."""
    if storage.dialect != "sqlite":
        pytest.skip("PostgreSQL lets a deed wait, and holds its connection meanwhile")
    async with built(storage, clock) as town:
        await probed(town)
        raw = message(town, 5, "x")
        raw["message"]["text"] = "/waits"
        await polling.keep(town.storage, [raw])
        await town.settle()
        assert await noted(town) == []
        assert (await inbox(town, 5))["state"] == "new"


async def test_a_slow_line_holds_nobody_up(town: Town) -> None:
    """While Telegram takes long to say how one person stands in a group, others are answered."""
    await probed(town)
    gate = asyncio.Event()

    async def ask(what: str, heard: Any) -> str:
        await gate.wait()
        return "member"

    parts = town.parts
    worker = Worker(town.storage, parts.frame, town.routes, parts.house, ask)
    slow = message(town, 1, "")
    slow["message"]["text"] = "/bind x"
    await polling.keep(town.storage, [slow, message(town, 2, "hua", sender=town.hua.id)])
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(5):
        while await noted(town) != ["hua"]:
            await asyncio.sleep(0.01)
        await polling.keep(town.storage, [message(town, 3, "lan", sender=town.lan.id)])
        while await noted(town) != ["hua", "lan"]:
            await asyncio.sleep(0.01)
    gate.set()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_several_workers_keep_the_order_of_each_chat(databases: Databases, clock: TownClock) -> None:
    """Three processes' worth of workers on one PostgreSQL: all handled, none twice, each chat in its order."""
    async with databases.opened("postgresql", clock) as storage, built(storage, clock) as town:
        probe = await probed(town)
        workers = [town.parts.worker, *[await _another_worker(town, probe) for _ in range(2)]]
        people = [town.ming.id, town.hua.id, town.lan.id, 777]
        raws = [message(town, n, f"{people[n % 4]}:{n}", sender=people[n % 4]) for n in range(1, 201)]
        await polling.keep(storage, raws)
        running = [asyncio.create_task(worker.run()) for worker in workers]
        async with asyncio.timeout(60):
            while len(heard := await noted(town)) < 200:
                await asyncio.sleep(0.05)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for person in people:
            own = [int(words.split(":")[1]) for words in heard if words.startswith(f"{person}:")]
            assert own == sorted(own)
            assert len(own) == 50


async def _another_worker(town: Town, probe: Probe) -> Worker:
    parts = await assemble(
        town.settings,
        lambda: MemoryRequest(town.world, not_sent=NotSent, unanswered=Unanswered),
        town.storage,
        probe.routes(),
    )
    return parts.worker


async def test_what_was_handled_long_ago_is_not_searched(storage: Any, clock: TownClock) -> None:
    """Looking for what waits takes no longer when much was handled before: the plan names the index of what waits."""
    if storage.dialect != "sqlite":
        pytest.skip("one database's plan is enough")

    async def plan(tx: Transaction) -> str:
        rows = await tx.all(
            "EXPLAIN QUERY PLAN SELECT update_id FROM inbox WHERE bot = 1 AND state = 'new' AND update_id > 0 "
            "ORDER BY update_id LIMIT 5"
        )
        return " ".join(row["detail"] for row in rows)

    assert "inbox_in_order" in await storage.transact(plan)


async def test_a_form_of_somebody_not_registered_is_answered(town: Town) -> None:
    """A stranger's words and presses on forms are answered like anybody's, and change nothing."""
    for data in ("form.done:1", "form.choose:1:0:0", "form.back:1", "form.cancel:1", "form.skip:1"):
        await town.wei.starts()
        await town.wei.presses_data(data)
        assert "This form is closed" in town.wei.toasts[-1].text
    await town.wei.says("hello?")
    assert "Welcome to" in town.wei.screen.text
