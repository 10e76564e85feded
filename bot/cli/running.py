"""`run`: the bot on Telegram, by polling or by webhook."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError

from bot.assembly import Parts, assemble, open_up, run
from bot.botapi import call
from bot.cli.stopping import Stop
from bot.clock import Clock
from bot.config import Settings
from bot.databases.migrations import migrate
from bot.gateway import parsing, polling
from bot.storage import Storage
from bot.transport import AiohttpRequest

AWAY_PAUSES_SECONDS = (1, 2, 5, 10, 30)
_log = logging.getLogger(__name__)


def _unheard(parts: Parts) -> None:
    """On Telegram nobody but the bot itself needs its parts."""


async def run_bot(settings: Settings, clock: Clock, assembled: Callable[[Parts], None] = _unheard) -> None:
    """Run until cancelled; the database is brought to this version first. `assembled` is given the bot's parts."""
    storage = await open_up(settings, clock)
    try:
        for name in await migrate(storage):
            _log.info("migrated the database: %s", name)
        parts = await _assembled(settings, storage)
        assembled(parts)
        try:
            _log.info("@%s is at work", parts.house.username)
            await run(parts, intake=lambda: _intake(parts))
        finally:
            await parts.frame.shutdown()
    finally:
        await storage.close()


async def _assembled(settings: Settings, storage: Storage) -> Parts:
    """Telegram is asked who we are; while it is away we wait, for nothing can be done before."""
    failures = 0
    while True:
        try:
            return await _one_attempt(settings, storage)
        except NetworkError as error:
            failures = await _wait("could not ask Telegram who I am", error, failures)


async def _one_attempt(settings: Settings, storage: Storage) -> Parts:
    transports: list[AiohttpRequest] = []

    def transport() -> AiohttpRequest:
        transports.append(AiohttpRequest())
        return transports[-1]

    try:
        return await assemble(settings, transport, storage)
    except BaseException:
        for opened in transports:
            await opened.shutdown()
        raise


async def _wait(what: str, error: TelegramError, failures: int) -> int:
    pause = AWAY_PAUSES_SECONDS[min(failures, len(AWAY_PAUSES_SECONDS) - 1)]
    _log.warning("%s (%s): again in %d s", what, error, pause)
    await asyncio.sleep(pause)
    return failures + 1


async def _intake(parts: Parts) -> None:
    """How news reaches us: we ask for it, or Telegram calls."""
    telegram = parts.house.settings.telegram
    if telegram.mode == "polling":
        await _told(parts, "deleteWebhook", {})
        await parts.poller.run()
        return
    await _be_called(parts)


async def _be_called(parts: Parts) -> None:
    # Loaded only where Telegram calls: a bot that polls starts the sooner.
    from bot.web.app import app, webhook_path  # noqa: PLC0415
    from bot.web.server import serve  # noqa: PLC0415

    telegram = parts.house.settings.telegram
    secret = telegram.webhook_secret.get_secret_value()
    web = app(parts.storage, secret, lambda raws: polling.keep(parts.storage, raws, parts.worker.hand))
    url = telegram.webhook_url + webhook_path(parts.storage.bot)
    params: dict[str, Any] = {"url": url, "secret_token": secret, "allowed_updates": parsing.ALLOWED_UPDATES}
    await serve(web, telegram.webhook_host, telegram.webhook_port, when_up=lambda: _told(parts, "setWebhook", params))


async def _told(parts: Parts, method: str, params: dict[str, Any]) -> None:
    """Tell Telegram how to reach us, again and again until it has heard. Raises InvalidToken and Stop."""
    failures = 0
    while True:
        try:
            await call(parts.frame.bot, method, params)
        except InvalidToken:
            raise
        except BadRequest as error:
            raise Stop(f"Telegram refuses {method}: {error.message}. Check [telegram] in config.toml") from None
        except TelegramError as error:
            failures = await _wait(f"{method} failed", error, failures)
        else:
            return
