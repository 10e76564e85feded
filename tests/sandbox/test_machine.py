"""The machine room: the bot's own process, the county's time and Telegram's bad days, as whoever plays moves them."""

import asyncio
import json
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
import pytest_asyncio

from bot.cli.sandboxing import FOLDER, MEMORY, UNHURRIED
from bot.sandbox.county import CAST
from bot.sandbox.troubles import FAULTS
from tests.test_command_line import TOKEN, line_with, running
from tests.test_webhook import free_port

SHANGHAI = ZoneInfo("Asia/Shanghai")
PATIENCE_SECONDS = 60
IN_FLIGHT = UNHURRIED.in_flight
SILENCE = "Telegram"
# Who has blocked the bot, and who announces.
UNREACHED = ("bing", "dong")
pytestmark = pytest.mark.asyncio(loop_scope="module")
Json = dict[str, Any]


@dataclass
class Room:
    """A sandbox in a process of its own, and calls to it."""

    process: asyncio.subprocess.Process
    session: aiohttp.ClientSession

    async def look(self) -> Json:
        async with self.session.get("/sandbox/machine") as response:
            state: Json = await response.json()
        return state

    async def do(self, what: str, **given: Any) -> Json:
        async with self.session.post(f"/sandbox/machine/{what}", json=given) as response:
            return dict(await response.json(), status=response.status)

    async def until(self, is_so: Callable[[Json], bool]) -> Json:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not is_so(state := await self.look()):
                await asyncio.sleep(0.02)
        return state

    async def up(self) -> Json:
        return await self.until(lambda state: state["bot"] == "running")

    async def says(self, who: str, text: str, **more: Any) -> list[str]:
        async with self.session.post(f"/sandbox/people/{who}/says", json={"text": text, **more}) as response:
            seen = await response.json()
        return [heard["text"] for heard in seen["heard"]]

    async def presses(self, who: str, label: str) -> list[Json]:
        async with self.session.post(f"/sandbox/people/{who}/presses", json={"label": label}) as response:
            seen = await response.json()
        return list(seen["heard"])

    def children(self) -> list[int]:
        """The processes that it has started."""
        return [
            int(each) for each in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ]


