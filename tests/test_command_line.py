"""The command line: each command as somebody at the machine would use it, in a process of its own."""

import asyncio
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cli import talking
from bot.cli.doctor import examine
from bot.cli.stopping import Stop
from bot.clock import Clock
from bot.config import read_settings
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox, serve
from bot.sandbox.world import World
from tests.command_runner import run_bot
from tests.test_webhook import free_port

ROOT = Path(__file__).parent.parent
TOKEN = "7900000001:sandbox-xxxxxxxxxxxxxxxxxxxxxxxxxxx"
IT_RUNS = r"^ok +scheduler +the bot is running"
Bot = Callable[..., subprocess.CompletedProcess[str]]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "COLUMNS": "200", **more}


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    """`python -m bot ...` in a folder of its own; those who are `running` are started by the interpreter itself."""

    def run(*words: str, typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        return run_bot(tmp_path, environment(**variables), words, typed)

    return run


@asynccontextmanager
async def running(folder: Path, *words: str, **variables: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m bot ...` at work; ended with SIGTERM unless it has ended."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, cwd=folder, env=environment(**variables),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
        process._transport.close()  # type: ignore[attr-defined]  # else it complains when it is collected


async def line_with(process: asyncio.subprocess.Process, words: str) -> str:
    """Read what the process prints until a line holds `words`."""
    assert process.stdout is not None
    printed = ""
    async with asyncio.timeout(60):
        while words not in printed:
            line = (await process.stdout.readline()).decode()
            assert line, f"it ended without {words!r}:\n{printed}"
            printed += line
    return printed


@asynccontextmanager
async def telegram() -> AsyncIterator[tuple[People, Sandbox, dict[str, str]]]:
    """A Telegram on loopback, and the variables that lead a bot there."""
    world = World(time.time)
    people = People(world, world.bot("county_bot", token=TOKEN))
    async with serve(world, people, webhook_pause_seconds=0.1) as sandbox:
        yield people, sandbox, {
            "BOT__TELEGRAM__TOKEN": TOKEN,
            "BOT__TELEGRAM__BASE_URL": sandbox.base_url,
            "BOT__TELEGRAM__BASE_FILE_URL": sandbox.base_file_url,
        }  # fmt: skip


def test_help_lists_commands(tmp_path: Path) -> None:
    """`--help` names every command with a sentence, and nothing else is said by the way."""
    shown = subprocess.run(
        [sys.executable, "-m", "bot", "--help"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert shown.stderr == ""
    for command in ("run", "sandbox", "talk", "init", "claim", "doctor", "backup", "restore", "migrate"):
        assert re.search(rf"^\W*{command} +[A-Z].+", shown.stdout, re.MULTILINE), command
    assert shown.returncode == 0


@pytest.mark.parametrize("command", ["run", "doctor", "claim", "migrate", "backup=x", "restore=x"])
def test_wrong_setting_stops_with_its_name(bot: Bot, command: str) -> None:
    """No command goes on with a wrong setting; it is named without a traceback, and the exit code is 2."""
    ended = bot(*command.split("="), BOT__COUNTY__TIME_ZONE="Mars/North")
    assert (ended.returncode, "Traceback" in ended.stderr) == (2, False)
    assert "county.time_zone: 'Mars/North' was given" in ended.stderr


def test_unreachable_database_stops_with_a_sentence(bot: Bot) -> None:
    """A database server that does not answer is told in a sentence."""
    ended = bot("migrate", BOT__STORAGE__URL=f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    assert (ended.returncode, "Traceback" in ended.stderr) == (2, False)
    assert "can't be reached" in ended.stderr


def test_a_file_that_is_no_database_stops_with_a_sentence(bot: Bot, tmp_path: Path) -> None:
    """Some other file in the database's place is left as it is."""
    (tmp_path / "bot.db").write_text("a letter to my aunt " * 100)
    ended = bot("migrate")
    assert (ended.returncode, "Traceback" in ended.stderr) == (2, False)
    assert "can't be used as a database" in ended.stderr
    assert (tmp_path / "bot.db").read_text().startswith("a letter")


def test_a_file_that_cannot_be_made_stops_with_a_sentence(bot: Bot) -> None:
    """A folder that is not there, or in which nothing can be written."""
    ended = bot("migrate", BOT__STORAGE__URL="sqlite:////proc/no/bot.db")
    assert (ended.returncode, "Traceback" in ended.stderr) == (2, False)
    assert "/proc/no/bot.db can't be opened" in ended.stderr


def test_database_of_a_newer_version_is_refused(bot: Bot, tmp_path: Path) -> None:
    """A database with a migration that we don't know is not touched."""
    assert bot("migrate").returncode == 0
    connection = sqlite3.connect(tmp_path / "bot.db")
    connection.execute("INSERT INTO migrations VALUES (9999, 'future', 'x', 1)")
    connection.commit()
    connection.close()
    ended = bot("run", BOT__TELEGRAM__TOKEN=TOKEN)
    assert (ended.returncode, "Traceback" in ended.stderr) == (2, False)
    assert "migration 9999, which this version does not know: update the bot" in ended.stderr


def test_migrate_tells_what_it_did(bot: Bot) -> None:
    """The first time each migration is named, the second time there is nothing to do."""
    first, second = bot("migrate"), bot("migrate")
    assert "0001_road" in first.stdout
    assert "Nothing to do" in second.stdout


def test_claim_prints_a_code(bot: Bot) -> None:
    """The code stands as it has to be sent, with how long it lives."""
    shown = bot("claim")
    assert re.search(r"/claim [0-9a-f]{6}-[0-9a-f]{6}\n", shown.stdout)
    # Whoever has only the sandbox until now would look for what he did wrong.
    assert "The sandbox does not know this code" in shown.stdout
    assert "10 minutes" in shown.stdout


def test_init_writes_settings_for_the_owner_alone(bot: Bot, tmp_path: Path) -> None:
    """What was asked stands in config.toml, with the other settings beside it, and nobody else may read it."""
    ended = bot("init", typed=f"{TOKEN}\n阳城\nMars\nAsia/Urumqi\n\n\n")
    assert ended.returncode == 0, ended.stderr
    settings = read_settings(tmp_path / "config.toml")
    assert (settings.county.name, settings.county.time_zone) == ("阳城", "Asia/Urumqi")
    assert settings.telegram.token.get_secret_value() == TOKEN
    assert stat.S_IMODE((tmp_path / "config.toml").stat().st_mode) == 0o600
    assert TOKEN not in ended.stdout + ended.stderr
    assert "county.time_zone: 'Mars' was given" in ended.stdout


@pytest.mark.parametrize(("answer", "name"), [("n\n", "榆次"), ("y\n\n阳城\n\n\n\n", "阳城")])
def test_init_asks_before_it_overwrites(bot: Bot, tmp_path: Path, answer: str, name: str) -> None:
    """A config.toml that is there stays as it is unless the answer is yes."""
    (tmp_path / "config.toml").write_text('[county]\nname = "榆次"\n')
    bot("init", typed=answer)
    assert read_settings(tmp_path / "config.toml").county.name == name


def test_doctor_of_a_new_machine_finds_nothing_wrong(bot: Bot) -> None:
    """Before the first start there are only warnings."""
    shown = bot("doctor", BOT__TELEGRAM__BASE_URL=f"http://127.0.0.1:{free_port()}/bot")
    assert shown.returncode == 0, shown.stdout
    assert re.search(r"^warning +database +not made yet", shown.stdout, re.MULTILINE)


def test_an_audit_names_the_row_that_was_changed(bot: Bot, tmp_path: Path) -> None:
    """On an empty database all holds; a head that was forged is named, and the command fails."""
    bot("migrate")
    right = bot("audit")
    assert right.returncode == 0
    assert re.search(r"^ok +ledger +0 entries hold", right.stdout, re.MULTILINE)
    with sqlite3.connect(next(tmp_path.glob("*.db"))) as db:
        db.execute("UPDATE seals_head SET place = 3, hash = 'forged'")
    wrong = bot("audit")
    assert wrong.returncode == 1
    assert re.search(r"^wrong +ledger +place 1: an entry is missing at the end", wrong.stdout, re.MULTILINE)


def test_doctor_looks_at_every_part(bot: Bot) -> None:
    """One line each, and a bot that does not run is said so."""
    bot("migrate")
    shown = bot("doctor", BOT__TELEGRAM__BASE_URL=f"http://127.0.0.1:{free_port()}/bot")
    parts = [line.split()[1] for line in shown.stdout.splitlines()]
    road, kept = ["scheduler", "inbox", "outbox", "due"], ["ledger", "statistics", "audit", "ledger"]
    assert parts == ["config", "token", "clock", "database", *road, *kept]
    assert "the bot is not running" in shown.stdout


def test_doctor_finds_a_forged_audit_row(bot: Bot, tmp_path: Path) -> None:
    """A row that was changed behind the bot's back is wrong, and the exit code says so."""
    bot("migrate")
    connection = sqlite3.connect(tmp_path / "bot.db")
    connection.execute("INSERT INTO audit VALUES (1, 1, 1, NULL, 'role.given', 'person:1', '{}', '', '', 'forged')")
    connection.commit()
    connection.close()
    shown = bot("doctor", BOT__TELEGRAM__BASE_URL=f"http://127.0.0.1:{free_port()}/bot")
    assert shown.returncode == 1
    assert re.search(r"^wrong +audit chain +row 1 changed", shown.stdout, re.MULTILINE)


def test_doctor_finds_a_damaged_file(bot: Bot, tmp_path: Path) -> None:
    """A database file with garbage inside is wrong."""
    bot("migrate")
    content = bytearray((tmp_path / "bot.db").read_bytes())
    content[4096 * 3 : 4096 * 12] = os.urandom(4096 * 9)
    (tmp_path / "bot.db").write_bytes(content)
    shown = bot("doctor", BOT__TELEGRAM__BASE_URL=f"http://127.0.0.1:{free_port()}/bot")
    assert (shown.returncode, "Traceback" in shown.stderr) == (1, False)
    assert re.search(r"^wrong +database", shown.stdout, re.MULTILINE)


def test_doctor_finds_what_cannot_be_written(bot: Bot, tmp_path: Path) -> None:
    """A file that can be read and nothing more, and a folder that is not there: both are said, in the database's line."""
    bot("migrate")
    with (tmp_path / "bot.db").open("r+b") as file:
        # The version of writing that SQLite doesn't know yet: it reads the file, and writes nothing to it.
        file.seek(18)
        file.write(b"\x03")
    nowhere = f"http://127.0.0.1:{free_port()}/bot"
    for url, words in (("sqlite:///bot.db", "can't be written"), ("sqlite:///none/bot.db", "no folder none")):
        shown = bot("doctor", BOT__TELEGRAM__BASE_URL=nowhere, BOT__STORAGE__URL=url)
        assert shown.returncode == 1
        assert re.search(rf"wrong +database +.*{words}", shown.stdout), shown.stdout


async def test_doctor_asks_telegram(bot: Bot) -> None:
    """The token is tried, and a wrong one is wrong."""
    async with telegram() as (_, _, variables):
        right = await asyncio.to_thread(bot, "doctor", **variables)
        wrong = await asyncio.to_thread(bot, "doctor", **{**variables, "BOT__TELEGRAM__TOKEN": "1:wrong"})
    assert re.search(r"^ok +token +@county_bot", right.stdout, re.MULTILINE)
    assert re.search(r"^ok +clock .*agrees with Telegram's", right.stdout, re.MULTILINE)
    assert re.search(r"^wrong +token +Telegram does not accept it", wrong.stdout, re.MULTILINE)
    assert wrong.returncode == 1


@pytest.mark.parametrize(("off", "words"), [(3600, "s ahead of Telegram's"), (-90, "s behind Telegram's")])
async def test_doctor_compares_the_clocks(tmp_path: Path, off: int, words: str) -> None:
    """A machine whose clock is off by more than half a minute would remind at the wrong time."""
    async with telegram() as (_, sandbox, _):
        settings = read_settings(
            tmp_path / "none.toml",
            telegram={"base_url": sandbox.base_url},
            storage={"url": f"sqlite:///{tmp_path}/none.db"},
        )
        clock = Clock(ZoneInfo("Asia/Shanghai"), lambda: time.time() + off)
        found = {finding.part: finding for finding in await examine(settings, clock, tmp_path / "none.toml")}
    assert found["clock"].state == "wrong"
    assert found["clock"].words.endswith(words)


async def test_run_refuses_a_wrong_token(bot: Bot) -> None:
    """A token that Telegram does not know ends the start with a sentence, not with a loop."""
    async with telegram() as (_, _, variables):
        ended = await asyncio.to_thread(bot, "run", **{**variables, "BOT__TELEGRAM__TOKEN": "1:wrong"})
    assert (ended.returncode, "Traceback" in ended.stderr) == (2, False)
    assert "Telegram does not accept the token" in ended.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_run_answers_and_ends_cleanly(tmp_path: Path, bot: Bot, number: signal.Signals) -> None:
    """By polling: somebody is answered; doctor sees it run; a signal ends it with 0 and without complaint."""
    async with telegram() as (people, sandbox, variables), running(tmp_path, "run", **variables) as process:
        await line_with(process, "@county_bot is at work")
        ming = people.person("Ming", language_code="en")
        seen = await said(sandbox, "ming", "/start")
        async with asyncio.timeout(60):
            # It notes that it runs within its first seconds.
            while not re.search(IT_RUNS, (await asyncio.to_thread(bot, "doctor", **variables)).stdout, re.MULTILINE):
                assert process.returncode is None
        process.send_signal(number)
        rest, _ = await process.communicate()
    assert "Welcome" in seen
    assert ming.unanswered == []
    assert (process.returncode, rest.decode()) == (0, "")


async def test_run_waits_for_telegram(tmp_path: Path) -> None:
    """A start while Telegram is away waits instead of ending, and goes on when it is back."""
    async with telegram() as (_, sandbox, variables):
        await sandbox.away()
        async with running(tmp_path, "run", **variables) as process:
            await line_with(process, "could not ask Telegram who I am")
            await sandbox.back()
            await line_with(process, "@county_bot is at work")


async def test_run_by_webhook(tmp_path: Path) -> None:
    """By webhook: Telegram is told where to call, calls, and somebody is answered."""
    port = str(free_port())
    async with telegram() as (people, sandbox, variables):
        hook = {
            "BOT__TELEGRAM__MODE": "webhook",
            "BOT__TELEGRAM__WEBHOOK_URL": f"http://127.0.0.1:{port}",
            "BOT__TELEGRAM__WEBHOOK_PORT": port,
            "BOT__TELEGRAM__WEBHOOK_SECRET": "a-secret-of-the-town",
        }
        async with running(tmp_path, "run", **variables, **hook) as process:
            await line_with(process, "@county_bot is at work")
            people.person("Ming", language_code="en")
            assert "Welcome" in await said(sandbox, "ming", "/start")
            process.terminate()
            rest, _ = await process.communicate()
    assert (process.returncode, rest.decode()) == (0, "")


async def test_token_never_reaches_the_log(tmp_path: Path) -> None:
    """Whatever goes wrong, what is written while the bot runs does not hold the token."""
    async with telegram() as (people, sandbox, variables), running(tmp_path, "run", **variables) as process:
        people.person("Ming")
        written = await line_with(process, "@county_bot is at work")
        assert await said(sandbox, "ming", "/start")
        await sandbox.away()
        written += await line_with(process, "polling failed")
        process.terminate()
        rest, _ = await process.communicate()
    assert TOKEN.partition(":")[2] not in written + rest.decode()


async def test_sandbox_is_talked_to(tmp_path: Path) -> None:
    """Without a token `run` opens the sandbox, says how to talk to it, and its people are answered."""
    async with running(tmp_path, "sandbox", "--port", str(port := free_port())) as process:
        hint = await line_with(process, "Ctrl-C")
        home = await talking.talk(port, "ming", "says", {"text": "/start"})
        admin = await talking.talk(port, "东哥", "says", {"text": "/me"})
        groups = await talking.talk(port, "ming", "says", {"text": "/groups"})
        tasks = await talking.talk(port, "ming", "says", {"text": "/tasks"})
        there = await talking.talk(port, "lan", "says", {"text": "/points"}, "舞蹈团排练群")
        with pytest.raises(Stop, match=r"there is no group 象棋.* 舞蹈团排练群"):
            await talking.talk(port, "lan", "", {}, "象棋")
        process.send_signal(signal.SIGINT)
        rest, _ = await process.communicate()
    assert "talk ming /start" in hint
    assert "共计 45，第 1/8 页" in groups["heard"][-1]["text"]
    assert "敬老院探访" in tasks["heard"][-1]["text"]
    assert "积分" in there["heard"][-1]["text"]
    assert "小明，你好" in home["heard"][-1]["text"]
    assert "县管理员" in admin["heard"][-1]["text"]
    assert (process.returncode, rest.decode().strip()) == (0, "")
    assert not (tmp_path / "bot.db").exists()


def test_talk_without_a_sandbox_says_what_to_do(bot: Bot) -> None:
    """Nobody listens: the sentence names the command that helps."""
    ended = bot("talk", "ming", "hello", "--port", str(free_port()))
    assert (ended.returncode, "python -m bot sandbox" in ended.stderr) == (2, True)


def test_sandbox_names_a_taken_port(bot: Bot) -> None:
    """Somebody else has the port: the sentence names another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = bot("sandbox", "--port", str(taken.getsockname()[1]))
    assert (ended.returncode, "--port 8082" in ended.stderr) == (2, True)


async def said(sandbox: Sandbox, who: str, text: str) -> str:
    """What somebody heard after he said `text`."""
    seen = await talking.talk(int(sandbox.url.rsplit(":", 1)[1]), who, "says", {"text": text})
    return "\n".join(message["text"] for message in seen["heard"])


@pytest.mark.parametrize("number", ["-1", "0", "99"])
def test_a_tether_that_is_none_is_refused(bot: Bot, number: str) -> None:
    """Only the sandbox ties a bot: any other number is refused in a sentence, and nothing runs."""
    place = {"BOT__TELEGRAM__TOKEN": TOKEN, "BOT__TELEGRAM__BASE_URL": "http://127.0.0.1:9/bot"}
    ended = bot("run", "--tether", number, **place)
    assert ended.returncode == 2
    assert ended.stderr.startswith("--tether is for the sandbox alone")
