"""Who sits in the council: a list that county admins keep and everybody may read."""

from dataclasses import dataclass

from bot.cards import Button, card
from bot.domain import audit, people
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction


@dataclass(frozen=True)
class Seat:
    """Somebody who sits in the council, since when."""

    person_id: int
    nickname: str
    since: int


# Questions


async def seats(tx: Transaction, *, limit: int, offset: int = 0) -> list[Seat]:
    """The council's members, those who have been in it longest first."""
    rows = await tx.all(
        "SELECT m.person_id, p.nickname, m.since FROM council_members m CROSS JOIN people p WHERE p.id = m.person_id "
        "ORDER BY m.since, m.person_id LIMIT :limit OFFSET :offset",
        limit=limit,
        offset=offset,
    )
    return [Seat(**row) for row in rows]


async def seats_number(tx: Transaction) -> int:
    """How many sit in the council."""
    return int(await tx.value("SELECT COUNT(*) FROM council_members"))


async def sits(tx: Transaction, person: Person) -> bool:
    """Is this person in the council?"""
    found = await tx.value("SELECT 1 FROM council_members WHERE person_id = :person_id", person_id=person.id)
    return found is not None


# Deeds


async def add(tx: Transaction, member: Person, *, by: Person) -> None:
    """Give somebody a seat in the council. Raises Refused when he has one, or has left us."""
    people.only_admins(by)
    await people.candidate(tx, member.id)
    added = await tx.run(
        "INSERT INTO council_members (person_id, since, given_by) VALUES (:person_id, :now, :by) ON CONFLICT DO NOTHING",
        person_id=member.id,
        now=tx.now,
        by=by.id,
    )
    if not added:
        raise Refused(
            say("{person} sits in the council already. Nothing was changed.", person=member.nickname),
            WayOut(say("Council members"), "council.people"),
        )
    await audit.note(tx, "council.added", f"person:{member.id}", by=by.id)
    if member.id != by.id:
        await people.tell(tx, member, card(say("You sit in the youth council now. Welcome!"), rows=(_COUNCIL,)))


async def remove(tx: Transaction, member: Person, *, by: Person) -> None:
    """Take a seat back. Raises Refused when there is none to take."""
    people.only_admins(by)
    if not await tx.run("DELETE FROM council_members WHERE person_id = :person_id", person_id=member.id):
        raise Refused(
            say("{person} does not sit in the council. Nothing was changed.", person=member.nickname),
            WayOut(say("Council members"), "council.people"),
        )
    await audit.note(tx, "council.removed", f"person:{member.id}", by=by.id)
    if member.id != by.id:
        await people.tell(tx, member, card(say("You no longer sit in the youth council. Thank you for your work!")))


_COUNCIL = (Button(say("Youth council"), "council.now"),)
