"""The live screen of a leader: an activity's code of this half minute, edited in place until it is closed."""

from dataclasses import dataclass

from bot import due, outbox
from bot.cards import Button, Card, card, press, rendered
from bot.config import House, Settings
from bot.domain import people
from bot.domain.activities import asking, codes, staying
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.due import Due
from bot.locales import BLANK, Moment, say
from bot.refusal import Refused
from bot.storage import Transaction

TURN = "activities.door"


@dataclass(frozen=True)
class Code:
    """The code of this half minute, accepted until `until` (Unix seconds)."""

    text: str
    until: int


# Questions


async def code_now(tx: Transaction, subject: str) -> Code:
    """A subject's code of this half minute."""
    step = codes.step_at(tx.now)
    return Code(codes.code_at(await codes.made_secret(tx, subject), subject, step), codes.ends_at(step))


async def code_of_door(tx: Transaction, activity_id: int, *, by: Person, settings: Settings) -> tuple[Activity, Code]:
    """The activity with its code, for whoever may show it, and now. Raises Refused."""
    activity = await asking.managed_by(tx, activity_id, by)
    _check_in_time(activity, tx.now, settings)
    return activity, await code_now(tx, activity.name)


def _check_in_time(activity: Activity, now: int, settings: Settings) -> None:
    if staying.is_running(activity, now, settings):
        return
    rules = settings.presence
    raise Refused(
        say(
            "The code of “{title}” can be shown from {first} to {last}, until it is confirmed who came. Nothing was changed.",
            title=activity.title,
            first=Moment(activity.starts_at - rules.early_minutes * 60),
            last=Moment(activity.ends_at + rules.after_minutes * 60),
        )
    )


# Deeds

OPEN = """
    INSERT INTO doors (activity_id, person_id, until) VALUES (:activity, :person, :until)
    ON CONFLICT (activity_id, person_id) DO UPDATE SET until = excluded.until
"""


async def open_door(tx: Transaction, activity_id: int, *, by: Person, settings: Settings) -> Card:
    """Show an activity's code to whoever leads it; it is drawn anew each half minute, for a while. Raises Refused."""
    activity, code = await code_of_door(tx, activity_id, by=by, settings=settings)
    until = tx.now + settings.presence.live_minutes * 60
    await tx.run(OPEN, activity=activity.id, person=by.id, until=until)
    await _plan(tx, activity.id, by.id)
    return await _screen(tx, activity, code, by, until)


async def shut_door(tx: Transaction, activity_id: int, *, by: Person) -> None:
    """Draw it no more."""
    await tx.run(
        "DELETE FROM doors WHERE activity_id = :activity AND person_id = :person", activity=activity_id, person=by.id
    )
    await due.drop(tx, _subject(activity_id, by.id), TURN)


async def turn(tx: Transaction, item: Due, house: House) -> None:
    """Draw the code of the next half minute; after its time, or once it is confirmed, say that it is closed."""
    activity, person_id = await asking.by_id(tx, item.number), int(item.subject.split(":")[2])
    until = await tx.value(
        "SELECT until FROM doors WHERE activity_id = :activity AND person_id = :person",
        activity=activity.id,
        person=person_id,
    )
    person = await people.by_id(tx, person_id)
    if until is None or person.telegram_id is None:
        return
    if until <= tx.now or not activity.is_open:
        await shut_door(tx, activity.id, by=person)
        await _edit(tx, person, _shut(activity), activity)
        return
    if not await outbox.is_waiting(tx, _name(activity.id, person_id)):
        await _edit(tx, person, await _screen(tx, activity, await code_now(tx, activity.name), person, until), activity)
    await _plan(tx, activity.id, person_id)


async def _plan(tx: Transaction, activity_id: int, person_id: int) -> None:
    following = (codes.step_at(tx.now) + 1) * codes.WINDOW_SECONDS
    await due.plan(tx, TURN, _subject(activity_id, person_id), following)


def _subject(activity_id: int, person_id: int) -> str:
    return f"activity:{activity_id}:{person_id}"


def _name(activity_id: int, person_id: int) -> str:
    return f"door:{activity_id}:{person_id}"


async def _edit(tx: Transaction, person: Person, screen: Card, activity: Activity) -> None:
    params = rendered(screen, people.reader(tx, person.language), private=True)
    await outbox.edit_remembered(tx, _name(activity.id, person.id), params)


async def _screen(tx: Transaction, activity: Activity, code: Code, by: Person, until: int) -> Card:
    here, seen = await staying.present(tx, activity)
    return card(
        say("📲 <b>{title}</b>: check-in and check-out", title=activity.title),
        BLANK,
        say("{code}", code=_large(code.text)),
        say("<code>{code}</code>", code=code.text),
        BLANK,
        say(
            "Whoever is here sends me these six digits, or scans the picture: once on coming, once on leaving. "
            "They change every {n} seconds.",
            n=codes.WINDOW_SECONDS,
        ),
        say("Here now: {here}. Have been here: {seen} of {taken}.", here=here, seen=seen, taken=activity.taken),
        say("I go on showing it until {moment}.", moment=Moment(until)),
        rows=(
            (
                Button(say("Picture to scan"), press("activities.qr", activity.id), style="primary"),
                Button(say("Go on longer"), press("activities.door", activity.id)),
            ),
            (
                Button(say("Close"), press("activities.shut", activity.id)),
                Button(say("⌂ Home"), press("activities.shut", activity.id, 1)),
            ),
        ),
        home=False,
        remember=_name(activity.id, by.id),
    )


def _large(digits: str) -> str:
    """The largest signs that a text can have: read from a leader's screen by those who stand around it."""
    keys = [f"{digit}\ufe0f\u20e3" for digit in digits]
    return f"{''.join(keys[:3])} {''.join(keys[3:])}"


def _shut(activity: Activity) -> Card:
    return card(
        say("📲 <b>{title}</b>: the code is shown no more.", title=activity.title),
        rows=(
            (
                Button(say("Show it again"), press("activities.door", activity.id)),
                Button(say("Who came?"), press("activities.roll", activity.id)),
            ),
        ),
    )
