"""The transport: what it sends, what comes back, and how long it waits."""

import asyncio
import gc
import io
import logging
import warnings

import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError, TimedOut

from bot.transport import AiohttpRequest, Patience, Unanswered, certainly_not_sent
from tests.wire import CANARY, CANARY_SECRET, SHORT, data, failure, fine, serving, slow, whole_text

# What it sends


async def test_parameters_arrive_as_they_were_given() -> None:
    """Numbers, words, truth values and nested keyboards arrive as one JSON object."""
    given = {"chat_id": -100123, "text": "你好 <b>", "silent": True, "markup": {"rows": [[{"text": "a"}]]}}

    async with AiohttpRequest() as transport, serving(fine) as url:
        answer = await transport.post(url, data(**given))

    assert answer == {"heard": given}


async def test_half_a_surrogate_pair_is_sent_rather_than_refused() -> None:
    """What JSON can say and UTF-8 can't still reaches the server, which answers for itself."""
    async with AiohttpRequest() as transport, serving(fine) as url:
        answer = await transport.post(url, data(text="\ud83d"))

    assert answer == {"heard": {"text": "\ud83d"}}


@pytest.mark.parametrize("content", [b"\x00\xff" * 500, io.BytesIO(b"\x00\xff" * 500)], ids=["bytes", "handle"])
async def test_a_file_goes_as_multipart_with_its_name(content: bytes | io.BytesIO) -> None:
    """A file arrives whole, under its Chinese name, beside the other parameters."""

    async def count(request: web.Request) -> web.Response:
        form = await request.post()
        upload = form["document"]
        assert isinstance(upload, web.FileField)
        heard = [form["chat_id"], upload.filename, len(upload.file.read()), upload.content_type]
        return web.json_response({"ok": True, "result": heard})

    document = InputFile(content, filename="名单.csv", read_file_handle=False)
    async with AiohttpRequest() as transport, serving(count) as url:
        answer = await transport.post(url, data(chat_id=7, document=document))

    assert answer == ["7", "名单.csv", 1000, "text/csv"]


async def test_a_bot_speaks_through_it() -> None:
    """python-telegram-bot's Bot starts, sends and stops with it, with no warning left behind."""

    async def server(request: web.Request) -> web.Response:
        if request.path.endswith("getMe"):
            me = {"id": 8123456789, "is_bot": True, "first_name": "bot", "username": "county_bot"}
            return web.json_response({"ok": True, "result": me})
        heard = await request.json()
        chat = {"id": heard["chat_id"], "type": "private"}
        message = {"message_id": 1, "date": 1, "chat": chat, "text": heard["text"]}
        return web.json_response({"ok": True, "result": message})

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        async with serving(server) as url:
            base_url = url.split(CANARY)[0]
            bot = Bot(CANARY, base_url=base_url, request=AiohttpRequest(), get_updates_request=AiohttpRequest())
            async with bot:
                message = await bot.send_message(7, "hello")
        gc.collect()

    assert (message.chat_id, message.text) == (7, "hello")


async def test_a_bot_fetches_a_file_through_it() -> None:
    """What somebody sent is asked for by its number, and fetched from where Telegram has put it, byte for byte."""

    async def server(request: web.Request) -> web.Response:
        if request.method == "GET":
            assert request.path.endswith("documents/rules.toml")
            return web.Response(body="day_max = 5 # 每天".encode())
        found = {"file_id": "a", "file_unique_id": "b", "file_path": "documents/rules.toml"}
        return web.json_response({"ok": True, "result": found})

    async with AiohttpRequest() as transport, serving(server) as url:
        base = url.split(CANARY)[0]
        bot = Bot(CANARY, base_url=base, base_file_url=base, request=transport, get_updates_request=AiohttpRequest())
        content = await (await bot.get_file("a")).download_as_bytearray()

    assert content.decode() == "day_max = 5 # 每天"


async def test_it_opens_and_closes_any_number_of_times() -> None:
    """Opened twice, closed twice and opened again, it works; closing what was never opened is harmless."""
    transport = AiohttpRequest()
    await transport.shutdown()

    async with serving(fine) as url:
        for _ in range(2):
            await transport.initialize()
            await transport.initialize()
            assert await transport.post(url, data(a=1)) == {"heard": {"a": 1}}
            await transport.shutdown()
            await transport.shutdown()


async def test_its_read_time_out_can_be_asked() -> None:
    """python-telegram-bot adds a long poll's length to it."""
    assert AiohttpRequest(patience=Patience(read=7)).read_timeout == 7


# What comes back


