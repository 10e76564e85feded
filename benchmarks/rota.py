"""Rota: how long the draw for many people and weeks takes, and how even it comes out."""

import random
import time
from collections import Counter
from collections.abc import Callable

from benchmarks.table import number, shown
from bot.domain.rotas.drawing import Candidate, Occasion, Rules, Task, draw

HEADS = ("", "seconds", "duties", "fewest", "most", "empty")
DAY = 24 * 3600
PEOPLE, WEEKS, RUNS = 200, 26, 3
# On which days people can, of so many: each day for itself by chance, or the same weekdays all along.
SHARES: dict[str, Callable[[random.Random, int], set[int]]] = {
    "4 of 5 days each": lambda dice, days: {day for day in range(days) if dice.random() < 0.8},
    "3 weekdays each": lambda dice, days: _weekdays(dice.sample(range(7), 3), days),
    "1 of 20 days each": lambda dice, days: {day for day in range(days) if dice.random() < 0.05},
}


def _weekdays(weekdays: list[int], days: int) -> set[int]:
    return {day for day in range(days) if day % 7 in weekdays}


def run() -> None:
    """One duty a day for some, and three people on two duties a day for others."""
    rows = [
        _row(f"{people} together, {slots} a day, {name}", slots, people, share)
        for slots, people in ((1, 2), (2, 3))
        for name, share in SHARES.items()
    ]
    print(shown(f"rota: {PEOPLE} people, {WEEKS} weeks, drawn", HEADS, rows), flush=True)


def _row(name: str, slots: int, people: int, share: Callable[[random.Random, int], set[int]]) -> list[str]:
    task = _task(slots, people, share)
    began = time.perf_counter()
    for _ in range(RUNS):
        outcome = draw(task, "2026")
    seconds = (time.perf_counter() - began) / RUNS
    counts = Counter(who for there in outcome for who in there)
    each = [counts[candidate.number] for candidate in task.candidates]
    empty = sum(occasion.people - len(there) for occasion, there in zip(task.occasions, outcome, strict=True))
    return [name, number(seconds), *map(str, (sum(each), min(each), max(each), empty))]


def _task(slots: int, people: int, share: Callable[[random.Random, int], set[int]]) -> Task:
    dice = random.Random(1)
    begins = [day * DAY + (8 + 4 * slot) * 3600 for day in range(7 * WEEKS) for slot in range(slots)]
    occasions = tuple(Occasion(at // (7 * DAY), at, at + 3 * 3600, people) for at in begins)
    candidates = tuple(
        Candidate(who, _places(share(dice, 7 * WEEKS), slots), dice.randint(0, 9), dice.randint(1, 10**6))
        for who in range(1, PEOPLE + 1)
    )
    return Task(occasions, candidates, Rules(1, None, 3))


def _places(days: set[int], slots: int) -> frozenset[int]:
    return frozenset(day * slots + slot for day in days for slot in range(slots))
