"""python-telegram-bot's Application as the frame in which handlers run: one handler, which finds the route by name."""

import logging
from dataclasses import dataclass
from typing import Any

import telegram
from telegram.ext import Application, ApplicationBuilder, BaseHandler, CallbackContext, ExtBot
from telegram.request import BaseRequest

from bot.refusal import Refused
from bot.routing import Answer, Heard, Route, Routes, check
from bot.storage import Transaction

_log = logging.getLogger(__name__)
Frame = Application[Any, Any, Any, Any, Any, Any]


@dataclass
class Arrival:
    """One update on its way through the Application, with the transaction it is handled in."""

    tx: Transaction
    heard: Heard
    answer: Answer = None
    error: Exception | None = None


class Door(BaseHandler[Any, Any, None]):
    """Lets each arrival through to the one handler that its name belongs to."""

    def __init__(self, routes: Routes) -> None:
        super().__init__(callback=_unused)
        self._routes = routes

    def check_update(self, update: object) -> Route | None:
        return self._routes.find(update.heard) if isinstance(update, Arrival) else None

    async def handle_update(self, update: Any, application: Any, check_result: Any, context: Any) -> None:
        check(check_result, update.heard)
        update.answer = await check_result.handler(update.tx, update.heard)


async def _unused(update: Any, context: Any) -> None:
    """BaseHandler wants a callback; Door looks its own up."""


async def _remember_error(update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
    assert isinstance(update, Arrival)
    update.error = context.error
    if not isinstance(context.error, Refused):
        _log.error("handling of update %s failed", update.heard.update_id, exc_info=context.error)


def frame(
    token: str, base_url: str, base_file_url: str, request: BaseRequest, updates: BaseRequest, routes: Routes
) -> Frame:
    """The Application, without Updater, JobQueue and Persistence: what they would keep is kept in rows."""
    bot = ExtBot(token, base_url=base_url, base_file_url=base_file_url, request=request, get_updates_request=updates)
    application = ApplicationBuilder().bot(bot).updater(None).job_queue(None).build()
    application.add_handler(Door(routes))
    application.add_error_handler(_remember_error)
    return application


def listener(token: str, base_url: str, updates: BaseRequest) -> telegram.Bot:
    """The bot as it listens: over connections of its own, so that neither a long poll nor making them anew touches
    what is being sent."""
    return telegram.Bot(token, base_url=base_url, request=updates, get_updates_request=updates)


async def answer(application: Frame, tx: Transaction, heard: Heard) -> Answer:
    """What the route's handler says. Raises whatever it raised, Refused among it."""
    arrival = Arrival(tx, heard)
    await application.process_update(arrival)
    if arrival.error is not None:
        raise arrival.error
    return arrival.answer
