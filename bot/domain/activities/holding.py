"""Points and hours that wait: who came is confirmed as ever, and what they earned is given once something else is done."""

from bot import due
from bot.cards import Button, card, press
from bot.config import House
from bot.domain import people, points
from bot.domain.activities import asking, crediting
from bot.domain.activities.attendance import Attendance
from bot.domain.activities.crediting import Confirmed, Given
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.due import Due
from bot.locales import Said, say, say_n
from bot.outbox import Lane
from bot.storage import Row, Transaction

RELEASED = "activities.released"
# People who are given their points in one transaction, so that it holds nobody up.
RELEASED_AT_ONCE = 100


async def hold(tx: Transaction, activity_id: int) -> None:
    """Let the points and hours of an activity wait for `release`."""
    await tx.run("UPDATE activities SET held = 1 WHERE id = :id AND state = 'open'", id=activity_id)


async def release(tx: Transaction, activity_id: int) -> None:
    """Let them wait no longer: those who were confirmed get theirs now, the others with their confirmation."""
    released = await tx.run("UPDATE activities SET held = 0 WHERE id = :id AND held = 1", id=activity_id)
    if released:
        await due.plan(tx, RELEASED, f"activity:{activity_id}:0", tx.now)


# Whoever was corrected meanwhile is as he was corrected; to give somebody his points twice gives them once.
CAME = """
    SELECT pe.*, p.confirmed_by, p.confirmed_at, p.how, (SELECT MAX(n.number) FROM audit n WHERE n.subject = :subject
        AND n.actor_id = p.confirmed_by AND n.deed IN ('activity.confirmed', 'activity.corrected')) AS noted
    FROM participations p JOIN people pe ON pe.id = p.person_id
    WHERE p.activity_id = :id AND p.state = 'in' AND p.came = 1 AND p.confirmed_at IS NOT NULL
        AND pe.forgotten_at IS NULL AND pe.id > :after
    ORDER BY pe.id LIMIT :limit
"""


async def give_released(tx: Transaction, item: Due, house: House) -> None:
    """Give a portion of those who came their points and hours, in the order of their numbers, and plan the next portion."""
    activity = await asking.locked(tx, item.number)
    if not activity.is_confirmed or activity.held or activity.settled_by is None:
        return
    after = int(item.subject.split(":")[2])
    rows = await tx.all(CAME, id=activity.id, subject=activity.name, after=after, limit=RELEASED_AT_ONCE)
    await crediting.hold(tx, activity, [row["id"] for row in rows])
    given = [(row["nickname"], await _give(tx, activity, row, house)) for row in rows]
    by = await people.by_id(tx, activity.settled_by)
    await crediting.tell_refused(tx, activity, given, by, key=f"{activity.id}:released:{after}")
    if len(rows) == RELEASED_AT_ONCE:
        await due.plan(tx, RELEASED, f"{activity.name}:{rows[-1]['id']}", tx.now)


async def _give(tx: Transaction, activity: Activity, row: Row, house: House) -> Given:
    by = await people.by_id(tx, row["confirmed_by"])
    word = Confirmed(by, row["confirmed_at"], row["noted"], house.settings.hours)
    given = await crediting.give(tx, activity, row["id"], Attendance.of(1, row["how"]), word)
    await _tell(tx, people.of_row(row), activity, given)
    return given


async def _tell(tx: Transaction, person: Person, activity: Activity, given: Given) -> None:
    screen = card(
        *await _earned(tx, person, activity, given),
        *crediting.line(given),
        rows=(
            *crediting.ways(activity, given.hours),
            (Button(say("My points"), "points.mine"), Button(say("Open"), press("activities.open", activity.id))),
            *crediting.looks(given),
        ),
    )
    key = f"released:{tx.bot}:{activity.id}:{person.id}"
    await people.tell(tx, person, screen, lane=Lane.REMINDER, key=key)


async def _earned(tx: Transaction, person: Person, activity: Activity, given: Given) -> tuple[Said, ...]:
    if given.award is None:
        return (say("“{title}” has been summed up.", title=activity.title),)
    balance = await points.balance(tx, person.id)
    return (
        say_n(
            "“{title}” has been summed up: you have got {n} point.",
            "“{title}” has been summed up: you have got {n} points.",
            given.points,
            title=activity.title,
        ),
        *await points.award_words(tx, given.award),
        say_n("⭐ You have {n} point in all now.", "⭐ You have {n} points in all now.", balance),
    )
