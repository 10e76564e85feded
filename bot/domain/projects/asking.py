"""Questions about projects: one, many, their history, and the record of whoever claims them."""

from bot.cards import Page, page_of, press, window
from bot.domain import groups, search
from bot.domain.people import Person
from bot.domain.projects.things import (
    DAY,
    SUMMARY_OVERDUE_DAYS,
    WARN_SECONDS,
    Entry,
    Linked,
    Project,
    Record,
    State,
    Step,
)
from bot.domain.search import Narrowed
from bot.locales import Moment, say
from bot.refusal import Refused, WayOut
from bot.storage import Row, Transaction, Value, containing, filled

COLUMNS = """
    SELECT p.*, gi.nickname AS giver_name, g.name AS group_name, h.nickname AS holder_name, hg.name AS holder_group_name
"""
FROM = """
    FROM projects p LEFT JOIN people gi ON gi.id = p.giver_id LEFT JOIN groups g ON g.id = p.group_id
    LEFT JOIN people h ON h.id = p.holder_id LEFT JOIN groups hg ON hg.id = p.holder_group_id
"""
# The lists there are, and what stands in each. The first condition is the index's.
LISTS = {
    "open": "p.state = 'published'",
    "busy": "p.state IN ('claimed', 'underway')",
    "done": "p.state = 'summarised'",
    "mine": "p.giver_id = :me",
    "held": "p.state IN ('claimed', 'underway') AND (CASE WHEN p.holder_group_id IS NULL THEN p.holder_id = :me "
    "ELSE EXISTS (SELECT 1 FROM leaders l WHERE l.group_id = p.holder_group_id AND l.person_id = :me) END)",
    "posted": "p.state = 'posted'",
    "waiting": "p.state = 'claimed' AND p.waits = 1",
    "lapsing": f"p.state = 'claimed' AND p.held_until <= CAST(:now AS BIGINT) + {WARN_SECONDS}",
    "silent": "p.state = 'underway' AND (SELECT MAX(a.ends_at) FROM project_claims c JOIN project_activities pa "  # noqa: S608 - numbers of our own
    "ON pa.claim_id = c.id JOIN activities a ON a.id = pa.activity_id WHERE c.project_id = p.id AND c.ended_at IS NULL "
    f"AND a.state <> 'cancelled') <= CAST(:now AS BIGINT) - {SUMMARY_OVERDUE_DAYS * DAY}",
}
HAS = (
    "(folded(p.title) LIKE folded(:pattern) ESCAPE '!' OR folded(p.place) LIKE folded(:pattern) ESCAPE '!' "
    "OR folded(p.about) LIKE folded(:pattern) ESCAPE '!')"
)
COUNTY_LISTS = ("posted", "waiting", "lapsing", "silent")
COUNTY_NUMBERS = {which: f"SELECT COUNT(*) FROM projects p WHERE {LISTS[which]}" for which in COUNTY_LISTS}  # noqa: S608 - texts of our own


def unknown(project_id: int) -> Refused:
    """For a number that no need has."""
    return Refused(
        say("There is no need with the number {number}.", number=project_id), WayOut(say("Needs"), "projects.list:open")
    )


async def by_id(tx: Transaction, project_id: int) -> Project:
    """The project. Raises Refused where there is none."""
    row = await tx.one(f"{COLUMNS} {FROM} WHERE p.id = :id", id=project_id)
    if row is None:
        raise unknown(project_id)
    return Project.of_row(row)


async def locked(tx: Transaction, project_id: int) -> Project:
    """The project, with its row held until the transaction ends."""
    await tx.value("SELECT id FROM projects WHERE id = :id /*pg FOR UPDATE*/", id=project_id)
    return await by_id(tx, project_id)


async def seen_by(tx: Transaction, project_id: int, me: Person) -> Project:
    """The project, if `me` may see it: what was not published, only whoever posted it and those who read all."""
    project = await by_id(tx, project_id)
    if not project.is_public and project.giver_id != me.id and not me.reads_all:
        raise unknown(project_id)
    return project


async def holds(tx: Transaction, project: Project, me: Person) -> bool:
    """Is it `me` who has claimed it, himself or as a leader of the group that has?"""
    if project.holder_group_id is not None:
        return await groups.leads(tx, project.holder_group_id, me)
    return project.holder_id == me.id


