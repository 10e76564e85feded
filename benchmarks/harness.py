"""Starts the server and a subject, lets a load loose, and reads what came of it and what it cost."""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from benchmarks.load import Plan
from benchmarks.subjects import Place, Subject

TOKEN = "123456789:AABBCCDDEEFFGGHHIIJJKKLLMMNNOOPPQQR"
START_SECONDS_MAX = 30.0
IDLE_SECONDS_MAX = 4.0
WATCH_SECONDS = 0.05
SETTLE_SECONDS = 0.2
POLL_ROUND_TRIP = os.environ.get("BENCH_POLL_ROUND_TRIP", "")


class DidNotStart(Exception):
    """The subject never asked for updates. Holds the end of what it wrote."""


class Server:
    """The loopback server's control side."""

    def __init__(self, port: int) -> None:
        self.base_url = f"http://127.0.0.1:{port}/bot"
        self._port = port

    def add(self, plan: Plan) -> None:
        self._ask("POST", "plan", json.dumps(asdict(plan)))

    def progress(self) -> dict[str, Any]:
        return self._ask("GET", "progress")

    def results(self) -> dict[str, Any]:
        return self._ask("GET", "results")

    def _ask(self, method: str, what: str, body: str | None = None) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            connection.request(method, f"/control/{what}", body)
            answer: dict[str, Any] = json.loads(connection.getresponse().read())
            return answer
        finally:
            connection.close()


class Running:
    """A subject's process, with its children."""

    def __init__(self, subject: Subject, place: Place) -> None:
        self._subject = subject
        self._place = place
        self._log = place.scratch / "log"
        self.start()

    def start(self) -> None:
        environment = os.environ | self._subject.environment(self._place)
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(self._subject.command, env=environment, stdout=log, stderr=log)

    def wait_for_poll(self, server: Server) -> None:
        deadline = time.monotonic() + START_SECONDS_MAX
        while server.progress()["polls"] == 0:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise DidNotStart(self._log.read_text(errors="replace")[-500:])
            time.sleep(0.01)

    def cpu_seconds(self) -> float:
        return sum(float(times.user + times.system) for times in (each.cpu_times() for each in self._processes()))

    def memory_mb(self) -> float:
        return float(sum(each.memory_info().rss for each in self._processes())) / 1e6

    def report_tracebacks(self) -> None:
        """Says so when the subject complained while it was measured: its figures are then not what they seem."""
        if count := self._log.read_text(errors="replace").count("Traceback"):
            print(f"{' '.join(self._subject.command[1:])} has written {count} tracebacks", flush=True)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()

    def _processes(self) -> list[psutil.Process]:
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A load's results as the server gives them, all of the server's results, and the subject's CPU seconds."""

    load: dict[str, Any]
    server: dict[str, Any]
    cpu_seconds: float

    @property
    def cpu_ms_each(self) -> float:
        return self.cpu_seconds * 1000 / max(int(self.load["answered"]), 1)


@contextmanager
def serving(round_trip: float, sends_a_second_max: int = 0) -> Iterator[Server]:
    """A server of its own for each subject, so that nothing is left over from the one before."""
    command = [sys.executable, "-m", "benchmarks.server", "--round-trip", str(round_trip)]
    command += ["--sends-a-second-max", str(sends_a_second_max)]
    if POLL_ROUND_TRIP:
        command += ["--poll-round-trip", POLL_ROUND_TRIP]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent)
    assert process.stdout is not None
    try:
        yield Server(int(process.stdout.readline()))
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextmanager
def placed(subject: Subject, server: Server, audience: int = 0) -> Iterator[Place]:
    """A folder for the subject, with its database prepared."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        place = Place(server.base_url, TOKEN, Path(scratch), audience)
        subject.prepare(place)
        yield place


@contextmanager
def running(subject: Subject, server: Server, place: Place) -> Iterator[Running]:
    """The subject, from its first poll on."""
    process = Running(subject, place)
    try:
        process.wait_for_poll(server)
        yield process
    finally:
        process.stop()


def measure(server: Server, process: Running, plan: Plan, seconds_max: float) -> Outcome:
    """Lets the load loose and waits until all is answered, nothing moves any more, or the time is over."""
    before = process.cpu_seconds()
    server.add(plan)
    _wait(server, plan, seconds_max)
    # The bot has yet to read the answers that are on their way to it: that is part of its work.
    time.sleep(SETTLE_SECONDS)
    used = process.cpu_seconds() - before
    process.report_tracebacks()
    results = server.results()
    return Outcome(results["loads"][plan.name], results, used)


def _wait(server: Server, plan: Plan, seconds_max: float) -> None:
    now = moved = time.monotonic()
    deadline, answered = now + seconds_max, 0
    while answered < plan.count and now < deadline and now < moved + IDLE_SECONDS_MAX:
        time.sleep(WATCH_SECONDS)
        now, latest = time.monotonic(), server.progress()["answered"][plan.name]
        if latest != answered:
            answered, moved = latest, now


def planned(subject: Subject, **wishes: Any) -> Plan:
    """A plan with what the subject has otherwise."""
    return replace(Plan(**wishes), **subject.plan)
