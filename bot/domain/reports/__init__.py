"""Reports for admins and auditors: figures with what they are made of, look-ups, exports."""

from bot.domain.days import ACTIVE_DAYS, KEEP, Figures, invariants, keep, keep_soon, people_here
from bot.domain.reports.backlog import Backlog, Trouble, due, inbox, is_alive, outbox, pulse, troubles
from bot.domain.reports.counting import Day, Month, Statistics, Totals, days_of, statistics, totals
from bot.domain.reports.exporting import Export, Filled, check_pause, exported, names_file, note_export
from bot.domain.reports.finding import (
    Balance,
    Holder,
    audit_page,
    balances,
    found,
    found_in,
    holders,
    members_page,
    names_of,
    people_page,
)
from bot.domain.reports.sheets import ROWS_MAX, SHEETS, Sheet

__all__ = [
    "ACTIVE_DAYS",
    "KEEP",
    "ROWS_MAX",
    "SHEETS",
    "Backlog",
    "Balance",
    "Day",
    "Export",
    "Figures",
    "Filled",
    "Holder",
    "Month",
    "Sheet",
    "Statistics",
    "Totals",
    "Trouble",
    "audit_page",
    "balances",
    "check_pause",
    "days_of",
    "due",
    "exported",
    "found",
    "found_in",
    "holders",
    "inbox",
    "invariants",
    "is_alive",
    "keep",
    "keep_soon",
    "members_page",
    "names_file",
    "names_of",
    "note_export",
    "outbox",
    "people_here",
    "people_page",
    "pulse",
    "statistics",
    "totals",
    "troubles",
]
