"""What can be said of an activity that is over, and of those who came."""

from dataclasses import dataclass

from bot.locales import Said, say

# Until then after the confirmation it can be said how it was; afterwards nobody remembers.
OPEN_DAYS = 14
# Fewer answers would show who said what.
SHOWN_FROM = 3
WORDS_CHARACTERS_MAX = 300
MOODS = {4: "😀", 3: "🙂", 2: "😐", 1: "🙁"}
MOOD_NAMES = {4: say("Very good"), 3: say("Good"), 2: say("So-so"), 1: say("Not good")}
REMARKS = {
    "organised": say("Well organised"),
    "friendly": say("Friendly people"),
    "learned": say("I learned something"),
    "unclear": say("Unclear what to do"),
    "long": say("Too long"),
    "crowded": say("Too many people"),
}
THANKS = {
    "helpful": say("lending a hand"),
    "punctual": say("being there on time"),
    "steady": say("staying to the end"),
    "led": say("guiding others"),
    "patient": say("patience and a friendly word"),
}


@dataclass(frozen=True)
class Mine:
    """What one person said of an activity."""

    mood: int
    words: str
    remarks: frozenset[str]


@dataclass(frozen=True)
class Summary:
    """What all said together: answers by mood, and how often each remark was ticked."""

    moods: dict[int, int]
    remarks: dict[str, int]

    @property
    def answers(self) -> int:
        return sum(self.moods.values())

    @property
    def is_shown(self) -> bool:
        """Are there enough answers that nobody is found out?"""
        return self.answers >= SHOWN_FROM


@dataclass(frozen=True)
class Worry:
    """Somebody did not feel safe; `taken_by` is the admin who takes care of it."""

    id: int
    activity_id: int
    person_id: int
    words: str
    at: int
    taken_by: int | None
    settled_at: int | None


def mood_words(mood: int) -> Said:
    """A mood, 1 (not good) to 4 (very good), as its face and its name."""
    return say("{face} {name}", face=MOODS[mood], name=MOOD_NAMES[mood])
