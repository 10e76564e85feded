"""How the page looks: whole at every width, and readable in light and dark."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from tests.browser.chromium import tab
from tests.browser.conftest import Scene
from tests.browser.test_seeing import seen, started

WIDTHS = (1400, 1180, 1024, 768, 390, 320)
CONTRAST_MIN = 4.5
LINE_PIXELS_MIN = 34
FEW = 60
ROOM_PIXELS_MIN = 40
HAS_ROOM = "([place, least]) => document.querySelector(place).getBoundingClientRect().width > least"
CONTRASTS = (Path(__file__).parent / "contrasts.js").read_text(encoding="utf-8")
BEYOND = """() => [...document.querySelectorAll(".bar *, .offer *, .pane-head *, .composer *, .column-head *")]
    .filter((one) => one.checkVisibility() && !one.closest(".sr-only"))
    .filter((one) => { const { left, right } = one.getBoundingClientRect(); return left < 0 || right > innerWidth; })
    .map((one) => one.outerHTML.slice(0, 90))"""
BAR_HEIGHT = "document.querySelector('.bar').getBoundingClientRect().height"
BAR_PIXELS_MAX = 64
NAMELESS = """() => [...document.querySelectorAll("button, input, textarea, a[href]")]
    .filter((one) => !(one.ariaLabel || one.innerText?.trim() || one.labels?.length))
    .map((one) => one.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_nothing_stands_beyond_the_edge(chromium: Browser, url: str, language: str) -> None:
    """Every control is within the page's width, those that are folded away on a phone too, once they are opened."""
    async with tab(chromium, url, language=language) as page:
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 844})
            assert await page.evaluate(BEYOND) == [], width
            controls = page.locator("#controls")
            if await controls.is_visible():
                assert await page.evaluate(BAR_HEIGHT) < BAR_PIXELS_MAX, "one row, as long as nothing is opened"
                await controls.click()
                await expect(page.locator('[data-time="council"]')).to_be_visible()
                assert await page.evaluate(BEYOND) == [], width
                await controls.click()
                await expect(page.locator('[data-time="council"]')).to_be_hidden()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_words_stand_out_from_their_ground(chromium: Browser, url: str, dark: bool) -> None:
    """At least as much as WCAG's AA asks for, in the lists, the chat, its buttons, the bar and what opens from it."""
    async with tab(chromium, url, dark=dark) as page:
        assert await _pale(page) == []
        await page.click("#faults-button")
        assert await _pale(page) == []
        await page.keyboard.press("Escape")
        await page.click("#tour-button")
        assert await _pale(page) == []


async def _pale(page: Page) -> list[object]:
    found: list[object] = await page.evaluate(CONTRASTS, CONTRAST_MIN)
    return found


async def test_every_control_has_a_name(chromium: Browser, url: str) -> None:
    """Whoever hears the page knows what each button, field and link is for."""
    async with tab(chromium, url) as page:
        for width in (1400, 390):
            await page.set_viewport_size({"width": width, "height": 844})
            assert await page.evaluate(NAMELESS) == [], width


async def test_a_row_is_heard_as_it_is_seen(scene: Scene, chromium: Browser) -> None:
    """Name, what was said last, and how much of it is unread; but not the letters of a picture."""
    ming = await started(scene)
    group = scene.people.group("舞蹈团", ming)
    async with seen(scene, chromium, (ming, ming.chat)) as page:
        await scene.bot.send_message(group.id, "六点见")
        await expect(page.get_by_role("option", name=re.compile("^舞蹈团.*六点见.*1 条未读"))).to_be_visible()
        await expect(page.get_by_role("option", name=re.compile("^小明 居民"))).to_be_visible()


async def test_a_long_name_leaves_room_for_the_others(scene: Scene, chromium: Browser) -> None:
    """Whose page it is, which chat it is, and whose chats these are: each in one line, in a name's own direction."""
    ming = await started(scene, "مرحبا" * 40)
    group = scene.people.group("名" * 128, ming)
    async with seen(scene, chromium, (ming, group)) as page:
        for width in (1400, 800):
            await page.set_viewport_size({"width": width, "height": 844})
            for place in (".pane-words h2", ".seen-by > span:not(.avatar)", "#chats-of"):
                await page.wait_for_function(HAS_ROOM, arg=[place, ROOM_PIXELS_MIN])
                box = await page.locator(place).bounding_box()
                assert box is not None
                assert box["height"] < LINE_PIXELS_MIN, (place, width)


async def test_escape_leads_from_a_button_to_the_line_one_writes_in(scene: Scene, chromium: Browser) -> None:
    """However many buttons stand between; what is not seen is not stopped at."""
    ming = await started(scene)
    keys = InlineKeyboardMarkup.from_column([InlineKeyboardButton(str(n), callback_data=str(n)) for n in range(8)])
    await scene.bot.send_message(ming.id, "选一个", reply_markup=keys)
    async with seen(scene, chromium, (ming, ming.chat)) as page:
        await page.locator(".key").first.focus()
        await page.keyboard.press("Escape")
        await expect(page.locator(".pane textarea")).to_be_focused()
        await page.locator(".key").last.focus()
        await page.keyboard.press("Tab")
        await expect(page.locator(".pane textarea")).to_be_focused()


async def test_the_line_one_writes_in_is_whole_on_a_phone(chromium: Browser, url: str) -> None:
    """Also when the chat was drawn before it was seen."""
    async with tab(chromium, url, width=390, height=844) as page:
        await page.locator("#people .row").nth(2).click()
        await page.locator("#chats .row").first.click()
        line = page.locator(".pane textarea")
        await expect(line).to_be_visible()
        assert await line.evaluate("(line) => line.clientHeight") >= LINE_PIXELS_MIN


async def test_a_tall_window_shows_all_that_it_has_room_for(scene: Scene, chromium: Browser) -> None:
    """More than is fetched at once, though there was nothing to scroll."""
    ming = await started(scene)
    for number in range(FEW):
        await scene.bot.send_message(ming.id, str(number))
    async with seen(scene, chromium, (ming, ming.chat)) as page:
        await page.set_viewport_size({"width": 1400, "height": 100 * FEW})
        await page.reload()
        await expect(page.locator(".theirs")).to_have_count(FEW)
