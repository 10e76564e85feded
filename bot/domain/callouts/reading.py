"""Questions about call-outs: one of them, its people, the log, and what somebody is on."""

from collections.abc import Sequence

from bot.cards import Page, page_of, press, window
from bot.domain.callouts import brigades
from bot.domain.callouts.things import Answer, Callout, no_such
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction

PEOPLE = "SELECT a.*, p.nickname FROM callout_people a JOIN people p ON p.id = a.person_id"
# Two that run have room above them.
LOGGED_A_PAGE = 5
LOGGED = "FROM callouts WHERE state = 'closed' AND drill = 0"


async def by_id(tx: Transaction, callout_id: int) -> Callout:
    """The call-out. Raises Refused where there is none."""
    row = await tx.one("SELECT * FROM callouts WHERE id = :id", id=callout_id)
    if row is None:
        raise no_such()
    return Callout.of_row(row)


async def locked(tx: Transaction, callout_id: int) -> Callout:
    """The call-out as it is now; nobody else changes it until the transaction ends. Raises Refused."""
    row = await tx.one("SELECT * FROM callouts WHERE id = :id /*pg FOR UPDATE*/", id=callout_id)
    if row is None:
        raise no_such()
    return Callout.of_row(row)


async def draft_of(tx: Transaction, callout_id: int, person: Person) -> Callout:
    """One's own draft. Raises Refused for anybody else's, and once it was sent."""
    callout = await by_id(tx, callout_id)
    if callout.caller_id != person.id:
        raise no_such()
    if callout.state != "draft":
        raise Refused(
            say("This call-out was sent before. Nothing was sent now."),
            WayOut(say("Open"), press("callouts.open", callout.id)),
        )
    return callout


async def may_lead(tx: Transaction, callout: Callout, person: Person) -> bool:
    """May this person lead the mission: its caller, the brigade's leader, a county admin?"""
    brigade = await brigades.by_id(tx, callout.brigade_id)
    return callout.caller_id == person.id or brigade.is_led_by(person)


async def seen_by(tx: Transaction, callout_id: int, person: Person) -> Callout:
    """A call-out that was sent, for whoever leads it or reads everything. Raises Refused."""
    callout = await by_id(tx, callout_id)
    if callout.state == "draft" or not (person.reads_all or await may_lead(tx, callout, person)):
        raise no_such()
    return callout


async def run_by(tx: Transaction, callout_id: int, person: Person) -> Callout:
    """An open mission, locked, for whoever leads it. Raises Refused, also once it is over."""
    callout = await locked(tx, callout_id)
    if callout.state == "draft" or not await may_lead(tx, callout, person):
        raise no_such()
    if not callout.is_open:
        raise over(callout)
    return callout


def over(callout: Callout) -> Refused:
    """For what comes too late."""
    return Refused(
        say("The call-out to {place} is over. Nothing was changed; thank you.", place=callout.place),
        WayOut(say("Missions"), "callouts.log:0"),
    )


async def answer_of(tx: Transaction, callout_id: int, person_id: int) -> Answer | None:
    """What somebody said, None where he was not asked."""
    row = await tx.one(
        f"{PEOPLE} WHERE a.callout_id = :callout AND a.person_id = :person", callout=callout_id, person=person_id
    )
    return Answer.of_row(row) if row else None


async def answers(tx: Transaction, callout_id: int, *states: str, limit: int, offset: int = 0) -> list[Answer]:
    """Those in these states: on the way by when they come, then those who are there, then the others."""
    wanted = ", ".join(f"'{state}'" for state in states)
    rows = await tx.all(
        f"{PEOPLE} WHERE a.callout_id = :callout AND a.state IN ({wanted}) ORDER BY CASE a.state WHEN 'coming' THEN 0 "
        "WHEN 'there' THEN 1 WHEN 'back' THEN 2 ELSE 3 END, CASE a.state WHEN 'coming' THEN a.eta "
        "ELSE COALESCE(a.answered_at, 0) END, a.person_id LIMIT :limit OFFSET :offset",
        callout=callout_id,
        limit=limit,
        offset=offset,
    )
    return [Answer.of_row(row) for row in rows]


async def counts(tx: Transaction, callout_id: int) -> dict[str, int]:
    """How many are in each state."""
    rows = await tx.all(
        "SELECT state, COUNT(*) AS n FROM callout_people WHERE callout_id = :callout GROUP BY state", callout=callout_id
    )
    return {row["state"]: int(row["n"]) for row in rows}


async def roll(tx: Transaction, callout_id: int, number: int) -> Page:
    """A page of those who have a place: whoever is on the way comes first."""
    found = await answers(tx, callout_id, "coming", "there", "back", **window(number))
    return page_of(found, number)


async def running(tx: Transaction, person: Person) -> list[Callout]:
    """The open missions that this person may see: those he leads, all for who reads everything; the newest first."""
    rows = await tx.all(
        "SELECT c.* FROM callouts c JOIN brigades b ON b.id = c.brigade_id WHERE c.state = 'open' "
        "AND (:reads_all = 1 OR c.caller_id = :me OR b.leader_id = :me) ORDER BY c.id DESC LIMIT 20",
        reads_all=int(person.reads_all),
        me=person.id,
    )
    return [Callout.of_row(row) for row in rows]


async def mine(tx: Transaction, person: Person) -> list[Callout]:
    """The open call-outs that this person was asked for and has not declined: the one he is on first, then the newest."""
    rows = await tx.all(
        "SELECT c.* FROM callout_people a JOIN callouts c ON c.id = a.callout_id WHERE a.person_id = :me "
        "AND a.back_at IS NULL AND c.state = 'open' AND a.state IN ('asked', 'coming', 'reserve', 'there') "
        "ORDER BY CASE WHEN a.state IN ('coming', 'there') THEN 0 ELSE 1 END, c.id DESC",
        me=person.id,
    )
    return [Callout.of_row(row) for row in rows]


async def logged(tx: Transaction, number: int) -> Page:
    """A page of the log: missions from which everybody is back, the newest first."""
    rows = await tx.all(
        f"SELECT * {LOGGED} ORDER BY closed_at DESC, id DESC LIMIT :limit OFFSET :offset",
        **window(number, LOGGED_A_PAGE),
    )
    total = await missions_number(tx)
    return page_of((Callout.of_row(row) for row in rows), number, total=total, each=LOGGED_A_PAGE)


async def missions_number(tx: Transaction) -> int:
    """How many missions the log has; rehearsals are none."""
    return int(await tx.value(f"SELECT COUNT(*) {LOGGED}"))


async def may_see_names(tx: Transaction, callout: Callout, person: Person) -> bool:
    """Who was there is shown to those who were, to who led it, and to who reads everything."""
    if person.reads_all or await may_lead(tx, callout, person):
        return True
    own = await answer_of(tx, callout.id, person.id)
    return own is not None and own.state in ("coming", "there", "back")


async def missing(tx: Transaction, callout_id: int) -> Sequence[Answer]:
    """Everybody who has a place and is not back."""
    return await answers(tx, callout_id, "coming", "there", limit=1000)
