"""Publishing, changing and cancelling: deeds of leaders and admins, each in the audit log."""

from dataclasses import dataclass, replace
from datetime import date

from bot import due
from bot.config import Reminders
from bot.domain import audit, groups, points, telling
from bot.domain.activities import (
    asking,
    least,
    minding,
    news,
    offering,
    portions,
    posting,
    reminding,
    resuming,
    terming,
)
from bot.domain.activities.things import UNDO_SECONDS, Activity, Draft
from bot.domain.people import Person
from bot.locales import Said, Several, say
from bot.refusal import Refused
from bot.storage import Row, Transaction


@dataclass(frozen=True)
class Change:
    """What is to be another; None leaves a thing as it is. `unlimited` takes the limit of places away."""

    title: str | None = None
    place: str | None = None
    starts_at: int | None = None
    ends_at: int | None = None
    places: int | None = None
    unlimited: bool = False
    points: int | None = None


@dataclass(frozen=True)
class Occurrence:
    """Which day of which series an activity is."""

    series_id: int
    day: date


# Publishing


async def may_publish_for(tx: Transaction, group_id: int | None, person: Person) -> None:
    """Raises Refused unless this person leads the group or is an admin; for the whole county only admins publish."""
    if group_id is not None:
        group = await groups.led_by(tx, group_id, person)
        if not group.is_open:
            raise Refused(say("{group} is closed. Nothing was published.", group=group.name))
    elif not person.is_admin:
        raise Refused(say("Only county admins can publish for the whole county. Nothing was published."))


COUNTY = {"全县", "全市", "county", "whole county", "0"}


async def home_of(tx: Transaction, typed: str | None, *, by: Person) -> groups.Group | None:
    """The group that a leader names, or his only one where he names none; None for the whole county. Raises Refused."""
    led = await groups.led_groups(tx, by)
    wanted = (typed or "").strip().lower()
    if wanted in COUNTY:
        await may_publish_for(tx, None, by)
        return None
    if not wanted and len(led) == 1 and not by.is_admin:
        return led[0]
    found = next((g for g in led if wanted and wanted in (g.name.lower(), str(g.id), f"#{g.id}")), None)
    if found is None and by.is_admin and wanted:
        found = await groups.matching(tx, wanted, "activities.list:task")
    if found is None:
        raise Refused(_homes_words(led, by))
    return found


def _homes_words(led: list[groups.Group], by: Person) -> Said:
    if by.is_admin:
        return say("Name a group, or “county” for everybody.")
    return say("It can be: {groups}.", groups=Several(tuple(group.name for group in led[:10])))


PUBLISH = """
    INSERT INTO activities (kind, group_id, title, about, place, starts_at, ends_at, places, points, adults_only,
        supervisor_id, latitude, longitude, made_at, made_by)
    VALUES (:kind, :group_id, :title, :about, :place, :starts_at, :ends_at, :places, :points, :adults_only,
        :supervisor_id, :latitude, :longitude, :now, :by) RETURNING *
"""


async def publish(tx: Transaction, draft: Draft, *, by: Person, of: Occurrence | None = None) -> Activity:
    """Publish what was drafted: post it where the group talks, or tell its members one by one.

    Who may was asked when a series was begun, of which this is an occurrence; its members hear of many at once, and it
    gives no more points than the rules of its day allow. Raises
    Refused for a start that has passed.
    """
    if of is None:
        await may_publish_for(tx, draft.group_id, by)
        await points.check_activity(tx, draft.points)
    else:
        draft = replace(draft, points=min(draft.points, (await points.rules(tx)).activity_max))
    if draft.starts_at <= tx.now:
        raise Refused(say("The start has passed in the meantime. Nothing was published; please give another time."))
    terms = await terming.checked(tx, draft)
    row = await tx.one(
        PUBLISH,
        **{name: value for name, value in draft.__dict__.items() if name not in ("least", "terms", "supervisor_id")},
        supervisor_id=await minding.supervisor_for(tx, draft.supervisor_id, draft.group_id),
        now=tx.now,
        by=by.id,
    )
    assert row is not None, "an insert returns its row"
    activity = await least.settle(tx, row["id"], draft.least) if draft.least else Activity.of_row(row)
    activity = await terming.settle(tx, activity, terms)
    await reminding.plan_question(tx, activity)
    if of is not None:
        return await adopt(tx, activity, of)
    await audit.note(tx, "activity.published", activity.name, by=by.id, group=draft.group_id, points=draft.points)
    if not await posting.post(tx, activity) and activity.group_id is not None:
        await news.begin(tx, activity)
    return activity


