"""The draw's rules, for any people and any weeks; and weekly times across changes of the clock."""

import json
from collections import Counter
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.rotas import gathering
from bot.domain.rotas.drawing import Candidate, Occasion, Outcome, Rules, Task, draw, lot
from bot.domain.rotas.things import Slot, overlap

HOUR, DAY = 3600, 24 * 3600
SEEDS = st.text("0123456789abcdef", min_size=1, max_size=8)


@st.composite
def tasks(draws: st.DrawFn, *, apart: bool = False, kept: bool = True) -> Task:
    """Some weeks and people; with `apart` no two occasions overlap, without `kept` nobody is there beforehand."""
    numbers = list(range(1, draws(st.integers(1, 7)) + 1))
    occasions = []
    for place in range(draws(st.integers(1, 14))):
        begins = place * 12 * HOUR
        lasts = draws(st.integers(1, 12 if apart else 30)) * HOUR
        there = draws(st.lists(st.sampled_from(numbers), max_size=1)) if kept and apart else []
        people = draws(st.integers(1, 3))
        occasions.append(Occasion(place * 12 * HOUR // (7 * DAY), begins, begins + lasts, people, tuple(there)))
    masks = st.frozensets(st.integers(0, len(occasions) - 1))
    shared = draws(masks)
    candidates = tuple(
        Candidate(number, draws(st.one_of(st.just(shared), masks)), draws(st.integers(0, 5)), draws(st.integers(0, 9)))
        for number in numbers
    )
    rules = Rules(draws(st.integers(1, 7)), draws(st.one_of(st.none(), st.integers(1, 9))), draws(st.integers(0, 4)))
    return Task(tuple(occasions), candidates, rules)


def counts(task: Task, outcome: Outcome) -> Counter[int]:
    return Counter(number for place, there in enumerate(outcome) for number in {*there, *task.occasions[place].kept})


def places_of(task: Task, outcome: Outcome, number: int) -> list[int]:
    return [p for p, there in enumerate(outcome) if number in there or number in task.occasions[p].kept]


def could(task: Task, outcome: Outcome, one: Candidate, place: int) -> bool:
    """Might this person serve there beside what he has?"""
    occasion, mine = task.occasions[place], places_of(task, outcome, one.number)
    week = [p for p in mine if task.occasions[p].week == occasion.week]
    clash = any(
        task.occasions[p].starts_at < occasion.ends_at and occasion.starts_at < task.occasions[p].ends_at for p in mine
    )
    fits = task.rules.draw_max is None or len(mine) < task.rules.draw_max
    return place in one.free and place not in mine and len(week) < task.rules.week_max and fits and not clash


@given(tasks(), SEEDS)
@settings(max_examples=150, deadline=None)
def test_a_draw_keeps_every_limit(task: Task, seed: str) -> None:
    """Nobody on days when he can't, nobody twice or at two places, no limit passed, no place given twice; no place is left
    empty that somebody could take.
    """
    outcome = draw(task, seed)
    for place, there in enumerate(outcome):
        assert len(there) <= max(0, task.occasions[place].people - len(task.occasions[place].kept))
    for one in task.candidates:
        mine = places_of(task, outcome, one.number)
        drawn = [place for place in mine if one.number in outcome[place]]
        assert set(drawn) <= one.free
        spans = sorted((task.occasions[p].starts_at, task.occasions[p].ends_at) for p in mine)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
        weeks = Counter(task.occasions[p].week for p in mine)
        # What was kept may already be more than a limit.
        kept = [p for p in mine if p not in drawn]
        if drawn and not kept:
            assert max(weeks.values()) <= task.rules.week_max
            assert task.rules.draw_max is None or len(mine) <= task.rules.draw_max
    for place, occasion in enumerate(task.occasions):
        if len(outcome[place]) + len(occasion.kept) < occasion.people:
            assert not any(could(task, outcome, one, place) for one in task.candidates)


@given(tasks(apart=True, kept=False), SEEDS)
@settings(max_examples=150, deadline=None)
def test_a_draw_is_as_even_as_can_be(task: Task, seed: str) -> None:
    """Of two who can at the same times, one has at most one duty more."""
    many = counts(task, draw(task, seed))
    for one in task.candidates:
        for other in task.candidates:
            if one.free == other.free:
                assert abs(many[one.number] - many[other.number]) <= 1


@given(tasks(), SEEDS, st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_anyone_draws_the_same(task: Task, seed: str, dice: object) -> None:
    """The same inputs and seed give the same rota, in whatever order the people stand, and after having been written down."""
    shuffled = list(task.candidates)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert draw(task, seed) == draw(Task(task.occasions, tuple(shuffled), task.rules), seed)
    written = json.dumps(
        {
            "limits": [task.rules.week_max, task.rules.draw_max, task.rules.experienced_after],
            "occasions": [
                [0, "", each.week, each.starts_at, each.ends_at, each.people, list(each.kept)]
                for each in task.occasions
            ],
            "candidates": [
                [each.number, f"{sum(1 << place for place in each.free):x}", each.served, each.last_at]
                for each in task.candidates
            ],
        }
    )
    assert gathering.task_of(written) == task
    assert json.loads(gathering.compute(written, seed)) == [list(there) for there in draw(task, seed)]


def weekly(weeks: int, people: int) -> tuple[Occasion, ...]:
    return tuple(Occasion(week, week * 7 * DAY, week * 7 * DAY + HOUR, people) for week in range(weeks))


def test_the_longest_ago_is_first_and_the_lot_decides_the_rest() -> None:
    """Who never served comes first, then by the last duty; of two alike the lower SHA-256 of seed and number."""
    everywhere = frozenset({0})
    people = (Candidate(1, everywhere, 3, 300), Candidate(2, everywhere, 3, 100), Candidate(3, everywhere))
    rules = Rules(1, None, 9)
    assert draw(Task(weekly(1, 1), people, rules), "s") == ((3,),)
    assert draw(Task(weekly(1, 2), people, rules), "s") == ((2, 3),)
    alike = tuple(Candidate(number, everywhere) for number in range(1, 6))
    first = min(range(1, 6), key=lambda number: lot("s", number))
    assert draw(Task(weekly(1, 1), alike, rules), "s") == ((first,),)


def test_somebody_experienced_serves_beside_somebody_new() -> None:
    """Of four old hands and four new ones, each of eight pairs has one of each, and all serve alike."""
    places = frozenset(range(8))
    people = tuple(Candidate(number, places, 9 if number < 5 else 0, number) for number in range(1, 9))
    outcome = draw(Task(weekly(8, 2), people, Rules(1, None, 3)), "s")
    assert all(len([number for number in there if number < 5]) == 1 for there in outcome)
    assert set(counts(Task(weekly(8, 2), people, Rules(1, None, 3)), outcome).values()) == {2}


def test_an_empty_place_is_filled_by_an_exchange() -> None:
    """Who alone can on Saturday is not used up on Monday."""
    occasions = (Occasion(0, 0, HOUR, 1), Occasion(0, 5 * DAY, 5 * DAY + HOUR, 1))
    people = (Candidate(1, frozenset({0, 1})), Candidate(2, frozenset({0}), 5, 100))
    assert draw(Task(occasions, people, Rules(1, None, 3)), "s") == ((2,), (1,))


def test_weekly_times_outlive_changes_of_the_clock() -> None:
    """Nine o'clock stays nine o'clock; what a change leaves nothing of is not served on that day."""
    zone = ZoneInfo("Europe/Berlin")
    slot = Slot(1, 1, 6, 9 * 60, 180, 1, None)
    for day in (date(2026, 3, 22), date(2026, 3, 29), date(2026, 10, 25)):
        span = slot.span_on(day, zone)
        assert span is not None
        start, end = (datetime.fromtimestamp(at, zone) for at in span)
        assert (start.date(), start.hour, end.hour) == (day, 9, 12)
    lost = Slot(1, 1, 6, 2 * 60, 60, 1, None)
    assert lost.span_on(date(2026, 3, 29), zone) is None
    assert lost.span_on(date(2026, 3, 22), zone) is not None


def test_times_of_a_week_overlap_around_its_end_too() -> None:
    """Sunday 23:00 for three hours meets Monday at one, not at two; touching is no overlap."""
    night = Slot(1, 1, 6, 23 * 60, 180, 1, None)
    assert overlap(night, Slot(2, 1, 0, 60, 60, 1, None))
    assert overlap(Slot(2, 1, 0, 60, 60, 1, None), night)
    assert not overlap(night, Slot(2, 1, 0, 120, 60, 1, None))
    assert not overlap(night, Slot(2, 1, 6, 22 * 60, 60, 1, None))
