"""Who came: marked in taps by a leader, confirmed once, corrected with a trail; points follow what is confirmed."""

from collections.abc import Sequence

from bot import due
from bot.cards import Button, Card, card, press
from bot.config import Hours, House
from bot.domain import audit, people, points
from bot.domain.activities import asking, crediting, posting, reminding
from bot.domain.activities.crediting import Confirmed, Outcome
from bot.domain.activities.things import SETTLED_AT_ONCE, Activity, Partaker, Tally
from bot.domain.people import Person
from bot.due import Due
from bot.locales import Moment, Said, say, say_n
from bot.outbox import Lane
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


def _check_not_own(person: Partaker, me: Person) -> None:
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


async def mark(tx: Transaction, participation_id: int, *, by: Person) -> Activity:
    """Turn the mark of one who was signed up: came, missed, came ... It counts once all of it is confirmed.

    Raises Refused for his own row, and after it was confirmed: then only `correct` changes it.
    """
    person = await asking.partaker(tx, participation_id)
    activity = await open_roll(tx, person.activity_id, by=by)
    _check_not_own(person, by)
    turned = await tx.run(
        "UPDATE participations SET came = CASE WHEN came = 1 THEN 0 ELSE 1 END WHERE id = :id AND confirmed_at IS NULL "
        "AND EXISTS (SELECT 1 FROM activities WHERE id = :activity AND state = 'open')",
        id=participation_id,
        activity=activity.id,
    )
    if not turned:
        raise Refused(say("This has been confirmed already. Nothing was changed; open the list again to correct it."))
    return activity


async def mark_rest(tx: Transaction, activity_id: int, *, by: Person) -> Activity:
    """Everybody who is not marked yet came; his own row stays as it is."""
    activity = await open_roll(tx, activity_id, by=by)
    await tx.run(
        "UPDATE participations SET came = 1 WHERE activity_id = :id AND state = 'in' AND came IS NULL "
        "AND confirmed_at IS NULL AND person_id <> :me",
        id=activity_id,
        me=by.id,
    )
    return activity


async def confirm(tx: Transaction, activity_id: int, *, by: Person, rules: Hours) -> tuple[Activity, Tally, bool]:
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
        tx, "activity.confirmed", activity.name, by=by.id, came=tally.came, missed=tally.missed + tally.unmarked
    )
    await reminding.drop_question(tx, activity)
    await posting.redraw_soon(tx, activity)
    return activity, tally, await _settle(tx, activity, 0, Confirmed(by, tx.now, number, rules))


async def confirm_on(tx: Transaction, item: Due, house: House) -> None:
    """Settle the next slice; after the last one whoever confirmed is told."""
    activity, after = await asking.locked(tx, item.number), int(item.subject.split(":")[2])
    assert activity.settled_by is not None, "what was confirmed was confirmed by somebody"
    number = (await audit.last_of(tx, "activity.confirmed", activity.name)).number
    by, at = await people.by_id(tx, activity.settled_by), activity.settled_at or tx.now
    if await _settle(tx, activity, after, Confirmed(by, at, number, house.settings.hours)):
        await _tell_settled(tx, activity, by)


# Whoever was corrected in the meantime has been settled with it.
NEXT = """
    SELECT p.id AS signup, COALESCE(p.came, 0) AS was_there, pe.*
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
    given = await _give_all(tx, activity, sorted(there, key=lambda row: row["id"]), word)
    named = [(row["nickname"], given[row["id"]]) for row in there]
    await crediting.tell_refused(tx, activity, named, word.by, key=f"{activity.id}:{last}")
    for row in now:
        key, came = f"confirmed:{tx.bot}:{row['signup']}", bool(row["was_there"])
        await _tell(tx, people.of_row(row), activity, came=came, key=key, given=given.get(row["id"]))
    if more:
        await due.plan(tx, CONFIRMED, f"{activity.name}:{last}", tx.now)
    return not more


async def _give_all(tx: Transaction, activity: Activity, there: Sequence[Row], word: Confirmed) -> dict[int, Outcome]:
    """Points and hours, in the order of people's numbers: two who confirm at once never wait for each other."""
    await crediting.hold(tx, activity, [row["id"] for row in there])
    if activity.gives_points:
        for row in there:
            await points.award(
                tx,
                row["id"],
                activity.points,
                reason=activity.rules.listed,
                cause=activity.name,
                by=word.by.id,
                audit=word.number,
            )
    return {row["id"]: await crediting.credit(tx, activity, row["id"], word) for row in there}


