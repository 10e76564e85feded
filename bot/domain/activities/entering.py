"""Coming in where more than a free place decides: the time to sign up, conditions, roles, and places given later."""

from dataclasses import dataclass

from bot.cards import press
from bot.domain import groups
from bot.domain.activities import clashing, roles
from bot.domain.activities import conditions as asked
from bot.domain.activities.conditions import Known
from bot.domain.activities.knowing import known_about
from bot.domain.activities.places import Role
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.locales import Moment, Said, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction


@dataclass(frozen=True)
class Wish:
    """How somebody wants to come in: as what, and whether he is sure that a tight way is long enough."""

    role_id: int | None = None
    sure: bool = False

    @property
    def is_plain(self) -> bool:
        return self.role_id is None and not self.sure


@dataclass(frozen=True)
class Entered:
    """The activity as it is now, in which state somebody is in it, as what, by which turn; `queue` is his place in it."""

    activity: Activity
    state: str
    role_id: int | None = None
    turn: int = 0
    queue: int = 0


# Rules


def outside_window(activity: Activity, now: int) -> Refused | None:
    """Why nobody can sign up yet, or any more."""
    others = WayOut(say("What is coming up"), press("activities.list", activity.rules.listed))
    if activity.opens_at is not None and now < activity.opens_at:
        return Refused(
            say(
                "Signing up for “{title}” opens {moment}. Nothing was changed; I can tell you then.",
                title=activity.title,
                moment=Moment(activity.opens_at),
            ),
            WayOut(say("Tell me when it opens"), press("activities.wake", activity.id)),
            others,
        )
    if activity.closes_at is not None and now >= activity.closes_at:
        return Refused(
            say(
                "Signing up for “{title}” ended {moment}. Nothing was changed.",
                title=activity.title,
                moment=Moment(activity.closes_at),
            ),
            others,
        )
    return None


def barred(activity: Activity, role: Role | None, known: Known, now: int) -> Refused | None:
    """Which condition keeps somebody out, with its numbers and the next step."""
    no = asked.first_no((*activity.conditions, *(role.conditions if role else ())), known, now)
    if no is None:
        return None
    return Refused(
        say("You can't sign up for “{what}”: {why}. Nothing was changed.", what=_what(activity, role), why=no.reason),
        no.onward,
        WayOut(say("Why can't I join?"), press("activities.fair", activity.id)),
    )


def _what(activity: Activity, role: Role | None) -> Said:
    if role is None:
        return say("{title}", title=activity.title)
    return say("{title} · {role}", title=activity.title, role=role.called)


# Deeds


async def enter(tx: Transaction, activity: Activity, by: Person, wish: Wish) -> Entered:
    """Count somebody in, by all that goes for this activity, whose row is held. Raises Refused."""
    if refused := outside_window(activity, tx.now):
        raise refused
    role = await roles.chosen(tx, activity, wish.role_id, await groups.nodes_of(tx, by) if activity.has_roles else ())
    again = press("activities.sure", activity.id, *((role.id,) if role else ()))
    near = await clashing.engagements(tx, activity, by)
    clashing.check(activity, near, sure=wish.sure, all_the_same=again)
    known = Known()
    if activity.conditions or activity.kept or (role and role.conditions):
        known = await known_about(tx, by)
        if refused := barred(activity, role, known, tx.now):
            raise await _instead(tx, activity, role, known, refused)
    return await count_in(tx, activity, role.id if role else None, is_new=known.came == 0)


async def _instead(tx: Transaction, activity: Activity, role: Role | None, known: Known, refused: Refused) -> Refused:
    """The same no; where the places are a partner's, with the free ones that are his."""
    if role is None or role.partner_id is None:
        return refused
    free = [each for each in await roles.roles_of(tx, activity) if each.free]
    return Refused(refused.reason, *roles.ways_in(activity, free, known.groups), *refused.ways_out)


async def count_in(tx: Transaction, activity: Activity, role_id: int | None, *, is_new: bool = False) -> Entered:
    """Count somebody in who may come in: a place, the last one in the queue, or one who asks for a place."""
    if activity.chooses:
        return Entered(await _apply(tx, activity), "applied", role_id)
    if role_id is None:
        return await _take(tx, activity, is_new=is_new)
    after, queue = await roles.take(tx, activity, role_id)
    return Entered(after, "waiting" if queue else "in", role_id, queue=queue)


async def _apply(tx: Transaction, activity: Activity) -> Activity:
    row = await tx.one("UPDATE activities SET applied = applied + 1 WHERE id = :id RETURNING *", id=activity.id)
    assert row is not None, "the row is held"
    return Activity.of_row(row)


# A place that is kept for first-timers becomes one of the others when one of them comes.
TAKE = """
    UPDATE activities SET
        places = places + :opened, kept = kept - :opened,
        taken = taken + CASE WHEN places IS NULL OR taken < places + :opened THEN 1 ELSE 0 END,
        waiting = waiting + CASE WHEN places IS NULL OR taken < places + :opened THEN 0 ELSE 1 END
    WHERE id = :id RETURNING *
"""


async def _take(tx: Transaction, activity: Activity, *, is_new: bool) -> Entered:
    opened = int(is_new and activity.kept > 0)
    row = await tx.one(TAKE, id=activity.id, opened=opened)
    assert row is not None, "the row is held"
    after = Activity.of_row(row)
    waits = after.taken == activity.taken
    return Entered(after, "waiting" if waits else "in", turn=-opened, queue=after.waiting if waits else 0)
