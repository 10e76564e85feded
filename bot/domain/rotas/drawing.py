"""The draw: who serves when, so that anyone who has its inputs and its seed comes to the same rota. Pure, whole numbers only."""

from dataclasses import dataclass, field
from hashlib import sha256


@dataclass(frozen=True)
class Rules:
    """Limits of one person, in a week and in the whole draw, and after how many duties somebody is experienced."""

    week_max: int
    draw_max: int | None
    experienced_after: int


@dataclass(frozen=True)
class Occasion:
    """One duty to be filled. `week` counts from 0, instants are Unix seconds; `kept` are those who serve whatever is drawn."""

    week: int
    starts_at: int
    ends_at: int
    people: int
    kept: tuple[int, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be drawn: for which occasions (their places in the list) he is free, how often and when last he served."""

    number: int
    free: frozenset[int]
    served: int = 0
    last_at: int | None = None


@dataclass(frozen=True)
class Task:
    """Everything that the draw knows: occasions in the order of their beginnings, and candidates."""

    occasions: tuple[Occasion, ...]
    candidates: tuple[Candidate, ...]
    rules: Rules


Outcome = tuple[tuple[int, ...], ...]
"""For each occasion the numbers of those who were drawn for it, rising; whoever is kept is not among them."""


def lot(seed: str, number: int) -> str:
    """By what is decided between two who are alike in everything: the SHA-256 of the seed, a colon and the number."""
    return sha256(f"{seed}:{number}".encode()).hexdigest()


def draw(task: Task, seed: str) -> Outcome:
    """Draw lots: fewest duties in this draw first, then whoever served longest ago, then the lot.

    Where two or more serve together, somebody experienced is put beside somebody new among those who are equally due.
    Afterwards what stayed empty is filled by exchanges, duties move to those who have fewer, and pairs are mended.
    """
    table = _Table(task, seed)
    for place in range(len(task.occasions)):
        table.fill(place)
    _fill_by_exchange(table)
    _make_even(table)
    _make_pairs(table)
    return tuple(tuple(sorted(table.drawn[place])) for place in range(len(task.occasions)))


@dataclass
class _Table:
    """The rota as it grows: who is on which occasion, and what that makes of each person's numbers."""

    task: Task
    seed: str
    drawn: list[set[int]] = field(init=False)
    on: list[set[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.people = {each.number: each for each in self.task.candidates}
        self.drawn = [set() for _ in self.task.occasions]
        self.on = [set(each.kept) for each in self.task.occasions]
        known = self.people.keys() | {number for each in self.task.occasions for number in each.kept}
        self.duties: dict[int, set[int]] = {number: set() for number in known}
        self.weeks: dict[tuple[int, int], int] = {}
        self.last = {number: self.people[number].last_at or 0 for number in self.people}
        self.lots = {number: lot(self.seed, number) for number in self.people}
        self.touching = _touching(self.task.occasions)
        self.able = [
            sorted(number for number, each in self.people.items() if place in each.free)
            for place in range(len(self.task.occasions))
        ]
        for place, each in enumerate(self.task.occasions):
            for number in each.kept:
                self._count(number, place, 1)

    def _count(self, number: int, place: int, change: int) -> None:
        week = (number, self.task.occasions[place].week)
        self.weeks[week] = self.weeks.get(week, 0) + change
        (self.duties[number].add if change > 0 else self.duties[number].discard)(place)

    def put(self, number: int, place: int) -> None:
        self.drawn[place].add(number)
        self.on[place].add(number)
        self._count(number, place, 1)

    def take(self, number: int, place: int) -> None:
        self.drawn[place].remove(number)
        self.on[place].remove(number)
        self._count(number, place, -1)

    def open(self, place: int) -> int:
        """How many are missing."""
        return self.task.occasions[place].people - len(self.on[place])

    def can(self, number: int, place: int) -> bool:
        """May this person, who is free then, serve there beside what he has already?"""
        rules, duties = self.task.rules, self.duties[number]
        return (
            number not in self.on[place]
            and self.weeks.get((number, self.task.occasions[place].week), 0) < rules.week_max
            and (rules.draw_max is None or len(duties) < rules.draw_max)
            and not self.touching[place] & duties
        )

    def is_experienced(self, number: int) -> bool:
        return number in self.people and self.people[number].served >= self.task.rules.experienced_after

    def fill(self, place: int) -> None:
        """Give an occasion to those who are most due."""
        occasion = self.task.occasions[place]
        while self.open(place) > 0:
            able = [number for number in self.able[place] if self.can(number, place)]
            if not able:
                return
            chosen = min(able, key=lambda number: self._due(number, place))
            self.put(chosen, place)
            self.last[chosen] = max(self.last[chosen], occasion.starts_at)

    def _due(self, number: int, place: int) -> tuple[int, bool, int, str]:
        wants_old_hand = not any(self.is_experienced(each) for each in self.on[place])
        misfit = self.task.occasions[place].people > 1 and self.is_experienced(number) != wants_old_hand
        return len(self.duties[number]), misfit, self.last[number], self.lots[number]

    def leanest(self, numbers: list[int]) -> list[int]:
        """The same people, those with the fewest duties first."""
        return sorted(numbers, key=lambda number: (len(self.duties[number]), self.last[number], self.lots[number]))


def _touching(occasions: tuple[Occasion, ...]) -> list[set[int]]:
    """For each occasion those that overlap it in time."""
    found: list[set[int]] = [set() for _ in occasions]
    running: list[int] = []
    for place in sorted(range(len(occasions)), key=lambda place: occasions[place].starts_at):
        running = [each for each in running if occasions[each].ends_at > occasions[place].starts_at]
        for each in running:
            found[each].add(place)
            found[place].add(each)
        running.append(place)
    return found


def _fill_by_exchange(table: _Table) -> None:
    """Fill what is empty by those who could but for another duty of theirs, which somebody else takes."""
    dead: set[int] = set()
    for place in range(len(table.on)):
        while table.open(place) > 0 and place not in dead:
            seen = {place}
            if not _augment(table, place, seen | dead, seen):
                dead |= seen


def _augment(table: _Table, place: int, closed: set[int], seen: set[int]) -> bool:
    """Find somebody for `place`, if need be by emptying another occasion and finding somebody for that one."""
    able = table.leanest(table.able[place])
    free = next((number for number in able if table.can(number, place)), None)
    if free is not None:
        table.put(free, place)
        return True
    for number in able:
        for other in sorted(table.duties[number] - closed):
            if number not in table.drawn[other] or number in table.on[place]:
                continue
            table.take(number, other)
            if table.can(number, place):
                table.put(number, place)
                closed.add(other)
                seen.add(other)
                if _augment(table, other, closed, seen):
                    return True
                table.take(number, place)
            table.put(number, other)
    return False


def _make_even(table: _Table) -> None:
    """As long as somebody has a duty that somebody with two fewer could do, it is given to him."""
    moved = True
    while moved:
        moved = False
        for number in sorted(table.people, key=lambda each: (-len(table.duties[each]), table.lots[each])):
            for place in sorted(table.duties[number]):
                moved |= number in table.drawn[place] and _hand_down(table, number, place)


def _hand_down(table: _Table, number: int, place: int) -> bool:
    limit = len(table.duties[number]) - 2
    able = [each for each in table.able[place] if len(table.duties[each]) <= limit and table.can(each, place)]
    if not able:
        return False
    table.take(number, place)
    table.put(table.leanest(able)[0], place)
    return True


def _make_pairs(table: _Table) -> None:
    """Where only new people serve together, exchange one for somebody experienced who can be missed elsewhere."""
    for place, occasion in enumerate(table.task.occasions):
        if occasion.people > 1 and not any(map(table.is_experienced, table.on[place])):
            _mend_pair(table, place)


def _mend_pair(table: _Table, place: int) -> bool:
    for other in range(len(table.on)):
        old_hands = sorted(filter(table.is_experienced, table.drawn[other]))
        spare = sum(map(table.is_experienced, table.on[other])) > 1 or table.task.occasions[other].people == 1
        if other == place or not spare:
            continue
        for old_hand in old_hands:
            if any(_exchange(table, old_hand, other, new, place) for new in sorted(table.drawn[place])):
                return True
    return False


def _exchange(table: _Table, first: int, first_place: int, second: int, second_place: int) -> bool:
    """Let two people change places, if both can; else all stays as it was."""
    if second_place not in table.people[first].free or first_place not in table.people[second].free:
        return False
    table.take(first, first_place)
    table.take(second, second_place)
    if table.can(first, second_place) and table.can(second, first_place):
        table.put(first, second_place)
        table.put(second, first_place)
        return True
    table.put(first, first_place)
    table.put(second, second_place)
    return False
