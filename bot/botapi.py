"""One call of the Bot API, raw in and raw out: for the poller, the dispatcher and whoever asks Telegram something."""

from typing import Any

import telegram
from telegram.error import NetworkError


async def call(bot: telegram.Bot, method: str, params: dict[str, Any], **more: Any) -> Any:
    """One call with raw parameters and a raw result. Raises TelegramError.

    Telegram reads method names in any case. In small letters python-telegram-bot takes the name as it is; in its own
    spelling it warns that it has a method of that name, which would build and parse objects we have no use for.
    """
    try:
        return await bot.do_api_request(method.lower(), api_kwargs=params, **more)
    except KeyError as error:
        # Something between us and Telegram answered with JSON that is not Telegram's.
        raise NetworkError(f"an answer to {method} without a result") from error
