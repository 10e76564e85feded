"""What goes wrong on purpose: limits and faults, as a bot's own transport feels them."""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

import pytest
from telegram import Bot
from telegram.error import NetworkError, RetryAfter, TimedOut

from bot.sandbox.faults import only
from bot.sandbox.limits import Gate, Limits
from bot.sandbox.memory import BASE_URL, MemoryRequest
from bot.sandbox.server import Sandbox, serve
from bot.transport import AiohttpRequest, NotSent, Unanswered, certainly_not_sent
from tests.sandbox.conftest import Hands, Small, made, saying


def wired(token: str, server: Sandbox, transport: AiohttpRequest) -> Bot:
    return Bot(token, server.base_url, request=transport, get_updates_request=transport)


@pytest.fixture(params=["memory", "http"])
async def real(request: pytest.FixtureRequest) -> AsyncIterator[Small]:
    """The bot's own transport over HTTP, and the memory's imitation of it: both fail alike."""
    world, people, clock = made()
    token = people.bot.token
    if request.param == "memory":
        way = MemoryRequest(world, not_sent=NotSent, unanswered=Unanswered)
        async with Bot(token, BASE_URL, request=way, get_updates_request=way) as bot:
            yield Small(world, people, clock, bot)
    else:
        async with serve(world) as server, AiohttpRequest() as transport, wired(token, server, transport) as bot:
            yield Small(world, people, clock, bot)


async def test_too_many_requests_for_a_number_of_calls(real: Small) -> None:
    """Two calls are told when to come again and do nothing; the third is done."""
    ming = real.people.person("Ming")
    await ming.starts()
    real.world.faults.too_many(retry_after=7, times=2, fits=only("sendMessage"))

    for _ in range(2):
        with pytest.raises(RetryAfter) as caught:
            await real.bot.send_message(ming.id, "x")
        assert str(caught.value).endswith(("7 seconds", "0:00:07"))
    await real.bot.send_message(ming.id, "x")
    assert (ming.heard, real.world.count(429)) == (["x"], 2)


async def test_a_gateways_page(real: Small) -> None:
    """502 with HTML in place of an answer: a network error, and nothing was done."""
    ming = real.people.person("Ming")
    await ming.starts()
    real.world.faults.gateway()
    with pytest.raises(NetworkError, match=r"Bad Gateway \(502\)"):
        await real.bot.send_message(ming.id, "x")
    assert ming.heard == []


async def test_a_lost_answer_was_handled(real: Small) -> None:
    """The message arrived, and the sender can't know it."""
    ming = real.people.person("Ming")
    await ming.starts()
    real.world.faults.answer_lost()
    with pytest.raises(NetworkError) as caught:
        await real.bot.send_message(ming.id, "x")
    assert (ming.heard, certainly_not_sent(caught.value)) == (["x"], False)


async def test_a_connection_that_breaks_off_before(real: Small) -> None:
    """Nothing arrived, and the sender can't know it either."""
    ming = real.people.person("Ming")
    await ming.starts()
    real.world.faults.cut_off()
    with pytest.raises(NetworkError) as caught:
        await real.bot.send_message(ming.id, "x")
    assert (ming.heard, certainly_not_sent(caught.value)) == ([], False)


async def test_a_refused_connection_is_certain(memory: Small) -> None:
    """In memory the causes are those that the test hands in, by default Python's own."""
    memory.world.faults.refused()
    with pytest.raises(NetworkError) as caught:
        await memory.bot.get_me()
    assert isinstance(caught.value.__cause__, ConnectionRefusedError)

    memory.world.faults.answer_lost()
    with pytest.raises(TimedOut) as lost:
        await memory.bot.get_me()
    assert isinstance(lost.value.__cause__, TimeoutError)


async def test_a_server_that_is_away_refuses() -> None:
    """Away from the net the connection is refused, and back again all is as it was, at the same address."""
    world, people, _ = made()
    ming = people.person("Ming")
    await ming.starts()
    token = people.bot.token
    async with serve(world) as server, AiohttpRequest() as transport, wired(token, server, transport) as bot:
        await server.away()
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(ming.id, "x")
        await server.back()
        await bot.send_message(ming.id, "y")

    assert certainly_not_sent(caught.value)
    assert ming.heard == ["y"]


