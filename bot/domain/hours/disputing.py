"""«My hours are wrong»: said by the one whose hours they are, answered by somebody who had no hand in them."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot import due
from bot.cards import Button, Page, card, page_of, press, window
from bot.config import Hours, House
from bot.domain import audit, groups, people
from bot.domain.hours import entries, telling
from bot.domain.hours.finding import approvals_of, by_id, others_who_may
from bot.domain.hours.things import Record
from bot.domain.people import Person
from bot.due import Due
from bot.locales import Moment, Said, say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import AMONG, Transaction, filled, listed

OVERDUE = "hours.overdue"
DAY = 24 * 3600
WORDS_CHARACTERS_MAX = 300


@dataclass(frozen=True)
class Dispute:
    """One «this is wrong»; `outcome` None until somebody answered. `raised_at`: it went up to the county."""

    id: int
    record_id: int
    person_id: int
    words: str
    opened_at: int
    due_at: int
    raised_at: int | None
    outcome: str | None
    answered_at: int | None
    answered_by: int | None

    @property
    def is_open(self) -> bool:
        return self.outcome is None


# Questions


async def dispute_of(tx: Transaction, record_id: int) -> Dispute | None:
    """The record's dispute: the open one, or the last one."""
    row = await tx.one("SELECT * FROM hours_disputes WHERE record_id = :id ORDER BY id DESC LIMIT 1", id=record_id)
    return filled(Dispute, row) if row else None


async def disputed(tx: Transaction, records: Iterable[Record]) -> frozenset[int]:
    """The numbers of those that somebody has to look at, having been called wrong."""
    rows = await tx.all(
        f"SELECT record_id FROM hours_disputes WHERE outcome IS NULL AND record_id {AMONG}",  # noqa: S608 - our own
        ids=listed([record.id for record in records]),
    )
    return frozenset(row["record_id"] for row in rows)


async def dispute(tx: Transaction, dispute_id: int) -> Dispute:
    """The dispute with this number. Raises Refused where there is none."""
    row = await tx.one("SELECT * FROM hours_disputes WHERE id = :id", id=dispute_id)
    if row is None:
        raise Refused(say("There is no such dispute. Nothing was changed."))
    return filled(Dispute, row)


# Those that `me` may answer: his groups', as an admin all; never where he had a hand in it.
MINE = """
    FROM hours_disputes d JOIN hours_records r ON r.id = d.record_id
    WHERE d.outcome IS NULL AND r.person_id <> :me AND r.entered_by <> :me
        AND NOT EXISTS (SELECT 1 FROM hours_approvals a WHERE a.record_id = r.id AND a.approver_id = :me)
        AND (:admin = 1 OR r.group_id IN (SELECT group_id FROM leaders WHERE person_id = :me))
"""


DISPUTED_NUMBER = f"SELECT COUNT(*) {MINE}"


async def disputes_for(tx: Transaction, me: Person, number: int) -> Page:
    """A page of the open disputes that `me` may answer, the oldest first."""
    total = await tx.value(DISPUTED_NUMBER, me=me.id, admin=int(me.is_admin))
    rows = await tx.all(
        f"SELECT d.* {MINE} ORDER BY d.id LIMIT :limit OFFSET :offset",
        me=me.id,
        admin=int(me.is_admin),
        **window(number),
    )
    return page_of((filled(Dispute, row) for row in rows), number, total=total)


# Deeds


