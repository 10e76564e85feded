"""What stands in an exported cell where the database keeps a word of ours."""

from collections.abc import Mapping

from bot.domain.activities import KIND_NAMES
from bot.domain.groups import KINDS as GROUP_KINDS
from bot.domain.partners import STATES as STATES_OF_SHARES
from bot.domain.points import FLOW_NAMES, REASON_NAMES
from bot.locales import Said, say

Words = Mapping[str, Said]
ROLES: Words = {"member": say("member"), "auditor": say("auditor"), "admin": say("county admin")}
LANGUAGES: Words = {"zh_CN": say("中文"), "en": say("English")}
KINDS: Words = {str(kind): name for kind, name in KIND_NAMES.items()}
GROUPS: Words = GROUP_KINDS
STATES: Words = {
    "open": say("open"),
    "running": say("is going on"),
    "over": say("over, not confirmed"),
    "cancelled": say("called off"),
    "confirmed": say("confirmed"),
}
PLACES: Words = {
    "applied": say("has applied"),
    "waiting": say("waits"),
    "offered": say("a place is kept"),
    "in": say("has a place"),
    "out": say("withdrew"),
}
HOURS: Words = {
    "standing": say("count"),
    "pending": say("wait for agreement"),
    "short": say("too short to count"),
    "refused": say("refused"),
    "reversed": say("taken back"),
}
CAME: Words = {"1": say("came"), "0": say("missed")}
REASONS: Words = {str(reason): name for reason, name in REASON_NAMES.items()}
FLOWS: Words = {str(flow): name for flow, name in FLOW_NAMES.items()}
OTHERS: Words = {"": say("others")}
SHARES: Words = STATES_OF_SHARES
# Of entries: what stands before a number there, by which it is found elsewhere.
SUBJECTS: Words = {
    "activity": say("activity"),
    "redemption": say("reservation"),
    "gift": say("gift"),
    "giftback": say("gift given back"),
    "reward": say("reward"),
    "grant": say("given by hand"),
    "budget": say("budget"),
    "return": say("budget returned"),
    "person": say("corrected by number"),
    "appeal": say("appeal"),
    "merge": say("merge"),
    "year": say("year"),
    "lot": say("lot"),
}
# Of figures: the kind of activity that earned them, or why else they moved.
CAUSES: Words = {**REASONS, **KINDS}
