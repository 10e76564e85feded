"""A load: updates that become available at once or at a fixed rate, and the record of what became of each."""

from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from math import inf
from typing import Any, Self

import orjson


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to arrive. Fields are the keys of the control request that asks for it.

    `kind` is "message" (answered by a message in that chat) or "callback" (answered by answerCallbackQuery). `rate` is
    updates a second, and 0 stands for all at once: an open loop, which doesn't wait for answers. `text` and `data` may
    hold {n}, the number of the update. The n-th update comes from person `first_person + n % people`.
    """

    name: str = "load"
    kind: str = "message"
    count: int = 1
    rate: float = 0
    people: int = 0
    first_person: int = 1_000_000_000
    text: str = "hello"
    data: str = "join"

    @classmethod
    def of(cls, wishes: dict[str, Any]) -> Self:
        known = {each.name for each in fields(cls)}
        if unknown := wishes.keys() - known:
            raise ValueError(f"A plan has {sorted(known)}, not {sorted(unknown)}")
        return cls(**wishes)

    def person(self, number: int) -> int:
        return self.first_person + number % (self.people or self.count)


@dataclass(slots=True)
class Load:
    """A plan under way. Times are seconds of one monotonic clock, at Telegram's end of the wire."""

    plan: Plan
    first_update: int
    began: float
    made: int = 0
    available: list[float] = field(default_factory=list)
    handed: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    answers: int = 0
    doubled: int = 0
    unanswered_in_chat: dict[int, deque[int]] = field(default_factory=lambda: defaultdict(deque))
    texts: Counter[str] = field(default_factory=Counter)

    @property
    def due_next(self) -> float:
        """When the next update becomes available; infinite when all have."""
        if self.made >= self.plan.count:
            return inf
        return self.began + (self.made / self.plan.rate if self.plan.rate else 0)

    def make(self) -> tuple[int, bytes]:
        """The next update: its id and its JSON."""
        number = self.made
        self.available.append(self.due_next)
        self.handed.append(0)
        self.answered.append(0)
        self.made += 1
        if self.plan.kind == "message":
            self.unanswered_in_chat[self.plan.person(number)].append(number)
        return self.first_update + number, orjson.dumps(self._update(number))

    def hear_message(self, chat: int, text: str, now: float) -> None:
        waiting = self.unanswered_in_chat[chat]
        if waiting:
            self._mark(waiting.popleft(), text, now)
        else:
            self.doubled += 1

    def hear_callback_answer(self, number: int, text: str, now: float) -> None:
        if self.answered[number]:
            self.doubled += 1
        else:
            self._mark(number, text, now)

    def results(self) -> dict[str, Any]:
        """Counts, the rate of answers a second from beginning to the last, and latencies in milliseconds."""
        done = [(end, start, handed) for end, start, handed in self._times() if end]
        last = max((end for end, _, _ in done), default=self.began)
        return {
            "planned": self.plan.count,
            "available": self.made,
            "handed_out": sum(1 for handed in self.handed if handed),
            "answered": self.answers,
            "unanswered": self.plan.count - self.answers,
            "doubled": self.doubled,
            "seconds": last - self.began,
            "rate": self.answers / (last - self.began) if last > self.began else 0.0,
            "since_available_ms": _percentiles([end - start for end, start, _ in done]),
            "since_handed_out_ms": _percentiles([end - handed for end, _, handed in done]),
            "texts": dict(self.texts.most_common(20)),
        }

    def _times(self) -> Sequence[tuple[float, float, float]]:
        return list(zip(self.answered, self.available, self.handed, strict=True))

    def _mark(self, number: int, text: str, now: float) -> None:
        self.answered[number] = now
        self.answers += 1
        if text in self.texts or len(self.texts) < 1000:
            self.texts[text] += 1

    def _update(self, number: int) -> dict[str, Any]:
        plan, update_id = self.plan, self.first_update + number
        person = {"id": plan.person(number), "is_bot": False, "first_name": f"P{number}", "language_code": "zh-hans"}
        chat = {"id": person["id"], "type": "private", "first_name": person["first_name"]}
        message: dict[str, Any] = {"message_id": update_id, "date": 1_800_000_000, "chat": chat}
        if plan.kind == "callback":
            message |= {"from": BOT, "text": "500 places", "reply_markup": {"inline_keyboard": [[BUTTON]]}}
            data = plan.data.replace("{n}", str(number))
            press = {"id": str(update_id), "from": person, "message": message, "chat_instance": "1", "data": data}
            return {"update_id": update_id, "callback_query": press}
        text = plan.text.replace("{n}", str(number))
        message |= {"from": person, "text": text}
        if text.startswith("/"):
            length = len(text.split()[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return {"update_id": update_id, "message": message}


BOT = {"id": 123456789, "is_bot": True, "first_name": "bench", "username": "bench_bot"}
BUTTON = {"text": "join", "callback_data": "join"}


def _percentiles(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    if not ordered:
        return {}
    last = len(ordered) - 1
    return {name: ordered[round(last * part)] * 1000 for name, part in (("p50", 0.5), ("p99", 0.99), ("max", 1))}