async def object_to(tx: Transaction, record_id: int, *, by: Person, rules: Hours) -> Dispute:
    """Say that hours of one's own are wrong; somebody who had no hand in them is asked. Raises Refused."""
    record = await by_id(tx, record_id)
    if record.person_id != by.id:
        raise Refused(say("Only the person whose hours they are can say that they are wrong. Nothing was changed."))
    await entries.hold(tx, by.id)
    record = await by_id(tx, record_id)
    if not record.is_disputable:
        raise Refused(say("These hours don't count any more. Nothing was changed."), _back(record))
    added = await tx.value(
        "INSERT INTO hours_disputes (record_id, person_id, opened_at, due_at) VALUES (:record, :by, :now, :due) "
        "ON CONFLICT DO NOTHING RETURNING id",
        record=record_id,
        by=by.id,
        now=tx.now,
        due=tx.now + rules.dispute_days * DAY,
    )
    if added is None:
        raise Refused(say("You have said so already; it is answered once. Nothing was changed now."), _back(record))
    await audit.note(tx, "hours.disputed", record.name, by=by.id)
    opened = await dispute(tx, added)
    await due.plan(tx, OVERDUE, f"dispute:{added}", opened.due_at)
    await _ask(tx, opened, record, await others_who_may(tx, record, admins=False))
    return opened


def _back(record: Record) -> WayOut:
    return WayOut(say("Open that record"), press("hours.open", record.id))


async def _ask(tx: Transaction, opened: Dispute, record: Record, judges: list[Person], *, again: int = 0) -> None:
    for judge in judges:
        screen = card(
            say("❗ Somebody says that hours of theirs are wrong. You are asked because you had no hand in them."),
            telling.what(record),
            say("Please answer by {moment}; after that it goes up to the county.", moment=Moment(opened.due_at))
            if opened.raised_at is None
            else say("Nobody has answered in time. Please answer by {moment}.", moment=Moment(opened.due_at)),
            rows=((Button(say("Look at it"), press("hours.open", record.id)),),),
        )
        key = f"hours.dispute:{tx.bot}:{opened.id}:{judge.id}:{again}"
        await people.tell(tx, judge, screen, lane=Lane.URGENT, key=key)


async def explain(tx: Transaction, dispute_id: int, words: str, *, by: Person) -> Dispute:
    """Add words to one's own open dispute. Raises Refused."""
    done = await tx.run(
        "UPDATE hours_disputes SET words = :words WHERE id = :id AND person_id = :by AND outcome IS NULL",
        words=words,
        id=dispute_id,
        by=by.id,
    )
    if not done:
        raise Refused(say("This has been answered before. Nothing was changed."))
    return await dispute(tx, dispute_id)


async def withdraw(tx: Transaction, dispute_id: int, *, by: Person) -> Dispute:
    """Take one's own dispute back before it is answered. Raises Refused."""
    done = await tx.run(
        "UPDATE hours_disputes SET outcome = 'withdrawn', answered_at = :now, answered_by = :by "
        "WHERE id = :id AND person_id = :by AND outcome IS NULL",
        now=tx.now,
        id=dispute_id,
        by=by.id,
    )
    if not done:
        raise Refused(say("This has been answered before. Nothing was changed."))
    await due.drop(tx, f"dispute:{dispute_id}", OVERDUE)
    return await dispute(tx, dispute_id)


async def give_up(tx: Transaction, person_id: int) -> None:
    """What this number says is wrong is answered no more: nobody is left who would hear it."""
    rows = await tx.all(
        "UPDATE hours_disputes SET outcome = 'withdrawn', answered_at = :now WHERE person_id = :id AND outcome IS NULL "
        "RETURNING id",
        id=person_id,
        now=tx.now,
    )
    for row in rows:
        await due.drop(tx, f"dispute:{row['id']}", OVERDUE)


async def check_may_answer(tx: Transaction, record: Record, by: Person) -> None:
    """Raises Refused for whoever had a hand in the record, and for those who neither lead its group nor are admins."""
    hands = {record.person_id, record.entered_by, *(each.approver_id for each in await approvals_of(tx, record.id))}
    if by.id in hands:
        raise Refused(
            say("You entered or approved these hours, or they are yours: somebody else answers. Nothing was changed.")
        )
    leads = record.group_id is not None and await groups.leads(tx, record.group_id, by)
    if not by.is_admin and not leads:
        raise Refused(say("Only leaders of the group can answer this, or county admins. Nothing was changed."))


