"""Points: what somebody earned, why, and the ledger that keeps it exact."""

from bot.domain.points.awarding import AMOUNT_MAX, Credit, award, check_amount, credit_of, earned
from bot.domain.points.invariants import PROMISES, invariants
from bot.domain.points.ledger import LedgerConflict, Reason, signed
from bot.domain.points.posting import PURSES, Leg, ended_by, issued, legs_of, post, reserve, transfer, void
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
    "Leg",
    "Reason",
    "Sum",
    "Totals",
    "award",
    "balance",
    "check_amount",
    "correct",
    "credit_of",
    "earned",
    "ended_by",
    "entries",
    "entry",
    "first_gap",
    "follow",
    "forget",
    "hash_at",
    "head",
    "invariants",
    "issued",
    "known_of",
    "legs_of",
    "plan_sealing",
    "post",
    "reserve",
    "reverse",
    "seal",
    "seal_due",
    "signed",
    "sums",
    "totals",
    "transfer",
    "void",
]
