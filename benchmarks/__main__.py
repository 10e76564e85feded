"""`python -m benchmarks [start|echo|rush|broadcast|callout|cheating|rota|page|bank|shop|size ...] [--full]`: prints tables, and never fails over a figure."""

import argparse
from collections.abc import Callable

from benchmarks import bank, broadcast, callout, cheating, disk, echo, page, rota, rush, shop, size, start
from benchmarks.filling import County
from benchmarks.ledger import Bank

ROUND_TRIPS = (0.0, 0.05)

# A name, and what it does: quickly, and in full.
BENCHMARKS: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
    "start": (start.run, start.run),
    "echo": (lambda: echo.run(ROUND_TRIPS, 3), lambda: echo.run(ROUND_TRIPS, 10)),
    "rush": (lambda: rush.run(ROUND_TRIPS, 15), lambda: rush.run(ROUND_TRIPS, 300)),
    "broadcast": (lambda: broadcast.run(ROUND_TRIPS[1:], 600), lambda: broadcast.run(ROUND_TRIPS, 3000)),
    "cheating": (lambda: cheating.run(2_000, 20), lambda: cheating.run(10_000, 100)),
    "rota": (rota.run, rota.run),
    "callout": (lambda: callout.run_all(500, 5_000), lambda: callout.run_all(500, 20_000)),
    "page": (lambda: page.run(40, 5_000), lambda: page.run(400, 5_000)),
    "shop": (lambda: shop.run(2_000), lambda: shop.run(10_000)),
    "bank": (lambda: bank.run(Bank().part(10)), lambda: bank.run(Bank())),
    "size": (lambda: size.run(County().part(4)), lambda: size.run(County())),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(BENCHMARKS)}; all of them by default")
    parser.add_argument("--full", action="store_true", help="longer runs, the whole audience; about an hour")
    given = parser.parse_args()
    if unknown := set(given.names) - BENCHMARKS.keys():
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    disk.run()
    for name in given.names or BENCHMARKS:
        quick, full = BENCHMARKS[name]
        (full if given.full else quick)()


if __name__ == "__main__":
    main()
