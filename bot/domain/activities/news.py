"""What many are told of an activity: that it was published, has another time or place, was called off."""

from dataclasses import replace

from bot import due
from bot.cards import Button, Card, card, press
from bot.config import House
from bot.domain import minors, people, telling
from bot.domain.activities import asking, posting
from bot.domain.activities.things import Activity
from bot.domain.groups import Group
from bot.domain.people import Person
from bot.domain.telling import LAST_POSSIBLE, Audience
from bot.due import Due
from bot.locales import BLANK, Said, Span, say, say_n
from bot.outbox import Lane
from bot.storage import Transaction

PUBLISHED = "activities.published"
UNSAID = "activities.unsaid"
CANCELLED = "activities.cancelled"
MOVED = "activities.moved"
TERMS = "activities.retouched"
IN_IT = """
    FROM participations s JOIN people p ON p.id = s.person_id WHERE s.activity_id = :activity AND s.state <> 'out'
"""
# Whoever published it knows.
MEMBERS = """
    FROM memberships m JOIN people p ON p.id = m.person_id
    WHERE m.group_id = :group_id AND m.state = 'in' AND p.id <> :maker AND NOT EXISTS
        (SELECT 1 FROM participations s
        WHERE s.activity_id = :activity AND s.person_id = m.person_id AND s.state <> 'out')
"""


def _members(group_id: int | None, maker: int, activity_id: int = 0) -> Audience:
    """The group's members but whoever publishes, and those who have found it already."""
    return Audience(MEMBERS, "m.id", {"group_id": group_id, "maker": maker, "activity": activity_id})


# Questions


async def number_told(tx: Transaction, group: Group | None, by: Person) -> int:
    """How many members are told one by one when `by` publishes for the group: none where a card is posted."""
    if group is None or group.chat_id is not None:
        return 0
    chosen, values = _members(group.id, by.id).part(0, LAST_POSSIBLE)
    return int(await tx.value(f"SELECT COUNT(*) {chosen}", **values))


# Deeds


async def begin(tx: Transaction, activity: Activity) -> None:
    """Let the members be told that it was published, a slice at a time."""
    await telling.begin(tx, PUBLISHED, activity.name)


async def tell_published(tx: Transaction, item: Due, house: House) -> None:
    """Tell the next slice of the group's members; nobody of what was called off or has begun by then."""
    activity = await asking.by_id(tx, item.number)
    if not activity.takes_sign_ups(tx.now):
        return
    audience = _members(activity.group_id, activity.made_by, activity.id)
    screen = await _invitation(tx, activity)
    told = await telling.spread(tx, item, _name(activity), audience, screen, not_after=activity.starts_at)
    await tx.run("UPDATE activities SET told = told + :told WHERE id = :id", told=told.told, id=activity.id)


def _name(activity: Activity) -> str:
    return f"{PUBLISHED}:{activity.id}"


async def _invitation(tx: Transaction, activity: Activity) -> Card:
    group = await asking.group_name(tx, activity)
    lines = [
        say("🆕 <b>{title}</b>", title=activity.title),
        say("{kind} of {group}", kind=activity.rules.name, group=group),
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        say("📍 {place}", place=activity.place),
    ]
    if activity.points:
        lines.append(
            say_n("⭐ {n} point for everybody who comes", "⭐ {n} points for everybody who comes", activity.points)
        )
        lines += await asking.weighed(tx, activity)
    if activity.about:
        lines += [BLANK, say("{about}", about=activity.about)]
    sign_up = Button(posting.sign_up_words(activity), press("activities.join", activity.id), style="primary")
    return card(*lines, rows=((sign_up, Button(say("Open"), press("activities.open", activity.id))),))


async def rewrite(tx: Transaction, activity: Activity) -> None:
    """It has changed: whoever has not been told yet that it was published is told what it is now."""
    await telling.rewrite(tx, _name(activity), await _invitation(tx, activity), not_after=activity.starts_at)


async def stop(tx: Transaction, activity: Activity, at: int) -> None:
    """It was called off: what of its publishing still waits at `at` is told nobody."""
    if activity.told:
        await telling.begin(tx, UNSAID, activity.name, at)


