"""Asking for help, and what becomes of it: taken or given to somebody, answered, blocked, done, withdrawn, rated."""

from typing import Any

from bot import due
from bot.cards import card, press
from bot.domain import audit, callouts, groups, people
from bot.domain.callouts import Area
from bot.domain.people import Person
from bot.domain.services import asking, telling
from bot.domain.services.places import blocks_of, working
from bot.domain.services.things import (
    BLOCKS,
    COUNTY_HOURS,
    DUTIES,
    HOUR,
    LATE_HOURS,
    LATE_STEPS,
    LIVE_PER_PERSON_MAX,
    ROLE_NAMES,
    UNDO_SECONDS,
    Request,
    Role,
    State,
    View,
)
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

INSERT = """
    INSERT INTO service_requests (block, group_id, area_id, asker_id, words, by_at, made_at)
    VALUES (:block, :group, :area, :by, :words, :by_at, :now) RETURNING id
"""


async def ask(
    tx: Transaction, block: str, words: str, *, by: Person, group_id: int | None = None, area_id: int | None = None
) -> Request:
    """Ask a service point, or an area's liaisons, for help; they are told. Raises Refused where nobody is there."""
    if block not in BLOCKS:
        raise Refused(say("There is no such kind of help. Nothing was changed."))
    await _check_number(tx, by)
    if area_id is not None:
        there = bool(await working(tx, (await callouts.area(tx, area_id)).id, Role.LIAISON))
    else:
        there = group_id is not None and await _helps(tx, group_id, block)
    if not there:
        raise Refused(
            say("Nobody is there for it any more. Nothing was sent; please choose somebody else."),
            WayOut(say("Ask for help"), press("services.block", block, 0)),
        )
    return await _insert(tx, block, words, by, group_id=group_id, area_id=area_id)


async def _helps(tx: Transaction, group_id: int, block: str) -> bool:
    return (await groups.by_id(tx, group_id)).is_open and block in await blocks_of(tx, group_id)


async def _check_number(tx: Transaction, by: Person) -> None:
    await people.held(tx, by.id)
    number = await tx.value(
        "SELECT COUNT(*) FROM service_requests WHERE asker_id = :by AND state IN ('open', 'taken', 'blocked') "
        "AND block NOT IN ('grid', 'information', 'publicity')",
        by=by.id,
    )
    if number >= LIVE_PER_PERSON_MAX:
        raise Refused(
            say(
                "{n} of your requests are still going on, and no more can. Nothing was sent. Withdraw one, or wait a little.",
                n=number,
            ),
            WayOut(say("My requests"), "services.list:mine"),
        )


async def give_duty(tx: Transaction, area_id: int, role: Role, words: str, by_at: int | None, *, by: Person) -> Request:
    """Give an area's workers something to do; they are told. Raises Refused for others than admins."""
    people.only_admins(by)
    area = await callouts.area(tx, area_id)
    if role.value not in DUTIES or not await working(tx, area.id, role):
        raise Refused(
            say("Nobody in {area} can be given this yet. Nothing was saved; name somebody first.", area=area.name),
            WayOut(say("Who works here"), press("services.workers", area.id)),
        )
    return await _insert(tx, role.value, words, by, area_id=area.id, by_at=by_at)


async def _insert(
    tx: Transaction,
    block: str,
    words: str,
    by: Person,
    *,
    group_id: int | None = None,
    area_id: int | None = None,
    by_at: int | None = None,
) -> Request:
    values = {"block": block, "group": group_id, "area": area_id, "by": by.id, "words": words, "by_at": by_at}
    request = await asking.by_id(tx, int(await tx.value(INSERT, **values, now=tx.now)))
    await telling.tell_new(tx, request, but=by)
    if not request.is_duty:
        for step, hours in zip(LATE_STEPS, (LATE_HOURS, COUNTY_HOURS), strict=True):
            await due.plan(tx, telling.LATE, f"{request.name}:{step}", tx.now + hours * HOUR)
    return request


async def _move(tx: Transaction, request: Request, changes: str, **values: Any) -> Request:
    """Change a request whose row is held; how it stands then."""
    await tx.run(f"UPDATE service_requests SET {changes} WHERE id = :id", id=request.id, **values)  # noqa: S608
    return await asking.by_id(tx, request.id)


