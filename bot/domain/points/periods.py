"""A statement for some time: what somebody had before, every entry of it, and what that came to at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain import days
from bot.domain.points.ledger import Reason
from bot.domain.points.statement import ALL, Entry
from bot.storage import Transaction

# The rest of ALL, cut to the time that is asked for.
OF_TIME = ALL.replace("ORDER BY t.id", "AND t.at >= :start AND t.at < :end ORDER BY t.id")
EVERYTHING = 2**60


class Period(StrEnum):
    """Which time: the running month, the one before it, the running year, or all of it."""

    MONTH = "month"
    BEFORE = "before"
    YEAR = "year"
    ALL = "all"


@dataclass(frozen=True)
class Statement:
    """`opening` is what there was before, in points; `entries` come oldest first. With nothing left out it ends in the balance."""

    start: int
    end: int
    opening: int
    entries: tuple[Entry, ...]

    @property
    def came(self) -> int:
        return sum(entry.amount for entry in self.entries if entry.amount > 0)

    @property
    def went(self) -> int:
        return -sum(entry.amount for entry in self.entries if entry.amount < 0)

    @property
    def closing(self) -> int:
        return self.opening + self.came - self.went

    def balances(self) -> list[int]:
        """What there was after each entry."""
        after, found = self.opening, []
        for entry in self.entries:
            after += entry.amount
            found.append(after)
        return found


# Rules


def bounds(tx: Transaction, period: Period) -> tuple[int, int]:
    """The instants at which a period begins and ends, by the county's calendar."""
    match period:
        case Period.MONTH:
            return days.month_begin(tx), EVERYTHING
        case Period.BEFORE:
            return days.month_begin(tx, 1), days.month_begin(tx)
        case Period.YEAR:
            return days.month_begin(tx, tx.today.month - 1), EVERYTHING
        case Period.ALL:
            return 0, EVERYTHING


# Questions


async def statement_of(tx: Transaction, person_id: int, period: Period) -> Statement:
    """Every entry of somebody's in this time. It may be thousands: for what is read before the transaction."""
    start, end = bounds(tx, period)
    rows: Sequence[dict[str, object]] = [
        dict(row) for row in await tx.all(OF_TIME, person_id=person_id, start=start, end=end)
    ]
    entries = tuple(Entry(**{**row, "reason": Reason(str(row["reason"]))}) for row in rows)  # type: ignore[arg-type]
    return Statement(start, end, await _before(tx, person_id, start), entries)


async def _before(tx: Transaction, person_id: int, start: int) -> int:
    return int(
        await tx.value(
            "SELECT CAST(COALESCE(SUM(e.amount), 0) AS BIGINT) FROM accounts a JOIN entries e ON e.account_id = a.id "
            "JOIN transfers t ON t.id = e.transfer_id WHERE a.kind = 'member' AND a.unit = 'points' "
            "AND a.owner = :person_id AND t.at < :start",
            person_id=person_id,
            start=start,
        )
    )
