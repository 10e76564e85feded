"""What the guided tour plays with: a task that takes sign-ups, its group's leader, the county's admin."""

from collections.abc import AsyncIterator

from bot.domain import activities, groups, people
from bot.domain.activities import Activity, Kind, View
from bot.domain.people import Person, Role
from bot.sandbox.answers import Json
from bot.storage import Transaction

PAGES_MAX = 5
SOON_SECONDS = 2 * 3600
"""Of a task that begins earlier nobody could be reminded."""


async def stage(tx: Transaction) -> Json:
    """People are named by their numbers at Telegram; empty where the county has nothing to play with."""
    admin = next(iter(await people.with_role(tx, Role.ADMIN)), None)
    if admin is None:
        return {}
    async for view in _tasks(tx, admin):
        assert view.activity.group_id is not None
        for leader in await groups.leaders_of(tx, view.activity.group_id):
            if leader.telegram_id and leader.id != admin.id:
                return _told(view, leader, admin)
    return {}


async def _tasks(tx: Transaction, admin: Person) -> AsyncIterator[View]:
    """Those that somebody new can sign up for, be reminded of, and earn points by: the soonest first."""
    for number in range(PAGES_MAX):
        for view in (await activities.ahead(tx, Kind.TASK, admin, number)).items:
            if _is_playable(view.activity, tx.now):
                yield view


def _is_playable(task: Activity, now: int) -> bool:
    # Where places are by role, whoever signs up is asked for more than one tap.
    earns = task.points > 0 and not task.held and not task.has_roles
    return earns and task.free != 0 and bool(task.group_id) and task.starts_at > now + SOON_SECONDS


def _told(view: View, leader: Person, admin: Person) -> Json:
    task = view.activity
    return {
        "task": task.id,
        "title": task.title,
        "place": task.place,
        "starts_at": task.starts_at,
        "points": task.points,
        "group": view.group_name,
        "payload": f"activities_open-{task.id}",
        "leader": leader.telegram_id,
        "admin": admin.telegram_id,
    }
