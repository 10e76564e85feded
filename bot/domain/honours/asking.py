"""Questions about honours: which there are, who is nominated, who has one."""

from bot.cards import Page, page_of, window
from bot.domain.honours.things import Honour, Nomination, Objection
from bot.domain.people import Person
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction, Value, filled

NOMINATION = """
    SELECT n.*, h.title, p.nickname FROM nominations n JOIN honours h ON h.id = n.honour_id JOIN people p ON p.id = n.person_id
"""
# How many wait for an admin, and how many have an objection that nobody has answered.
NOMINATED_NUMBER = "SELECT COUNT(*) FROM nominations WHERE state = 'nominated'"
OBJECTED_NUMBER = """
    SELECT COUNT(DISTINCT n.id) FROM nominations n JOIN honour_objections o ON o.nomination_id = n.id
    WHERE n.state = 'public' AND o.upheld IS NULL
"""


async def honour(tx: Transaction, honour_id: int) -> Honour:
    """Raises Refused where there is none."""
    row = await tx.one("SELECT * FROM honours WHERE id = :id", id=honour_id)
    if row is None:
        raise Refused(say("There is no such honour."), WayOut(say("Honours"), "honours.list"))
    return Honour(**row)


async def nomination(tx: Transaction, nomination_id: int, *, hold: bool = False) -> Nomination:
    """Raises Refused where there is none; with `hold` nobody else changes it until the transaction ends."""
    if hold:
        await tx.value("SELECT id FROM nominations WHERE id = :id /*pg FOR UPDATE*/", id=nomination_id)
    row = await tx.one(f"{NOMINATION} WHERE n.id = :id", id=nomination_id)
    if row is None:
        raise Refused(say("There is no such nomination."), WayOut(say("Honours"), "honours.list"))
    return filled(Nomination, row)


async def seen_by(tx: Transaction, nomination_id: int, me: Person) -> Nomination:
    """The nomination, if it is public, his own, by him, or `me` reads all. Raises Refused."""
    found = await nomination(tx, nomination_id)
    concerned = me.id in (found.person_id, found.by_id)
    if found.state not in ("public", "awarded") and not concerned and not me.reads_all:
        raise Refused(say("There is no such nomination."), WayOut(say("Honours"), "honours.list"))
    return found


async def open_honours(tx: Transaction, number: int) -> Page:
    """A page of what people can be nominated for, what ends first first."""
    rows = await tx.all(
        "SELECT * FROM honours WHERE until > :now ORDER BY until, id LIMIT :limit OFFSET :offset",
        now=tx.now,
        **window(number),
    )
    return page_of((Honour(**row) for row in rows), number)


# The lists there are. The first condition is the index's.
LISTS = {
    "waiting": "n.state = 'nominated' ORDER BY n.id",
    "public": "n.state = 'public' ORDER BY n.until, n.id",
    "objected": "n.state = 'public' AND EXISTS (SELECT 1 FROM honour_objections o WHERE o.nomination_id = n.id "
    "AND o.upheld IS NULL) ORDER BY n.until, n.id",
    "awarded": "n.state = 'awarded' ORDER BY n.settled_at DESC, n.id DESC",
}


async def nominations(tx: Transaction, which: str, number: int) -> Page:
    """A page of one of LISTS."""
    return await _page(tx, LISTS[which], number)


async def nominations_for(tx: Transaction, honour_id: int, number: int) -> Page:
    """A page of everybody who was nominated for one honour, for those who read all."""
    return await _page(tx, "n.honour_id = :honour ORDER BY n.id", number, honour=honour_id)


async def _page(tx: Transaction, which: str, number: int, **values: Value) -> Page:
    rows = await tx.all(
        f"{NOMINATION} WHERE {which} LIMIT :limit OFFSET :offset",
        **window(number),
        **values,
    )
    return page_of((filled(Nomination, row) for row in rows), number)


async def held_by(tx: Transaction, person: Person) -> list[Nomination]:
    """The honours somebody has, the newest first."""
    rows = await tx.all(
        f"{NOMINATION} WHERE n.person_id = :id AND n.state = 'awarded' ORDER BY n.settled_at DESC LIMIT 6", id=person.id
    )
    return [filled(Nomination, row) for row in rows]


async def objections_to(tx: Transaction, nomination_id: int) -> list[Objection]:
    """What was said against a nomination, the oldest first."""
    rows = await tx.all(
        "SELECT * FROM honour_objections WHERE nomination_id = :id ORDER BY at, person_id", id=nomination_id
    )
    return [Objection(**row) for row in rows]
