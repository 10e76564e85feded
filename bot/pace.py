"""When may something be sent? Telegram's limits as arithmetic: nothing here waits or knows the network."""

import math
from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass, field

GROUP_WINDOW_SECONDS = 60.0
REPEAT_SECONDS = 30.0
SLACK_SECONDS = 0.01
# What Telegram takes from one bot within any second, counted when it arrives there.
ARRIVALS_MAX = 30
ARRIVALS_SECONDS = 1.0
# A sending without an answer may be arriving for so long; after that it has arrived, and its answer is what is late.
UNDER_WAY_SECONDS = 1.0


@dataclass(frozen=True)
class Limits:
    """Sendings a second overall (evenly spaced, without a burst), a second per private chat, a minute per group."""

    per_second: float = 28
    per_chat_second: float = 1
    chat_burst: int = 3
    per_group_minute: int = 20


@dataclass
class _ChatPace:
    free_at: float = 0.0
    paused_until: float = 0.0
    window: deque[float] = field(default_factory=deque)


class _Arrivals:
    """The last second as Telegram sees it: a sending that was late on its way arrives together with those behind it.

    When something arrived is known from its answer, less half of the quickest trip of late; until then the latest
    instant that is possible counts.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._latest: list[float] = []
        self._quickest = math.inf

    def free_at(self) -> float:
        """From when on one more arrives within the limit."""
        if len(self._latest) < self._most:
            return 0.0
        return self._latest[-self._most] + ARRIVALS_SECONDS - self._half_a_trip()

    def left(self, now: float) -> None:
        insort(self._latest, now + UNDER_WAY_SECONDS)
        # An answer moves its sending back in the order: more than `most` are kept, so that those behind it are known.
        del self._latest[: -2 * self._most]

    def answered(self, left_at: float, now: float) -> None:
        # A network that has become slower is believed little by little.
        self._quickest = min(now - left_at, self._quickest * 1.02)
        place = bisect_left(self._latest, left_at + UNDER_WAY_SECONDS)
        if self._latest[place : place + 1] == [left_at + UNDER_WAY_SECONDS]:
            arrived_at = min(self._latest.pop(place), now - self._half_a_trip())
            insort(self._latest, arrived_at)

    def _half_a_trip(self) -> float:
        return self._quickest / 2 if self._quickest < UNDER_WAY_SECONDS else 0.0


class Pace:
    """Counts what was sent. All instants are seconds of a steady clock."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._arrivals = _Arrivals(max(ARRIVALS_MAX, math.ceil(limits.per_second)))
        self._free_at = 0.0
        self._paused_until = 0.0
        self._silent_until = 0.0
        self._last_told_off = float("-inf")
        self._chats: dict[int, _ChatPace] = {}

    def free_at(self) -> float:
        """From when on the next sending is allowed, whichever chat it goes to."""
        return max(self._free_at, self._arrivals.free_at(), self._paused_until, self._silent_until)

    def reachable_at(self) -> float:
        """From when on calls are allowed that no limit counts, such as answers to presses."""
        return self._silent_until

    def chat_free_at(self, chat_id: int) -> float:
        """From when on this chat may get one more, leaving the overall limit aside."""
        pace = self._chats.get(chat_id)
        if pace is None:
            return 0.0
        if chat_id < 0:
            full = len(pace.window) >= self._limits.per_group_minute
            return max(pace.paused_until, pace.window[0] + GROUP_WINDOW_SECONDS if full else 0.0)
        # The burst is credit in time: a chat may run this far ahead of its steady rate.
        credit = (self._limits.chat_burst - 1) / self._limits.per_chat_second
        return max(pace.paused_until, pace.free_at - credit)

    def sent(self, chat_id: int, now: float) -> None:
        """Count one sending to `chat_id`, which leaves now."""
        self._arrivals.left(now)
        interval = 1 / self._limits.per_second
        # A timer that rings late must not cost the rate: a little of what was missed may be made up for, never a burst.
        self._free_at = max(self._free_at, now - min(interval, SLACK_SECONDS)) + interval
        pace = self._chats.setdefault(chat_id, _ChatPace())
        if chat_id < 0:
            while pace.window and pace.window[0] <= now - GROUP_WINDOW_SECONDS:
                pace.window.popleft()
            pace.window.append(now)
        else:
            pace.free_at = max(pace.free_at, now) + 1 / self._limits.per_chat_second

    def answered(self, left_at: float, now: float) -> None:
        """What left then has been answered, or will never be: it has arrived."""
        self._arrivals.answered(left_at, now)

    def told_to_wait(self, chat_id: int | None, seconds: float, now: float) -> None:
        """Telegram said `retry_after`: honoured for the chat it names; for all when it comes again soon."""
        if chat_id is None:
            self.hold_all(seconds, now)
        else:
            self._chats.setdefault(chat_id, _ChatPace()).paused_until = now + seconds
        if now - self._last_told_off < REPEAT_SECONDS:
            self._paused_until = max(self._paused_until, now + seconds)
        self._last_told_off = now

    def rest(self, chat_id: int, seconds: float, now: float) -> None:
        """Leave this chat alone for a while."""
        pace = self._chats.setdefault(chat_id, _ChatPace())
        pace.paused_until = max(pace.paused_until, now + seconds)

    def hold_all(self, seconds: float, now: float) -> None:
        """Telegram can't be reached, or wants to be left alone: nothing at all goes for a while."""
        self._silent_until = max(self._silent_until, now + seconds)

    def tidy(self, now: float) -> None:
        """Forget chats that are free again: memory stays bounded by those written to lately."""
        for chat_id in [c for c, p in self._chats.items() if self._is_idle(p, now)]:
            del self._chats[chat_id]

    def _is_idle(self, pace: _ChatPace, now: float) -> bool:
        recent = pace.window and pace.window[-1] > now - GROUP_WINDOW_SECONDS
        return not recent and pace.free_at <= now and pace.paused_until <= now
