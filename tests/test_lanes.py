"""Who goes first, and in which order."""

import pytest

from bot.lanes import Lanes, Waiting
from bot.outbox import Lane
from bot.pace import Limits, Pace

FREE = Limits(per_second=1e6, per_chat_second=1e6, chat_burst=1000, per_group_minute=10**6)


def row(number: int, lane: Lane = Lane.REPLY, chat: int | None = 1) -> Waiting:
    return Waiting(number, lane, chat, "sendMessage", "{}", None, None, False, None, 0)


def taken(lanes: Lanes, now: float = 1000.0) -> list[int]:
    """The numbers of everything that may go now, each arriving before the next is taken."""
    numbers: list[int] = []
    while item := lanes.take(now + 0.0001 * len(numbers)):
        lanes.arrived(item.chat_id)
        numbers.append(item.id)
    return numbers


def test_higher_lanes_go_first() -> None:
    """Answers, replies, urgent calls, reminders, broadcasts: in this order, whenever they came."""
    lanes = Lanes(Pace(FREE))
    for number, lane in enumerate(reversed(Lane)):
        lanes.add(row(number, lane, chat=None if lane is Lane.ANSWER else number + 1))
    assert taken(lanes) == [4, 3, 2, 1, 0]


def test_within_a_chat_the_order_is_kept_while_one_is_on_its_way() -> None:
    """The second sending to a chat waits until the first has arrived; another chat need not wait."""
    lanes = Lanes(Pace(FREE))
    for number, chat in ((1, 7), (2, 7), (3, 8)):
        lanes.add(row(number, chat=chat))
    first = lanes.take(1000.0)
    other = lanes.take(1000.01)
    assert first and other and (first.id, other.id) == (1, 3)
    assert lanes.take(1000.02) is None and lanes.next_at(1000.02) is None
    lanes.arrived(7)
    assert taken(lanes, 1000.03) == [2]


def test_what_failed_goes_again_before_what_came_later() -> None:
    """A sending that is tried again keeps its place in its chat."""
    lanes = Lanes(Pace(FREE))
    for number in (1, 2):
        lanes.add(row(number))
    failed = lanes.take(1000.0)
    assert failed
    lanes.add(failed)
    lanes.arrived(failed.chat_id)
    assert taken(lanes, 1000.01) == [1, 2]


def test_a_chat_at_its_limit_does_not_hold_back_its_lane() -> None:
    """Whoever got three messages waits a second; the person behind him does not."""
    lanes = Lanes(Pace(Limits(per_second=1e6)))
    for number in range(1, 6):
        lanes.add(row(number, chat=7))
    lanes.add(row(6, chat=8))
    assert taken(lanes) == [1, 6, 2, 3]
    assert lanes.next_at(1000.1) == pytest.approx(1001.0, abs=0.01)
    assert taken(lanes, 1001.1) == [4]


def test_answers_to_presses_pass_a_full_overall_limit() -> None:
    """While a broadcast uses up the rate, a press is answered at once."""
    lanes = Lanes(Pace(Limits(per_second=1)))
    lanes.add(row(1, Lane.BROADCAST, 7))
    lanes.add(row(2, Lane.BROADCAST, 8))
    assert taken(lanes) == [1]
    lanes.add(row(3, Lane.ANSWER, None))
    assert taken(lanes) == [3]
    assert lanes.size(*Lane) == 1


def test_what_waits_for_a_group_that_moved_follows_in_order() -> None:
    """Rows of the old chat and those already written for the new one go in the order in which they were written."""
    lanes = Lanes(Pace(FREE))
    for number, chat in ((1, -7), (2, -7), (3, -7), (4, -8)):
        lanes.add(row(number, chat=chat))
    first = lanes.take(1000.0)
    assert first
    first.chat_id = -8
    lanes.add(first)
    lanes.move(-7, -8)
    lanes.arrived(-7)
    assert taken(lanes, 1000.01) == [1, 2, 3, 4]


def test_a_chat_that_waits_in_several_lanes_goes_on_in_each() -> None:
    """While a reply is on its way its chat waits in every lane, and none of them forgets it."""
    lanes = Lanes(Pace(FREE))
    for number, lane in enumerate((Lane.REPLY, Lane.URGENT, Lane.REMINDER, Lane.BROADCAST)):
        lanes.add(row(number, lane, chat=7))
    first = lanes.take(1000.0)
    assert first and lanes.take(1000.01) is None and lanes.next_at(1000.01) is None
    lanes.arrived(7)
    assert taken(lanes, 1000.02) == [1, 2, 3]
    assert lanes.size(*Lane) == 0


def test_answers_pass_the_limits_but_not_an_absence() -> None:
    """A press is answered however much was sent; while Telegram is away nothing is tried in circles."""
    pace = Pace(Limits(per_second=1))
    lanes = Lanes(pace)
    pace.sent(9, 1000.0)
    lanes.add(row(1, Lane.ANSWER, chat=None))
    assert taken(lanes, 1000.0) == [1]
    pace.hold_all(5, 1000.0)
    lanes.add(row(2, Lane.ANSWER, chat=None))
    assert lanes.take(1004.0) is None and lanes.next_at(1004.0) == 1005.0
    assert taken(lanes, 1005.0) == [2]
