"""Backup and restore: nothing half, nothing behind the bot's back, and what is missing is said."""

import asyncio
import os
import sqlite3
import stat
import zipfile
from pathlib import Path

import pytest

from bot.cli.copying import broken_promises
from bot.databases.copies import Restored, back_up, restore
from bot.databases.migrations import SchemaMismatch, missing
from bot.databases.sqlite import SqliteStorage
from bot.domain import housekeeping
from bot.storage import NoCopy, Storage, StorageReplaced, Transaction
from tests.audited import newest_rows
from tests.county import furnished
from tests.test_command_line import Bot, bot, line_with, running, said, telegram
from tests.town import Town

__all__ = ["bot"]


async def put_back(storage: Storage, source: Path, *, force: bool = True) -> Restored:
    """Restore as the command line does, with the bot stopped; then it runs again."""
    await storage.close()
    try:
        return await restore(storage, source, force=force, check=broken_promises, mark=housekeeping.restored)
    finally:
        await storage.open()


async def everything(storage: Storage) -> dict[str, list[str]]:
    """Every row of every table, but for the copy's own mark."""
    tables = await storage.tables()

    async def look(tx: Transaction) -> dict[str, list[str]]:
        return {
            table: sorted(str(list(dict(row).items())) for row in await tx.all(f"SELECT * FROM {table}"))
            for table in sorted(tables)
            if table not in ("pulse", "audit", "audit_head", "outbox")
        }

    return await storage.read(look)


async def test_what_was_saved_comes_back(town: Town, storage: Storage, tmp_path: Path) -> None:
    """A restored database holds row for row what it held, keeps every promise, and the chain goes on."""
    await furnished(town)
    before = await everything(storage)
    await back_up(storage, tmp_path / "copy")
    await town.hua.says("/join 徒步队")
    await town.ming.says("/topic After the backup")
    await put_back(storage, tmp_path / "copy")
    assert await everything(storage) == before
    assert await storage.read(broken_promises) == []
    assert await missing(storage) == []
    newest = await storage.read(lambda tx: newest_rows(tx, 1))
    assert newest[0].deed == "database.restored"


async def test_bot_goes_on_after_a_restore(town: Town, storage: Storage, tmp_path: Path) -> None:
    """New rows get new numbers, triggers and references guard again, and people are answered."""
    await furnished(town)
    await back_up(storage, tmp_path / "copy")
    await put_back(storage, tmp_path / "copy")
    anna = await town.newcomer("Anna")
    await anna.says("/join 徒步队")
    assert "徒步队" in anna.screen.text
    assert (await town.person(anna)).id == 6
    with pytest.raises(Exception, match="never"):
        await storage.transact(lambda tx: tx.run("DELETE FROM audit"))
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await storage.transact(lambda tx: tx.run("INSERT INTO leaders (group_id, person_id, since) VALUES (1, 999, 0)"))


async def test_admins_are_told_what_is_missing(town: Town, storage: Storage, tmp_path: Path) -> None:
    """The bot itself says from which moment the backup is."""
    await back_up(storage, tmp_path / "copy")
    await town.passes(hours=2)
    restored = await put_back(storage, tmp_path / "copy")
    assert restored.made_at == int(town.clock.instant) - 2 * 3600
    await town.settle()
    assert "The database was put back from a backup of Sat 21 Nov, 10:00" in town.dong.heard[-1]
    assert "Everything after it is missing" in town.dong.heard[-1]


async def test_database_with_people_is_not_replaced_by_accident(town: Town, storage: Storage, tmp_path: Path) -> None:
    """Without --force a database that somebody is registered in stays as it is."""
    await back_up(storage, tmp_path / "copy")
    before = await everything(storage)
    with pytest.raises(NoCopy, match="--force"):
        await put_back(storage, tmp_path / "copy", force=False)
    assert await everything(storage) == before


async def test_empty_database_needs_no_force(storage: Storage, town: Town, tmp_path: Path) -> None:
    """A new machine: the copy goes in at once."""
    await back_up(storage, tmp_path / "copy")
    await storage.transact(_empty)
    await put_back(storage, tmp_path / "copy", force=False)
    assert len(await storage.read(lambda tx: tx.all("SELECT id FROM people"))) == 5


async def _empty(tx: Transaction) -> None:
    await tx.run("DELETE FROM people_to_compare")
    await tx.run("DELETE FROM people")


async def test_old_database_is_kept_aside(town: Town, storage: Storage, tmp_path: Path) -> None:
    """What was there before the restore can still be looked into."""
    await back_up(storage, tmp_path / "copy")
    await town.newcomer("Anna")
    restored = await put_back(storage, tmp_path / "copy")
    assert restored.aside is not None
    if storage.dialect == "sqlite":
        old = sqlite3.connect(restored.aside)
        names = [row[0] for row in old.execute("SELECT nickname FROM people ORDER BY id")]
        old.close()
    else:
        rows = await storage.read(lambda tx: tx.all(f"SELECT nickname FROM {restored.aside}.people ORDER BY id"))
        names = [row["nickname"] for row in rows]
    assert names[-1] == "Anna"


async def test_nothing_is_restored_while_the_bot_runs(town: Town, storage: Storage, tmp_path: Path) -> None:
    """Whoever holds the right to poll is at work: the restore is refused."""
    await back_up(storage, tmp_path / "copy")
    hold = await storage.hold(f"bot{storage.bot}")
    assert hold is not None
    with pytest.raises(NoCopy, match="the bot is running"):
        await put_back(storage, tmp_path / "copy")
    await hold.let_go()


