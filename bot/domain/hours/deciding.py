"""What a second person decides about a record that waits: it counts, or it does not."""

from bot.config import Hours
from bot.domain import people
from bot.domain.hours import approving, entries, telling
from bot.domain.hours.finding import by_id
from bot.domain.hours.things import Record
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction


async def _held(tx: Transaction, record_id: int, by: Person) -> Record:
    """The record as it is while nobody else decides about it. Raises Refused for whoever may not decide."""
    record = await by_id(tx, record_id)
    await entries.hold(tx, record.person_id, by.id)
    record = await by_id(tx, record_id)
    await approving.check(tx, record, by)
    disputed = await tx.value("SELECT 1 FROM hours_disputes WHERE record_id = :id AND outcome IS NULL", id=record_id)
    if disputed is not None:
        raise Refused(
            say("The person says that this is wrong; that has to be answered first. Nothing was changed."),
            WayOut(say("Open disputes"), "hours.disputes"),
        )
    return record


async def approve(tx: Transaction, record_id: int, *, by: Person, rules: Hours) -> Record:
    """Agree to a record; it counts once all have agreed who must, and the person hears of it. Raises Refused."""
    record = await _held(tx, record_id, by)
    number = await approving.noted(tx, record, by)
    await approving.agree(tx, record, by, "approval", number)
    person = await people.by_id(tx, record.person_id)
    if await entries.count(tx, record_id, rules, number):
        record = await by_id(tx, record_id)
        lines = (say("✅ {name} has agreed: these hours count now.", name=by.nickname), telling.what(record))
        await telling.tell(tx, person, record, *lines, key=f"hours.approved:{record.id}")
    return await by_id(tx, record_id)


async def refuse(tx: Transaction, record_id: int, *, by: Person, rules: Hours) -> Record:
    """Say no to a record that waits: it never counts, and both sides hear of it. Raises Refused."""
    record = await _held(tx, record_id, by)
    await entries.take_off(tx, record, by=by, rules=rules)
    after = await by_id(tx, record_id)
    for person_id in {record.person_id, record.entered_by}:
        person = await people.by_id(tx, person_id)
        lines = (say("{name} did not agree: these hours don't count.", name=by.nickname), telling.what(record))
        await telling.tell(tx, person, after, *lines, key=f"hours.refused:{record.id}:{person_id}")
    return after
