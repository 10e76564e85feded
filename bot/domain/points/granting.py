"""Points given by hand: at once up to an amount, above it when a second admin has agreed. FEATURES row 78."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import ROWS_PER_PAGE, Button, Card, Page, card, press
from bot.domain import audit, people
from bot.domain.audit import take_turn
from bot.domain.people import Person
from bot.domain.points import rules
from bot.domain.points.awarding import check_amount
from bot.domain.points.ledger import Reason
from bot.domain.points.posting import Leg, issued, transfer
from bot.domain.points.rules import Rules
from bot.domain.points.statement import look_button
from bot.locales import Said, say, say_n
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

WHY_CHARACTERS_MAX = 200


@dataclass(frozen=True)
class Grant:
    """So many points for somebody, and why. `state`: waiting for a second admin, given, or declined."""

    id: int
    person_id: int
    name: str
    amount: int
    why: str
    asked_by: int
    asker: str
    asked_at: int
    audit_number: int
    state: str
    settled_by: int | None

    @property
    def waits(self) -> bool:
        return self.state == "waiting"


# Questions

GRANT = """
    SELECT g.id, g.person_id, p.nickname AS name, g.amount, g.why, g.asked_by, a.nickname AS asker, g.asked_at,
        g.audit_number, g.state, g.settled_by
    FROM grants_of_points g JOIN people p ON p.id = g.person_id JOIN people a ON a.id = g.asked_by
"""


async def grant(tx: Transaction, grant_id: int, *, hold: bool = False) -> Grant:
    """One of them; with `hold` nobody else's until the commit. Raises Refused where there is none."""
    row = await tx.one(f"{GRANT} WHERE g.id = :id {'/*pg FOR UPDATE OF g*/' if hold else ''}", id=grant_id)
    if row is None:
        raise Refused(say("There is no such grant."), WayOut(say("Points by hand"), "points.waiting"))
    return Grant(**row)


async def waiting_grants(tx: Transaction, number: int) -> Page:
    """A page of those that wait for a second admin, the oldest first."""
    rows = await tx.all(
        f"{GRANT} WHERE g.state = 'waiting' ORDER BY g.id LIMIT :limit OFFSET :offset",
        limit=ROWS_PER_PAGE + 1,
        offset=number * ROWS_PER_PAGE,
    )
    return Page(tuple(Grant(**row) for row in rows[:ROWS_PER_PAGE]), number, len(rows) > ROWS_PER_PAGE)


async def waiting_grants_number(tx: Transaction) -> int:
    """How many wait."""
    return int(await tx.value("SELECT COUNT(*) FROM grants_of_points WHERE state = 'waiting'"))


async def grant_whys(tx: Transaction, ids: Sequence[int]) -> dict[int, str]:
    """Why points were given by hand, by the number of the grant."""
    named = ", ".join(str(int(number)) for number in ids) or "NULL"
    rows = await tx.all(f"SELECT id, why FROM grants_of_points WHERE id IN ({named})")  # noqa: S608 - numbers alone
    return {row["id"]: row["why"] for row in rows}


# Deeds


async def ask_grant(tx: Transaction, person_id: int, amount: int, why: str, key: str, *, by: Person) -> Grant:
    """Give somebody points by hand, or ask a second admin to agree; once for each `key`.

    Raises Refused for everybody but admins, for oneself, for somebody who has left, and for what is no amount.
    """
    people.only_admins(by)
    check_amount(amount)
    person = await people.by_id(tx, person_id)
    _check_person(person, by)
    await take_turn(tx)
    before = await tx.value("SELECT id FROM grants_of_points WHERE key = :key", key=key)
    if before is not None:
        return await grant(tx, before)
    in_force = await rules.current(tx)
    await _check_month(tx, person, amount, in_force)
    number = await audit.note(tx, "points.grant.asked", f"person:{person.id}", by=by.id, amount=amount)
    grant_id = await tx.value(
        "INSERT INTO grants_of_points (person_id, amount, why, key, asked_by, asked_at, audit_number) "
        "VALUES (:person, :amount, :why, :key, :by, :now, :number) RETURNING id",
        person=person.id,
        amount=amount,
        why=why,
        key=key,
        by=by.id,
        now=tx.now,
        number=number,
    )
    found = await grant(tx, grant_id)
    if amount <= in_force.granted_alone:
        return await _give(tx, found, None)
    await people.tell_admins(tx, _asking(found), key=f"points.grant:{grant_id}", but=by.id)
    return found


