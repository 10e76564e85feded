"""One sandbox for all tests of a worker, and a browser for each."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser

from tests.browser.chromium import CHROMIUM, browser, sandbox, settled


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine: apt-get install chromium")
    with sandbox(tmp_path_factory.mktemp("sandbox")) as url:
        yield url


@pytest.fixture
async def url(running: str) -> str:
    await settled(running)
    return running


@pytest.fixture
async def chromium(url: str) -> AsyncIterator[Browser]:
    async with browser() as opened:
        yield opened
