"""Broadcast: an audience is told at a server that enforces 30 a second, while people press buttons."""

import time
from collections.abc import Sequence
from typing import Any

from benchmarks.harness import DidNotStart, Running, Server, placed, planned, running, serving
from benchmarks.load import Plan
from benchmarks.subjects import BROADCAST, Subject
from benchmarks.table import number, shown

LIMIT_A_SECOND = 30
PRESSES_A_SECOND = 5
ADMIN = 1_999_999_999
IDLE_SECONDS_MAX = 15
HEADS = ("", "told", "told/s", "of 30/s", "lost", "doubled", "429s", "press p50 ms", "press p99 ms", "unanswered")


def run(round_trips: Sequence[float], audience: int) -> None:
    """A press's time is what it took beyond the round trip. Durable subjects run once more, killed in the middle."""
    for round_trip in round_trips:
        rows = [
            _row(subject, round_trip, audience, killed)
            for subject in BROADCAST
            for killed in ((False, True) if subject.durable else (False,))
        ]
        title = f"broadcast to {audience:,}, {PRESSES_A_SECOND} presses a second, round trip {round_trip * 1000:.0f} ms"
        print(shown(title, HEADS, rows), flush=True)


def _row(subject: Subject, round_trip: float, audience: int, killed: bool) -> list[str]:
    with serving(round_trip, LIMIT_A_SECOND) as server, placed(subject, server, audience) as place:
        try:
            with running(subject, server, place) as process:
                results = _measured(subject, server, process, audience, killed)
        except DidNotStart as error:
            print(f"{subject.name} did not start: {error}")
            return [subject.name, "did not start", *[""] * (len(HEADS) - 2)]
    name = subject.name
    if killed:
        name += f", killed, resumed in {number(results['resumed'])} s"
    return [name, *_figures(results, round_trip, audience)]


def _measured(subject: Subject, server: Server, process: Running, audience: int, killed: bool) -> dict[str, Any]:
    server.add(planned(subject, name="trigger", first_person=ADMIN))
    seconds = int(audience / LIMIT_A_SECOND)
    presses = Plan(name="presses", kind="callback", count=PRESSES_A_SECOND * seconds, rate=PRESSES_A_SECOND)
    server.add(presses)
    resumed = _kill_midway(server, process, audience) if killed else None
    _wait(server, presses, audience, seconds * 3)
    process.report_tracebacks()
    return server.results() | {"resumed": resumed}


def _kill_midway(server: Server, process: Running, audience: int) -> float | None:
    """Gives the seconds from the new start to the next message, if there was one."""
    deadline = time.monotonic() + audience / LIMIT_A_SECOND * 2
    while server.progress()["sent"] < audience / 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.kill()
    before = server.progress()["sent"]
    process.start()
    began = time.monotonic()
    while server.progress()["sent"] <= before:
        if time.monotonic() > began + IDLE_SECONDS_MAX:
            return None
        time.sleep(0.02)
    return time.monotonic() - began


def _wait(server: Server, presses: Plan, audience: int, seconds_max: float) -> None:
    now = moved = time.monotonic()
    deadline = now + seconds_max
    before: dict[str, int] = {}
    while now < deadline and now < moved + IDLE_SECONDS_MAX:
        time.sleep(0.1)
        now, progress = time.monotonic(), server.progress()
        latest = {"sent": progress["sent"], "answered": progress["answered"]["presses"]}
        if latest["sent"] >= audience and latest["answered"] >= presses.count:
            return
        if latest != before:
            before, moved = latest, now


def _figures(results: dict[str, Any], round_trip: float, audience: int) -> list[str]:
    sent, presses = results["sent"], results["loads"]["presses"]
    rate = sent["messages"] / sent["seconds"] if sent["seconds"] else 0
    waited = presses["since_available_ms"]
    return [
        str(sent["chats"]),
        number(rate),
        f"{rate / LIMIT_A_SECOND:.0%}",
        str(max(audience - sent["chats"], 0)),
        str(sent["doubled"]),
        str(results["refusals_429"]),
        *(number(waited[name] - round_trip * 1000) if waited else "-" for name in ("p50", "p99")),
        str(presses["unanswered"]),
    ]
