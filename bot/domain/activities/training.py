"""Trainings that people have: warned of thirty days before one ends that nobody has taken anew."""

from bot.cards import Button, card, press
from bot.config import House
from bot.domain import telling
from bot.domain.activities import asking, knowing
from bot.domain.activities.kinds import Kind
from bot.domain.telling import Audience
from bot.due import Due
from bot.locales import Moment, say
from bot.outbox import Lane
from bot.storage import Transaction

# Those who came, but for those who have had the same training later.
HAVE_IT = """
    FROM participations s JOIN people p ON p.id = s.person_id JOIN activities a ON a.id = s.activity_id
    WHERE s.activity_id = :activity AND s.state = 'in' AND s.came = 1 AND s.confirmed_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM participations l JOIN activities b ON b.id = l.activity_id WHERE l.person_id = s.person_id
        AND l.state = 'in' AND l.came = 1 AND l.confirmed_at IS NOT NULL
        AND folded(b.teaches) = folded(a.teaches) AND b.ends_at > a.ends_at)
"""


async def warn(tx: Transaction, item: Due, house: House) -> None:
    """Tell the next slice of those whose training ends soon."""
    activity = await asking.by_id(tx, item.number)
    until = knowing.valid_until(tx, activity.ends_at, activity.valid_months)
    screen = card(
        say("🎓 Your training “{training}” is valid until {moment}.", training=activity.teaches, moment=Moment(until)),
        say("After that you can't take a place that asks for it, until you have had it again."),
        rows=((Button(say("What is coming up"), press("activities.list", Kind.EVENT)),),),
    )
    audience = Audience(HAVE_IT, "s.id", {"activity": activity.id})
    await telling.spread(tx, item, f"{item.deed}:{activity.id}", audience, screen, lane=Lane.REMINDER)