async def go_on(tx: Transaction, activity: Activity) -> None:
    """It takes place after all: whoever has not been told yet is told."""
    await due.drop(tx, f"{activity.name}:0", UNSAID)
    if activity.group_id is not None and not activity.posted and activity.series_id is None:
        await begin(tx, activity)


async def take_back(tx: Transaction, item: Due, house: House) -> None:
    """Drop what still waits of the publishing, a slice at a time; only who was told counts as told."""
    activity = await asking.by_id(tx, item.number)
    dropped = await telling.take_back(tx, _name(activity))
    if dropped:
        await tx.run("UPDATE activities SET told = told - :dropped WHERE id = :id", dropped=dropped, id=activity.id)
        await telling.go_on(tx, item)


async def tell_leaders(tx: Transaction, activity: Activity, text: Said, *, key: str = "") -> None:
    """Tell those who answer for it, at once; with a `key`, each of them no more than once."""
    screen = card(text, rows=((Button(say("Open"), press("activities.open", activity.id)),),))
    for leader in await asking.answerable(tx, activity):
        await people.tell(tx, leader, screen, lane=Lane.URGENT, key=f"{key}:{leader.id}" if key else None)


async def tell_cancelled(tx: Transaction, item: Due, house: House) -> None:
    """Tell everybody who is in or waits that it was cancelled."""
    activity = await asking.by_id(tx, item.number)
    if activity.is_cancelled:
        words = say("❌ <b>Cancelled</b>: {reason}", reason=activity.why)
        await _tell_guardians(tx, activity, words, await _tell_all(tx, item, activity, words))


async def tell_moved(tx: Transaction, item: Due, house: House) -> None:
    """Tell everybody who is in or waits of the new time or place."""
    activity = await asking.by_id(tx, item.number)
    if activity.is_open:
        words = say("⚠️ <b>Time or place have changed.</b> Now it is:")
        await _tell_guardians(tx, activity, words, await _tell_all(tx, item, activity, words))


async def tell_terms(tx: Transaction, item: Due, house: House) -> None:
    """Tell everybody who is in or waits that others sign up by other rules now, and that he keeps what he has."""
    activity = await asking.by_id(tx, item.number)
    if activity.is_open:
        words = say("⚠️ <b>How people sign up has changed.</b> Your place, or your number in the queue, stays yours.")
        await _tell_all(tx, item, activity, words)


async def _tell_all(tx: Transaction, item: Due, activity: Activity, news: Said) -> tuple[int, int]:
    """Tell the next slice; the numbers of sign-ups behind the first of these up to the last one were told."""
    name = f"{item.deed}:{item.subject.rpartition(':')[0]}"
    audience = Audience(IN_IT, "s.id", {"activity": activity.id})
    told = await telling.spread(tx, item, name, audience, _news(activity, news), lane=Lane.URGENT)
    return int(item.subject.rpartition(":")[2]), told.last


CHILDREN = f"SELECT p.* {IN_IT} AND p.age IN ('child', 'youth') AND s.id > :after AND s.id <= :last ORDER BY s.id"


async def _tell_guardians(tx: Transaction, activity: Activity, news: Said, slice_: tuple[int, int]) -> None:
    """Whoever brings and fetches a child hears in the same moment what the child hears."""
    after, last = slice_
    told = _news(activity, news)
    for row in await tx.all(CHILDREN, activity=activity.id, after=after, last=last):
        child = people.of_row(row)
        guardian = await minors.guardian_of(tx, child)
        if guardian is not None:
            about = say("👪 {name} is signed up for this:", name=child.nickname)
            await people.tell(tx, guardian, replace(told, lines=(about, *told.lines)), lane=Lane.URGENT)


def _news(activity: Activity, news: Said) -> Card:
    return card(
        say("{kind} “{title}”", kind=activity.rules.name, title=activity.title),
        news,
        say("🕒 {when}", when=Span(activity.starts_at, activity.ends_at)),
        say("📍 {place}", place=activity.place),
        rows=((Button(say("Open"), press("activities.open", activity.id)),),),
    )
