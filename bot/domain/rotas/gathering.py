"""What a draw has to know, gathered from the rows and written down so that anyone can draw again."""

import json
import secrets
from bisect import bisect_left
from datetime import date, timedelta
from typing import Any

from bot.domain import activities
from bot.domain.rotas import asking
from bot.domain.rotas.asking import SERVED, SERVING
from bot.domain.rotas.drawing import Candidate, Occasion, Rules, Task, draw
from bot.domain.rotas.things import DAY, HOUR, SETTLED_HOURS, Post, Shift, bit
from bot.storage import Row, Transaction

Span = tuple[int, int]
Key = tuple[int, str]
"""An occasion: the number of its slot, and its day."""

PEOPLE = f"""
    SELECT c.person_id, c.weekdays, COUNT(h.id) AS served, MAX(h.starts_at) AS last_at FROM ({SERVING}) c
    LEFT JOIN rota_duties d ON d.person_id = c.person_id
    LEFT JOIN rota_shifts h ON h.id = d.shift_id AND h.post_id = :post AND {SERVED}
    GROUP BY c.person_id, c.weekdays ORDER BY c.person_id
"""  # noqa: S608 - put together from texts of our own
BUSY = f"""
    SELECT d.person_id, h.starts_at, h.ends_at FROM ({SERVING}) c JOIN rota_duties d ON d.person_id = c.person_id
    JOIN rota_shifts h ON h.id = d.shift_id JOIN rota_slots s ON s.id = h.slot_id
    WHERE d.state = 'on' AND h.starts_at < :until AND h.ends_at > :begins
    AND (h.post_id <> :post OR h.day < :first OR h.day > :last OR s.removed_at IS NOT NULL)
"""  # noqa: S608
GIVEN_UP = """
    SELECT h.slot_id, h.day, d.person_id FROM rota_duties d JOIN rota_shifts h ON h.id = d.shift_id
    WHERE h.post_id = :post AND h.day >= :first AND h.day <= :last AND d.why IN ('given', 'relieved', 'swapped')
"""


# Rules


def task_of(inputs: str) -> Task:
    """The task as it was written down: occasions as [slot, day, week, start, end, people, kept], candidates as
    [number, free occasions as a hexadecimal mask, served, last instant], limits as [week, draw, experienced after].
    """
    known = json.loads(inputs)
    occasions = tuple(
        Occasion(week, start, end, many, tuple(kept)) for _, _, week, start, end, many, kept in known["occasions"]
    )
    candidates = tuple(
        Candidate(number, _places(int(mask, 16), len(occasions)), served, last)
        for number, mask, served, last in known["candidates"]
    )
    return Task(occasions, candidates, Rules(*known["limits"]))


def _places(mask: int, many: int) -> frozenset[int]:
    return frozenset(place for place in range(many) if mask >> place & 1)


def keys_of(inputs: str) -> list[Key]:
    """Slot and day of each occasion."""
    return [(slot, day) for slot, day, *_ in json.loads(inputs)["occasions"]]


def compute(inputs: str, seed: str) -> str:
    """The draw of what was written down, written down as well: for each occasion who was drawn."""
    return json.dumps(draw(task_of(inputs), seed))


# Questions


async def seed_for(tx: Transaction, post: Post, first: date) -> str:
    """The seed of the draws that begin on this day: it stays, so that nobody looks again until the lots suit him."""
    known = await tx.value(
        "SELECT seed FROM rota_drawings WHERE post_id = :post AND first_day = :first ORDER BY id LIMIT 1",
        post=post.id,
        first=first.isoformat(),
    )
    return str(known) if known else f"{secrets.randbelow(10**12):012}"


async def gather(tx: Transaction, post: Post, first: date, weeks: int) -> str:
    """Everything that the draw of `weeks` from `first` on has to know, as JSON."""
    occasions = await _occasions(tx, post, first, weeks)
    candidates = await _candidates(tx, post, occasions, first, first + timedelta(days=7 * weeks - 1))
    limits = [post.week_max, post.draw_max, post.experienced_after]
    return json.dumps({"limits": limits, "occasions": occasions, "candidates": candidates}, separators=(",", ":"))


