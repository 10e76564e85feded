"""Corrections of who came: points and hours follow by reversals, and what was said before stays to be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot import due
from bot.config import Absences, Hours
from bot.domain import audit, people, points
from bot.domain.activities import asking, confirming, crediting, outcomes
from bot.domain.activities.attendance import Attendance
from bot.domain.activities.crediting import USUAL, Confirmed, Given, Stretch
from bot.domain.activities.things import Activity, Partaker
from bot.domain.people import Person
from bot.domain.points import Award
from bot.locales import say
from bot.refusal import Refused
from bot.storage import Transaction


@dataclass(frozen=True)
class Told:
    """What was confirmed of somebody, by whom and when."""

    attendance: Attendance
    name: str
    at: int


TRAIL = """
    SELECT c.was AS attendance, pe.nickname AS name, c.was_at AS at
    FROM corrections c JOIN people pe ON pe.id = c.was_by WHERE c.participation_id = :id ORDER BY c.id
"""


async def trail(tx: Transaction, participation_id: int, *, by: Person) -> tuple[Partaker, Activity, list[Told]]:
    """All that was ever confirmed of one who has a place, the oldest first.

    For himself, and for whoever may see the roll. Raises Refused for others.
    """
    person = await asking.partaker(tx, participation_id)
    if person.person_id == by.id:
        activity = await asking.by_id(tx, person.activity_id)
    else:
        activity = (await asking.watched_by(tx, person.activity_id, by)).activity
    rows = await tx.all(TRAIL, id=participation_id)
    told = [Told(Attendance(row["attendance"]), row["name"], row["at"]) for row in rows]
    if person.confirmed_by is not None and person.confirmed_at is not None:
        name = (await people.by_id(tx, person.confirmed_by)).nickname
        told.append(Told(person.attendance, name, person.confirmed_at))
    return person, activity, told


async def moves(tx: Transaction, activity: Activity, person_id: int, rules: Hours) -> int:
    """How many points it gives, or takes back, to say otherwise of whether somebody came."""
    credit = await points.credit_of(tx, person_id, reason=activity.rules.listed, cause=activity.name)
    return credit.amount if credit else (await crediting.roll_worth(tx, activity, rules))[0]


async def correct(
    tx: Transaction,
    participation_id: int,
    attendance: Attendance,
    *,
    by: Person,
    rules: Hours,
    absences: Absences = USUAL,
    second: bool = False,
) -> Activity:
    """Say otherwise of one person after the confirmation; points and hours follow, and he is told. Raises Refused.

    The points of one activity and person are one award in the ledger: it is taken back, given again by taking the
    reversal back, and so on, so that nothing can count twice however often this is done. `second`: somebody else than who
    confirmed it has looked at it, and his word is as good as a roll that is called in time.
    """
    person = await asking.partaker(tx, participation_id)
    await confirming.open_roll(tx, person.activity_id, by=by)
    confirming.check_not_own(person, by)
    activity = await asking.locked(tx, person.activity_id)
    person = await asking.partaker(tx, participation_id)
    if not await tx.run(CHANGE, **_said(attendance, by, tx), id=participation_id, activity=activity.id):
        raise Refused(say("This is so already. Nothing was changed."))
    number = await audit.note(
        tx,
        "activity.corrected",
        activity.name,
        by=by.id,
        person=person.person_id,
        came=int(attendance.came),
        attendance=attendance,
    )
    await _keep(tx, person, attendance, by, number)
    await _close_appeal(tx, participation_id)
    given = await _move(tx, activity, person, attendance, Confirmed(by, tx.now, number, rules, second))
    told = await people.by_id(tx, person.person_id)
    await outcomes.tell(
        tx,
        told,
        activity,
        attendance,
        participation_id,
        corrected=person.is_confirmed,
        given=given,
        rules=absences,
    )
    return activity


async def say_otherwise(
    tx: Transaction, activity: Activity, participation_id: int, attendance: Attendance, word: Confirmed
) -> Partaker | None:
    """Correct one of two records of the same presence, when two records of a person become one; None: it was so already.

    Points and hours go ways of their own. The activity's row is held.
    """
    person = await asking.partaker(tx, participation_id)
    if not await tx.run(CHANGE, **_said(attendance, word.by, tx), id=person.id, activity=activity.id):
        return None
    await _keep(tx, person, attendance, word.by, word.number)
    await _close_appeal(tx, person.id)
    return person


async def take_points_back(tx: Transaction, activity: Activity, person: Partaker, word: Confirmed) -> None:
    """He was not there after all. Raises Refused when the points were spent."""
    if activity.gives_points:
        await _move_points(tx, activity, person, (), word)


# Only what was confirmed is corrected, and only to something else.
CHANGE = """
    UPDATE participations SET came = :came, how = :how, confirmed_at = :now, confirmed_by = :by WHERE id = :id
        AND (confirmed_at IS NULL OR came <> :came OR COALESCE(how, '') <> COALESCE(CAST(:how AS TEXT), ''))
        AND EXISTS (SELECT 1 FROM activities WHERE id = :activity AND state = 'confirmed')