async def answer(tx: Transaction, dispute_id: int, *, stands: bool, by: Person, rules: Hours) -> Record:
    """Answer a dispute: the hours stand, or they are taken back. Both sides hear of it with the rule. Raises Refused."""
    asked = await dispute(tx, dispute_id)
    await entries.hold(tx, asked.person_id, by.id)
    record = await by_id(tx, asked.record_id)
    await check_may_answer(tx, record, by)
    done = await tx.run(
        "UPDATE hours_disputes SET outcome = :outcome, answered_at = :now, answered_by = :by "
        "WHERE id = :id AND outcome IS NULL",
        outcome="stands" if stands else "reversed",
        now=tx.now,
        by=by.id,
        id=dispute_id,
    )
    if not done:
        raise Refused(say("This has been answered before. Nothing was changed."))
    await due.drop(tx, f"dispute:{dispute_id}", OVERDUE)
    await audit.note(tx, "hours.answered", record.name, by=by.id, person=record.person_id, stands=int(stands))
    if not stands:
        await _put_aside(tx, record, by=by, rules=rules)
    await _tell_both(tx, record, by, dispute_id, stands=stands)
    return await by_id(tx, record.id)


async def _put_aside(tx: Transaction, record: Record, *, by: Person, rules: Hours) -> None:
    """Take back what counts or waits; what was too short makes way for what is entered afterwards."""
    if record.is_live:
        await entries.take_off(tx, record, by=by, rules=rules)
        return
    await tx.run(
        "UPDATE hours_records SET state = 'refused', settled_at = :now, settled_by = :by WHERE id = :id "
        "AND state = 'short'",
        now=tx.now,
        by=by.id,
        id=record.id,
    )


def _outcome(record: Record, *, stands: bool) -> Said:
    if record.is_live:
        return say("They stand as they were written.") if stands else say("They were taken back.")
    if stands:
        return say("It stays as it is: too little of the planned time.")
    return say("It was longer: a leader enters it afterwards, with a proof.")


async def _tell_both(tx: Transaction, record: Record, by: Person, dispute_id: int, *, stands: bool) -> None:
    """Without the button to say that it is wrong: each record is answered once."""
    said = _outcome(record, stands=stands)
    for person_id in {record.person_id, record.entered_by}:
        person = await people.by_id(tx, person_id)
        screen = card(
            say("{name} has looked at the hours that were said to be wrong. {outcome}", name=by.nickname, outcome=said),
            telling.what(record),
            say("The rule: {rule}", rule=telling.GRADES[record.grade]),
            rows=(telling.why(record),),
        )
        await people.tell(tx, person, screen, key=f"hours.answered:{dispute_id}:{person_id}:{tx.bot}")


async def overdue(tx: Transaction, item: Due, house: House) -> None:
    """Nobody has answered in time: it goes up to the county, and is asked for again as long as it is open."""
    asked = await dispute(tx, item.number)
    if not asked.is_open:
        return
    again = tx.now + house.settings.hours.dispute_days * DAY
    await tx.run(
        "UPDATE hours_disputes SET raised_at = COALESCE(raised_at, :now), due_at = :again WHERE id = :id",
        now=tx.now,
        again=again,
        id=asked.id,
    )
    record, raised = await by_id(tx, asked.record_id), await dispute(tx, asked.id)
    await _ask(tx, raised, record, await others_who_may(tx, record, admins=True), again=item.due_at)
    if raised.raised_at == tx.now:
        await _tell_late(tx, raised, record)
    await due.plan(tx, OVERDUE, item.subject, again)


async def _tell_late(tx: Transaction, raised: Dispute, record: Record) -> None:
    """Whoever was promised an answer hears why there is none yet: once, and by when it comes."""
    screen = card(
        say("Nobody has answered yet that these hours are wrong. The county is asked now."),
        telling.what(record),
        say("An answer is due by {moment}.", moment=Moment(raised.due_at)),
        rows=((Button(say("Open that record"), press("hours.open", record.id)),),),
    )
    await people.tell(tx, await people.by_id(tx, raised.person_id), screen, lane=Lane.REMINDER)
