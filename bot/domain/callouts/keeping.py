"""What call-outs keep of one person, how they forget him, and what must be so of all rows together."""

from typing import Any

from bot.cards import Button, card, press
from bot.domain import people
from bot.domain.callouts import answering, brigades, reading
from bot.domain.callouts.board import changed
from bot.domain.callouts.things import Brigade
from bot.domain.people import Becoming, Person, go, move, rows_of, share, stay, told
from bot.domain.promises import Broken, Promise, broken
from bot.locales import say
from bot.storage import Transaction

KNOWN = {
    "lives in": "SELECT r.at, a.name FROM residents r JOIN areas a ON a.id = r.area_id WHERE r.person_id = :id",
    "readiness": "SELECT * FROM responders WHERE person_id = :id",
    "skills": "SELECT s.id, s.key, s.name FROM person_skills k JOIN skills s ON s.id = k.skill_id "
    "WHERE k.person_id = :id ORDER BY s.id",
    "brigades": "SELECT m.*, b.name FROM brigade_members m JOIN brigades b ON b.id = m.brigade_id "
    "WHERE m.person_id = :id ORDER BY m.brigade_id",
    "brigades led": "SELECT id, name FROM brigades WHERE leader_id = :id ORDER BY id",
    "areas": "SELECT c.id, a.name, c.until FROM area_covers c JOIN areas a ON a.id = c.area_id "
    "WHERE c.person_id = :id ORDER BY c.id",
    "call-outs written": "SELECT id, place, state, drill, made_at, called_at FROM callouts WHERE caller_id = :id ORDER BY id",
    "call-outs answered": "SELECT * FROM callout_people WHERE person_id = :id ORDER BY callout_id",
    "kit": "SELECT l.*, k.name FROM kit_lent l JOIN kit k ON k.id = l.kit_id WHERE l.person_id = :id ORDER BY l.id",
}
FORGET = (
    "DELETE FROM responders WHERE person_id = :id",
    "DELETE FROM person_skills WHERE person_id = :id",
    "DELETE FROM brigade_members WHERE person_id = :id",
    "DELETE FROM area_covers WHERE person_id = :id",
    "DELETE FROM residents WHERE person_id = :id",
    "DELETE FROM callouts WHERE caller_id = :id AND state = 'draft'",
)
PROMISES = (
    Promise(
        "places",
        "A call-out has as many places taken as people who come, are there or are back.",
        "SELECT c.id, c.accepted FROM callouts c WHERE c.state IN ('open', 'closed') AND c.accepted <> (SELECT COUNT(*) "
        "FROM callout_people a WHERE a.callout_id = c.id AND a.state IN ('coming', 'there', 'back'))",
    ),
    Promise(
        "nobody left out",
        "Nobody is out on a mission that is over.",
        "SELECT c.id, a.person_id FROM callouts c JOIN callout_people a ON a.callout_id = c.id "
        "WHERE c.state <> 'open' AND a.state IN ('coming', 'there')",
    ),
    Promise(
        "alarm",
        "Each open mission has an instant at which its people are looked for.",
        "SELECT c.id FROM callouts c WHERE c.state = 'open' AND NOT EXISTS (SELECT 1 FROM due d WHERE "
        "d.deed = 'callouts.alarm' AND d.subject = 'callout:' || CAST(c.id AS TEXT) AND d.state = 'new')",
    ),
    Promise(
        "kit",
        "As much of each thing is handed out as its people have.",
        "SELECT k.id, k.lent FROM kit k WHERE k.lent <> "
        "(SELECT COALESCE(SUM(l.number - l.back), 0) FROM kit_lent l WHERE l.kit_id = k.id)",
    ),
)


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Every row of call-outs about this person, by what it is."""
    return await rows_of(tx, KNOWN, person)


async def forget(tx: Transaction, person: Person) -> None:
    """Readiness and memberships go; missions stay under the number. Whoever is on one has left it."""
    for callout in await reading.mine(tx, person):
        await _leave(tx, callout.id, person)
    for row in await tx.all("SELECT * FROM brigades WHERE leader_id = :id AND closed_at IS NULL", id=person.id):
        await brigades.lay_down(tx, Brigade(**row))
    for sql in FORGET:
        await tx.run(sql, id=person.id)


async def _leave(tx: Transaction, callout_id: int, person: Person) -> None:
    callout = await reading.locked(tx, callout_id)
    own = await reading.answer_of(tx, callout_id, person.id)
    if own is not None and own.state == "there":
        await answering.mark(tx, callout, person.id, "back", back_at=tx.now, back_by=person.id)
        await changed(tx, callout)
    elif own is not None and callout.is_open:
        await answering.give_up(tx, callout, own)


ON_THE_ROLL = """
    SELECT b.* FROM brigades b WHERE b.closed_at IS NULL AND (b.leader_id = :id OR EXISTS
        (SELECT 1 FROM brigade_members m WHERE m.brigade_id = b.id AND m.person_id = :id)) ORDER BY b.name, b.id
