"""Echo: how many messages a second a bot answers, what one costs, and how long one waits at half of that."""

from collections.abc import Sequence

from benchmarks.harness import DidNotStart, Outcome, Running, Server, measure, placed, planned, running, serving
from benchmarks.subjects import ECHO, Subject
from benchmarks.table import number, ratio, shown

HEADS = ("", "answers/s", "ratio", "CPU ms each", "half load/s", "p50 ms", "p99 ms", "unanswered", "doubled")


def run(round_trips: Sequence[float], seconds: float) -> None:
    """The ratio is to the first subject. Times include the round trip."""
    for round_trip in round_trips:
        rows: list[list[str]] = []
        base = 0.0
        for subject in ECHO:
            full, half = _measured(subject, round_trip, seconds)
            if full is None or half is None:
                rows.append([subject.name, "did not start", *[""] * (len(HEADS) - 2)])
                continue
            base = base or full.load["rate"]
            rows.append(_row(subject, full, half, base))
        print(shown(f"echo, round trip {round_trip * 1000:.0f} ms", HEADS, rows), flush=True)


def _measured(subject: Subject, round_trip: float, seconds: float) -> tuple[Outcome | None, Outcome | None]:
    with serving(round_trip) as server, placed(subject, server) as place:
        try:
            with running(subject, server, place) as process:
                full = _at_full_load(subject, server, process, seconds)
                rate = max(full.load["rate"] / 2, 1)
                plan = planned(subject, name="half", count=max(int(rate * seconds), 10), rate=rate)
                return full, measure(server, process, plan, seconds * 3)
        except DidNotStart as error:
            print(f"{subject.name} did not start: {error}")
            return None, None


def _at_full_load(subject: Subject, server: Server, process: Running, seconds: float) -> Outcome:
    """Four times as much each time, until it takes so long: what came before was to warm up."""
    count = 20
    while True:
        plan = planned(subject, name=f"full {count}", count=count)
        outcome = measure(server, process, plan, seconds * 5)
        if outcome.load["seconds"] >= seconds * 0.7 or outcome.load["unanswered"]:
            return outcome
        count = min(count * 4, int(outcome.load["rate"] * seconds * 1.2) + 1)


def _row(subject: Subject, full: Outcome, half: Outcome, base: float) -> list[str]:
    waited = half.load["since_available_ms"]
    return [
        subject.name,
        number(full.load["rate"]),
        ratio(full.load["rate"], base),
        number(full.cpu_ms_each),
        number(half.load["planned"] / half.load["seconds"] if half.load["seconds"] else 0),
        number(waited.get("p50")),
        number(waited.get("p99")),
        str(full.load["unanswered"] + half.load["unanswered"]),
        str(full.load["doubled"] + half.load["doubled"]),
    ]
