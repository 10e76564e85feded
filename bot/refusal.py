"""How the bot says no: a reason with its values, and the next step."""

from dataclasses import dataclass

from bot.locales import Said, say


@dataclass(frozen=True)
class WayOut:
    """A button under a refusal: the next step that is open to the person."""

    label: Said
    data: str


class Refused(Exception):
    """A rule said no. The road undoes the deed, tells the person why, and offers the ways out; nothing was saved.

    `asks`: it is a question, which is of no use without its ways out.
    """

    def __init__(self, reason: Said, *ways_out: WayOut, asks: bool = False) -> None:
        super().__init__(reason.text)
        self.reason = reason
        self.ways_out = ways_out
        self.asks = asks


WHAT_I_CAN_DO = WayOut(say("What I can do"), "help")


def only_text() -> Refused:
    """The no to a picture, a file or a place that nothing asked for."""
    return Refused(say("I can only read text here. Nothing was saved."), WHAT_I_CAN_DO)


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


def check_number(count: int | None, low: int, high: int) -> int:
    """The number itself. Raises Refused where it is none, or not from `low` to `high`."""
    if count is None or not low <= count <= high:
        raise Refused(say("I need a whole number from {low} to {high}.", low=low, high=high))
    return count
