"""One call of the Bot API, raw in and raw out: for the poller, the dispatcher and whoever asks Telegram something."""

from typing import Any

import telegram
from telegram import InputFile
from telegram.error import NetworkError, RetryAfter
from telegram.request import RequestData

# Not public, but what RequestData consists of.
from telegram.request._requestparameter import RequestParameter  # isort: skip


async def call(bot: telegram.Bot, method: str, params: dict[str, Any], **more: Any) -> Any:
    """One call with raw parameters and a raw result. Raises TelegramError, InvalidToken for 401 and 404 among it.

    It goes past `Bot`, which looks into every parameter for objects of its own; ours are JSON already, or a file.
    """
    data = RequestData([_parameter(name, value) for name, value in params.items() if value is not None])
    try:
        return await bot.request.post(f"{bot.base_url}/{method}", data, **more)
    except KeyError as error:
        # Something between us and Telegram answered with JSON that is not Telegram's.
        raise NetworkError(f"an answer to {method} without a result") from error


def seconds_of(error: RetryAfter) -> float:
    """For how long Telegram wants to be left alone."""
    after = error.retry_after
    return float(after if isinstance(after, int | float) else after.total_seconds())


def _parameter(name: str, value: Any) -> RequestParameter:
    if isinstance(value, InputFile):
        return RequestParameter.from_input(name, value)
    return RequestParameter(name, value, None)