async def test_a_round_trip_takes_its_time(memory: Small) -> None:
    """Every call takes as long as it is told to, and slow ones longer."""
    memory.world.faults.round_trip_seconds = 0.05
    started = monotonic()
    await memory.bot.get_me()
    memory.world.faults.slow(0.1)
    await memory.bot.get_me()
    assert monotonic() - started >= 0.2


async def test_patience_ends_before_a_slow_answer(real: Small) -> None:
    """Who waits too shortly can't know that his message arrived, a little later."""
    ming = real.people.person("Ming")
    await ming.starts()
    real.world.faults.slow(0.2)
    with pytest.raises(TimedOut) as caught:
        await real.bot.send_message(ming.id, "x", read_timeout=0.05)
    async with asyncio.timeout(5):
        while not ming.heard:
            await asyncio.sleep(0.01)
    assert (ming.heard, certainly_not_sent(caught.value)) == (["x"], False)


async def test_faults_meet_only_whom_they_are_meant_for(memory: Small) -> None:
    """By a predicate on the method and its parameters, until they are removed."""
    ming, hua = memory.people.person("Ming"), memory.people.person("Hua")
    await ming.starts()
    await hua.starts()
    fault = memory.world.faults.gateway(times=None, fits=lambda method, params: params.get("chat_id") == ming.id)

    for _ in range(3):
        with pytest.raises(NetworkError):
            await memory.bot.send_message(ming.id, "x")
    await memory.bot.send_message(hua.id, "x")
    memory.world.faults.remove(fault)
    await memory.bot.send_message(ming.id, "x")

    assert (fault.hits, ming.heard, hua.heard) == (3, ["x"], ["x"])


def allowed(gate: Gate, clock: Hands, chat_ids: list[int]) -> int:
    return sum(gate.wait(chat_id) == 0 for chat_id in chat_ids)


def test_thirty_a_second_overall() -> None:
    """In any second no more than thirty, to whomever."""
    clock = Hands()
    gate = Gate(Limits(), clock)
    assert allowed(gate, clock, list(range(1, 41))) == 30
    clock.now += 0.5
    assert allowed(gate, clock, list(range(41, 81))) == 0
    clock.now += 0.5
    assert allowed(gate, clock, list(range(41, 81))) == 30


def test_one_a_second_in_a_private_chat_after_a_burst() -> None:
    """Three at once, then one a second; the pause asked for is the pause needed."""
    clock = Hands()
    gate = Gate(Limits(), clock)
    assert allowed(gate, clock, [7] * 5) == 3
    assert gate.wait(7) == 1
    clock.now += 1
    assert allowed(gate, clock, [7] * 5) == 1
    clock.now += 60
    assert allowed(gate, clock, [7] * 5) == 3


def test_twenty_a_minute_in_a_group() -> None:
    """The twenty-first is told how long until the first is a minute old."""
    clock = Hands()
    gate = Gate(Limits(), clock)
    for _ in range(20):
        assert gate.wait(-100) == 0
        clock.now += 1
    assert gate.wait(-100) == 40
    clock.now += 40
    assert gate.wait(-100) == 0


async def test_limits_are_felt_and_counted(memory: Small) -> None:
    """With the limits on, a bot that is too quick gets 429s with the seconds to wait; edits count, answers don't."""
    ming = memory.people.person("Ming")
    await ming.starts()
    memory.world.limit(Limits())
    sent = [await memory.bot.send_message(ming.id, str(number)) for number in range(3)]

    with pytest.raises(RetryAfter, match=saying("retry")):
        await memory.bot.edit_message_text("x", ming.id, sent[0].message_id)
    press = await ming.presses_data("x")
    await memory.bot.answer_callback_query(press.id)

    assert memory.world.tally["sendMessage", 200] == 3
    assert memory.world.tally["editMessageText", 429] == 1
    memory.world.limit(None)
    await memory.bot.edit_message_text("x", ming.id, sent[0].message_id)
