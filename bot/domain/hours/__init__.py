"""Hours of service: what is claimed, what counts and why, who agreed, who objects, stars and certificates."""

from bot.domain.hours.anomalies import Finding, Rule, findings, records_behind
from bot.domain.hours.approving import check as check_may_approve
from bot.domain.hours.certificates import (
    Certificate,
    certificate,
    certificates_of,
    number_of,
    request,
    revoke,
    sums_between,
    with_code,
)
from bot.domain.hours.crediting import HoursConflict, credit
from bot.domain.hours.deciding import approve, refuse
from bot.domain.hours.disputing import (
    OVERDUE,
    Dispute,
    answer,
    check_may_answer,
    dispute,
    dispute_of,
    disputes_for,
    explain,
    object_to,
    overdue,
    withdraw,
)
from bot.domain.hours.entering import carry_over, enter_afterwards
from bot.domain.hours.entries import hold, reverse
from bot.domain.hours.finding import (
    approvals_of,
    by_id,
    live_of,
    may_see,
    pending_minutes,
    records_of,
    seen_by,
    sums,
    waiting_for,
)
from bot.domain.hours.inheriting import MERGED, merged
from bot.domain.hours.invariants import PROMISES, invariants
from bot.domain.hours.keeping import forget, known_of
from bot.domain.hours.notices import ENDING, Notice, Objection, notice, object_to_notice, objections_to, public_notices
from bot.domain.hours.settling import answer_objection, ended
from bot.domain.hours.stars import Standing, standing, star_held
from bot.domain.hours.telling import GRADES, NEEDED, brief, too_short, ways
from bot.domain.hours.things import Approval, Grade, Record, Sums, length, masked, mix, starred, working_days_after

__all__ = [
    "ENDING",
    "GRADES",
    "MERGED",
    "NEEDED",
    "OVERDUE",
    "PROMISES",
    "Approval",
    "Certificate",
    "Dispute",
    "Finding",
    "Grade",
    "HoursConflict",
    "Notice",
    "Objection",
    "Record",
    "Rule",
    "Standing",
    "Sums",
    "answer",
    "answer_objection",
    "approvals_of",
    "approve",
    "brief",
    "by_id",
    "carry_over",
    "certificate",
    "certificates_of",
    "check_may_answer",
    "check_may_approve",
    "credit",
    "dispute",
    "dispute_of",
    "disputes_for",
    "ended",
    "enter_afterwards",
    "explain",
    "findings",
    "forget",
    "hold",
    "invariants",
    "known_of",
    "length",
    "live_of",
    "masked",
    "may_see",
    "merged",
    "mix",
    "notice",
    "number_of",
    "object_to",
    "object_to_notice",
    "objections_to",
    "overdue",
    "pending_minutes",
    "public_notices",
    "records_behind",
    "records_of",
    "refuse",
    "request",
    "reverse",
    "revoke",
    "seen_by",
    "standing",
    "star_held",
    "starred",
    "sums",
    "sums_between",
    "too_short",
    "waiting_for",
    "ways",
    "with_code",
    "withdraw",
    "working_days_after",
]
