"""The schema as it grew: what was published never changes, and what yesterday's bot wrote is there after the update."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import due
from bot.databases.migrations import SCHEMA, migrate, migrations
from bot.databases.postgres import PostgresStorage
from bot.databases.sqlite import SqliteStorage
from bot.storage import Storage
from tests.databases import Databases
from tests.town import BOT_ID, TownClock

# The digest of each migration as it was published: a county's database remembers it and opens with no other.
PUBLISHED = Path(__file__).parent / "data" / "migrations.txt"


def test_no_published_migration_is_changed() -> None:
    """What is different comes with a new migration; a new one is entered into tests/data/migrations.txt."""
    published = dict(line.split() for line in PUBLISHED.read_text(encoding="utf-8").splitlines())
    assert {f"{each.number:04}_{each.name}": each.digest for each in migrations()} == published


@pytest.fixture
async def empty(kind: str, databases: Databases, clock: TownClock, tmp_path: Path) -> AsyncIterator[Storage]:
    """An open database without tables."""
    opened: Storage = SqliteStorage(str(tmp_path / "empty.db"), clock.clock, BOT_ID)
    if kind == "postgresql":
        opened = PostgresStorage(await databases.empty("before"), 2, clock.clock, BOT_ID)
    await opened.open()
    try:
        yield opened
    finally:
        await opened.close()


async def test_what_was_planned_outlives_the_new_index(empty: Storage, tmp_path: Path) -> None:
    """0013 makes the table of planned deeds anew: each is there with its number, and planning it again plans it once."""
    before = tmp_path / "before"
    before.mkdir()
    for migration in migrations()[:12]:
        name = f"{migration.number:04}_{migration.name}.sql"
        shutil.copy(SCHEMA / name, before / name)
    await migrate(empty, before)
    await empty.transact(lambda tx: due.plan(tx, "council.open", "timetable", tx.now + 60, until=tx.now + 90))
    rows = await empty.read(lambda tx: tx.all("SELECT * FROM due"))

    await migrate(empty)

    await empty.transact(lambda tx: due.plan(tx, "council.open", "timetable", tx.now + 60))
    kept = await empty.read(lambda tx: tx.all("SELECT * FROM due"))
    assert [dict(row) for row in kept] == [dict(row) for row in rows]
