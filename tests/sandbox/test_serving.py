"""The sandbox as a server: ways of asking, webhooks, the control of its people, and who may listen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.people import People
from bot.sandbox.server import Sandbox, serve
from bot.sandbox.webhooks import HEADER
from bot.sandbox.world import World
from tests import botapi
from tests.sandbox.conftest import made


@asynccontextmanager
async def town() -> AsyncIterator[tuple[People, Sandbox, aiohttp.ClientSession]]:
    world, people, _ = made()
    async with serve(world, people, webhook_pause_seconds=0.01) as server, aiohttp.ClientSession(server.url) as session:
        yield people, server, session


async def test_every_way_of_asking_is_understood() -> None:
    """Query, form, multipart and JSON say the same; nested values come as JSON in a string where they must."""
    markup = '{"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}'
    async with town() as (people, _, session):
        ming = people.person("Ming")
        await ming.starts()
        url = f"/bot{people.bot.token}/SENDMESSAGE"
        given = {"chat_id": str(ming.id), "text": "hello", "reply_markup": markup}
        form = aiohttp.FormData(given)
        form.add_field("unused", b"x", filename="x.txt")
        people.world.check = None
        ways = [
            session.get(url, params=given),
            session.post(url, data=given),
            session.post(url, data=form),
            session.post(url, json=given | {"chat_id": ming.id}),
            session.post(url, params={"chat_id": str(ming.id)}, json={"text": "hello", "reply_markup": markup}),
        ]
        for way in ways:
            async with way as response:
                botapi.conforms("Message", (await response.json())["result"])

    assert ming.heard == ["hello"] * 5
    assert ming.screen.labels == ["A"]


WRONG: list[tuple[bytes, str]] = [
    (b"{", "can't parse request JSON object"),
    (b"[]", "can't parse request JSON object"),
    (b'{"chat_id": 6000000001, "text": "\\ud83d"}', "strings must be encoded in UTF-8"),
    (b'{"text": "x"}', "chat_id is empty"),
]


@pytest.mark.parametrize(("body", "words"), WRONG)
async def test_a_body_that_cant_be_read(body: bytes, words: str) -> None:
    """What isn't a JSON object is a 400."""
    async with town() as (people, _, session):
        people.world.check = None
        people.person("Ming")
        headers = {"Content-Type": "application/json"}
        async with session.post(f"/bot{people.bot.token}/sendMessage", data=body, headers=headers) as response:
            answer = await response.json()
    assert (response.status, answer["description"]) == (400, f"Bad Request: {words}")


async def test_a_request_that_telegram_doesnt_know_is_kept_for_the_test() -> None:
    """The bot gets a 400 with the sentence, and the world remembers it."""
    async with (
        town() as (people, _, session),
        session.post(f"/bot{people.bot.token}/getMe", json={"colour": "red"}) as response,
    ):
        answer = await response.json()
    assert answer["description"] == "Bad Request: getMe has no parameter 'colour'"
    assert people.world.violations == ["getMe has no parameter 'colour'"]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", ""])
async def test_it_listens_on_loopback_alone(host: str) -> None:
    """Any other address is refused before anything listens."""
    with pytest.raises(ValueError, match=r"the sandbox listens on 127\.0\.0\.1 or localhost alone"):
        async with serve(made()[0], host=host):
            pass


async def test_a_port_that_is_taken_is_said() -> None:
    """The second server on a port doesn't start."""
    world = made()[0]
    async with serve(world) as server:
        with pytest.raises(OSError, match="in use"):
            async with serve(world, port=int(server.url.rpartition(":")[2])):
                pass


