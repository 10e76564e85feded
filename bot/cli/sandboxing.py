"""`sandbox`: the bot against a small Telegram of its own on this machine, with a county to talk to."""

import asyncio
import errno
import sys
import tempfile
from pathlib import Path

from pydantic import SecretStr

from bot.assembly import Parts, assemble, open_up, run
from bot.cli.stopping import Stop
from bot.cli.talking import PORT
from bot.clock import Clock
from bot.config import Database, Sending, Settings, Telegram
from bot.databases.migrations import migrate
from bot.sandbox import county
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox, serve
from bot.sandbox.world import World
from bot.storage import Storage
from bot.transport import AiohttpRequest

ROUNDS_MAX = 200
# Our own Telegram takes what comes.
UNHURRIED = Sending(per_second=10_000, per_chat_second=1_000, chat_burst=100, per_group_minute=10_000)
HINT = """
This is the sandbox: a small Telegram of its own, nothing leaves this machine, and all is gone when it ends.
Talk to the bot from another terminal:

    {talk} ming /start{port}                  what 小明 says, and what the bot answers
    {talk} ming --press 兴趣小组{port}         press a button
    {talk} lan /groups{port}                  小兰 leads 舞蹈团
    {talk} dong /admin{port}                  东哥 is the county admin, 沈姐 (shen) the auditor

Here are also: {others}. Ctrl-C ends it.
"""


async def run_sandbox(settings: Settings, clock: Clock, port: int) -> None:
    """Run until cancelled, on a database that is thrown away at the end. Raises Stop when the port is taken."""
    world = World(clock.seconds)
    bot = world.bot("county_bot", first_name=settings.county.name)
    people = People(world, bot)
    try:
        async with serve(world, people, port=port) as sandbox:
            with tempfile.TemporaryDirectory(prefix="county-youth-bot-") as folder:
                await _run(_own(settings, bot.token, sandbox, Path(folder)), clock, people, port)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise Stop(f"port {port} can't be used ({error.strerror}); another one: --port 8082") from None


def _own(settings: Settings, token: str, sandbox: Sandbox, folder: Path) -> Settings:
    """The settings, with the sandbox in Telegram's place."""
    return Settings.model_construct(
        telegram=Telegram(
            token=SecretStr(token), base_url=sandbox.base_url, base_file_url=sandbox.base_file_url, polling_seconds=5
        ),
        storage=Database(url=f"sqlite:///{folder}/sandbox.db"),
        sending=UNHURRIED,
        **{name: getattr(settings, name) for name in ("county", "council", "reminders")},
    )


async def _run(settings: Settings, clock: Clock, people: People, port: int) -> None:
    storage = await open_up(settings, clock)
    try:
        await migrate(storage)
        parts = await assemble(settings, AiohttpRequest, storage)
        try:
            await _settle_county(parts, storage, people)
            others = ", ".join(name for name in people.by_name if name not in ("ming", "lan", "dong", "shen"))
            there = "" if port == PORT else f" --port {port}"
            print(HINT.format(talk=_talk(), port=there, others=others), flush=True)
            await run(parts)
        finally:
            await parts.frame.shutdown()
    finally:
        await storage.close()


def _talk() -> str:
    """The command that works as it stands: with the Python that runs now."""
    python, here = Path(sys.executable), Path.cwd()
    return f"{python.relative_to(here) if python.is_relative_to(here) else python} -m bot talk"


async def _settle_county(parts: Parts, storage: Storage, people: People) -> None:
    """The county is made before the bot runs by itself: each word is answered before the next is said."""

    async def settle() -> None:
        for _ in range(ROUNDS_MAX):
            if not await parts.poller.poll() + await parts.worker.work() + await parts.dispatcher.drain():
                return

    at_once, people.settle = people.settle, settle
    await county.settle_in(people, storage.transact)
    people.settle = at_once
    await asyncio.sleep(0)
