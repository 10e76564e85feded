"""What leaders and admins enter themselves: afterwards with a proof, and carried over from elsewhere."""

from bot.cards import press
from bot.config import Hours
from bot.domain import groups, people
from bot.domain.hours.crediting import credit
from bot.domain.hours.entries import LIVE, hold
from bot.domain.hours.things import Grade, Record
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction


async def enter_afterwards(
    tx: Transaction,
    group_id: int,
    person_id: int,
    minutes: int,
    *,
    cause: str,
    title: str,
    begins: int,
    planned_minutes: int | None,
    evidence: str,
    published_at: int | None,
    by: Person,
    rules: Hours,
    was_in: bool = False,
) -> Record:
    """Grade C: a leader writes down afterwards what somebody of his group did; a second person has to agree.

    `was_in`: he comes from outside, and was signed up for the group's activity of which it is. Raises Refused for others than the group's leaders and admins, for what is not over yet, and as `credit` does.
    """
    group = await groups.led_by(tx, group_id, by)
    person = await people.by_id(tx, person_id) if was_in else await groups.one_of(tx, group, person_id, by)
    await _check_entering(tx, person, begins + minutes * 60, evidence)
    return await credit(
        tx,
        person.id,
        minutes,
        grade=Grade.AFTERWARDS,
        cause=cause,
        title=title,
        begins=begins,
        ends=begins + minutes * 60,
        planned_minutes=planned_minutes,
        by=by,
        rules=rules,
        evidence=evidence,
        published_at=published_at,
        group_id=group_id,
    )


async def carry_over(
    tx: Transaction,
    person_id: int,
    minutes: int,
    *,
    title: str,
    begins: int,
    ends: int,
    evidence: str,
    by: Person,
    rules: Hours,
) -> Record:
    """Grade D: a county admin writes down what somebody brings along from elsewhere; another admin has to agree.

    `title` names where from, `begins` and `ends` the period. Raises Refused for others than admins, and when hours from
    there overlap this period already.
    """
    if not by.is_admin:
        raise Refused(say("Only county admins can do this. Nothing was changed. /help shows what you can do."))
    person = await people.by_id(tx, person_id)
    await _check_entering(tx, person, ends, evidence)
    await hold(tx, person_id, by.id)
    twice = await tx.value(
        f"SELECT id FROM hours_records WHERE person_id = :id AND {LIVE} AND grade = 'D' AND title = :title "  # noqa: S608
        "AND ends > :begins AND begins < :ends",
        id=person_id,
        title=title,
        begins=begins,
        ends=ends,
    )
    if twice is not None:
        raise Refused(
            say("Hours from there were carried over for this period before. Nothing was saved."),
            WayOut(say("Open that record"), press("hours.open", twice)),
        )
    return await credit(
        tx,
        person_id,
        minutes,
        grade=Grade.CARRIED,
        cause=f"carried:{tx.cause}",
        title=title,
        begins=begins,
        ends=ends,
        planned_minutes=None,
        by=by,
        rules=rules,
        evidence=evidence,
    )


async def _check_entering(tx: Transaction, person: Person, ends: int, evidence: str) -> None:
    if person.forgotten_at is not None:
        raise Refused(say("Number {number} has left for good. Nothing was saved.", number=person.id))
    if ends > tx.now:
        raise Refused(say("That is not over yet. Nothing was saved; please enter it afterwards."))
    if not evidence.strip():
        raise Refused(say("Hours written afterwards need a proof in words. Nothing was saved."))