class Hook:
    """A webhook that writes down what it gets, and answers as it is told: with 200 when there is nothing left."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.got: list[dict[str, Any]] = []
        self.secrets: set[str | None] = set()
        self.reply: dict[str, Any] | None = None

    async def take(self, request: web.Request) -> web.Response:
        self.secrets.add(request.headers.get(HEADER))
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.got.append(await request.json())
        return web.json_response(self.reply, status=status) if self.reply else web.Response(status=status)

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.got]


@asynccontextmanager
async def hooked(hook: Hook) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}/hook"
    finally:
        await runner.cleanup()


async def emptied(world: World) -> None:
    async with asyncio.timeout(5):
        while any(bot.updates.waiting for bot in world.bots.values()):
            await asyncio.sleep(0.01)


async def test_a_webhook_is_told_in_order_until_it_takes_it() -> None:
    """With the secret in the header; a 500 and a 503 are tried again, and nobody behind overtakes."""
    hook = Hook(500, 503)
    async with hooked(hook) as url, town() as (people, _, session):
        ming = people.person("Ming")
        await ming.says("0")
        given = {"url": url, "secret_token": "s3cret"}
        async with session.post(f"/bot{people.bot.token}/setWebhook", json=given) as response:
            assert response.status == 200
        for number in range(1, 5):
            await ming.says(str(number))
        await emptied(people.world)
        async with session.get(f"/bot{people.bot.token}/getWebhookInfo") as response:
            info = (await response.json())["result"]

    assert (hook.texts, hook.secrets) == (["0", "1", "2", "3", "4"], {"s3cret"})
    botapi.conforms("WebhookInfo", info)
    assert "Wrong response from the webhook: 503" in info["last_error_message"]


async def test_one_chat_doesnt_wait_for_another() -> None:
    """What fails in one chat holds up that chat alone."""
    hook = Hook(500, 200)
    async with hooked(hook) as url, town() as (people, _, session):
        ming, hua = people.person("Ming"), people.person("Hua")
        given = {"url": url, "max_connections": 1}
        async with session.post(f"/bot{people.bot.token}/setWebhook", json=given):
            pass
        await ming.says("Ming")
        await hua.says("Hua")
        await emptied(people.world)
    assert hook.texts == ["Hua", "Ming"]


async def test_nothing_is_lost_when_the_webhook_goes() -> None:
    """What it didn't take waits for whoever polls next."""
    hook = Hook(*[503] * 1000)
    async with hooked(hook) as url, town() as (people, _, session):
        async with session.post(f"/bot{people.bot.token}/setWebhook", json={"url": url}):
            pass
        await people.person("Ming").says("hello")
        await asyncio.sleep(0.05)
        async with session.post(f"/bot{people.bot.token}/deleteWebhook"):
            pass
        await asyncio.sleep(0.05)
        async with session.get(f"/bot{people.bot.token}/getUpdates") as response:
            left = (await response.json())["result"]
    assert [update["message"]["text"] for update in left] == ["hello"]


async def test_a_webhook_may_answer_with_a_call() -> None:
    """A method in the response's body is called at once."""
    hook = Hook()
    async with hooked(hook) as url, town() as (people, _, session):
        ming = people.person("Ming")
        hook.reply = {"method": "sendMessage", "chat_id": ming.id, "text": "heard"}
        async with session.post(f"/bot{people.bot.token}/setWebhook", json={"url": url}):
            pass
        await ming.says("hello")
        await emptied(people.world)
    assert ming.heard == ["heard"]


async def test_a_foreign_webhook_is_refused() -> None:
    """The sandbox speaks to no other machine."""
    async with town() as (people, _, session):
        given = {"url": "https://example.org/hook"}
        async with session.post(f"/bot{people.bot.token}/setWebhook", json=given) as response:
            assert (await response.json())["description"].startswith("Bad Request: bad webhook")


async def echo(session: aiohttp.ClientSession, people: People) -> None:
    """A bot that repeats what it hears, once, with a button."""
    base = f"/bot{people.bot.token}"
    async with session.get(f"{base}/getUpdates", params={"timeout": "5"}) as response:
        (update,) = (await response.json())["result"]
    message = update["message"]
    markup = {"inline_keyboard": [[{"text": "More", "callback_data": "m"}]]}
    given = {"chat_id": message["chat"]["id"], "text": f"you said {message['text']}", "reply_markup": markup}
    async with session.post(f"{base}/sendMessage", json=given):
        pass


async def test_people_can_be_made_to_speak_from_outside() -> None:
    """Somebody says something by a small HTTP call, and its answer is what the bot said to it."""
    async with town() as (people, _, session):
        async with session.post("/sandbox/people", json={"name": "Ming", "language_code": "zh"}) as response:
            assert response.status == 200
        bot = asyncio.create_task(echo(session, people))
        async with session.post("/sandbox/people/ming/says", json={"text": "hello"}) as response:
            answer = await response.json()
        await bot
        async with session.get("/sandbox/people") as response:
            everybody = await response.json()

    assert [(heard["text"], heard["rows"]) for heard in answer["heard"]] == [("you said hello", [["More"]])]
    assert [person["name"] for person in everybody["people"]] == ["ming"]


