"""Honours: nominate, look at the record, review, make public, award."""

from bot.domain.honours.asking import (
    LISTS,
    held_by,
    honour,
    nominations,
    nominations_for,
    objections_to,
    open_honours,
    seen_by,
    waiting_number,
)
from bot.domain.honours.keeping import forget, invariants, known_of
from bot.domain.honours.nominating import (
    ENDING,
    answer,
    decline,
    end_notice,
    nominate,
    object_to,
    offer,
    review,
)
from bot.domain.honours.things import (
    HOUR_MINUTES,
    TITLE_CHARACTERS_MAX,
    WORDS_CHARACTERS_MAX,
    Honour,
    Nomination,
    Objection,
    asks_for,
)

__all__ = [
    "ENDING",
    "HOUR_MINUTES",
    "LISTS",
    "TITLE_CHARACTERS_MAX",
    "WORDS_CHARACTERS_MAX",
    "Honour",
    "Nomination",
    "Objection",
    "answer",
    "asks_for",
    "decline",
    "end_notice",
    "forget",
    "held_by",
    "honour",
    "invariants",
    "known_of",
    "nominate",
    "nominations",
    "nominations_for",
    "object_to",
    "objections_to",
    "offer",
    "open_honours",
    "review",
    "seen_by",
    "waiting_number",
]
