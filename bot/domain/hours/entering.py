"""What leaders and admins enter themselves: afterwards with a proof, and carried over from elsewhere."""

from dataclasses import replace

from bot.cards import press
from bot.config import Hours
from bot.domain import groups, people
from bot.domain.hours.crediting import Presence, check_planned, credit, told_before
from bot.domain.hours.entries import hold
from bot.domain.hours.things import LIVE, Grade, Record, length
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction


async def enter_afterwards(
    tx: Transaction,
    group_id: int,
    told: Presence,
    *,
    by: Person,
    rules: Hours,
    was_in: bool = False,
) -> Record:
    """Grade C: a leader writes down afterwards what somebody of his group did; a second person has to agree.

    `was_in`: he was signed up for the activity of which it is: from outside for the group's, or by its places for
    another's. Raises Refused for others than the group's leaders and admins, for what is not over yet, and as `credit`
    does.
    """
    group = await groups.led_by(tx, group_id, by)
    whose = told.person_id
    person = await people.by_id(tx, whose) if was_in else await groups.one_of(tx, group, whose, by)
    check_planned(told)
    _check_entering(tx, person, told)
    afterwards = replace(told, person_id=person.id, grade=Grade.AFTERWARDS, group_id=group.id)
    await hold(tx, person.id, by.id)
    await _make_way(tx, afterwards, by)
    return await credit(tx, afterwards, by=by, rules=rules)


async def _make_way(tx: Transaction, told: Presence, by: Person) -> None:
    """What was too short makes way for what is entered now. Raises Refused where other hours of it count, or wait."""
    before = await told_before(tx, told.person_id, told.cause, told.begins)
    if before is None or (before.minutes, before.grade) == (told.minutes, told.grade):
        return
    if before.is_live:
        raise Refused(
            say(
                "Hours of this were entered before: {length}. Nothing was saved; to write others, have those taken back first.",
                length=length(before.minutes),
            ),
            WayOut(say("Open that record"), press("hours.open", before.id)),
        )
    await tx.run(
        "UPDATE hours_records SET state = 'refused', settled_at = :now, settled_by = :by WHERE id = :id AND state = 'short'",
        now=tx.now,
        by=by.id,
        id=before.id,
    )


async def carry_over(tx: Transaction, told: Presence, *, by: Person, rules: Hours) -> Record:
    """Grade D: a county admin writes down what somebody brings along from elsewhere; another admin has to agree.

    Its title names where from. Raises Refused for others than admins, when hours from there overlap this period already,
    and as `credit` does.
    """
    people.only_admins(by)
    _check_entering(tx, await people.by_id(tx, told.person_id), told)
    await hold(tx, told.person_id, by.id)
    twice = await tx.value(
        f"SELECT id FROM hours_records WHERE person_id = :id AND {LIVE} AND grade = 'D' AND title = :title "  # noqa: S608
        "AND ends > :begins AND begins < :ends",
        id=told.person_id,
        title=told.title,
        begins=told.begins,
        ends=told.ends,
    )
    if twice is not None:
        raise Refused(
            say("Hours from there were carried over for this period before. Nothing was saved."),
            WayOut(say("Open that record"), press("hours.open", twice)),
        )
    return await credit(tx, replace(told, grade=Grade.CARRIED), by=by, rules=rules)


def _check_entering(tx: Transaction, person: Person, told: Presence) -> None:
    if person.forgotten_at is not None:
        raise Refused(say("Number {number} has left for good. Nothing was saved.", number=person.id))
    if told.ends > tx.now:
        raise Refused(say("That is not over yet. Nothing was saved; please enter it afterwards."))
    if not told.evidence.strip():
        raise Refused(say("Hours written afterwards need a proof in words. Nothing was saved."))