async def _occasions(tx: Transaction, post: Post, first: date, weeks: int) -> list[list[Any]]:
    slots = await asking.slots_of(tx, post.id)
    last = first + timedelta(days=7 * weeks - 1)
    shifts = {(each.slot_id, each.day): each for each in await asking.shifts_between(tx, post, first, last)}
    on = await _on(tx, post, first, last)
    found = []
    for week in range(weeks):
        for slot in slots:
            day = first + timedelta(days=7 * week + slot.weekday)
            span = slot.span_on(day, tx.clock.zone)
            if span is None or span[0] <= tx.now:
                continue
            key = (slot.id, day.isoformat())
            kept, people = _kept(shifts.get(key), on.get(key, []), tx.now, slot.people)
            found.append([*key, week, *span, people, kept])
    return sorted(found, key=lambda each: (each[3], each[0]))


async def _on(tx: Transaction, post: Post, first: date, last: date) -> dict[Key, list[Row]]:
    rows = await tx.all(
        "SELECT h.slot_id, h.day, d.person_id, d.how FROM rota_duties d JOIN rota_shifts h ON h.id = d.shift_id "
        "WHERE h.post_id = :post AND h.day >= :first AND h.day <= :last AND d.state = 'on' ORDER BY d.person_id",
        post=post.id,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    found: dict[Key, list[Row]] = {}
    for row in rows:
        found.setdefault((row["slot_id"], row["day"]), []).append(row)
    return found


def _kept(shift: Shift | None, on: list[Row], now: int, people: int) -> tuple[list[int], int]:
    """Who stays whatever is drawn: what people arranged among themselves, and everybody where it begins soon."""
    if shift is not None and shift.starts_at < now + SETTLED_HOURS * HOUR:
        return [row["person_id"] for row in on], len(on)
    return [row["person_id"] for row in on if row["how"] != "drawn"], people


async def _candidates(
    tx: Transaction, post: Post, occasions: list[list[Any]], first: date, last: date
) -> list[list[Any]]:
    rows = await tx.all(PEOPLE, post=post.id, now=tx.now)
    if not occasions:
        return []
    busy = await _busy(tx, post, occasions, first, last)
    given = await _given_up(tx, post, first, last)
    away = await _away(tx, first, last)
    found = []
    for row in rows:
        number = row["person_id"]
        spans = sorted(
            busy.get(number, []) + await activities.spans_of(tx, number, occasions[0][3], occasions[-1][3] + DAY)
        )
        mask = 0
        for place, (slot, day, _, start, end, *_) in enumerate(occasions):
            weekday = row["weekdays"] & bit(date.fromisoformat(day).weekday())
            is_away = any(begin <= day <= until for begin, until in away.get(number, ()))
            if weekday and not is_away and (slot, day, number) not in given and not _meets(spans, start, end):
                mask |= 1 << place
        found.append([number, f"{mask:x}", row["served"], row["last_at"]])
    return found


def _meets(spans: list[Span], start: int, end: int) -> bool:
    """Does one of these rising spans overlap?"""
    return any(begin < end and until > start for begin, until in spans[: bisect_left(spans, (end, 0))])


async def _busy(
    tx: Transaction, post: Post, occasions: list[list[Any]], first: date, last: date
) -> dict[int, list[Span]]:
    rows = await tx.all(
        BUSY,
        post=post.id,
        begins=occasions[0][3],
        until=occasions[-1][3] + DAY,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    found: dict[int, list[Span]] = {}
    for row in rows:
        found.setdefault(row["person_id"], []).append((row["starts_at"], row["ends_at"]))
    return found


async def _given_up(tx: Transaction, post: Post, first: date, last: date) -> set[tuple[int, str, int]]:
    rows = await tx.all(GIVEN_UP, post=post.id, first=first.isoformat(), last=last.isoformat())
    return {(row["slot_id"], row["day"], row["person_id"]) for row in rows}


async def _away(tx: Transaction, first: date, last: date) -> dict[int, list[tuple[str, str]]]:
    rows = await tx.all(
        "SELECT person_id, first_day, last_day FROM rota_away WHERE last_day >= :first AND first_day <= :last",
        first=first.isoformat(),
        last=last.isoformat(),
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for row in rows:
        found.setdefault(row["person_id"], []).append((row["first_day"], row["last_day"]))
    return found
