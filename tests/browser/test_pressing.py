"""A press counts, whatever comes in while it is under way; the test speaks for the bot."""

from playwright.async_api import Browser, Page, expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from tests.browser.conftest import Scene
from tests.browser.test_seeing import heard, seen, started

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


async def _comes_down(page: Page, label: str) -> None:
    await page.locator(".key", has_text=label).hover()
    await page.mouse.down()
