"""Questions about hours: one record, somebody's sums and records, and who may say what about them."""

from typing import Any

from bot.cards import Page, last_page, page_counted
from bot.domain import groups, people
from bot.domain.hours.things import LIVE, Approval, Record, Sums
from bot.domain.people import Person, Role
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

# Beside what else stands on these screens.
RECORDS_A_PAGE = 4
RECORD = "SELECT * FROM hours_records"


async def by_id(tx: Transaction, record_id: int) -> Record:
    """The record. Raises Refused where there is none."""
    row = await tx.one(f"{RECORD} WHERE id = :id", id=record_id)
    if row is None:
        raise Refused(
            say("There is no record of hours with the number {number}.", number=record_id),
            WayOut(say("My hours"), "hours.mine"),
        )
    return Record.of_row(row)


async def sums(tx: Transaction, person_id: int) -> Sums:
    """What the person's hours come to, by grade."""
    row = await tx.one("SELECT a, b, c, d FROM hours_accounts WHERE person_id = :id", id=person_id)
    return Sums(**row) if row else Sums()


async def live_of(tx: Transaction, person_id: int, cause: str) -> list[Record]:
    """What somebody has for one cause that counts or waits, in the order of its time."""
    rows = await tx.all(
        f"{RECORD} WHERE person_id = :id AND cause = :cause AND {LIVE} ORDER BY begins",
        id=person_id,
        cause=cause,
    )
    return [Record.of_row(row) for row in rows]


async def pending_minutes(tx: Transaction, person_id: int) -> int:
    """What waits for somebody's agreement and does not count yet."""
    found = await tx.value(
        "SELECT CAST(COALESCE(SUM(minutes), 0) AS BIGINT) FROM hours_records WHERE person_id = :id AND state = 'pending'",
        id=person_id,
    )
    return int(found)


async def records_of(tx: Transaction, person_id: int, number: int) -> Page:
    """A page of somebody's records, the newest first."""
    total = await tx.value("SELECT COUNT(*) FROM hours_records WHERE person_id = :id", id=person_id)
    return await _page(tx, "WHERE person_id = :id ORDER BY id DESC", number, total, id=person_id)


async def _page(tx: Transaction, which: str, number: int, total: int, **values: Any) -> Page:
    number = last_page(number, total, RECORDS_A_PAGE)
    rows = await tx.all(
        f"{RECORD} {which} LIMIT :limit OFFSET :offset", **values, limit=RECORDS_A_PAGE, offset=number * RECORDS_A_PAGE
    )
    return page_counted(map(Record.of_row, rows), number, total, RECORDS_A_PAGE)


# What waits and this person may agree to: as an admin everything, as a leader what is his group's and asks for no admin.
MAY_APPROVE = """
    WHERE state = 'pending' AND person_id <> :me AND entered_by <> :me
        AND NOT EXISTS (SELECT 1 FROM hours_approvals WHERE record_id = hours_records.id AND approver_id = :me)
        AND (:admin = 1 OR (needs <= 1 AND group_id IN (SELECT group_id FROM leaders WHERE person_id = :me)))
"""


TO_APPROVE_NUMBER = f"SELECT COUNT(*) FROM hours_records {MAY_APPROVE}"  # noqa: S608 - put together from two texts of our own


async def waiting_for(tx: Transaction, me: Person, number: int) -> Page:
    """A page of what waits for this person's agreement, the oldest first."""
    total = await tx.value(TO_APPROVE_NUMBER, me=me.id, admin=int(me.is_admin))
    return await _page(tx, f"{MAY_APPROVE} ORDER BY id", number, total, me=me.id, admin=int(me.is_admin))


async def approvals_of(tx: Transaction, record_id: int) -> list[Approval]:
    """Who agreed to a record, the first one first."""
    rows = await tx.all(
        "SELECT approver_id, kind, as_admin, at FROM hours_approvals WHERE record_id = :id ORDER BY at, approver_id",
        id=record_id,
    )
    return [Approval(row["approver_id"], row["kind"], bool(row["as_admin"]), row["at"]) for row in rows]


async def may_see(tx: Transaction, record: Record, me: Person) -> bool:
    """One's own, what one entered or approved, one's group's; and everything for those who read all."""
    if me.reads_all or me.id in (record.person_id, record.entered_by):
        return True
    if record.group_id is not None and await groups.leads(tx, record.group_id, me):
        return True
    return any(each.approver_id == me.id for each in await approvals_of(tx, record.id))


async def seen_by(tx: Transaction, record_id: int, me: Person) -> Record:
    """The record, for whoever may see it. Raises Refused, as if it weren't there."""
    record = await by_id(tx, record_id)
    if not await may_see(tx, record, me):
        await by_id(tx, 0)
    return record


async def others_who_may(tx: Transaction, record: Record, *, admins: bool) -> list[Person]:
    """Who may judge a record without having had a hand in it: other leaders of its group, else (or) county admins."""
    hands = {record.person_id, record.entered_by, *(each.approver_id for each in await approvals_of(tx, record.id))}
    led = [] if admins or record.group_id is None else await groups.leaders_of(tx, record.group_id)
    others = [each for each in led if each.id not in hands and each.forgotten_at is None]
    return others or [each for each in await people.with_role(tx, Role.ADMIN) if each.id not in hands]
