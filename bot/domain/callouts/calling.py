"""Calling out: a draft that is complete from its first word, what sending it would mean, and rings that widen."""

import re
from collections.abc import Sequence

from bot import dates, due
from bot.cards import press
from bot.config import Callouts, House
from bot.domain import audit, telling
from bot.domain.callouts import brigades, reading, standing
from bot.domain.callouts.board import changed, push
from bot.domain.callouts.things import HOUR, MINUTE, PLACE_CHARACTERS_MAX, RINGS, WANTED_MAX, Callout, clean_line
from bot.domain.callouts.wording import letter
from bot.domain.people import Person
from bot.domain.telling import Audience
from bot.due import Due
from bot.locales import say
from bot.outbox import Lane
from bot.refusal import Refused, WayOut
from bot.storage import Transaction, Value

ASKING = "callouts.ask"
WIDENING = "callouts.widen"
WANTED = 5
WITHIN = 30
WITHIN_MAX = 7 * 24 * 60
HAS_SKILL = (
    "(CAST(:skill AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM person_skills s "
    "WHERE s.person_id = p.id AND s.skill_id = CAST(:skill AS BIGINT)))"
)
STANDS_BY = "COALESCE(r.standby_until, 0) > :now"
OF_BRIGADE = (
    "EXISTS (SELECT 1 FROM brigade_members b WHERE b.brigade_id = :brigade AND b.person_id = p.id AND b.state = 'in')"
)
OF_ANY = "EXISTS (SELECT 1 FROM brigade_members b WHERE b.person_id = p.id AND b.state = 'in')"
# Whoever could be asked, with the first ring in which he is; not who is under 18, out already, rests, or was asked.
RINGED = f"""
    (SELECT p.id, CASE
        WHEN {OF_BRIGADE} AND {STANDS_BY} AND {HAS_SKILL} THEN 1
        WHEN {OF_BRIGADE} THEN 2
        WHEN {OF_ANY} AND {STANDS_BY} AND {HAS_SKILL} THEN 3
        WHEN r.willing = 1 AND {HAS_SKILL} THEN 4 END AS ring
    FROM (SELECT person_id FROM brigade_members WHERE state = 'in'
          UNION SELECT person_id FROM responders WHERE willing = 1) c
    JOIN people p ON p.id = c.person_id LEFT JOIN responders r ON r.person_id = p.id
    WHERE p.telegram_id IS NOT NULL AND COALESCE(p.age, 'adult') = 'adult' AND p.id <> :caller AND COALESCE(r.rest_until, 0) <= :now
        AND NOT EXISTS (SELECT 1 FROM callout_people o WHERE o.person_id = p.id AND o.state IN ('coming', 'there')
            AND (o.drill = 0 OR :drill = 1))
        AND NOT EXISTS (SELECT 1 FROM callout_people o WHERE o.callout_id = :callout AND o.person_id = p.id)
    ) ringed
"""  # noqa: S608 - put together from texts of our own
ASKED = "FROM callout_people c JOIN people p ON p.id = c.person_id WHERE c.callout_id = :callout AND c.ring = :ring AND c.state = 'asked'"


# What stands last in a line and says only how many, or within how many minutes.
_LAST = re.compile(
    r"(?P<rest>.*\S)\s*[,，、;；]\s*(?:(?P<wanted>\d{1,4})\s*(?:个人|人|名|位|people|persons?)"
    r"|(?:(?:with)?in\s+)?(?P<within>\d{1,3})\s*(?:分钟[以之]?内?|min(?:ute)?s?))\.?",
    re.IGNORECASE,
)


def _values(tx: Transaction, callout: Callout) -> dict[str, Value]:
    return {
        "skill": callout.skill_id,
        "brigade": callout.brigade_id,
        "caller": callout.caller_id,
        "drill": callout.drill,
        "callout": callout.id,
        "now": tx.now,
    }


# Rules


def place(typed: str, tx: Transaction) -> str:
    """Where help is needed, in one line of at most PLACE_CHARACTERS_MAX characters. Raises Refused."""
    return clean_line(typed, PLACE_CHARACTERS_MAX)


