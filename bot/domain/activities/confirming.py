"""Who came: marked in taps by a leader, confirmed once, corrected with a trail; points follow what is confirmed."""

from bot import due
from bot.cards import Button, Card, card, press
from bot.config import House
from bot.domain import audit, people, points
from bot.domain.activities import asking, posting, reminding
from bot.domain.activities.things import TOLD_AT_ONCE, Activity, Partaker, Tally
from bot.domain.people import Person
from bot.due import Due
from bot.locales import Moment, Said, say, say_n
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

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


async def confirm(tx: Transaction, activity_id: int, *, by: Person) -> tuple[Activity, Tally]:
    """Confirm the marks; whoever is not marked missed it. Points are given to those who came, once.

    His own row stays open for another leader or an admin. Raises Refused when it was confirmed before.
    """
    activity = await open_roll(tx, activity_id, by=by)
    await asking.locked(tx, activity_id)
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
    await _settle_all(tx, activity, by)
    await _award_all(tx, activity, by, number)
    await reminding.drop_question(tx, activity)
    await due.plan(tx, CONFIRMED, f"{activity.name}:0", tx.now)
    await posting.redraw_soon(tx, activity)
    return activity, tally


async def _settle_all(tx: Transaction, activity: Activity, by: Person) -> None:
    await tx.run(
        "UPDATE participations SET came = COALESCE(came, 0), confirmed_at = :now, confirmed_by = :by "
        "WHERE activity_id = :id AND state = 'in' AND person_id <> :by",
        now=tx.now,
        by=by.id,
        id=activity.id,
    )


async def _award_all(tx: Transaction, activity: Activity, by: Person, number: int) -> None:
    """In the order of people's numbers: two who confirm at once never wait for each other."""
    if not activity.points:
        return
    rows = await tx.all(
        "SELECT p.person_id FROM participations p JOIN people pe ON pe.id = p.person_id WHERE p.activity_id = :id "
        "AND p.state = 'in' AND p.came = 1 AND p.confirmed_at IS NOT NULL AND pe.forgotten_at IS NULL ORDER BY p.person_id",
        id=activity.id,
    )
    for row in rows:
        await points.award(
            tx,
            row["person_id"],
            activity.points,
            reason=activity.kind,
            cause=activity.name,
            by=by.id,
            audit=number,
        )


async def tell_confirmed(tx: Transaction, item: Due, house: House) -> None:
    """Tell a portion of those who were confirmed what they got, and plan the next portion."""
    activity = await asking.by_id(tx, item.number)
    after = int(item.subject.split(":")[2])
    rows = await tx.all(
        "SELECT p.id AS signup, p.came, pe.* FROM participations p JOIN people pe ON pe.id = p.person_id "
        "WHERE p.activity_id = :activity AND p.state = 'in' AND p.confirmed_at IS NOT NULL AND p.id > :after "
        "ORDER BY p.id LIMIT :limit",
        activity=activity.id,
        after=after,
        limit=TOLD_AT_ONCE,
    )
    for row in rows:
        person = people.of_row(row)
        await _tell(tx, person, activity, came=bool(row["came"]), key=f"confirmed:{tx.bot}:{row['signup']}")
    if len(rows) == TOLD_AT_ONCE:
        await due.plan(tx, CONFIRMED, f"{activity.name}:{rows[-1]['signup']}", tx.now)


async def _tell(
    tx: Transaction, person: Person, activity: Activity, *, came: bool, key: str | None = None, corrected: bool = False
) -> None:
    lines = [say("“{title}”: who came has been corrected.", title=activity.title)] if corrected else []
    lines.append(_outcome(activity, came=came))
    if came and activity.points:
        balance = await points.balance(tx, person.id)
        lines.append(say_n("⭐ You have {n} point in all now.", "⭐ You have {n} points in all now.", balance))
    await people.tell(tx, person, _outcome_card(lines), lane=Lane.REMINDER, key=key)


def _outcome(activity: Activity, *, came: bool) -> Said:
    if not came:
        return say(
            "You are down as not having come to “{title}”. If that is wrong, please tell its leader: it can be corrected.",
            title=activity.title,
        )
    if not activity.points:
        return say("Thank you for coming to “{title}”!", title=activity.title)
    return say_n(
        "Thank you for coming to “{title}”! You have got {n} point.",
        "Thank you for coming to “{title}”! You have got {n} points.",
        activity.points,
        title=activity.title,
    )


def _outcome_card(lines: list[Said]) -> Card:
    return card(
        *lines,
        rows=((Button(say("My points"), "points.mine"), Button(say("My sign-ups"), "activities.mine")),),
    )


async def correct(tx: Transaction, participation_id: int, *, came: bool, by: Person) -> Activity:
    """Say otherwise of one person after the confirmation, and move his points with it; he is told. Raises Refused.

    The points of one activity and person are one award in the ledger: it is taken back, given again by taking the
    reversal back, and so on, so that nothing can count twice however often this is done.
    """
    person = await asking.partaker(tx, participation_id)
    activity = await open_roll(tx, person.activity_id, by=by)
    _check_not_own(person, by)
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
    if activity.points and person.forgotten_at is None:
        await _move_points(tx, activity, person, came=came, by=by, number=number)
    told = await people.by_id(tx, person.person_id)
    await _tell(tx, told, activity, came=came, corrected=person.is_confirmed)
    return activity


async def _move_points(
    tx: Transaction, activity: Activity, person: Partaker, *, came: bool, by: Person, number: int
) -> None:
    credit = await points.credit_of(tx, person.person_id, reason=activity.kind, cause=activity.name)
    if credit is None and came:
        await points.award(
            tx, person.person_id, activity.points, reason=activity.kind, cause=activity.name, by=by.id, audit=number
        )
    elif credit is not None and credit.stands != came:
        await points.reverse(tx, credit.last_id, by=by.id, cause=activity.name)
