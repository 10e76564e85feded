"""A real browser: Debian's chromium, driven by Playwright, on a sandbox that really runs."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp
from playwright.async_api import Browser, Page, async_playwright, expect

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
UP_SECONDS = 60
WAIT_MILLISECONDS = 15_000
# As patient as everything else here: five seconds are little where many tests share two cores.
expect.set_options(timeout=WAIT_MILLISECONDS)


@contextmanager
def sandbox(folder: Path) -> Iterator[str]:
    """A sandbox in a process of its own; gives its address as soon as it listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    environment |= {"BOT_CONFIG": str(folder / "config.toml"), "NO_COLOR": "1"}
    with (folder / "sandbox.log").open("wb") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "bot", "sandbox", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()
            running.wait(UP_SECONDS)


async def settled(url: str) -> None:
    """Wait until the county is there and the bot at work."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(UP_SECONDS):
        while True:
            try:
                async with session.get(f"{url}/sandbox/machine") as response:
                    state = await response.json()
                if state["settling"] is None and state["bot"] == "running":
                    return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.1)


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield chromium
        finally:
            await chromium.close()


@asynccontextmanager
async def tab(
    chromium: Browser,
    url: str,
    *,
    width: int = 1440,
    height: int = 900,
    language: str = "zh-CN",
    dark: bool = False,
    touch: bool = False,
    place: str = "",
    provoked: Sequence[str] = (),
) -> AsyncIterator[Page]:
    """A page that stands ready; fails at its end when a script failed or the browser complained of what none provoked."""
    context = await chromium.new_context(
        viewport={"width": width, "height": height},
        locale=language,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        has_touch=touch,
        is_mobile=touch,
    )
    page = await context.new_page()
    page.set_default_timeout(WAIT_MILLISECONDS)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console", lambda said: wrong.append(f"{said.text} {said.location['url']}") if said.type == "error" else None
    )
    await page.goto(f"{url}/{place}")
    await page.wait_for_selector("body.ready")
    yield page
    await context.close()
    complaints = [words for words in wrong if not any(part in words for part in provoked)]
    assert not complaints, complaints
