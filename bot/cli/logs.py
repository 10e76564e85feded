"""What is written while the bot runs: one handler on the root logger, through which no secret passes."""

import logging

from bot.config import Settings
from bot.redaction import Redaction

# They speak at INFO of every tick and every connection.
QUIET = ("apscheduler", "asyncio", "aiosqlite", "telegram", "uvicorn.error")


def set_up(settings: Settings) -> None:
    """Write to standard error, with the token and the webhook's secret kept out."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    telegram = settings.telegram
    handler.addFilter(Redaction((telegram.token.get_secret_value(), telegram.webhook_secret.get_secret_value())))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