async def adopt(tx: Transaction, activity: Activity, of: Occurrence) -> Activity:
    """Make an activity the occurrence of a series on a day; there is one for each day."""
    row = await tx.one(
        "UPDATE activities SET series_id = :series, series_day = :day WHERE id = :id RETURNING *",
        series=of.series_id,
        day=of.day.isoformat(),
        id=activity.id,
    )
    assert row is not None, "the row is held"
    return Activity.of_row(row)


# Changing


async def change(
    tx: Transaction, activity_id: int, wanted: Change, *, by: Person, reminders: Reminders, tells: bool = True
) -> Activity:
    """Change an activity that nobody has confirmed yet. Raises Refused.

    With another time the reminders follow and everybody in it is told, unless they hear of many at once; more places are
    offered to the queue.
    """
    await asking.managed_by(tx, activity_id, by)
    before = await asking.locked(tx, activity_id)
    check_open(before)
    _check_change(before, wanted, tx.now)
    await points.check_activity(tx, wanted.points or 0)
    row = await _store(tx, before, wanted)
    after = Activity.of_row(row)
    await offering.offer(tx, after, before.waiting - after.waiting)
    if before.free == 0 and after.free != 0:
        await offering.look_for_people(tx, after)
    changed = {k: v for k, v in after.__dict__.items() if v != before.__dict__[k] and k not in ("taken", "waiting")}
    # What was typed stays out of the chain, which is kept for ever: only numbers go there.
    noted = {name: value if isinstance(value, int) else "changed" for name, value in changed.items()}
    number = await audit.note(tx, "activity.changed", before.name, by=by.id, **noted)
    if "starts_at" in changed or "ends_at" in changed:
        await reminding.move(tx, after, reminders)
        await resuming.resume(tx, after)
        await reminding.plan_question(tx, after)
        await least.plan(tx, after)
        await terming.plan(tx, after)
        await portions.let_partners_know(tx, after, portions.MOVED, 1)
    if tells and {"starts_at", "ends_at", "place"} & changed.keys():
        await telling.begin(tx, news.MOVED, f"{after.name}:{number}")
    await news.rewrite(tx, after)
    await posting.redraw_soon(tx, after)
    return after


def check_open(activity: Activity) -> None:
    """Raises Refused for what can't be changed any more: it was cancelled, or is confirmed."""
    if activity.is_cancelled:
        raise Refused(say("“{title}” was cancelled. Nothing was changed.", title=activity.title))
    if activity.is_confirmed:
        raise Refused(
            say(
                "Who came to “{title}” has been confirmed; it can't be changed any more. Nothing was changed.",
                title=activity.title,
            )
        )


def _check_change(before: Activity, wanted: Change, now: int) -> None:
    if wanted.starts_at is not None and wanted.starts_at <= now:
        raise Refused(say("That start has passed. Nothing was changed; please give another time."))
    if before.has_roles and (wanted.places is not None or wanted.unlimited):
        raise Refused(say("Its places are those of its roles; they stay as they are. Nothing was changed."))
    if wanted.places is not None and wanted.places < max(before.taken, 1) + before.kept:
        raise Refused(
            say(
                "{taken} people have a place already, so there can't be only {places}. Nothing was changed.",
                taken=before.taken + before.kept,
                places=wanted.places,
            )
        )


