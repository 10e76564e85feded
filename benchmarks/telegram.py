"""What the loopback server knows of the Bot API: updates and their offset, limits, and the record of every answer."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import orjson

from benchmarks.load import BOT, Load, Plan

Parameters = dict[str, Any]
Reply = Callable[[bytes, int, float], None]
"""Takes a body, an HTTP status, and the seconds until it reaches the bot."""

FIRST_UPDATE = 1_000_000
WINDOW_SECONDS = 1.0


class Telegram:
    """One bot's Telegram.

    A request is handled when it comes in, but counted as having arrived half a round trip later; its answer is written
    a whole round trip later. A poll that waited is answered half a round trip after the update came.
    """

    def __init__(self, round_trip: float, poll_round_trip: float, sends_a_second_max: int, retry_after: int) -> None:
        self._round_trip = round_trip
        self._poll_round_trip = poll_round_trip
        self._sends_a_second_max = sends_a_second_max
        self._retry_after = retry_after
        self._loads: list[Load] = []
        self._pending: deque[tuple[int, bytes]] = deque()
        self._next_update = FIRST_UPDATE
        self._parked: tuple[Reply, Parameters, asyncio.TimerHandle] | None = None
        self._sends: deque[float] = deque()
        self._sent: dict[int, list[float]] = {}
        self._message_id = 10_000_000
        self.polls = 0
        self.refusals = 0
        self.calls: Counter[str] = Counter()
        self._methods: dict[str, Callable[[Parameters, Reply], None]] = {
            "getupdates": self._get_updates,
            "answercallbackquery": self._answer_callback_query,
            "getme": lambda _, reply: self._fine(reply, BOT | {"can_join_groups": True}),
            "getwebhookinfo": lambda _, reply: self._fine(reply, {"url": "", "pending_update_count": 0}),
            "getmycommands": lambda _, reply: self._fine(reply, []),
            "getchat": self._get_chat,
        }

    # For the bot

    def call(self, method: str, parameters: Parameters, reply: Reply) -> None:
        name = method.lower()
        self.calls[name] += 1
        handler = self._methods.get(name)
        if handler:
            handler(parameters, reply)
        elif name.startswith(("send", "copy", "forward")) and name != "sendchataction":
            self._send(parameters, reply)
        elif name.startswith("editmessage"):
            self._fine(reply, self._message(parameters))
        else:
            self._fine(reply, True)

    def hang_up(self, reply: Reply) -> None:
        """The connection that belonged to a waiting poll is gone."""
        if self._parked and self._parked[0] is reply:
            self._unpark()

    # For the one who measures

    def add(self, plan: Plan) -> None:
        load = Load(plan, self._next_update, time.monotonic())
        self._next_update += plan.count
        self._loads.append(load)
        self.make_due()

    def make_due(self) -> float:
        """Makes available what is due. Gives the instant at which the next update will be."""
        now = time.monotonic()
        made = False
        for load in self._loads:
            while load.due_next <= now:
                self._pending.append(load.make())
                made = True
        if made and self._parked:
            reply, parameters, _ = self._unpark()
            self._hand_out(parameters, reply, self._poll_round_trip / 2)
        return min((load.due_next for load in self._loads), default=now + 3600)

    def results(self) -> dict[str, Any]:
        moments = [moment for times in self._sent.values() for moment in times]
        return {
            "polls": self.polls,
            "parked": self._parked is not None,
            "loads": {load.plan.name: load.results() for load in self._loads},
            "calls": dict(self.calls),
            "refusals_429": self.refusals,
            "sent": {
                "messages": len(moments),
                "chats": len(self._sent),
                "doubled": len(moments) - len(self._sent),
                "seconds": max(moments) - min(moments) if moments else 0,
                "last_ago": time.monotonic() - max(moments) if moments else None,
                "longest_pause": _longest_pause(sorted(moments)),
            },
        }

    def progress(self) -> dict[str, Any]:
        """What is cheap to say while the bot works."""
        return {
            "polls": self.polls,
            "parked": self._parked is not None,
            "answered": {load.plan.name: load.answers for load in self._loads},
            "sent": len(self._sent),
        }

    # getUpdates

    def _get_updates(self, parameters: Parameters, reply: Reply) -> None:
        self.polls += 1
        if self._parked:
            earlier, _, _ = self._unpark()
            words = "Conflict: terminated by other getUpdates request"
            self._refuse(earlier, 409, words)
        self._confirm(int(parameters.get("offset") or 0))
        wait = float(parameters.get("timeout") or 0)
        if self._pending or wait == 0:
            self._hand_out(parameters, reply, self._poll_round_trip)
        else:
            self._parked = reply, parameters, asyncio.get_running_loop().call_later(wait, self._poll_ends)

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self._pending) > -offset:
                self._pending.popleft()
        while self._pending and self._pending[0][0] < offset:
            self._pending.popleft()

    def _hand_out(self, parameters: Parameters, reply: Reply, delay: float) -> None:
        limit = min(int(parameters.get("limit") or 100), 100)
        batch = [self._pending[place] for place in range(min(limit, len(self._pending)))]
        arrives = time.monotonic() + delay
        for update_id, _ in batch:
            load = self._load_of(update_id)
            if load and not load.handed[update_id - load.first_update]:
                load.handed[update_id - load.first_update] = arrives
        reply(b'{"ok":true,"result":[' + b",".join(update for _, update in batch) + b"]}", 200, delay)

    def _poll_ends(self) -> None:
        reply, parameters, _ = self._unpark()
        self._hand_out(parameters, reply, self._poll_round_trip / 2)

    def _unpark(self) -> tuple[Reply, Parameters, asyncio.TimerHandle]:
        assert self._parked is not None
        parked, self._parked = self._parked, None
        parked[2].cancel()
        return parked

    # Answers

    def _answer_callback_query(self, parameters: Parameters, reply: Reply) -> None:
        query = int(parameters["callback_query_id"])
        load = self._load_of(query)
        if load is None:
            self._refuse(
                reply, 400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
            return
        load.hear_callback_answer(query - load.first_update, parameters.get("text") or "", self._arrival())
        self._fine(reply, True)

    def _send(self, parameters: Parameters, reply: Reply) -> None:
        now = self._arrival()
        if not self._may_send(now):
            self.refusals += 1
            words = f"Too Many Requests: retry after {self._retry_after}"
            self._refuse(reply, 429, words, {"retry_after": self._retry_after})
            return
        chat = int(parameters["chat_id"])
        self._sent.setdefault(chat, []).append(now)
        for load in self._loads:
            if chat in load.unanswered_in_chat:
                load.hear_message(chat, str(parameters.get("text", "")), now)
        self._fine(reply, self._message(parameters))

    def _may_send(self, now: float) -> bool:
        if not self._sends_a_second_max:
            return True
        while self._sends and self._sends[0] <= now - WINDOW_SECONDS:
            self._sends.popleft()
        if len(self._sends) >= self._sends_a_second_max:
            return False
        self._sends.append(now)
        return True

    def _get_chat(self, parameters: Parameters, reply: Reply) -> None:
        self._fine(reply, {"id": int(parameters["chat_id"]), "type": "private", "accent_color_id": 0})

    def _message(self, parameters: Parameters) -> dict[str, Any]:
        self._message_id += 1
        chat = {"id": int(parameters.get("chat_id") or 1), "type": "private", "first_name": "P"}
        text = str(parameters.get("text", ""))
        number = int(parameters.get("message_id") or self._message_id)
        return {"message_id": number, "date": 1_800_000_000, "chat": chat, "from": BOT, "text": text}

    def _arrival(self) -> float:
        return time.monotonic() + self._round_trip / 2

    def _load_of(self, update_id: int) -> Load | None:
        for load in self._loads:
            if load.first_update <= update_id < load.first_update + load.made:
                return load
        return None

    def _fine(self, reply: Reply, result: object) -> None:
        reply(orjson.dumps({"ok": True, "result": result}), 200, self._round_trip)

    def _refuse(self, reply: Reply, code: int, words: str, parameters: Parameters | None = None) -> None:
        answer = {"ok": False, "error_code": code, "description": words}
        reply(orjson.dumps(answer | ({"parameters": parameters} if parameters else {})), code, self._round_trip)


def _longest_pause(moments: list[float]) -> float:
    return max((later - earlier for earlier, later in pairwise(moments)), default=0.0)
