"""What follows on closing a group: its people are told and let go, a slice at a time."""

from dataclasses import replace

from bot import due
from bot.cards import Button, Card, card, press
from bot.config import House
from bot.domain import audit, people, telling
from bot.domain.groups.belonging import leaders_of
from bot.domain.groups.finding import Group, by_id
from bot.domain.groups.joining import UNDO_SECONDS
from bot.domain.groups.meeting import post, untie
from bot.domain.telling import LAST_POSSIBLE, Audience
from bot.due import Due
from bot.locales import say
from bot.outbox import Lane
from bot.storage import Transaction

WINDING_UP = "groups.wind_up"
LETTING_GO = "groups.let_go"
LEFT = "FROM memberships m JOIN people p ON p.id = m.person_id WHERE m.group_id = :group_id AND m.state <> 'left'"
END = """
    UPDATE memberships SET left_from = state, state = 'left', left_at = :now, removed_why = 'closed'
    WHERE group_id = :group_id AND state <> 'left' AND id > :after AND id <= :last RETURNING left_from
"""


async def plan_after_closing(tx: Transaction, deed: str, group_id: int) -> None:
    """Let this deed follow on a group that was just closed, once the closing can't be undone any more."""
    await due.plan(tx, deed, f"group:{group_id}", tx.now + UNDO_SECONDS)


async def is_closed_for_good(tx: Transaction, group_id: int) -> bool:
    """Whether it is closed, and has been since before this could be undone."""
    group = await by_id(tx, group_id)
    return group.closed_at is not None and group.closed_at <= tx.now - UNDO_SECONDS


async def wind_up(tx: Transaction, planned: Due, house: House) -> None:
    """A minute after a group was closed: tell its leaders, leave its Telegram group, let the first of its people go."""
    group = await by_id(tx, planned.number)
    if group.is_open:
        return
    for leader in await leaders_of(tx, group.id):
        await people.tell(tx, leader, _farewell(group), lane=Lane.BROADCAST, key=f"{_name(group)}:{leader.id}")
    await tx.run("DELETE FROM leaders WHERE group_id = :group_id", group_id=group.id)
    await post(tx, group, card(say("<b>{group}</b> was closed by the county.", group=group.name)))
    await untie(tx, group)
    await let_go(tx, replace(planned, deed=LETTING_GO, subject=f"group:{group.id}:0"), house)


async def let_go(tx: Transaction, item: Due, house: House) -> None:
    """Tell and let go the next slice of members and of those who wait; after several, whoever closed it is told."""
    group, after = await by_id(tx, item.number), int(item.subject.rpartition(":")[2])
    part = await telling.spread(
        tx, item, _name(group), Audience(LEFT, "m.id", {"group_id": group.id}), _farewell(group)
    )
    await _end(tx, group, after, LAST_POSSIBLE if part.finished else part.last)
    if part.finished and after:
        await _tell_closer(tx, group)


def _name(group: Group) -> str:
    return f"{WINDING_UP}:{group.id}"


def _farewell(group: Group) -> Card:
    return card(
        say("<b>{group}</b> was closed by the county. Your points stay as they are.", group=group.name),
        say("Perhaps another group is something for you?"),
        rows=((Button(say("Interest groups"), "groups.list"),),),
    )


async def _end(tx: Transaction, group: Group, after: int, last: int) -> None:
    """End these memberships and waits; the kept number of members goes down with them."""
    ended = await tx.all(END, now=tx.now, group_id=group.id, after=after, last=last)
    members = sum(row["left_from"] == "in" for row in ended)
    await tx.run("UPDATE groups SET members = members - :members WHERE id = :id", members=members, id=group.id)


async def _tell_closer(tx: Transaction, group: Group) -> None:
    closed = await audit.last_of(tx, "group.closed", f"group:{group.id}")
    assert closed.actor_id is not None, "a group is closed by an admin"
    done = card(
        say("<b>{group}</b> is closed: everybody who was in it has been told and let go.", group=group.name),
        rows=((Button(say("Open the group"), press("groups.open", group.id)),),),
    )
    await people.tell(tx, await people.by_id(tx, closed.actor_id), done, key=f"{LETTING_GO}:{group.id}")
