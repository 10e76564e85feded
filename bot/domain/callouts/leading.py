"""Leading a mission: beginning, taking longer, looking for the missing, closing when everybody is back, standing down."""

from bot import due
from bot.cards import Button, Card, card, press
from bot.config import Callouts, Hours, House
from bot.domain import audit, hours, people, telling
from bot.domain.callouts import kit, reading
from bot.domain.callouts.board import changed, watchers
from bot.domain.callouts.calling import ALARM
from bot.domain.callouts.things import HOUR, MINUTE, Answer, Callout
from bot.domain.hours import Grade, Presence, Record
from bot.domain.people import Person
from bot.domain.telling import Audience
from bot.due import Due
from bot.locales import Moment, Said, Several, Span, say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction, Value

CREDITING = "callouts.credit"
RELEASING = "callouts.release"
# People whose hours are written down in one transaction, so that it holds nobody up.
CREDITED_AT_ONCE = 25
MISSING_SHOWN = 20
# A pause is never longer than this part of the time since the planned end, nor than a day.
LATE_PAUSES = 8
ALARM_PAUSE_MAX = 24 * HOUR
# After a rehearsal nobody is in danger: so many alarms, by day alone, and a last word to its leaders.
DRILL_ALARMS_MAX = 4
RELEASED = (
    "FROM callout_people c JOIN people p ON p.id = c.person_id WHERE c.callout_id = :callout AND c.state = 'released' "
    # Whoever has not got the call-out itself need not hear that it is over.
    "AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.key = CAST(:prefix AS TEXT) || p.id AND o.state = 'dropped')"
)


def _to_board(callout: Callout) -> WayOut:
    return WayOut(say("Open"), press("callouts.open", callout.id))


# Deeds


async def begin(tx: Transaction, callout_id: int, *, by: Person) -> Callout:
    """The roll was called at the start: from now on the mission counts as begun. Raises Refused the second time."""
    callout = await reading.run_by(tx, callout_id, by)
    begun = await tx.run(
        "UPDATE callouts SET began_at = :now, began_by = :by WHERE id = :id AND began_at IS NULL",
        now=tx.now,
        by=by.id,
        id=callout.id,
    )
    if not begun:
        raise Refused(say("It has begun already. Nothing was changed."), _to_board(callout))
    return await reading.by_id(tx, callout.id)


async def take_longer(tx: Transaction, callout_id: int, hours_more: int, *, by: Person) -> Callout:
    """Plan the end so many hours later, counted from now where it has passed."""
    callout = await reading.run_by(tx, callout_id, by)
    ends_at = max(callout.ends_at or tx.now, tx.now) + hours_more * HOUR
    await tx.run("UPDATE callouts SET ends_at = :ends WHERE id = :id", ends=ends_at, id=callout.id)
    await due.drop(tx, callout.name, ALARM)
    await due.plan(tx, ALARM, callout.name, ends_at)
    await changed(tx, callout)
    return await reading.by_id(tx, callout.id)


async def alarm(tx: Transaction, item: Due, house: House) -> None:
    """The planned end has passed: its leaders and the admins are told who is not back, again and again until all are.

    The pauses grow with the time that has passed, so that a mission nobody closes becomes a daily word and no flood. Of a
    rehearsal nobody is told in his quiet hours, and the alarms end.
    """
    callout = await reading.locked(tx, item.number)
    if not callout.is_open:
        return
    missing = await reading.missing(tx, callout.id)
    late, rules = tx.now - (callout.ends_at or tx.now), house.settings.callouts
    if callout.drill and late >= DRILL_ALARMS_MAX * rules.alarm_minutes * MINUTE:
        await _sound_no_more(tx, callout, list(missing))
        return
    if missing or item.due_at == callout.ends_at:
        await _sound(tx, callout, list(missing), item)
    await due.plan(tx, ALARM, callout.name, tx.now + _pause(late, rules))


