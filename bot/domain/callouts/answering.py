"""Answering a call-out: coming and when, not coming, there, back. Nobody has a place at two of them."""

from bot.cards import Button, Card, card, press
from bot.config import Callouts
from bot.domain import people
from bot.domain.callouts import reading
from bot.domain.callouts.board import changed
from bot.domain.callouts.things import HOUR, SERVICE_WINDOW, Answer, Callout, no_such
from bot.domain.people import Person
from bot.locales import Moment, Said, say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction, Value

ELSEWHERE = """
    SELECT c.* FROM callout_people a JOIN callouts c ON c.id = a.callout_id
    WHERE a.person_id = :person AND a.callout_id <> :callout AND a.state IN ('coming', 'there')
        AND (a.drill = 0 OR :drill = 1) ORDER BY c.id LIMIT 1
"""
# Who is called in earnest leaves the rehearsal as it is.
LEAVE_DRILL = """
    UPDATE callout_people SET state = 'back', back_at = :now, back_by = :person
    WHERE person_id = :person AND callout_id <> :callout AND drill = 1 AND state IN ('coming', 'there')
"""


# Questions


async def asked(tx: Transaction, callout_id: int, person: Person) -> tuple[Callout, Answer]:
    """A call-out for which this person was asked, and what he said. Raises Refused."""
    callout = await reading.by_id(tx, callout_id)
    own = await reading.answer_of(tx, callout_id, person.id)
    if own is None:
        raise no_such()
    return callout, own


async def _elsewhere(tx: Transaction, callout: Callout, person_id: int) -> Callout | None:
    """The other mission on which somebody is; for a real call-out a rehearsal is none."""
    row = await tx.one(ELSEWHERE, person=person_id, callout=callout.id, drill=callout.drill)
    return Callout.of_row(row) if row else None


async def check_free(tx: Transaction, callout: Callout, person: Person) -> None:
    """Raises Refused for whoever is on another mission."""
    other = await _elsewhere(tx, callout, person.id)
    if other is not None:
        raise Refused(
            say(
                "{name} is on another mission, at {place}: nobody is sent to two places. Nothing was changed. First it must "
                "be said there that he is back, or can't come.",
                name=person.nickname,
                place=other.place,
            ),
            WayOut(say("Open that mission"), press("callouts.mine", other.id)),
        )


async def _check_rested(tx: Transaction, callout: Callout, person: Person) -> None:
    until = await tx.value("SELECT rest_until FROM responders WHERE person_id = :me", me=person.id)
    if until is not None and until > tx.now and not callout.drill:
        raise Refused(
            say(
                "You have served long and rest until {moment}. Nobody expects you; nothing was changed.",
                moment=Moment(until),
            ),
            WayOut(say("My readiness"), "callouts.ready"),
        )


def _check_grown_up(person: Person) -> None:
    if person.is_minor:
        raise Refused(
            say("Nobody under 18 is called out, so nobody expects you. Nothing was changed."),
            WayOut(say("🧒 For my age"), "activities.young"),
            WayOut(say("How old I am"), "minors.age"),
        )


# Deeds


async def come(tx: Transaction, callout_id: int, eta: int, *, by: Person) -> Answer:
    """Come, and be there at `eta`: with a place while there is one, else in reserve. Said again, only the time changes.

    Raises Refused for whoever was not asked, is under 18 by now, is on another mission, rests, or is there already, and
    once it is over.
    """
    callout, own = await _open(tx, callout_id, by)
    if own.state in ("there", "back"):
        raise _later(callout, say("You have been there already. Nothing was changed."))
    _check_grown_up(await people.held(tx, by.id))
    await check_free(tx, callout, by)
    await _check_rested(tx, callout, by)
    state = own.state if own.state == "coming" else await _take_place(tx, callout, by.id)
    await tx.run(
        "UPDATE callout_people SET state = :state, eta = :eta, answered_at = CASE WHEN state = 'reserve' THEN answered_at "
        "ELSE :now END WHERE callout_id = :callout AND person_id = :me",
        state=state,
        eta=eta,
        now=tx.now,
        callout=callout.id,
        me=by.id,
    )
    await changed(tx, callout)
    return await _now(tx, callout, by.id)


ALONG = """
    INSERT INTO callout_people (callout_id, person_id, ring, drill, state, asked_at)
    VALUES (:callout, :me, :ring, :drill, 'asked', :now) ON CONFLICT DO NOTHING
"""