async def test_a_huge_answer_comes_whole() -> None:
    """A file of 30 MB is read to its end, in however many pieces it comes."""
    content = b"0123456789" * 3_000_000

    async def huge(request: web.Request) -> web.Response:
        return web.Response(body=content)

    async with AiohttpRequest() as transport, serving(huge) as url:
        assert await transport.retrieve(url) == content


async def test_one_broken_letter_doesnt_hide_the_rest() -> None:
    """Bytes that aren't UTF-8 become replacement marks, and the answer is read."""

    async def broken(request: web.Request) -> web.Response:
        return web.Response(body=b'{"ok": true, "result": ["\xff", "\\ud83d"]}')

    async with AiohttpRequest() as transport, serving(broken) as url:
        answer: object = await transport.post(url)

    assert answer == ["\ufffd", "\ud83d"]


REFUSALS = [
    (400, {"description": "Bad Request: chat not found"}, BadRequest, "(?i)chat not found"),
    (403, {"description": "Forbidden: bot was blocked by the user"}, Forbidden, "blocked"),
    (429, {"description": "Too Many Requests", "parameters": {"retry_after": 3}}, RetryAfter, "0:00:03"),
]


@pytest.mark.parametrize(("status", "answer", "kind", "words"), REFUSALS)
async def test_telegrams_own_refusals_keep_their_kind(
    status: int, answer: dict[str, object], kind: type[TelegramError], words: str
) -> None:
    """400, 403 and 429 become python-telegram-bot's own errors, and were certainly sent."""

    async def refuse(request: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error_code": status, **answer}, status=status)

    async with AiohttpRequest() as transport, serving(refuse) as url:
        with pytest.raises(kind, match=words) as caught:
            await transport.post(url)

    assert not certainly_not_sent(caught.value)


@pytest.mark.parametrize("status", [200, 302, 404, 502])
async def test_a_proxys_page_is_an_error_without_the_token(status: int, caplog: pytest.LogCaptureFixture) -> None:
    """A page that quotes the address back is a telegram error, quoted shortly and without the token."""
    caplog.set_level(logging.DEBUG)

    async def bad_gateway(request: web.Request) -> web.Response:
        page = f"<html>Bad gateway for {request.path}</html>" + " " * 100_000
        return web.Response(text=page, status=status, content_type="text/html", headers={"Location": request.path})

    async with AiohttpRequest() as transport, serving(bad_gateway) as url:
        with pytest.raises(TelegramError) as caught:
            await transport.post(url)

    assert not certainly_not_sent(caught.value)
    assert CANARY_SECRET not in whole_text(caught.value) + caplog.text
    assert len(str(caught.value)) < 1000


# How long it waits


async def test_a_calls_own_time_out_comes_before_the_usual_one() -> None:
    """A long poll may wait longer than other calls, and one call shorter than the rest."""
    async with serving(slow) as url, AiohttpRequest(patience=SHORT) as transport:
        assert await transport.post(url, read_timeout=5) is True
        assert await transport.post(url, read_timeout=None) is True

    async with serving(slow) as url, AiohttpRequest() as transport:
        assert isinstance(await failure(transport, url, read_timeout=0.1), TimedOut)


async def test_no_more_requests_than_set_are_in_flight() -> None:
    """Those beyond the limit wait for their turn and are all answered."""
    now, most = 0, 0

    async def count(request: web.Request) -> web.Response:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.01)
        now -= 1
        return web.json_response({"ok": True, "result": True})

    async with serving(count) as url, AiohttpRequest(3) as transport:
        answers = await asyncio.gather(*(transport.post(url) for _ in range(20)))

    assert (answers, most) == ([True] * 20, 3)


async def test_a_cancelled_request_gives_its_place_back() -> None:
    """However many requests are cancelled, the pool stays as large as it was."""
    async with serving(slow) as url, AiohttpRequest(2, SHORT) as transport:
        for _ in range(5):
            tasks = [asyncio.create_task(transport.post(url)) for _ in range(4)]
            await asyncio.sleep(0.02)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        assert await transport.post(url, read_timeout=5) is True


async def test_it_begins_anew_with_a_whole_pool() -> None:
    """After everything was thrown away, as many requests as before find a place at once."""
    async with serving(slow) as url, AiohttpRequest(1, SHORT) as transport:
        stuck = asyncio.create_task(failure(transport, url, read_timeout=5))
        await asyncio.sleep(0.05)
        await transport.fresh()

        assert await transport.post(url, read_timeout=5) is True
        assert isinstance((await stuck).__cause__, Unanswered)
