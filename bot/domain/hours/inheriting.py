"""Two records of one person become one: hours count together, and nobody is at two places at once."""

from bot.domain import audit, people
from bot.domain.hours import approving, disputing, notices, stars, telling
from bot.domain.hours.crediting import INSERT, measure, overlapping
from bot.domain.hours.entries import count_only, hold, take_off
from bot.domain.hours.finding import approvals_of, by_id, others_who_may
from bot.domain.hours.things import TOLD, Grade, Record
from bot.domain.people import Becoming, Person, move, share, stay, told
from bot.storage import Transaction

MERGED = (
    *told("hours_accounts", "person_id"),
    *told("hours_records", "person_id"),
    *stay("hours_records", "entered_by", "settled_by"),
    *stay("hours_told", "entered_by"),
    *stay("hours_approvals", "approver_id", "person_id"),
    *stay("hours_entries", "person_id", "actor_id", "approver_id"),
    *stay("hours_disputes", "person_id", "answered_by"),
    *stay("hours_notices", "person_id"),
    *stay("hours_objections", "person_id", "answered_by"),
    move("hours_stars", "person_id", only="reopened_at IS NULL"),
    *stay("hours_certificates", "person_id", "revoked_by"),
)
CARRIED = ("short", "pending", "standing")


async def merged(tx: Transaction, it: Becoming) -> None:
    """Each record that counts or waits is taken off the old number and written anew under the other one.

    The two admins answer for what counts. Where both records tell of the same time, the better proved one counts. What
    the person had entered or agreed to for himself, under the other number, counts no more.
    """
    await hold(tx, it.old.id, it.into.id)
    rows = await tx.all(
        f"SELECT * FROM hours_records WHERE person_id = :old AND {TOLD} ORDER BY id",  # noqa: S608 - a text of our own
        old=it.old.id,
    )
    numbers = {by.id: await _noted(tx, it, by) for by in (it.asked_by, it.agreed_by)} if rows else {}
    for record in await _vouched_by_old(tx, it):
        await _off(tx, record, it)
    for record in map(Record.of_row, rows):
        await _carry(tx, record, it, numbers)
    await disputing.give_up(tx, it.old.id)
    await notices.give_up(tx, it.old.id)
    await _share_stars(tx, it)


async def _noted(tx: Transaction, it: Becoming, by: Person) -> int:
    return await audit.note(tx, "hours.merged", f"person:{it.into.id}", by=by.id, person=it.old.id)


async def _carry(tx: Transaction, record: Record, it: Becoming, numbers: dict[int, int]) -> None:
    rivals = await _rivals(tx, record, it)
    counts = not await _vouched_for_himself(tx, record, it) and all(_rank(record) < _rank(each) for each in rivals)
    await _off(tx, record, it)
    if not counts:
        return
    for each in rivals:
        await _off(tx, each, it)
    await _write_anew(tx, record, it, numbers)


def _rank(record: Record) -> tuple[int, str, int]:
    """The better proved one first: what counts before what waits, then by grade, then the longer one."""
    return CARRIED[::-1].index(record.state), record.grade, -record.minutes


async def _rivals(tx: Transaction, record: Record, it: Becoming) -> list[Record]:
    """What tells of the same time, or of the same event, under the number that stays."""
    same = await tx.all(
        f"SELECT * FROM hours_records WHERE person_id = :into AND cause = :cause AND begins = :begins AND {TOLD}",  # noqa: S608
        into=it.into.id,
        cause=record.cause,
        begins=record.begins,
    )
    found = [Record.of_row(row) for row in same]
    if record.grade is not Grade.CARRIED:
        found += await overlapping(tx, it.into.id, record.begins, record.ends)
    return list({each.id: each for each in found}.values())


async def _vouched_by_old(tx: Transaction, it: Becoming) -> list[Record]:
    """What he entered or agreed to for himself the other way round."""
    rows = await tx.all(
        f"SELECT r.* FROM hours_records r WHERE r.person_id = :into AND r.{TOLD} "  # noqa: S608 - likewise
        "AND (r.entered_by = :old OR EXISTS (SELECT 1 FROM hours_approvals a WHERE a.record_id = r.id "
        "AND a.approver_id = :old)) ORDER BY r.id",
        into=it.into.id,
        old=it.old.id,
    )
    return [Record.of_row(row) for row in rows]


async def _vouched_for_himself(tx: Transaction, record: Record, it: Becoming) -> bool:
    if record.entered_by == it.into.id:
        return True
    return any(each.approver_id == it.into.id for each in await approvals_of(tx, record.id))


async def _off(tx: Transaction, record: Record, it: Becoming) -> None:
    if record.is_live:
        await take_off(tx, record, by=it.agreed_by, rules=it.rules, follow=False)
        return
    await tx.run(
        "UPDATE hours_records SET state = 'refused', settled_at = :now, settled_by = :by WHERE id = :id",
        now=tx.now,
        by=it.agreed_by.id,
        id=record.id,
    )


async def _write_anew(tx: Transaction, record: Record, it: Becoming, numbers: dict[int, int]) -> None:
    his_own = record.entered_by == record.person_id
    values = {name: getattr(record, name) for name in COPIED}
    new_id = await tx.value(
        INSERT,
        **values,
        person_id=it.into.id,
        by=it.into.id if his_own else record.entered_by,
        bot=tx.bot,
        came_from=tx.cause,
        audit_number=numbers[it.agreed_by.id],
        now=tx.now,
        state="short" if record.state == "short" else "pending",
    )
    if record.state == "short":
        return
    await measure(tx, await by_id(tx, new_id), it.rules)
    if record.is_pending or not await _agreed(tx, await by_id(tx, new_id), it, numbers):
        await _wait(tx, new_id)


COPIED = (
    *("grade", "minutes", "planned_minutes", "begins", "ends", "day", "cause", "title", "group_id", "evidence"),
    *("published_at", "needs"),
)


async def _agreed(tx: Transaction, record: Record, it: Becoming, numbers: dict[int, int]) -> bool:
    """Do the two admins, as far as they may, suffice for it to count? One of them is asked last: the entry names him."""
    last = None
    for by in sorted((it.asked_by, it.agreed_by), key=lambda admin: admin.id):
        if by.id != record.entered_by and not await approving.are_a_pair(tx, by.id, record.person_id):
            await approving.agree(tx, record, by, "approval", numbers[by.id])
            last = by.id
    return last is not None and await count_only(tx, record.id, numbers[last])


async def _wait(tx: Transaction, record_id: int) -> None:
    """Somebody else has to agree."""
    await tx.run("UPDATE hours_records SET needs = 1 WHERE id = :id AND needs = 0", id=record_id)
    record = await by_id(tx, record_id)
    await telling.ask(tx, await others_who_may(tx, record, admins=record.needs >= 2))


async def _share_stars(tx: Transaction, it: Becoming) -> None:
    """Stars that the hours still bear out go on; one that both have is one."""
    await tx.run(
        "UPDATE hours_stars SET reopened_at = :now WHERE person_id = :old AND reopened_at IS NULL AND star IN ("
        "SELECT star FROM hours_stars WHERE person_id = :into AND reopened_at IS NULL)",
        now=tx.now,
        old=it.old.id,
        into=it.into.id,
    )
    await share(tx, MERGED, it)
    await stars.follow(tx, it.into.id, it.rules)
    person = await people.by_id(tx, it.into.id)
    await stars.tag(tx, person, await stars.star_held(tx, person.id))
