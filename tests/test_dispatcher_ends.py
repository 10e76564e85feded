"""Telegram out, when the process ends or the database goes away under it: nothing lost, and nothing sent twice."""

import asyncio

import pytest

from bot.storage import StorageUnavailable
from tests.failing import away
from tests.test_dispatcher import put, seconds_pass, states
from tests.town import Town


async def test_what_a_dead_process_had_in_hand_is_sent_by_the_next(town: Town) -> None:
    """Taken rows go again; one that may not be repeated and was just being sent is unsure."""
    await put(town, town.ming, "m1", "m2")
    await put(town, town.ming, "m3", once=True)
    await town.parts.dispatcher.settle()
    await town.does(lambda tx: tx.run("UPDATE outbox SET state = 'sending' WHERE once = 1"))
    await town.opens()
    await town.settle()
    assert town.ming.heard == ["m1", "m2"]
    assert (await states(town))["m3"] == "unsure"


async def test_taking_back_does_not_double_what_is_in_hand(town: Town) -> None:
    """The same process takes the lead again: what it still has in memory is not taken a second time."""
    await put(town, town.ming, "m1", "m2")
    await town.parts.dispatcher.settle()
    await town.parts.dispatcher.recover()
    await town.settle()
    assert town.ming.heard == ["m1", "m2"]


@pytest.mark.parametrize("after_commit", [False, True])
async def test_what_can_not_be_marked_is_not_sent_twice(town: Town, after_commit: bool) -> None:
    """The database goes away between sending and marking, or just after it marked: each is sent once, and marked."""
    await put(town, town.ming, "m1", "m2")
    await put(town, town.hua, "h1")
    await town.parts.dispatcher.settle()
    with away(town.storage, after_commit=after_commit):
        for _ in range(3):
            town.parts.dispatcher.launch()
            await asyncio.sleep(0.05)
            with pytest.raises(StorageUnavailable):
                await town.parts.dispatcher.settle()
    await seconds_pass(town, 5)
    assert (town.ming.heard, town.hua.heard) == (["m1", "m2"], ["h1"])
    assert set((await states(town)).values()) == {"sent"}


async def test_what_was_taken_without_our_hearing_of_it_is_sent(town: Town) -> None:
    """The commit that took them was kept and its news was lost: they don't stay taken for ever."""
    await put(town, town.ming, "m1", "m2")
    with away(town.storage, after_commit=True), pytest.raises(StorageUnavailable):
        await town.parts.dispatcher.settle()
    await seconds_pass(town, 2)
    assert town.ming.heard == ["m1", "m2"]


async def test_at_the_end_what_is_on_its_way_arrives(town: Town) -> None:
    """An orderly end waits for what is under way and marks it: the next process sends only the rest."""
    town.world.faults.slow(0.05, times=1)
    await put(town, town.ming, "m1", "m2")
    running = asyncio.create_task(town.parts.dispatcher.run())
    while not town.parts.dispatcher._flying:
        await asyncio.sleep(0.001)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await town.parts.dispatcher.finish(5)
    assert town.ming.heard == ["m1"]
    await town.opens()
    await town.settle()
    assert town.ming.heard == ["m1", "m2"]
