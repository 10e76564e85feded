"""What the page promises whoever plays the county."""

from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.chromium import tab

SCRIPT = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"


async def arrives(page: Page, name: str) -> Any:
    """Somebody new presses Start; gives the pane."""
    await page.click("#add-person")
    await page.fill("dialog input", name)
    await page.click("dialog button[type=submit]")
    chat = page.locator(".pane").first
    await chat.locator(".large").click()
    await expect(chat.locator(".key").first).to_be_visible()
    return chat


async def test_a_script_in_a_name_and_in_a_message_is_shown_as_text(chromium: Browser, url: str) -> None:
    """Whatever is typed stays text, wherever it is shown."""
    async with tab(chromium, url) as page:
        chat = await arrives(page, SCRIPT[:60])
        await chat.locator("textarea").fill(SCRIPT)
        await chat.locator("textarea").press("Enter")
        await expect(chat.locator(".mine .text").last).to_have_text(SCRIPT)
        assert await page.locator(".pane script, .pane img, #people img").count() == 0
        assert "run" not in await page.title()


async def test_the_keyboard_alone_is_enough(chromium: Browser, url: str) -> None:
    """From the search to a chosen person, a command from the menu, and a button under its answer."""
    async with tab(chromium, url) as page:
        await page.focus("#search")
        await page.keyboard.type("小花")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Enter")
        await expect(page.locator(".seen-by")).to_contain_text("小花")
        await page.locator(".pane textarea").focus()
        await page.keyboard.type("/gro")
        await expect(page.locator(".command").first).to_contain_text("/groups")
        await page.keyboard.press("Enter")
        # The home screen above it names them, too.
        await expect(page.locator(".item:last-child .text")).to_contain_text("兴趣小组 · 共计")
        key = page.locator(".item:last-child .key").first
        await key.focus()
        label = await key.inner_text()
        await page.keyboard.press("Enter")
        await expect(page.locator(".item:last-child .text")).to_contain_text(label.partition(" · ")[0].strip("✓… "))


async def test_a_phone_shows_one_pane_at_a_time(chromium: Browser, url: str) -> None:
    """People, then their chats, then the chat, and back; nothing is wider than the phone."""
    async with tab(chromium, url, width=390, height=844) as page:
        await expect(page.locator("#people")).to_be_visible()
        await expect(page.locator(".pane")).to_be_hidden()
        await page.locator("#people .row").nth(2).click()
        await page.locator("#chats .row").first.click()
        await expect(page.locator(".pane .messages")).to_be_visible()
        await expect(page.locator("#people")).to_be_hidden()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        await page.locator(".pane-head .icon-button").first.click()
        await expect(page.locator("#chats")).to_be_visible()


async def test_one_sees_the_others_deed_arrive(chromium: Browser, url: str) -> None:
    """Two people of a group side by side: what one says stands with the other at once."""
    async with tab(chromium, url) as page:
        await page.locator("#split").click()
        await expect(page.locator(".pane")).to_have_count(2)
        people = await _people(url)
        async with aiohttp.ClientSession() as session:
            group = await _common(session, url, people["lan"], people["hua"])
        await page.goto(f"{url}/?two#{people['lan']}.{group}~{people['hua']}.{group}")
        await page.wait_for_selector("body.ready")
        await page.locator(".pane").nth(0).locator("textarea").fill("六点见")
        await page.keyboard.press("Enter")
        await expect(page.locator(".pane").nth(1).locator(".theirs .text").last).to_have_text("六点见")


async def _people(url: str) -> dict[str, int]:
    async with aiohttp.ClientSession() as session, session.get(f"{url}/page/people") as response:
        return {person["key"]: person["id"] for person in (await response.json())["people"]}


async def _common(session: aiohttp.ClientSession, url: str, *people: int) -> int:
    """A group of theirs; whoever isn't in it yet joins."""
    async with session.get(f"{url}/page/people/{people[0]}/chats") as response:
        chats = (await response.json())["chats"]
    group = next(int(chat["id"]) for chat in chats if chat["type"] == "supergroup")
    for person in people:
        async with session.post(f"{url}/page/people/{person}/deeds/joins", json={"chat": group}):
            pass
    return group


async def test_a_reload_in_the_middle_of_a_form_loses_nothing(chromium: Browser, url: str) -> None:
    """The question stands there again, and the answer is taken."""
    async with tab(chromium, url) as page:
        chat = await arrives(page, "阿重")
        await chat.get_by_text("换个名字").click()
        await expect(chat.locator(".text").last).to_contain_text("昵称")
        await page.reload()
        await page.wait_for_selector("body.ready")
        await expect(page.locator(".pane .text").last).to_contain_text("昵称")
        await page.locator(".pane textarea").fill("重来")
        await page.keyboard.press("Enter")
        await expect(page.locator(".pane .theirs").last).to_contain_text("重来")


async def test_two_tabs_agree(chromium: Browser, url: str) -> None:
    """What is done in one stands in the other."""
    async with tab(chromium, url) as one:
        chat = await arrives(one, "双双")
        place = await one.evaluate("location.hash")
        async with tab(chromium, url, place=place) as other:
            await chat.locator("textarea").fill("/help")
            await one.keyboard.press("Enter")
            await expect(other.locator(".mine .text").last).to_have_text("/help")


@pytest.mark.parametrize("path", ["/", "/page/people", "/static/js/main.js", "/sandbox/machine"])
async def test_a_foreign_name_is_refused(url: str, path: str) -> None:
    """A page on the internet may have its name resolve to this machine, and gets nothing."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{url}{path}", headers={"Host": "evil.example"}) as response,
    ):
        assert response.status == 400


async def test_no_script_from_elsewhere_and_none_in_the_page(chromium: Browser, url: str) -> None:
    """The policy stops what gets into the page in any way."""
    async with tab(chromium, url, provoked=["Content Security Policy"]) as page:
        blocked = await page.evaluate(INJECT)
        assert blocked is True


INJECT = """() => new Promise((done) => {
    document.addEventListener("securitypolicyviolation", () => done(window.ran === undefined));
    const script = document.createElement("script");
    script.textContent = "window.ran = 1";
    document.body.append(script);
})"""
