"""Numbered SQL migrations: each is run once, in order, and never changed after it was published."""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path

from bot.storage import Storage, Transaction

OTHERS_SECONDS_MAX = 60.0
TURN_SECONDS = 0.1
SCHEMA = Path(__file__).parent.parent / "schema"
HISTORY = """
    CREATE TABLE IF NOT EXISTS migrations (
        number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL, at BIGINT NOT NULL
    )
"""
RECORD = "INSERT INTO migrations (number, name, digest, at) VALUES (:number, :name, :digest, :at)"


class SchemaMismatch(Exception):
    """The database was made by another version of the bot. Nothing was changed."""


@dataclass(frozen=True)
class Migration:
    number: int
    name: str
    script: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.script.encode()).hexdigest()


def migrations(folder: Path = SCHEMA) -> list[Migration]:
    """All migrations of this version, in order."""
    found = []
    for path in sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql")):
        number, name = path.stem.split("_", 1)
        found.append(Migration(int(number), name, path.read_text(encoding="utf-8")))
    return found


async def migrate(storage: Storage, folder: Path = SCHEMA) -> list[str]:
    """Bring the database to this version; the names of what was run. Raises SchemaMismatch.

    Processes that start together take turns.
    """
    waited = 0.0
    while (hold := await storage.hold("migrate")) is None:
        if waited >= OTHERS_SECONDS_MAX:
            raise SchemaMismatch("another process is migrating this database; start again when it has finished")
        await asyncio.sleep(TURN_SECONDS)
        waited += TURN_SECONDS
    try:
        return await _migrate(storage, migrations(folder))
    finally:
        await hold.let_go()


async def _migrate(storage: Storage, known: list[Migration]) -> list[str]:
    await storage.transact(_make_history)
    done = await storage.transact(_history)
    _check(done, known)
    missing = [migration for migration in known if migration.number not in done]
    for migration in missing:
        await storage.run_script(
            migration.script,
            RECORD,
            number=migration.number,
            name=migration.name,
            digest=migration.digest,
            at=storage.clock.now,
        )
    return [f"{migration.number:04}_{migration.name}" for migration in missing]


async def missing(storage: Storage) -> list[str]:
    """What `migrate` would run; all of it when the database is empty."""
    if "migrations" not in await storage.tables():
        return [migration.name for migration in migrations()]
    done = await storage.read(_history)
    _check(done, migrations())
    return [migration.name for migration in migrations() if migration.number not in done]


async def _make_history(tx: Transaction) -> None:
    await tx.run(HISTORY)


async def _history(tx: Transaction) -> dict[int, str]:
    return {row["number"]: row["digest"] for row in await tx.all("SELECT number, digest FROM migrations")}


def _check(done: dict[int, str], known: list[Migration]) -> None:
    by_number = {migration.number: migration for migration in known}
    for number, digest in sorted(done.items()):
        if number not in by_number:
            raise SchemaMismatch(
                f"the database has migration {number:04}, which this version does not know: update the bot"
            )
        if by_number[number].digest != digest:
            raise SchemaMismatch(f"migration {number:04}_{by_number[number].name} was changed after it had been run")
