"""Rush: two thousand people tap the same button for 500 places within a tenth of a second.

Not in the same instant: 500 is a multiple of the 100 updates of one poll, and batches that end just where the places
do hide that a bot oversells (with 550 places, check-then-insert sold 600 each time; with 500, none too many).
"""

from collections.abc import Sequence

from benchmarks.harness import DidNotStart, Outcome, measure, placed, planned, running, serving
from benchmarks.subjects import RUSH, Subject
from benchmarks.table import number, ratio, shown

PEOPLE = 2000
TAPS_A_SECOND = 20_000
HEADS = ("", "told/s", "ratio", "p50 ms", "p99 ms", "last ms", "places taken", "CPU ms each", "untold", "doubled")


def run(round_trips: Sequence[float], seconds_max: float) -> None:
    """Who isn't through after `seconds_max` is measured by what it did until then, and its times are marked so."""
    for round_trip in round_trips:
        rows: list[list[str]] = []
        base = 0.0
        for subject in RUSH:
            outcome, admitted = _measured(subject, round_trip, seconds_max)
            if outcome is None:
                rows.append([subject.name, "did not start", *[""] * (len(HEADS) - 2)])
                continue
            base = base or outcome.load["rate"]
            rows.append(_row(subject, outcome, admitted, base))
        title = f"rush, {PEOPLE:,} people for 500 places, round trip {round_trip * 1000:.0f} ms"
        print(shown(title, HEADS, rows), flush=True)


def _measured(subject: Subject, round_trip: float, seconds_max: float) -> tuple[Outcome | None, int | None]:
    with serving(round_trip) as server, placed(subject, server) as place:
        try:
            with running(subject, server, place) as process:
                plan = planned(subject, name="rush", kind="callback", count=PEOPLE, rate=TAPS_A_SECOND)
                outcome = measure(server, process, plan, seconds_max)
            return outcome, subject.admitted(place)
        except DidNotStart as error:
            print(f"{subject.name} did not start: {error}")
            return None, None


def _row(subject: Subject, outcome: Outcome, admitted: int | None, base: float) -> list[str]:
    load = outcome.load
    mark = ">" if load["unanswered"] else ""
    return [
        subject.name,
        number(load["rate"]),
        ratio(load["rate"], base),
        *(mark + number(load["since_available_ms"].get(name)) for name in ("p50", "p99", "max")),
        "-" if admitted is None else f"{mark}{admitted}",
        number(outcome.cpu_ms_each),
        str(load["unanswered"]),
        str(load["doubled"]),
    ]
