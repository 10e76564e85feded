"""The page's server: what is refused, how files are handed out, and what a tab hears that was away."""

import base64
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson
import pytest

from bot.sandbox.page.stream import News
from bot.sandbox.people import People
from bot.sandbox.server import serve
from tests.sandbox.conftest import made

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@asynccontextmanager
async def page() -> AsyncIterator[tuple[People, aiohttp.ClientSession]]:
    world, people, _ = made()
    async with serve(world, people) as server, aiohttp.ClientSession(server.url) as session:
        yield people, session


MANY_DIGITS = "9" * 5000
WRONG: list[tuple[str, dict[str, Any], int, str]] = [
    ("/page/people/1/deeds/says", {"text": "x"}, 404, "unknown_person"),
    ("/page/people/{ming}/deeds/dances", {}, 404, "unknown_deed"),
    ("/page/people/{ming}/deeds/says", {"text": "x", "chat": -5}, 404, "unknown_chat"),
    ("/page/people/{ming}/deeds/says", {}, 400, "wrong"),
    ("/page/people/{ming}/deeds/approves", {"person": 1}, 400, "wrong"),
    (f"/page/people/{MANY_DIGITS}/deeds/says", {"text": "x"}, 404, "unknown_person"),
    (f"/page/people/{{ming}}/chats/{MANY_DIGITS}/read", {}, 404, "unknown_chat"),
    ("/page/people/{ming}/deeds/says", {"text": " "}, 409, "impossible"),
    ("/page/people/{ming}/deeds/sends", {"name": "x", "content": "%%%"}, 400, "wrong"),
    ("/page/people/{ming}/deeds/locates", {"latitude": 91, "longitude": 0}, 400, "wrong"),
    ("/page/people", {"name": "  "}, 400, "no_name"),
]


@pytest.mark.parametrize(("path", "given", "status", "why"), WRONG)
async def test_what_is_wrong_is_refused_by_its_name(path: str, given: dict[str, Any], status: int, why: str) -> None:
    """The page says it in its reader's words."""
    async with page() as (people, session):
        ming = people.person("Ming")
        async with session.post(path.format(ming=ming.id), json=given) as response:
            answer = await response.json()
    assert (response.status, answer["error"]) == (status, why)


async def test_only_json_does_something() -> None:
    """A form of a foreign page needs no leave to be sent, and does nothing."""
    async with page() as (people, session):
        ming = people.person("Ming")
        async with session.post(f"/page/people/{ming.id}/deeds/says", data={"text": "x"}) as response:
            assert response.status == 415
        assert not ming.chat.messages


async def test_a_file_that_is_too_large_is_refused() -> None:
    """A bot takes 20 MB; nothing is sent."""
    async with page() as (people, session):
        ming = people.person("Ming")
        content = base64.b64encode(bytes(20 * 1024 * 1024 + 1)).decode()
        body = io.BytesIO(orjson.dumps({"name": "x.bin", "content": content}))
        headers = {"Content-Type": "application/json"}
        async with session.post(f"/page/people/{ming.id}/deeds/sends", data=body, headers=headers) as response:
            assert (response.status, (await response.json())["error"]) == (413, "too_large")
        assert not ming.chat.messages


async def test_a_file_is_handed_out_and_never_run() -> None:
    """A page in HTML is saved, whatever it calls itself; a picture is shown."""
    async with page() as (people, session):
        ming = people.person("Ming")
        html = await ming.sends_document("x.png", b"<script>alert(1)</script>", mime="text/html")
        picture = await ming.sends_photo(PIXEL)
        async with session.get(f"/page/files/{html['document']['file_id']}") as response:
            assert response.headers["Content-Disposition"] == "attachment"
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.content_type == "application/octet-stream"
        async with session.get(f"/page/files/{picture['photo'][0]['file_id']}") as response:
            assert response.content_type == "image/png"
            assert "Content-Disposition" not in response.headers


