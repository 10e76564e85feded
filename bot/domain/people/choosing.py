"""Of several people with one name: who is meant is tapped."""

from collections.abc import Callable, Sequence

from bot.cards import Button, Card, card
from bot.domain.people.things import Person
from bot.locales import say

CHOICES_MAX = 7


def which_of(found: Sequence[Person], choose: Callable[[int], str], *, back: str = "") -> Card:
    """A card with a button for each of these, who have one nickname; `choose` gives the data for somebody's number."""
    more = say("There are more of them: with the number it is exact, such as #12.")
    return card(
        say("Several people are called “{name}”. Which one?", name=found[0].nickname),
        *((more,) if len(found) > CHOICES_MAX else ()),
        rows=tuple(
            (Button(say("{name} #{number}", name=each.nickname, number=each.id), choose(each.id)),)
            for each in found[:CHOICES_MAX]
        ),
        back=back,
    )
