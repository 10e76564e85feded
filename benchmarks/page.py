"""The sandbox's page in a real browser: how soon it is there, how soon a press is answered, how long chats scroll."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import Browser, Page

from benchmarks.table import number, shown
from tests.browser.chromium import CHROMIUM, browser, sandbox, settled, tab

SPEAKERS, WRITING = 200, 16
SETTLE_SECONDS = 1.0
HEADS = ("", "measured", "aim")


def run(presses: int, messages: int) -> None:
    if CHROMIUM is None:
        print("\npage: there is no chromium on this machine: apt-get install chromium", flush=True)
        return
    rows = asyncio.run(_measured(presses, messages))
    print(shown(f"the sandbox's page, {presses} presses, a chat of {messages:,} messages", HEADS, rows), flush=True)


async def _measured(presses: int, messages: int) -> list[list[str]]:
    async with browser() as chromium:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder, sandbox(Path(folder)) as url:
            rows = await _start(chromium, url, began)
            alone = await _presses(chromium, url, presses)
            rows += _answered("press to its answer", alone)
            async with _crowd(url) as speakers:
                group = await _filled(url, speakers, messages)
                rows += _answered(f"the same, {SPEAKERS} tabs open", await _presses(chromium, url, presses))
                rows += await _scroll(chromium, url, speakers[0], group)
    return rows


# Start


async def _start(chromium: Browser, url: str, began: float) -> list[list[str]]:
    """From the command to a page that can be used, and to a county with the bot at work; modules are compiled already."""
    await _listens(url)
    async with tab(chromium, url):
        usable = time.monotonic() - began
        await settled(url)
        at_work = time.monotonic() - began
    return [["start to a usable page, s", number(usable), "3"], ["start to the bot at work, s", number(at_work), "3"]]


async def _listens(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(url):
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.01)


# Presses

PRESS = """() => new Promise((done) => {
    const last = () => [...document.querySelectorAll(".item:last-child .key")];
    const before = last().map((key) => key.textContent).join();
    const watch = new MutationObserver(() => {
        if (last().map((key) => key.textContent).join() === before) return;
        watch.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
    });
    watch.observe(document.querySelector(".messages"), { childList: true, subtree: true });
    const begun = performance.now();
    const find = (label) => last().find((key) => key.textContent.includes(label));
    (find("主页") ?? find("设置")).click();
})"""


async def _presses(chromium: Browser, url: str, times: int) -> list[float]:
    """Milliseconds from the click until the new screen is painted: settings, home, settings, ..."""
    person = await _person(url, "hua")
    async with tab(chromium, url, place=f"#{person}.{person}.0") as page:
        await page.locator(".pane textarea").fill("/start")
        await page.keyboard.press("Enter")
        await asyncio.sleep(SETTLE_SECONDS)
        return [await page.evaluate(PRESS) for _ in range(times)]


def _answered(what: str, times: list[float]) -> list[list[str]]:
    late = statistics.quantiles(times, n=20)[-1]
    return [[f"{what}, median ms", number(statistics.median(times)), "150"], [f"{what}, p95 ms", number(late), ""]]


# A long chat among many


async def _person(url: str, name: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(f"{url}/page/people") as response:
        return int(next(one["id"] for one in (await response.json())["people"] if one["key"] == name))


@asynccontextmanager
async def _crowd(url: str) -> AsyncIterator[list[int]]:
    """Persons, of whom each has a tab that hears all that is new; the first leads a group of them all."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(None)) as session:
        people = [await _arrived(session, url, f"居民{place}") for place in range(SPEAKERS)]
        tabs = [asyncio.create_task(_listen(session, url)) for _ in people]
        yield people
        for each in tabs:
            each.cancel()


async def _arrived(session: aiohttp.ClientSession, url: str, name: str) -> int:
    async with session.post(f"{url}/page/people", json={"name": name, "language": "zh"}) as response:
        return int((await response.json())["id"])


async def _listen(session: aiohttp.ClientSession, url: str) -> None:
    async with session.get(f"{url}/page/news") as news:
        async for _ in news.content.iter_any():
            pass


async def _filled(url: str, people: list[int], messages: int) -> int:
    """A group of the first, in which so much was said."""
    async with aiohttp.ClientSession() as session:

        async def does(person: int, deed: str, **given: Any) -> Any:
            async with session.post(f"{url}/page/people/{person}/deeds/{deed}", json=given) as response:
                assert response.status == 200, await response.text()
                return await response.json()

        group = int((await does(people[0], "adds", title="大群"))["chat"])
        for first in range(0, messages, WRITING):
            said: list[Coroutine[Any, Any, Any]] = [
                does(
                    people[0], "says", chat=group, text=f"第 {number} 句：周六下午三点，老地方见。{'🎉' * (number % 3)}"
                )
                for number in range(first, min(first + WRITING, messages))
            ]
            await asyncio.gather(*said)
    return group


SCROLL = """async () => {
    const list = document.querySelector(".messages");
    let longest = 0;
    new PerformanceObserver((seen) => seen.getEntries().forEach((task) => (longest = Math.max(longest, task.duration)))).observe({ type: "longtask" });
    const frames = [];
    let nodes = 0, still = 0, last = performance.now(), first = "";
    while (still < 40) {
        list.scrollTop -= 400;
        const frame = await new Promise(requestAnimationFrame);
        frames.push(frame - last);
        last = frame;
        nodes = Math.max(nodes, document.querySelectorAll("*").length);
        const top = list.querySelector(".item")?.dataset.id;
        still = list.scrollTop === 0 && top === first ? still + 1 : 0;
        first = top;
    }
    frames.sort((one, other) => one - other);
    return { nodes, longest, frame: frames[Math.floor(frames.length * 0.95)], first: Number(first), heap: performance.memory.usedJSHeapSize / 1048576 };
}"""


async def _scroll(chromium: Browser, url: str, person: int, group: int) -> list[list[str]]:
    """From the newest message to the very first, 400 pixels a frame."""
    async with tab(chromium, url, place=f"#{person}.{group}.0") as page:
        seen = await _scrolled(page)
    return [
        ["scrolled to message", number(seen["first"]), "the first"],
        ["most nodes in the page", number(seen["nodes"]), "3,000"],
        ["longest task while scrolling, ms", number(seen["longest"]), "50"],
        ["frame while scrolling, p95 ms", number(seen["frame"]), "33"],
        ["memory of its scripts, MB", number(seen["heap"]), ""],
    ]


async def _scrolled(page: Page) -> dict[str, float]:
    found: dict[str, float] = await page.evaluate(SCROLL)
    return found
