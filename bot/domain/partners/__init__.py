"""Partners: activities shared with schools, branches and other groups, with places for each, and counts by origin."""

from bot.domain.activities import portions
from bot.domain.partners.counting import (
    LISTS,
    NAMES_A_PAGE,
    OTHERS,
    Origin,
    Somebody,
    origins_between,
    origins_of,
    people_of,
    shared_between,
    total,
)
from bot.domain.partners.finding import (
    ahead_of,
    are_shared_with,
    by_id,
    managed_by,
    manages,
    nodes,
    of_partner,
    received_by,
    seen_by,
)
from bot.domain.partners.keeping import MERGED, forget, invariants, known_of, merged
from bot.domain.partners.receiving import CLOSED, back_by_itself, decline, end_of_closed, plan_closing
from bot.domain.partners.sharing import (
    BACK,
    give_back,
    look_again,
    resize,
    return_at,
    share,
    undo,
    withdraw,
)
from bot.domain.partners.telling import TELL, tell_called_off, tell_ended
from bot.domain.partners.things import (
    BACK_HOURS,
    HOUR,
    REASON_CHARACTERS_MAX,
    STATES,
    UNDO_SECONDS,
    Share,
    of_activity,
    share_words,
)

DEEDS = {
    BACK: back_by_itself,
    CLOSED: end_of_closed,
    TELL: tell_ended,
    portions.OFF: tell_called_off,
    portions.MOVED: look_again,
}

__all__ = [
    "BACK_HOURS",
    "DEEDS",
    "HOUR",
    "LISTS",
    "MERGED",
    "NAMES_A_PAGE",
    "OTHERS",
    "REASON_CHARACTERS_MAX",
    "STATES",
    "UNDO_SECONDS",
    "Origin",
    "Share",
    "Somebody",
    "ahead_of",
    "are_shared_with",
    "by_id",
    "decline",
    "forget",
    "give_back",
    "invariants",
    "known_of",
    "managed_by",
    "manages",
    "merged",
    "nodes",
    "of_activity",
    "of_partner",
    "origins_between",
    "origins_of",
    "people_of",
    "plan_closing",
    "received_by",
    "resize",
    "return_at",
    "seen_by",
    "share",
    "share_words",
    "shared_between",
    "total",
    "undo",
    "withdraw",
]
