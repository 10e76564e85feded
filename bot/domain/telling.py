"""Telling many people without holding the database: a slice at a time, each a due row, nobody twice."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot import due, outbox
from bot.cards import Card, method_of, rendered
from bot.domain import people
from bot.due import Due
from bot.locales import LANGUAGES
from bot.outbox import Lane
from bot.storage import Transaction, Value

# Small enough that whoever presses a button meanwhile does not notice; many times what may be sent in a second.
SLICE = 500
LAST_POSSIBLE = 2**62
REACHABLE = "EXISTS (SELECT 1 FROM chats c WHERE c.bot = :bot AND c.chat_id = p.telegram_id AND c.state = 'open')"
# The rows of one telling in the outbox are those with its letters.
LETTERS = "(SELECT id FROM letters WHERE subject = :name)"
ENLIST = """
    INSERT INTO outbox (bot, lane, chat_id, method, params, letter_id, once, key, state, due_at, made_at)
    SELECT CAST(:bot AS BIGINT), CAST(:lane AS BIGINT), p.telegram_id, 'sendMessage', '{}',
        (SELECT id FROM letters WHERE subject = CAST(:name AS TEXT) AND language = p.language
            AND (leaders = 0 OR p.groups_led > 0) ORDER BY leaders DESC LIMIT 1),
        0, CAST(:name AS TEXT) || ':' || p.id, CAST(:state AS TEXT), CAST(:due_at AS BIGINT), CAST(:now AS BIGINT)
"""


@dataclass(frozen=True)
class Audience:
    """Whom to tell: `chosen` is FROM and WHERE over people `p`. `number` orders its rows, in which each is once."""

    chosen: str
    number: str = "p.id"
    values: Mapping[str, Value] = field(default_factory=dict)

    def part(self, after: int, last: int) -> tuple[str, dict[str, Value]]:
        """Those with a number over `after` up to `last` who are still with us, and the values that this asks for."""
        chosen = f"{self.chosen} AND {self.number} > :after AND {self.number} <= :last AND p.telegram_id IS NOT NULL"
        return chosen, {**self.values, "after": after, "last": last}


@dataclass(frozen=True)
class Slice:
    """What became of a slice: who has it in the outbox now, who can't be reached, up to which number, and is it all?"""

    told: int
    missed: int
    last: int
    finished: bool


# Deeds


async def begin(tx: Transaction, deed: str, subject: str, at: int | None = None) -> None:
    """Let the scheduler do `deed` for the first slice of `subject` (`session:5`), at once or at `at`."""
    await due.plan(tx, deed, f"{subject}:0", tx.now if at is None else at)


async def go_on(tx: Transaction, item: Due) -> None:
    """Let the scheduler do the same for the next slice, whose end nobody knows beforehand."""
    subject, _, slices = item.subject.rpartition(":")
    await due.plan(tx, item.deed, f"{subject}:{int(slices) + 1}", tx.now)


async def spread(
    tx: Transaction,
    item: Due,
    name: str,
    audience: Audience,
    screen: Card,
    *,
    lane: Lane = Lane.BROADCAST,
    not_after: int | None = None,
    leaders: Card | None = None,
) -> Slice:
    """Tell the next slice of the audience, and plan the slice after it.

    `name` is what each is told once, whoever asks for it again (`call:5`). The subject of `item` ends with the number
    of the last who was told. Reminders and broadcasts wait for the end of quiet hours, but never past `not_after`, and
    go only to those whose chat is open; what is more pressing is tried all the same. Whoever leads a group is told
    `leaders` instead, where that is given.
    """
    subject, _, after = item.subject.rpartition(":")
    last, many = await _end_of_slice(tx, audience, int(after))
    if not many:
        return Slice(0, 0, int(after), True)
    await _write_letters(tx, name, screen, leaders)
    chosen, values = audience.part(int(after), last)
    told, missed = await _enlist(tx, name, chosen, values, lane, not_after)
    if many == SLICE:
        await due.plan(tx, item.deed, f"{subject}:{last}", tx.now)
    return Slice(told, missed, last, many < SLICE)


async def _end_of_slice(tx: Transaction, audience: Audience, after: int) -> tuple[int, int]:
    """The number with which the slice ends, and how many rows it has."""
    chosen, values = audience.part(after, LAST_POSSIBLE)
    row = await tx.one(
        f"SELECT COALESCE(MAX(number), 0) AS last, COUNT(*) AS many FROM "  # noqa: S608
        f"(SELECT {audience.number} AS number {chosen} ORDER BY 1 LIMIT :slice) AS slice",
        slice=SLICE,
        **values,
    )
    assert row is not None, "counting gives a row"
    return row["last"], row["many"]