async def go_along(tx: Transaction, callout_id: int, *, by: Person) -> Answer:
    """Whoever leads a mission goes there himself, and is on the roll like everybody. Raises Refused as `come` does."""
    callout = await reading.run_by(tx, callout_id, by)
    await tx.run(ALONG, callout=callout.id, me=by.id, ring=callout.ring, drill=callout.drill, now=tx.now)
    return await come(tx, callout_id, tx.now, by=by)


async def _open(tx: Transaction, callout_id: int, person: Person) -> tuple[Callout, Answer]:
    """The call-out, locked, and the person's answer; he is locked behind it. Raises Refused."""
    callout = await reading.locked(tx, callout_id)
    await people.held(tx, person.id)
    own = await reading.answer_of(tx, callout_id, person.id)
    if own is None:
        raise no_such()
    if not callout.is_open:
        raise reading.over(callout)
    return callout, own


async def _take_place(tx: Transaction, callout: Callout, person_id: int) -> str:
    """coming for whoever gets a place, reserve beyond the number that is wanted."""
    taken = await tx.run(
        "UPDATE callouts SET accepted = accepted + 1 WHERE id = :id AND state = 'open' AND accepted < wanted",
        id=callout.id,
    )
    if not taken:
        return "reserve"
    if not callout.drill:
        await tx.run(LEAVE_DRILL, now=tx.now, person=person_id, callout=callout.id)
    return "coming"


async def _now(tx: Transaction, callout: Callout, person_id: int) -> Answer:
    own = await reading.answer_of(tx, callout.id, person_id)
    assert own is not None, "whoever answers was asked"
    return own


def _later(callout: Callout, words: Said) -> Refused:
    return Refused(words, WayOut(say("My mission"), press("callouts.mine", callout.id)))


async def decline(tx: Transaction, callout_id: int, *, by: Person) -> Answer:
    """Not come, or not any more; a place that becomes free goes to the first in reserve. Raises Refused on site."""
    callout, own = await _open(tx, callout_id, by)
    if own.state in ("there", "back"):
        raise _later(callout, say("You are there: please say that you are back when you are. Nothing was changed."))
    await give_up(tx, callout, own)
    return await _now(tx, callout, by.id)


async def excuse(tx: Transaction, callout_id: int, person_id: int, *, by: Person) -> Callout:
    """At the roll-call: somebody on the way has not come, and is not expected any more. He is told."""
    callout = await reading.run_by(tx, callout_id, by)
    person = await people.held(tx, person_id)
    own = await reading.answer_of(tx, callout.id, person_id)
    if own is None or own.state != "coming":
        raise _roll(callout)
    await give_up(tx, callout, own)
    words = say(
        "You are not expected at {place} any more. If you are there all the same, please tell {name}.",
        place=callout.place,
        name=by.nickname,
    )
    await people.tell(tx, person, card(callout.titled(words)), lane=Lane.URGENT)
    return callout


def _roll(callout: Callout) -> Refused:
    return Refused(
        say("That has changed meanwhile. Nothing was changed now."),
        WayOut(say("Roll-call"), press("callouts.roll", callout.id)),
    )


async def give_up(tx: Transaction, callout: Callout, own: Answer) -> None:
    """Not come: a place that is free by it goes to the first in reserve. The call-out must be locked."""
    await tx.run(
        "UPDATE callout_people SET state = 'declined', eta = NULL, answered_at = :now "
        "WHERE callout_id = :callout AND person_id = :person",
        now=tx.now,
        callout=callout.id,
        person=own.person_id,
    )
    if own.state == "coming":
        await tx.run("UPDATE callouts SET accepted = accepted - 1 WHERE id = :id", id=callout.id)
        await promote(tx, callout)
    await changed(tx, callout)


async def promote(tx: Transaction, callout: Callout) -> None:
    """A free place goes to the first in reserve who is not out elsewhere; he is told at once."""
    for waiting in await reading.answers(tx, callout.id, "reserve", limit=100):
        person = await people.held(tx, waiting.person_id)
        if await _elsewhere(tx, callout, person.id) is not None:
            continue
        if await _take_place(tx, callout, person.id) == "coming":
            await mark(tx, callout, person.id, "coming")
            await people.tell(tx, person, _promoted(callout, waiting), lane=Lane.URGENT)
        return


