"""What groups keep of one person, and how they forget him."""

from typing import Any

from bot.cards import Button, card, press
from bot.domain import people
from bot.domain.groups.finding import by_id
from bot.domain.groups.joining import move_queue
from bot.domain.people import Person
from bot.domain.promises import Broken, Promise, broken
from bot.locales import say
from bot.storage import Transaction

KNOWN = {
    "memberships": "SELECT m.*, g.name AS group_name FROM memberships m JOIN groups g ON g.id = m.group_id "
    "WHERE m.person_id = :id ORDER BY m.id",
    "groups led": "SELECT l.*, g.name AS group_name FROM leaders l JOIN groups g ON g.id = l.group_id "
    "WHERE l.person_id = :id ORDER BY l.since, g.id",
    "requests to join": "SELECT r.chat_id, r.asked_at FROM join_requests r JOIN people p ON p.telegram_id = r.telegram_id "
    "WHERE p.id = :id ORDER BY r.asked_at",
    "groups made": "SELECT id, name, made_at FROM groups WHERE made_by = :id ORDER BY id",
}

PROMISES = (
    Promise(
        "members",
        "A group has as many members as are kept with it.",
        """
        SELECT g.id, g.members FROM groups g WHERE g.members <>
            (SELECT COUNT(*) FROM memberships m WHERE m.group_id = g.id AND m.state = 'in')
        """,
    ),
    Promise(
        "leaders",
        "Somebody leads as many open groups as are kept with him.",
        """
        SELECT p.id, p.groups_led FROM people p WHERE p.groups_led <>
            (SELECT COUNT(*) FROM leaders l JOIN groups g ON g.id = l.group_id
             WHERE l.person_id = p.id AND g.closed_at IS NULL)
        """,
    ),
)


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well. Reads whole tables: seconds for millions."""
    return await broken(tx, PROMISES)


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Every row of groups about this person, by what it is."""
    return {name: [dict(row) for row in await tx.all(sql, id=person.id)] for name, sql in KNOWN.items()}


async def forget(tx: Transaction, person: Person) -> None:
    """Leave every group and queue, the next ones get in, and lay down every lead; nothing is refused.

    Admins are told of a group that has no leader any more. Old memberships go too: nothing counts them.
    """
    led = await tx.all("DELETE FROM leaders WHERE person_id = :id RETURNING group_id", id=person.id)
    freed = await tx.all(
        "DELETE FROM memberships WHERE person_id = :id AND state = 'in' RETURNING group_id", id=person.id
    )
    await tx.run("DELETE FROM memberships WHERE person_id = :id", id=person.id)
    await tx.run("DELETE FROM join_requests WHERE telegram_id = :telegram_id", telegram_id=person.telegram_id)
    for group_id in sorted(row["group_id"] for row in freed):
        await tx.run("UPDATE groups SET members = members - 1 WHERE id = :group_id", group_id=group_id)
        await move_queue(tx, group_id)
    for group_id in sorted(row["group_id"] for row in led):
        await _tell_leaderless(tx, group_id)


async def _tell_leaderless(tx: Transaction, group_id: int) -> None:
    group = await by_id(tx, group_id)
    if not group.is_open or await tx.value("SELECT 1 FROM leaders WHERE group_id = :id", id=group_id):
        return
    screen = card(
        say("<b>{group}</b> has no leader any more: its last one has left the county's bot.", group=group.name),
        rows=((Button(say("Lead the group"), press("groups.lead", group_id)),),),
    )
    await people.tell_admins(tx, screen)
