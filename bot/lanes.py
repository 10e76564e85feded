"""The sendings in memory, in the order in which they may go: by lane, in order per chat, at the pace that is allowed."""

import heapq
from collections import deque
from dataclasses import dataclass, field

from bot.outbox import Lane
from bot.pace import Pace


@dataclass
class Waiting:
    """One outbox row on its way. `chat_id` is None for calls without a chat, which no limit holds back."""

    id: int
    lane: Lane
    chat_id: int | None
    method: str
    params: str
    letter_id: int | None
    file_id: int | None
    once: bool
    remember: str | None
    attempts: int


@dataclass
class _LaneQueue:
    """The chats of one lane: those that may be written to are `ready`, those at their limit come `later`, and those
    with something on its way are `parked` until it has arrived, so that the order within a chat is kept.
    """

    rows: dict[int, deque[Waiting]] = field(default_factory=dict)
    ready: deque[int] = field(default_factory=deque)
    later: list[tuple[float, int]] = field(default_factory=list)
    parked: set[int] = field(default_factory=set)

    def add(self, row: Waiting) -> None:
        chat = row.chat_id or 0
        if chat not in self.rows:
            self.rows[chat] = deque()
            self.ready.append(chat)
        waiting = self.rows[chat]
        # What comes back to be sent again was written first and goes first.
        place = len(waiting)
        while place and waiting[place - 1].id > row.id:
            place -= 1
        waiting.insert(place, row)

    def move(self, chat: int, new_chat: int) -> None:
        """What waits for `chat` waits for `new_chat` from now on, in the order in which it was written."""
        # `chat` itself may stand in `ready` or `later` yet: it is passed over there, for it has no rows.
        self.parked.discard(chat)
        for row in self.rows.pop(chat, ()):
            row.chat_id = new_chat
            self.add(row)

    def release(self, chat: int) -> None:
        if chat in self.parked:
            self.parked.remove(chat)
            self.ready.append(chat)

    def next_at(self, now: float) -> float | None:
        if self.ready:
            return now
        return self.later[0][0] if self.later else None

    def take(self, pace: Pace, busy: set[int], now: float) -> Waiting | None:
        """The next row whose chat is free; chats that aren't are put off until they are."""
        while self.later and self.later[0][0] <= now:
            self.ready.append(heapq.heappop(self.later)[1])
        while self.ready:
            chat = self.ready.popleft()
            if chat not in self.rows:
                continue
            if chat in busy:
                self.parked.add(chat)
                continue
            free_at = pace.chat_free_at(chat) if chat else 0.0
            if free_at > now:
                heapq.heappush(self.later, (free_at, chat))
                continue
            return self._first_of(chat)
        return None

    def _first_of(self, chat: int) -> Waiting:
        rows = self.rows[chat]
        row = rows.popleft()
        if not rows:
            del self.rows[chat]
        elif chat:
            self.parked.add(chat)
        else:
            self.ready.append(chat)
        return row


class Lanes:
    """All lanes. A higher lane goes first whenever it has somebody who may be written to."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._free = {lane: _LaneQueue() for lane in Lane}
        self._sizes = dict.fromkeys(Lane, 0)
        self._busy: set[int] = set()

    def size(self, *lanes: Lane) -> int:
        return sum(self._sizes[lane] for lane in lanes)

    def add(self, row: Waiting) -> None:
        self._free[row.lane].add(row)
        self._sizes[row.lane] += 1

    def move(self, chat_id: int, new_chat_id: int) -> None:
        """A group became another chat: what waits for it follows, in its order."""
        for queue in self._free.values():
            queue.move(chat_id, new_chat_id)

    def take(self, now: float) -> Waiting | None:
        """The next row that may go now, already counted by the pace; None when all have to wait."""
        for lane in Lane:
            if not self._sizes[lane] or self._free_at(lane) > now:
                continue
            row = self._free[lane].take(self._pace, self._busy, now)
            if row is not None:
                self._sizes[lane] -= 1
                if row.chat_id is not None:
                    self._pace.sent(row.chat_id, now)
                    self._busy.add(row.chat_id)
                return row
        return None

    def _free_at(self, lane: Lane) -> float:
        # Only answers to presses have no chat; they pass even when the overall limit is reached.
        return self._pace.reachable_at() if lane is Lane.ANSWER else self._pace.free_at()

    def arrived(self, chat_id: int | None) -> None:
        """What was taken for this chat is no longer on its way: the next one may follow."""
        if chat_id is not None:
            self._busy.discard(chat_id)
            for queue in self._free.values():
                queue.release(chat_id)

    def next_at(self, now: float) -> float | None:
        """When to look again: the first instant at which something that waits may go; None when nothing waits."""
        instants = [
            max(at, self._free_at(lane)) for lane, queue in self._free.items() if (at := queue.next_at(now)) is not None
        ]
        return min(instants) if instants else None
