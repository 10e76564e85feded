"""Copies of the PostgreSQL database: a zip with each table's rows as COPY writes them, all of one instant."""

import json
import re
import zipfile
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg

from bot.databases.dialect import script_for
from bot.databases.migrations import HISTORY, RECORD, Migration, SchemaMismatch, migrations
from bot.databases.postgres import PostgresStorage, PostgresTransaction
from bot.storage import Deed, StorageUnavailable, Transaction

ABOUT = "about.json"
NAME = re.compile(r"[a-z_][a-z0-9_]*")
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
COLUMNS = """
    SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
COUNTERS = """
    SELECT table_name, column_name, pg_sequence_last_value(pg_get_serial_sequence(table_name, column_name)::regclass) AS last
    FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES'
"""
FOREIGN_KEYS = """
    SELECT conrelid::regclass::text AS "table", conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
    WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
"""
COMPANY = """
    SELECT COUNT(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
# What reading a broken file raises, whichever of its layers is broken.
DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    asyncpg.PostgresError,
    LookupError,
    TypeError,
    ValueError,
)
Mark = Callable[[Transaction, int | None], Awaitable[None]]


class Faulty(Exception):
    """The copy is damaged, its contents break a promise, or somebody else uses the database."""


async def _connected(storage: PostgresStorage) -> Any:
    try:
        return await asyncpg.connect(storage.url)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise StorageUnavailable(f"the PostgreSQL server can't be reached: {error}") from error


# Making


async def write(storage: PostgresStorage, draft: Path) -> None:
    """Copy every table as it is at one instant; the bot may go on meanwhile. Raises StorageUnavailable."""
    connection = await _connected(storage)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as pack:
                await _write(connection, pack, storage.clock.now)
    except asyncpg.PostgresError as error:
        raise StorageUnavailable(f"the database can't be copied: {error}") from error
    finally:
        await connection.close()


async def _write(connection: Any, pack: zipfile.ZipFile, now: int) -> None:
    tables = {row["tablename"]: await _columns(connection, row["tablename"]) for row in await connection.fetch(TABLES)}
    if "migrations" not in tables:
        raise StorageUnavailable("there is nothing in the database yet")
    counters = [[row["table_name"], row["column_name"], row["last"]] for row in await connection.fetch(COUNTERS)]
    history = await connection.fetch("SELECT number, name, digest FROM migrations ORDER BY number")
    about = {"made_at": now, "tables": tables, "counters": counters, "migrations": [list(row) for row in history]}
    pack.writestr(ABOUT, json.dumps(about, indent=1))
    for table, columns in tables.items():
        with pack.open(table, "w", force_zip64=True) as member:
            await connection.copy_from_table(table, columns=columns, output=_sink(member))


def _sink(member: Any) -> Callable[[bytes], Awaitable[None]]:
    async def put(piece: bytes) -> None:
        member.write(piece)

    return put


async def _columns(connection: Any, table: str) -> list[str]:
    return [row["attname"] for row in await connection.fetch(COLUMNS, table)]


# Putting back


async def holds(storage: PostgresStorage) -> list[str]:
    """The names of the rights of every bot that ever ran on this database, and of migrations."""
    connection = await _connected(storage)
    try:
        tables = {row["tablename"] for row in await connection.fetch(TABLES)}
        bots = await connection.fetch("SELECT DISTINCT bot FROM pulse") if "pulse" in tables else []
    finally:
        await connection.close()
    return sorted({f"bot{storage.bot}", "migrate", *(f"bot{row['bot']}" for row in bots)})


async def refuse_company(storage: PostgresStorage, held: int) -> None:
    """Raises Faulty while anybody else is connected: processes that help the bot hold no right, and would be lost."""
    connection = await _connected(storage)
    try:
        others = await connection.fetchval(COMPANY) - held
    finally:
        await connection.close()
    if others > 0:
        raise Faulty(f"{others} other connections use this database; stop every process of the bot first")


async def is_empty(storage: PostgresStorage) -> bool:
    """Nobody is registered in it."""
    connection = await _connected(storage)
    try:
        tables = {row["tablename"] for row in await connection.fetch(TABLES)}
        return "people" not in tables or await connection.fetchval("SELECT 1 FROM people LIMIT 1") is None
    finally:
        await connection.close()


