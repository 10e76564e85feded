"""What counts: entries are written and taken back, and the kept sums follow them."""

from bot.config import Hours
from bot.domain import audit, people
from bot.domain.hours import approving, certificates, stars, telling
from bot.domain.hours.finding import by_id
from bot.domain.hours.things import LIVE, REASONS, Record
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused
from bot.storage import Transaction


async def hold(tx: Transaction, *person_ids: int) -> None:
    """Be alone with the hours of these people until the commit; all wait for one another in one order."""
    await audit.take_turn(tx)
    for person_id in sorted(set(person_ids)):
        await tx.run(
            "INSERT INTO hours_accounts (person_id) VALUES (:id) ON CONFLICT (person_id) DO NOTHING", id=person_id
        )
        await tx.value("SELECT person_id FROM hours_accounts WHERE person_id = :id /*pg FOR UPDATE*/", id=person_id)


async def count(tx: Transaction, record_id: int, rules: Hours, audit_number: int) -> bool:
    """Let a pending record count if all agree who must: its entry is written, sums and stars follow. False if not."""
    counted = await count_only(tx, record_id, audit_number)
    if counted:
        await stars.follow(tx, (await by_id(tx, record_id)).person_id, rules)
    return counted


async def count_only(tx: Transaction, record_id: int, audit_number: int) -> bool:
    """The same, for whoever looks at the stars once after many."""
    record = await by_id(tx, record_id)
    approvals = await approving.approvals_for(tx, record)
    if approvals is None:
        return False
    counted = await tx.run(
        "UPDATE hours_records SET state = 'standing', settled_at = :now WHERE id = :id AND state = 'pending'",
        now=tx.now,
        id=record.id,
    )
    if counted:
        seconds = [each.approver_id for each in approvals if each.kind == "approval"]
        await _write(tx, record, record.minutes, REASONS[record.grade], record.entered_by, audit_number, seconds[-1:])
    return bool(counted)


WRITE = """
    INSERT INTO hours_entries (record_id, person_id, grade, minutes, reason, cause, actor_id, approver_id, bot, came_from,
        audit_number, reverses, at)
    VALUES (:record_id, :person_id, :grade, :minutes, :reason, :cause, :actor, :approver, :bot, :came_from,
        :audit_number, :reverses, :now)
"""


async def _write(
    tx: Transaction,
    record: Record,
    minutes: int,
    reason: str,
    actor: int,
    audit_number: int,
    approver: list[int],
    reverses: int | None = None,
) -> None:
    await tx.run(
        WRITE,
        record_id=record.id,
        person_id=record.person_id,
        grade=record.grade,
        minutes=minutes,
        reason=reason,
        cause=record.cause,
        actor=actor,
        approver=approver[0] if approver else None,
        bot=tx.bot,
        came_from=tx.cause,
        audit_number=audit_number,
        reverses=reverses,
        now=tx.now,
    )
    column = record.grade.value.lower()
    await tx.run(
        f"UPDATE hours_accounts SET {column} = {column} + :minutes WHERE person_id = :id",  # noqa: S608 - one of four letters
        minutes=minutes,
        id=record.person_id,
    )


async def reverse(tx: Transaction, record_id: int, *, by: Person, rules: Hours, told_by_caller: bool = False) -> Record:
    """Take back what a record gave, by an entry that names it; what only waited is refused instead.

    Stars and certificates that rest on it follow, and a dispute about it is settled. Raises Refused when it doesn't count
    (any more), and for one's own.
    """
    record = await by_id(tx, record_id)
    if by.id == record.person_id:
        raise Refused(say("Nobody corrects his own hours; please ask somebody else. Nothing was changed."))
    await hold(tx, record.person_id)
    record = await by_id(tx, record_id)
    if not await take_off(tx, record, by=by, rules=rules):
        raise Refused(say("These hours don't count any more. Nothing was changed."))
    await _close_dispute(tx, record, by)
    after = await by_id(tx, record_id)
    if told_by_caller:
        return after
    person = await people.by_id(tx, record.person_id)
    lines = (say("{name} has taken hours of yours back:", name=by.nickname), telling.what(record))
    await telling.tell(tx, person, after, *lines, key=f"hours.reversed:{record.id}")
    return after


async def _close_dispute(tx: Transaction, record: Record, by: Person) -> None:
    """Whoever said that it is wrong has what he asked for: nothing is left to be answered."""
    await tx.run(
        "UPDATE hours_disputes SET outcome = 'withdrawn', answered_at = :now, answered_by = :by "
        "WHERE record_id = :id AND outcome IS NULL",
        now=tx.now,
        by=by.id,
        id=record.id,
    )


async def take_off(tx: Transaction, record: Record, *, by: Person, rules: Hours, follow: bool = True) -> bool:
    """Take it back or refuse it, whichever is open; False where neither is. The caller holds the person's hours.

    Without `follow` the caller looks at the stars himself, once after many.
    """
    state = "refused" if record.is_pending else "reversed"
    done = await tx.run(
        f"UPDATE hours_records SET state = :state, settled_at = :now, settled_by = :by WHERE id = :id AND {LIVE} "  # noqa: S608
        "AND state = :was",
        state=state,
        now=tx.now,
        by=by.id,
        id=record.id,
        was=record.state,
    )
    if not done:
        return False
    number = await audit.note(tx, f"hours.{state}", record.name, by=by.id, person=record.person_id)
    entry = await tx.value("SELECT id FROM hours_entries WHERE record_id = :id AND reverses IS NULL", id=record.id)
    if entry is not None:
        await _write(tx, record, -record.minutes, "reversal", by.id, number, [], reverses=entry)
        if follow:
            await stars.follow(tx, record.person_id, rules)
        await certificates.revoke_for(tx, record.person_id, record.day, entry, by=by)
    return True
