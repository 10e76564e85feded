"""The guided tour, walked from end to end as a stranger would: by what its panel says and where its ring stands."""

import asyncio
import re
from contextlib import suppress

import pytest
from playwright.async_api import Browser, Page, TimeoutError, expect

from tests.browser.chromium import tab

FAR_MILLISECONDS = 60_000
SOON_MILLISECONDS = 1_000
AGAIN_MILLISECONDS = 10_000
LOOK_SECONDS = 0.05
MORNINGS_MAX = 8
STEPS = 12
BY_TIME = (5, 6)
# All that the words of a step may name.
SEEN = """() => [...document.querySelectorAll("header, .popover, .panes, .poster")].map((part) => part.textContent).join(" ")"""
# Goes on by itself once the step is done; else gives the button that the ring asks for now.
ASKED = """([title, last]) => {
    if (document.querySelector("#tour h3").textContent !== title) return "gone";
    const next = document.querySelector(".tour:has(.done) .tour-foot button:last-child");
    if (next) next.dataset.pressed ??= String(next.click());
    const key = document.querySelector(".key.ring:not(.pressed)");
    return key && key.dataset.data !== last ? key.dataset.data : null;
}"""

# What one sees who can't go on.
STILL = """async () => [
    [...document.querySelectorAll(".ring")].map((ringed) => ringed.outerHTML),
    [...document.querySelectorAll(".pane")].map((pane) => pane.textContent.slice(-1500)),
    document.querySelector(".toast")?.textContent,
    await (await fetch("/sandbox/machine")).json(),
]"""

TIME_MOVES = "async () => Boolean((await (await fetch('/sandbox/machine')).json()).moving)"


@pytest.mark.parametrize(("language", "width"), [("zh-CN", 1680), ("en", 390)])
async def test_the_tour_from_end_to_end(chromium: Browser, url: str, language: str, width: int) -> None:
    """Side by side and on a phone: each step says what there is, and notices that it was done; at the end nothing is lost."""
    async with tab(chromium, url, width=width, language=language) as page:
        await page.click("#tour-button")
        await page.locator("#tour .large").click()
        for number in range(STEPS):
            await expect(page.locator(".tour-count")).to_contain_text(str(number + 1), timeout=FAR_MILLISECONDS)
            if number == STEPS // 2:
                await page.reload()
                await page.wait_for_selector("body.ready")
            await _step(page, by_time=number in BY_TIME)
        await expect(page.locator(".finished")).to_be_visible()
        lost = page.locator("#ledger dt", has_text=re.compile("丢失的|Lost")).locator("+ dd")
        await expect(lost).to_have_text("0")


async def _step(page: Page, *, by_time: bool) -> None:
    """Press the step's own button, and then where the ring stands, until the tour has gone on."""
    title, said = await page.locator("#tour h3").inner_text(), await page.locator(".tour-card > p").inner_text()
    assert "{" not in await page.locator("#tour").inner_text()
    seen = await page.evaluate(SEEN)
    own = page.locator(".tour-card > button.primary")
    if by_time:
        await _mornings(page, title)
    elif await own.count():
        await own.click()
    seen += await _presses(page, title)
    assert [label for label in re.findall("“(.+?)”", said) if label not in seen] == []


async def _presses(page: Page, title: str) -> str:
    """Follow the ring until another step has come; gives all that was seen meanwhile."""
    seen, last = "", ""
    while True:
        asked = await _asked(page, title, last)
        if asked == "gone":
            return seen
        seen += await page.evaluate(SEEN)
        # A newer screen may just have come, and the ring have gone there: what wasn't pressed is asked for again.
        with suppress(TimeoutError):
            await page.locator(f'.key.ring[data-data="{asked}"]').click(timeout=SOON_MILLISECONDS)
            last = asked


async def _asked(page: Page, title: str, last: str) -> str:
    """The button that the ring asks for now: another than the last one, or that again where its press came to nothing."""
    for excepted, milliseconds in ((last, AGAIN_MILLISECONDS), ("", FAR_MILLISECONDS)):
        with suppress(TimeoutError):
            waiting = await page.wait_for_function(ASKED, arg=[title, excepted], timeout=milliseconds)
            return str(await waiting.json_value())
    pytest.fail(f"the tour stands still at “{title}”, after {last!r}: {await page.evaluate(STILL)}")


async def _time_stands(page: Page) -> None:
    """Asked of the sandbox itself: the bar comes only once the answer to the press was read."""
    async with asyncio.timeout(FAR_MILLISECONDS / 1000):
        while await page.evaluate(TIME_MOVES):
            await asyncio.sleep(LOOK_SECONDS)


async def _mornings(page: Page, title: str) -> None:
    """Let mornings pass until the step is done."""
    here = page.locator(".tour-card:not(.done) h3", has_text=title)
    for _ in range(MORNINGS_MAX):
        if not await here.count():
            return
        async with page.expect_response("**/machine/time"):
            await page.locator(".tour-card > button.primary").click()
        await _time_stands(page)
        await expect(page.locator("#progress")).to_be_hidden(timeout=FAR_MILLISECONDS)
        await page.evaluate("() => new Promise(requestAnimationFrame)")


async def test_the_tour_shows_where_to_press(chromium: Browser, url: str) -> None:
    """A ring stands around the button of the step, and goes on with it; without the tour there is none."""
    async with tab(chromium, url) as page:
        await page.click("#tour-button")
        await page.get_by_role("button", name="开始导览").click()
        await page.get_by_role("button", name="扫海报上的码").click()
        ring = page.locator(".ring")
        await expect(ring).to_have_text("是我，开始吧")
        await ring.press("Enter")
        await expect(ring).to_have_text("报名")
        await page.click("#tour-button")
        await expect(ring).to_have_count(0)


async def test_the_first_visit_offers_the_tour(chromium: Browser, url: str) -> None:
    """Once, in a line; who has refused or come to a certain place isn't asked."""
    async with tab(chromium, url, language="en") as page:
        await page.get_by_role("button", name="Show me").click()
        await expect(page.locator("#tour")).to_be_visible()
        await expect(page.locator("#offer")).to_be_hidden()
        place = await page.evaluate("location.hash")
        await page.goto(f"{url}/?again")
        await page.wait_for_selector("body.ready")
        await expect(page.locator("#offer")).to_be_hidden()
    async with tab(chromium, url, place=place) as page:
        await expect(page.locator("#offer")).to_be_hidden()
    async with tab(chromium, url) as page:
        await page.get_by_role("button", name="不用了").click()
        await expect(page.locator("#offer")).to_be_hidden()
        await expect(page.locator("#tour")).to_be_hidden()
