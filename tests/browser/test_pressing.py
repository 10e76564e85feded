"""A press counts, whatever comes in while it is under way; the test speaks for the bot."""

import asyncio

from playwright.async_api import Browser, Page, expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from bot.sandbox.answers import Json
from tests.browser.conftest import Scene
from tests.browser.test_seeing import heard, seen, started

IS_SEEN = """(isSeen) => {
    Object.defineProperty(document, "hidden", { value: !isSeen, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
BUTTON = InlineKeyboardMarkup.from_row([InlineKeyboardButton("确认", callback_data="sure")])


async def test_a_press_counts_whatever_arrives_meanwhile(scene: Scene, chromium: Browser) -> None:
    """Between a finger's coming down and its going up nothing moves under it; what arrived stands there right after."""
    ming = await started(scene)
    asked = await scene.bot.send_message(ming.id, "几个人来了？", reply_markup=BUTTON)
    async with seen(scene, chromium, (ming, ming.chat)) as page:
        await _comes_down(page, "确认")
        await asked.edit_text("三个人来了？", reply_markup=BUTTON)
        await scene.bot.send_message(ming.id, "又来了一个")
        await page.wait_for_timeout(150)
        async with page.expect_response("**/deeds/presses"):
            await page.mouse.up()
        query = (await heard(scene))[-1].callback_query
        assert query is not None
        assert query.data == "sure"
        await expect(page.locator(".theirs .text")).to_have_text(["三个人来了？", "又来了一个"])


async def test_links_and_commands_in_a_text_do_what_they_say(scene: Scene, chromium: Browser) -> None:
    """A deep link opens the bot with what stands in it; a command is said."""
    ming = await started(scene)
    await scene.bot.send_message(ming.id, "看 https://t.me/county_bot?start=x-1 或 /help")
    async with seen(scene, chromium, (ming, ming.chat)) as page:
        await page.locator(".theirs a").click()
        await expect(page.locator(".mine .text").last).to_have_text("/start x-1")
        await page.locator(".theirs .command-link").click()
        await expect(page.locator(".mine .text").last).to_have_text("/help")


async def test_a_link_that_is_a_script_runs_nothing(scene: Scene, chromium: Browser) -> None:
    """In a text as on a button: it is named, and leads nowhere."""
    ming = await started(scene)
    script = "javascript:document.title='run'"
    link = [MessageEntity(MessageEntity.TEXT_LINK, 0, 4, url=script)]
    said = await scene.bot.send_message(ming.id, "点这里吧", entities=link)
    button: Json = {"inline_keyboard": [[{"text": "打开", "url": script}]]}
    scene.world.replace(ming.chat, ming.chat.messages[said.message_id] | {"reply_markup": button})
    async with seen(scene, chromium, (ming, ming.chat)) as page:
        for one in (page.locator(".text a"), page.locator(".key")):
            await one.click()
            await expect(page.locator(".toast, dialog")).to_be_visible()
            await page.keyboard.press("Escape")
        assert "run" not in await page.title()


async def test_a_tab_that_nobody_sees_holds_no_connection(scene: Scene, chromium: Browser) -> None:
    """A browser has six for all its tabs. Seen again it has missed nothing."""
    ming = await started(scene)
    async with seen(scene, chromium, (ming, ming.chat)) as page:
        assert scene.news.tabs == 1
        await page.evaluate(IS_SEEN, False)
        await scene.bot.send_message(ming.id, "有人在看吗？")
        async with asyncio.timeout(10):
            while scene.news.tabs:
                scene.news.put("action", {"chat": 0, "content": {}})
                await asyncio.sleep(0.02)
        await expect(page.locator(".text")).to_have_count(1)
        await page.evaluate(IS_SEEN, True)
        await expect(page.locator(".text")).to_have_text(["/start", "有人在看吗？"])


async def _comes_down(page: Page, label: str) -> None:
    await page.locator(".key", has_text=label).hover()
    await page.mouse.down()
