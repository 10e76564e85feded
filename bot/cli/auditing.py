"""`audit`: follows both chains and asks every promise, on a running system; the first row that breaks one is named."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.assembly import open_up
from bot.cli.promises import PARTS
from bot.clock import Clock
from bot.config import Settings
from bot.domain import audit, points, reports
from bot.domain.points import Gap, Head
from bot.domain.promises import Broken
from bot.storage import Deed, Storage, Transaction

Question = Callable[[Transaction], Awaitable[list[Broken]]]


@dataclass(frozen=True)
class Looked:
    """What was looked at, and what it came to; `fault` where it does not hold."""

    what: str
    words: str
    fault: bool = False


async def look(settings: Settings, clock: Clock, out: Console, heads: tuple[str, str]) -> list[Looked]:
    """Look at everything in the database of these settings; `heads` of the audit log and the ledger as somebody kept them."""
    async with AsyncExitStack() as stack:
        storage = await open_up(settings, clock, guest=True)
        stack.push_async_callback(storage.close)
        return await look_at(storage, stack.enter_context(progress(out)), heads)


def progress(out: Console) -> Progress:
    columns = (TextColumn("{task.description:12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=out, transient=True)


async def look_at(storage: Storage, bar: Progress, heads: tuple[str, str] = ("", "")) -> list[Looked]:
    """Both chains, the heads that were kept elsewhere, and every promise: a transaction for each step, so that the bot goes on."""
    found = [await _audit_log(storage, bar), await _ledger(storage, bar)]
    for name, kept, question in (("audit head", heads[0], audit.hash_at), ("ledger head", heads[1], points.hash_at)):
        if kept:
            found.append(await _kept_elsewhere(storage, name, kept, question))
    return [*found, *await _promises(storage, bar)]


async def _audit_log(storage: Storage, bar: Progress) -> Looked:
    task = bar.add_task("audit log", total=1)
    broken = await storage.report(audit.first_break)
    head = await storage.read(audit.head)
    bar.advance(task)
    if broken:
        return Looked("audit log", f"row {broken.number} {broken.why}", fault=True)
    return Looked("audit log", f"{head[0]} rows hold; head {head[0]}:{head[1]}")


async def _ledger(storage: Storage, bar: Progress) -> Looked:
    since = Head(0, "")
    task = bar.add_task("ledger", total=(await storage.read(points.head)).place)
    while (found := await storage.report(_following(since))) != since:
        if isinstance(found, Gap):
            which = f"entry {found.transfer_id}" if found.transfer_id else "an entry"
            return Looked("ledger", f"place {found.place}: {which} {found.why}", fault=True)
        bar.update(task, completed=found.place)
        since = found
    return Looked("ledger", f"{since.place} entries hold; head {since.place}:{since.hash}")


def _following(since: Head) -> Deed[Head | Gap]:
    async def question(tx: Transaction) -> Head | Gap:
        return await points.follow(tx, since)

    return question


async def _kept_elsewhere(
    storage: Storage, name: str, kept: str, question: Callable[[Transaction, int], Awaitable[str | None]]
) -> Looked:
    number, _, digest = kept.partition(":")
    if not number.isdecimal():
        return Looked(name, f"{kept!r} is none: a head is a number, a colon and a hash, such as 41:9f2c...", fault=True)
    found = await storage.read(lambda tx: question(tx, int(number)))
    if found is None:
        return Looked(name, f"there is no place {number} any more", fault=True)
    if not digest or not found.startswith(digest):
        return Looked(name, f"place {number} has the hash {found}, not {digest}: it was written anew", fault=True)
    return Looked(name, f"place {number} is what it was")


async def _promises(storage: Storage, bar: Progress) -> list[Looked]:
    parts: list[tuple[str, Question]] = [(part.__name__.rsplit(".", 1)[1], part.invariants) for part in PARTS]
    parts.append(("statistics", reports.invariants))
    task = bar.add_task("promises", total=len(parts))
    found = []
    for name, question in parts:
        found += [_broken(name, each) for each in await storage.report(question)]
        bar.advance(task)
    return found or [Looked("promises", f"all of {len(parts)} parts are kept")]


def _broken(name: str, broken: Broken) -> Looked:
    return Looked(name, f"{broken.name}: {broken.promise} Not so: {dict(broken.rows[0])}", fault=True)
