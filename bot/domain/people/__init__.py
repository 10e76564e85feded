"""People: who they are to us, what they may do county-wide, and how a word reaches them."""

from bot.domain.people.finding import by_id, by_telegram, held, named, reader, with_role
from bot.domain.people.granting import (
    CLAIM_SECONDS,
    admins_held,
    candidate,
    check_may_leave,
    claim,
    grant,
    make_claim_code,
)
from bot.domain.people.keeping import forget, known_of
from bot.domain.people.settling import (
    MENU,
    menu_changes,
    register,
    rename,
    set_event_lead,
    set_language,
    set_quiet_hours,
)
from bot.domain.people.telling import message, tell, tell_admins
from bot.domain.people.things import (
    NICKNAME_CHARACTERS_MAX,
    Person,
    Role,
    clean_name,
    of_row,
    quiet_end,
    quiet_until,
    visible,
)

__all__ = [
    "CLAIM_SECONDS",
    "MENU",
    "NICKNAME_CHARACTERS_MAX",
    "Person",
    "Role",
    "admins_held",
    "by_id",
    "by_telegram",
    "candidate",
    "check_may_leave",
    "claim",
    "clean_name",
    "forget",
    "grant",
    "held",
    "known_of",
    "make_claim_code",
    "menu_changes",
    "message",
    "named",
    "of_row",
    "quiet_end",
    "quiet_until",
    "reader",
    "register",
    "rename",
    "set_event_lead",
    "set_language",
    "set_quiet_hours",
    "tell",
    "tell_admins",
    "visible",
    "with_role",
]
