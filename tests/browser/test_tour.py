"""The guided tour, walked from end to end as a stranger would."""

import re

from playwright.async_api import Browser, Page, expect

from tests.browser.chromium import tab

FAR_MILLISECONDS = 30_000


async def test_the_tour_from_end_to_end(chromium: Browser, url: str) -> None:
    """Each step notices by itself that it was done; left and loaded anew it goes on; at its end nothing is lost."""
    async with tab(chromium, url, width=1680) as page:
        await page.click("#tour-button")
        await page.get_by_role("button", name="开始导览").click()
        await _does(page, "扫海报")
        await _presses(page, 0, "是我，开始吧")
        await _at(page, "报名")
        await _presses(page, 0, "报名")
        await _does(page, "组长看到了")
        await page.reload()
        await page.wait_for_selector("body.ready")
        await _does(page, "加入小组")
        for title in ("时间快进", "任务结束了"):
            await _until_over(page, title)
        await _confirms(page)
        await _does(page, "积分从哪来", wait=False)
        await _presses(page, 0, "余额怎么来的？")
        await _does(page, "青年说事")
        await _announces(page)
        await _does(page, "谁做了什么")
        await expect(page.locator(".finished")).to_be_visible()
        await expect(page.locator("#ledger dt", has_text="丢失的").locator("+ dd")).to_have_text("0")


async def _at(page: Page, title: str) -> None:
    await expect(page.locator("#tour h3")).to_have_text(title, timeout=FAR_MILLISECONDS)


async def _does(page: Page, title: str, *, wait: bool = True) -> None:
    """Press the step's own button, and wait until the tour has gone on."""
    await _at(page, title)
    await page.locator(".tour-card > button.primary").click()
    if wait:
        await expect(page.locator("#tour h3", has_text=re.compile(f"^{title}$"))).to_have_count(
            0, timeout=FAR_MILLISECONDS
        )


async def _presses(page: Page, pane: int, label: str) -> None:
    await page.locator(".pane").nth(pane).locator(".key", has_text=label).last.click()


async def _until_over(page: Page, title: str) -> None:
    """Let mornings pass until the tour has gone on."""
    await _at(page, title)
    here = page.locator("#tour h3", has_text=title)
    for _ in range(6):
        if not await here.count() or await page.locator(".tour-card.done").count():
            break
        await page.locator('[data-time="morning"]').click()
        await expect(page.locator("#progress")).to_be_hidden(timeout=FAR_MILLISECONDS)
        await page.wait_for_timeout(400)
    await expect(here).to_have_count(0, timeout=FAR_MILLISECONDS)


async def _confirms(page: Page) -> None:
    await _at(page, "确认谁来了")
    leader = page.locator(".pane").nth(1)
    for label in ("谁到场了", "全部到场", "确认", "确认"):
        await leader.locator(".key", has_text=label).last.click()
        await page.wait_for_timeout(500)


async def _announces(page: Page) -> None:
    """The bot is killed in the middle, and all are reached."""
    await _does(page, "群发途中杀掉机器人", wait=False)
    for label in ("跳过", "选择发给谁", "全县", "发给"):
        await page.locator(".pane").nth(1).locator(".key", has_text=label).last.wait_for()
        await page.wait_for_timeout(500)
        await page.locator(".pane").nth(1).locator(".key", has_text=label).last.click()


async def test_the_tour_shows_where_to_press(chromium: Browser, url: str) -> None:
    """A ring stands around the button of the step, and goes on with it; without the tour there is none."""
    async with tab(chromium, url) as page:
        await page.click("#tour-button")
        await page.get_by_role("button", name="开始导览").click()
        await _does(page, "扫海报")
        ring = page.locator(".ring")
        await expect(ring).to_have_text("是我，开始吧")
        await ring.press("Enter")
        await _at(page, "报名")
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
