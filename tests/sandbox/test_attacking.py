"""Who would drive the sandbox from elsewhere, or wear it out: each of these gets nothing."""

import asyncio
import contextlib
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.sandbox.page.stream import PORTION, TABS_MAX, News
from bot.sandbox.server import serve
from tests.sandbox.conftest import made
from tests.sandbox.test_page import page
from tests.sandbox.test_serving import town

MANY_PEOPLE = 10_000
CONNECTIONS = 1_000
PATIENCE_SECONDS = 10
FOREIGN: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "null"},
    {"Host": "evil.example"},
    {"Host": "evil.example:8081", "Origin": "http://evil.example:8081"},
]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_a_foreign_page_reaches_nothing(headers: dict[str, str]) -> None:
    """Neither the bot's API, which takes a GET for a deed, nor the people, nor their control."""
    async with town() as (people, _, session):
        ming = people.person("Ming")
        await ming.starts()
        for path in (
            f"/bot{people.bot.token}/sendMessage?chat_id={ming.id}&text=x",
            "/page/people",
            "/page/news",
            "/sandbox/people",
            "/static/js/main.js",
        ):
            async with session.get(path, headers=headers) as response:
                assert response.status in (400, 403), path
        assert ming.heard == []


async def test_a_link_from_elsewhere_leads_to_the_front_page() -> None:
    """It may be in a document or in a mail; the page's own requests pass."""
    async with page() as (_, session):
        linked = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
        async with session.get("/", headers=linked) as response:
            assert response.status == 200
        own = {"Sec-Fetch-Site": "same-origin", "Origin": own_address(session)}
        async with session.post("/page/people", json={"name": "Wei"}, headers=own) as response:
            assert response.status == 200


def own_address(session: aiohttp.ClientSession) -> str:
    return str(session._base_url).rstrip("/")


@pytest.mark.parametrize("path", ["/sandbox/people", "/page/people"])
async def test_a_form_of_another_page_does_nothing(path: str) -> None:
    """It needs no leave to be sent, and is no JSON."""
    async with town() as (people, _, session):
        for sent in (
            {"data": {"name": "Eve"}},
            {"data": b'{"name": "Eve"}', "headers": {"Content-Type": "text/plain"}},
        ):
            async with session.post(path, **sent) as response:
                assert response.status == 415
        assert not people.by_name


async def test_a_flood_of_streams_leaves_the_page_usable() -> None:
    """Those beyond the limit are sent away; what the others don't read doesn't pile up, and their places come free."""
    async with page() as (people, session), asyncio.timeout(30):
        ming = people.person("Ming")
        port = int(own_address(session).rpartition(":")[2])
        streams = await asyncio.gather(*(stream(port) for _ in range(CONNECTIONS)))
        statuses = [status for status, _ in streams]
        assert (statuses.count(200), statuses.count(503)) == (TABS_MAX, CONNECTIONS - TABS_MAX)
        await ming.says("x" * 4_000)
        async with session.get("/page/people") as response:
            assert response.status == 200
        for _, writer in streams:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for _, writer in streams), return_exceptions=True)
        while await is_full(session):
            await asyncio.sleep(0.01)


async def is_full(session: aiohttp.ClientSession) -> bool:
    async with session.get("/page/news") as response:
        return response.status == 503


async def stream(port: int) -> tuple[int, asyncio.StreamWriter]:
    """Open one, and read no further than its status."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
    writer.write(b"GET /page/news HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    return int((await reader.readexactly(12))[-3:]), writer


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: 127"], ids=["nothing", "half a request"])
async def test_who_connects_and_asks_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    """After a while, so that a thousand of them can't keep everybody else out; one who has asked stays."""
    monkeypatch.setattr("bot.sandbox.server.FIRST_SECONDS", 0.1)
    async with page() as (_, session):
        async with session.get("/") as response:
            assert response.status == 200
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(own_address(session)).port)
        writer.write(said)
        async with asyncio.timeout(PATIENCE_SECONDS):
            with contextlib.suppress(ConnectionResetError):
                assert await reader.read() == b""
        writer.close()
        async with session.get("/") as response:
            assert response.status == 200


async def test_a_slow_reader_gets_what_it_missed_in_portions() -> None:
    """However much that is, no more than one portion is on its way at a time, and nothing is left out."""
    news = News()
    place = news.at
    for number in range(2 * PORTION + 1):
        news.put("message", {"n": number})
    stream = news.since(place)
    await anext(stream)
    heard = [(await anext(stream)).count(b"event: message") for _ in range(3)]
    await stream.aclose()  # type: ignore[attr-defined]
    assert heard == [PORTION, PORTION, 1]


async def test_thousands_of_people_are_listed() -> None:
    """All of the same name, each under a key of their own."""
    world, people, _ = made()
    for number in range(MANY_PEOPLE):
        people.person("小明", known_as=f"小明{number}")
    async with serve(world, people) as server, aiohttp.ClientSession(server.url) as session:
        async with session.post("/page/people", json={"name": "小明"}) as response:
            assert (await response.json())["key"] == "小明"
        async with session.get("/page/people") as response:
            assert len((await response.json())["people"]) == MANY_PEOPLE + 1
