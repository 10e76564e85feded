"""How the bot says no: a reason with its values, and the next step."""

from dataclasses import dataclass

from bot.locales import Said, say


@dataclass(frozen=True)
class WayOut:
    """A button under a refusal: the next step that is open to the person."""

    label: Said
    data: str


class Refused(Exception):
    """A rule said no. The road undoes the deed, tells the person why, and offers the ways out; nothing was saved."""

    def __init__(self, reason: Said, *ways_out: WayOut) -> None:
        super().__init__(reason.text)
        self.reason = reason
        self.ways_out = ways_out


def check_length(typed: str, limit: int) -> None:
    """Raises Refused for more than `limit` characters."""
    if len(typed) > limit:
        raise Refused(
            say(
                "That has {length} characters, {limit} are possible. Nothing was saved; please send it shorter.",
                length=len(typed),
                limit=limit,
            )
        )
