"""Reports for admins and auditors: figures with what they are made of, look-ups, exports."""

from bot.domain.reports.backlog import Backlog, Trouble, due, inbox, is_alive, outbox, pulse, troubles
from bot.domain.reports.counting import ACTIVE_DAYS, Month, Totals, active, months, totals
from bot.domain.reports.exporting import Export, Filled, exported, note_export
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
    "ROWS_MAX",
    "SHEETS",
    "Backlog",
    "Balance",
    "Export",
    "Filled",
    "Holder",
    "Month",
    "Sheet",
    "Totals",
    "Trouble",
    "active",
    "audit_page",
    "balances",
    "due",
    "exported",
    "found",
    "found_in",
    "holders",
    "inbox",
    "is_alive",
    "members_page",
    "months",
    "names_of",
    "note_export",
    "outbox",
    "people_page",
    "pulse",
    "totals",
    "troubles",
]