async def test_only_the_pages_own_parts_are_handed_out() -> None:
    """Each with its type; no path leads out of their folder."""
    async with page() as (_, session):
        for name, kind in (
            ("js/main.js", "text/javascript"),
            ("css/base.css", "text/css"),
            ("icon.svg", "image/svg+xml"),
        ):
            async with session.get(f"/static/{name}") as response:
                assert (response.status, response.content_type) == (200, kind)
        for name in ("js/none.js", "..%2Fapp.py", "js", ""):
            async with session.get(f"/static/{name}") as response:
                assert response.status == 404, name


async def test_who_is_not_in_a_group_does_not_see_its_messages() -> None:
    """Neither among the chats nor by asking for them."""
    async with page() as (people, session):
        lan, wei = people.person("Lan"), people.person("Wei")
        group = people.group("Dance", lan)
        await lan.says("secret", group)
        async with session.get(f"/page/people/{wei.id}/chats") as response:
            assert (await response.json())["chats"][1]["last"] is None
        async with session.get(f"/page/people/{wei.id}/chats/{group.id}") as response:
            assert (await response.json())["messages"] == []
        async with session.get(f"/page/people/{wei.id}/chats/{group.id}/messages") as response:
            assert response.status == 403


async def test_an_admin_does_on_the_page_what_befalls_a_group() -> None:
    """He throws the bot out and takes it in again, bans and forgives, makes a supergroup of it; others may not."""
    async with page() as (people, session):
        lan, ming = people.person("Lan"), people.person("Ming")
        group = people.group("Dance", lan, ming, kind="group")

        async def does(who: int, deed: str, **given: Any) -> int:
            body = {"chat": group.id} | given
            async with session.post(f"/page/people/{who}/deeds/{deed}", json=body) as response:
                return response.status

        async def opened() -> dict[str, Any]:
            async with session.get(f"/page/people/{lan.id}/chats/{group.id}") as response:
                seen: dict[str, Any] = await response.json()
            return seen

        for deed in ("removes", "bans", "upgrades"):
            assert await does(ming.id, deed, person=lan.id) == 409, deed
        await does(lan.id, "removes")
        assert not (await opened())["has_bot"]
        await does(lan.id, "adds")
        assert (await opened())["has_bot"]
        await does(lan.id, "bans", person=ming.id)
        assert [one["id"] for one in (await opened())["banned"]] == [ming.id]
        await does(lan.id, "unbans", person=ming.id)
        assert (await opened())["banned"] == []
        await does(lan.id, "upgrades")
        assert people.world.chats[group.migrated_to].member(people.bot.id).is_admin


async def test_a_long_chat_comes_in_pages() -> None:
    """The newest fifty first, then those before them."""
    async with page() as (people, session):
        ming = people.person("Ming")
        for number in range(120):
            await ming.says(str(number))
        async with session.get(f"/page/people/{ming.id}/chats/{ming.id}") as response:
            opened = await response.json()
        assert [one["text"] for one in opened["messages"]] == [str(number) for number in range(70, 120)]
        assert opened["more"]
        first = opened["messages"][0]["message_id"]
        async with session.get(f"/page/people/{ming.id}/chats/{ming.id}/messages?before={first}") as response:
            assert (await response.json())["messages"][0]["text"] == "20"


async def test_a_tab_hears_what_it_missed() -> None:
    """From the event on whose id it knows; all of it, and in order."""
    news = News()
    news.put("message", {"n": 1})
    place = news.at
    news.put("message", {"n": 2})
    news.put("message", {"n": 3})
    stream = news.since(place)
    await anext(stream)
    heard = await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]
    assert heard.count(b"event: message") == 2
    assert heard.index(b'"n":2') < heard.index(b'"n":3')
    assert news.tabs == 0


@pytest.mark.parametrize("place", ["", "other-1", "x", "gone", "digits"])
async def test_a_tab_that_missed_too_much_is_told_to_load_anew(place: str) -> None:
    """Also one whose sandbox was another."""
    news = News(kept=2)
    gone = news.at
    for number in range(5):
        news.put("message", {"n": number})
    places = {"gone": gone, "digits": gone.replace("-0", f"-{MANY_DIGITS}")}
    stream = news.since(places.get(place, place))
    await anext(stream)
    heard = await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]
    assert b"event: reload" in heard
    assert b"event: message" not in heard