async def test_newer_copy_is_refused(town: Town, storage: Storage, tmp_path: Path) -> None:
    """A copy of a version that we don't know is not read as if we did."""
    await storage.transact(
        lambda tx: tx.run("INSERT INTO migrations (number, name, digest, at) VALUES (9999, 'future', 'x', 1)")
    )
    await back_up(storage, tmp_path / "copy")
    await storage.transact(lambda tx: tx.run("DELETE FROM migrations WHERE number = 9999"))
    with pytest.raises(SchemaMismatch, match="9999"):
        await put_back(storage, tmp_path / "copy")
    assert (await town.person(town.ming)).nickname == "Ming"


async def test_forged_copy_is_refused(town: Town, storage: Storage, tmp_path: Path) -> None:
    """A copy whose audit chain is broken is not put back."""
    await furnished(town)
    await storage.transact(lambda tx: tx.run("UPDATE audit_head SET hash = 'forged'"))
    await back_up(storage, tmp_path / "copy")
    with pytest.raises(NoCopy, match="audit log"):
        await put_back(storage, tmp_path / "copy")


@pytest.mark.parametrize("harm", ["cut", "garbage inside", "another file", "missing"])
async def test_damaged_copy_is_refused(town: Town, storage: Storage, tmp_path: Path, harm: str) -> None:
    """A copy that was cut, scratched, or never was one: refused, and the database stays as it is."""
    await furnished(town)
    copy = tmp_path / "copy"
    await back_up(storage, copy)
    content = bytearray(copy.read_bytes())
    if harm == "cut":
        copy.write_bytes(content[: len(content) // 2])
    elif harm == "garbage inside":
        content[len(content) // 3 : len(content) // 2] = os.urandom(len(content) // 2 - len(content) // 3)
        copy.write_bytes(content)
    elif harm == "another file":
        copy.write_text("a letter to my aunt")
    else:
        copy.unlink()
    before = await everything(storage)
    with pytest.raises(NoCopy):
        await put_back(storage, copy)
    assert await everything(storage) == before


async def test_copy_of_the_other_kind_is_refused(town: Town, storage: Storage, tmp_path: Path) -> None:
    """A zip is no SQLite file, and the other way round; the sentence says which is which."""
    copy = tmp_path / "copy"
    if storage.dialect == "sqlite":
        zipfile.ZipFile(copy, "w").writestr("about.json", "{}")
    else:
        copy.write_bytes(b"SQLite format 3\x00" + bytes(100))
    with pytest.raises(NoCopy, match=r"is a copy of|is no backup"):
        await put_back(storage, copy)


async def test_backup_never_overwrites(town: Town, storage: Storage, tmp_path: Path) -> None:
    """A file that is there already is left alone."""
    (tmp_path / "copy").write_text("precious")
    with pytest.raises(NoCopy, match="is there already"):
        await back_up(storage, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "precious"


async def test_what_may_not_repeat_is_not_repeated(town: Town, storage: Storage, tmp_path: Path) -> None:
    """A sending that waited when the backup was made may have been sent since: it is reported, not sent again."""
    await storage.transact(
        lambda tx: tx.run(
            "INSERT INTO outbox (bot, lane, method, params, once, due_at, made_at) "
            "VALUES (:bot, 2, 'sendMessage', '{}', 1, :now, :now)",
            bot=tx.bot,
            now=tx.now,
        )
    )
    await back_up(storage, tmp_path / "copy")
    await put_back(storage, tmp_path / "copy")
    rows = await storage.read(lambda tx: tx.all("SELECT state FROM outbox WHERE once = 1"))
    assert [row["state"] for row in rows] == ["unsure"]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
async def test_a_second_process_does_not_go_on_with_the_old_file(storage: Storage, town: Town, tmp_path: Path) -> None:
    """Whoever waited for the right to poll while a copy was put back must open the new file, not poll into the old."""
    await back_up(storage, tmp_path / "copy")
    assert isinstance(storage, SqliteStorage)
    waiting = SqliteStorage(storage.path, storage.clock, storage.bot)
    await waiting.open()
    await put_back(storage, tmp_path / "copy")
    with pytest.raises(StorageReplaced, match="start again"):
        await waiting.hold(f"bot{storage.bot}")
    await waiting.close()


# On the command line


async def test_backup_of_a_running_bot(tmp_path: Path, bot: Bot) -> None:
    """The copy is made beside the bot and holds what was answered; restore is refused until the bot has stopped."""
    async with telegram() as (folk, sandbox, variables):
        async with running(tmp_path, "run", **variables) as process:
            await line_with(process, "@county_bot is at work")
            folk.person("Ming", language_code="en")
            await said(sandbox, "ming", "/start")
            made = await asyncio.to_thread(bot, "backup", "copy.db", **variables)
            refused = await asyncio.to_thread(bot, "restore", "copy.db", "--force", **variables)
        done = await asyncio.to_thread(bot, "restore", "copy.db", "--force", **variables)
    assert made.returncode == 0, made.stderr
    assert "copy.db holds everything up to" in made.stdout
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert (refused.returncode, "the bot is running" in refused.stderr) == (2, True)
    assert done.returncode == 0, done.stderr
    assert "Everything after it is missing" in done.stdout
    assert "What was there before is kept: " in done.stdout
    assert not [name for name in await asyncio.to_thread(os.listdir, tmp_path) if "restoring" in name]


def test_backup_of_nothing_says_so(bot: Bot, tmp_path: Path) -> None:
    """Where there is no database there is no copy, and no file is left behind."""
    ended = bot("backup", "copy.db")
    assert (ended.returncode, "Traceback" in ended.stderr) == (2, False)
    assert sorted(path.name for path in tmp_path.iterdir()) == []