async def test_a_group_can_be_led_through_all_that_befalls_it_from_outside() -> None:
    """Founded, the bot taken in and thrown out, somebody let in, banned and forgiven, and the group made a supergroup."""
    async with town() as (people, _, session):
        lan, hua = people.person("Lan"), people.person("Hua")

        async def does(who: str, deed: str, **given: Any) -> int:
            url, body = f"/sandbox/people/{who}/{deed}", {"chat": group.id, "wait": 0.01} | given
            async with session.post(url, json=body) as response:
                return response.status

        async with session.post("/sandbox/groups", json={"title": "Dance", "owner": "lan", "by_request": True}) as made:
            group = people.world.chats[(await made.json())["id"]]
        assert (group.type, group.member(lan.id).status) == ("group", "creator")
        bot, hers = people.bot.id, hua.id
        steps: list[tuple[str, str, dict[str, Any], int, str]] = [
            ("hua", "adds", {}, bot, "left"),
            ("lan", "adds", {}, bot, "administrator"),
            ("hua", "joins", {}, hers, "left"),
            ("lan", "declines", {"whom": "hua"}, hers, "left"),
            ("hua", "joins", {}, hers, "left"),
            ("lan", "approves", {"whom": "hua"}, hers, "member"),
            ("lan", "bans", {"whom": "hua"}, hers, "kicked"),
            ("lan", "unbans", {"whom": "hua"}, hers, "left"),
            ("lan", "removes", {}, bot, "kicked"),
        ]
        for who, deed, given, whom, status in steps:
            await does(who, deed, **given)
            assert group.member(whom).status == status, (who, deed)
        assert await does("lan", "upgrades") == 200
        assert await does("lan", "upgrades") == 409
        above = people.world.chats[group.migrated_to]
        assert (above.type, above.by_request) == ("supergroup", True)
        async with session.get("/sandbox/people") as listed:
            assert [one["id"] for one in (await listed.json())["groups"]] == [above.id]


CONTROL: list[tuple[str, dict[str, Any], int, str]] = [
    ("/sandbox/people/nobody/says", {"text": "x"}, 404, "there is no nobody; there are ming"),
    ("/sandbox/people/ming/flies", {}, 404, "the deeds are says, presses"),
    ("/sandbox/people/ming/says", {}, 400, "wrong or missing: 'text'"),
    ("/sandbox/people/ming/says", {"text": "x", "chat": -1}, 404, "there is no chat -1"),
    ("/sandbox/people/ming/says", {"text": "x", "chat": "9" * 5000}, 404, "there is no chat 9999"),
    ("/sandbox/people/ming/presses", {"label": "Join"}, 409, "Ming sees no button 'Join'"),
    ("/sandbox/people", {"name": "MING"}, 409, "MING is there already"),
    ("/sandbox/people", {}, 400, "a person needs a name"),
    ("/sandbox/people/ming/bans", {"whom": "nobody"}, 404, "there is no nobody; there are ming"),
    ("/sandbox/groups", {"owner": "ming"}, 400, "a group needs a title"),
]


@pytest.mark.parametrize(("url", "given", "status", "words"), CONTROL)
async def test_the_control_says_what_is_wrong(url: str, given: dict[str, Any], status: int, words: str) -> None:
    """Whom and what it doesn't know, and what is there instead."""
    async with town() as (people, _, session):
        people.person("Ming")
        async with session.post(url, json=given) as response:
            answer = await response.json()
    assert (response.status, answer["error"][: len(words)]) == (status, words)


async def test_foreign_pages_cant_use_the_control() -> None:
    """Neither by a name that resolves to this machine nor by a form without leave."""
    async with town() as (people, _, session):
        people.person("Ming")
        async with session.get("/sandbox/people", headers={"Host": "evil.example"}) as response:
            assert response.status == 400
        async with session.post("/sandbox/people/ming/says", data='{"text": "x"}') as response:
            assert response.status == 415
    assert people.bot.updates.waiting == {}
