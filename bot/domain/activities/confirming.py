"""Who came: marked in taps by a leader, confirmed once, corrected with a trail; points follow what is confirmed."""

from collections.abc import Sequence

from bot import due
from bot.cards import Button, card, press
from bot.config import Absences, Hours, House
from bot.domain import audit, people
from bot.domain.activities import asking, crediting, outcomes, posting, reminding, staying, vouching
from bot.domain.activities.attendance import Attendance
from bot.domain.activities.crediting import NOTHING, USUAL, Confirmed, Given
from bot.domain.activities.things import SETTLED_AT_ONCE, Activity, Partaker, Tally
from bot.domain.people import Person
from bot.due import Due
from bot.locales import Moment, say
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction

CONFIRMED = "activities.confirmed"


def _check_begun(activity: Activity, now: int) -> None:
    if activity.is_cancelled:
        raise Refused(say("“{title}” was cancelled: nobody could come. Nothing was changed.", title=activity.title))
    if not activity.has_begun(now):
        raise Refused(
            say(
                "Who came can be said once it has begun, {moment}. Nothing was changed.",
                moment=Moment(activity.starts_at),
            )
        )


def check_not_own(person: Partaker, me: Person) -> None:
    """Raises Refused where somebody would confirm himself."""
    if person.person_id == me.id:
        raise Refused(
            say(
                "Nobody confirms himself: another leader or a county admin has to do this for you. Nothing was changed."
            )
        )


async def open_roll(tx: Transaction, activity_id: int, *, by: Person) -> Activity:
    """The activity, if `by` may say who came, and now. Raises Refused."""
    activity = await asking.managed_by(tx, activity_id, by)
    _check_begun(activity, tx.now)
    return activity


async def mark(tx: Transaction, participation_id: int, attendance: Attendance, *, by: Person) -> Activity:
    """Mark one who has a place. It counts once all of it is confirmed, and saying it twice says it once.

    Raises Refused for his own row, and after it was confirmed: then only `correct` changes it.
    """
    person = await asking.partaker(tx, participation_id)
    activity = await open_roll(tx, person.activity_id, by=by)
    check_not_own(person, by)
    marked = await tx.run(
        "UPDATE participations SET came = :came, how = :how WHERE id = :id AND confirmed_at IS NULL "
        "AND EXISTS (SELECT 1 FROM activities WHERE id = :activity AND state = 'open')",
        came=int(attendance.came),
        how=attendance.how,
        id=participation_id,
        activity=activity.id,
    )
    if not marked:
        raise Refused(say("This has been confirmed already. Nothing was changed; open the list again to correct it."))
    return activity


async def mark_rest(tx: Transaction, activity_id: int, *, by: Person) -> Activity:
    """Everybody who is not marked yet came, but for those who said that they can't; his own row stays as it is."""
    activity = await open_roll(tx, activity_id, by=by)
    await tx.run(
        "UPDATE participations SET came = CASE WHEN absent_at IS NULL THEN 1 ELSE 0 END, "
        "how = CASE WHEN absent_at IS NULL THEN how ELSE 'excused' END WHERE activity_id = :id AND state = 'in' "
        "AND came IS NULL AND confirmed_at IS NULL AND person_id <> :me",
        id=activity_id,
        me=by.id,
    )
    return activity


async def confirm(
    tx: Transaction, activity_id: int, *, by: Person, rules: Hours, absences: Absences = USUAL
) -> tuple[Activity, Tally, bool]:
    """Confirm the marks; whoever is not marked missed it. Points are given to those who came, once.

    The first slice is settled here, so that a usual activity is done at once; the last value says whether it is all of
    them. His own row stays open for another leader or an admin. Raises Refused when it was confirmed before.
    """
    await open_roll(tx, activity_id, by=by)
    activity = await asking.locked(tx, activity_id)
    tally = await asking.tally(tx, activity, by)
    confirmed = await tx.run(
        "UPDATE activities SET state = 'confirmed', settled_at = :now, settled_by = :by WHERE id = :id AND state = 'open'",
        now=tx.now,
        by=by.id,
        id=activity_id,
    )
    if not confirmed:
        raise Refused(
            say("Who came has been confirmed before; nothing was changed and nothing is given twice."),
            WayOut(say("Who came?"), press("activities.roll", activity_id)),
        )
    number = await audit.note(
        tx,
        "activity.confirmed",
        activity.name,
        by=by.id,
        came=tally.came,
        missed=tally.missed + tally.unmarked,
        excused=tally.excused,
    )
    await reminding.drop_question(tx, activity)
    await vouching.begin(tx, activity, by)
    await posting.redraw_soon(tx, activity)
    return activity, tally, await _settle(tx, activity, 0, Confirmed(by, tx.now, number, rules, absences=absences))


