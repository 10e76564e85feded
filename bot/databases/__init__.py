"""The back room of storage: the only place that knows a database driver."""

from bot.clock import Clock
from bot.config import Database
from bot.databases.sqlite import SqliteStorage
from bot.storage import Storage


def open_storage(settings: Database, clock: Clock, bot: int, *, guest: bool = False) -> Storage:
    """The storage that `settings.url` names, not yet opened. A `guest` is a command beside the running bot."""
    if settings.url.startswith("sqlite:///"):
        return SqliteStorage(settings.url.removeprefix("sqlite:///"), clock, bot, guest=guest)
    from bot.databases.postgres import PostgresStorage  # noqa: PLC0415 - a bot on SQLite starts without its driver

    return PostgresStorage(settings.url, settings.connections, clock, bot)
