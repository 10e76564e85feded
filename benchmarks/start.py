"""Start: how soon a bot answers what was waiting for it, and the memory that it holds when nothing happens."""

import time

from benchmarks.harness import START_SECONDS_MAX, Running, placed, planned, serving
from benchmarks.subjects import ECHO, Subject
from benchmarks.table import number, shown

HEADS = ("", "first answer s", "idle memory MB")


def run() -> None:
    rows = [[subject.name, *_figures(subject)] for subject in ECHO]
    print(shown("start, from the command to the first answer", HEADS, rows), flush=True)


def _figures(subject: Subject) -> list[str]:
    with serving(0) as server, placed(subject, server) as place:
        server.add(planned(subject, name="first"))
        began = time.monotonic()
        process = Running(subject, place)
        try:
            while server.progress()["answered"]["first"] == 0:
                if process.process.poll() is not None or time.monotonic() > began + START_SECONDS_MAX:
                    return ["did not start", ""]
                time.sleep(0.01)
            seconds = time.monotonic() - began
            time.sleep(1)
            return [number(seconds), number(process.memory_mb())]
        finally:
            process.stop()