def spoken(typed: str) -> tuple[str, int, int]:
    """Where to, how many people and within how many minutes, as in “West bridge, sandbags, 12 people, in 45 min”.

    0 for what isn't said.
    """
    said = {"wanted": 0, "within": 0}
    while (found := _LAST.fullmatch(typed.strip())) is not None:
        typed = found["rest"]
        said.update({what: int(found[what]) for what in said if found[what]})
    return typed, said["wanted"], said["within"]


def clock(typed: str, tx: Transaction) -> int:
    """A time that is ahead, at most a week, or how long it is until then, in Unix seconds. Raises Refused."""
    at = _at(typed, tx)
    if at is None or not tx.now < at <= tx.now + WITHIN_MAX * MINUTE:
        raise Refused(say("I need a time that is ahead, such as 14:30, or 20 minutes. Nothing was changed."))
    return at


def _at(typed: str, tx: Transaction) -> int | None:
    """None where it is no time of the day."""
    try:
        found = dates.read(typed, now=tx.local(tx.now), zone=tx.clock.zone)
        return None if found.day_only else int(found.start.timestamp())
    except dates.Unreadable:
        pass
    try:
        return tx.now + int(dates.read_duration(typed).total_seconds())
    except dates.Unreadable:
        return None


# Questions


async def reach(tx: Transaction, callout: Callout) -> tuple[int, ...]:
    """How many each ring would ask if it came to it, the first ring first."""
    rows = await tx.all(
        f"SELECT ring, COUNT(*) AS n FROM {RINGED} WHERE ring IS NOT NULL GROUP BY ring",  # noqa: S608
        **_values(tx, callout),
    )
    known = {row["ring"]: int(row["n"]) for row in rows}
    return tuple(known.get(ring, 0) for ring in range(1, RINGS + 1))


def at_once(reach: Sequence[int], wanted: int) -> int:
    """How many of these rings are asked in the first moment: one after the other, until as many as are wanted."""
    asked = 0
    for n in reach:
        asked += n
        if asked >= wanted:
            break
    return asked


# Deeds


async def draft(tx: Transaction, brigade_id: int, typed: str, *, by: Person) -> Callout:
    """Begin a call-out with all that it needs; nobody hears of it yet. An older draft of one's own goes.

    Raises Refused for whoever does not lead the brigade.
    """
    brigade = await brigades.led_by(tx, brigade_id, by)
    where, wanted, within = spoken(typed)
    await tx.run("DELETE FROM callouts WHERE caller_id = :me AND state = 'draft'", me=by.id)
    row = await tx.one(
        "INSERT INTO callouts (brigade_id, caller_id, place, wanted, within, made_at) "
        "VALUES (:brigade, :me, :place, :wanted, :within, :now) RETURNING *",
        brigade=brigade.id,
        me=by.id,
        place=where,
        wanted=min(wanted, WANTED_MAX) or WANTED,
        within=within or WITHIN,
        now=tx.now,
    )
    assert row is not None, "inserting gives the row"
    return Callout.of_row(row)


async def alter(tx: Transaction, callout_id: int, what: str, value: int, *, by: Person) -> Callout:
    """Change one thing of one's own draft: skill (0: any), wanted, within (minutes), at (Unix seconds), drill."""
    callout = await reading.draft_of(tx, callout_id, by)
    match what:
        case "skill":
            change, known = "skill_id = CAST(:value AS BIGINT)", (await standing.skill(tx, value)).id if value else None
        case "wanted":
            change, known = "wanted = :value", min(max(value, 1), WANTED_MAX)
        case "within":
            change, known = "needed_at = NULL, within = :value", min(value, WITHIN_MAX)
        case "at":
            change, known = "needed_at = :value", value
        case _:
            change, known = "drill = :value", int(bool(value))
    await tx.run(f"UPDATE callouts SET {change} WHERE id = :id AND state = 'draft'", value=known, id=callout.id)  # noqa: S608
    return await reading.by_id(tx, callout.id)


async def discard(tx: Transaction, callout_id: int, *, by: Person) -> None:
    """Throw one's own draft away."""
    callout = await reading.draft_of(tx, callout_id, by)
    await tx.run("DELETE FROM callouts WHERE id = :id AND state = 'draft'", id=callout.id)


