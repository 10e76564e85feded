"""What SQLite would do for a query, to see that a large ledger is asked no more than a small one."""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any

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


async def gone_through(tx: Transaction, deed: Callable[[], Awaitable[object]], tables: Iterable[str]) -> list[str]:
    """The steps by which what a deed asks goes through any of these tables from one end to the other."""
    wanted = re.compile(rf"\b({'|'.join(tables)})\b(?: AS)?(?: (\w+))?")
    found: list[str] = []
    explain = tx.all

    def recorded(ask: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def asked(sql: str, **values: Value) -> Any:
            names = {name for table, alias in wanted.findall(sql) for name in (table, alias)}
            plan = await explain(f"EXPLAIN QUERY PLAN {sql}", **values)
            found.extend(row["detail"] for row in plan if names & {_scanned(row["detail"])})
            return await ask(sql, **values)

        return asked

    tx.all, tx.run = recorded(tx.all), recorded(tx.run)  # type: ignore[method-assign, assignment]
    await deed()
    return found


def _scanned(step: str) -> str:
    return step.removeprefix("SCAN ").split(" ")[0] if step.startswith("SCAN ") else ""
