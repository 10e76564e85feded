"""Points: what somebody earned, why, and the ledger that keeps it exact."""

from bot.domain.points.awarding import AMOUNT_MAX, PURSES, Credit, award, credit_of, earned
from bot.domain.points.invariants import PROMISES, invariants
from bot.domain.points.ledger import LedgerConflict, Reason, signed
from bot.domain.points.reversing import correct, reverse
from bot.domain.points.sealing import SEALING, Gap, Head, first_gap, follow, hash_at, head, plan_sealing, seal, seal_due
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
    "SEALING",
    "Credit",
    "Entry",
    "Gap",
    "Head",
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
    "first_gap",
    "follow",
    "forget",
    "hash_at",
    "head",
    "invariants",
    "known_of",
    "plan_sealing",
    "reverse",
    "seal",
    "seal_due",
    "signed",
    "sums",
    "totals",
]