"""
KEEP = """
    INSERT INTO corrections (participation_id, was, was_by, was_at, became, actor_id, at, came_from, audit_number)
    VALUES (:id, :was, :was_by, :was_at, :became, :by, :now, :came_from, :number)
"""


def _said(attendance: Attendance, by: Person, tx: Transaction) -> dict[str, Any]:
    return {"came": int(attendance.came), "how": attendance.how, "by": by.id, "now": tx.now}


async def _keep(tx: Transaction, before: Partaker, became: Attendance, by: Person, number: int) -> None:
    """Write down what was said before and what is said now."""
    await tx.run(
        KEEP,
        id=before.id,
        was=before.attendance if before.is_confirmed else Attendance.SIGNED,
        was_by=before.confirmed_by,
        was_at=before.confirmed_at,
        became=became,
        by=by.id,
        now=tx.now,
        came_from=tx.cause,
        number=number,
    )


async def _close_appeal(tx: Transaction, participation_id: int) -> None:
    """What was appealed against is corrected: nothing is left to be answered."""
    row = await tx.one(
        "UPDATE appeals SET outcome = 'withdrawn', answered_at = :now WHERE participation_id = :id AND outcome IS NULL "
        "RETURNING id",
        id=participation_id,
        now=tx.now,
    )
    if row is not None:
        await due.drop(tx, f"appeal:{row['id']}")


async def _move(
    tx: Transaction, activity: Activity, person: Partaker, attendance: Attendance, word: Confirmed
) -> Given:
    """Points and hours follow: what he had is taken back, by entries that name it, or given (again)."""
    stretches: Sequence[Stretch] = ()
    if attendance.came and person.forgotten_at is None:
        stretches = await crediting.stretches_of(tx, activity, person.person_id, attendance, word)
    award = None
    if activity.gives_points and person.forgotten_at is None:
        award = await _move_points(tx, activity, person, stretches, word)
    await crediting.take_back(tx, activity, person.person_id, by=word.by, rules=word.rules)
    hours = await crediting.credit(tx, activity, person.person_id, stretches, word) if stretches else None
    return Given(award, hours, word.rules.share_percent)


async def _move_points(
    tx: Transaction, activity: Activity, person: Partaker, stretches: Sequence[Stretch], word: Confirmed
) -> Award | None:
    """What he has of it now: `stretches` are when he was there, none where he was not."""
    credit = await points.credit_of(tx, person.person_id, reason=activity.rules.listed, cause=activity.name)
    if credit is not None and credit.stands != bool(stretches):
        await points.reverse(tx, credit.last_id, by=word.by.id, cause=activity.name)
    return await crediting.earn(tx, activity, person.person_id, stretches, word) if stretches else None
