"""Copies of the SQLite database: one file that is whole at one instant."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from bot.databases.migrations import migrate
from bot.databases.sqlite import SqliteStorage
from bot.storage import Deed, StorageUnavailable, Transaction

SIDE_FILES = ("-wal", "-shm")
# The copy's own note of when it was made, among the signs of life.
MADE = (
    "INSERT INTO pulse (bot, name, at) VALUES (0, 'backup', ?) ON CONFLICT (bot, name) DO UPDATE SET at = excluded.at"
)


class Faulty(Exception):
    """The copy is damaged, or its contents break a promise."""


async def write(storage: SqliteStorage, draft: Path) -> None:
    """Copy the database as it is at one instant; the bot may go on meanwhile. Raises StorageUnavailable."""
    await asyncio.to_thread(_write, storage.path, draft, storage.clock.now)


def _write(path: str, draft: Path, now: int) -> None:
    try:
        with closing(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, timeout=30)) as source:
            source.execute("VACUUM INTO ?", (str(draft),))
        with closing(sqlite3.connect(draft)) as copy, copy:
            copy.execute(MADE, (now,))
    except sqlite3.DatabaseError as error:
        raise StorageUnavailable(f"{path} can't be copied: {error}") from error
    _sync(draft)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def holds(storage: SqliteStorage) -> list[str]:
    """The names of the rights of every bot that ever ran on this file, and of migrations."""
    path = Path(storage.path)
    locks = (lock.name for lock in path.parent.iterdir() if lock.name.startswith(f"{path.name}.bot"))
    found = {name.removeprefix(f"{path.name}.").removesuffix(".lock") for name in locks if name.endswith(".lock")}
    return sorted({f"bot{storage.bot}", "migrate", *found})


def is_empty(storage: SqliteStorage) -> bool:
    """Nobody is registered in it; a file that can't be read is not empty."""
    if not Path(storage.path).exists():
        return True
    try:
        with closing(sqlite3.connect(f"file:{quote(storage.path)}?mode=ro", uri=True)) as database:
            tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE name = 'people'")]
            return not tables or database.execute("SELECT 1 FROM people LIMIT 1").fetchone() is None
    except sqlite3.DatabaseError:
        return False


async def prepared(storage: SqliteStorage, source: Path) -> Path:
    """A copy of the copy beside the database, to be worked on: the backup itself is never touched."""
    draft = Path(f"{storage.path}.restoring")
    remove(draft)
    await asyncio.to_thread(shutil.copyfile, source, draft)
    return draft


async def checked(
    storage: SqliteStorage,
    draft: Path,
    check: Deed[list[str]],
    mark: Callable[[Transaction, int | None], Awaitable[None]],
) -> int | None:
    """Bring the copy to this version, look into it, and mark it; its instant. Raises Faulty and SchemaMismatch."""
    copy = SqliteStorage(str(draft), storage.clock, storage.bot)
    try:
        await copy.open()
        faults = [row["quick_check"] for row in await copy.read(lambda tx: tx.all("PRAGMA quick_check"))]
        if faults != ["ok"]:
            raise Faulty(f"it is damaged: {faults[0]}")
        await migrate(copy)
        made_at = await copy.read(_made_at)
        if problems := await copy.read(check):
            raise Faulty("; ".join(problems))
        await copy.transact(lambda tx: mark(tx, made_at))
    except StorageUnavailable as error:
        raise Faulty(f"it is damaged: {error}") from error
    finally:
        await copy.close()
    return made_at


async def _made_at(tx: Transaction) -> int | None:
    """The copy's own note; of a file that was copied by hand, the last sign of life."""
    noted = await tx.value("SELECT at FROM pulse WHERE bot = 0 AND name = 'backup'")
    last = await tx.value("SELECT MAX(at) FROM pulse WHERE name <> 'backup'")
    at = noted if noted is not None else last
    return None if at is None else int(at)


def swap(storage: SqliteStorage, draft: Path) -> str | None:
    """Put the copy in the database's place; where the old one is now."""
    path, aside = Path(storage.path), None
    _sync(draft)
    if path.exists():
        stamp = storage.clock.local(storage.clock.now)
        aside = Path(f"{path}.before-{stamp:%Y%m%d-%H%M%S}")
        for ending in ("", *SIDE_FILES):
            old = Path(f"{path}{ending}")
            if old.exists():
                old.rename(f"{aside}{ending}")
    draft.rename(path)
    _sync(path.parent)
    return str(aside) if aside else None


def remove(draft: Path) -> None:
    for ending in ("", *SIDE_FILES, ".migrate.lock"):
        Path(f"{draft}{ending}").unlink(missing_ok=True)
