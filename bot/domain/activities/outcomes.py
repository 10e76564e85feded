"""What people are told once it is confirmed or corrected who came."""

from bot import due
from bot.cards import Button, Card, card, press
from bot.config import Absences
from bot.domain import people, points
from bot.domain.activities import crediting, missing
from bot.domain.activities.attendance import Attendance
from bot.domain.activities.crediting import NOTHING, Given
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.locales import Said, say, say_n
from bot.outbox import Lane
from bot.storage import Transaction

# Somebody is down as having missed something: is it so often that signing up pauses?
MISSED = "activities.missed"


async def tell(
    tx: Transaction,
    person: Person,
    activity: Activity,
    attendance: Attendance,
    signup: int,
    *,
    key: str | None = None,
    corrected: bool = False,
    given: Given = NOTHING,
    rules: Absences,
) -> None:
    """Whoever was confirmed or corrected reads as what he is down, and what it brought him."""
    lines = [say("“{title}”: who came has been corrected.", title=activity.title)] if corrected else []
    lines.append(_outcome(activity, attendance, given))
    if given.award is not None:
        lines += await points.award_words(tx, given.award)
        balance = await points.balance(tx, person.id)
        lines.append(say_n("⭐ You have {n} point in all now.", "⭐ You have {n} points in all now.", balance))
    if attendance is Attendance.MISSED:
        await due.plan(tx, MISSED, f"person:{person.id}", tx.now)
        lines.append(await missing.so_far(tx, person.id, rules))
    lines += crediting.line(given)
    await people.tell(tx, person, _card(activity, lines, given, attendance, signup), lane=Lane.REMINDER, key=key)


def _outcome(activity: Activity, attendance: Attendance, given: Given) -> Said:
    if attendance is Attendance.EXCUSED:
        return say("You are down as excused from “{title}”.", title=activity.title)
    if not attendance.came:
        return say(
            "You are down as not having come to “{title}”. If that is wrong, please tell its leader: it can be corrected.",
            title=activity.title,
        )
    if not activity.points:
        return say("Thank you for coming to “{title}”!", title=activity.title)
    if activity.held:
        return say_n(
            "Thank you for coming to “{title}”! Your {n} point comes once it has been summed up what came of it.",
            "Thank you for coming to “{title}”! Your {n} points come once it has been summed up what came of it.",
            activity.points,
            title=activity.title,
        )
    return say_n(
        "Thank you for coming to “{title}”! You have got {n} point.",
        "Thank you for coming to “{title}”! You have got {n} points.",
        given.points,
        title=activity.title,
    )


def _card(activity: Activity, lines: list[Said], given: Given, attendance: Attendance, signup: int) -> Card:
    return card(
        *lines,
        rows=(
            *(((Button(say("How was it?"), press("feedback.ask", activity.id)),),) if attendance.came else ()),
            *(
                ((Button(say("Say why, or appeal"), press("activities.absence", signup)),),)
                if attendance is Attendance.MISSED
                else ()
            ),
            *crediting.ways(activity, given.hours),
            (Button(say("My points"), "points.mine"), Button(say("My sign-ups"), "activities.mine")),
            *crediting.looks(given),
        ),
    )
