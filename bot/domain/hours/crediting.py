"""Crediting hours: what is told becomes a record, and counts at once where nobody has to agree."""

from dataclasses import dataclass

from bot.cards import press
from bot.config import Hours
from bot.domain import audit, people
from bot.domain.hours import approving, telling
from bot.domain.hours.entries import count, hold
from bot.domain.hours.finding import by_id, others_who_may
from bot.domain.hours.things import LIVE, NEEDS, TOLD, Grade, Record, is_short, length, needed
from bot.domain.people import Person
from bot.locales import Moment, Span, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

MINUTES_MAX = 100_000


class HoursConflict(Exception):
    """The same presence was told before with another number of minutes. One is a mistake: nothing was written now."""


@dataclass(frozen=True)
class Presence:
    """What is told of somebody's time, before it is a record.

    `cause` is such as `activity:12`; he was there from `begins` to `ends` (Unix seconds), for grade D that is the period.
    """

    person_id: int
    grade: Grade
    minutes: int
    begins: int
    ends: int
    cause: str
    title: str
    planned_minutes: int | None = None
    group_id: int | None = None
    evidence: str = ""
    published_at: int | None = None

    def day(self, tx: Transaction) -> str:
        """The county's day on which it began."""
        return tx.local(self.begins).date().isoformat()


async def credit(
    tx: Transaction,
    told: Presence,
    *,
    by: Person,
    rules: Hours,
    audit_number: int | None = None,
    told_by_caller: bool = False,
) -> Record:
    """Write down what somebody did; it counts at once where its grade and the day's limits allow it.

    `by` told it: for A the person, for B the leader who called the roll. Without an `audit_number` a row is written.
    The record's `state` says what became of it: standing, pending or short. The same presence told again gives the same
    record. `told_by_caller`: who calls tells the person in a word of his own. Several in one transaction are best made
    in the order of people's ids. Raises Refused for what no rule allows, HoursConflict when it was told with other
    minutes.
    """
    await hold(tx, told.person_id, by.id)
    before = await told_before(tx, told.person_id, told.cause, told.begins)
    if before is not None:
        return _same(before, told.minutes, told.grade)
    await _check(tx, told, by, rules)
    record = await _insert(tx, told, by, rules, audit_number)
    await _settle(tx, record, by, rules)
    record = await by_id(tx, record.id)
    if not told_by_caller:
        await telling.credited(tx, record, by, rules.share_percent)
    return record


async def _check(tx: Transaction, told: Presence, by: Person, rules: Hours) -> None:
    _check_teller(told, by)
    _check_length(told)
    if told.grade is not Grade.CARRIED:
        await _check_free(tx, told.person_id, told.begins, told.ends)
    if told.grade is Grade.OWN:
        await _check_pairs(tx, told, rules)


async def _insert(tx: Transaction, told: Presence, by: Person, rules: Hours, audit_number: int | None) -> Record:
    subject = f"person:{told.person_id}"
    number = audit_number or await audit.note(
        tx, "hours.entered", subject, by=by.id, grade=told.grade, minutes=told.minutes, cause=told.cause
    )
    short = told.grade is not Grade.CARRIED and is_short(told.minutes, told.planned_minutes, rules)
    record_id = await tx.value(
        INSERT,
        **told.__dict__,
        day=told.day(tx),
        by=by.id,
        bot=tx.bot,
        came_from=tx.cause,
        audit_number=number,
        now=tx.now,
        state="short" if short else "pending",
        needs=NEEDS[told.grade],
    )
    return await by_id(tx, record_id)


INSERT = """
    INSERT INTO hours_records (person_id, grade, minutes, planned_minutes, begins, ends, day, cause, title, group_id,
        evidence, published_at, entered_by, bot, came_from, audit_number, at, state, needs)
    VALUES (:person_id, :grade, :minutes, :planned_minutes, :begins, :ends, :day, :cause, :title, :group_id,
        :evidence, :published_at, :by, :bot, :came_from, :audit_number, :now, :state, :needs)
    RETURNING id
"""


async def told_before(tx: Transaction, person_id: int, cause: str, begins: int) -> Record | None:
    """The record of this presence that stands in the way of the same told again; the caller holds the person's hours."""
    row = await tx.one(
        f"SELECT * FROM hours_records WHERE person_id = :person_id AND cause = :cause AND begins = :begins AND {TOLD}",  # noqa: S608
        person_id=person_id,
        cause=cause,
        begins=begins,
    )
    return Record.of_row(row) if row else None


def _same(told: Record, minutes: int, grade: Grade) -> Record:
    if (told.minutes, told.grade) != (minutes, grade):
        raise HoursConflict(
            f"{told.name} says {told.minutes} minutes of grade {told.grade}, now {minutes} of {grade} were to be credited"
        )
    return told


def _check_teller(told: Presence, by: Person) -> None:
    own = by.id == told.person_id
    if told.grade is Grade.OWN and not own:
        raise ValueError("a check-in of one's own is made by oneself")
    if told.grade is not Grade.OWN and own:
        raise Refused(
            say("Nobody enters hours for himself: another leader or a county admin has to. Nothing was saved.")
        )