def _pause(late: int, rules: Callouts) -> int:
    """Seconds until the next alarm, so many seconds after the planned end."""
    return max(rules.alarm_minutes * MINUTE, min(late // LATE_PAUSES, ALARM_PAUSE_MAX))


async def _sound(tx: Transaction, callout: Callout, missing: list[Answer], item: Due) -> None:
    told = {person.id: person for person in await watchers(tx, callout)}
    if missing:
        told |= {person.id: person for person in await people.with_role(tx, people.Role.ADMIN)}
    lane = Lane.REMINDER if callout.drill else Lane.URGENT
    for person in told.values():
        # What would come in the morning all at once is said by the last word alone.
        if callout.drill and people.quiet_until(person, tx, tx.now) > tx.now:
            continue
        key = f"{callout.name}:alarm:{item.due_at}:{person.id}"
        await people.tell(tx, person, _alarm_card(callout, _alarm_words(callout, missing), missing), lane=lane, key=key)


async def _sound_no_more(tx: Transaction, callout: Callout, missing: list[Answer]) -> None:
    """The last word about a rehearsal, to its leaders alone: in the morning, where they sleep."""
    if not missing:
        return
    words = say(
        "🏠 {n} have not said that they are back from {place}. It was a rehearsal: I ask no more.",
        n=len(missing),
        place=callout.place,
    )
    for person in await watchers(tx, callout):
        key = f"{callout.name}:quiet:{callout.ends_at}:{person.id}"
        await people.tell(tx, person, _alarm_card(callout, words, missing), lane=Lane.REMINDER, key=key)


def _alarm_card(callout: Callout, words: Said, missing: list[Answer]) -> Card:
    return card(
        callout.titled(words),
        *(_missing_line(each) for each in missing[:MISSING_SHOWN]),
        rows=((Button(say("Open"), press("callouts.open", callout.id), style="primary"),),),
    )


def _alarm_words(callout: Callout, missing: list[Answer]) -> Said:
    if missing:
        return say("🆘 <b>Not back from {place}</b>: {n}", place=callout.place, n=len(missing))
    return say("🏠 Everybody is back from {place}. Please close the mission.", place=callout.place)


def _missing_line(answer: Answer) -> Said:
    if answer.state == "there":
        return say("📍 {name}, there since {moment}", name=answer.nickname, moment=Moment(answer.arrived_at or 0))
    return say(
        "🚗 {name}, expected {moment}, has not said that he is there",
        name=answer.nickname,
        moment=Moment(answer.eta or 0),
    )


async def close(tx: Transaction, callout_id: int, *, by: Person) -> Callout:
    """Everybody is back: the mission goes into the log, and hours are written down. Raises Refused while anybody is out."""
    callout = await reading.run_by(tx, callout_id, by)
    closed = await tx.run(
        "UPDATE callouts SET state = 'closed', closed_at = :now, closed_by = :by WHERE id = :id AND state = 'open' "
        "AND NOT EXISTS (SELECT 1 FROM callout_people WHERE callout_id = :id AND state IN ('coming', 'there')) "
        "AND EXISTS (SELECT 1 FROM callout_people WHERE callout_id = :id AND state = 'back' AND arrived_at IS NOT NULL)",
        now=tx.now,
        by=by.id,
        id=callout.id,
    )
    if not closed:
        raise await _not_yet(tx, callout)
    await _let_go(tx, callout, "reserve")
    await audit.note(tx, "callout.closed", callout.name, by=by.id)
    await kit.ask_for(tx, callout, by=by)
    if not callout.drill:
        await due.plan(tx, CREDITING, f"{callout.name}:0", tx.now)
    return await reading.by_id(tx, callout.id)


async def _not_yet(tx: Transaction, callout: Callout) -> Refused:
    missing = await reading.missing(tx, callout.id)
    roll = WayOut(say("Roll-call"), press("callouts.roll", callout.id))
    if missing:
        names = Several(tuple(each.nickname for each in missing[:MISSING_SHOWN]))
        return Refused(
            say("Not everybody is back: {names}. The mission stays open; nothing was changed.", names=names), roll
        )
    return Refused(
        say("Nobody was there, so there is nothing for the log: stand the call-out down instead. Nothing was changed."),
        WayOut(say("Stand down"), press("callouts.standdown", callout.id)),
    )


async def stand_down(tx: Transaction, callout_id: int, *, by: Person) -> Callout:
    """Nobody need come: everybody who was asked is told. Raises Refused while anybody is there."""
    callout = await reading.run_by(tx, callout_id, by)
    stood_down = await tx.run(
        "UPDATE callouts SET state = 'stood_down', closed_at = :now, closed_by = :by, accepted = 0 WHERE id = :id "
        "AND state = 'open' AND NOT EXISTS (SELECT 1 FROM callout_people WHERE callout_id = :id AND state IN ('there', 'back') "
        "AND arrived_at IS NOT NULL)",
        now=tx.now,
        by=by.id,
        id=callout.id,
    )
    if not stood_down:
        raise Refused(
            say(
                "Some have been there: call the roll until everybody is back, then close the mission. Nothing was changed."
            ),
            WayOut(say("Roll-call"), press("callouts.roll", callout.id)),
        )
    await _let_go(tx, callout, "asked", "coming", "reserve", "back")
    await audit.note(tx, "callout.stood.down", callout.name, by=by.id)
    return await reading.by_id(tx, callout.id)


async def _let_go(tx: Transaction, callout: Callout, *states: str) -> None:
    """Whoever is in one of these states is not wanted any more, and is told so."""
    wanted = ", ".join(f"'{state}'" for state in states)
    await tx.run(
        f"UPDATE callout_people SET state = 'released', back_at = NULL, back_by = NULL "  # noqa: S608
        f"WHERE callout_id = :callout AND state IN ({wanted})",
        callout=callout.id,
    )
    await telling.begin(tx, RELEASING, f"{callout.name}:over")
    await changed(tx, callout)


async def release(tx: Transaction, item: Due, house: House) -> None:
    """Tell the next slice of those who are not wanted any more; what was not sent of the call-out never is."""
    callout = await reading.by_id(tx, item.number)
    while await telling.take_back(tx, callout.name):
        continue
    words = (
        say("✅ Thank you for standing by: enough people came to {place}, and it is over.", place=callout.place)
        if callout.state == "closed"
        else say("⏹ <b>Stood down</b>: nobody need come to {place} any more. Thank you.", place=callout.place)
    )
    values: dict[str, Value] = {"callout": callout.id, "prefix": f"{callout.name}:"}
    screen = card(callout.titled(words))
    await telling.spread(tx, item, f"{callout.name}:over", Audience(RELEASED, "p.id", values), screen, lane=Lane.URGENT)


async def credit(tx: Transaction, item: Due, house: House) -> None:
    """Write down the hours of the next of those who were there: by their own taps, confirmed by who closed the mission."""
    callout = await reading.by_id(tx, item.number)
    assert callout.closed_by is not None, "hours are written once it is closed"
    leader = await people.by_id(tx, callout.closed_by)
    rows = await tx.all(
        f"{reading.PEOPLE} WHERE a.callout_id = :callout AND a.state = 'back' AND a.arrived_at IS NOT NULL "
        "AND a.person_id > :after ORDER BY a.person_id LIMIT :limit",
        callout=callout.id,
        after=int(item.subject.split(":")[2]),
        limit=CREDITED_AT_ONCE,
    )
    for served in map(Answer.of_row, rows):
        if served.person_id == leader.id:
            await _ask_another(tx, callout, served, leader)
        else:
            await _credit(tx, callout, served, leader, house)
    if len(rows) == CREDITED_AT_ONCE:
        await due.plan(tx, CREDITING, f"{callout.name}:{rows[-1]['person_id']}", tx.now)


async def _ask_another(tx: Transaction, callout: Callout, served: Answer, leader: Person) -> None:
    """Nobody writes down his own hours: who leads beside him is asked, or else the admins, and he knows why his wait."""
    if not served.served // MINUTE:
        return
    others = [each for each in await watchers(tx, callout) if each.id != leader.id] or [
        each for each in await people.with_role(tx, people.Role.ADMIN) if each.id != leader.id
    ]
    screen = card(
        say("🗂 <b>{place}</b>: was {name} there?", place=callout.place, name=leader.nickname),
        say("{when}", when=Span(served.arrived_at or 0, served.back_at or 0)),
        say("{name} closed the mission, and nobody writes down his own hours.", name=leader.nickname),
        rows=(
            (Button(say("Was there: credit them"), press("callouts.vouch", callout.id, leader.id), style="primary"),),
        ),
    )
    for other in others:
        await people.tell(tx, other, screen, lane=Lane.REMINDER, key=f"{callout.name}:vouch:{tx.bot}:{other.id}")
    names = Several(tuple(each.nickname for each in others))
    words = say(
        "Your own hours at {place} wait for somebody else's word. I have asked: {names}",
        place=callout.place,
        names=names,
    )
    await people.tell(tx, leader, card(words, rows=((Button(say("Open"), press("callouts.report", callout.id)),),)))


async def vouch(tx: Transaction, callout_id: int, person_id: int, *, by: Person, rules: Hours) -> Record:
    """Say that whoever closed a mission was there: his hours are written down by somebody else's word. Raises Refused."""
    callout = await reading.seen_by(tx, callout_id, by)
    served = await reading.answer_of(tx, callout.id, person_id)
    if callout.state != "closed" or callout.drill or callout.closed_by != person_id or served is None:
        raise Refused(say("There is nothing to say of these hours any more. Nothing was changed."))
    if by.id == person_id or not await reading.may_lead(tx, callout, by):
        raise Refused(
            say("Somebody else has to say that: the brigade's leader or a county admin. Nothing was changed.")
        )
    await hours.hold(tx, person_id, by.id)
    if not served.served // MINUTE or await hours.live_of(tx, person_id, callout.name):
        raise Refused(say("These hours are written down already. Nothing was written twice."))
    late = tx.now > (callout.closed_at or 0) + rules.closing_hours * HOUR
    return await _write(tx, callout, served, by, rules, Grade.AFTERWARDS if late else Grade.ROLL)


async def _write(
    tx: Transaction, callout: Callout, served: Answer, by: Person, rules: Hours, grade: Grade = Grade.ROLL
) -> Record:
    """Without `published_at`: a call-out is done minutes after it went out, and nobody can have been there before."""
    assert served.arrived_at is not None and served.back_at is not None, "he was there and is back"
    minutes = served.served // MINUTE
    there = Presence(served.person_id, grade, minutes, served.arrived_at, served.back_at, callout.name, callout.place)
    return await hours.credit(tx, there, by=by, rules=rules)


async def _credit(tx: Transaction, callout: Callout, served: Answer, leader: Person, house: House) -> None:
    if not served.served // MINUTE:
        return
    try:
        async with tx.savepoint():
            await _write(tx, callout, served, leader, house.settings.hours)
    except Refused as refused:
        words = say(
            "The hours of {name} at {place} were not written down: {reason}",
            name=served.nickname,
            place=callout.place,
            reason=refused.reason,
        )
        await people.tell(tx, leader, card(words, rows=((Button(say("Open"), press("callouts.open", callout.id)),),)))
