"""Nominated, looked at by somebody else, made public, awarded: FEATURES row 84."""

from dataclasses import dataclass

from bot import due
from bot.cards import Button, Card, card, press
from bot.config import Hours, House
from bot.domain import audit, hours, people
from bot.domain.honours import asking
from bot.domain.honours.things import Honour, Nomination, lacks
from bot.domain.hours import working_days_after
from bot.domain.people import Person
from bot.due import Due
from bot.locales import Moment, Said, say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

ENDING = "honours.ending"
# The notice is over and an objection isn't answered: after so many days the admins are asked for it again.
AGAIN_SECONDS = 3 * 24 * 3600


async def offer(tx: Transaction, title: str, about: str, minutes: int, star: int, until: int, *, by: Person) -> Honour:
    """Make an honour for which people can be nominated. Raises Refused for everybody but admins."""
    people.only_admins(by)
    if until <= tx.now:
        raise Refused(say("That day has passed. Nothing was saved; please give another one."))
    honour_id = await tx.value(
        "INSERT INTO honours (title, about, minutes, star, until, made_by, made_at) "
        "VALUES (:title, :about, :minutes, :star, :until, :by, :now) RETURNING id",
        title=title,
        about=about,
        minutes=minutes,
        star=star,
        until=until,
        by=by.id,
        now=tx.now,
    )
    await audit.note(tx, "honour.offered", f"honour:{honour_id}", by=by.id)
    return await asking.honour(tx, honour_id)


@dataclass(frozen=True)
class Record:
    """What somebody has done so far, as an honour asks for it."""

    minutes: int
    star: int


async def fitting(tx: Transaction, honour: Honour, person: Person, *, by: Person) -> Record:
    """The record that bears a nomination out. Raises Refused: for oneself, too late, or when the record is too short."""
    if not honour.is_open(tx.now):
        raise Refused(say("Nominations for “{title}” are over. Nothing was saved.", title=honour.title), _list())
    if person.id == by.id:
        raise Refused(say("Nobody nominates himself. Nothing was saved; others can nominate you."), _list())
    if person.forgotten_at is not None:
        raise Refused(say("This person has left. Nothing was saved."), _list())
    record = Record((await hours.sums(tx, person.id)).total, await hours.star_held(tx, person.id))
    if missing := lacks(honour, record.minutes, record.star):
        raise Refused(
            say("{name} can't be nominated yet: {missing}. Nothing was saved.", name=person.nickname, missing=missing),
            _list(),
        )
    return record


async def nominate(tx: Transaction, honour_id: int, person_id: int, why: str, *, by: Person) -> Nomination:
    """Nominate somebody; he is told and may decline. Raises Refused: where the record does not bear it out, or twice."""
    honour, person = await asking.honour(tx, honour_id), await people.by_id(tx, person_id)
    record = await fitting(tx, honour, person, by=by)
    nomination_id = await tx.value(
        "INSERT INTO nominations (honour_id, person_id, by_id, why, minutes, star, made_at) "
        "VALUES (:honour, :person, :by, :why, :minutes, :star, :now) ON CONFLICT DO NOTHING RETURNING id",
        honour=honour.id,
        person=person.id,
        by=by.id,
        why=why,
        minutes=record.minutes,
        star=record.star,
        now=tx.now,
    )
    if nomination_id is None:
        raise Refused(
            say("{name} has been nominated for it already. Nothing was saved.", name=person.nickname), _list()
        )
    await audit.note(tx, "honour.nominated", f"nomination:{nomination_id}", by=by.id, person=person.id)
    found = await asking.nomination(tx, nomination_id)
    await people.tell(tx, person, _nominated(found, by))
    await people.tell_admins(
        tx,
        card(
            say("🏅 {name} is nominated for “{title}”.", name=person.nickname, title=honour.title),
            rows=((Button(say("Open"), press("honours.one", found.id)),),),
        ),
        key=f"nominated:{found.id}",
    )
    return found


def _list() -> WayOut:
    return WayOut(say("Honours"), "honours.list")


def _nominated(found: Nomination, by: Person) -> Card:
    return card(
        say("🏅 {name} has nominated you for “{title}”.", name=by.nickname, title=found.title),
        say("“{why}”", why=found.why),
        say(
            "A county admin looks at it. Then it is public for some days, with your name and hours, before it is yours."
        ),
        rows=((Button(say("Open"), press("honours.one", found.id)),),),
    )


async def review(
    tx: Transaction, nomination_id: int, *, fits: bool, by: Person, rules: Hours, reason: str = ""
) -> Nomination:
    """Make it public, or refuse it for a `reason`; whoever nominated and who is nominated hear of it. Raises Refused."""
    people.only_admins(by)
    found = await asking.nomination(tx, nomination_id, hold=True)
    if by.id in (found.person_id, found.by_id):
        raise Refused(say("You are nominated or have nominated: another admin has to look at it. Nothing was changed."))
    last_day = working_days_after(tx.today, rules.star_notice_working_days)
    until = hours.ends_after(tx, last_day)
    done = await tx.run(
        "UPDATE nominations SET state = :state, reviewed_by = :by, until = :until, settled_at = :settled "
        "WHERE id = :id AND state = 'nominated'",
        state="public" if fits else "refused",
        by=by.id,
        until=until if fits else None,
        settled=None if fits else tx.now,
        id=found.id,
    )
    if not done:
        raise Refused(say("Somebody has looked at it already. Nothing was changed."))
    await audit.note(tx, "honour.reviewed", f"nomination:{found.id}", by=by.id, fits=int(fits))
    if fits:
        await due.plan(tx, ENDING, f"nomination:{found.id}", until)
        words = say("📢 “{title}” for {name} is public until {moment}.", moment=Moment(until), **_named(found))
    else:
        words = say(
            "“{title}” for {name} was not taken up: {reason}\nThank you for thinking of it.",
            reason=reason,
            **_named(found),
        )
    await _tell_both(tx, found, words)
    return await asking.nomination(tx, found.id)


