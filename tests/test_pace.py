"""Telegram's limits as arithmetic."""

from itertools import pairwise

import pytest

from bot.pace import Limits, Pace


def sends(pace: Pace, chats: list[int], seconds: float, step: float = 0.001) -> list[float]:
    """The instants at which somebody who always has something for each of `chats` in turn may send."""
    sent, now, turn = [], 1000.0, 0
    while now < 1000.0 + seconds:
        chat = chats[turn % len(chats)]
        if pace.free_at() <= now and pace.chat_free_at(chat) <= now:
            pace.sent(chat, now)
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


def test_idle_chats_are_forgotten() -> None:
    """Memory is bounded by the chats written to lately, and forgetting loses no limit."""
    pace = Pace(Limits())
    for chat in range(1, 1001):
        pace.sent(chat, 1000.0)
    pace.told_to_wait(5, 100, 1000.0)
    pace.tidy(1050.0)
    assert list(pace._chats) == [5]