def _check_length(told: Presence) -> None:
    if told.minutes < 1:
        raise Refused(
            say(
                "Not even a minute lies between {start} and {end}: that gives no hours.",
                start=Moment(told.begins),
                end=Moment(told.ends),
            )
        )
    if told.minutes > MINUTES_MAX or told.minutes * 60 > told.ends - told.begins:
        raise Refused(
            say(
                "{length} don't fit between {start} and {end}. Nothing was saved.",
                length=length(told.minutes),
                start=Moment(told.begins),
                end=Moment(told.ends),
            )
        )
    if told.grade is Grade.AFTERWARDS:
        check_planned(told)


def check_planned(told: Presence) -> None:
    """Raises Refused for what is written afterwards and longer than it was planned."""
    planned = told.planned_minutes
    if planned is not None and told.minutes > planned:
        raise Refused(
            say(
                "Hours written afterwards are at most what was planned: {planned}. Nothing was saved; "
                "please enter a shorter time.",
                planned=length(planned),
            )
        )


async def _check_free(tx: Transaction, person_id: int, begins: int, ends: int) -> None:
    """Nobody is at two places at once."""
    others = await overlapping(tx, person_id, begins, ends)
    if others:
        other = others[0]
        raise Refused(
            say(
                "At that time there are other hours of the same person: “{title}”, {when} (record {number}). "
                "Nothing was saved.",
                title=other.title,
                when=Span(other.begins, other.ends),
                number=other.id,
            ),
            WayOut(say("Open that record"), press("hours.open", other.id)),
        )


async def overlapping(tx: Transaction, person_id: int, begins: int, ends: int) -> list[Record]:
    """What counts or waits of somebody's time between these instants; what was brought along has no hour of its own."""
    rows = await tx.all(
        f"SELECT * FROM hours_records WHERE person_id = :id AND {LIVE} AND grade <> 'D' "  # noqa: S608
        "AND ends > :begins AND begins < :ends ORDER BY id",
        id=person_id,
        begins=begins,
        ends=ends,
    )
    return [Record.of_row(row) for row in rows]


async def _check_pairs(tx: Transaction, told: Presence, rules: Hours) -> None:
    pairs = await tx.value(
        "SELECT COUNT(*) FROM hours_records WHERE person_id = :id AND day = :day AND cause = :cause AND grade = 'A' "  # noqa: S608
        f"AND {TOLD}",
        id=told.person_id,
        day=told.day(tx),
        cause=told.cause,
    )
    if pairs >= rules.pairs_a_day:
        raise Refused(
            say(
                "More than {n} check-ins a day for one activity don't count. Nothing was saved; the leader can enter "
                "what is missing afterwards.",
                n=rules.pairs_a_day,
            )
        )


async def _settle(tx: Transaction, record: Record, by: Person, rules: Hours) -> None:
    """Find out whose agreement it needs, and let it count where nobody's is missing."""
    if record.state == "short":
        await _lift_short(tx, record, rules)
        return
    await measure(tx, record, rules)
    if record.grade is Grade.ROLL and not await approving.are_a_pair(tx, by.id, record.person_id):
        await approving.agree(tx, record, by, "roll", record.audit_number)
    if not await count(tx, record.id, rules, record.audit_number):
        await telling.ask(tx, await others_who_may(tx, record, admins=record.needs >= 2))


async def measure(tx: Transaction, record: Record, rules: Hours) -> None:
    """The day's limits decide who has to agree beside what the grade asks for."""
    day = await tx.value(
        f"SELECT CAST(COALESCE(SUM(minutes), 0) AS BIGINT) FROM hours_records WHERE person_id = :id AND day = :day "  # noqa: S608
        f"AND {LIVE} AND grade <> 'D' AND id <> :record",
        id=record.person_id,
        day=record.day,
        record=record.id,
    )
    await tx.run(
        "UPDATE hours_records SET state = 'pending', needs = :needs WHERE id = :id",
        needs=max(NEEDS[record.grade], needed(record.grade, day + record.minutes, rules)),
        id=record.id,
    )


async def _lift_short(tx: Transaction, record: Record, rules: Hours) -> None:
    """Several stays at one activity count together: once they reach the share, each of them counts."""
    rows = await tx.all(
        f"SELECT * FROM hours_records WHERE person_id = :id AND day = :day AND cause = :cause AND {TOLD} ORDER BY id",  # noqa: S608
        id=record.person_id,
        day=record.day,
        cause=record.cause,
    )
    stays = [Record.of_row(row) for row in rows]
    if is_short(sum(stay.minutes for stay in stays), record.planned_minutes, rules):
        return
    for stay in stays:
        if stay.state == "short" and not await overlapping(tx, stay.person_id, stay.begins, stay.ends):
            teller = await people.by_id(tx, stay.entered_by)
            await _settle(tx, _lifted(stay), teller, rules)
            if stay.id != record.id:
                await telling.credited(tx, await by_id(tx, stay.id), teller, rules.share_percent)


def _lifted(stay: Record) -> Record:
    return Record(**{**stay.__dict__, "state": "pending"})
