"""A press counts, whatever comes in while it is under way; the test speaks for the bot."""

import asyncio
import re

from playwright.async_api import Browser, Page, Route, expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from bot.sandbox.answers import Json
from tests.browser.chromium import tab
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


async def test_a_tap_on_a_message_opens_what_can_be_done_with_it(scene: Scene, chromium: Browser) -> None:
    """Where there is no pointer to come near it; a tap on a link in it follows the link."""
    ming = await started(scene)
    await scene.bot.send_message(ming.id, "看 https://t.me/county_bot?start=x-1")
    place = f"#{ming.id}.{ming.id}.0"
    async with tab(
        chromium, scene.server.url, width=390, touch=True, place=place, provoked=["/sandbox/machine"]
    ) as page:
        await page.locator(".theirs .text").tap(position={"x": 4, "y": 10})
        await page.get_by_role("menuitem", name="回复").tap()
        await expect(page.locator(".banner-words")).to_contain_text("看 https")
        await page.locator(".theirs a").tap()
        await expect(page.locator(".mine .text").last).to_have_text("/start x-1")
        await expect(page.locator("dialog")).to_have_count(0)


async def test_the_menus_button_opens_the_commands_by_keyboard(scene: Scene, chromium: Browser) -> None:
    """Shift and Tab lead to it from the line, Enter opens, arrows choose, and Enter sends: both ways around the end."""
    ming = await started(scene)
    await scene.bot.set_my_commands([("start", "开始"), ("groups", "兴趣小组"), ("help", "帮助")])
    async with seen(scene, chromium, (ming, ming.chat)) as page:
        line, option = page.locator(".pane textarea"), page.get_by_role("option", selected=True).last
        await line.focus()
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Enter")
        await expect(line).to_be_focused()
        await expect(option).to_contain_text("/start")
        for key, command in (("ArrowUp", "/help"), ("ArrowDown", "/start"), ("ArrowDown", "/groups")):
            await page.keyboard.press(key)
            await expect(option).to_contain_text(command)
            assert await line.get_attribute("aria-activedescendant") == await option.get_attribute("id")
        await page.keyboard.press("Enter")
        await expect(page.locator(".mine .text").last).to_have_text("/groups")
        await expect(page.locator(".completion")).to_be_hidden()


async def test_what_was_typed_waits_in_its_chat(scene: Scene, chromium: Browser) -> None:
    """While one looks into another, and when the page is loaded again; what was sent is no draft any more."""
    ming = await started(scene)
    scene.people.group("舞蹈团", ming)
    async with seen(scene, chromium, (ming, ming.chat)) as page:
        line = page.locator(".pane textarea")
        await line.fill("写到一半")
        await page.locator("#chats .row", has_text="舞蹈团").click()
        await expect(page.locator(".pane-head h2")).to_have_text("舞蹈团")
        await expect(line).to_have_value("")
        await page.locator("#chats .row").first.click()
        await expect(line).to_have_value("写到一半")
        await expect(page).to_have_url(re.compile(rf"\.{ming.id}\.0$"))
        await page.reload()
        await expect(line).to_have_value("写到一半")
        await line.press("Enter")
        await expect(page.locator(".mine .text").last).to_have_text("写到一半")
        await page.reload()
        await page.wait_for_selector("body.ready")
        await expect(line).to_have_value("")


async def test_an_answer_to_what_is_gone_says_so(scene: Scene, chromium: Browser) -> None:
    """It leads nowhere, and the chat stays where it is."""
    ming = await started(scene)
    asked = await scene.bot.send_message(ming.id, "来吗？")
    await ming.says("来", reply_to=ming.chat.messages[asked.message_id])
    await asked.delete()
    async with seen(scene, chromium, (ming, ming.chat)) as page:
        await page.locator(".reply").click()
        await expect(page.locator(".toast")).to_have_text("这条消息已经删除了。")
        await expect(page.locator(".text")).to_have_text(["/start", "来"])


async def test_a_list_that_comes_late_has_what_was_said_meanwhile(scene: Scene, chromium: Browser) -> None:
    """It was put together before the newest message, and arrives after it."""
    ming = await started(scene)
    group = scene.people.group("舞蹈团", ming)
    asked, given = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        if asked.is_set():
            return await route.abort()
        asked.set()
        answer = await route.fetch()
        await scene.bot.send_message(group.id, "六点见")
        await expect(page.locator("#chats .row", has_text="六点见")).to_be_visible()
        await route.fulfill(response=answer)
        return given.set()

    async with seen(scene, chromium, (ming, ming.chat), provoked="ERR_") as page:
        await page.route(re.compile(r"/people/\d+/chats$"), late)
        await ming.leaves(scene.people.group("书法社", ming))
        await given.wait()
        await page.evaluate("() => new Promise((done) => setTimeout(done, 100))")
        await expect(page.locator("#chats .row", has_text="六点见").locator(".badge")).to_have_text("1")


async def _comes_down(page: Page, label: str) -> None:
    await page.locator(".key", has_text=label).hover()
    await page.mouse.down()


async def test_an_admin_does_to_a_group_what_can_befall_it(scene: Scene, chromium: Browser) -> None:
    """It becomes a supergroup, to which the open chat goes on; somebody is banned by his words, and forgiven."""
    ming, hua = await started(scene), scene.people.person("小花")
    group = scene.people.group("舞蹈团群", ming, hua, kind="group")
    async with seen(scene, chromium, (ming, group)) as page:
        await page.locator(".pane-head").get_by_role("button", name="更多").click()
        await page.get_by_role("menuitem", name="升级为超级群").click()
        await expect(page.locator(".service").last).to_have_text("这个群升级成了超级群")
        above = scene.world.chats[group.migrated_to]
        await hua.says("你好", above)
        await page.locator(".theirs .text").last.click(button="right")
        await page.get_by_role("menuitem", name="封禁小花").click()
        await expect(page.locator(".service").last).to_contain_text("小花")
        assert above.member(hua.id).status == "kicked"
        await expect(page.locator(".pane-about")).to_have_text("2 位成员")
        await page.locator(".pane-head").get_by_role("button", name="更多").click()
        await page.get_by_role("menuitem", name="解除小花的封禁").click()
        await page.locator(".pane-head").get_by_role("button", name="更多").click()
        await page.get_by_role("menuitem", name="移除机器人").click()
        await expect(page.locator(".service").last).to_contain_text("County")
        assert (above.member(hua.id).status, above.member(scene.people.bot.id).status) == ("left", "kicked")