async def _check_month(tx: Transaction, person: Person, amount: int, in_force: Rules) -> None:
    """What is given and what waits counts together, from the first of the county's month on."""
    begins = tx.local(tx.now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    had = await tx.value(
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM grants_of_points "
        "WHERE person_id = :person AND state <> 'declined' AND asked_at >= :begins",
        person=person.id,
        begins=int(begins.timestamp()),
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


async def agree(tx: Transaction, grant_id: int, *, by: Person) -> Grant:
    """The second pair of eyes: the points are given. Raises Refused for whoever asked, whoever gets them, and twice."""
    found = await _open(tx, grant_id, by)
    if found.asked_by == by.id:
        raise Refused(say("You have asked for this yourself: another county admin has to agree. Nothing was changed."))
    await audit.note(tx, "points.grant.agreed", f"person:{found.person_id}", by=by.id, amount=found.amount)
    return await _give(tx, found, by.id)


async def decline(tx: Transaction, grant_id: int, *, by: Person) -> Grant:
    """It is not given; whoever asked is told. He may take it back himself, too."""
    found = await _open(tx, grant_id, by)
    await audit.note(tx, "points.grant.declined", f"person:{found.person_id}", by=by.id, amount=found.amount)
    declined = await _settled(tx, found, "declined", by.id)
    if found.asked_by != by.id:
        words = say("{amount} points for {name} were not agreed to.", amount=found.amount, name=found.name)
        asker = await people.by_id(tx, found.asked_by)
        await people.tell(tx, asker, card(words, rows=_to(found)), key=f"points.grant.declined:{found.id}")
    return declined


async def _open(tx: Transaction, grant_id: int, by: Person) -> Grant:
    people.only_admins(by)
    await take_turn(tx)
    found = await grant(tx, grant_id, hold=True)
    if found.person_id == by.id:
        raise Refused(say("This is about your own points: another county admin decides. Nothing was changed."))
    if not found.waits:
        raise Refused(say("This was decided before. Nothing was changed now."), WayOut(say("Open"), _press(found)))
    return found


async def _give(tx: Transaction, found: Grant, approver: int | None) -> Grant:
    legs = (issued(tx, found.amount), Leg("member", found.person_id, found.amount))
    transfer_id = await transfer(
        tx,
        legs,
        reason=Reason.GRANT,
        cause=f"grant:{found.id}",
        person_id=found.person_id,
        by=found.asked_by,
        approver=approver,
        rule=(await rules.current(tx)).version,
        audit=found.audit_number,
    )
    given = await _settled(tx, found, "given", approver or found.asked_by)
    person = await people.by_id(tx, found.person_id)
    await people.tell(tx, person, _given(found, transfer_id), key=f"points.grant.given:{found.id}")
    return given


async def _settled(tx: Transaction, found: Grant, state: str, by: int) -> Grant:
    await tx.run(
        "UPDATE grants_of_points SET state = :state, settled_by = :by, settled_at = :now WHERE id = :id",
        state=state,
        by=by,
        now=tx.now,
        id=found.id,
    )
    return await grant(tx, found.id)


# Words


def _press(found: Grant) -> str:
    return press("points.open", found.id)


def _to(found: Grant) -> tuple[tuple[Button, ...], ...]:
    return ((Button(say("Open"), _press(found)),),)


def _asking(found: Grant) -> Card:
    return card(amount_words(found), say("A second admin has to agree."), rows=_to(found))


def _given(found: Grant, transfer_id: int) -> Card:
    return card(
        say_n("💰 The county gave you {n} point.", "💰 The county gave you {n} points.", found.amount),
        say("Why: {why}", why=found.why),
        rows=((Button(say("My points"), "points.mine"), look_button(transfer_id)),),
    )


def amount_words(found: Grant) -> Said:
    """Who would get how much, why, and who asks."""
    return say(
        "💰 {amount} points for {name} #{number}\nWhy: {why}\nAsked for by {asker}",
        amount=found.amount,
        name=found.name,
        number=found.person_id,
        why=found.why,
        asker=found.asker,
    )