@asynccontextmanager
async def opened(folder: Path, *words: str) -> AsyncIterator[Room]:
    port = free_port()
    async with (
        running(folder, "sandbox", "--port", str(port), *words) as process,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        await line_with(process, "Ctrl-C")
        room = Room(process, session)
        await room.up()
        yield room


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    async with opened(tmp_path_factory.mktemp("sandbox")) as room:
        yield room


@pytest_asyncio.fixture(loop_scope="module")
async def room(sandbox: Room) -> Room:
    """The one that most tests share, in order: nothing is wrong, and nothing moves."""
    await sandbox.do("bot", deed="start")
    await sandbox.do("faults", **dict.fromkeys(FAULTS, False))
    await sandbox.until(lambda state: state["bot"] == "running" and state["moving"] is None)
    return sandbox


def is_gone(number: int) -> bool:
    """Whether the process has ended: a zombie that nobody waits for has."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


async def gone(number: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not is_gone(number):
            await asyncio.sleep(0.02)


async def test_the_bot_runs_in_a_process_of_its_own(room: Room) -> None:
    """It is killed at rest and stays away, what is said meanwhile waits, and once it is started it answers all of it."""
    await room.until(lambda state: not state["ledger"]["unsent"])
    (before,) = room.children()
    killed = await room.do("bot", deed="kill")
    await gone(before)
    assert await room.says("ming", "/start", wait=0.1) == []
    waiting = await room.look()
    await room.do("bot", deed="start")
    done = await room.until(lambda state: state["bot"] == "running" and not state["ledger"]["updates_waiting"])
    assert room.children() != [before]
    assert (killed["bot"], waiting["bot"], waiting["ledger"]["updates_waiting"]) == ("killed", "killed", 1)
    assert (done["ledger"]["lost"], done["ledger"]["doubled"]) == (0, 0)


async def test_a_bot_that_ended_by_itself_is_started_again(room: Room) -> None:
    """Whatever ended it, after a pause there is a new one."""
    (before,) = room.children()
    os.kill(before, signal.SIGKILL)
    await room.until(lambda state: state["bot"] == "stopped")
    await room.up()
    assert await room.says("ming", "/start")


async def test_whoever_looks_is_told_of_each_change(room: Room) -> None:
    """An open page hears that the bot was killed and that it is back, the last word being how it is."""
    told: list[str] = []
    async with room.session.get("/page/news") as news, asyncio.timeout(PATIENCE_SECONDS):
        await news.content.readline()
        await room.do("bot", deed="restart")
        while "starting" not in told or told[-1] != "running":
            line = await news.content.readline()
            if line.startswith(b"data:") and b'"ledger"' in line:
                told.append(json.loads(line[5:])["bot"])
    assert (await room.look())["bot"] == "running"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
async def test_the_bot_is_never_left_behind(tmp_path: Path, number: signal.Signals) -> None:
    """However the sandbox ends, its bot ends too; asked to end, it does so with 0."""
    async with opened(tmp_path) as room:
        (child,) = room.children()
        room.process.send_signal(number)
        code = await room.process.wait()
        await gone(child)
    assert code == (-9 if number is signal.SIGKILL else 0)


async def test_what_a_killed_sandbox_left_is_gone_with_the_next(tmp_path: Path) -> None:
    """A sandbox that was killed can't remove its database; the next one does, and removes its own at its end."""
    async with opened(tmp_path) as killed:
        killed.process.kill()
        await killed.process.wait()
    assert len(left_by(killed)) == 1
    async with opened(tmp_path) as room:
        assert left_by(killed) == []
        room.process.terminate()
        assert await room.process.wait() == 0
    assert left_by(room) == []


def left_by(room: Room) -> list[Path]:
    """The folders that a sandbox made for its database."""
    name = f"{FOLDER}{room.process.pid}-*"
    return [*MEMORY.glob(name), *Path(tempfile.gettempdir()).glob(name)]


async def test_telegram_has_a_bad_day(room: Room) -> None:
    """Too many requests, broken gateways and refused connections at once: all is answered, nothing lost or doubled."""
    before = (await room.look())["ledger"]
    bad = await room.do("faults", **{"429": True, "502": True, "away": True})
    for _ in range(8):
        assert await room.says("ming", "/groups", wait=0.01) == []
    await room.do("faults", away=False)
    after = await room.until(lambda state: not state["ledger"]["unsent"] and not state["ledger"]["updates_waiting"])
    good = await room.do("faults", **{"429": False, "502": False})
    heard = await told(room, "ming", "兴趣小组")
    assert bad["faults"] == dict.fromkeys(FAULTS, False) | {"429": True, "502": True, "away": True}
    assert good["faults"] == dict.fromkeys(FAULTS, False)
    assert (after["ledger"]["lost"], after["ledger"]["doubled"]) == (0, before["doubled"])
    assert heard


async def test_a_slow_telegram_answers_later(room: Room) -> None:
    """Two seconds a call: the answer comes all the same, and the state says that it is on."""
    await room.do("faults", slow=True)
    assert await room.says("ming", "/start", wait=1) == []
    assert (await room.look())["ledger"]["unsent"] == 1
    assert await room.says("ming", "/start", wait=4)


async def test_time_goes_on_while_the_bot_is_down(room: Room) -> None:
    """Nobody does what falls due; the bot does it once it is started again, and tells the admins of its silence."""
    await room.says("dong", "/start")
    before = await told(room, "dong", "")
    await room.do("bot", deed="kill")
    await room.do("time", to="council")
    await room.until(lambda state: state["moving"] is None)
    waiting = await told(room, "dong", "")
    await room.do("bot", deed="start")
    await room.up()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await told(room, "dong", SILENCE) or await told(room, "dong", "") < before + 2:
            await room.says("ming", "/start", wait=0.05)
    assert waiting == before


async def test_the_bot_on_telegram_keeps_the_real_time(tmp_path: Path) -> None:
    """The option by which a clock is moved is for the sandbox alone: it is refused, and no help names it."""
    async with running(tmp_path, "run", "--tether", "0", BOT__TELEGRAM__TOKEN=TOKEN) as process:
        words = await line_with(process, "telegram.base_url")
        assert await process.wait() == 2
    assert "the clock can be moved in the sandbox alone" in words
    async with running(tmp_path, "run", "--help") as process:
        printed, _ = await process.communicate()
    assert b"tether" not in printed


async def test_time_moves_with_all_that_falls_due(tmp_path: Path) -> None:
    """To tomorrow at nine and to the next council: the clock stands there, and what is due on the way has been told."""
    async with opened(tmp_path) as room:
        for who in ("dong", "hua"):
            await room.says(who, "/start")
        begun, before = await room.look(), await told(room, "hua", "青年说事")
        await room.do("time", to="morning")
        morning = await room.until(lambda state: state["moving"] is None)
        await room.do("time", to="council")
        council = await room.until(lambda state: state["moving"] is None)
        tomorrow = datetime.fromtimestamp(begun["now"], SHANGHAI).date() + timedelta(days=1)
        there = datetime.fromtimestamp(morning["now"], SHANGHAI)
        assert (there.date(), there.hour, there.minute) == (tomorrow, 9, 0)
        opened_at = datetime.fromtimestamp(council["now"], SHANGHAI)
        assert (opened_at.day, opened_at.hour, opened_at.minute) == (1, 10, 0)
        # Hua sits in the council. No silence is told of, for there was none.
        assert await told(room, "hua", "青年说事") > before
        assert not await told(room, "dong", SILENCE)


async def test_killed_in_the_middle_of_a_broadcast_nothing_is_lost(room: Room) -> None:
    """Everybody gets the announcement; only what was on its way in that moment may come twice, and it is counted."""
    before = (await room.look())["ledger"]["doubled"]
    armed = await room.do("faults", crash=True)
    await room.says("dong", "/announce 周六上午九点，人民公园见")
    for label in ("跳过", "选择发给谁", "全县"):
        heard = await room.presses("dong", label)
    send = next(label for row in heard[-1]["rows"] for label in row if label.startswith("发给"))
    await room.presses("dong", send)
    await room.until(lambda state: state["bot"] == "killed")
    await room.until(lambda state: state["bot"] == "running")
    after = await room.until(lambda state: not state["ledger"]["unsent"] and not state["ledger"]["updates_waiting"])
    async with room.session.get("/sandbox/people") as response:
        everybody = [person["name"] for person in (await response.json())["people"]]
    got = {name: await told(room, name, "人民公园见") for name in everybody if name != "dong"}
    assert armed["faults"]["crash"]
    assert not after["faults"]["crash"]
    reached = [name for name, part in CAST.items() if name not in UNREACHED and part.is_here and part.quiet is None]
    assert [name for name in reached if not got[name]] == []
    assert after["ledger"]["lost"] == 0
    doubled = after["ledger"]["doubled"] - before
    assert sum(times > 1 for times in got.values()) <= doubled <= IN_FLIGHT


async def told(room: Room, who: str, words: str) -> int:
    """How many messages with these words stand in somebody's chat."""
    async with room.session.get(f"/sandbox/people/{who}") as response:
        return sum(words in heard["text"] for heard in (await response.json())["heard"])


async def test_as_many_people_as_are_asked_for(tmp_path: Path) -> None:
    """`--people 99` gives the county so many more than the cast."""
    async with opened(tmp_path, "--people", "99") as room, room.session.get("/sandbox/people") as response:
        everybody = [person["name"] for person in (await response.json())["people"]]
    assert len(everybody) == len(CAST) + 99


WRONG: list[tuple[str, Json, int, str]] = [
    ("time", {"to": "yesterday"}, 400, "to is one of hour, morning, council"),
    ("bot", {"deed": "tickle"}, 400, "deed is one of kill, start, restart"),
    ("bot", {"deed": "start"}, 409, "bot_runs"),
    ("faults", {"slow": 1}, 400, "the faults are slow, 429, 502, away, crash, each true or false"),
    ("faults", {"rain": True}, 400, "the faults are slow, 429, 502, away, crash, each true or false"),
]


async def test_what_the_machine_cant_do_is_said(room: Room) -> None:
    """Unknown places, deeds and faults, and what makes no sense just now; foreign pages can't steer it at all."""
    for what, given, status, words in WRONG:
        answer = await room.do(what, **given)
        assert (answer["status"], answer["error"]) == (status, words)
    async with room.session.post("/sandbox/machine/bot", data='{"deed": "kill"}') as response:
        assert response.status == 415
    async with room.session.get("/sandbox/machine", headers={"Host": "evil.example"}) as response:
        assert response.status == 400
