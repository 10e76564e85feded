"""The disk: what one commit that survives a power cut costs here, for each answer waits for at least two of them."""

import sqlite3
import tempfile
import time
from pathlib import Path

from benchmarks.table import number

COMMITS = 1000


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(Path(folder) / "disk.db", isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("CREATE TABLE t (a)")
        times = sorted(_seconds(db) for _ in range(COMMITS))
        db.close()
    median, last = (number(times[int(COMMITS * part)] * 1000) for part in (0.5, 0.99))
    print(f"one durable commit on this disk: p50 {median} ms, p99 {last} ms", flush=True)


def _seconds(db: sqlite3.Connection) -> float:
    began = time.perf_counter()
    db.execute("INSERT INTO t VALUES ('a row of an ordinary length')")
    return time.perf_counter() - began
