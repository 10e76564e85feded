"""Agreeing to a record, or saying no: never for oneself, never to what one entered, never in a pair."""

from bot.domain import audit, groups
from bot.domain.hours.finding import approvals_of
from bot.domain.hours.things import Approval, Record, suffices
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction


def month_of(tx: Transaction) -> int:
    """The county's month, such as 202611."""
    return tx.today.year * 100 + tx.today.month


# Questions


async def are_a_pair(tx: Transaction, approver_id: int, person_id: int) -> bool:
    """Has `person_id` agreed to hours of `approver_id` this month? Then the other way round is not possible."""
    found = await tx.value(
        "SELECT 1 FROM hours_approvals WHERE approver_id = :person_id AND person_id = :approver_id AND month = :month "
        "LIMIT 1",
        person_id=person_id,
        approver_id=approver_id,
        month=month_of(tx),
    )
    return found is not None


async def approvals_for(tx: Transaction, record: Record) -> list[Approval] | None:
    """Those who agreed, if they are enough; None if somebody's agreement is missing."""
    approvals = await approvals_of(tx, record.id)
    return approvals if suffices(record.needs, approvals) else None


async def check(tx: Transaction, record: Record, approver: Person) -> None:
    """Raises Refused unless this person may agree to this record."""
    waiting = WayOut(say("Hours that wait"), "hours.waiting")
    if not record.is_pending:
        raise Refused(say("This was decided before. Nothing was changed now."), waiting)
    if approver.id == record.person_id:
        raise Refused(say("Nobody agrees to his own hours; somebody else has to. Nothing was changed."), waiting)
    if approver.id == record.entered_by:
        raise Refused(
            say("You entered these hours yourself; somebody else has to agree. Nothing was changed."), waiting
        )
    if await are_a_pair(tx, approver.id, record.person_id):
        raise Refused(
            say(
                "This person has agreed to hours of yours this month, so somebody else has to agree to theirs. "
                "Nothing was changed."
            ),
            waiting,
        )
    leads = record.group_id is not None and await groups.leads(tx, record.group_id, approver)
    if not approver.is_admin and (record.needs >= 2 or not leads):
        raise Refused(
            say("Only leaders of the group can agree to this, or county admins. Nothing was changed.")
            if record.needs < 2
            else say("So many hours need the agreement of a county admin. Nothing was changed.")
        )
    if any(each.approver_id == approver.id for each in await approvals_of(tx, record.id)):
        raise Refused(say("You have agreed already; one more person has to. Nothing was changed."), waiting)


# Deeds


async def agree(tx: Transaction, record: Record, by: Person, kind: str, audit_number: int) -> None:
    """Write down that somebody agreed; whether that is enough is asked by `count`."""
    await tx.run(
        "INSERT INTO hours_approvals (record_id, approver_id, person_id, kind, as_admin, month, came_from, audit_number, "
        "at) VALUES (:record, :by, :person, :kind, :as_admin, :month, :came_from, :audit_number, :now)",
        record=record.id,
        by=by.id,
        person=record.person_id,
        kind=kind,
        as_admin=int(by.is_admin),
        month=month_of(tx),
        came_from=tx.cause,
        audit_number=audit_number,
        now=tx.now,
    )


async def noted(tx: Transaction, record: Record, by: Person) -> int:
    """The number of the audit row that says who agreed to a record."""
    return await audit.note(tx, "hours.approved", record.name, by=by.id, person=record.person_id)
