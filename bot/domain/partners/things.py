"""What a share is: so many places of an activity for the people of a partner, and of all groups beneath it."""

from dataclasses import dataclass

from bot.locales import Said, say
from bot.storage import Transaction

PARTNERS_MAX = 12
REASON_CHARACTERS_MAX = 200
UNDO_SECONDS = 60
HOUR = 3600
# By themselves unused places go back that long before the start; the first is what goes for leaving a task.
BACK_HOURS = (24, 48, 72)


@dataclass(frozen=True)
class Share:
    """A share as it stands; `quota`, `taken` and `waiting` are those of its places now.

    `places`: as many as it was shared with last. `back_hours` None: unused places are not given back by themselves.
    """

    id: int
    activity_id: int
    partner_id: int
    places: int
    out_of: int | None
    state: str
    reason: str
    back_hours: int | None
    made_at: int
    made_by: int
    settled_at: int | None
    settled_by: int | None
    partner: str
    title: str
    starts_at: int
    group_id: int | None
    quota: int
    taken: int
    waiting: int

    @property
    def name(self) -> str:
        """How due rows and the audit log name it."""
        return f"share:{self.id}"

    @property
    def is_on(self) -> bool:
        return self.state == "on"

    @property
    def concerns(self) -> bool:
        """Has the partner to do with it still: has it places, or people who kept theirs when the share ended?"""
        return self.is_on or self.taken > 0

    @property
    def free(self) -> int:
        return self.quota - self.taken

    @property
    def back_at(self) -> int | None:
        """When unused places go back by themselves."""
        return None if self.back_hours is None else self.starts_at - self.back_hours * HOUR


STATES = {
    "on": say("shared"),
    "given_back": say("unused places given back"),
    "declined": say("declined"),
    "withdrawn": say("withdrawn"),
}

SHARE = """
    SELECT s.*, g.name AS partner, a.title, a.starts_at, a.group_id, COALESCE(r.places, 0) AS quota,
        COALESCE(r.taken, 0) AS taken, COALESCE(r.waiting, 0) AS waiting
    FROM shares s JOIN groups g ON g.id = s.partner_id JOIN activities a ON a.id = s.activity_id
    LEFT JOIN activity_roles r ON r.activity_id = s.activity_id AND r.partner_id = s.partner_id
"""


def share_words(share: Share) -> Said:
    """Whose places they are, how many, and what became of them."""
    if not share.is_on:
        return say(
            "{partner}: {taken} signed up, {state}",
            partner=share.partner,
            taken=share.taken,
            state=STATES[share.state],
        )
    return say(
        "{partner}: {taken} of {places} taken, {free} free",
        partner=share.partner,
        taken=share.taken,
        places=share.quota,
        free=share.free,
    )


async def of_activity(tx: Transaction, activity_id: int) -> list[Share]:
    """All shares of an activity, in the order in which they were made: at most a dozen that are on."""
    rows = await tx.all(f"{SHARE} WHERE s.activity_id = :id ORDER BY s.id", id=activity_id)
    return [Share(**row) for row in rows]