"""
AT_REST = (
    "DELETE FROM brigade_members WHERE person_id = :id",
    "DELETE FROM area_covers WHERE person_id = :id",
    "UPDATE responders SET standby_until = 0, willing = 0 WHERE person_id = :id",
)


async def let_go(tx: Transaction, person: Person) -> None:
    """Somebody turns out to be under 18: he is on no roll any more and is not awaited anywhere; he and the leaders are told.

    Whoever is out on a mission stays on it until it is said that he is back: nobody is left out there.
    """
    for callout in await reading.mine(tx, person):
        await _await_no_more(tx, callout.id, person)
    rolls = [Brigade(**row) for row in await tx.all(ON_THE_ROLL, id=person.id)]
    for sql in AT_REST:
        await tx.run(sql, id=person.id)
    for brigade in rolls:
        await _off(tx, brigade, person)
    if rolls:
        words = say("Nobody under 18 is called out. You are not on standby any more, and not in:")
        lines = (say("• {title}", title=each.name) for each in rolls)
        young = Button(say("🧒 For my age"), "activities.young")
        await people.tell(tx, person, card(words, *lines, rows=((young,),)))


async def _await_no_more(tx: Transaction, callout_id: int, person: Person) -> None:
    callout = await reading.locked(tx, callout_id)
    own = await reading.answer_of(tx, callout_id, person.id)
    if own is not None and own.state != "there" and callout.is_open:
        await answering.give_up(tx, callout, own)


async def _off(tx: Transaction, brigade: Brigade, person: Person) -> None:
    """Whoever leads the brigade hears of it; where that was he himself, the admins do, who lead it now."""
    if brigade.leader_id == person.id:
        await brigades.lay_down(tx, brigade)
        return
    words = say(
        "{person} is under 18, as it turns out, and is not in {brigade} any more: nobody under 18 is called out.",
        person=person.nickname,
        brigade=brigade.name,
    )
    roll = Button(say("Roll"), press("callouts.members", brigade.id))
    await brigades.tell_leader(tx, brigade, card(words, rows=((roll,),)))


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well."""
    return await broken(tx, PROMISES)


MERGED = (
    *told("brigades", "leader_id"),
    *stay("brigades", "made_by"),
    move("brigade_members", "person_id", once=("brigade_id",), rest="goes"),
    *stay("brigade_members", "by_id"),
    move("person_skills", "person_id", once=("skill_id",), rest="goes"),
    move("responders", "person_id", once=(), rest="goes"),
    move("residents", "person_id", once=(), rest="goes"),
    go("area_covers", "person_id"),
    *stay("callouts", "caller_id", "began_by", "closed_by"),
    # Nobody is sent to two places.
    move(
        "callout_people",
        "person_id",
        once=("callout_id",),
        only="(state NOT IN ('coming', 'there') OR NOT EXISTS (SELECT 1 FROM callout_people b WHERE b.person_id = :into "
        "AND b.state IN ('coming', 'there')))",
    ),
    *stay("callout_people", "arrived_by", "back_by"),
    move("kit_lent", "person_id", once=("kit_id", "callout_id")),
    *stay("kit_lent", "by_id"),
)


async def merged(tx: Transaction, it: Becoming) -> None:
    """Readiness and missions go on; the lead of a brigade is laid down, and cover for an area is given anew."""
    for row in await tx.all("SELECT * FROM brigades WHERE leader_id = :id AND closed_at IS NULL", id=it.old.id):
        await brigades.lay_down(tx, Brigade(**row))
    await share(tx, MERGED, it)
    for callout in await reading.mine(tx, it.old):
        await _leave(tx, callout.id, it.old)