async def held_by(tx: Transaction, project_id: int, me: Person) -> Project:
    """The project, if `me` has claimed it and may go on with it; its row is held. Raises Refused otherwise."""
    project = await locked(tx, project_id)
    if not await holds(tx, project, me) or not project.is_held:
        raise stands(project)
    if project.waits:
        raise Refused(
            say("The county has not confirmed your claim yet; I tell you when it has. Nothing was changed."),
            _open(project),
        )
    return project


def stands(project: Project) -> Refused:
    """Why a step can't be taken now: who has it, or what became of it."""
    if project.state is State.UNDERWAY:
        return Refused(
            say("{holder} is taking care of it already. Nothing was changed.", holder=project.holder),
            _open(project),
            WayOut(say("Needs"), "projects.list:open"),
        )
    if project.state is State.CLAIMED:
        assert project.held_until is not None, "what is claimed is so until an instant"
        return Refused(
            say(
                "{holder} has claimed it, until {moment} unless something happens. Nothing was changed. "
                "If it comes free again it stands in the list.",
                holder=project.holder,
                moment=Moment(project.held_until),
            ),
            _open(project),
            WayOut(say("Needs"), "projects.list:open"),
        )
    words = {
        State.POSTED: say("The county has not published it yet. Nothing was changed."),
        State.PUBLISHED: say("Nobody has claimed it just now. Nothing was changed."),
        State.SUMMARISED: say("It is done and summed up. Nothing was changed."),
    }
    reason = words.get(project.state, say("It was not published, merged or withdrawn before. Nothing was changed."))
    return Refused(reason, _open(project))


def _open(project: Project) -> WayOut:
    return WayOut(say("Open"), press("projects.open", project.id))


def with_word(near: Narrowed) -> str:
    """What is free and has a word in it: found by the word's pieces where they are rare, and not by the index of states."""
    return (
        f"p.state = 'published' AND {HAS}"
        if near.is_common
        else f"p.state || '' = 'published' AND {HAS}{near.among('p.id')}"
    )


def _values(sql: str, me: Person, now: int, word: str) -> dict[str, Value]:
    known: dict[str, Value] = {
        "me": me.id,
        "now": now,
        "pattern": containing(word),
    }
    return {name: value for name, value in known.items() if f":{name}" in sql}


async def listed(tx: Transaction, which: str, me: Person, number: int, *, word: str = "") -> Page:
    """A page of one of the LISTS: what is needed soonest first, one's own newest first. A `word` is for what is free."""
    near = await search.narrowed(tx, "need", word) if word else None
    where = with_word(near) if near else LISTS[which]
    order = "p.id DESC" if which in ("mine", "done") else "p.by_at, p.id"
    values = _values(where, me, tx.now, word) | (near.named if near else {})
    rows = await tx.all(
        f"{COLUMNS} {FROM} WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :offset",
        **values,
        **window(number),
    )
    # What stands in very many is not counted.
    total = None if near and near.is_common else await _count(tx, where, values)
    return page_of((Project.of_row(row) for row in rows), number, total=total)


async def count(tx: Transaction, which: str, me: Person) -> int:
    """How many stand in one of the LISTS."""
    return await _count(tx, LISTS[which], _values(LISTS[which], me, tx.now, ""))


async def _count(tx: Transaction, where: str, values: dict[str, Value]) -> int:
    sql = f"SELECT COUNT(*) FROM projects p WHERE {where}"  # noqa: S608 - put together from our own texts
    return int(await tx.value(sql, **values))


ENTRY = """
    SELECT s.number, s.was, s.state, s.deed AS step, s.by_id, pe.nickname AS by_name, s.reason, s.at
    FROM project_steps s LEFT JOIN people pe ON pe.id = s.by_id WHERE s.project_id = :id
"""


async def history(tx: Transaction, project_id: int, number: int) -> Page:
    """A page of all that happened to it, the newest first."""
    rows = await tx.all(f"{ENTRY} ORDER BY s.number DESC LIMIT :limit OFFSET :offset", id=project_id, **window(number))
    return page_of([_entry(row) for row in rows], number)


async def entry(tx: Transaction, project_id: int, number: int) -> Entry:
    """One row of the history, which is there."""
    row = await tx.one(f"{ENTRY} AND s.number = :number", id=project_id, number=number)
    if row is None:
        raise unknown(project_id)
    return _entry(row)