async def _tell_settled(tx: Transaction, activity: Activity, by: Person) -> None:
    tally = await asking.tally(tx, activity, by)
    done = card(
        say("<b>{title}</b> is confirmed.", title=activity.title),
        say("{came} came, {missed} missed it; everybody is told.", came=tally.came, missed=tally.missed),
        rows=((Button(say("Who came?"), press("activities.roll", activity.id)),),),
    )
    await people.tell(tx, by, done, key=f"{CONFIRMED}:{tx.bot}:{activity.id}")


async def _tell(
    tx: Transaction,
    person: Person,
    activity: Activity,
    *,
    came: bool,
    key: str | None = None,
    corrected: bool = False,
    given: Outcome = None,
) -> None:
    lines = [say("“{title}”: who came has been corrected.", title=activity.title)] if corrected else []
    lines.append(_outcome(activity, came=came))
    if came and activity.gives_points:
        balance = await points.balance(tx, person.id)
        lines.append(say_n("⭐ You have {n} point in all now.", "⭐ You have {n} points in all now.", balance))
    lines += crediting.line(given)
    await people.tell(tx, person, _outcome_card(activity, lines, given, came=came), lane=Lane.REMINDER, key=key)


def _outcome(activity: Activity, *, came: bool) -> Said:
    if not came:
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
        activity.points,
        title=activity.title,
    )


def _outcome_card(activity: Activity, lines: list[Said], given: Outcome, *, came: bool) -> Card:
    return card(
        *lines,
        rows=(
            *(((Button(say("How was it?"), press("feedback.ask", activity.id)),),) if came else ()),
            *crediting.ways(given),
            (Button(say("My points"), "points.mine"), Button(say("My sign-ups"), "activities.mine")),
        ),
    )


async def correct(tx: Transaction, participation_id: int, *, came: bool, by: Person, rules: Hours) -> Activity:
    """Say otherwise of one person after the confirmation, and move his points with it; he is told. Raises Refused.

    The points of one activity and person are one award in the ledger: it is taken back, given again by taking the
    reversal back, and so on, so that nothing can count twice however often this is done.
    """
    person = await asking.partaker(tx, participation_id)
    await open_roll(tx, person.activity_id, by=by)
    _check_not_own(person, by)
    activity = await asking.locked(tx, person.activity_id)
    changed = await tx.run(
        "UPDATE participations SET came = :came, confirmed_at = :now, confirmed_by = :by WHERE id = :id "
        "AND (confirmed_at IS NULL OR came <> :came) "
        "AND EXISTS (SELECT 1 FROM activities WHERE id = :activity AND state = 'confirmed')",
        came=int(came),
        now=tx.now,
        by=by.id,
        id=participation_id,
        activity=activity.id,
    )
    if not changed:
        raise Refused(say("This is so already. Nothing was changed."))
    number = await audit.note(
        tx, "activity.corrected", activity.name, by=by.id, person=person.person_id, came=int(came)
    )
    if activity.gives_points and person.forgotten_at is None:
        await _move_points(tx, activity, person, came=came, by=by, number=number)
    told = await people.by_id(tx, person.person_id)
    given = await _move_hours(tx, activity, person, Confirmed(by, tx.now, number, rules), came=came)
    await _tell(tx, told, activity, came=came, corrected=person.is_confirmed, given=given)
    return activity


async def _move_hours(tx: Transaction, activity: Activity, person: Partaker, word: Confirmed, *, came: bool) -> Outcome:
    """Whoever came after all has a new record; whoever did not has his taken back, by an entry that names it."""
    if person.forgotten_at is None and came:
        return await crediting.credit(tx, activity, person.person_id, word)
    if not came:
        await crediting.take_back(tx, activity, person.person_id, by=word.by, rules=word.rules)
    return None


async def _move_points(
    tx: Transaction, activity: Activity, person: Partaker, *, came: bool, by: Person, number: int
) -> None:
    credit = await points.credit_of(tx, person.person_id, reason=activity.rules.listed, cause=activity.name)
    if credit is None and came:
        await points.award(
            tx,
            person.person_id,
            activity.points,
            reason=activity.rules.listed,
            cause=activity.name,
            by=by.id,
            audit=number,
        )
    elif credit is not None and credit.stands != came:
        await points.reverse(tx, credit.last_id, by=by.id, cause=activity.name)
