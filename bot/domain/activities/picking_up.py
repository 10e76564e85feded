"""Children are picked up: a leader notes by whom, only those whom the guardian named, and the guardian hears of it at once."""

from dataclasses import dataclass

from bot.cards import Button, Page, card, page_of, press, window
from bot.domain import minors, people
from bot.domain.activities import asking
from bot.domain.activities.things import UNDO_SECONDS, Activity
from bot.domain.people import Person
from bot.locales import Moment, Said, say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction


@dataclass(frozen=True)
class Collected:
    """A child that takes part; `by` is who picked it up at `at`, None while nobody has. An empty name: its guardian."""

    child_id: int
    nickname: str
    by: str | None
    at: int | None


# Questions

CHILDREN = """
    FROM participations p JOIN people pe ON pe.id = p.person_id
    LEFT JOIN pick_ups u ON u.activity_id = p.activity_id AND u.child_id = p.person_id AND u.undone_at IS NULL
    LEFT JOIN pickers k ON k.id = u.picker_id
    WHERE p.activity_id = :id AND p.state = 'in' AND COALESCE(p.came, 1) = 1 AND pe.age IN ('child', 'youth') AND EXISTS
        (SELECT 1 FROM guardianships g WHERE g.person_id = p.person_id AND g.guardian_id IS NOT NULL)
"""


async def collected(tx: Transaction, activity_id: int, number: int, *, by: Person) -> tuple[Activity, Page]:
    """The children of an activity that has begun, those who wait first, for whoever answers for it. Raises Refused."""
    activity = await _begun(tx, activity_id, by)
    rows = await tx.all(
        "SELECT p.person_id AS child_id, pe.nickname, CASE WHEN u.id IS NULL THEN NULL ELSE COALESCE(k.name, '') END AS by, "
        f"u.at {CHILDREN} ORDER BY CASE WHEN u.id IS NULL THEN 0 ELSE 1 END, pe.nickname, p.id LIMIT :limit OFFSET :offset",
        id=activity.id,
        **window(number),
    )
    found = tuple(Collected(**row) for row in rows)
    return activity, page_of(found, number)


async def _begun(tx: Transaction, activity_id: int, by: Person) -> Activity:
    activity = await asking.managed_by(tx, activity_id, by)
    if not activity.has_begun(tx.now) or activity.is_cancelled:
        raise Refused(
            say("Children are picked up once “{title}” has begun. Nothing was changed.", title=activity.title),
            asking.to_card(activity.id),
        )
    return activity


async def child_there(tx: Transaction, activity_id: int, child_id: int, *, by: Person) -> tuple[Activity, Person]:
    """The child and the activity that `by` answers for and it takes part in. Raises Refused."""
    activity = await _begun(tx, activity_id, by)
    found = await tx.value(f"SELECT p.person_id {CHILDREN} AND p.person_id = :child", id=activity.id, child=child_id)
    if found is None:
        raise Refused(say("This child is not there, or has no guardian here. Nothing was changed."), _list_of(activity))
    return activity, await people.by_id(tx, found)


def _list_of(activity: Activity) -> WayOut:
    return WayOut(say("Who is picked up"), press("activities.pickups", activity.id))


# Deeds

NOTE = """
    INSERT INTO pick_ups (activity_id, child_id, picker_id, guardian_id, at, noted_by)
    VALUES (:activity, :child, :picker, :guardian, :now, :by) ON CONFLICT DO NOTHING RETURNING id
"""


async def pick_up(tx: Transaction, activity_id: int, child_id: int, picker_id: int, *, by: Person) -> int:
    """Note that a child was picked up by one whom the guardian named (0: by the guardian), who is told. Its number.

    Raises Refused for everybody else, and where somebody has picked it up.
    """
    activity, child = await child_there(tx, activity_id, child_id, by=by)
    guardian = await minors.keeper_of(tx, child)
    named = {each.id: each.name for each in await minors.pickers_of(tx, child)}
    if guardian is None or (picker_id and picker_id not in named):
        raise Refused(
            say("Only those whom the guardian has named may pick {name} up. Nothing was noted.", name=child.nickname),
            WayOut(say("Ask the guardian"), press("activities.pickup.ask", activity.id, child.id)),
            _list_of(activity),
        )
    number = await tx.value(
        NOTE,
        activity=activity.id,
        child=child.id,
        picker=picker_id or None,
        guardian=guardian.id,
        now=tx.now,
        by=by.id,
    )
    if number is None:
        raise Refused(
            say("{name} has been picked up already. Nothing was noted twice.", name=child.nickname), _list_of(activity)
        )
    words = say(
        "👪 {child} was picked up from “{title}” {moment} by {name}, says {leader}.",
        child=child.nickname,
        title=activity.title,
        moment=Moment(tx.now),
        name=named.get(picker_id) or guardian.nickname,
        leader=by.nickname,
    )
    await _tell(tx, guardian, child, words)
    return int(number)


async def undo_pick_up(tx: Transaction, number: int, *, by: Person) -> int:
    """It was a slip: within a minute whoever noted it takes it back, and the guardian hears that too. The activity."""
    row = await tx.one(
        "UPDATE pick_ups SET undone_at = :now WHERE id = :id AND noted_by = :by AND undone_at IS NULL AND at > :earliest "
        "RETURNING activity_id, child_id, guardian_id",
        now=tx.now,
        id=number,
        by=by.id,
        earliest=tx.now - UNDO_SECONDS,
    )
    if row is None:
        raise Refused(say("There is nothing to undo: that works for {n} seconds. Nothing was changed.", n=UNDO_SECONDS))
    child, guardian = await people.by_id(tx, row["child_id"]), await people.by_id(tx, row["guardian_id"])
    words = say("👪 That was a slip: {child} is still there, says {leader}.", child=child.nickname, leader=by.nickname)
    await _tell(tx, guardian, child, words)
    return int(row["activity_id"])


async def ask_guardian(tx: Transaction, activity_id: int, child_id: int, *, by: Person) -> Person:
    """Ask the guardian who picks the child up; he can name somebody in one tap and a name."""
    activity, child = await child_there(tx, activity_id, child_id, by=by)
    guardian = await minors.keeper_of(tx, child)
    if guardian is None:
        raise Refused(say("This child is not there, or has no guardian here. Nothing was changed."), _list_of(activity))
    words = say(
        "👪 {leader} asks at “{title}”: who picks {child} up? Name them here, or come yourself.",
        leader=by.nickname,
        title=activity.title,
        child=child.nickname,
    )
    await _tell(tx, guardian, child, words)
    return child


async def _tell(tx: Transaction, guardian: Person, child: Person, words: Said) -> None:
    screen = card(words, rows=((Button(say("Who picks up"), press("minors.pickers", child.id)),),))
    await people.tell(tx, guardian, screen, lane=Lane.URGENT)
