"""How a record of hours looks, in a list and alone, and what somebody may do with it."""

from bot.cards import Button, Page, press
from bot.domain import hours, people
from bot.domain.hours import Record, length
from bot.domain.people import Person
from bot.locales import Said, say
from bot.refusal import Refused
from bot.storage import Transaction

MARKS = {"standing": "✅", "pending": "⏳", "short": "▫️", "refused": "✖️", "reversed": "↩️"}


def record_buttons(shown: Page, disputed: frozenset[int]) -> tuple[tuple[Button, ...], ...]:
    """A button for each record of a page; those that were called wrong and wait for an answer are marked so."""
    return tuple(
        (Button(_label(record, is_disputed=record.id in disputed), press("hours.open", record.id)),)
        for record in shown.items
    )


def _label(record: Record, *, is_disputed: bool = False) -> Said:
    return say(
        "{mark} {length} {grade} · {title}",
        mark="❗" if is_disputed else MARKS[record.state],
        length=length(record.minutes),
        grade=record.grade.value,
        title=record.title,
    )


async def named_buttons(tx: Transaction, shown: Page) -> tuple[tuple[Button, ...], ...]:
    """The same with whose they are."""
    rows = []
    for record in shown.items:
        whose = await people.by_id(tx, record.person_id)
        label = say("{name}: {record}", name=whose.nickname, record=_label(record))
        rows.append((Button(label, press("hours.open", record.id)),))
    return tuple(rows)


def when(record: Record) -> Said:
    return say("{length}, {when}", length=length(record.minutes), when=record.when)


def state(record: Record) -> Said:
    match record.state:
        case "standing":
            return say("✅ These hours count.")
        case "pending":
            return say("⏳ They don't count yet.")
        case "short":
            return say("▫️ They don't count: too little of the planned time. A leader can enter them with a proof.")
        case "refused":
            return say("✖️ Nobody agreed: they don't count.")
        case _:
            return say("↩️ They counted, and were taken back. Both entries stay visible.")


async def deeds(tx: Transaction, record: Record, me: Person) -> tuple[tuple[Button, ...], ...]:
    """The buttons that lead somewhere for this person; whoever presses one is checked again."""
    found = await hours.dispute_of(tx, record.id)
    if record.person_id == me.id:
        if found and found.is_open:
            return (
                (Button(say("Add words"), press("hours.explain", found.id)),),
                (Button(say("Take it back"), press("hours.withdraw", found.id)),),
            )
        may = record.is_disputable and (found is None or found.outcome == "withdrawn")
        wrong = Button(say("My hours are wrong"), press("hours.dispute", record.id), style="danger")
        return ((wrong,),) if may else ()
    if found and found.is_open:
        return await _judging(tx, record, found.id, me)
    if record.is_pending:
        return await _agreeing(tx, record, me)
    may_reverse = record.stands and me.is_admin
    return (
        ((Button(say("Take these hours back"), press("hours.wrong", record.id), style="danger"),),)
        if may_reverse
        else ()
    )


async def _judging(tx: Transaction, record: Record, dispute_id: int, me: Person) -> tuple[tuple[Button, ...], ...]:
    if not await _allowed(tx, record, me, judging=True):
        return ()
    if record.state == "short":
        return (
            (Button(say("Was there longer: enter it"), press("hours.answer", dispute_id, 0), style="primary"),),
            (Button(say("It stays too short"), press("hours.answer", dispute_id, 1)),),
        )
    return (
        (
            Button(say("They stand"), press("hours.answer", dispute_id, 1)),
            Button(say("Take them back"), press("hours.answer", dispute_id, 0), style="danger"),
        ),
    )


async def _agreeing(tx: Transaction, record: Record, me: Person) -> tuple[tuple[Button, ...], ...]:
    if not await _allowed(tx, record, me, judging=False):
        return ()
    return (
        (
            Button(say("I agree"), press("hours.approve", record.id), style="primary"),
            Button(say("I don't agree"), press("hours.refuse", record.id), style="danger"),
        ),
    )


async def _allowed(tx: Transaction, record: Record, me: Person, *, judging: bool) -> bool:
    try:
        if judging:
            await hours.check_may_answer(tx, record, me)
        else:
            await hours.check_may_approve(tx, record, me)
    except Refused:
        return False
    return True
