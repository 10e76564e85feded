"""Polls: their options, who chose what, and when they close."""

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.answers import Json, bad_request


@dataclass
class PollState:
    """A poll in a message. Votes are kept by person, and counted as they come."""

    id: str
    bot_id: int
    chat_id: int
    message_id: int
    question: str
    options: list[str]
    is_anonymous: bool = True
    kind: str = "regular"
    is_multiple: bool = False
    can_revote: bool = True
    hides_results: bool = False
    closes_at: int = 0
    is_closed: bool = False
    correct: list[int] = field(default_factory=list)
    explanation: str = ""
    votes: dict[int, tuple[int, ...]] = field(default_factory=dict)
    counts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.counts = [0] * len(self.options)

    @property
    def brief(self) -> Json:
        """The poll as Telegram shows it. A bot sees the counts even while they are hidden from voters."""
        choices = [
            {"persistent_id": f"{self.id}-{number}", "text": text, "voter_count": self.counts[number]}
            for number, text in enumerate(self.options)
        ]
        poll: Json = {
            "id": self.id,
            "question": self.question,
            "options": choices,
            "total_voter_count": len(self.votes),
            "is_closed": self.is_closed,
            "is_anonymous": self.is_anonymous,
            "type": self.kind,
            "allows_multiple_answers": self.is_multiple,
            "allows_revoting": self.can_revote,
            "members_only": False,
        }
        optional: list[tuple[str, Any]] = [
            ("correct_option_ids", self.correct),
            ("explanation", self.explanation),
            ("close_date", self.closes_at),
        ]
        return poll | {name: value for name, value in optional if value}

    def answer(self, user: Json, chosen: tuple[int, ...]) -> Json:
        """The PollAnswer that a bot gets; nothing chosen is a vote taken back."""
        lasting = [f"{self.id}-{number}" for number in chosen]
        return {"poll_id": self.id, "user": user, "option_ids": list(chosen), "option_persistent_ids": lasting}

    def vote(self, user_id: int, chosen: tuple[int, ...]) -> None:
        """Count a vote in place of the former one. Raises ValueError for what a client doesn't offer."""
        if self.is_closed:
            raise ValueError("the poll is closed")
        if len(chosen) > 1 and not self.is_multiple:
            raise ValueError("only one option can be chosen")
        if user_id in self.votes and not self.can_revote:
            raise ValueError("the vote can't be changed")
        if any(not 0 <= number < len(self.options) for number in chosen):
            raise ValueError(f"the options are 0 to {len(self.options) - 1}")
        for number in self.votes.pop(user_id, ()):
            self.counts[number] -= 1
        if chosen:
            self.votes[user_id] = chosen
        for number in chosen:
            self.counts[number] += 1


def option_texts(options: list[Any] | None) -> list[str]:
    """The options' texts, given as strings or as objects. Raises Telegram's 400 for too few, many, long."""
    texts = [option.get("text", "") if isinstance(option, dict) else str(option) for option in options or []]
    texts = [text.strip() for text in texts]
    if not texts:
        raise bad_request("poll must have at least 1 option")
    if len(texts) > 12:
        raise bad_request("poll can't have more than 12 options")
    if any(not text for text in texts):
        raise bad_request("poll options must be non-empty")
    if any(len(text) > 100 for text in texts):
        raise bad_request("poll options length must not exceed 100")
    return texts
