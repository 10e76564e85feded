"""Saying how it was, once a person and activity; and telling the county that one did not feel safe."""

from bot.cards import Button, card, press
from bot.domain import activities, audit, people
from bot.domain.activities import Activity
from bot.domain.feedback import reading
from bot.domain.feedback.things import Worry
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction


async def say_mood(tx: Transaction, activity_id: int, mood: int, *, by: Person) -> Activity:
    """Say how it was; said again it is changed, and counts once. Raises Refused for whoever did not come."""
    activity = await reading.of_mine(tx, activity_id, by)
    await tx.run(
        "INSERT INTO feedback (activity_id, person_id, mood, at) VALUES (:activity, :person, :mood, :now) "
        "ON CONFLICT (activity_id, person_id) DO UPDATE SET mood = excluded.mood",
        activity=activity_id,
        person=by.id,
        mood=mood,
        now=tx.now,
    )
    return activity


async def tick(tx: Transaction, activity_id: int, remark: str, *, by: Person) -> Activity:
    """Tick a remark, or take the tick away. Raises Refused before anything else was said."""
    activity = await _said(tx, activity_id, by)
    values: dict[str, int | str] = {"activity": activity_id, "person": by.id, "remark": remark}
    added = await tx.run(
        "INSERT INTO feedback_remarks (activity_id, person_id, remark) VALUES (:activity, :person, :remark) "
        "ON CONFLICT DO NOTHING",
        **values,
    )
    if not added:
        await tx.run(
            "DELETE FROM feedback_remarks WHERE activity_id = :activity AND person_id = :person AND remark = :remark",
            **values,
        )
    return activity


async def write(tx: Transaction, activity_id: int, words: str, *, by: Person) -> Activity:
    """Add words of one's own. Raises Refused before anything else was said."""
    activity = await _said(tx, activity_id, by)
    await tx.run(
        "UPDATE feedback SET words = :words WHERE activity_id = :activity AND person_id = :person",
        words=words,
        activity=activity_id,
        person=by.id,
    )
    return activity


async def _said(tx: Transaction, activity_id: int, by: Person) -> Activity:
    activity = await reading.of_mine(tx, activity_id, by)
    if await reading.mine(tx, activity_id, by) is None:
        raise Refused(
            say("Please say first how it was. Nothing was changed."),
            WayOut(say("How was it?"), press("feedback.ask", activity_id)),
        )
    return activity


async def worry(tx: Transaction, activity_id: int, words: str, *, by: Person) -> None:
    """Tell the county's admins at once that one did not feel safe; the leaders hear nothing of it. Raises Refused."""
    activity = await reading.of_mine(tx, activity_id, by)
    worry_id = await tx.value(
        "INSERT INTO feedback_worries (activity_id, person_id, words, at) VALUES (:activity, :person, :words, :now) "
        "ON CONFLICT DO NOTHING RETURNING id",
        activity=activity_id,
        person=by.id,
        words=words,
        now=tx.now,
    )
    if worry_id is None:
        raise Refused(say("The county's admins have heard of it already; one of them will ask you. Nothing was added."))
    await people.tell_admins(
        tx,
        card(
            say("🛟 <b>Somebody did not feel safe</b> at “{title}”.", title=activity.title),
            say("Only county admins see this. Please take care of it today."),
            rows=((Button(say("Open"), press("feedback.worry", worry_id)),),),
        ),
        key=f"worry:{worry_id}",
    )


async def take(tx: Transaction, worry_id: int, *, by: Person) -> Worry:
    """Take care of it: the others see who does, and whoever told it hears that. Raises Refused when somebody does."""
    people.only_admins(by)
    found = await reading.worry(tx, worry_id)
    if found.person_id == by.id:
        raise Refused(say("You told this yourself: another admin has to take care of it. Nothing was changed."))
    taken = await tx.run(
        "UPDATE feedback_worries SET taken_by = :by, taken_at = :now WHERE id = :id AND taken_by IS NULL",
        by=by.id,
        now=tx.now,
        id=worry_id,
    )
    if not taken:
        raise Refused(say("Somebody is taking care of it already. Nothing was changed."), _open(worry_id))
    await audit.note(tx, "worry.taken", f"worry:{worry_id}", by=by.id)
    whose = await people.by_id(tx, found.person_id)
    title = (await activities.by_id(tx, found.activity_id)).title
    words = say(
        "{name}, a county admin, takes care of what you told of “{title}”, and will ask you.",
        name=by.nickname,
        title=title,
    )
    await people.tell(tx, whose, card(words), key=f"worry-taken:{worry_id}")
    return await reading.worry(tx, worry_id)


def _open(worry_id: int) -> WayOut:
    return WayOut(say("Open"), press("feedback.worry", worry_id))


async def settle(tx: Transaction, worry_id: int, *, by: Person) -> Worry:
    """It has been taken care of. Raises Refused for anybody but whoever took it."""
    settled = await tx.run(
        "UPDATE feedback_worries SET settled_at = :now WHERE id = :id AND taken_by = :by AND settled_at IS NULL",
        now=tx.now,
        id=worry_id,
        by=by.id,
    )
    if not settled:
        raise Refused(say("Only whoever takes care of it can close it, once. Nothing was changed."), _open(worry_id))
    await audit.note(tx, "worry.settled", f"worry:{worry_id}", by=by.id)
    return await reading.worry(tx, worry_id)
