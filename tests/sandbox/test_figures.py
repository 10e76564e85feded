"""The figures that show whether anything is lost: they must not be blind to what they are there to show."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from bot.sandbox.answers import Json
from bot.sandbox.ledger import MARK_SECONDS, UNSENT, Ledger
from bot.sandbox.machine import Machine
from bot.storage import Transaction
from tests.town import Town

PATIENCE_SECONDS = 10


@pytest.fixture
async def ledger(town: Town) -> Ledger:
    return Ledger(town.world, town.bot, town.storage, town.clock.clock.steady)


def told(figures: Json) -> tuple[int, int, int]:
    return figures["unsent"], figures["lost"], figures["doubled"]


async def test_the_last_word_is_how_it_is(town: Town, ledger: Ledger) -> None:
    """A message is written down as sent a moment after it has arrived: the page hears of it, though nothing else changes."""
    keeper, troubles = SimpleNamespace(state="running"), SimpleNamespace(state={})
    room: Any = (town.people, None, town.clock.clock, None, keeper, troubles, ledger)
    machine, told_of = Machine(*room), asyncio.Queue[Json]()
    machine.on_change.append(told_of.put_nowait)
    town.people.settle = _nothing
    await town.ming.says("/start")
    await town.parts.poller.poll()
    await town.parts.worker.work()
    telling = asyncio.create_task(machine.run())
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert (await told_of.get())["ledger"]["unsent"] == 1
        await town.does(lambda tx: tx.run("UPDATE outbox SET state = 'sent', done_at = made_at WHERE state = 'new'"))
        assert (await told_of.get())["ledger"]["unsent"] == 0
    telling.cancel()


async def test_what_was_said_before_is_not_counted(town: Town, ledger: Ledger) -> None:
    """All that the bot wrote down as sent before the ledger was opened is taken as arrived."""
    assert told(await ledger.figures()) == (0, 0, 0)


async def test_a_message_is_counted_once_it_has_arrived(town: Town, ledger: Ledger) -> None:
    """Said and answered: one more sent, nothing waits, nothing is lost."""
    before = await ledger.figures()
    await town.ming.says("/start")
    after = await ledger.figures()
    assert (after["sent"] - before["sent"], after["updates_waiting"], told(after)) == (1, 0, (0, 0, 0))


async def test_what_waits_is_counted_wherever_it_waits(town: Town, ledger: Ledger) -> None:
    """At Telegram, and in the inbox, once each."""
    town.people.settle = _nothing
    await town.ming.says("/start")
    await town.hua.says("/start")
    assert (await ledger.figures())["updates_waiting"] == 2
    await town.parts.poller.poll()
    assert (await ledger.figures())["updates_waiting"] == 2
    await town.settle()
    assert (await ledger.figures())["updates_waiting"] == 0


async def test_an_update_that_was_confirmed_and_is_nowhere_is_lost(town: Town, ledger: Ledger) -> None:
    """Somebody else polled with the bot's token."""
    town.people.settle = _nothing
    await town.ming.says("/start")
    town.bot.updates.confirm(town.bot.updates.next_id)
    assert (await ledger.figures())["lost"] == 1


async def test_a_message_written_down_that_never_arrived_is_lost(town: Town, ledger: Ledger) -> None:
    """The outbox says that it was sent, and Telegram has never seen it."""
    await town.ming.says("/start")
    await ledger.figures()
    await town.does(
        lambda tx: tx.run(
            "UPDATE outbox SET message_id = 999 WHERE id = (SELECT MAX(id) FROM outbox WHERE message_id > 0)"
        )
    )
    assert (await ledger.figures())["lost"] == 1


async def test_a_message_that_arrived_and_was_not_written_down_is_doubled(town: Town, ledger: Ledger) -> None:
    """It was sent, the bot does not know it, and nothing is on its way any more."""
    await ledger.figures()
    town.world.post(town.ming.chat, {"text": "twice"}, by=town.bot.brief)
    assert told(await ledger.figures()) == (0, 0, 1)


async def test_what_is_on_its_way_is_not_doubled_yet(town: Town, ledger: Ledger) -> None:
    """As long as something is unsent, an arrival may still be written down; not for ever."""
    await ledger.figures()
    town.people.settle = _nothing
    await town.ming.says("/start")
    await town.parts.poller.poll()
    await town.parts.worker.work()
    town.world.post(town.hua.chat, {"text": "on its way"}, by=town.bot.brief)
    assert told(await ledger.figures()) == (1, 0, 0)
    town.clock.move(MARK_SECONDS + 1)
    assert told(await ledger.figures()) == (1, 0, 1)


async def _nothing() -> None:
    """Nobody waits."""


async def test_what_waits_is_not_looked_for_in_all_that_was_ever_sent(town: Town) -> None:
    """The question is asked many times a second while time moves, also in a county of ten thousand."""
    if town.storage.dialect != "sqlite":
        pytest.skip("the sandbox keeps its county in SQLite")

    async def plan(tx: Transaction) -> str:
        rows = await tx.all(f"EXPLAIN QUERY PLAN {UNSENT}", bot=tx.bot)
        return "\n".join(row["detail"] for row in rows)

    found = await town.does(plan)
    assert "SCAN outbox" not in found and "outbox_waiting" in found and "outbox_taken" in found


async def test_what_was_said_before_a_group_moved_is_not_lost(town: Town, ledger: Ledger) -> None:
    """It arrived under the old number, and is looked for there however often it is looked at again."""
    group = town.telegram_group("Dancers", town.lan, kind="group")
    await town.lan.says_as_group("/points", group)
    assert town.lan.screens_in(group)
    before = await ledger.figures()
    await town.lan.upgrades(group)
    await town.lan.says_as_group("/points", town.world.chats[group.migrated_to])
    after = await ledger.figures()
    assert (after["sent"] - before["sent"], told(after)) == (1, (0, 0, 0))
