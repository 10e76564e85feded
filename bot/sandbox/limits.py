"""How often a bot may speak, as Telegram has it. Off unless it is switched on."""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages and edits a bot may send. None lifts a limit."""

    overall_per_second: int | None = 30
    private_per_second: float | None = 1
    private_burst: int = 3
    group_per_minute: int | None = 20


@dataclass
class Gate:
    """Counts one bot's sendings against the limits. What is refused doesn't count."""

    limits: Limits
    now: Callable[[], float]
    overall: deque[float] = field(default_factory=deque)
    groups: defaultdict[int | str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    private: dict[int | str, float] = field(default_factory=dict)
    """By chat, the instant at which its burst is whole again."""

    def wait(self, chat_id: int | str) -> int:
        """Whole seconds to be quiet, or 0 when this one may go, and then it counts."""
        now = self.now()
        is_private = isinstance(chat_id, int) and chat_id > 0
        seconds = max(self._overall(now), self._private(chat_id, now) if is_private else self._group(chat_id, now))
        if seconds > 0:
            return max(1, math.ceil(seconds))
        self._count(chat_id, now, is_private)
        return 0

    def _overall(self, now: float) -> float:
        return _window(self.overall, self.limits.overall_per_second, 1, now)

    def _group(self, chat_id: int | str, now: float) -> float:
        return _window(self.groups[chat_id], self.limits.group_per_minute, 60, now)

    def _private(self, chat_id: int | str, now: float) -> float:
        if self.limits.private_per_second is None:
            return 0
        ahead = max(0.0, self.private.get(chat_id, 0) - now)
        room = (self.limits.private_burst - 1) / self.limits.private_per_second
        # A little slack, for sums of fractions of a second are not exact.
        return ahead - room if ahead - room > 1e-6 else 0

    def _count(self, chat_id: int | str, now: float, is_private: bool) -> None:
        self.overall.append(now)
        if not is_private:
            self.groups[chat_id].append(now)
        elif self.limits.private_per_second is not None:
            whole_at = max(now, self.private.get(chat_id, 0))
            self.private[chat_id] = whole_at + 1 / self.limits.private_per_second


def _window(sent: deque[float], most: int | None, seconds: float, now: float) -> float:
    """Until how long from now one more fits among those of the last `seconds`; 0 when it fits at once."""
    while sent and sent[0] <= now - seconds:
        sent.popleft()
    if most is None or len(sent) < most:
        return 0
    return sent[0] + seconds - now
