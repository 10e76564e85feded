"""Puts the parts of one bot together: the same for the command line, for tests and for the sandbox."""

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram.error import TelegramError
from telegram.request import BaseRequest

from bot import menus
from bot.botapi import call
from bot.clock import Clock
from bot.config import House, Settings
from bot.databases import open_storage
from bot.dispatcher import Dispatcher
from bot.domain import groups
from bot.gateway import application
from bot.gateway.application import Frame
from bot.gateway.polling import Poller
from bot.gateway.worker import Worker
from bot.handlers import everything
from bot.pace import Limits
from bot.routing import READ_BYTES_MAX, Heard, Routes
from bot.scheduler import DEEDS, Scheduler, timetable
from bot.storage import Storage, StorageUnavailable

HOLD_SECONDS = 1.0
FINISH_SECONDS = 5.0
_log = logging.getLogger(__name__)


def bot_id(token: str) -> int:
    """The bot's number on Telegram: what stands before the colon."""
    return int(token.partition(":")[0])


@dataclass(frozen=True)
class Parts:
    """One bot, ready to run."""

    house: House
    storage: Storage
    frame: Frame
    poller: Poller
    worker: Worker
    dispatcher: Dispatcher
    scheduler: Scheduler


async def assemble(
    settings: Settings,
    request: Callable[[], BaseRequest],
    storage: Storage,
    routes: Routes | None = None,
) -> Parts:
    """Build the bot; asks Telegram who it is. `storage` is open and migrated. Raises TelegramError."""
    routes = routes or everything()
    telegram, updates = settings.telegram, request()
    token = telegram.token.get_secret_value()
    frame = application.frame(token, telegram.base_url, telegram.base_file_url, request(), updates, routes)
    await frame.initialize()
    house = House(settings, frame.bot.username)
    listener = application.listener(token, telegram.base_url, updates)
    renew: Callable[[], Awaitable[None]] = getattr(updates, "fresh", _nothing)
    sending = settings.sending
    worker = Worker(storage, frame, routes, house, lambda what, heard: _ask(frame, what, heard))
    return Parts(
        house,
        storage,
        frame,
        Poller(listener, storage, seconds=telegram.polling_seconds, renew=renew, hand=worker.hand),
        worker,
        Dispatcher(
            frame.bot,
            storage,
            Limits(sending.per_second, sending.per_chat_second, sending.chat_burst, sending.per_group_minute),
            in_flight=sending.in_flight,
            attempts=sending.attempts,
            migrate=groups.moved,
        ),
        Scheduler(storage, house, DEEDS, timetable(settings)),
    )


async def _nothing() -> None:
    """A transport in memory has nothing to renew."""


async def _ask(frame: Frame, what: str, heard: Heard) -> str:
    """What a route must know from Telegram before its transaction begins."""
    return await ASKS[what](frame, heard)


async def _standing(frame: Frame, heard: Heard) -> str:
    """How whoever spoke stands in the Telegram group he spoke in: creator, administrator, member, ... or unknown."""
    if heard.chat.private:
        return "unknown"
    try:
        member = await call(frame.bot, "getChatMember", {"chat_id": heard.chat.id, "user_id": heard.sender.id})
    except TelegramError as error:
        _log.warning("could not ask for somebody's standing in %s: %s", heard.chat.id, error)
        return "unknown"
    return str(member["status"])


async def _text(frame: Frame, heard: Heard) -> str:
    """What stands in the file that was sent; empty where it is too large or can't be fetched."""
    if heard.event["bytes"] > READ_BYTES_MAX:
        return ""
    try:
        file = await frame.bot.get_file(heard.event["document"])
        content = bytes(await file.download_as_bytearray())
    except TelegramError as error:
        _log.warning("could not fetch a file: %s", error)
        return ""
    return content.decode(errors="replace")


ASKS: dict[str, Callable[[Frame, Heard], Awaitable[str]]] = {"standing": _standing, "text": _text}


async def run(parts: Parts, *, intake: Callable[[], Awaitable[None]] | None = None) -> None:
    """Run until cancelled. One process polls and sends for a bot; on PostgreSQL others help with the work."""
    gc.collect()
    # What is loaded now stays: a full collection over it would stop the world for a tenth of a second.
    gc.freeze()
    async with asyncio.TaskGroup() as group:
        if parts.storage.dialect == "postgresql":
            group.create_task(parts.worker.run())
        while True:
            try:
                await _lead(parts, intake)
            except StorageUnavailable as error:
                _log.warning("the database can't be used just now: %s", error)
                await asyncio.sleep(HOLD_SECONDS)


async def _lead(parts: Parts, intake: Callable[[], Awaitable[None]] | None) -> None:
    """Wait for the right to poll and send, use it as long as it is ours."""
    name = f"bot{parts.storage.bot}"
    told = False
    while (hold := await parts.storage.hold(name)) is None:
        if not told:
            _log.warning("another process runs this bot: waiting for it to end")
            told = True
        await asyncio.sleep(HOLD_SECONDS)
    try:
        await parts.dispatcher.recover()
        await parts.storage.transact(lambda tx: menus.publish(tx, parts.house))
        async with asyncio.TaskGroup() as group:
            await parts.scheduler.start()
            if parts.storage.dialect == "sqlite":
                group.create_task(parts.worker.run())
            group.create_task(intake() if intake else parts.poller.run())  # type: ignore[arg-type]
            group.create_task(parts.dispatcher.run())
            while await hold.still_ours():
                await asyncio.sleep(HOLD_SECONDS)
            raise ConnectionError("the right to poll was lost with the database connection")
    except* (ConnectionError, StorageUnavailable) as error:
        _log.error("%s; trying to get it again", error.exceptions[0])
        await asyncio.sleep(HOLD_SECONDS)
    finally:
        parts.scheduler.stop()
        await parts.dispatcher.finish(FINISH_SECONDS)
        await hold.let_go()


async def open_up(settings: Settings, clock: Clock, *, guest: bool = False) -> Storage:
    """The storage of the settings, opened. A `guest` is a command beside the running bot."""
    bot = bot_id(settings.telegram.token.get_secret_value() or "0")
    storage = open_storage(settings.storage, clock, bot, guest=guest)
    await storage.open()
    return storage
