"""Who did what that others rely on: an append-only log in which each row's hash covers the one before."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from bot.storage import Transaction

FIRST = ""


@dataclass(frozen=True)
class Entry:
    """One row of the chain; `subject` is such as `group:12`, `cause` such as `update:991`."""

    number: int
    at: int
    bot: int
    actor_id: int | None
    deed: str
    subject: str
    details: str
    cause: str
    previous: str
    hash: str

    @property
    def written(self) -> dict[str, Any]:
        """What else was noted, by name."""
        found: dict[str, Any] = json.loads(self.details)
        return found


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold, and how."""

    number: int
    why: str


def digest(entry: Entry) -> str:
    """What the row's hash must be: SHA-256 over its content and the hash before it."""
    content = [getattr(entry, name) for name in Entry.__dataclass_fields__ if name != "hash"]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


async def first_break(tx: Transaction, *, page: int = 1000) -> Break | None:
    """The first row at which the chain is broken, or None where all of it holds. Reads in pages: memory is bounded."""
    number, previous = 0, FIRST
    while rows := await tx.all(
        "SELECT * FROM audit WHERE number > :number ORDER BY number LIMIT :page", number=number, page=page
    ):
        for row in rows:
            entry = Entry(**row)
            if entry.number != number + 1:
                return Break(number + 1, "missing")
            if entry.previous != previous:
                return Break(entry.number, "does not follow the row before")
            if entry.hash != digest(entry):
                return Break(entry.number, "changed")
            number, previous = entry.number, entry.hash
    head = await tx.one("SELECT number, hash FROM audit_head")
    if head is None or (head["number"], head["hash"]) != (number, previous):
        return Break(number + 1, "missing at the end")
    return None


async def head(tx: Transaction) -> tuple[int, str]:
    """The end of the chain: its number and its hash, to be kept elsewhere."""
    row = await tx.one("SELECT number, hash FROM audit_head WHERE id = 1")
    assert row is not None, "the first migration put the head there"
    return int(row["number"]), str(row["hash"])


async def hash_at(tx: Transaction, number: int) -> str | None:
    """The hash of a row, to hold it against one that was kept elsewhere; None where there is no such row."""
    found: str | None = await tx.value("SELECT hash FROM audit WHERE number = :number", number=number)
    return found


async def last_of(tx: Transaction, deed: str, subject: str) -> Entry:
    """The newest row of a deed that was done to this subject: for what goes on after it."""
    row = await tx.one(
        "SELECT * FROM audit WHERE subject = :subject AND deed = :deed ORDER BY number DESC LIMIT 1",
        subject=subject,
        deed=deed,
    )
    assert row is not None, "whatever goes on was noted at its beginning"
    return Entry(**row)


async def take_turn(tx: Transaction) -> None:
    """Wait until nobody else adds to the chain, and keep them waiting until the commit.

    For a deed that locks other rows and then calls `note`: when all take the chain first, none waits in a circle.
    """
    await tx.value("SELECT number FROM audit_head WHERE id = 1 /*pg FOR UPDATE*/")


async def note(tx: Transaction, deed: str, subject: str, *, by: int | None, **details: Any) -> int:
    """Add a row; its number. `by` is the person's id, None for the machine's command line or the scheduler."""
    head = await tx.one("UPDATE audit_head SET number = number + 1 WHERE id = 1 RETURNING number, hash")
    assert head is not None, "the first migration put the head there"
    written = json.dumps(details, ensure_ascii=False, sort_keys=True)
    entry = Entry(head["number"], tx.now, tx.bot, by, deed, subject, written, tx.cause, head["hash"], "")
    entry = Entry(**{**entry.__dict__, "hash": digest(entry)})
    await tx.run(
        "INSERT INTO audit (number, at, bot, actor_id, deed, subject, details, cause, previous, hash) "
        "VALUES (:number, :at, :bot, :actor_id, :deed, :subject, :details, :cause, :previous, :hash)",
        **entry.__dict__,
    )
    await tx.run("UPDATE audit_head SET hash = :hash WHERE id = 1", hash=entry.hash)
    return entry.number