async def _store(tx: Transaction, before: Activity, wanted: Change) -> Row:
    """Write the change; places for who waits are counted in the same statement, as far as there is room."""
    places = None if wanted.unlimited else wanted.places - before.kept if wanted.places else before.places
    room = before.waiting if places is None else min(before.waiting, places - before.taken)
    row = await tx.one(
        "UPDATE activities SET title = :title, place = :place, starts_at = :starts_at, ends_at = :ends_at, "
        "closes_at = CASE WHEN closes_at > :starts_at THEN :starts_at ELSE closes_at END, "
        "places = :places, points = :points, taken = taken + :moved, waiting = waiting - :moved "
        "WHERE id = :id RETURNING *",
        title=wanted.title or before.title,
        place=wanted.place or before.place,
        starts_at=before.starts_at if wanted.starts_at is None else wanted.starts_at,
        ends_at=before.ends_at if wanted.ends_at is None else wanted.ends_at,
        places=places,
        points=before.points if wanted.points is None else wanted.points,
        moved=room,
        id=before.id,
    )
    assert row is not None, "the row is held"
    return row


# Cancelling


async def cancel(tx: Transaction, activity_id: int, reason: str, *, by: Person) -> Activity:
    """Cancel it. Everybody in it is told a minute later, unless that was undone. Raises Refused."""
    await asking.managed_by(tx, activity_id, by)
    before = await asking.locked(tx, activity_id)
    check_open(before)
    return await call_off(tx, before, reason, by=by)


async def call_off(
    tx: Transaction, before: Activity, reason: str, *, by: Person | None, lacking: bool = False, tells: bool = True
) -> Activity:
    """Cancel what is open and held; `by` None: by itself, `lacking`: for want of people.

    Everybody in it is told a minute later, unless they hear of many at once.
    """
    row = await tx.one(
        "UPDATE activities SET state = 'cancelled', reason = :reason, settled_at = :now, settled_by = :by, "
        "lacked = :lacked WHERE id = :id RETURNING *",
        reason=reason,
        now=tx.now,
        by=by.id if by else None,
        lacked=before.taken if lacking else None,
        id=before.id,
    )
    assert row is not None, "the row is held"
    activity = Activity.of_row(row)
    await audit.note(tx, "activity.cancelled", activity.name, by=by.id if by else None, told=activity.everybody)
    if tells:
        await telling.begin(tx, news.CANCELLED, f"{activity.name}:0", tx.now + UNDO_SECONDS)
    await portions.let_partners_know(tx, activity, portions.OFF, UNDO_SECONDS)
    await news.stop(tx, activity, tx.now + UNDO_SECONDS)
    await posting.redraw_soon(tx, activity)
    return activity


async def undo_cancelling(tx: Transaction, activity_id: int, *, by: Person) -> Activity:
    """Take a cancellation back before anybody has been told of it. Raises Refused after a minute."""
    await asking.managed_by(tx, activity_id, by)
    row = await tx.one(
        "UPDATE activities SET state = 'open', reason = '', settled_at = NULL, settled_by = NULL, lacked = NULL "
        "WHERE id = :id AND state = 'cancelled' AND settled_at > :earliest RETURNING *",
        id=activity_id,
        earliest=tx.now - UNDO_SECONDS,
    )
    if row is None:
        raise Refused(
            say("There is nothing to undo: that works for {n} seconds. Nothing was changed.", n=UNDO_SECONDS),
            asking.to_card(activity_id),
        )
    activity = Activity.of_row(row)
    await due.drop(tx, f"{activity.name}:0:0", news.CANCELLED)
    await due.drop(tx, activity.name, portions.OFF)
    await news.go_on(tx, activity)
    await resuming.resume(tx, activity)
    await audit.note(tx, "activity.revived", activity.name, by=by.id)
    await posting.redraw_soon(tx, activity)
    return activity
