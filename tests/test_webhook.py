"""Telegram calls us: what is answered 200 is kept, whatever is wrong is refused, and health tells the truth."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.botapi import call
from bot.gateway import parsing, polling
from bot.sandbox.webhooks import Couriers
from bot.storage import Storage, StorageUnavailable
from bot.web import CannotListen
from bot.web.app import BODY_BYTES_MAX, SECRET_HEADER, app, webhook_path
from bot.web.server import serve
from tests.town import BOT_ID, Town, TownClock

SECRET = "a-secret-of-the-town"
RIGHT = {SECRET_HEADER: SECRET}
UPDATE = {"update_id": 7, "message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "hi"}}


def visitor(storage: Storage, keep: Any = None) -> httpx.AsyncClient:
    """Somebody on the net who calls our web application."""
    web = app(storage, SECRET, keep or (lambda raws: polling.keep(storage, raws)))
    return httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://bot.example.org")


async def kept(storage: Storage) -> list[int]:
    async def numbers(tx: Any) -> list[int]:
        return [row["update_id"] for row in await tx.all("SELECT update_id FROM inbox ORDER BY update_id")]

    return await storage.read(numbers)


async def test_answer_comes_after_the_commit(storage: Storage) -> None:
    """200 means that the update is in the inbox."""
    async with visitor(storage) as telegram:
        answer = await telegram.post(webhook_path(BOT_ID), json=UPDATE, headers=RIGHT)
    assert (answer.status_code, await kept(storage)) == (200, [7])


async def test_same_update_twice_is_kept_once(storage: Storage) -> None:
    """Telegram may bring an update again, and hears 200 again."""
    async with visitor(storage) as telegram:
        answers = [await telegram.post(webhook_path(BOT_ID), json=UPDATE, headers=RIGHT) for _ in range(3)]
    assert ([answer.status_code for answer in answers], await kept(storage)) == ([200, 200, 200], [7])


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: SECRET[:-1]}, {SECRET_HEADER: "é" * 4}])
async def test_wrong_secret_is_refused_unread(storage: Storage, headers: dict[str, str]) -> None:
    """Whoever does not know the secret gets 403 before a byte of his body is read."""
    read = []

    async def body() -> AsyncIterator[bytes]:
        read.append(True)
        yield b"{}"

    encoded = {name.encode(): value.encode() for name, value in headers.items()}
    async with visitor(storage) as stranger:
        answer = await stranger.post(webhook_path(BOT_ID), content=body(), headers=encoded)
    assert (answer.status_code, read, await kept(storage)) == (403, [], [])


BROKEN = [b"", b"{", b"[]", b"7", b"null", b"{}", b'{"update_id": "7"}', b"\xff\xfe", b"[" * 100_000]


@pytest.mark.parametrize("body", BROKEN)
async def test_what_is_no_update_is_refused(storage: Storage, body: bytes) -> None:
    """Broken JSON, and JSON that is no update, gets 400 and is not kept."""
    async with visitor(storage) as telegram:
        answer = await telegram.post(webhook_path(BOT_ID), content=body, headers=RIGHT)
    assert (answer.status_code, await kept(storage)) == (400, [])


@pytest.mark.parametrize("announced", [True, False])
async def test_too_large_is_refused(storage: Storage, announced: bool) -> None:
    """More than a mebibyte is no update, whether its length was announced or not."""

    async def stream() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b" " * (BODY_BYTES_MAX // 16)

    content: Any = b" " * (BODY_BYTES_MAX + 1) if announced else stream()
    async with visitor(storage) as telegram:
        answer = await telegram.post(webhook_path(BOT_ID), content=content, headers=RIGHT)
    assert answer.status_code == 413


async def test_what_cannot_be_kept_comes_again(storage: Storage) -> None:
    """While the database can't be written Telegram is asked to come again soon."""

    async def full(raws: list[Any]) -> None:
        raise StorageUnavailable("database or disk is full")

    async with visitor(storage, full) as telegram:
        answer = await telegram.post(webhook_path(BOT_ID), json=UPDATE, headers=RIGHT)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


async def test_other_paths_and_methods_lead_nowhere(storage: Storage) -> None:
    """Another bot's path is not found, and looking is not calling."""
    async with visitor(storage) as stranger:
        elsewhere = await stranger.post("/telegram/1", json=UPDATE, headers=RIGHT)
        looking = await stranger.get(webhook_path(BOT_ID))
    assert (elsewhere.status_code, looking.status_code) == (404, 405)


async def test_health_follows_the_scheduler(town: Town, storage: Storage, clock: TownClock) -> None:
    """Well while the scheduler lives; when it was silent for more than a minute, not."""
    async with visitor(storage) as watcher:
        before = await watcher.get("/health")
        await town.tick()
        alive = await watcher.get("/health")
        clock.move(61)
        silent = await watcher.get("/health")
    assert [before.status_code, alive.status_code, silent.status_code] == [503, 200, 503]
    assert silent.json() == {"database": "ok", "scheduler": "silent"}


async def test_telegram_delivers_through_the_webhook(town: Town, storage: Storage) -> None:
    """From setWebhook to the answer: what Ming says is brought by HTTP, kept, handled and answered."""
    port = free_port()
    url = f"http://127.0.0.1:{port}{webhook_path(BOT_ID)}"
    up = asyncio.Event()

    async def when_up() -> None:
        params = {"url": url, "secret_token": SECRET, "allowed_updates": parsing.ALLOWED_UPDATES}
        await call(town.parts.frame.bot, "setWebhook", params)
        up.set()

    web = app(storage, SECRET, lambda raws: polling.keep(storage, raws))
    serving = asyncio.create_task(serve(web, "127.0.0.1", port, when_up=when_up))
    async with Couriers(town.world), asyncio.timeout(20):
        await up.wait()
        town.people.settle = _nothing
        await town.ming.says("/me")
        while not await town.parts.worker.work():
            await asyncio.sleep(0.01)
        await town.parts.dispatcher.drain()
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    assert "number" in town.ming.screen.text


async def test_a_taken_port_is_named(storage: Storage) -> None:
    """A port that somebody else has stops the start, and the complaint names it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=f"127.0.0.1:{port}"):
            await serve(app(storage, SECRET, _unused), "127.0.0.1", port, when_up=_nothing)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


async def _nothing() -> None:
    """Nothing to wait for: the other side works by itself."""


async def _unused(raws: list[Any]) -> None:
    """Nothing is brought."""