async def call_out(tx: Transaction, callout_id: int, *, by: Person, rules: Callouts) -> Callout:
    """Send one's draft: the first ring that has anybody is asked at once. Raises Refused where nobody can be asked."""
    callout = await reading.draft_of(tx, callout_id, by)
    await brigades.led_by(tx, callout.brigade_id, by)
    needed_at = callout.needed(tx.now)
    sent = await tx.run(
        "UPDATE callouts SET state = 'open', called_at = :now, needed_at = :needed, ends_at = :ends "
        "WHERE id = :id AND state = 'draft'",
        now=tx.now,
        needed=needed_at,
        ends=needed_at + rules.mission_hours * HOUR,
        id=callout.id,
    )
    if not sent or not await _ask_next(tx, await reading.locked(tx, callout.id), rules):
        raise Refused(
            say(
                "Nobody could be asked: nobody in the brigades has it, or all of them are out or rest. Nothing was sent."
            ),
            WayOut(say("Back to the call-out"), press("callouts.draft", callout.id)),
        )
    callout = await reading.by_id(tx, callout.id)
    await due.plan(tx, ALARM, callout.name, needed_at + rules.mission_hours * HOUR)
    await audit.note(
        tx, "callout.sent", callout.name, by=by.id, kind="drill" if callout.drill else None, wanted=callout.wanted
    )
    await push(tx, callout, but=by.id)
    return callout


ALARM = "callouts.alarm"


async def _ask_next(tx: Transaction, callout: Callout, rules: Callouts) -> int:
    """Ask the next ring, and those after it until as many are asked as are lacking; how many that are. 0: nobody is left."""
    asked, lacking = 0, max(1, callout.wanted - callout.accepted)
    for ring in range(callout.ring + 1, RINGS + 1):
        found = await tx.run(
            "INSERT INTO callout_people (callout_id, person_id, ring, drill, state, asked_at) "  # noqa: S608
            "SELECT CAST(:callout AS BIGINT), id, CAST(:to AS BIGINT), CAST(:drill AS BIGINT), 'asked', CAST(:now AS BIGINT) "
            f"FROM {RINGED} WHERE ring <= CAST(:to AS BIGINT) ON CONFLICT DO NOTHING",
            **_values(tx, callout),
            to=ring,
        )
        await tx.run("UPDATE callouts SET ring = :ring WHERE id = :id", ring=ring, id=callout.id)
        if found:
            await telling.begin(tx, ASKING, f"{callout.name}:{ring}")
        asked += found
        if asked >= lacking:
            if ring < RINGS:
                await due.plan(tx, WIDENING, f"{callout.name}:{ring}", tx.now + rules.widen_minutes * MINUTE)
            break
    return asked


async def ask(tx: Transaction, item: Due, house: House) -> None:
    """Send the call-out to the next slice of a ring, ahead of everything that is told to many, also in quiet hours."""
    callout = await reading.by_id(tx, item.number)
    if callout.is_open:
        values: dict[str, Value] = {"callout": callout.id, "ring": int(item.subject.split(":")[2])}
        await telling.spread(
            tx, item, callout.name, Audience(ASKED, "p.id", values), await letter(tx, callout), lane=Lane.URGENT
        )


async def widen(tx: Transaction, item: Due, house: House) -> None:
    """Too few have answered by now: ask the next ring, unless somebody has done so meanwhile."""
    callout = await reading.locked(tx, item.number)
    if callout.is_open and not callout.is_full and callout.ring == int(item.subject.split(":")[2]):
        await _ask_next(tx, callout, house.settings.callouts)
        await changed(tx, callout)


async def widen_now(tx: Transaction, callout_id: int, *, by: Person, rules: Callouts) -> int:
    """Ask the next ring at once; how many are asked. Raises Refused where nobody is left."""
    callout = await reading.run_by(tx, callout_id, by)
    asked = await _ask_next(tx, callout, rules)
    if not asked:
        raise Refused(
            say("Everybody who could be asked has been asked. Nothing was sent."),
            WayOut(say("Open"), press("callouts.open", callout.id)),
        )
    await changed(tx, callout)
    return asked
