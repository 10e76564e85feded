"""A person plays the county in a real browser, with the bot's own process behind it."""

import aiohttp
from playwright.async_api import Browser, expect

from bot.sandbox.page.guards import POLICY
from tests.browser.chromium import settled, tab
from tests.browser.test_page import arrives
from tests.scanning import scanned


async def test_from_a_poster_to_signed_up_in_three_taps(chromium: Browser, url: str) -> None:
    """What a camera reads from the poster on the screen, yes it is me, sign up: nothing is typed."""
    async with tab(chromium, url, dark=True) as page, aiohttp.ClientSession(url) as session:
        await page.click("#tour-button")
        await page.get_by_role("button", name="开始导览").click()
        await page.wait_for_function("() => document.querySelector('.poster img')?.naturalWidth > 0")
        [link] = scanned(await page.locator(".poster").screenshot())
        person = (await page.evaluate("location.hash")).removeprefix("#").partition(".")[0]
        async with session.post(f"/page/people/{person}/deeds/opens", json={"url": link}) as answer:
            assert (await answer.json())["kind"] == "start"
        chat = page.locator(".pane").first
        await chat.locator(".key", has_text="是我，开始吧").click()
        await chat.locator(".key", has_text="报名").first.click()
        await expect(chat.locator(".text").last).to_contain_text("你已报名")


async def test_a_screen_is_changed_where_it_stands(chromium: Browser, url: str) -> None:
    """What a button opens comes in the screen's place, and Home leads back."""
    async with tab(chromium, url) as page:
        chat = await arrives(page, "阿改")
        await chat.locator(".key", has_text="是我，开始吧").click()
        await chat.locator(".key", has_text="设置").click()
        await expect(chat.locator(".theirs")).to_have_count(1)
        await chat.locator(".key", has_text="主页").click()
        await expect(chat.locator(".key", has_text="兴趣小组")).to_be_visible()
        await expect(chat.locator(".edited")).to_be_visible()


async def test_the_menu_of_commands_opens_and_closes_by_keyboard(chromium: Browser, url: str) -> None:
    """Arrows and Enter choose the chat, a slash opens the menu, Escape closes it, and what was typed is still there."""
    async with tab(chromium, url) as page:
        await page.locator("#chats").focus()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowUp")
        await page.keyboard.press("Enter")
        await page.locator(".pane textarea").focus()
        await page.keyboard.type("/")
        await expect(page.locator(".completion")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.locator(".completion")).to_be_hidden()
        await expect(page.locator(".pane textarea")).to_have_value("/")


async def test_what_is_said_while_the_bot_is_dead_is_answered_when_it_lives(chromium: Browser, url: str) -> None:
    """Killed by the page's button, it says why nothing comes and can be started there, on a phone, too: nothing is lost."""
    # Another test may have killed it in the middle of a broadcast.
    before = await figures(url)
    async with tab(chromium, url) as page:
        chat = await arrives(page, "阿等")
        await page.locator('[data-bot="kill"]').click()
        await expect(page.locator("#bot-state")).to_have_class("bot-state killed")
        await expect(page.locator("#asleep")).to_contain_text("机器人停了")
        await chat.locator("textarea").fill("/help")
        await chat.locator("textarea").press("Enter")
        await expect(chat.locator(".mine .text").last).to_have_text("/help")
        await page.set_viewport_size({"width": 390, "height": 844})
        await page.locator('#asleep [data-bot="start"]').click()
        await expect(chat.locator(".theirs")).to_have_count(2)
        await expect(page.locator("#asleep")).to_be_hidden()
        await settled(url)
        assert await figures(url) == before
        await expect(chat.locator(".theirs")).to_have_count(2)


async def figures(url: str) -> tuple[int, int]:
    """Lost and doubled."""
    async with aiohttp.ClientSession(url) as session, session.get("/sandbox/machine") as response:
        ledger = (await response.json())["ledger"]
    return ledger["lost"], ledger["doubled"]


async def test_the_countys_time_moves_by_a_button(chromium: Browser, url: str) -> None:
    """An hour on, the page shows the new time and that it has arrived."""
    async with tab(chromium, url) as page:
        before = await page.locator("#clock").inner_text()
        await page.locator('[data-time="hour"]').click()
        await expect(page.locator("#clock")).not_to_have_text(before)
        await expect(page.locator("#progress")).to_be_hidden()


async def test_every_answer_forbids_what_is_inline(url: str) -> None:
    """Neither scripts nor styles that stand in the page itself, nor anything from elsewhere."""
    async with aiohttp.ClientSession(url) as session:
        for path in ("/", "/page/people", "/static/js/main.js"):
            async with session.get(path) as response:
                assert response.headers["Content-Security-Policy"] == POLICY
                assert "unsafe" not in POLICY
                assert "default-src 'none'" in POLICY
