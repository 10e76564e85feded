"""Hours for volunteer tasks: whoever is confirmed gets his time, and reads of it in the same message as of his points."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import Button, card, press
from bot.config import Absences, Hours
from bot.domain import hours, people, points
from bot.domain.activities import asking, staying
from bot.domain.activities.attendance import Attendance
from bot.domain.activities.staying import Stay
from bot.domain.activities.things import HOUR, Activity
from bot.domain.hours import Grade, HoursConflict, Presence, Record
from bot.domain.people import Person
from bot.domain.points import Award, Done
from bot.locales import Said, say
from bot.refusal import Refused, WayOut
from bot.storage import AMONG, Transaction, listed

USUAL = Absences()


@dataclass(frozen=True)
class Confirmed:
    """Who confirmed and when, under which number of the audit log, and the rules that hours and absences follow.

    `second`: somebody else had looked at it before, so that it is no roll of his own that is called late.
    """

    by: Person
    at: int
    number: int
    rules: Hours
    second: bool = False
    absences: Absences = USUAL


# The records that were made, the reason why none was, or None for what gives no hours.
Outcome = tuple[Record, ...] | Said | None


@dataclass(frozen=True)
class Given:
    """What somebody's presence brought: points, None where there are none (yet), and hours, by the rules for them."""

    award: Award | None
    hours: Outcome
    share_percent: int = 0

    @property
    def points(self) -> int:
        return self.award.given if self.award else 0


NOTHING = Given(None, None)


@dataclass(frozen=True)
class Stretch:
    """A stretch of somebody's time (Unix seconds), how well it is proved, and who told it."""

    begins: int
    ends: int
    grade: Grade
    by: Person

    @property
    def minutes(self) -> int:
        return (self.ends - self.begins) // 60


def _rolled(activity: Activity, at: int, rules: Hours) -> Grade:
    """A roll that is called long after the end is written afterwards."""
    late = at > activity.ends_at + rules.closing_hours * HOUR
    return Grade.AFTERWARDS if late else Grade.ROLL


async def roll_worth(tx: Transaction, activity: Activity, rules: Hours) -> tuple[int, tuple[Said, ...]]:
    """The points that the roll brings each who came if it counts now, and why they are not what stands on the card."""
    by, grade = await points.rules(tx), _rolled(activity, tx.now, rules)
    given = activity.kind, grade, activity.points
    return points.worth(by, *given), points.worth_words(by, *given)


def _by_roll(activity: Activity, attendance: Attendance, word: Confirmed) -> Stretch:
    """When somebody was there by the roll alone: of the planned time, a part for late ones and early ones."""
    away = (activity.ends_at - activity.starts_at) * (100 - word.rules.part_percent) // 100
    begins = activity.starts_at + (away if attendance is Attendance.LATE else 0)
    ends = activity.ends_at - (away if attendance is Attendance.LEFT else 0)
    return Stretch(begins, max(begins, min(ends, word.at)), _rolled(activity, word.at, word.rules), word.by)


def _by_stay(activity: Activity, stay: Stay, person: Person, word: Confirmed) -> Stretch:
    """What of a stay lies within the planned time. Own check-in and check-out tell themselves, all else the leader."""
    begins = max(stay.began_at, activity.starts_at)
    ends = max(begins, min(stay.ended_at or begins, activity.ends_at))
    if stay.is_own:
        return Stretch(begins, ends, Grade.OWN, person)
    return Stretch(
        begins, ends, _rolled(activity, word.at, word.rules) if stay.out_way == "roll" else Grade.ROLL, word.by
    )


async def stretches_of(
    tx: Transaction, activity: Activity, person_id: int, attendance: Attendance, word: Confirmed
) -> list[Stretch]:
    """When he was there: by his check-ins where there are any, else by the roll."""
    stays = await staying.ended_stays(tx, activity.id, person_id)
    if not stays:
        return [_by_roll(activity, attendance, word)]
    person = await people.by_id(tx, person_id)
    found = [_by_stay(activity, stay, person, word) for stay in stays]
    return [each for each in found if each.minutes] or found[:1]


def gives_hours(activity: Activity) -> bool:
    """Does it give hours to those who came, and now?"""
    return activity.rules.earns and not activity.held


async def hold(tx: Transaction, activity: Activity, person_ids: Sequence[int]) -> None:
    """Take the turn of hours before that of points, as everybody does who moves both."""
    if gives_hours(activity):
        await hours.hold(tx, *person_ids)


async def give(tx: Transaction, activity: Activity, person_id: int, attendance: Attendance, word: Confirmed) -> Given:
    """Give points and hours to who came."""
    stretches = await stretches_of(tx, activity, person_id, attendance, word)
    award = await earn(tx, activity, person_id, stretches, word) if activity.gives_points else None
    return Given(award, await credit(tx, activity, person_id, stretches, word), word.rules.share_percent)


async def earn(
    tx: Transaction, activity: Activity, person_id: int, stretches: Sequence[Stretch], word: Confirmed
) -> Award:
    """Give points once for each activity, by the best evidence there is that somebody came."""
    grade = min(each.grade for each in stretches)
    if word.second:
        grade = min(grade, Grade.ROLL)
    day = tx.local(activity.starts_at).date().isoformat()
    done = Done(activity.name, activity.kind, grade, activity.points, day)
    return await points.earn(tx, person_id, done, reason=activity.rules.listed, by=word.by.id, audit=word.number)


