"""What people and the bot send, as it is seen in a real browser; the test speaks for the bot."""

import asyncio
import re
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from playwright.async_api import Browser, FilePayload, Page, expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove, Update

from bot.sandbox.chats import Chat
from bot.sandbox.files import DOWNLOAD_BYTES_MAX
from bot.sandbox.people import Persona
from tests.browser.chromium import tab
from tests.browser.conftest import Scene
from tests.sandbox.test_page import PIXEL

SCRIPT = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
Tab = AbstractAsyncContextManager[Page]
RUNNING = ".pane script, .pane img[src=x], .listbox script, .listbox img, dialog script"
MISSED_TOO_MUCH = 5001
# Days that lie over a bubble, at each place that one can scroll to.
OVERLAPS = """async () => {
    const [list] = document.querySelectorAll(".messages");
    const found = [];
    for (let top = 0; top < list.scrollHeight; top += 90) {
        list.scrollTop = top;
        await new Promise(requestAnimationFrame);
        const bubbles = [...list.querySelectorAll(".bubble")].map((one) => one.getBoundingClientRect());
        const days = [...list.querySelectorAll(".day span")].map((one) => one.getBoundingClientRect());
        if (days.some((day) => bubbles.some((one) => one.top < day.bottom && day.top < one.bottom))) found.push(top);
    }
    return found;
}"""


async def started(scene: Scene, name: str = "小明") -> Persona:
    persona = scene.people.person(name, language_code="zh-hans")
    await persona.starts()
    await heard(scene)
    return persona


async def heard(scene: Scene) -> list[Update]:
    """All that waits for the bot, confirmed at once."""
    updates = list(await scene.bot.get_updates())
    if updates:
        await scene.bot.get_updates(offset=updates[-1].update_id + 1)
    return updates


async def pressed(scene: Scene, page: Page, label: str) -> str:
    """Press it, and give the press that the bot is to answer."""
    async with page.expect_response(re.compile("/deeds/presses")):
        await page.locator(".key", has_text=label).last.click()
    query = (await heard(scene))[-1].callback_query
    assert query is not None
    return query.id


def seen(
    scene: Scene, chromium: Browser, *places: tuple[Persona, Chat], topic: int = 0, provoked: str = "/sandbox/machine"
) -> Tab:
    """The page as these people see it, each in a pane; there is no machine behind it to ask."""
    where = "~".join(f"{persona.id}.{chat.id}.{topic}" for persona, chat in places)
    return tab(chromium, scene.server.url, place=f"#{where}", provoked=["/sandbox/machine", provoked])


async def test_the_answer_of_a_press_is_a_word_that_fades_or_a_box_to_close(scene: Scene, chromium: Browser) -> None:
    """As the bot wants it; while it has not answered, the button shows that it was pressed."""
    ming = await started(scene)
    buttons = InlineKeyboardMarkup.from_row([InlineKeyboardButton("签到", callback_data="x")])
    await scene.bot.send_message(ming.id, "到了吗？", reply_markup=buttons)
    async with seen(scene, chromium, (ming, ming.chat)) as page:
        press = await pressed(scene, page, "签到")
        await expect(page.locator(".key")).to_have_attribute("aria-busy", "true")
        await scene.bot.answer_callback_query(press, "已签到")
        await expect(page.locator(".toast")).to_have_text("已签到")
        await expect(page.locator(".key")).to_have_attribute("aria-busy", "false")
        await scene.bot.answer_callback_query(await pressed(scene, page, "签到"), "只能签到一次", show_alert=True)
        await expect(page.locator("dialog .words")).to_have_text("只能签到一次")
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog")).to_have_count(0)


async def test_a_script_is_shown_as_text_wherever_it_stands(scene: Scene, chromium: Browser) -> None:
    """In a group's title, a topic, a poll, a file's name, a caption, a button and a toast."""
    ming = await started(scene, SCRIPT[:64])
    group = scene.people.group(SCRIPT, ming)
    await ming.opens_topic(SCRIPT, group)
    button = InlineKeyboardButton(SCRIPT, callback_data="x")
    await scene.bot.send_document(group.id, b"x", filename=f"{SCRIPT}.html", caption=SCRIPT)
    await scene.bot.send_poll(group.id, SCRIPT, [SCRIPT, "2"], reply_markup=InlineKeyboardMarkup.from_button(button))
    async with seen(scene, chromium, (ming, group)) as page:
        await expect(page.locator(".pane-head h2")).to_have_text(SCRIPT)
        await expect(page.locator(".file strong")).to_contain_text("<script>")
        await expect(page.locator(".poll > strong")).to_have_text(SCRIPT)
        await scene.bot.answer_callback_query(await pressed(scene, page, "<script>"), SCRIPT)
        await expect(page.locator(".toast")).to_have_text(SCRIPT)
        assert await page.locator(RUNNING).count() == 0
        assert "run" not in await page.title()