def _entry(row: Row) -> Entry:
    was = State(row["was"]) if row["was"] else None
    return filled(Entry, row, was=was, state=State(row["state"]), step=Step(row["step"]))


RECORD = """
    SELECT COUNT(*) FILTER (WHERE how IS NULL OR how NOT IN ('undone', 'declined', 'unanswered')) AS claimed,
        COUNT(*) FILTER (WHERE how = 'summarised' AND late = 0) AS on_time,
        COUNT(*) FILTER (WHERE how = 'summarised' AND late = 1) AS late,
        COUNT(*) FILTER (WHERE how = 'returned') AS returned, COUNT(*) FILTER (WHERE how IN ('lapsed', 'taken')) AS lapsed
    FROM project_claims c WHERE
"""
CONTENT = """
    SELECT CAST(SUM(f.met + f.content + f.again) * 100 / (6 * COUNT(*)) AS BIGINT) FROM project_claims c
    JOIN project_feedback f ON f.project_id = c.project_id WHERE c.how = 'summarised' AND
"""


async def record(tx: Transaction, person_id: int, group_id: int | None) -> Record:
    """What this group, or this person for himself, made of what was claimed so far."""
    whose = "c.person_id = :whose AND c.group_id IS NULL" if group_id is None else "c.group_id = :whose"
    whom = person_id if group_id is None else group_id
    row = await tx.one(f"{RECORD} {whose}", whose=whom)
    assert row is not None, "counting gives a row"
    return Record(**row, content=await tx.value(f"{CONTENT} {whose}", whose=whom))


async def linked(tx: Transaction, project_id: int) -> list[Linked]:
    """The activities by which it is undertaken, or was when it was summed up, soonest first."""
    rows = await tx.all(
        "SELECT a.id, a.title, a.kind, a.starts_at, a.ends_at, a.taken, a.points, a.state FROM project_activities pa "
        "JOIN project_claims c ON c.id = pa.claim_id JOIN activities a ON a.id = pa.activity_id "
        "WHERE c.project_id = :id AND (c.how IS NULL OR c.how = 'summarised') ORDER BY a.starts_at, a.id",
        id=project_id,
    )
    return [Linked(**row) for row in rows]


async def alike(tx: Transaction, project: Project, number: int) -> Page:
    """A page of those a need could be merged with: the ones with its place or words of its title first."""
    rows = await tx.all(
        f"{COLUMNS} {FROM} WHERE p.state IN ('posted', 'published', 'claimed', 'underway') AND p.id <> :id "
        "ORDER BY CASE WHEN folded(p.place) = folded(:place) OR folded(p.title) LIKE folded(:pattern) ESCAPE '!' "
        "THEN 0 ELSE 1 END, p.id DESC LIMIT :limit OFFSET :offset",
        id=project.id,
        place=project.place,
        pattern=containing(project.title[:2]),
        **window(number),
    )
    return page_of((Project.of_row(row) for row in rows), number)


GIVERS = """
    WITH RECURSIVE same (id) AS (SELECT CAST(:id AS BIGINT)
        UNION SELECT p.id FROM projects p JOIN same s ON p.merged_into = s.id)
    SELECT DISTINCT p.giver_id FROM projects p JOIN same s ON s.id = p.id WHERE p.giver_id IS NOT NULL ORDER BY 1
"""


async def givers(tx: Transaction, project_id: int) -> list[int]:
    """The numbers of all who have this need: whoever posted it, or one that was merged into it."""
    return [row["giver_id"] for row in await tx.all(GIVERS, id=project_id)]


async def may_rate(tx: Transaction, project: Project, me: Person) -> bool:
    """Has `me` had this need, is it summed up, and has he not said yet what he thinks of it?"""
    if project.state is not State.SUMMARISED or me.id not in await givers(tx, project.id):
        return False
    said = "SELECT 1 FROM project_feedback WHERE project_id = :id AND person_id = :me"
    return await tx.value(said, id=project.id, me=me.id) is None


async def reason_of(tx: Transaction, project: Project) -> str:
    """Why it stands where it does, where somebody gave a reason; empty otherwise."""
    return (await entry(tx, project.id, project.step)).reason


async def next_of_left(tx: Transaction, project_id: int) -> int | None:
    """The need that was made of what this one left over."""
    found = await tx.value("SELECT id FROM projects WHERE left_of = :id", id=project_id)
    return None if found is None else int(found)
