"""Telegram's limits as arithmetic."""

from itertools import pairwise

import pytest

from bot.pace import Limits, Pace


def sends(pace: Pace, chats: list[int], seconds: float, step: float = 0.001) -> list[float]:
    """The instants at which somebody who always has something for each of `chats` in turn may send; answered at once."""
    sent, now, turn = [], 1000.0, 0
    while now < 1000.0 + seconds:
        chat = chats[turn % len(chats)]
        if pace.free_at() <= now and pace.chat_free_at(chat) <= now:
            pace.sent(chat, now)
            pace.answered(now, now)
            sent.append(now)
            turn += 1
        now += step
    return sent


def test_all_chats_together_get_the_set_rate_without_a_burst() -> None:
    """Twenty-five a second, evenly spaced: the first second holds no more than any other."""
    sent = sends(Pace(Limits(per_second=25)), list(range(1, 5000)), 4)
    assert len(sent) == pytest.approx(100, abs=2)
    assert max(b - a for a, b in pairwise(sent)) < 0.05
    assert len([at for at in sent if at < 1001]) <= 26


def test_a_private_chat_gets_three_at_once_and_then_one_a_second() -> None:
    """A burst of three passes, the fourth waits for its second."""
    sent = sends(Pace(Limits(per_second=1000)), [7], 5)
    assert [round(at - 1000, 1) for at in sent] == [0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 4.0]


def test_a_group_gets_twenty_a_minute() -> None:
    """In any sixty seconds a group gets at most twenty."""
    sent = sends(Pace(Limits(per_second=1000)), [-100], 130, step=0.05)
    for start in range(70):
        window = [at for at in sent if 1000 + start <= at < 1060 + start]
        assert len(window) <= 20
    assert len(sent) == 60


def test_retry_after_holds_back_only_the_chat_it_names() -> None:
    """One chat waits exactly as long as Telegram says, the others go on."""
    pace = Pace(Limits())
    pace.told_to_wait(7, 30, 1000.0)
    assert pace.chat_free_at(7) == 1030.0
    assert pace.chat_free_at(8) <= 1000.0
    assert pace.free_at() <= 1000.0


def test_a_repeated_retry_after_holds_back_all() -> None:
    """Told off twice within half a minute, it is the bot as a whole that is too fast."""
    pace = Pace(Limits())
    pace.told_to_wait(7, 5, 1000.0)
    pace.told_to_wait(8, 5, 1010.0)
    assert pace.free_at() == 1015.0


def arrivals(late_every: int, late_seconds: float, trip_seconds: float = 0.05) -> list[float]:
    """When ten seconds' sendings at the highest sensible rate arrive, if each so-manieth is that much longer on its way."""
    pace, now = Pace(Limits(per_second=29)), 1000.0
    arrived: list[float] = []
    under_way: list[tuple[float, float]] = []
    while now < 1010.0:
        for left_at, answer_at in [flight for flight in under_way if flight[1] <= now]:
            pace.answered(left_at, now)
            under_way.remove((left_at, answer_at))
        if pace.free_at() <= now:
            late = late_seconds if len(arrived) % late_every == late_every - 1 else 0.0
            pace.sent(len(arrived) + 1, now)
            arrived.append(now + late + trip_seconds / 2)
            under_way.append((now, now + late + trip_seconds))
        now += 0.001
    return sorted(arrived)


@pytest.mark.parametrize("trip_seconds", [0.0, 0.05, 0.4, 1.5])
@pytest.mark.parametrize("late_seconds", [0.0, 0.04, 0.2, 0.9])
def test_no_second_at_telegram_holds_more_than_it_takes(late_seconds: float, trip_seconds: float) -> None:
    """What is late on its way arrives with those behind it: they make room, and nothing is refused."""
    arrived = arrivals(20, late_seconds, trip_seconds)
    assert all(after - before > 1.0 for before, after in zip(arrived, arrived[30:], strict=False))


def test_making_room_for_what_is_late_costs_no_rate() -> None:
    """A late one in twenty: nine in ten of the set rate at least, and all of it when nothing is late."""
    assert len(arrivals(20, 0.04)) > 285
    assert len(arrivals(20, 0.0)) > 288


def test_idle_chats_are_forgotten() -> None:
    """Memory is bounded by the chats written to lately, and forgetting loses no limit."""
    pace = Pace(Limits())
    for chat in range(1, 1001):
        pace.sent(chat, 1000.0)
    pace.told_to_wait(5, 100, 1000.0)
    pace.tidy(1050.0)
    assert list(pace._chats) == [5]
