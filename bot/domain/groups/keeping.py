"""What groups keep of one person, and how they forget him."""

from typing import Any

from bot.cards import Button, card, press
from bot.domain import people
from bot.domain.groups.finding import by_id, locked
from bot.domain.groups.joining import move_queue
from bot.domain.people import Becoming, Person, rows_of, stay, told
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
# Held before anything goes: their queues move only afterwards.
STILL = """
    SELECT id FROM groups WHERE id IN (SELECT group_id FROM memberships WHERE person_id = :id AND state <> 'left')
    ORDER BY id /*pg FOR UPDATE*/
"""
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
    Promise(
        "names to be found",
        "A name that is mistyped is compared with those of open groups, and with no others.",
        "SELECT g.id FROM groups g WHERE (g.closed_at IS NULL) <> "
        "EXISTS (SELECT 1 FROM pieces p WHERE p.kind = 'name' AND p.subject = g.id)",
    ),
    Promise(
        "tree",
        "Above each group stand itself and what stands above the group it hangs under, and nothing else.",
        """
        SELECT g.id FROM groups g WHERE NOT EXISTS
            (SELECT 1 FROM group_tree t WHERE t.group_id = g.id AND t.ancestor_id = g.id)
        UNION ALL SELECT t.group_id FROM group_tree t JOIN groups g ON g.id = t.group_id WHERE t.ancestor_id <> g.id
            AND NOT EXISTS (SELECT 1 FROM group_tree p WHERE p.group_id = g.parent_id AND p.ancestor_id = t.ancestor_id)
        UNION ALL SELECT g.id FROM groups g JOIN group_tree p ON p.group_id = g.parent_id WHERE p.ancestor_id = g.id
            OR NOT EXISTS (SELECT 1 FROM group_tree t WHERE t.group_id = g.id AND t.ancestor_id = p.ancestor_id)
        """,
    ),
    Promise(
        "open branches",
        "No open group hangs under a closed one.",
        "SELECT g.id FROM groups g JOIN groups p ON p.id = g.parent_id WHERE g.closed_at IS NULL AND p.closed_at IS NOT NULL",
    ),
)


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well. Reads whole tables: seconds for millions."""
    return await broken(tx, PROMISES)


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Every row of groups about this person, by what it is."""
    return await rows_of(tx, KNOWN, person)


async def forget(tx: Transaction, person: Person) -> None:
    """Leave every group and queue, the next ones get in, and lay down every lead; nothing is refused.

    Admins are told of a group that has no leader any more. Old memberships go too: nothing counts them.
    """
    await tx.all(STILL, id=person.id)
    led = await tx.all("DELETE FROM leaders WHERE person_id = :id RETURNING group_id", id=person.id)
    gone = await tx.all("DELETE FROM memberships WHERE person_id = :id RETURNING group_id, state", id=person.id)
    await tx.run("DELETE FROM join_requests WHERE telegram_id = :telegram_id", telegram_id=person.telegram_id)
    for group_id in sorted(row["group_id"] for row in gone if row["state"] == "in"):
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


MERGED = (
    *stay("groups", "made_by"),
    *told("memberships", "person_id"),
    *stay("memberships", "removed_by"),
    *told("leaders", "person_id"),
    *stay("leaders", "given_by"),
)
LIVE = "SELECT * FROM memberships WHERE group_id = :group AND person_id = :person AND state <> 'left'"


async def merged(tx: Transaction, it: Becoming) -> None:
    """Memberships unite, the queues move up, and every lead of the old record is laid down: nobody gains one."""
    rows = await tx.all(
        "SELECT group_id FROM memberships WHERE person_id = :old AND state <> 'left' ORDER BY group_id", old=it.old.id
    )
    for row in rows:
        await _unite(tx, row["group_id"], it)
    await tx.run("UPDATE memberships SET person_id = :into WHERE person_id = :old", into=it.into.id, old=it.old.id)
    led = await tx.all("DELETE FROM leaders WHERE person_id = :old RETURNING group_id", old=it.old.id)
    for group_id in sorted(row["group_id"] for row in led):
        await _tell_leaderless(tx, group_id)
    await tx.run("DELETE FROM join_requests WHERE telegram_id = :account", account=it.account or 0)


async def _unite(tx: Transaction, group_id: int, it: Becoming) -> None:
    """Of two memberships in one group the better one is left: in before waiting, then the earlier one."""
    await locked(tx, group_id)
    old = await tx.one(LIVE, group=group_id, person=it.old.id)
    own = await tx.one(LIVE, group=group_id, person=it.into.id)
    if old is None or own is None:
        return
    worse = max(old, own, key=lambda row: (row["state"] == "waiting", row["id"]))
    await tx.run(
        "UPDATE memberships SET left_from = state, state = 'left', left_at = :now WHERE id = :id",
        now=tx.now,
        id=worse["id"],
    )
    if worse["state"] == "in":
        await tx.run("UPDATE groups SET members = members - 1 WHERE id = :group", group=group_id)
        await move_queue(tx, group_id)
