"""Fills our own bot's database before it starts: its own migrations first, then plain rows, as if people had been there."""

import asyncio
import sqlite3
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.databases.migrations import migrate
from bot.databases.sqlite import SqliteStorage

BOT = 123456789
FIRST_PERSON = 1_000_000_000
ADMIN = 1_999_999_999
TASK = 1
TASK_PLACES = 500
HELPER = 1
CALL = 1
DAY = 24 * 3600


def migrated(path: Path) -> sqlite3.Connection:
    """An open connection to a new database of this version."""

    async def make() -> None:
        storage = SqliteStorage(str(path), Clock(ZoneInfo("Asia/Shanghai")), BOT)
        await storage.open()
        await migrate(storage)
        await storage.close()

    asyncio.run(make())
    return sqlite3.connect(path)


def register(db: sqlite3.Connection, count: int, first: int = FIRST_PERSON) -> None:
    """Telegram ids from `first` on are people who have pressed Start."""
    now = int(time.time())
    db.executemany(
        "INSERT INTO people (telegram_id, nickname, language, registered_at) VALUES (?, ?, 'zh_CN', ?)",
        ((first + number, f"P{number}", now) for number in range(count)),
    )
    db.executemany(
        "INSERT INTO chats (bot, chat_id, kind, title, since) VALUES (?, ?, 'private', '', ?)",
        ((BOT, first + number, now) for number in range(count)),
    )


def make_admin(db: sqlite3.Connection) -> None:
    register(db, 1, ADMIN)
    db.execute("UPDATE people SET role = 'admin' WHERE telegram_id = ?", (ADMIN,))


def publish_task(db: sqlite3.Connection) -> None:
    """A volunteer task of the whole county next week, numbered TASK."""
    now = int(time.time())
    db.execute(
        "INSERT INTO activities (id, kind, title, place, starts_at, ends_at, places, points, made_at, made_by) "
        "SELECT ?, 'task', 'Tree planting', 'Riverside', ?, ?, ?, 20, ?, id FROM people WHERE telegram_id = ?",
        (TASK, now + 7 * DAY, now + 7 * DAY + 7200, TASK_PLACES, now, ADMIN),
    )


def by_role(db: sqlite3.Connection) -> None:
    """The same places, as helpers (numbered 1) and a few drivers."""
    drivers = TASK_PLACES // 10
    db.execute(
        "UPDATE activities SET places = NULL, role_places = ?, special = 1 WHERE id = ?", (TASK_PLACES + drivers, TASK)
    )
    db.executemany(
        "INSERT INTO activity_roles (id, activity_id, name, places) VALUES (?, ?, ?, ?)",
        ((HELPER, TASK, "helper", TASK_PLACES), (HELPER + 1, TASK, "driver", drivers)),
    )


def chosen_by(db: sqlite3.Connection, mode: str) -> None:
    """The same places, given later: by a lottery, or by the leaders."""
    db.execute(
        "UPDATE activities SET mode = ?, special = 1, seed = 'seed', closes_at = starts_at - 3600 WHERE id = ?",
        (mode, TASK),
    )


def draft_call(db: sqlite3.Connection) -> None:
    """The admin has written an announcement to the county, numbered CALL, and has yet to press Send."""
    db.execute(
        "INSERT INTO calls (id, kind, sender_id, audience, text, link, made_at) "
        "SELECT ?, 'announce', id, 'county', 'We meet on Saturday at three, at the youth centre.', '', ? "
        "FROM people WHERE telegram_id = ?",
        (CALL, int(time.time()), ADMIN),
    )
