"""A small world with one bot, over memory and over HTTP on loopback; every answer is held against the specification."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from telegram import Bot
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot.sandbox.memory import BASE_FILE_URL, BASE_URL, MemoryRequest
from bot.sandbox.people import People
from bot.sandbox.server import serve
from bot.sandbox.world import World
from tests import botapi

# RequestData takes them, and can be made in no other way.
from telegram.request._requestparameter import RequestParameter  # isort: skip

NOON = 1_800_000_000.0


def saying(words: str) -> str:
    """A pattern for a refusal's words: python-telegram-bot changes their case."""
    return "(?i)" + re.escape(words)


class Hands:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


@dataclass
class Small:
    """A world, its people and its clock, and the bot's side of it."""

    world: World
    people: People
    clock: Hands
    bot: Bot

    async def heard(self, **more: Any) -> list[dict[str, Any]]:
        """All that waits for the bot, confirmed at once, and each held against the specification."""
        raws = await self.call("getUpdates", **more)
        botapi.conforms("Array of Update", raws)
        if raws:
            await self.call("getUpdates", offset=raws[-1]["update_id"] + 1)
        found: list[dict[str, Any]] = raws
        return found

    async def call(self, method: str, **params: Any) -> Any:
        """The raw result of a method, in the shape that the specification names."""
        result = await self.raw(method, **params)
        if not any("Message" in kind and isinstance(result, bool) for kind in botapi.returns(method)):
            botapi.conforms(botapi.returns(method)[0], result)
        return result

    async def raw(self, method: str, **params: Any) -> Any:
        """The result as it comes. Not by `do_api_request`, which warns of methods that have a name of their own."""
        given = [RequestParameter.from_input(name, value) for name, value in params.items()]
        return await self.bot.request.post(f"{self.bot.base_url}/{method}", RequestData(given))


def made() -> tuple[World, People, Hands]:
    clock = Hands()
    world = World(clock, botapi.check)
    return world, People(world, world.bot("county_bot")), clock


@asynccontextmanager
async def speaking(world: World, request: BaseRequest, base_url: str, base_file_url: str) -> AsyncIterator[Bot]:
    token = next(iter(world.bots_by_token))
    async with Bot(token, base_url, base_file_url, request=request, get_updates_request=request) as bot:
        yield bot


@pytest.fixture(params=["memory", "http"])
async def small(request: pytest.FixtureRequest) -> AsyncIterator[Small]:
    """Both ways to the same model: what is promised holds for each."""
    world, people, clock = made()
    if request.param == "memory":
        async with speaking(world, MemoryRequest(world), BASE_URL, BASE_FILE_URL) as bot:
            yield Small(world, people, clock, bot)
    else:
        async with (
            serve(world, people) as server,
            speaking(world, HTTPXRequest(), server.base_url, server.base_file_url) as bot,
        ):
            yield Small(world, people, clock, bot)
    assert world.violations == []


@pytest.fixture
async def memory() -> AsyncIterator[Small]:
    """The world in memory alone, for what has nothing to do with the way to it."""
    world, people, clock = made()
    async with speaking(world, MemoryRequest(world), BASE_URL, BASE_FILE_URL) as bot:
        yield Small(world, people, clock, bot)


@pytest.fixture
def clean(memory: Small) -> Iterator[Small]:
    yield memory
    assert memory.world.violations == []
