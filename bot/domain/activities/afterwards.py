"""Whose hours of an activity that is over can be entered afterwards, beside those of the group's own members, and by whom."""

from dataclasses import dataclass

from bot.cards import ROWS_PER_PAGE, Page, page_of, press, window
from bot.domain.activities import asking
from bot.domain.activities.things import Activity
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

OUTSIDERS_DAYS = 30


@dataclass(frozen=True)
class Outsider:
    """Somebody who was signed up for an activity that is over, and has no hours of it."""

    person_id: int
    nickname: str
    activity_id: int
    title: str


WITHOUT_HOURS = """
    SELECT p.person_id, w.nickname, a.id AS activity_id, a.title FROM {partaking} JOIN people w ON w.id = p.person_id
    WHERE {which} AND p.state = 'in' AND a.state <> 'cancelled' AND a.starts_at > :since AND a.ends_at <= :now
    AND p.person_id <> :but AND w.forgotten_at IS NULL AND (p.confirmed_at IS NULL OR p.came = 1)
    AND NOT EXISTS (SELECT 1 FROM hours_records h WHERE h.person_id = p.person_id
        AND h.state IN ('short', 'pending', 'standing') AND h.state <> 'short' AND h.cause = 'activity:' || CAST(a.id AS TEXT))
    ORDER BY a.starts_at DESC, p.id LIMIT :limit OFFSET :offset
"""
FROM_OUTSIDE = WITHOUT_HOURS.format(
    partaking="activities a JOIN participations p ON p.activity_id = a.id",
    which="a.group_id = :group AND NOT EXISTS "
    "(SELECT 1 FROM memberships m WHERE m.group_id = :group AND m.person_id = p.person_id AND m.state <> 'left')",
)
# Of what is shared with the group: whoever has one of its places, as it counts by origin.
BY_ITS_PLACES = WITHOUT_HOURS.format(
    partaking="shares s JOIN activities a ON a.id = s.activity_id JOIN activity_roles r ON r.activity_id = s.activity_id "
    "AND r.partner_id = s.partner_id JOIN participations p ON p.role_id = r.id",
    which="s.partner_id = :group",
)


async def outsiders(tx: Transaction, group_id: int, number: int, *, but: int) -> Page:
    """A page of those from outside whose hours of the group's last days are not written, the newest activity first; `but` one."""
    return await _without_hours(tx, FROM_OUTSIDE, group_id, number, but)


async def by_its_places(tx: Transaction, group_id: int, number: int, *, but: int) -> Page:
    """The same of those who came by the group's places to what others share with it."""
    return await _without_hours(tx, BY_ITS_PLACES, group_id, number, but)


async def _without_hours(tx: Transaction, sql: str, group_id: int, number: int, but: int) -> Page:
    rows = await tx.all(
        sql,
        group=group_id,
        since=tx.now - OUTSIDERS_DAYS * 24 * 3600,
        now=tx.now,
        but=but,
        **window(number, ROWS_PER_PAGE),
    )
    return page_of((Outsider(**row) for row in rows), number, each=ROWS_PER_PAGE)


async def was_in(tx: Transaction, activity_id: int, group_id: int, person_id: int) -> bool:
    """Was this person signed up to its end for this activity of the group, or by the group's places for another's?"""
    found = await tx.value(
        "SELECT 1 FROM activities a JOIN participations p ON p.activity_id = a.id AND p.person_id = :person AND p.state = 'in' "
        "LEFT JOIN activity_roles r ON r.id = p.role_id WHERE a.id = :activity AND (a.group_id = :group OR r.partner_id = :group) "
        "AND a.state <> 'cancelled' AND a.ends_at <= :now",
        person=person_id,
        activity=activity_id,
        group=group_id,
        now=tx.now,
    )
    return found is not None


async def check_not_missed(tx: Transaction, activity: Activity, person_id: int, me: Person) -> None:
    """Raises Refused for somebody who is confirmed not to have been there; who may correct it is led to where that is done."""
    missed = await tx.value(
        "SELECT 1 FROM participations WHERE activity_id = :activity AND person_id = :person AND state = 'in' AND came = 0 "
        "AND confirmed_at IS NOT NULL",
        activity=activity.id,
        person=person_id,
    )
    if missed is None:
        return
    found = await asking.view(tx, activity.id, me)
    if not me.is_admin and not found.leads:
        raise Refused(
            say(
                "The roll of “{title}” says that this person was not there. Nothing was saved; whoever leads it can correct "
                "that first.",
                title=activity.title,
            ),
            asking.to_card(activity.id),
        )
    raise Refused(
        say(
            "The roll of “{title}” says that this person was not there. Nothing was saved; correct that first.",
            title=activity.title,
        ),
        WayOut(say("Who came?"), press("activities.roll", activity.id)),
    )
