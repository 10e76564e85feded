"""Hours for volunteer tasks: whoever is confirmed gets his time, and reads of it in the same message as of his points."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import Button, card, press
from bot.config import Hours
from bot.domain import hours, people
from bot.domain.activities.attendance import Attendance
from bot.domain.activities.things import HOUR, Activity
from bot.domain.hours import Grade, HoursConflict, Record
from bot.domain.people import Person
from bot.locales import Said, say
from bot.refusal import Refused
from bot.storage import Transaction


@dataclass(frozen=True)
class Confirmed:
    """Who confirmed and when, under which number of the audit log, and the rules that hours follow."""

    by: Person
    at: int
    number: int
    rules: Hours


# The record that was made, the reason why none was, or None for what gives no hours.
Outcome = Record | Said | None


def _grade(activity: Activity, word: Confirmed) -> Grade:
    """A roll that is called long after the end is written afterwards."""
    late = word.at > activity.ends_at + word.rules.closing_hours * HOUR
    return Grade.AFTERWARDS if late else Grade.ROLL


def _told(activity: Activity, attendance: Attendance, word: Confirmed) -> tuple[int, int]:
    """From when until when somebody was there by the roll: of the planned time, a part for late ones and early ones."""
    away = (activity.ends_at - activity.starts_at) * (100 - word.rules.part_percent) // 100
    begins = activity.starts_at + (away if attendance is Attendance.LATE else 0)
    ends = activity.ends_at - (away if attendance is Attendance.LEFT else 0)
    return begins, max(begins, min(ends, word.at))


def gives_hours(activity: Activity) -> bool:
    """Does it give hours to those who came, and now?"""
    return activity.rules.earns and not activity.held


async def hold(tx: Transaction, activity: Activity, person_ids: Sequence[int]) -> None:
    """Take the turn of hours before that of points, as everybody does who moves both."""
    if gives_hours(activity):
        await hours.hold(tx, *person_ids)


async def credit(
    tx: Transaction, activity: Activity, person_id: int, attendance: Attendance, word: Confirmed
) -> Outcome:
    """Credit who came, up to the moment in which that was confirmed.

    One refusal stops nobody else: it is the answer, and not raised.
    """
    if not gives_hours(activity):
        return None
    try:
        async with tx.savepoint():
            return await _credit(tx, activity, person_id, attendance, word)
    except Refused as no:
        return no.reason
    except HoursConflict:
        return say("Other hours of this activity were entered before; they stay as they are.")


async def _credit(
    tx: Transaction, activity: Activity, person_id: int, attendance: Attendance, word: Confirmed
) -> Record:
    begins, ends = _told(activity, attendance, word)
    return await hours.credit(
        tx,
        person_id,
        (ends - begins) // 60,
        grade=_grade(activity, word),
        cause=activity.name,
        title=activity.title,
        begins=begins,
        ends=ends,
        planned_minutes=(activity.ends_at - activity.starts_at) // 60,
        by=word.by,
        rules=word.rules,
        published_at=activity.made_at,
        group_id=activity.group_id,
        audit_number=word.number,
        told_by_caller=True,
    )


async def take_back(tx: Transaction, activity: Activity, person_id: int, *, by: Person, rules: Hours) -> None:
    """Take back what still counts or waits of this activity; nothing where there is none."""
    for record in await hours.live_of(tx, person_id, activity.name):
        await hours.reverse(tx, record.id, by=by, rules=rules, told_by_caller=True)


def line(outcome: Outcome) -> tuple[Said, ...]:
    """What the person reads of it."""
    if outcome is None:
        return ()
    if isinstance(outcome, Record):
        return hours.brief(outcome)
    return (say("⏱ No hours were credited to you:"), outcome)


def ways(outcome: Outcome) -> tuple[tuple[Button, ...], ...]:
    """The buttons that belong to it."""
    return hours.ways(outcome) if isinstance(outcome, Record) else ()


async def tell_refused(
    tx: Transaction, activity: Activity, given: Sequence[tuple[str, Outcome]], by: Person, key: str
) -> None:
    """Whoever confirmed reads in one list who came and got no hours, and why."""
    refused = [(name, reason) for name, reason in given if isinstance(reason, Said)]
    if not refused:
        return
    screen = card(
        say(
            "⏱ “{title}”: these came and got no hours. Their points and all the others' hours stand.",
            title=activity.title,
        ),
        *(say("{name}: {reason}", name=name, reason=reason) for name, reason in refused),
        rows=((Button(say("Who came?"), press("activities.roll", activity.id)),),),
    )
    await people.tell(tx, by, screen, key=f"hours.refused:{tx.bot}:{key}")