async def test_an_uploaded_page_is_saved_and_never_run(scene: Scene, chromium: Browser) -> None:
    """Whoever follows it gets a file, and the sandbox's address runs nothing of it."""
    ming = await started(scene)
    html: FilePayload = {"name": "页面.html", "mimeType": "text/html", "buffer": SCRIPT.encode()}
    async with seen(scene, chromium, (ming, ming.chat)) as page:
        await sends(page, "文件", html)
        async with page.expect_download() as saving:
            await page.locator("a.file").click()
        saved = await saving.value
        assert (saved.suggested_filename, (await saved.path()).read_bytes()) == ("页面.html", SCRIPT.encode())
        assert "run" not in await page.title()


async def sends(page: Page, kind: str, file: FilePayload) -> None:
    await chooses(page, kind, file)
    await page.locator("dialog button.primary").click()


async def chooses(page: Page, kind: str, file: FilePayload | Path) -> None:
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="附件", exact=True).click()
        await page.get_by_role("menuitem", name=kind, exact=True).click()
    await (await choosing.value).set_files(file)


async def test_a_picture_is_seen_at_once_and_in_large(scene: Scene, chromium: Browser) -> None:
    """By whoever sent it, and it comes to the bot."""
    ming = await started(scene)
    async with seen(scene, chromium, (ming, ming.chat)) as page:
        await sends(page, "图片", {"name": "a.png", "mimeType": "image/png", "buffer": PIXEL})
        await page.locator(".photo img").wait_for()
        await page.locator(".photo").click()
        await page.wait_for_function("() => document.querySelector('dialog.lightbox img').naturalWidth === 1")
    assert (await heard(scene))[-1].effective_message.photo  # type: ignore[union-attr]


async def test_a_file_that_is_too_large_is_refused_with_a_clear_word(
    scene: Scene, chromium: Browser, tmp_path: Path
) -> None:
    """Before it is sent at all."""
    ming, large = await started(scene), tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(DOWNLOAD_BYTES_MAX + 1)
    async with seen(scene, chromium, (ming, ming.chat)) as page:
        await chooses(page, "文件", large)
        await expect(page.locator(".toast")).to_contain_text("20 MB")
        await expect(page.locator("a.file")).to_have_count(0)


async def test_keys_below_the_chat_speak_for_the_person(scene: Scene, chromium: Browser) -> None:
    """Until the bot takes them away."""
    ming = await started(scene)
    keys = ReplyKeyboardMarkup([["不上传"], ["取消"]])
    await scene.bot.send_message(ming.id, "有照片吗？", reply_markup=keys)
    async with seen(scene, chromium, (ming, ming.chat)) as page:
        await page.locator(".reply-keyboard .key", has_text="不上传").click()
        await expect(page.locator(".mine .text").last).to_have_text("不上传")
        await scene.bot.send_message(ming.id, "好的", reply_markup=ReplyKeyboardRemove())
        await expect(page.locator(".reply-keyboard")).to_have_count(0)


async def test_a_poll_shows_its_votes_to_whoever_has_voted(scene: Scene, chromium: Browser) -> None:
    """Not before; and another's vote arrives by itself."""
    ming, hua = await started(scene), await started(scene, "小花")
    group = scene.people.group("舞蹈团", ming, hua)
    poll = await scene.bot.send_poll(group.id, "周几排练？", ["周五", "周六"], is_anonymous=False)
    async with seen(scene, chromium, (ming, group)) as page:
        await expect(page.locator(".poll-share")).to_have_count(0)
        await page.locator(".poll-option", has_text="周五").click()
        await expect(page.locator(".poll-share")).to_have_text(["100%", "0%"])
        await hua.votes(group.messages[poll.message_id], 1)
        await expect(page.locator(".poll-share")).to_have_text(["50%", "50%"])


async def test_a_join_request_is_approved_where_it_arrives(scene: Scene, chromium: Browser) -> None:
    """Side by side: one asks, the other lets in, and the first may write."""
    lan, wei = await started(scene, "小兰"), await started(scene, "阿伟")
    group = scene.people.group("书法社", lan)
    group.by_request = True
    async with seen(scene, chromium, (lan, group), (wei, group)) as page:
        panes = page.locator(".pane")
        await panes.nth(1).get_by_role("button", name="申请加入").click()
        await panes.nth(0).locator(".request", has_text="阿伟").locator("button.primary").click()
        await expect(panes.nth(1).locator("textarea")).to_be_visible()
        await expect(panes.nth(0).locator(".request")).to_have_count(0)