async def load(storage: PostgresStorage, source: Path, check: Deed[list[str]], mark: Mark) -> tuple[int, str | None]:
    """Put the old schema aside and the copy in its place, in one transaction; its instant, and the old schema's name."""
    connection = await _connected(storage)
    try:
        with zipfile.ZipFile(source) as pack:
            about = _about(pack)
            async with connection.transaction():
                aside = await _put_aside(connection, storage)
                await _load(connection, pack, about, storage.clock.now)
                tx = PostgresTransaction(connection, storage.clock, storage.bot)
                if problems := await check(tx):
                    raise Faulty("; ".join(problems))
                await mark(tx, about["made_at"])
    except DAMAGES as error:
        raise Faulty(f"it is damaged: {error}") from error
    finally:
        await connection.close()
    return about["made_at"], aside


def _about(pack: zipfile.ZipFile) -> dict[str, Any]:
    if damaged := pack.testzip():
        raise Faulty(f"it is damaged: {damaged}")
    about: dict[str, Any] = json.loads(pack.read(ABOUT))
    for name in (*about["tables"], *(column for columns in about["tables"].values() for column in columns)):
        if not NAME.fullmatch(name):
            raise Faulty(f"it names a table or column {name!r}")
    return about


async def _put_aside(connection: Any, storage: PostgresStorage) -> str | None:
    schema = await connection.fetchval("SELECT current_schema()")
    if not await connection.fetch(TABLES):
        return None
    stamp = storage.clock.local(storage.clock.now)
    aside = f"{schema}_before_{stamp:%Y%m%d_%H%M%S}"
    await connection.execute(f'ALTER SCHEMA "{schema}" RENAME TO "{aside}"')
    await connection.execute(f'CREATE SCHEMA "{schema}"')
    return aside


async def _load(connection: Any, pack: zipfile.ZipFile, about: dict[str, Any], now: int) -> None:
    done, todo = _split(about["migrations"])
    await connection.execute(HISTORY)
    for migration in done:
        await connection.execute(script_for("postgresql", migration.script))
    await _fill(connection, pack, about)
    for migration in todo:
        await connection.execute(script_for("postgresql", migration.script))
        await _record(connection, migration, now)


def _split(history: list[list[Any]]) -> tuple[list[Migration], list[Migration]]:
    """The migrations that the copy has, and those that it lacks. Raises SchemaMismatch for a copy of a newer version."""
    known = {migration.number: migration for migration in migrations()}
    for number, name, digest in history:
        if number not in known:
            raise SchemaMismatch(
                f"the backup has migration {number:04}, which this version does not know: update the bot"
            )
        if known[number].digest != digest:
            raise SchemaMismatch(f"the backup was made with another migration {number:04}_{name}")
    numbers = {number for number, _, _ in history}
    return (
        [migration for number, migration in known.items() if number in numbers],
        [migration for number, migration in known.items() if number not in numbers],
    )


async def _record(connection: Any, migration: Migration, now: int) -> None:
    tx_values = (migration.number, migration.name, migration.digest, now)
    text = re.sub(r":\w+", lambda match: f"${['number', 'name', 'digest', 'at'].index(match[0][1:]) + 1}", RECORD)
    await connection.execute(text, *tx_values)


async def _fill(connection: Any, pack: zipfile.ZipFile, about: dict[str, Any]) -> None:
    """Rows as they were: without the triggers and references that guard single steps, which are all back afterwards."""
    tables = [row["tablename"] for row in await connection.fetch(TABLES)]
    if sorted(tables) != sorted(about["tables"]):
        raise Faulty("its tables are not those of its version")
    references = await connection.fetch(FOREIGN_KEYS)
    for key in references:
        await connection.execute(f'ALTER TABLE {key["table"]} DROP CONSTRAINT "{key["conname"]}"')
    for table in tables:
        await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    await connection.execute(f"TRUNCATE {', '.join(tables)}")
    for table, columns in about["tables"].items():
        with pack.open(table) as member:
            await connection.copy_to_table(table, columns=columns, source=member)
    for table in tables:
        await connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for key in references:
        await connection.execute(f'ALTER TABLE {key["table"]} ADD CONSTRAINT "{key["conname"]}" {key["definition"]}')
    for table, column, last in about["counters"]:
        if last is not None:
            await connection.execute("SELECT setval(pg_get_serial_sequence($1, $2), $3)", table, column, last)
