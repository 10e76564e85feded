"""The transport's failures: which of them may be repeated, and that none shows the token."""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable

import pytest
from telegram import InputFile
from telegram.error import BadRequest, NetworkError, TimedOut

from bot.transport import AiohttpRequest, NotSent, Patience, Unanswered, certainly_not_sent
from tests.wire import (
    CANARY,
    CANARY_SECRET,
    SHORT,
    closed_port,
    data,
    failure,
    fine,
    listening,
    serving,
    slow,
    whole_text,
)


async def refused(patience: Patience) -> NetworkError:
    async with AiohttpRequest(patience=patience) as transport:
        return await failure(transport, f"http://127.0.0.1:{closed_port()}/bot{CANARY}/getMe")


async def unknown_name(patience: Patience) -> NetworkError:
    async with AiohttpRequest(patience=patience) as transport:
        return await failure(transport, f"http://no-such-host.invalid/bot{CANARY}/getMe", connect_timeout=20)


async def no_address(patience: Patience) -> NetworkError:
    async with AiohttpRequest(patience=patience) as transport:
        return await failure(transport, f"http:///bot{CANARY}/getMe")


async def not_tls(patience: Patience) -> NetworkError:
    async with AiohttpRequest(patience=patience) as transport, serving(fine) as url:
        return await failure(transport, url.replace("http:", "https:"))


async def never_accepted(patience: Patience) -> NetworkError:
    """The backlog of one is taken, so that the kernel leaves further connections unanswered."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        takers = [socket.socket() for _ in range(4)]
        for taker in takers:
            taker.setblocking(False)
            taker.connect_ex(full.getsockname())
        async with AiohttpRequest(patience=patience) as transport:
            port = full.getsockname()[1]
            error = await failure(transport, f"http://127.0.0.1:{port}/bot{CANARY}/getMe", connect_timeout=0.2)
        for taker in takers:
            taker.close()
        return error


async def pool_exhausted(patience: Patience) -> NetworkError:
    async with serving(slow) as url, AiohttpRequest(1, patience) as transport:
        taking = asyncio.create_task(transport.post(url, read_timeout=5))
        await asyncio.sleep(0.05)
        error = await failure(transport, url)
        await taking
        return error


async def not_open(patience: Patience) -> NetworkError:
    return await failure(AiohttpRequest(patience=patience), f"http://127.0.0.1:1/bot{CANARY}/getMe")


async def too_slow(patience: Patience) -> NetworkError:
    async with serving(slow) as url, AiohttpRequest(patience=patience) as transport:
        return await failure(transport, url)


async def half_an_answer(patience: Patience) -> NetworkError:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"ok":')
        await asyncio.sleep(1)
        writer.close()

    async with listening(hang) as url, AiohttpRequest(patience=patience) as transport:
        return await failure(transport, url)


async def cut_off(patience: Patience) -> NetworkError:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"ok":')
        writer.close()

    async with listening(cut) as url, AiohttpRequest(patience=patience) as transport:
        return await failure(transport, url)


async def closed_unanswered(patience: Patience) -> NetworkError:
    async def close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async with listening(close) as url, AiohttpRequest(patience=patience) as transport:
        return await failure(transport, url)


async def reset(patience: Patience) -> NetworkError:
    async def abort(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.abort()

    async with listening(abort) as url, AiohttpRequest(patience=patience) as transport:
        return await failure(transport, url)


async def nonsense(patience: Patience) -> NetworkError:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first_line = await reader.readuntil(b"\r\n")
        writer.write(b"SSH-2.0 " + first_line + b"\r\n\r\n")
        writer.close()

    async with listening(babble) as url, AiohttpRequest(patience=patience) as transport:
        return await failure(transport, url)


async def upload_stuck(patience: Patience) -> NetworkError:
    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(2)
        writer.close()

    big = data(document=InputFile(b"0" * 30_000_000, filename="big"))
    async with listening(deaf) as url, AiohttpRequest(patience=patience) as transport:
        with pytest.raises(NetworkError) as caught:
            await transport.post(url, big)
        return caught.value


async def thrown_away(patience: Patience) -> NetworkError:
    async with serving(slow) as url, AiohttpRequest(1, patience) as transport:
        waiting = asyncio.create_task(failure(transport, url, read_timeout=5))
        await asyncio.sleep(0.05)
        await transport.fresh()
        return await waiting


Failure = Callable[[Patience], Awaitable[NetworkError]]
NEVER_SENT: list[tuple[Failure, type[NetworkError]]] = [
    (refused, NetworkError),
    (unknown_name, NetworkError),
    (no_address, NetworkError),
    (not_tls, NetworkError),
    (never_accepted, TimedOut),
    (pool_exhausted, TimedOut),
    (not_open, NetworkError),
]
PERHAPS_SENT: list[tuple[Failure, type[NetworkError]]] = [
    (too_slow, TimedOut),
    (half_an_answer, TimedOut),
    (upload_stuck, TimedOut),
    (cut_off, NetworkError),
    (closed_unanswered, NetworkError),
    (reset, NetworkError),
    (nonsense, NetworkError),
    (thrown_away, NetworkError),
]


@pytest.mark.parametrize(("fail", "kind"), NEVER_SENT)
async def test_what_never_left_may_be_sent_again(fail: Failure, kind: type[NetworkError]) -> None:
    """A request of which nothing was written says so by its cause."""
    error = await fail(SHORT)

    assert type(error) is kind
    assert isinstance(error.__cause__, NotSent)
    assert certainly_not_sent(error)


@pytest.mark.parametrize(("fail", "kind"), PERHAPS_SENT)
async def test_what_may_have_arrived_is_ambiguous(fail: Failure, kind: type[NetworkError]) -> None:
    """A request that was written and not answered is never taken for one that wasn't sent."""
    error = await fail(SHORT)

    assert type(error) is kind
    assert isinstance(error.__cause__, Unanswered)
    assert not certainly_not_sent(error)


@pytest.mark.parametrize("fail", [fail for fail, _ in NEVER_SENT + PERHAPS_SENT])
async def test_no_failure_shows_the_token(fail: Failure, caplog: pytest.LogCaptureFixture) -> None:
    """Neither a failure, nor what it is chained to, nor the log holds the canary."""
    caplog.set_level(logging.DEBUG)

    error = await fail(SHORT)

    assert str(error)
    assert CANARY_SECRET not in whole_text(error) + caplog.text


ERRORS = [
    (NotSent(), True),
    (Unanswered(), False),
    (TimedOut(), False),
    (BadRequest("chat not found"), False),
    (KeyError("result"), False),
]


@pytest.mark.parametrize(("error", "certain"), ERRORS)
def test_only_a_certain_failure_is_called_so(error: Exception, certain: bool) -> None:
    """Whatever isn't known to be unsent is ambiguous."""
    assert certainly_not_sent(error) is certain


def test_the_reason_is_found_through_other_errors() -> None:
    """An error that was raised from another keeps what the first one knew."""
    inner, outer = NetworkError("refused"), RuntimeError("sending failed")
    inner.__cause__, outer.__cause__ = NotSent(), inner

    assert certainly_not_sent(outer)
