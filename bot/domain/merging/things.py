"""A merge of two records, and its words."""

from dataclasses import dataclass

from bot.cards import Button, Card, card, press
from bot.locales import Moment, Said, say


@dataclass(frozen=True)
class Merge:
    """One record shall become another. `state`: waiting for a second admin, the person is asked, done, or declined.

    `old_has`, `into_has`: is there an account that can be asked? `until`: how long it is.
    """

    id: int
    old_id: int
    into_id: int
    old_name: str
    into_name: str
    asked_by: int
    asker: str
    agreed_by: int | None
    state: str
    until: int | None
    old_yes: bool
    into_yes: bool
    old_has: bool
    into_has: bool

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "asked")

    @property
    def name(self) -> str:
        return f"merge:{self.id}"

    def is_agreed(self, now: int) -> bool:
        """Has everybody said yes who has to, and everybody been waited for who might say no?"""
        if self.state != "asked" or self.until is None:
            return False
        if self.into_has:
            return self.into_yes and (self.old_yes or not self.old_has or now >= self.until)
        return self.old_yes or not self.old_has


# Words


def press_to(found: Merge) -> str:
    """What a button to this merge sends."""
    return press("merging.open", found.id)


def to_it(found: Merge) -> tuple[tuple[Button, ...], ...]:
    """A row with the button to this merge."""
    return ((Button(say("Open"), press_to(found)),),)


def summary(found: Merge) -> Said:
    """Which record becomes which, and who asked."""
    return say(
        "🔗 {old} #{old_number} becomes part of {into} #{into_number}.\nAsked for by {asker}",
        old=found.old_name,
        old_number=found.old_id,
        into=found.into_name,
        into_number=found.into_id,
        asker=found.asker,
    )


def question(found: Merge, number: int) -> Card:
    """What the account of one of the two records is asked."""
    rows = (
        (Button(say("Yes, both are me"), press("merging.yes", found.id), style="primary"),),
        (Button(say("No, that is not me"), press("merging.no", found.id), style="danger"),),
    )
    head = say(
        "🔗 <b>Are both of these you?</b>\n{old} #{old_number}, which would end, and {into} #{into_number}, which would stay.",
        old=found.old_name,
        old_number=found.old_id,
        into=found.into_name,
        into_number=found.into_id,
    )
    what = say("Points, hours, sign-ups and memberships go on; roles and leads don't. It can't be undone.")
    if number == found.into_id or not found.into_has:
        last = say("Without your yes until {moment} nothing is merged.", moment=Moment(found.until or 0))
    else:
        last = say("If you say nothing until {moment}, this record ends.", moment=Moment(found.until or 0))
    return card(head, what, last, rows=rows)
