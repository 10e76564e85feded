"""Pictures of the sandbox's page for the README: `make screenshots` takes them with a real browser, and keeps them small."""

import asyncio
import io
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from PIL import Image
from playwright.async_api import Browser, Page, expect

from tests.browser.chromium import CHROMIUM, browser, sandbox, settled, tab

IMAGES = Path(__file__).parent.parent / "docs" / "images"
COLOURS = 176


async def desk(chromium: Browser, url: str) -> None:
    """A resident signs up for a task on the left, and the leader's screen stands on the right."""
    async with at(chromium, url, "hua", "yu") as page:
        for pane in (0, 1):
            await says(page, pane, "/tasks")
            await presses(page, pane, "图书馆整理")
        await presses(page, 0, "报名")
        await presses(page, 1, "报名名单")
        await taken(page, "desk-light")


async def desk_in_english(chromium: Browser, url: str) -> None:
    """What the bot does of itself, in the dark: the county's admin looks at the panel."""
    async with at(chromium, url, "tom", language="en-GB", dark=True) as page:
        await says(page, 0, "/groups")
        await says(page, 0, "/points")
        await page.locator("#faults-button").click()
        await taken(page, "desk-dark")


async def phone(chromium: Browser, url: str) -> None:
    async with at(chromium, url, "ming", width=390, height=780) as page:
        await says(page, 0, "/start")
        await presses(page, 0, "青年说事")
        await taken(page, "phone")


@asynccontextmanager
async def at(
    chromium: Browser,
    url: str,
    *names: str,
    language: str = "zh-CN",
    dark: bool = False,
    width: int = 1440,
    height: int = 860,
) -> AsyncIterator[Page]:
    """The page as these people see it, each in a pane."""
    async with aiohttp.ClientSession() as session, session.get(f"{url}/page/people") as response:
        ids = {person["key"]: person["id"] for person in (await response.json())["people"]}
    place = "#" + "~".join(f"{ids[name]}.{ids[name]}.0" for name in names)
    async with tab(chromium, url, width=width, height=height, language=language, dark=dark, place=place) as page:
        yield page


async def says(page: Page, pane: int, text: str) -> None:
    """Say it, and wait for the answer."""
    chat = page.locator(".pane").nth(pane)
    await chat.locator("textarea").fill(text)
    await chat.locator("textarea").press("Enter")
    # Until then the last word is of another day.
    await expect(chat.locator(".message:not(.theirs)").last).to_contain_text(text)
    await expect(chat.locator(".message").last).to_contain_class("theirs")


async def presses(page: Page, pane: int, label: str) -> None:
    chat = page.locator(".pane").nth(pane)
    before = await chat.locator(".item:last-child .text").inner_text()
    await chat.locator(".key", has_text=label).last.click()
    await expect(chat.locator(".item:last-child .text")).not_to_have_text(before)


async def taken(page: Page, name: str) -> None:
    """Without words that fade, and with few colours: the pictures go with the code."""
    await expect(page.locator(".toast")).to_have_count(0)
    await page.mouse.move(0, 0)
    shot = Image.open(io.BytesIO(await page.screenshot()))
    few = shot.convert("RGB").quantize(COLOURS, kmeans=1, dither=Image.Dither.NONE)
    few.save(IMAGES / f"{name}.png", optimize=True)
    print(f"docs/images/{name}.png: {(IMAGES / f'{name}.png').stat().st_size // 1024} KB")


async def main() -> None:
    if CHROMIUM is None:
        raise SystemExit("There is no chromium on this machine: apt-get install chromium fonts-noto-cjk")
    with tempfile.TemporaryDirectory() as folder, sandbox(Path(folder)) as url:
        await settled(url)
        async with browser() as chromium:
            for take in (desk, desk_in_english, phone):
                await take(chromium, url)


if __name__ == "__main__":
    asyncio.run(main())
