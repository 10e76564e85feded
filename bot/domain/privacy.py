"""One's own data: everything that is kept of somebody, and leaving for good."""

import json
from dataclasses import dataclass
from typing import Any

from bot import due, outbox
from bot.config import House
from bot.domain import (
    activities,
    callouts,
    calls,
    council,
    feedback,
    groups,
    honours,
    hours,
    minors,
    neighbours,
    partners,
    people,
    points,
    projects,
    rotas,
    series,
    services,
    shop,
)
from bot.domain.activities import ageing
from bot.domain.people import Person
from bot.due import Due
from bot.outbox import Sending
from bot.storage import Transaction

FEATURES = {
    "people": people.known_of,
    "groups": groups.known_of,
    "activities": activities.known_of,
    "projects": projects.known_of,
    "partners": partners.known_of,
    "series": series.known_of,
    "rotas": rotas.known_of,
    "points": points.known_of,
    "hours": hours.known_of,
    "minors": minors.known_of,
    "neighbours": neighbours.known_of,
    "feedback": feedback.known_of,
    "honours": honours.known_of,
    "shop": shop.known_of,
    "council": council.known_of,
    "calls": calls.known_of,
    "call-outs": callouts.known_of,
    "services": services.known_of,
    # By far the longest, so that it stands last.
    "messages": people.messages_of,
}


async def _let_children_go(tx: Transaction, person: Person) -> None:
    """Whose consent ends with a guardian is out of all that is ahead; for whom a leader was there, others are asked to be."""
    await ageing.let_wards_go(tx, person)
    await ageing.ask_who_is_there(tx, person, leaves=True)


# What becomes of it when somebody leaves, room by room, in this order.
LEAVING = (
    calls.forget,
    projects.forget,
    partners.forget,
    rotas.forget,
    activities.forget,
    council.forget,
    groups.forget,
    points.forget,
    hours.forget,
    feedback.forget,
    series.forget,
    honours.forget,
    shop.forget,
    _let_children_go,
    minors.forget,
    neighbours.forget,
    services.forget,
    callouts.forget,
)
ERASING = "privacy.erase"
# The farewell must have been sent before what is left of its address can go.
ERASE_AFTER_SECONDS = 600
ERASE_AGAIN_SECONDS = 3600


@dataclass(frozen=True)
class Leaving:
    """What leaving for good means for one person, in numbers."""

    memberships: int
    led: int
    sign_ups: int
    children: int
    duties: int
    reservations: int
    requests: int
    claims: int
    points: int
    minutes: int
    certificates: int
    entries: int
    topics: int
    needs: int
    answers: int
    audit_rows: int


