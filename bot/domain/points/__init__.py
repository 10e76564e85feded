"""Points: what somebody earned, why, and the ledger that keeps it exact."""

from bot.domain.points.awarding import AMOUNT_MAX, PURSES, Credit, award, credit_of, earned
from bot.domain.points.invariants import PROMISES, invariants
from bot.domain.points.ledger import LedgerConflict, Reason, signed
from bot.domain.points.reversing import correct, reverse
from bot.domain.points.statement import (
    PAGE,
    Entry,
    Sum,
    Totals,
    balance,
    entries,
    entry,
    forget,
    known_of,
    sums,
    totals,
)

__all__ = [
    "AMOUNT_MAX",
    "PAGE",
    "PROMISES",
    "PURSES",
    "Credit",
    "Entry",
    "LedgerConflict",
    "Reason",
    "Sum",
    "Totals",
    "award",
    "balance",
    "correct",
    "credit_of",
    "earned",
    "entries",
    "entry",
    "forget",
    "invariants",
    "known_of",
    "reverse",
    "signed",
    "sums",
    "totals",
]
