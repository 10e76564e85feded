"""What takes long to read: done beside everything else, for whoever may have it, before and after."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from bot.databases.sqlite import SqliteStorage
from bot.domain.reports import writing
from bot.handlers import everything
from bot.routing import Answer, Heard, Routes, Who, command
from bot.storage import Storage, StorageUnavailable, Transaction
from tests.audited import newest_rows
from tests.town import Town


class Gate:
    """Holds up whatever is written into a file until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached = threading.Event()
        self._open = threading.Event()
        written = writing.Table._write

        def waits(table: writing.Table, cells: list[object]) -> None:
            self.reached.set()
            assert self._open.wait(30), "nobody opened the gate"
            written(table, cells)

        monkeypatch.setattr(writing.Table, "_write", waits)

    async def is_reached(self) -> None:
        while not self.reached.is_set():
            await asyncio.sleep(0.005)

    def open(self) -> None:
        self._open.set()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate(monkeypatch)
    yield made
    made.open()


async def test_others_are_answered_while_an_export_is_built(town: Town, gate: Gate) -> None:
    """A file that takes long holds up whoever asked for it, and nobody else: not to read, and not to write."""
    waiting = asyncio.create_task(town.dong.says("/export csv people"))
    await gate.is_reached()
    await asyncio.wait_for(town.ming.says("/settings"), 20)
    assert "Settings" in town.ming.screen.text
    assert not town.dong.files
    gate.open()
    await waiting
    assert town.dong.files[-1].name.endswith(".csv")


async def test_others_see_their_figures_while_two_exports_are_built(town: Town, gate: Gate) -> None:
    """Reports wait for reports, and the road for none of them."""
    waiting = [asyncio.create_task(who.says("/export csv people")) for who in (town.dong, town.shen)]
    await gate.is_reached()
    for _ in range(3):
        await asyncio.wait_for(town.ming.says("/points"), 20)
    gate.open()
    await asyncio.gather(*waiting)
    assert town.dong.files
    assert town.shen.files


async def test_whoever_lost_his_role_meanwhile_gets_nothing(town: Town, gate: Gate) -> None:
    """Who may is asked before anything is read, and again when it is handed over."""
    waiting = asyncio.create_task(town.dong.says("/export csv people"))
    await gate.is_reached()
    await town.does(lambda tx: tx.run("UPDATE people SET role = 'member'"))
    gate.open()
    await waiting
    assert not town.dong.files
    assert "Only county admins and auditors can see this" in town.dong.screen.text
    assert not [row for row in await town.does(lambda tx: newest_rows(tx, 9)) if row.deed == "export.made"]


async def test_nothing_is_read_for_whoever_may_not(town: Town) -> None:
    """Members, strangers and those who hide are refused before the database is asked for anything long."""
    read = []

    async def long(tx: Transaction, heard: Heard) -> str:
        read.append(heard.sender.id)
        return "read"

    async def show(tx: Transaction, heard: Heard) -> Answer:
        """Show it"""
        assert heard.report == "read"
        return None

    town.routes = Routes([*everything(), command("long", show, Who.READER, read=long)])
    await town.opens()
    for persona in (town.ming, town.lan, town.wei, town.dong, town.shen):
        await persona.says("/long")
    assert read == [town.dong.id, town.shen.id]
    assert "Only county admins and auditors can see this" in town.ming.screen.text


async def test_a_long_answer_comes_in_portions(storage: Storage) -> None:
    """All rows in their order, never more than so many at a time."""

    async def question(tx: Transaction) -> list[list[int]]:
        numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :last) SELECT i FROM n"
        return [[row["i"] for row in rows] async for rows in tx.portions(numbers, 3, last=8)]

    assert await storage.report(question) == [[1, 2, 3], [4, 5, 6], [7, 8]]


async def test_closing_does_not_wait_for_a_report(storage: Storage) -> None:
    """A bot that is stopped ends at once; the update of whoever waits is handled at the next start."""
    if not isinstance(storage, SqliteStorage):
        pytest.skip("on PostgreSQL the connection is cut after CLOSE_SECONDS")
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"
    waiting = asyncio.create_task(storage.report(lambda tx: tx.value(endless)))
    await asyncio.sleep(0.1)
    await asyncio.wait_for(storage.close(), 5)
    with pytest.raises(StorageUnavailable):
        await waiting


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
async def test_questions_one_after_another_are_asked_of_one_connection(storage: Storage) -> None:
    """It has read all tables and prepared the question: another one would do both again. Two at once have one each."""

    async def connection(tx: Transaction) -> int:
        return id(tx._cursor.connection)  # type: ignore[attr-defined]

    one = {await storage.read(connection) for _ in range(4)}
    assert len(one) == 1
    assert len(set(await asyncio.gather(storage.read(connection), storage.read(connection)))) == 2
