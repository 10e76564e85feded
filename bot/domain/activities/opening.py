"""What opens at its time: signing up, for those who wanted to hear of it, and the places kept for first-timers."""

from bot.cards import Button, card, press
from bot.config import House
from bot.domain import people, telling
from bot.domain.activities import asking, entering, offering, posting
from bot.domain.activities.terming import OPEN
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.domain.telling import Audience
from bot.due import Due
from bot.locales import Span, say
from bot.outbox import Lane
from bot.refusal import Refused
from bot.storage import Transaction

WISH = """
    INSERT INTO activity_openings (activity_id, person_id, made_at) VALUES (:activity, :person, :now)
    ON CONFLICT DO NOTHING
"""
WAITING = "FROM activity_openings o JOIN people p ON p.id = o.person_id WHERE o.activity_id = :activity"


async def wake(tx: Transaction, activity_id: int, *, by: Person) -> Activity:
    """Tell somebody when signing up opens. Raises Refused where it is open, or will not be."""
    activity = await asking.by_id(tx, activity_id)
    if not activity.is_open or not activity.is_before_window(tx.now):
        raise Refused(
            say("Nothing has to be waited for here: you see on its card whether people can sign up."),
            asking.to_card(activity_id),
        )
    await tx.run(WISH, activity=activity_id, person=by.id, now=tx.now)
    return activity


async def hope(tx: Transaction, activity: Activity, *, by: Person) -> None:
    """Somebody under 18 has asked a leader to be there: he hears of it when he can sign up."""
    await tx.run(WISH, activity=activity.id, person=by.id, now=tx.now)


HOPING = f"SELECT p.id {WAITING} AND p.age IN ('child', 'youth') ORDER BY p.id"


async def answer_hopes(tx: Transaction, activity: Activity) -> None:
    """A leader has said yes or no to those under 18: who asked is told; a yes may wait until signing up opens."""
    if not activity.takes_young:
        await _tell_in_vain(tx, activity)
    elif not activity.is_before_window(tx.now):
        await telling.begin(tx, OPEN, activity.name)


async def _tell_in_vain(tx: Transaction, activity: Activity) -> None:
    """Once each; a yes that comes after all is told as well."""
    words = say("🧒 A leader of “{title}” says that nobody is there for people under 18.", title=activity.title)
    screen = card(
        words, say("There is more for your age."), rows=((Button(say("🧒 For my age"), "activities.young"),),)
    )
    for row in await tx.all(HOPING, activity=activity.id):
        person, key = await people.by_id(tx, row["id"]), f"hopeless:{tx.bot}:{activity.id}:{row['id']}"
        await people.tell(tx, person, screen, lane=Lane.REMINDER, key=key)


async def tell_open(tx: Transaction, item: Due, house: House) -> None:
    """Signing up is open: tell the next slice of those who wanted to hear of it; the posted card gets its button."""
    activity = await asking.by_id(tx, item.number)
    if not activity.takes_sign_ups(tx.now) or entering.outside_window(activity, tx.now):
        return
    await posting.redraw_soon(tx, activity)
    screen = card(
        say("🔔 You can sign up for “{title}” now.", title=activity.title),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        rows=(
            (
                Button(posting.sign_up_words(activity), press("activities.join", activity.id), style="primary"),
                Button(say("Open"), press("activities.open", activity.id)),
            ),
        ),
    )
    audience = Audience(WAITING, "o.id", {"activity": activity.id})
    name = f"{item.deed}:{activity.id}"
    await telling.spread(tx, item, name, audience, screen, not_after=activity.closes_at or activity.starts_at)


OPEN_SHARE = """
    UPDATE activities SET places = places + kept, kept = 0, taken = taken + :moved, waiting = waiting - :moved
    WHERE id = :id RETURNING *
"""


async def open_share(tx: Transaction, item: Due, house: House) -> None:
    """The places that were kept for first-timers and that nobody took are everybody's now: first of all the queue's."""
    before = await asking.locked(tx, item.number)
    if not before.kept or not before.takes_sign_ups(tx.now):
        return
    moved = min(before.waiting, before.kept)
    row = await tx.one(OPEN_SHARE, id=before.id, moved=moved)
    assert row is not None, "the row is held"
    after = Activity.of_row(row)
    await offering.offer(tx, after, moved)
    await posting.redraw_soon(tx, after)
