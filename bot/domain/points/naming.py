"""What reasons and figures of points are called, for screens, statements and exports."""

from bot.domain.points.figures import Flow
from bot.domain.points.ledger import Reason
from bot.locales import say

# What an entry is for; beside it stands the title of its activity, or the bare cause where there is none.
REASON_NAMES = {
    Reason.TASK: say("task"),
    Reason.EVENT: say("event"),
    Reason.GRANT: say("given by hand"),
    Reason.GIFT: say("gift"),
    Reason.BUDGET: say("budget"),
    Reason.REWARD: say("reward from a group"),
    Reason.REDEEM: say("reserved"),
    Reason.COLLECT: say("not taken"),
    Reason.CANCEL: say("cancelled"),
    Reason.LAPSE: say("lapsed"),
    Reason.DAMAGE: say("damaged"),
    Reason.STOCK: say("taken in"),
    Reason.DONATION: say("donated"),
    Reason.EXPIRY: say("expired"),
    Reason.MERGE: say("merged records"),
    Reason.ADJUST: say("settled by the county"),
    Reason.REVERSAL: say("correction"),
}
FLOW_NAMES = {
    Flow.ISSUED: say("Issued"),
    Flow.REDEEMED: say("Redeemed"),
    Flow.EXPIRED: say("Expired"),
    Flow.OUTSTANDING: say("Outstanding"),
}