def _stands(request: Request) -> Refused:
    return Refused(
        say("This has been taken, done or withdrawn in the meantime. Nothing was changed."),
        WayOut(say("Open"), press("services.one", request.id)),
    )


async def _held_by_handler(tx: Transaction, request_id: int, by: Person, *states: State) -> Request:
    found = await asking.view(tx, request_id, by, hold=True)
    if not found.handles or found.request.state not in states:
        raise _stands(found.request)
    return found.request


async def take(tx: Transaction, request_id: int, *, by: Person) -> Request:
    """Take it on oneself. Raises Refused for whoever may not, and when somebody was quicker."""
    found = await asking.view(tx, request_id, by, hold=True)
    own = found.mine and not found.request.is_duty
    if own or not await asking.runs(tx, found.request, by) or found.request.state is not State.OPEN:
        raise _stands(found.request)
    return await _move(tx, found.request, "state = 'taken', handler_id = :by", by=by.id)


async def assign(tx: Transaction, request_id: int, person_id: int, *, by: Person) -> Request:
    """Give it to a member of the group, or a worker of the area; both he and whoever asked are told. Raises Refused."""
    found = await asking.view(tx, request_id, by, hold=True)
    person = await people.held(tx, person_id)
    if not found.manages or not found.request.is_live:
        raise _stands(found.request)
    if not await _fits(tx, found, person):
        raise Refused(
            say(
                "{name} can't be given this: whoever asked doesn't see to it himself, and only people of {where} do. "
                "Nothing was changed.",
                name=person.nickname,
                where=found.request.where,
            ),
            WayOut(say("Give it to somebody"), press("services.assign", request_id)),
        )
    request = await _move(tx, found.request, "state = 'taken', handler_id = :person", person=person.id)
    await telling.tell_assigned(tx, request, person, by)
    return request


async def _fits(tx: Transaction, found: View, person: Person) -> bool:
    if found.request.asker_id == person.id and not found.request.is_duty:
        return False
    if found.request.group_id is not None:
        return await groups.belongs(tx, found.request.group_id, person)
    return await asking.runs(tx, found.request, person)


async def give_back(tx: Transaction, request_id: int, *, by: Person) -> Request:
    """Let somebody else have it. Raises Refused."""
    request = await _held_by_handler(tx, request_id, by, State.TAKEN, State.BLOCKED)
    back = await _move(tx, request, "state = 'open', handler_id = NULL, outcome = ''")
    await telling.tell_new(tx, back, but=by)
    return back


async def speak(tx: Transaction, request_id: int, words: str, *, by: Person, private: bool = False) -> Request:
    """Say something to the other side, or note it for oneself alone; a handler's first word is the answer.

    Raises Refused for others than whoever asked and whoever has it.
    """
    found = await asking.view(tx, request_id, by, hold=True)
    request = found.request
    if not (found.handles or (found.mine and not private)) or not (request.is_live or private):
        raise _stands(request)
    await tx.run(
        "INSERT INTO service_words (request_id, by_id, words, private, at) VALUES (:id, :by, :words, :private, :now)",
        id=request.id,
        by=by.id,
        words=words,
        private=int(private),
        now=tx.now,
    )
    if private:
        return request
    await telling.tell_spoken(tx, request, words, by, to=request.asker_id if found.handles else request.handler_id)
    return await _replied(tx, request) if found.handles else request


async def _replied(tx: Transaction, request: Request) -> Request:
    return await _move(tx, request, "replied_at = COALESCE(replied_at, :now)", now=tx.now)


async def block(tx: Transaction, request_id: int, reason: str, *, by: Person) -> Request:
    """Say that one can't go on, and why; whoever asked is told. Raises Refused."""
    request = await _held_by_handler(tx, request_id, by, State.TAKEN)
    blocked = await _move(tx, await _replied(tx, request), "state = 'blocked', outcome = :why", why=reason)
    await telling.tell_blocked(tx, blocked)
    return blocked


async def resume(tx: Transaction, request_id: int, *, by: Person) -> Request:
    """Go on with it. Raises Refused."""
    request = await _held_by_handler(tx, request_id, by, State.BLOCKED)
    return await _move(tx, request, "state = 'taken', outcome = ''")