async def _write_letters(tx: Transaction, name: str, screen: Card, leaders: Card | None = None) -> None:
    """One letter a language, and one for leaders where that is another, shared by all who read it; later slices find those of the first one."""
    if await tx.value("SELECT 1 FROM letters WHERE subject = :name LIMIT 1", name=name):
        return
    screens = ((screen, False), *(((leaders, True),) if leaders else ()))
    for each, language in itertools.product(screens, LANGUAGES):
        params = rendered(each[0], people.reader(tx, language), private=True)
        await outbox.letter(tx, method_of(each[0]), params, subject=name, language=language, leaders=each[1])


async def _enlist(
    tx: Transaction, name: str, chosen: str, values: dict[str, Value], lane: Lane, not_after: int | None
) -> tuple[int, int]:
    """Put a slice into the outbox; how many are there now, and how many can't be reached."""
    rows: dict[str, Value] = {**values, "bot": tx.bot, "lane": int(lane), "name": name, "now": tx.now}
    if lane < Lane.REMINDER:
        told = await tx.run(
            f"{ENLIST} {chosen} ON CONFLICT (key) DO NOTHING", **{**rows, "state": "new", "due_at": tx.now}
        )
        tx.wakes("outbox")
        return told, 0
    told, reachable = 0, f"{chosen} AND {REACHABLE}"
    # Those in quiet hours first, at the instant at which these end; then all the others, who are not there yet.
    for start, end, until in await _quiet(tx, reachable, {**values, "bot": tx.bot}):
        if not_after is None or until <= not_after:
            told += await tx.run(
                f"{ENLIST} {reachable} AND p.quiet_from = :quiet_from AND p.quiet_to = :quiet_to ON CONFLICT (key) DO NOTHING",
                **{**rows, "state": "later", "due_at": until, "quiet_from": start, "quiet_to": end},
            )
    told += await tx.run(
        f"{ENLIST} {reachable} ON CONFLICT (key) DO NOTHING", **{**rows, "state": "new", "due_at": tx.now}
    )
    tx.wakes("outbox")
    missed = await tx.value(f"SELECT COUNT(*) {chosen} AND NOT {REACHABLE}", bot=tx.bot, **values)
    return told, int(missed)


async def _quiet(tx: Transaction, reachable: str, values: dict[str, Value]) -> list[tuple[int, int, int]]:
    """The different quiet hours that are on now among these people, each with the instant at which they end."""
    rows = await tx.all(f"SELECT DISTINCT p.quiet_from, p.quiet_to {reachable} AND p.quiet_from IS NOT NULL", **values)
    found = [(row["quiet_from"], row["quiet_to"]) for row in rows]
    ends = [(start, end, people.quiet_end(start, end, tx, tx.now)) for start, end in found]
    return [(start, end, until) for start, end, until in ends if until > tx.now]


async def rewrite(tx: Transaction, name: str, screen: Card, *, not_after: int) -> None:
    """What is told has changed: whoever has not been sent `name` yet gets `screen` instead, later slices too.

    Whose quiet hours would end past `not_after` is told now.
    """
    before = await tx.all("SELECT id, language FROM letters WHERE subject = :name", name=name)
    if not before:
        return
    await tx.run("UPDATE letters SET subject = NULL WHERE subject = :name", name=name)
    await _write_letters(tx, name, screen)
    for row in before:
        await tx.run(
            "UPDATE outbox SET letter_id = (SELECT id FROM letters WHERE subject = :name AND language = :language) "
            "WHERE letter_id = :before AND state IN ('new', 'later')",
            name=name,
            language=row["language"],
            before=row["id"],
        )
    await tx.run(
        f"UPDATE outbox SET state = 'new', due_at = :now "  # noqa: S608 - a text of our own
        f"WHERE letter_id IN {LETTERS} AND state = 'later' AND due_at > :not_after",
        now=tx.now,
        name=name,
        not_after=not_after,
    )
    tx.wakes("outbox")


async def take_back(tx: Transaction, name: str) -> int:
    """Drop what has not been sent yet, a slice of it; how many that were."""
    unsent = f"letter_id IN {LETTERS} AND state IN ('new', 'later') LIMIT :slice /*pg FOR UPDATE SKIP LOCKED*/"
    return await tx.run(
        f"UPDATE outbox SET state = 'dropped', done_at = :now WHERE id IN (SELECT id FROM outbox WHERE {unsent})",  # noqa: S608
        now=tx.now,
        name=name,
        slice=SLICE,
    )
