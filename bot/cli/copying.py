"""`backup` and `restore`: what is checked before a copy counts, and what is said of it."""

from pathlib import Path

from rich.console import Console

from bot.assembly import bot_id
from bot.cli.promises import all_broken
from bot.clock import Clock
from bot.config import Settings
from bot.databases import copies, open_storage
from bot.databases.copies import Restored
from bot.domain import audit, housekeeping, points, reports
from bot.storage import Storage, Transaction


def _storage(settings: Settings, clock: Clock) -> Storage:
    return open_storage(settings.storage, clock, bot_id(settings.telegram.token.get_secret_value() or "0"))


async def back_up(settings: Settings, clock: Clock, target: Path) -> str:
    """Copy the database; its instant in the county's time."""
    return _shown(clock, await copies.back_up(_storage(settings, clock), target))


async def restore(settings: Settings, clock: Clock, source: Path, *, force: bool) -> Restored:
    """Put a copy back, if what is in it keeps every promise."""
    storage = _storage(settings, clock)
    return await copies.restore(storage, source, force=force, check=broken_promises, mark=housekeeping.restored)


async def broken_promises(tx: Transaction) -> list[str]:
    """What is wrong with the database's contents, a sentence each."""
    broken = [*await all_broken(tx), *await reports.invariants(tx)]
    problems = [f"{fault.promise} Not so: {dict(fault.rows[0])}" for fault in broken]
    if gap := await audit.first_break(tx):
        problems.append(f"row {gap.number} of the audit log {gap.why}")
    if torn := await points.first_gap(tx):
        problems.append(f"place {torn.place} of the ledger's chain {torn.why}")
    return problems


def tell_backup(out: Console, target: Path, made_at: str) -> None:
    size = target.stat().st_size
    out.print(f"{target} holds everything up to {made_at} ({size:,} bytes).", soft_wrap=True)


def tell_restored(out: Console, restored: Restored, clock: Clock) -> None:
    since = _shown(clock, restored.made_at) if restored.made_at is not None else "an unknown time"
    out.print(f"The database is now as it was at {since}. Everything after it is missing.", soft_wrap=True)
    if restored.aside:
        out.print(f"What was there before is kept: {restored.aside}", soft_wrap=True)
    out.print("The admins are told at the next start.", soft_wrap=True)


def _shown(clock: Clock, instant: int) -> str:
    return f"{clock.local(instant):%Y-%m-%d %H:%M:%S}"
