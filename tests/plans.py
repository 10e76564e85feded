"""What SQLite would do for a query, to see that a large ledger is asked no more than a small one."""

import re
from collections.abc import Iterable, Iterator

from bot.storage import Row, Transaction, Value

# Everything, or all that is of one kind; what has been gathered for the query itself is none of it.
WHOLE = re.compile(r"SCAN (?!\()|\(kind=\?( AND unit=\?)?\)")


async def asked_for_each_row(tx: Transaction, sql: str, **values: Value) -> list[str]:
    """The steps by which whole tables are gone through again and again: once for each row of something else."""
    plan = await tx.all(f"EXPLAIN QUERY PLAN {sql}", **values)
    return [step for step in _correlated(plan) if WHOLE.search(step)]


async def steps(tx: Transaction, sql: str, **values: Value) -> list[str]:
    """All that it would do, in its order."""
    return [row["detail"] for row in await tx.all(f"EXPLAIN QUERY PLAN {sql}", **values)]


def _correlated(plan: Iterable[Row]) -> Iterator[str]:
    inside: set[int] = set()
    for row in plan:
        if "CORRELATED" in row["detail"] or row["parent"] in inside:
            inside.add(row["id"])
            yield row["detail"]
