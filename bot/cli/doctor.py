"""`doctor`: looks at every part of a bot, one line each; nothing is changed."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import telegram
from telegram.error import InvalidToken, TelegramError

from bot.assembly import open_up
from bot.botapi import call
from bot.cli.promises import all_broken
from bot.clock import Clock
from bot.config import Settings
from bot.databases.migrations import SchemaMismatch, missing
from bot.domain import audit, points, reports
from bot.domain.promises import Broken
from bot.domain.reports import Backlog
from bot.storage import Storage, StorageUnavailable, Transaction
from bot.transport import AiohttpRequest

OK, WARNING, WRONG = "ok", "warning", "wrong"
CLOCK_SECONDS_MAX = 30
CLOCK_TIMEOUT = aiohttp.ClientTimeout(total=10)


@dataclass(frozen=True)
class Finding:
    """What was found of one part: `state` is ok, warning or wrong."""

    part: str
    state: str
    words: str


async def examine(settings: Settings, clock: Clock, config: Path) -> list[Finding]:
    """Look at everything that can be looked at."""
    found = [_config(config), await _token(settings), await _clock(settings, clock)]
    return found + await _inside(settings, clock)


def _config(path: Path) -> Finding:
    if not path.exists():
        return Finding("config", WARNING, f"there is no {path}: defaults and BOT__... variables are used")
    if path.stat().st_mode & 0o077:
        return Finding("config", WARNING, f"{path} can be read by others on this machine: chmod 600 {path}")
    return Finding("config", OK, f"{path} is right")


async def _token(settings: Settings) -> Finding:
    token = settings.telegram.token.get_secret_value()
    if not token:
        return Finding("token", WARNING, "none: `run` uses the sandbox")
    request = AiohttpRequest()
    bot = telegram.Bot(token, base_url=settings.telegram.base_url, request=request)
    await request.initialize()
    try:
        me = await call(bot, "getMe", {})
    except InvalidToken:
        return Finding("token", WRONG, "Telegram does not accept it: @BotFather shows the right one")
    except TelegramError as error:
        return Finding("token", WRONG, f"Telegram could not be asked: {error.message}")
    finally:
        await request.shutdown()
    return Finding("token", OK, f"@{me['username']}, number {me['id']}")


async def _clock(settings: Settings, clock: Clock) -> Finding:
    """This machine's clock against the one of the server that answers for the Bot API."""
    zone = f"{clock.local(clock.now):%Y-%m-%d %H:%M} in {settings.county.time_zone}"
    try:
        ahead = clock.now - await _servers_time(settings.telegram.base_url)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, TypeError):
        return Finding("clock", WARNING, f"{zone}; could not be compared with Telegram's")
    if abs(ahead) > CLOCK_SECONDS_MAX:
        return Finding("clock", WRONG, f"{zone}; {abs(ahead)} s {'ahead of' if ahead > 0 else 'behind'} Telegram's")
    return Finding("clock", OK, f"{zone}; agrees with Telegram's")


async def _servers_time(base_url: str) -> int:
    parts = urlsplit(base_url)
    async with (
        aiohttp.ClientSession(timeout=CLOCK_TIMEOUT) as session,
        session.head(f"{parts.scheme}://{parts.netloc}/") as answer,
    ):
        return int(parsedate_to_datetime(answer.headers.get("Date", "")).timestamp())


async def _inside(settings: Settings, clock: Clock) -> list[Finding]:
    """The database, and all that is found in it."""
    unmade = _unmade(settings.storage.url)
    if unmade:
        return [unmade]
    async with AsyncExitStack() as stack:
        try:
            storage = await open_up(settings, clock, guest=True)
            stack.push_async_callback(storage.close)
            database = await _database(storage)
            return [database] if database.state == WRONG else [database, *await _contents(storage)]
        except (StorageUnavailable, SchemaMismatch) as error:
            return [Finding("database", WRONG, str(error))]


def _unmade(url: str) -> Finding | None:
    """Of a file of SQLite's that isn't there."""
    path = Path(url.removeprefix("sqlite:///"))
    if not url.startswith("sqlite:///") or path.exists():
        return None
    if not path.parent.is_dir():
        return Finding("database", WRONG, f"there is no folder {path.parent}")
    return Finding("database", WARNING, "not made yet: `run` or `migrate` makes it")