async def confirm_on(tx: Transaction, item: Due, house: House) -> None:
    """Settle the next slice; after the last one whoever confirmed is told."""
    activity, after = await asking.locked(tx, item.number), int(item.subject.split(":")[2])
    assert activity.settled_by is not None, "what was confirmed was confirmed by somebody"
    number = (await audit.last_of(tx, "activity.confirmed", activity.name)).number
    by, at = await people.by_id(tx, activity.settled_by), activity.settled_at or tx.now
    word = Confirmed(by, at, number, house.settings.hours, absences=house.settings.absences)
    if await _settle(tx, activity, after, word):
        await _tell_settled(tx, activity, by)


# Whoever was corrected in the meantime has been settled with it.
NEXT = """
    SELECT p.id AS signup, COALESCE(p.came, 0) AS was_there, p.how AS was_how, pe.*
    FROM participations p JOIN people pe ON pe.id = p.person_id
    WHERE p.activity_id = :activity AND p.state = 'in' AND p.id > :after AND p.confirmed_at IS NULL AND p.person_id <> :by
    ORDER BY p.id LIMIT :limit /*pg FOR UPDATE OF p*/
"""
SETTLE = """
    UPDATE participations SET came = COALESCE(came, 0), confirmed_at = :now, confirmed_by = :by
    WHERE activity_id = :activity AND state = 'in' AND id > :after AND id <= :last
        AND confirmed_at IS NULL AND person_id <> :by
"""


async def _settle(tx: Transaction, activity: Activity, after: int, word: Confirmed) -> bool:
    """Confirm the sign-ups behind `after`, a slice of them: marks, points, hours, the word to each. False: more are left."""
    rows = await tx.all(NEXT, activity=activity.id, after=after, by=word.by.id, limit=SETTLED_AT_ONCE + 1)
    now, more = rows[:SETTLED_AT_ONCE], len(rows) > SETTLED_AT_ONCE
    if not now:
        return True
    last = now[-1]["signup"]
    await tx.run(SETTLE, activity=activity.id, after=after, last=last, now=tx.now, by=word.by.id)
    there = [row for row in now if row["was_there"] and row["forgotten_at"] is None]
    await staying.close_all(tx, activity, [row["id"] for row in there], by=word.by, at=word.at)
    told = await crediting.told_of(tx, activity, [row["id"] for row in now if not row["was_there"]])
    given = await _give_all(tx, activity, sorted(there, key=lambda row: row["id"]), told, word)
    named = [(row["nickname"], given[row["id"]]) for row in there]
    await crediting.tell_refused(tx, activity, named, word.by, key=f"{activity.id}:{last}")
    for row in now:
        key, attendance = f"confirmed:{tx.bot}:{row['signup']}", _attendance(row)
        person, number = people.of_row(row), row["signup"]
        brought, rules = given.get(person.id, NOTHING), word.absences
        await outcomes.tell(tx, person, activity, attendance, number, key=key, given=brought, rules=rules)
    if more:
        await due.plan(tx, CONFIRMED, f"{activity.name}:{last}", tx.now)
    return not more


def _attendance(row: Row) -> Attendance:
    return Attendance.of(row["was_there"], row["was_how"])


async def _give_all(
    tx: Transaction, activity: Activity, there: Sequence[Row], missed: Sequence[int], word: Confirmed
) -> dict[int, Given]:
    """Points and hours, in the order of people's numbers: two who confirm at once never wait for each other.

    `missed`: of whom hours were told before, and who was not there by the roll: they are taken back.
    """
    await crediting.hold(tx, activity, sorted([*(row["id"] for row in there), *missed]))
    for number in missed:
        await crediting.take_back(tx, activity, number, by=word.by, rules=word.rules)
    return {row["id"]: await crediting.give(tx, activity, row["id"], _attendance(row), word) for row in there}


async def _tell_settled(tx: Transaction, activity: Activity, by: Person) -> None:
    tally = await asking.tally(tx, activity, by)
    done = card(
        say("<b>{title}</b> is confirmed.", title=activity.title),
        say("{came} came, {missed} missed it; everybody is told.", came=tally.came, missed=tally.missed),
        rows=((Button(say("Who came?"), press("activities.roll", activity.id)),),),
    )
    await people.tell(tx, by, done, key=f"{CONFIRMED}:{tx.bot}:{activity.id}")
