"""People under 18: an age band instead of a birthday, a guardian's consent, and what they may take part in."""

from bot.domain.minors.asking import check_consent, child_of, children_of, guardian_of, keeper_of
from bot.domain.minors.consenting import (
    agree_again,
    asked_by,
    come_in,
    consent,
    grow_up,
    make_token,
    set_age,
    strangers_token,
    tell_guardian,
    tell_keeper,
    withdraw,
)
from bot.domain.minors.keeping import (
    MERGED,
    are_family,
    end_as_guardian,
    forget,
    invariants,
    known_of,
    left_alone_by,
    merged,
)
from bot.domain.minors.picking import Picker, name_picker, pickers_of, unname_picker
from bot.domain.minors.things import TOKEN_DAYS, Guardianship, Outing, needs_guardian, why_not

__all__ = [
    "MERGED",
    "TOKEN_DAYS",
    "Guardianship",
    "Outing",
    "Picker",
    "agree_again",
    "are_family",
    "asked_by",
    "check_consent",
    "child_of",
    "children_of",
    "come_in",
    "consent",
    "end_as_guardian",
    "forget",
    "grow_up",
    "guardian_of",
    "invariants",
    "keeper_of",
    "known_of",
    "left_alone_by",
    "make_token",
    "merged",
    "name_picker",
    "needs_guardian",
    "pickers_of",
    "set_age",
    "strangers_token",
    "tell_guardian",
    "tell_keeper",
    "unname_picker",
    "why_not",
    "withdraw",
]