async def _database(storage: Storage) -> Finding:
    if todo := await missing(storage):
        return Finding("database", WRONG, f"migrations are missing, `migrate` or `run` makes them: {len(todo)}")
    if storage.dialect == "sqlite":
        faults = await storage.read(_quick_check)
        if faults != ["ok"]:
            return Finding("database", WRONG, f"the file is damaged, restore a backup: {faults[0]}")
    try:
        await storage.transact(_nothing_written)
    except StorageUnavailable as error:
        return Finding("database", WRONG, f"can't be written: {error}")
    return Finding("database", OK, f"{storage.dialect}, whole, all migrations made")


async def _quick_check(tx: Transaction) -> list[str]:
    return [str(row["quick_check"]) for row in await tx.all("PRAGMA quick_check")]


async def _nothing_written(tx: Transaction) -> None:
    """What can only be done where something could be written."""
    await tx.run("UPDATE chats SET state = state WHERE bot IS NULL")


async def _contents(storage: Storage) -> list[Finding]:
    looks: tuple[Callable[[Transaction], Awaitable[Finding]], ...] = (
        _inbox,
        _outbox,
        _due,
        _ledger,
        _days,
        _audit,
        _seals,
    )
    return [await _scheduler(storage), *[await storage.read(look) for look in looks]]


async def _scheduler(storage: Storage) -> Finding:
    hold = await storage.hold(f"bot{storage.bot}")
    if hold is not None:
        await hold.let_go()
        return Finding("scheduler", WARNING, "the bot is not running")
    at = await storage.read(reports.pulse)
    if at is None or not reports.is_alive(at, storage.clock.now):
        since = "never" if at is None else f"last at {storage.clock.local(at):%Y-%m-%d %H:%M:%S}"
        return Finding("scheduler", WRONG, f"the bot is running, but its scheduler is silent ({since})")
    return Finding("scheduler", OK, f"the bot is running; a sign of life {storage.clock.now - at} s ago")


async def _inbox(tx: Transaction) -> Finding:
    found = await reports.inbox(tx)
    words = f"{found.waiting} messages wait to be handled, {found.troubles['broken']} were set aside as broken"
    return Finding("inbox", _state(found, tx), words)


async def _outbox(tx: Transaction) -> Finding:
    found = await reports.outbox(tx)
    failed, unsure = found.troubles["failed"], found.troubles["unsure"]
    words = f"{found.waiting} sendings wait, {failed} failed, {unsure} may or may not have been sent"
    return Finding("outbox", _state(found, tx), words)


async def _due(tx: Transaction) -> Finding:
    found = await reports.due(tx)
    late, broken = found.troubles["late"], found.troubles["broken"]
    words = f"{found.waiting} deeds are due now, {late} were too late, {broken} are broken"
    return Finding("due deeds", _state(found, tx), words)


def _state(backlog: Backlog, tx: Transaction) -> str:
    return OK if backlog.is_well(tx.now) else WARNING


async def _ledger(tx: Transaction) -> Finding:
    return _kept("ledger", await all_broken(tx), "groups, points, hours, sign-ups and needs keep all their promises")


async def _days(tx: Transaction) -> Finding:
    return _kept("statistics", await reports.invariants(tx), "the figures kept of each day are those of its rows")


def _kept(part: str, broken: list[Broken], well: str) -> Finding:
    if broken:
        return Finding(part, WRONG, "; ".join(f"{fault.promise} Not so: {dict(fault.rows[0])}" for fault in broken[:3]))
    return Finding(part, OK, well)


async def _audit(tx: Transaction) -> Finding:
    broken = await audit.first_break(tx)
    if broken:
        return Finding("audit chain", WRONG, f"row {broken.number} {broken.why}")
    return Finding("audit chain", OK, "holds from the first row to the last")


async def _seals(tx: Transaction) -> Finding:
    gap = await points.first_gap(tx)
    if gap:
        which = f"entry {gap.transfer_id}" if gap.transfer_id else f"the entry at place {gap.place}"
        return Finding("ledger chain", WRONG, f"{which} {gap.why}")
    return Finding("ledger chain", OK, "holds from the first entry to the last that is sealed")