async def credit(
    tx: Transaction, activity: Activity, person_id: int, stretches: Sequence[Stretch], word: Confirmed
) -> Outcome:
    """Credit who came, up to the moment in which that was confirmed.

    One refusal stops nobody else: it is the answer, and not raised.
    """
    if not gives_hours(activity):
        return None
    try:
        async with tx.savepoint():
            return await _credit(tx, activity, person_id, stretches, word)
    except Refused as no:
        return no.reason
    except HoursConflict:
        return say("Other hours of this activity were entered before; they stay as they are.")


def _presence(activity: Activity, person_id: int, each: Stretch) -> Presence:
    return Presence(
        person_id,
        each.grade,
        each.minutes,
        each.begins,
        each.ends,
        activity.name,
        activity.title,
        planned_minutes=(activity.ends_at - activity.starts_at) // 60,
        published_at=activity.made_at,
        group_id=activity.group_id,
    )


async def _credit(
    tx: Transaction, activity: Activity, person_id: int, stretches: Sequence[Stretch], word: Confirmed
) -> tuple[Record, ...]:
    made = []
    for each in stretches:
        number = word.number if each.by == word.by else None
        there = _presence(activity, person_id, each)
        record = await hours.credit(tx, there, by=each.by, rules=word.rules, audit_number=number, told_by_caller=True)
        made.append(record.id)
    # A later stay may lift an earlier one over the share that counts.
    return tuple([await hours.by_id(tx, record_id) for record_id in made])


# The states are said as the index says them, by which they are found.
TOLD_OF = f"""
    SELECT DISTINCT person_id FROM hours_records WHERE person_id {AMONG} AND cause = :cause
    AND state IN ('short', 'pending', 'standing') ORDER BY person_id
"""  # noqa: S608 - a text of our own


async def told_of(tx: Transaction, activity: Activity, person_ids: Sequence[int]) -> list[int]:
    """Of whom among these somebody has told hours of this activity."""
    return [row["person_id"] for row in await tx.all(TOLD_OF, ids=listed(person_ids), cause=activity.name)]


async def take_back(tx: Transaction, activity: Activity, person_id: int, *, by: Person, rules: Hours) -> None:
    """Take back what still counts or waits of this activity; nothing where there is none."""
    for record in await hours.live_of(tx, person_id, activity.name):
        await hours.reverse(tx, record.id, by=by, rules=rules, told_by_caller=True)


def line(given: Given) -> tuple[Said, ...]:
    """What the person reads of his hours."""
    if given.hours is None:
        return ()
    if isinstance(given.hours, tuple):
        return tuple(line for record in given.hours for line in hours.brief(record, given.share_percent))
    return (say("⏱ No hours were credited to you:"), given.hours)


def ways(activity: Activity, outcome: Outcome) -> tuple[tuple[Button, ...], ...]:
    """The buttons that belong to it: to say that it is wrong, or to ask for hours where none could be credited."""
    if isinstance(outcome, tuple):
        return hours.ways(outcome[-1]) if outcome else ()
    return ((Button(say("My hours are wrong"), press("activities.nohours", activity.id)),),) if outcome else ()


CAME = (
    "SELECT 1 FROM participations WHERE activity_id = :id AND person_id = :me AND came = 1 AND confirmed_at IS NOT NULL"
)


async def ask_for_hours(tx: Transaction, activity_id: int, *, by: Person) -> Activity:
    """Somebody came and has no hours of it: whoever can enter them afterwards is asked to, once. Raises Refused."""
    activity = await asking.by_id(tx, activity_id)
    came = await tx.value(CAME, id=activity.id, me=by.id)
    if came is None or not gives_hours(activity) or await hours.live_of(tx, by.id, activity.name):
        raise Refused(
            say("No hours of “{title}” are missing. Nothing was changed.", title=activity.title),
            WayOut(say("My hours"), "hours.mine"),
        )
    leaders = [each for each in await asking.answerable(tx, activity) if each.id != by.id]
    screen = card(
        say("⏱ {name} came to “{title}” and has no hours of it.", name=by.nickname, title=activity.title),
        say("Please look at it. If it is right, enter them afterwards, with a proof."),
        rows=(
            (Button(say("How it was noted"), press("activities.roll", activity.id)),),
            *(
                ((Button(say("Enter hours"), press("hours.entered", activity.group_id, by.id, activity.id)),),)
                if activity.group_id is not None
                else ()
            ),
        ),
    )
    for judge in leaders if leaders and activity.group_id else await people.with_role(tx, people.Role.ADMIN):
        await people.tell(tx, judge, screen, key=f"nohours:{tx.bot}:{activity.id}:{by.id}:{judge.id}")
    return activity


def looks(given: Given) -> tuple[tuple[Button, ...], ...]:
    """The button that leads to the entry, and to an appeal against it."""
    entry = given.award.transfer_id if given.award else None
    return ((points.look_button(entry),),) if entry else ()


def _why_none(given: Given) -> Said | None:
    """Why somebody who came has none of his hours; None where he has some, or the activity gives none."""
    if not isinstance(given.hours, tuple):
        return given.hours
    short = [hours.too_short(record, given.share_percent) for record in given.hours if record.state == "short"]
    return short[-1] if short and len(short) == len(given.hours) else None


async def tell_refused(
    tx: Transaction, activity: Activity, given: Sequence[tuple[str, Given]], by: Person, key: str
) -> None:
    """Whoever confirmed reads in one list who came and got no hours, and why."""
    refused = [(name, no) for name, each in given if (no := _why_none(each)) is not None]
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