def _promoted(callout: Callout, waiting: Answer) -> Card:
    there = Button(say("📍 I'm there"), press("callouts.there", callout.id), style="primary")
    return card(
        callout.titled(say("🚗 <b>You are wanted now</b>: a place at {place} is free.", place=callout.place)),
        say("You said that you can be there by {moment}.", moment=Moment(waiting.eta or waiting.asked_at)),
        rows=((there, Button(say("I can't"), press("callouts.cant", callout.id))),),
    )


async def mark(tx: Transaction, callout: Callout, person_id: int, state: str, **more: Value) -> None:
    """Write down where somebody is, and since when. The call-out must be locked."""
    columns = "".join(f", {name} = :{name}" for name in more)
    await tx.run(
        f"UPDATE callout_people SET state = :state{columns} WHERE callout_id = :callout AND person_id = :person",  # noqa: S608
        state=state,
        callout=callout.id,
        person=person_id,
        **more,
    )


async def arrive(tx: Transaction, callout_id: int, person_id: int, *, by: Person) -> Answer:
    """Be there: said by oneself, or by whoever leads the mission. Raises Refused for whoever has no place."""
    callout, own = await _answer_for(tx, callout_id, person_id, by)
    if own.state == "reserve":
        raise _later(
            callout, say("Enough people are coming; you are in reserve and have no place yet. Nothing was changed.")
        )
    if own.state != "coming":
        raise (
            _later(callout, say("Say first that you come. Nothing was changed."))
            if by.id == person_id
            else _roll(callout)
        )
    await mark(tx, callout, person_id, "there", arrived_at=tx.now, arrived_by=by.id)
    await changed(tx, callout)
    return await _now(tx, callout, person_id)


async def _answer_for(tx: Transaction, callout_id: int, person_id: int, by: Person) -> tuple[Callout, Answer]:
    """The call-out and the answer of `person_id`, for himself or for whoever leads the mission. Raises Refused."""
    if by.id == person_id:
        return await _open(tx, callout_id, by)
    await reading.run_by(tx, callout_id, by)
    return await _open(tx, callout_id, await people.by_id(tx, person_id))


async def go_back(
    tx: Transaction, callout_id: int, person_id: int, *, by: Person, rules: Callouts
) -> tuple[Answer, int]:
    """Be back safely: said by oneself, or by whoever leads the mission. The answer, and until when he rests (0: not)."""
    callout, own = await _answer_for(tx, callout_id, person_id, by)
    if own.state != "there":
        raise (
            _later(callout, say("Only whoever is there can be back. Nothing was changed."))
            if by.id == person_id
            else _roll(callout)
        )
    await mark(tx, callout, person_id, "back", back_at=tx.now, back_by=by.id)
    rest = await _rest(tx, person_id, rules)
    await changed(tx, callout)
    return await _now(tx, callout, person_id), rest


async def _rest(tx: Transaction, person_id: int, rules: Callouts) -> int:
    """Whoever has served long in the last day rests: until when, 0 where he need not."""
    served = int(
        await tx.value(
            "SELECT CAST(COALESCE(SUM(back_at - arrived_at), 0) AS BIGINT) FROM callout_people "
            "WHERE person_id = :person AND drill = 0 AND back_at > :since",
            person=person_id,
            since=tx.now - SERVICE_WINDOW,
        )
    )
    if served <= rules.rest_after_hours * HOUR:
        return 0
    until = tx.now + rules.rest_hours * HOUR
    await tx.run(
        "INSERT INTO responders (person_id, rest_until) VALUES (:person, :until) "
        "ON CONFLICT (person_id) DO UPDATE SET rest_until = excluded.rest_until",
        person=person_id,
        until=until,
    )
    return until


async def correct(tx: Transaction, callout_id: int, person_id: int, *, by: Person) -> Answer:
    """At the roll-call: a tick too many is taken away: who was back is there again, who was there is on the way."""
    await reading.run_by(tx, callout_id, by)
    person = await people.by_id(tx, person_id)
    callout, own = await _open(tx, callout_id, person)
    if own.state == "back":
        await check_free(tx, callout, person)
        await mark(tx, callout, person_id, "there" if own.arrived_at else "coming", back_at=None, back_by=None)
    elif own.state == "there":
        await mark(tx, callout, person_id, "coming", arrived_at=None, arrived_by=None)
    else:
        raise _roll(callout)
    await changed(tx, callout)
    return await _now(tx, callout, person_id)
