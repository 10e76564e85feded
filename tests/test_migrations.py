"""The schema as it grew: what was published never changes, and what yesterday's bot wrote is there after the update."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import due
from bot.databases.migrations import SCHEMA, migrate, migrations
from bot.databases.postgres import PostgresStorage
from bot.databases.sqlite import SqliteStorage
from bot.domain import activities, calls, merging, services
from bot.storage import Storage, Transaction
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


def until(number: int, folder: Path) -> Path:
    """A folder with the migrations up to this number: the bot of some time ago."""
    for migration in migrations():
        name = f"{migration.number:04}_{migration.name}.sql"
        if migration.number <= number:
            shutil.copy(SCHEMA / name, folder / name)
    return folder


async def test_what_was_planned_outlives_the_new_index(empty: Storage, tmp_path: Path) -> None:
    """0013 makes the table of planned deeds anew: each is there with its number, and planning it again plans it once."""
    await migrate(empty, until(12, tmp_path))
    await empty.transact(lambda tx: due.plan(tx, "council.open", "timetable", tx.now + 60, until=tx.now + 90))
    rows = await empty.read(lambda tx: tx.all("SELECT * FROM due"))

    await migrate(empty)
    # A connection of before remembers what the table was like.
    await empty.close()
    await empty.open()

    await empty.transact(lambda tx: due.plan(tx, "council.open", "timetable", tx.now + 60))
    kept = await empty.read(lambda tx: tx.all("SELECT * FROM due"))
    assert [dict(row) for row in kept] == [dict(row) for row in rows]


SIGNED_UP = (
    "INSERT INTO people (id, nickname, language, registered_at) VALUES (1, 'Ming', 'zh_CN', 1)",
    "INSERT INTO activities (id, kind, title, place, starts_at, ends_at, places, taken, waiting, made_at, made_by) "
    "VALUES (5, 'task', 'River bank', 'Bridge', 100, 200, 9, 1, 0, 1, 1)",
    "INSERT INTO participations (id, activity_id, person_id, state, was, since, made_at, came) "
    "VALUES (7, 5, 1, 'out', 'in', 3, 2, NULL), (9, 5, 1, 'in', NULL, 4, 4, 1)",
)


async def test_sign_ups_outlive_their_new_states(empty: Storage, tmp_path: Path) -> None:
    """0021 makes the table of sign-ups anew: each is there with its number, and the next one has the next number."""
    await migrate(empty, until(20, tmp_path))

    async def sign_up(tx: Transaction) -> None:
        for sql in SIGNED_UP:
            await tx.run(sql)

    await empty.transact(sign_up)
    rows = await empty.read(lambda tx: tx.all("SELECT * FROM participations ORDER BY id"))

    await migrate(empty)

    # Not the same words: PostgreSQL's connection still has the plan of the table as it was.
    kept = await empty.read(lambda tx: tx.all("SELECT p.* FROM participations p ORDER BY id"))
    assert [{name: row[name] for name in dict(rows[0])} for row in kept] == [dict(row) for row in rows]
    assert all(row["until"] is None and row["how"] is None for row in kept)
    faults = await empty.read(activities.invariants)
    assert faults == []


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_was_kept_to_be_found_is_in_small_letters(empty: Storage, tmp_path: Path) -> None:
    """0037 mends the pieces that SQLite kept in capitals, each once."""
    await migrate(empty, until(36, tmp_path))
    kept = "INSERT INTO pieces (kind, piece, subject) VALUES ('group', 'É', 1), ('group', 'é', 1), ('person', 'Жa', 2)"
    await empty.transact(lambda tx: tx.run(kept))

    await migrate(empty)

    rows = await empty.read(lambda tx: tx.all("SELECT kind, piece, subject FROM pieces ORDER BY subject"))
    assert [(row["kind"], row["piece"], row["subject"]) for row in rows] == [("group", "é", 1), ("person", "жa", 2)]


FOUND_BY_WORDS = (
    "INSERT INTO people (id, nickname, language, registered_at) VALUES (1, 'Ming', 'zh_CN', 1)",
    "INSERT INTO groups (id, name, made_at, closed_at) VALUES (1, '舞É', 1, NULL), (2, 'Gone', 1, 2)",
    "INSERT INTO pieces (kind, piece, subject) VALUES ('group', '舞', 1), ('person', 'm', 1)",
    "INSERT INTO offers (id, title, about, group_id, made_at, closed_at) VALUES (3, 'V', '', 1, 1, NULL), (4, 'W', '', 1, 1, 2)",
    "INSERT INTO projects (id, title, about, place, by_at, people, state, since, made_at) "
    "VALUES (5, 'P', '', 'Q', 9, 1, 'published', 1, 1), (6, 'R', '', 'S', 9, 1, 'posted', 1, 1)",
)


async def test_what_is_open_is_found_by_its_words_after_the_update(empty: Storage, tmp_path: Path) -> None:
    """0068 keeps the pieces there are, and adds those of open names, open offers and free needs alone, in small letters."""
    await migrate(empty, until(67, tmp_path))

    async def fill(tx: Transaction) -> None:
        for sql in FOUND_BY_WORDS:
            await tx.run(sql)

    await empty.transact(fill)

    await migrate(empty)

    rows = await empty.read(lambda tx: tx.all("SELECT kind, subject, piece FROM pieces"))
    found = {(row["piece"], row["kind"], row["subject"]) for row in rows}
    name = {"舞", "é", "舞é"}
    assert found == {
        ("舞", "group", 1),
        ("m", "person", 1),
        *((piece, "name", 1) for piece in name),
        *((piece, "offer", 3) for piece in {"v", *name}),
        ("p", "need", 5),
        ("q", "need", 5),
    }


ASKED = (
    "INSERT INTO areas (id, name) VALUES (1, 'Old town')",
    "INSERT INTO service_requests (block, area_id, words, state, made_at, replied_at) "
    "VALUES ('health', 1, '', 'open', 1, NULL), ('health', 1, '', 'withdrawn', 1, 9)",
)


async def test_what_was_asked_for_is_counted_after_the_update(empty: Storage, tmp_path: Path) -> None:
    """The figures of services begin with all requests that there are."""
    await migrate(empty, until(68, tmp_path))

    async def fill(tx: Transaction) -> None:
        for sql in ASKED:
            await tx.run(sql)

    await empty.transact(fill)

    await migrate(empty)

    assert [(each.asked, each.waiting) for each in await empty.read(services.figures)] == [(1, 1)]
    assert await empty.read(services.invariants) == []


# Columns that name a person without a foreign key of their own to the table of people.
OTHERWISE = {("accounts", "owner"), ("feedback_remarks", "person_id"), ("standby_words", "person_id")}
FOREIGN = """
    SELECT m.name AS tab, f."from" AS col FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
    WHERE m.type = 'table' AND f."table" = 'people'
