"""Copies of a whole database: made while the bot runs, put back only while it does not."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from bot.databases import postgres_copies, sqlite_copies
from bot.databases.postgres import PostgresStorage
from bot.databases.sqlite import SqliteStorage
from bot.storage import Deed, NoCopy, Storage, Transaction

SQLITE_BEGINS = b"SQLite format 3\x00"
ZIP_BEGINS = b"PK\x03\x04"


@dataclass(frozen=True)
class Restored:
    """What was put back: from which instant it is (None where the file does not say), and where the old one is now."""

    made_at: int | None
    aside: str | None


Marked = Callable[[Transaction, int | None], Awaitable[None]]


async def back_up(storage: Storage, target: Path) -> int:
    """Write a copy of the database to `target`, whole or not at all; its instant. Raises NoCopy and StorageUnavailable."""
    _check_free(target)
    draft, made_at = target.with_name(f".{target.name}.draft"), storage.clock.now
    try:
        if isinstance(storage, SqliteStorage):
            await sqlite_copies.write(storage, draft)
        else:
            assert isinstance(storage, PostgresStorage), "there are two kinds of databases"
            await postgres_copies.write(storage, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return made_at


def _check_free(target: Path) -> None:
    if target.exists():
        raise NoCopy(f"{target} is there already; choose another name")
    if not target.parent.is_dir():
        raise NoCopy(f"there is no folder {target.parent}")


async def restore(storage: Storage, source: Path, *, force: bool, check: Deed[list[str]], mark: Marked) -> Restored:
    """Put a copy in the place of the database, which is kept aside. `storage` is not open.

    `check` names what is wrong with the copy's contents, `mark` writes into it that it was put back. Raises NoCopy,
    SchemaMismatch for a copy of a newer version, and StorageUnavailable; then nothing was changed.
    """
    kind = _kind(source)
    if kind != storage.dialect:
        raise NoCopy(f"{source} is a copy of {kind}, but [storage] url names {storage.dialect}")
    async with AsyncExitStack() as stack:
        if isinstance(storage, SqliteStorage):
            names = sqlite_copies.holds(storage)
        else:
            assert isinstance(storage, PostgresStorage), "there are two kinds of databases"
            names = await postgres_copies.holds(storage)
        await _hold_all(stack, storage, names)
        if isinstance(storage, SqliteStorage):
            return await _restore_sqlite(storage, source, force, check, mark)
        return await _restore_postgres(storage, source, len(names), force, check, mark)


def _kind(source: Path) -> str:
    try:
        with source.open("rb") as file:
            begins = file.read(16)
    except OSError as error:
        raise NoCopy(f"{source} can't be read: {error.strerror}") from None
    if begins == SQLITE_BEGINS:
        return "sqlite"
    if begins.startswith(ZIP_BEGINS):
        return "postgresql"
    raise NoCopy(f"{source} is no backup of this bot")


async def _hold_all(stack: AsyncExitStack, storage: Storage, names: list[str]) -> None:
    """Take every right that a running bot would have, so that none runs and none can begin."""
    for name in names:
        hold = await storage.hold(name)
        if hold is None:
            raise NoCopy("the bot is running on this database; stop it first")
        stack.push_async_callback(hold.let_go)


async def _restore_sqlite(
    storage: SqliteStorage, source: Path, force: bool, check: Deed[list[str]], mark: Marked
) -> Restored:
    if not force and not sqlite_copies.is_empty(storage):
        raise NoCopy(_not_empty(storage))
    draft = await sqlite_copies.prepared(storage, source)
    try:
        made_at = await sqlite_copies.checked(storage, draft, check, mark)
        return Restored(made_at, sqlite_copies.swap(storage, draft))
    except sqlite_copies.Faulty as faulty:
        raise NoCopy(f"{source} can't be used: {faulty}") from None
    finally:
        sqlite_copies.remove(draft)


async def _restore_postgres(
    storage: PostgresStorage, source: Path, held: int, force: bool, check: Deed[list[str]], mark: Marked
) -> Restored:
    try:
        await postgres_copies.refuse_company(storage, held)
        if not force and not await postgres_copies.is_empty(storage):
            raise NoCopy(_not_empty(storage))
        made_at, aside = await postgres_copies.load(storage, source, check, mark)
    except postgres_copies.Faulty as faulty:
        raise NoCopy(f"{source} can't be used: {faulty}") from None
    return Restored(made_at, aside)


def _not_empty(storage: Storage) -> str:
    return f"the {storage.dialect} database has people in it; --force puts it aside and the copy in its place"