async def finish(tx: Transaction, request_id: int, outcome: str, minutes: int, *, by: Person) -> Request:
    """Log what was done and how long it took; a minute later whoever asked is told, and asked once how it was."""
    request = await _held_by_handler(tx, request_id, by, State.TAKEN, State.BLOCKED)
    done = "state = 'done', done_at = :now, outcome = :outcome, minutes = :minutes"
    after = await _move(tx, await _replied(tx, request), done, now=tx.now, outcome=outcome, minutes=minutes)
    await due.plan(tx, telling.DONE, request.name, tx.now + UNDO_SECONDS)
    return after


async def undo(tx: Transaction, request_id: int, *, by: Person) -> Request:
    """It is not done after all, while nobody has been told. Raises Refused after a minute."""
    request = await _held_by_handler(tx, request_id, by, State.DONE)
    if not await due.drop(tx, request.name, telling.DONE):
        raise Refused(
            say("There is nothing to undo: that works for {n} seconds. Nothing was changed.", n=UNDO_SECONDS),
            WayOut(say("Open"), press("services.one", request.id)),
        )
    return await _move(tx, request, "state = 'taken', done_at = NULL, outcome = '', minutes = NULL")


async def withdraw(tx: Transaction, request_id: int, *, by: Person) -> Request:
    """Ask for it no more; whoever has it is told. Raises Refused for others than whoever asked."""
    found = await asking.view(tx, request_id, by, hold=True)
    if not found.mine or not found.request.is_live:
        raise _stands(found.request)
    gone = await _move(tx, found.request, "state = 'withdrawn'")
    await telling.tell_withdrawn(tx, gone)
    return gone


async def rate(tx: Transaction, request_id: int, content: int, *, by: Person) -> Request:
    """Say once how it was: 2 yes, 1 partly, 0 no. Raises Refused for others, and for a second time."""
    rated = await tx.run(
        "UPDATE service_requests SET content = :content WHERE id = :id AND asker_id = :by AND state = 'done' "
        "AND content IS NULL AND block NOT IN ('grid', 'information', 'publicity')",
        content=min(content, 2),
        id=request_id,
        by=by.id,
    )
    if not rated:
        raise Refused(say("You have said so already, or it is not yours to say. Nothing was changed."))
    return await asking.by_id(tx, request_id)


GONE = "DELETE FROM area_workers WHERE area_id = :area AND person_id = :person AND role = :role"
LET_GO = """
    UPDATE service_requests SET state = 'open', handler_id = NULL WHERE area_id = :area AND handler_id = :person
    AND state IN ('taken', 'blocked')
    AND :role = CASE WHEN block IN ('grid', 'information', 'publicity') THEN block ELSE 'liaison' END RETURNING id
"""
UNTAKEN = """
    SELECT id FROM service_requests WHERE area_id = :area AND state = 'open'
    AND :role = CASE WHEN block IN ('grid', 'information', 'publicity') THEN block ELSE 'liaison' END
"""


async def dismiss(tx: Transaction, area_id: int, person_id: int, role: Role, *, by: Person) -> Area:
    """Let somebody work for an area no more; what he had there waits for others, who hear of it. Raises Refused."""
    people.only_admins(by)
    area = await callouts.area(tx, area_id)
    values: dict[str, Any] = {"area": area.id, "person": person_id, "role": role}
    if not await tx.run(GONE, **values):
        raise Refused(say("That is so already. Nothing was changed."))
    await audit.note(tx, "area.worker.gone", f"area:{area.id}", by=by.id, person=person_id)
    gone = await people.by_id(tx, person_id)
    await _hand_over(tx, values, area, role, gone)
    if by.id != gone.id:
        words = say(
            "You are no longer {role} for {area}. What you had there waits for others.",
            role=ROLE_NAMES[role],
            area=area.name,
        )
        await people.tell(tx, gone, card(words))
    return area


async def _hand_over(tx: Transaction, values: dict[str, Any], area: Area, role: Role, gone: Person) -> None:
    """Those who are left hear of what he had; where nobody is, the county hears of all that waits there."""
    waiting = {row["id"] for row in await tx.all(LET_GO, **values)}
    if not await working(tx, area.id, role):
        waiting |= {row["id"] for row in await tx.all(UNTAKEN, area=area.id, role=role)}
    for request_id in sorted(waiting):
        await telling.tell_new(tx, await asking.by_id(tx, request_id), but=gone)