async def test_a_blocked_bot_is_taken_back_with_one_press(scene: Scene, chromium: Browser) -> None:
    """Meanwhile nothing can be written to it, and it hears of both."""
    ming = await started(scene)
    async with seen(scene, chromium, (ming, ming.chat)) as page:
        await page.locator(".pane-head .icon-button").last.click()
        await page.get_by_role("menuitem", name="屏蔽").click()
        await page.locator("dialog button.primary").click()
        await expect(page.locator(".pane textarea")).to_be_hidden()
        await page.locator(".write-instead .large").click()
        await expect(page.locator(".pane textarea")).to_be_visible()
    told = [update.my_chat_member.new_chat_member.status for update in await heard(scene) if update.my_chat_member]
    assert told == ["kicked", "member"]


async def test_an_unknown_persona_in_the_address_is_passed_over(scene: Scene, chromium: Browser) -> None:
    """The page shows somebody who is there."""
    ming = await started(scene)
    async with tab(chromium, scene.server.url, place="#4711.4711.0~x.y", provoked=["/sandbox/machine"]) as page:
        await expect(page.locator(".seen-by")).to_contain_text("小明")
        assert f"#{ming.id}." in page.url


async def test_what_was_missed_comes_after_the_stream_broke(scene: Scene, chromium: Browser) -> None:
    """The page says that it lost the sandbox, goes on where it was, and shows nothing twice."""
    ming = await started(scene)
    async with seen(scene, chromium, (ming, ming.chat), provoked="ERR_") as page:
        await scene.server.away()
        await expect(page.locator("#offline")).to_be_visible()
        await scene.bot.send_message(ming.id, "你错过了这句")
        await scene.server.back()
        await expect(page.locator(".text", has_text="你错过了这句")).to_have_count(1)
        await expect(page.locator("#offline")).to_be_hidden()


async def test_whoever_missed_too_much_loads_the_chat_anew(scene: Scene, chromium: Browser) -> None:
    """More than the sandbox remembers: the newest messages stand there all the same."""
    ming = await started(scene)
    async with seen(scene, chromium, (ming, ming.chat), provoked="ERR_") as page:
        await scene.server.away()
        for _ in range(MISSED_TOO_MUCH):
            scene.world.changed("action", ming.chat, {"action": "typing"})
        await scene.bot.send_message(ming.id, "最后一句")
        await scene.server.back()
        await expect(page.locator(".text", has_text="最后一句")).to_have_count(1)


async def test_a_closed_tab_leaves_no_stream_behind(scene: Scene, chromium: Browser) -> None:
    """Two are open, and none once both are closed."""
    ming = await started(scene)
    news = scene.news
    async with seen(scene, chromium, (ming, ming.chat)) as page:
        async with seen(scene, chromium, (ming, ming.chat)):
            assert news.tabs == 2
        await scene.bot.send_message(ming.id, "还在吗？")
        await expect(page.locator(".text", has_text="还在吗？")).to_have_count(1)
    for _ in range(100):
        if not news.tabs:
            break
        news.put("action", {"chat": 0, "content": {}})
        await asyncio.sleep(0.02)
    assert news.tabs == 0


async def test_what_is_sent_in_a_topic_stays_in_it(scene: Scene, chromium: Browser) -> None:
    """A place, a number and a picture as well as words; that the topic was opened is said in words."""
    ming = await started(scene)
    group = scene.people.group("讲解队", ming)
    topic = await ming.opens_topic("排班", group)
    async with seen(scene, chromium, (ming, group), topic=topic) as page:
        await expect(page.locator(".service span").last).to_have_text("小明开了话题“排班”")
        for kind in ("位置", "我的名片"):
            await page.get_by_role("button", name="附件", exact=True).click()
            await page.get_by_role("menuitem", name=kind, exact=True).click()
            await page.locator("dialog button.primary").click()
        await sends(page, "图片", {"name": "a.png", "mimeType": "image/png", "buffer": PIXEL})
        for sent in (".place", ".contact", ".photo"):
            await expect(page.locator(f".mine {sent}")).to_be_visible()
    assert [update.message.message_thread_id for update in (await heard(scene))[-3:] if update.message] == [topic] * 3


async def test_the_day_stands_clear_of_the_words(scene: Scene, chromium: Browser) -> None:
    """Wherever one has scrolled to."""
    ming = await started(scene)
    await scene.bot.send_message(ming.id, "很长的通知\n" * 80)
    async with seen(scene, chromium, (ming, ming.chat)) as page:
        assert await page.evaluate(OVERLAPS) == []


async def test_a_page_that_is_there_before_the_county(scene: Scene, chromium: Browser) -> None:
    """Opened in the first second, before anybody is there: a chat opens with the first who comes."""
    page = await chromium.new_page()
    await page.goto(scene.server.url)
    await expect(page.locator("#people .row")).to_have_count(0)
    await started(scene)
    await expect(page.locator("body.ready .pane textarea")).to_be_visible()
    await page.close()
