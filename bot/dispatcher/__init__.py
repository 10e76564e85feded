"""Telegram out: the only one who speaks to Telegram, by lanes, within the limits, and again when it failed."""

from bot.dispatcher.books import Outcome
from bot.dispatcher.loops import Dispatcher
from bot.dispatcher.postman import Migrate

__all__ = ["Dispatcher", "Migrate", "Outcome"]
