"""Watching: one who wants to hear when a place is free, or when people are short, is told once a change."""

from dataclasses import dataclass

from bot.cards import Button, Card, Page, card, page_of, press, window
from bot.config import House
from bot.domain import telling
from bot.domain.activities import asking, posting
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.domain.telling import Audience
from bot.due import Due
from bot.locales import Said, Span, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

WATCHED = "activities.watched"
OPEN, SHORT = "open", "short"
WATCH_ROWS = 5


@dataclass(frozen=True)
class Watch:
    """One thing somebody wants to hear of. `armed` until it has fired."""

    activity_id: int
    title: str
    starts_at: int
    what: str
    armed: bool


# Questions


async def watches(tx: Transaction, me: Person, number: int) -> Page:
    """A page of what `me` watches that is still ahead, soonest first."""
    rows = await tx.all(
        "SELECT w.activity_id, a.title, a.starts_at, w.what, w.armed FROM watches w "
        "JOIN activities a ON a.id = w.activity_id WHERE w.person_id = :me AND a.state = 'open' AND a.starts_at > :now "
        "ORDER BY a.starts_at, a.id, w.what LIMIT :limit OFFSET :offset",
        me=me.id,
        now=tx.now,
        **window(number, WATCH_ROWS),
    )
    found = tuple(Watch(**{**row, "armed": bool(row["armed"])}) for row in rows)
    return page_of(found, number, each=WATCH_ROWS)


# Deeds

ARM = """
    INSERT INTO watches (activity_id, person_id, what, made_at) VALUES (:activity, :person, :what, :now)
    ON CONFLICT (activity_id, what, person_id) DO UPDATE SET armed = 1, made_at = excluded.made_at
"""


async def watch(tx: Transaction, activity_id: int, what: str, *, by: Person) -> Activity:
    """Tell somebody once when it comes to this. Raises Refused where it has come to it already, or it is over."""
    activity = await asking.locked(tx, activity_id)
    asking.check_ahead(activity, tx.now)
    if what == OPEN and activity.free != 0:
        raise Refused(
            say("There is a free place in “{title}” now. Nothing was changed.", title=activity.title),
            WayOut(posting.sign_up_words(activity), press("activities.join", activity_id)),
            asking.to_card(activity_id),
        )
    await tx.run(ARM, activity=activity_id, person=by.id, what=what, now=tx.now)
    return activity


async def unwatch(tx: Transaction, activity_id: int, what: str, *, by: Person) -> None:
    """Do not tell him any more. Where he watched nothing, nothing changes."""
    await tx.run(
        "DELETE FROM watches WHERE activity_id = :activity AND person_id = :person AND what = :what",
        activity=activity_id,
        person=by.id,
        what=what,
    )


async def fire(tx: Transaction, activity: Activity, what: str) -> None:
    """It has come to it: everybody who watches is told, and each watch is used up."""
    fired = await tx.run(
        "UPDATE watches SET armed = 0, fired_at = :now WHERE activity_id = :activity AND what = :what AND armed = 1",
        activity=activity.id,
        what=what,
        now=tx.now,
    )
    if fired:
        await telling.begin(tx, WATCHED, f"{activity.name}:{what}:{tx.now}")


FIRED = """
    FROM watches w JOIN people p ON p.id = w.person_id
    WHERE w.activity_id = :activity AND w.what = :what AND w.fired_at = :fired
"""


async def tell_watchers(tx: Transaction, item: Due, house: House) -> None:
    """Tell the next slice of those whose watch has fired."""
    activity = await asking.by_id(tx, item.number)
    if not activity.takes_sign_ups(tx.now):
        return
    _, _, what, fired, _ = item.subject.split(":")
    audience = Audience(FIRED, "p.id", {"activity": activity.id, "what": what, "fired": int(fired)})
    name = f"{WATCHED}:{activity.id}:{what}:{fired}"
    await telling.spread(tx, item, name, audience, _news(activity, what), not_after=activity.starts_at)


def news(activity: Activity, what: str) -> Said:
    """What has come to pass."""
    if what == OPEN:
        return say("🔔 A place has become free in “{title}”.", title=activity.title)
    return say("🔔 “{title}” is short of people.", title=activity.title)


def _news(activity: Activity, what: str) -> Card:
    return card(
        news(activity, what),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        say("📍 {place}", place=activity.place),
        say("You wanted to hear of it. I say it once: this watch is used up now."),
        rows=(
            (Button(say("Sign up"), press("activities.join", activity.id), style="primary"),),
            (
                Button(say("Watch again"), press("activities.watch", activity.id, what)),
                Button(say("Open"), press("activities.open", activity.id)),
            ),
        ),
    )