"""


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
async def test_each_column_that_names_a_person_has_its_answer(storage: Storage) -> None:
    """Whoever adds a table that names people says what becomes of its rows when two records become one."""
    rows = await storage.read(lambda tx: tx.all(FOREIGN))
    named = {(row["tab"], row["col"]) for row in rows} | OTHERWISE
    answered = [(fate.table, fate.column) for fate in merging.FATES]
    assert sorted(named - set(answered)) == []
    assert sorted(set(answered) - named) == []
    assert len(answered) == len(set(answered))


ANSWERED_BEFORE = (
    "INSERT INTO people (id, nickname, language, registered_at) VALUES (1, 'Ming', 'zh_CN', 1), (2, 'Hua', 'zh_CN', 1)",
    "INSERT INTO calls (id, kind, sender_id, audience, text, link, state, made_at, sent_at, enlisted, tidied_at) "
    "VALUES (3, 'announce', 1, 'county', 'Come', 'activities.open:1', 'done', 1, 2, 2, 4), "
    "(4, 'announce', 1, 'county', 'Go', 'activities.open:1', 'done', 1, 2, 2, 4)",
    "INSERT INTO call_answers (call_id, person_id, answer, at) VALUES (3, 1, 'coming', 3), (3, 2, 'not_now', 3)",
)


async def test_answers_of_before_count_for_the_county(empty: Storage, tmp_path: Path) -> None:
    """0083 counts each answer there is once among everybody's, and all who were called where nobody has answered."""
    await migrate(empty, until(82, tmp_path))

    async def fill(tx: Transaction) -> None:
        for sql in ANSWERED_BEFORE:
            await tx.run(sql)

    await empty.transact(fill)

    await migrate(empty)

    county = await empty.read(
        lambda tx: tx.all("SELECT called, coming, not_now FROM call_nodes WHERE group_id = 0 ORDER BY call_id")
    )
    assert [tuple(each) for each in county] == [(2, 1, 1), (2, 0, 0)]
    assert await empty.read(calls.invariants) == []
