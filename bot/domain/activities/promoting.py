"""Moving up: the first of the queue gets the place that became free, and is told."""

from bot.cards import Button, Card, card, press
from bot.domain import people
from bot.domain.activities.things import Activity
from bot.locales import Span, say
from bot.outbox import Lane
from bot.storage import Transaction

NEXT = """
    UPDATE participations SET state = 'in', since = :now WHERE id = (SELECT id FROM participations
        WHERE activity_id = :activity AND state = 'waiting' ORDER BY id LIMIT 1) RETURNING id, person_id
"""


async def promote(tx: Transaction, activity: Activity) -> None:
    """The first of the queue has a place now and is told. The places were counted by whoever calls."""
    row = await tx.one(NEXT, activity=activity.id, now=tx.now)
    assert row is not None, "the activity's row says that somebody waits"
    person = await people.by_id(tx, row["person_id"])
    await people.tell(tx, person, _place_card(activity), lane=Lane.REMINDER, not_after=activity.starts_at - 2 * 3600)


def _place_card(activity: Activity) -> Card:
    return card(
        say("<b>You have a place!</b>"),
        say(
            "{kind} “{title}”: you moved up from the waiting list.",
            kind=activity.rules.name,
            title=activity.title,
        ),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        say("📍 {place}", place=activity.place),
        rows=(
            (
                Button(say("Open"), press("activities.open", activity.id)),
                Button(say("I can't come"), press("activities.leave", activity.id)),
            ),
        ),
    )
