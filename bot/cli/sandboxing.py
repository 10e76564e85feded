"""`sandbox`: the bot against a small Telegram of its own on this machine, with a county to talk to."""

import asyncio
import errno
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from pydantic import SecretStr
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from bot.assembly import open_up
from bot.cli.settling import settle
from bot.cli.stopping import Stop
from bot.cli.talking import PORT
from bot.clock import Clock
from bot.config import Database, Sending, Settings, Telegram
from bot.databases.migrations import migrate
from bot.sandbox.county import CAST, NEIGHBOURS, Days, Progress
from bot.sandbox.hands import Hands
from bot.sandbox.ledger import Ledger
from bot.sandbox.machine import Machine
from bot.sandbox.mishap import Mishap
from bot.sandbox.people import People
from bot.sandbox.process import Keeper
from bot.sandbox.server import Sandbox, door, serve
from bot.sandbox.troubles import Troubles
from bot.sandbox.world import FIRST_BOT_ID, World
from bot.storage import Storage

# Our own Telegram takes what comes; so few are on their way that a bot that is killed repeats but a handful.
UNHURRIED = Sending(per_second=10_000, per_chat_second=1_000, chat_burst=100, per_group_minute=10_000, in_flight=8)
FOLDER = "county-youth-bot-sandbox-"
MEMORY = Path("/dev/shm")  # noqa: S108 - what is made there has a name that nobody can guess
MEMORY_BYTES_MIN = 1024**3
OPEN = """
    http://127.0.0.1:{port}/

This is the sandbox: a small Telegram of its own, nothing leaves this machine, and all is gone when it ends.
"""
HINT = """
The county is there, and the bot is at work. From another terminal it can be talked to as well:

    {talk} ming /start{port}                  what 小明 says, and what the bot answers
    {talk} ming --press 兴趣小组{port}         press a button
    {talk} lan /groups{port}                  小兰 leads 舞蹈团
    {talk} lan /points --group 舞蹈团排练群{port}   the same in their Telegram group
    {talk} dong /admin{port}                  东哥 is the county admin, 沈姐 (shen) the auditor

Here are also: {others}. Ctrl-C ends it.
"""


async def run_sandbox(settings: Settings, clock: Clock, port: int, others: int | None = None) -> None:
    """Run until cancelled, on a database that is thrown away at the end; `others` live there beside the cast.

    Raises Stop when the port is taken.
    """
    hands, days = Hands(clock.seconds), Days(clock, settings.council)
    # The county's story begins weeks ago; whoever looks from the start on sees time go one way only.
    hands.move(days.first)
    moved = Clock(clock.zone, hands.seconds)
    world = World(hands.seconds)
    # Nobody can guess it, be it a web page that tries addresses of this machine.
    bot = world.bot("county_bot", token=f"{FIRST_BOT_ID}:{secrets.token_urlsafe(26)}", first_name=settings.county.name)
    people = People(world, bot)
    place = _roomy()
    _sweep(place)
    with tempfile.TemporaryDirectory(prefix=f"{FOLDER}{os.getpid()}-", dir=place) as folder:
        async with door(world) as telegram:
            own = _own(settings, bot.token, telegram, Path(folder))
            await _migrate(own, moved)
            async with _opened(own, moved, guest=True) as storage:
                keeper = Keeper(bot, COMMAND, _environment(own), lambda: hands.offset)
                ledger = Ledger(world, bot, storage, moved.steady)
                troubles = Troubles(world.faults, telegram, Mishap(world, bot, moved.steady, keeper.crash))
                machine = Machine(people, hands, moved, own.council, keeper, troubles, ledger)
                async with _page(world, people, machine, port), asyncio.TaskGroup() as group:
                    group.create_task(keeper.keep())
                    group.create_task(machine.run())
                    print(OPEN.format(port=port), flush=True)
                    async with _opened(own, moved) as own_storage:
                        with _bar(machine.settled) as progress:
                            await settle(
                                own,
                                own_storage,
                                people,
                                days,
                                hands.move,
                                progress,
                                NEIGHBOURS if others is None else others,
                            )
                    hands.move(clock.seconds())
                    machine.begin()
                    await keeper.was_up.wait()
                    print(_hint(port), flush=True)


def _roomy() -> Path:
    """Memory where there is plenty, for nothing here need last; else wherever this machine keeps such things."""
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_BYTES_MIN
    return MEMORY if has_room else Path(tempfile.gettempdir())


def _sweep(place: Path) -> None:
    """Remove what sandboxes have left behind that were killed, and could not do so themselves."""
    for folder in place.glob(f"{FOLDER}*"):
        number = folder.name.removeprefix(FOLDER).partition("-")[0]
        if number.isdecimal() and not _is_alive(int(number)):
            # Another user's stays where it is.
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _own(settings: Settings, token: str, telegram: Sandbox, folder: Path) -> Settings:
    """The settings, with the sandbox in Telegram's place."""
    return Settings.model_construct(
        telegram=Telegram(
            token=SecretStr(token), base_url=telegram.base_url, base_file_url=telegram.base_file_url, polling_seconds=5
        ),
        storage=Database(url=f"sqlite:///{folder}/sandbox.db"),
        sending=UNHURRIED,
        **{name: getattr(settings, name) for name in ("county", "council", "reminders")},
    )


COMMAND = (sys.executable, "-m", "bot", "run", "--tether")


def _environment(own: Settings) -> dict[str, str]:
    """What the bot's process is told, as anybody may tell it; the rest it reads from config.toml as we did."""
    telegram, given = own.telegram, {f"SENDING__{name}": value for name, value in own.sending}
    given |= {
        "TELEGRAM__TOKEN": telegram.token.get_secret_value(),
        "TELEGRAM__BASE_URL": telegram.base_url,
        "TELEGRAM__BASE_FILE_URL": telegram.base_file_url,
        "TELEGRAM__MODE": telegram.mode,
        "TELEGRAM__POLLING_SECONDS": telegram.polling_seconds,
        "STORAGE__URL": own.storage.url,
    }
    return {**os.environ, **{f"BOT__{name.upper()}": str(value) for name, value in given.items()}}


async def _migrate(settings: Settings, clock: Clock) -> None:
    async with _opened(settings, clock) as storage:
        await migrate(storage)


@asynccontextmanager
async def _opened(settings: Settings, clock: Clock, *, guest: bool = False) -> AsyncIterator[Storage]:
    storage = await open_up(settings, clock, guest=guest)
    try:
        yield storage
    finally:
        await storage.close()


@asynccontextmanager
async def _page(world: World, people: People, machine: Machine, port: int) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(serve(world, people, port=port, machine=machine))
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            raise Stop(f"port {port} can't be used ({error.strerror}); another one: --port 8082") from None
        yield


@contextmanager
def _bar(told: Progress) -> Iterator[Progress]:
    """A bar on the terminal, of which nothing is left at the end; `told` hears the same."""
    columns = (TextColumn("The county settles"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console()
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def progress(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)
            told(done, of)

        yield progress


def _hint(port: int) -> str:
    others = ", ".join(name for name in CAST if name not in ("ming", "lan", "dong", "shen"))
    return HINT.format(talk=_talk(), port="" if port == PORT else f" --port {port}", others=others)


def _talk() -> str:
    """The command that works as it stands: with the Python that runs now."""
    python, here = Path(sys.executable), Path.cwd()
    return f"{python.relative_to(here) if python.is_relative_to(here) else python} -m bot talk"