def _named(found: Nomination) -> dict[str, str]:
    return {"title": found.title, "name": found.nickname}


async def _tell_both(tx: Transaction, found: Nomination, words: Said) -> None:
    for person_id in (found.person_id, found.by_id):
        screen = card(words, rows=((Button(say("Open"), press("honours.one", found.id)),),))
        await people.tell(tx, await people.by_id(tx, person_id), screen)


async def decline(tx: Transaction, nomination_id: int, *, by: Person) -> Nomination:
    """Decline what one is nominated for, while it is not awarded. Raises Refused."""
    declined = await tx.run(
        "UPDATE nominations SET state = 'declined', settled_at = :now "
        "WHERE id = :id AND person_id = :by AND state IN ('nominated', 'public')",
        now=tx.now,
        id=nomination_id,
        by=by.id,
    )
    if not declined:
        raise Refused(say("There is nothing here for you to decline. Nothing was changed."))
    await due.drop(tx, f"nomination:{nomination_id}", ENDING)
    return await asking.nomination(tx, nomination_id)


async def object_to(tx: Transaction, nomination_id: int, words: str, *, by: Person) -> Nomination:
    """Say that it should not be, and why; admins answer before it is awarded. Raises Refused."""
    found = await asking.nomination(tx, nomination_id, hold=True)
    if found.state != "public" or found.person_id == by.id:
        raise Refused(say("There is nothing to object to here. Nothing was saved."), _list())
    added = await tx.run(
        "INSERT INTO honour_objections (nomination_id, person_id, words, at) VALUES (:id, :by, :words, :now) "
        "ON CONFLICT DO NOTHING",
        id=found.id,
        by=by.id,
        words=words,
        now=tx.now,
    )
    if not added:
        raise Refused(say("You have objected already; a county admin answers. Nothing was saved now."))
    await people.tell_admins(
        tx,
        card(
            say("❗ Somebody objects to “{title}” for {name}.", **_named(found)),
            rows=((Button(say("Open"), press("honours.one", found.id)),),),
        ),
    )
    return found


async def answer(tx: Transaction, nomination_id: int, person_id: int, *, right: bool, by: Person) -> Nomination:
    """Answer an objection; one that is right ends the nomination. Raises Refused for whoever has a hand in it."""
    people.only_admins(by)
    found = await asking.nomination(tx, nomination_id, hold=True)
    if by.id in (found.person_id, found.by_id, person_id):
        raise Refused(say("You have a hand in this: another admin has to answer. Nothing was changed."))
    answered = await tx.run(
        "UPDATE honour_objections SET upheld = :right, answered_by = :by "
        "WHERE nomination_id = :id AND person_id = :person AND upheld IS NULL",
        right=int(right),
        by=by.id,
        id=found.id,
        person=person_id,
    )
    if not answered:
        raise Refused(say("This has been answered already. Nothing was changed."))
    await audit.note(tx, "honour.answered", f"nomination:{found.id}", by=by.id, right=int(right))
    verdict = say("it was right") if right else say("it was not right")
    objector = await people.by_id(tx, person_id)
    words = say("Your objection to “{title}” for {name} is answered: {verdict}.", verdict=verdict, **_named(found))
    await people.tell(tx, objector, card(words))
    if right:
        await _refuse(tx, found)
    elif found.until is not None and found.until <= tx.now:
        # It had only waited for this answer.
        await due.plan(tx, ENDING, f"nomination:{found.id}", tx.now)
    return await asking.nomination(tx, found.id)


async def _refuse(tx: Transaction, found: Nomination) -> None:
    refused = await tx.run(
        "UPDATE nominations SET state = 'refused', settled_at = :now WHERE id = :id AND state = 'public'",
        now=tx.now,
        id=found.id,
    )
    if refused:
        await due.drop(tx, f"nomination:{found.id}", ENDING)
        await _tell_both(
            tx, found, say("An objection to “{title}” for {name} was right: it is not awarded.", **_named(found))
        )


AWARD = """
    UPDATE nominations SET state = 'awarded', settled_at = :now WHERE id = :id AND state = 'public'
        AND NOT EXISTS (SELECT 1 FROM honour_objections o WHERE o.nomination_id = nominations.id AND o.upheld IS NULL)
"""


async def end_notice(tx: Transaction, item: Due, house: House) -> None:
    """Award what nobody objects to; what somebody does waits for the answer."""
    # Held first: what is objected to at this very moment is seen by the statement that awards.
    found = await asking.nomination(tx, item.number, hold=True)
    if await tx.run(AWARD, now=tx.now, id=found.id):
        await _tell_both(tx, found, say("🏅 “{title}” is awarded to {name}. Congratulations!", **_named(found)))
    elif found.state == "public":
        await _ask_for_answer(tx, found, item)


async def _ask_for_answer(tx: Transaction, found: Nomination, item: Due) -> None:
    words = say("❗ “{title}” for {name} waits: an objection has no answer yet.", **_named(found))
    screen = card(words, rows=((Button(say("Open"), press("honours.one", found.id)),),))
    await people.tell_admins(tx, screen, key=f"objected:{found.id}:{item.due_at}")
    await due.plan(tx, ENDING, item.subject, tx.now + AGAIN_SECONDS)