# Questions


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Everything kept of somebody, by feature; instants are Unix seconds."""
    found = {name: await known(tx, person) for name, known in FEATURES.items()}
    found["people"] |= await people.known_before(tx, person)
    for before in await people.merged_into(tx, person.id):
        found[f"record {before.id}"] = {name: await known(tx, before) for name, known in FEATURES.items()}
    return found


# Each of these is a line of what goes or stays.
COUNTED = {
    "memberships": "SELECT COUNT(*) FROM memberships WHERE person_id = :id AND state <> 'left'",
    "led": "SELECT COUNT(*) FROM leaders WHERE person_id = :id",
    "sign_ups": "SELECT COUNT(*) FROM participations p JOIN activities a ON a.id = p.activity_id "
    "WHERE p.person_id = :id AND p.state <> 'out' AND a.state = 'open' AND a.starts_at > :now",
    "children": "SELECT COUNT(DISTINCT person_id) FROM guardianships "
    "WHERE guardian_id = :id AND consented_at IS NOT NULL AND withdrawn_at IS NULL",
    "reservations": "SELECT COUNT(*) FROM redemptions WHERE person_id = :id AND state = 'reserved'",
    "requests": "SELECT COUNT(*) FROM service_requests WHERE asker_id = :id AND state IN ('open', 'taken', 'blocked') "
    "AND block NOT IN ('grid', 'information', 'publicity')",
    "claims": "SELECT COUNT(*) FROM projects "
    "WHERE holder_id = :id AND holder_group_id IS NULL AND state IN ('claimed', 'underway')",
    "certificates": "SELECT COUNT(*) FROM hours_certificates WHERE person_id = :id AND revoked_at IS NULL",
    "entries": "SELECT COUNT(*) FROM accounts a JOIN entries e ON e.account_id = a.id "
    "WHERE a.kind = 'member' AND a.owner = :id",
    "topics": "SELECT COUNT(*) FROM council_topics WHERE proposer_id = :id AND state <> 'draft'",
    "needs": "SELECT COUNT(*) FROM projects WHERE giver_id = :id",
    "answers": "SELECT COUNT(*) FROM feedback WHERE person_id = :id",
    "audit_rows": "SELECT (SELECT COUNT(*) FROM audit WHERE actor_id = :id) "
    "+ (SELECT COUNT(*) FROM audit WHERE subject = :subject)",
}


async def leaving(tx: Transaction, person: Person) -> Leaving:
    """What would go and what would stay if this person left now."""
    values: dict[str, int | str] = {"id": person.id, "now": tx.now, "subject": f"person:{person.id}"}
    numbers = {
        name: int(await tx.value(sql, **{key: value for key, value in values.items() if f":{key}" in sql}))
        for name, sql in COUNTED.items()
    }
    return Leaving(
        duties=await rotas.ahead_number(tx, person),
        points=await points.balance(tx, person.id),
        minutes=(await hours.sums(tx, person.id)).total,
        **numbers,
    )


# Deeds


async def forget(tx: Transaction, person: Person) -> None:
    """Leave everything and destroy the identity. Raises Refused for the only admin; then nothing is changed."""
    await people.check_may_leave(tx, person)
    for before in await people.merged_into(tx, person.id):
        await _leave_rooms(tx, before)
    await _leave_rooms(tx, person)
    await people.forget_before(tx, person)
    await _forget_menu(tx, person)
    await people.forget(tx, person)
    await due.plan(tx, ERASING, f"person:{person.id}", tx.now + ERASE_AFTER_SECONDS)


async def _leave_rooms(tx: Transaction, person: Person) -> None:
    for forget_in in LEAVING:
        await forget_in(tx, person)


async def _forget_menu(tx: Transaction, person: Person) -> None:
    """His menu of commands on Telegram becomes everybody's, and what it was is not kept."""
    name = f"person:{person.id}"
    if await tx.run("DELETE FROM menus WHERE bot = :bot AND name = :name", bot=tx.bot, name=name):
        scope = {"type": "chat", "chat_id": person.telegram_id}
        await outbox.put(tx, Sending("deleteMyCommands", {"scope": scope}))


async def erase(tx: Transaction, due_now: Due, house: House) -> None:
    """What was still on its way to somebody who left has arrived by now: its address and text go too."""
    left = 0
    for row in await tx.all(ADDRESSED, bot=tx.bot, since=due_now.due_at - 2 * ERASE_AGAIN_SECONDS):
        chat_id = row["chat_id"] or json.loads(row["params"]).get("scope", {}).get("chat_id")
        if chat_id is None or await people.by_telegram(tx, chat_id):
            continue
        if row["done_at"] is None:
            left += 1
        else:
            await tx.run(
                "UPDATE outbox SET chat_id = NULL, params = '{}', file_id = NULL, error = NULL WHERE id = :id",
                id=row["id"],
            )
    if left:
        await due.plan(tx, ERASING, due_now.subject, tx.now + ERASE_AGAIN_SECONDS)


# Private messages to people who are not, or not any more, registered: those that wait, are on their way, or were sent in
# the last hours; and menus for one chat.
_STRANGERS = "chat_id + 0 > 0 AND NOT EXISTS (SELECT 1 FROM people WHERE telegram_id = outbox.chat_id)"
ADDRESSED = f"""
    SELECT id, chat_id, params, done_at FROM outbox WHERE bot = :bot AND state = 'new' AND {_STRANGERS}
    UNION ALL SELECT id, chat_id, params, done_at FROM outbox
        WHERE bot = :bot AND state IN ('taken', 'sending') AND {_STRANGERS}
    UNION ALL SELECT id, chat_id, params, done_at FROM outbox WHERE done_at >= :since AND {_STRANGERS}
    UNION ALL SELECT id, chat_id, params, done_at FROM outbox
        WHERE method IN ('setMyCommands', 'deleteMyCommands') AND params LIKE '%chat_id%'
"""  # noqa: S608 - put together from two texts of our own
