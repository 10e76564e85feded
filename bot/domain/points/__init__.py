"""Points: what somebody earned, why, and the ledger that keeps it exact."""

from bot.domain.points import figures, oddities
from bot.domain.points.appealing import (
    OVERDUE,
    REMINDED,
    Appeal,
    appeal,
    appeal_against,
    appeal_answers,
    appeal_on,
    appeal_words,
    had_a_hand,
    judged_by,
    make_up,
    open_appeals,
    open_appeals_number,
    overdue,
    remind,
    state_words,
)
from bot.domain.points.appealing import refuse as refuse_appeal
from bot.domain.points.appealing import take_back as grant_appeal
from bot.domain.points.appealing import withdraw as withdraw_appeal
from bot.domain.points.awarding import AMOUNT_MAX, Credit, award, credit_of, earned
from bot.domain.points.counting import count as count_figures
from bot.domain.points.earning import Award, Done, award_for, award_words, earn, given_for, worth, worth_words
from bot.domain.points.expiring import DEEDS as EXPIRING
from bot.domain.points.expiring import (
    EXPIRE,
    WARN_EARLY,
    WARN_LATE,
    YEAR_OVER,
    Ending,
    county_forecast,
    ending_words,
    forecast,
)
from bot.domain.points.figures import By, Flow
from bot.domain.points.gifts import Gift, gift_titles, gift_words, gifts_of, given_this_month
from bot.domain.points.gifts import seen_by as gift_seen_by
from bot.domain.points.giving import FINAL as GIFT_FINAL
from bot.domain.points.giving import (
    GIFT_CHARACTERS_MAX,
    GIVE_BACK_DAYS,
    Receiver,
    become_final,
    call_gifts_off,
    give,
    give_back,
    take_back,
)
from bot.domain.points.granting import (
    WHY_CHARACTERS_MAX,
    Grant,
    amount_words,
    ask_grant,
    grant,
    grant_whys,
    waiting_grants,
    waiting_grants_number,
)
from bot.domain.points.granting import agree as agree_to_grant
from bot.domain.points.granting import decline as decline_grant
from bot.domain.points.inheriting import MERGED, merged
from bot.domain.points.invariants import PROMISES, invariants
from bot.domain.points.keeping import forget, known_of
from bot.domain.points.ledger import LedgerConflict, Reason, signed
from bot.domain.points.oddities import Odd, OddFinding
from bot.domain.points.posting import PURSES, Leg, post, reserve, transfer, void
from bot.domain.points.reversing import correct, reverse
from bot.domain.points.rulebook import RULES, SECTIONS, Rule, Section, in_section, rule_of
from bot.domain.points.rulefile import read_file as read_rules
from bot.domain.points.rulefile import written as rules_written
from bot.domain.points.rules import (
    RULES_TOLD,
    Rules,
    Version,
    check_activity,
    rule_words,
    tell_rules,
    version_words,
)
from bot.domain.points.rules import change as change_rules
from bot.domain.points.rules import current as rules
from bot.domain.points.rules import version as rule_version
from bot.domain.points.rules import versions as rule_versions
from bot.domain.points.sealing import SEALING, Gap, Head, first_gap, follow, hash_at, head, plan_sealing, seal, seal_due
from bot.domain.points.statement import (
    PAGE,
    Entry,
    Sum,
    Totals,
    balance,
    entries,
    entry,
    entry_of,
    look_button,
    sums,
    totals,
)

DEEDS = {
    SEALING: seal_due,
    RULES_TOLD: tell_rules,
    GIFT_FINAL: become_final,
    REMINDED: remind,
    OVERDUE: overdue,
    **EXPIRING,
}

__all__ = [
    "AMOUNT_MAX",
    "DEEDS",
    "EXPIRE",
    "GIFT_CHARACTERS_MAX",
    "GIFT_FINAL",
    "GIVE_BACK_DAYS",
    "MERGED",
    "PAGE",
    "PROMISES",
    "PURSES",
    "RULES",
    "SECTIONS",
    "WARN_EARLY",
    "WARN_LATE",
    "WHY_CHARACTERS_MAX",
    "YEAR_OVER",
    "Appeal",
    "Award",
    "By",
    "Credit",
    "Done",
    "Ending",
    "Entry",
    "Flow",
    "Gap",
    "Gift",
    "Grant",
    "Head",
    "LedgerConflict",
    "Leg",
    "Odd",
    "OddFinding",
    "Reason",
    "Receiver",
    "Rule",
    "Rules",
    "Section",
    "Sum",
    "Totals",
    "Version",
    "agree_to_grant",
    "amount_words",
    "appeal",
    "appeal_against",
    "appeal_answers",
    "appeal_on",
    "appeal_words",
    "ask_grant",
    "award",
    "award_for",
    "award_words",
    "balance",
    "become_final",
    "call_gifts_off",
    "change_rules",
    "check_activity",
    "correct",
    "count_figures",
    "county_forecast",
    "credit_of",
    "decline_grant",
    "earn",
    "earned",
    "ending_words",
    "entries",
    "entry",
    "entry_of",
    "figures",
    "first_gap",
    "follow",
    "forecast",
    "forget",
    "gift_seen_by",
    "gift_titles",
    "gift_words",
    "gifts_of",
    "give",
    "give_back",
    "given_for",
    "given_this_month",
    "grant",
    "grant_appeal",
    "grant_whys",
    "had_a_hand",
    "hash_at",
    "head",
    "in_section",
    "invariants",
    "judged_by",
    "known_of",
    "look_button",
    "make_up",
    "merged",
    "oddities",
    "open_appeals",
    "open_appeals_number",
    "plan_sealing",
    "post",
    "read_rules",
    "refuse_appeal",
    "reserve",
    "reverse",
    "rule_of",
    "rule_version",
    "rule_versions",
    "rule_words",
    "rules",
    "rules_written",
    "seal",
    "signed",
    "state_words",
    "sums",
    "take_back",
    "totals",
    "transfer",
    "version_words",
    "void",
    "waiting_grants",
    "waiting_grants_number",
    "withdraw_appeal",
    "worth",
    "worth_words",
]
