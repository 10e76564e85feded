"""Feedback, both ways and once: how an activity was, and thanks to those who came."""

from bot.domain.feedback.giving import say_mood, settle, take, tick, worry, write
from bot.domain.feedback.keeping import MERGED, forget, invariants, known_of, merged
from bot.domain.feedback.reading import WORRIES_NUMBER, mine, of_mine, summary, words_of, worries
from bot.domain.feedback.reading import worry as worry_of
from bot.domain.feedback.thanking import THANKING, may_thank, thank, thank_all, thank_on, thanks_of, unthanked
from bot.domain.feedback.things import (
    MOODS,
    OPEN_DAYS,
    REMARKS,
    SHOWN_FROM,
    THANKS,
    WORDS_CHARACTERS_MAX,
    Mine,
    Summary,
    Worry,
    mood_words,
)

__all__ = [
    "MERGED",
    "MOODS",
    "OPEN_DAYS",
    "REMARKS",
    "SHOWN_FROM",
    "THANKING",
    "THANKS",
    "WORDS_CHARACTERS_MAX",
    "WORRIES_NUMBER",
    "Mine",
    "Summary",
    "Worry",
    "forget",
    "invariants",
    "known_of",
    "may_thank",
    "merged",
    "mine",
    "mood_words",
    "of_mine",
    "say_mood",
    "settle",
    "summary",
    "take",
    "thank",
    "thank_all",
    "thank_on",
    "thanks_of",
    "tick",
    "unthanked",
    "words_of",
    "worries",
    "worry",
    "worry_of",
    "write",
]
