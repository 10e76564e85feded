"""Points given by hand: at once up to an amount, above it when a second admin has agreed. FEATURES row 78."""

from bot.cards import Button, Card, card
from bot.domain import days, people
from bot.domain.audit import take_turn
from bot.domain.people import Person
from bot.domain.points import rules
from bot.domain.points.agreeing import Desk, Request
from bot.domain.points.awarding import check_amount
from bot.domain.points.ledger import Reason
from bot.domain.points.posting import Leg, issued, transfer
from bot.domain.points.rules import Rules
from bot.domain.points.statement import look_button
from bot.locales import Said, say, say_n
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

GRANTS = Desk(
    table="grants_of_points",
    owner="person_id",
    named="(SELECT nickname FROM people WHERE id = r.person_id)",
    deed="points.grant",
    subject="person",
    opens="points.open",
    lists=WayOut(say("Points by hand"), "points.waiting"),
)

# Deeds


async def ask_grant(tx: Transaction, person_id: int, amount: int, why: str, key: str, *, by: Person) -> Request:
    """Give somebody points by hand, or ask a second admin to agree; once for each `key`.

    Raises Refused for everybody but admins, for oneself, for somebody who has left, and for what is no amount.
    """
    people.only_admins(by)
    check_amount(amount)
    person = await people.by_id(tx, person_id)
    _check_person(person, by)
    await take_turn(tx)
    if (before := await GRANTS.made_with(tx, key)) is not None:
        return before
    in_force = await rules.current(tx)
    await _check_month(tx, person, amount, in_force)
    found = await GRANTS.enter(tx, person.id, amount, why, key, by=by)
    if amount <= in_force.granted_alone:
        return await _give(tx, found, None)
    await GRANTS.ask_others(tx, found, grant_words(found))
    return found


async def _check_month(tx: Transaction, person: Person, amount: int, in_force: Rules) -> None:
    """What is given and what waits counts together, from the first of the county's month on."""
    had = await tx.value(
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM grants_of_points "
        "WHERE person_id = :person AND state <> 'declined' AND asked_at >= :begins",
        person=person.id,
        begins=days.month_begin(tx),
    )
    if had + amount > in_force.granted_month:
        raise Refused(
            say(
                "By hand a person gets {limit} points a month at most; {name} has had {had}. Nothing was saved.",
                limit=in_force.granted_month,
                name=person.nickname,
                had=had,
            ),
            WayOut(say("The rules"), "points.rules"),
        )


def _check_person(person: Person, by: Person) -> None:
    if person.id == by.id:
        raise Refused(say("Nobody gives points to oneself; please ask another county admin. Nothing was saved."))
    if person.forgotten_at is not None:
        raise Refused(say("This person has left. Nothing was saved."))


async def agree_to_grant(tx: Transaction, grant_id: int, *, by: Person) -> Request:
    """The second pair of eyes: the points are given. Raises Refused for whoever asked, whoever gets them, and twice."""
    found = await _taken_up(tx, grant_id, by)
    await GRANTS.agreed(tx, found, by=by)
    return await _give(tx, found, by.id)


async def decline_grant(tx: Transaction, grant_id: int, *, by: Person) -> Request:
    """It is not given; whoever asked is told. He may take it back himself, too."""
    return await GRANTS.declined(tx, await _taken_up(tx, grant_id, by), by=by)


async def _taken_up(tx: Transaction, grant_id: int, by: Person) -> Request:
    found = await GRANTS.take_up(tx, grant_id, by=by)
    if found.owner_id == by.id:
        raise Refused(say("This is about your own points: another county admin decides. Nothing was changed."))
    return found


async def _give(tx: Transaction, found: Request, approver: int | None) -> Request:
    legs = (issued(tx, found.amount), Leg("member", found.owner_id, found.amount))
    transfer_id = await transfer(
        tx,
        legs,
        reason=Reason.GRANT,
        cause=f"grant:{found.id}",
        person_id=found.owner_id,
        by=found.asked_by,
        approver=approver,
        rule=(await rules.current(tx)).version,
        audit=found.audit_number,
    )
    given = await GRANTS.settle(tx, found, "given", approver or found.asked_by)
    person = await people.by_id(tx, found.owner_id)
    await people.tell(tx, person, _given(found, transfer_id), key=f"points.grant.given:{found.id}")
    return given


# Words


def _given(found: Request, transfer_id: int) -> Card:
    return card(
        say_n("💰 The county gave you {n} point.", "💰 The county gave you {n} points.", found.amount),
        say("Why: {why}", why=found.why),
        rows=((Button(say("My points"), "points.mine"), look_button(transfer_id)),),
    )


def grant_words(found: Request) -> Said:
    """Who would get how much, why, and who asks."""
    return say(
        "💰 {amount} points for {name} #{number}\nWhy: {why}\nAsked for by {asker}",
        amount=found.amount,
        name=found.name,
        number=found.owner_id,
        why=found.why,
        asker=found.asker,
    )
