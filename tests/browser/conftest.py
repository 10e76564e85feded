"""One sandbox and one browser for all tests of a worker; a small world without a bot, for what is the page's alone."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser
from telegram import Bot

from bot.sandbox.memory import BASE_FILE_URL, BASE_URL, MemoryRequest
from bot.sandbox.page.app import Page
from bot.sandbox.page.stream import News
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox, serve
from bot.sandbox.world import World
from tests.browser.chromium import CHROMIUM, browser, sandbox, settled
from tests.sandbox.conftest import made, speaking

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser lives on one event loop, so that its tests do, too."""
    for item in items:
        if item.path.is_relative_to(HERE) and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with sandbox(tmp_path_factory.mktemp("sandbox")) as url:
        yield url


@pytest_asyncio.fixture(loop_scope="session")
async def url(running: str) -> str:
    """The sample county with the real bot at work. Tests share it, so that each plays people of its own."""
    await settled(running)
    return running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine: apt-get install chromium")
    async with browser() as opened:
        yield opened


@dataclass
class Scene:
    """A small world behind the page, in which the test speaks for the bot."""

    world: World
    people: People
    bot: Bot
    server: Sandbox

    @property
    def news(self) -> News:
        """What the page has to say to open tabs."""
        for hear in self.world.on_change:
            owner = getattr(hear, "__self__", None)
            if isinstance(owner, Page):
                return owner.news
        raise LookupError("no page hears of this world")


@pytest_asyncio.fixture(loop_scope="session")
async def scene() -> AsyncIterator[Scene]:
    world, people, _ = made()
    async with (
        serve(world, people) as server,
        speaking(world, MemoryRequest(world), BASE_URL, BASE_FILE_URL) as bot,
    ):
        yield Scene(world, people, bot, server)
