"""Questions about requests: one, lists of them, what was said, and how long answers take."""

from bot.cards import Page, page_of, window
from bot.domain import groups
from bot.domain.people import Person
from bot.domain.services.things import BLOCKS, DUTIES, LATE_HOURS, Figures, Request, Spoken, View
from bot.locales import say
from bot.refusal import Refused, WayOut
from bot.storage import Transaction, Value

COLUMNS = """
    SELECT q.*, a.nickname AS asker_name, h.nickname AS handler_name, g.name AS group_name, r.name AS area_name
"""
FROM = """
    FROM service_requests q LEFT JOIN people a ON a.id = q.asker_id LEFT JOIN people h ON h.id = q.handler_id
    LEFT JOIN groups g ON g.id = q.group_id LEFT JOIN areas r ON r.id = q.area_id
"""
IS_DUTY = "q.block IN ('grid', 'information', 'publicity')"
LIVE = "q.state IN ('open', 'taken', 'blocked')"
DONE = "q.state = 'done'"
# Whoever leads the service point, or works for the area in the role that sees to this.
RUNS = f"""
    (EXISTS (SELECT 1 FROM leaders l WHERE l.group_id = q.group_id AND l.person_id = :me)
    OR EXISTS (SELECT 1 FROM area_workers w WHERE w.area_id = q.area_id AND w.person_id = :me
        AND w.role = CASE WHEN {IS_DUTY} THEN q.block ELSE 'liaison' END))
"""  # noqa: S608 - put together from our own texts


def _own(states: str) -> str:
    """What somebody has or runs, of those in these states: found from him on, however many requests there are."""
    return f"""
        SELECT q.id FROM service_requests q WHERE q.handler_id = :me AND {states}
        UNION SELECT q.id FROM leaders l JOIN service_requests q ON q.group_id = l.group_id
            WHERE l.person_id = :me AND {states}
        UNION SELECT q.id FROM area_workers w JOIN service_requests q ON q.area_id = w.area_id
            WHERE w.person_id = :me AND {states} AND w.role = CASE WHEN {IS_DUTY} THEN q.block ELSE 'liaison' END
    """  # noqa: S608 - put together from our own texts


# The lists there are, and what stands in each.
LISTS = {
    "mine": "q.asker_id = :me",
    "todo": f"{LIVE} AND (q.handler_id = :me OR (q.handler_id IS NULL AND {RUNS}))",
    "ours": f"q.handler_id <> :me AND q.id IN ({_own(LIVE)})",
    "done": f"q.id IN ({_own(DONE)})",
    "late": f"q.state = 'open' AND q.replied_at IS NULL AND q.made_at <= :late AND NOT {IS_DUTY}",
    "duties": f"{LIVE} AND {IS_DUTY}",
}
COUNTY_LISTS = ("late", "duties")
REPLIES_COUNTED = 20


def unknown(request_id: int) -> Refused:
    """For a number that no request has."""
    return Refused(
        say("There is no request with the number {number}.", number=request_id),
        WayOut(say("Ask for help"), "services.home"),
    )


async def by_id(tx: Transaction, request_id: int, *, hold: bool = False) -> Request:
    """The request; with `hold` nobody else changes it until the transaction ends. Raises Refused where there is none."""
    if hold:
        await tx.value("SELECT id FROM service_requests WHERE id = :id /*pg FOR UPDATE*/", id=request_id)
    row = await tx.one(f"{COLUMNS} {FROM} WHERE q.id = :id", id=request_id)
    if row is None:
        raise unknown(request_id)
    return Request.of_row(row)


async def runs(tx: Transaction, request: Request, me: Person) -> bool:
    """Does `me` lead its service point, or work for its area in the role that sees to it?"""
    sql = f"SELECT 1 FROM service_requests q WHERE q.id = :id AND {RUNS}"  # noqa: S608
    return await tx.value(sql, id=request.id, me=me.id) is not None


async def view(tx: Transaction, request_id: int, me: Person, *, hold: bool = False) -> View:
    """The request as `me` sees it. Raises Refused for whoever has nothing to do with it.

    What is sensitive is read by whoever asked and whoever has it; while nobody has it, by those who could take it.
    """
    request = await by_id(tx, request_id, hold=hold)
    mine, handles = request.asker_id == me.id, request.handler_id == me.id
    ours = await runs(tx, request, me)
    if not (mine or handles or ours or me.reads_all):
        raise unknown(request_id)
    reads = mine or handles or (ours and request.handler_id is None) or not request.kind.sensitive
    return View(request, mine, handles, ours or me.is_admin, reads)


def _values(sql: str, me: Person, now: int) -> dict[str, Value]:
    known: dict[str, Value] = {"me": me.id, "late": now - LATE_HOURS * 3600}
    return {name: value for name, value in known.items() if f":{name}" in sql}


async def listed(tx: Transaction, which: str, me: Person, number: int) -> Page:
    """A page of one of the LISTS: what is due or waits longest first; what is one's own or done, the newest first."""
    where = LISTS[which]
    order = "q.id DESC" if which in ("mine", "done") else "COALESCE(q.by_at, q.made_at), q.id"
    rows = await tx.all(
        f"{COLUMNS} {FROM} WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :offset",
        **_values(where, me, tx.now),
        **window(number),
    )
    return page_of((Request.of_row(row) for row in rows), number, total=await count(tx, which, me))


async def count(tx: Transaction, which: str, me: Person) -> int:
    """How many stand in one of the LISTS."""
    where = LISTS[which]
    sql = f"SELECT COUNT(*) FROM service_requests q WHERE {where}"  # noqa: S608 - put together from our own texts
    return int(await tx.value(sql, **_values(where, me, tx.now)))


SAID = """
    FROM service_words w JOIN people p ON p.id = w.by_id
    WHERE w.request_id = :id AND (w.private = 0 OR w.by_id = :me)
"""


async def said(tx: Transaction, request: Request, me: Person, number: int) -> Page:
    """A page of what was said about it, the newest first: private notes only to whoever wrote them."""
    rows = await tx.all(
        f"SELECT w.id, w.by_id, p.nickname, w.words, w.private, w.at {SAID} ORDER BY w.id DESC LIMIT :limit OFFSET :offset",
        id=request.id,
        me=me.id,
        **window(number),
    )
    return page_of((Spoken(**row) for row in rows), number)


async def reply_seconds(tx: Transaction, area_id: int) -> int | None:
    """How long an area's first word took on average, of the last answered requests; None where none was answered yet."""
    found = await tx.value(
        "SELECT CAST(AVG(took) AS BIGINT) FROM (SELECT replied_at - made_at AS took FROM service_requests q "  # noqa: S608
        f"WHERE area_id = :area AND replied_at IS NOT NULL AND NOT {IS_DUTY} ORDER BY id DESC LIMIT :limit) AS newest",
        area=area_id,
        limit=REPLIES_COUNTED,
    )
    return None if found is None else int(found)


# Of what the database keeps with each change of a request.
FIGURES = """
    SELECT block, CAST(SUM(n) AS BIGINT) AS asked,
        CAST(SUM(CASE WHEN state = 'done' THEN n ELSE 0 END) AS BIGINT) AS done,
        CAST(SUM(CASE WHEN state IN ('open', 'taken', 'blocked') THEN n ELSE 0 END) AS BIGINT) AS waiting,
        CAST(SUM(reply_seconds) / NULLIF(SUM(replied), 0) AS BIGINT) AS reply,
        CAST(SUM(content) * 50 / NULLIF(SUM(rated), 0) AS BIGINT) AS content
    FROM service_figures WHERE state <> 'withdrawn' GROUP BY block HAVING SUM(n) > 0
"""


async def figures(tx: Transaction) -> list[Figures]:
    """What became of each kind of help, and of each kind of duty, in the order in which they are offered."""
    found = {row["block"]: Figures(**row) for row in await tx.all(FIGURES)}
    return [found[key] for key in (*BLOCKS, *DUTIES) if key in found]


async def helpers(tx: Transaction, request: Request, number: int) -> Page:
    """A page of those who could be given it: the group's members, or the area's workers of its role."""
    if request.group_id is not None:
        page = await groups.roll(tx, request.group_id, number)
        return Page(tuple((each.person_id, each.nickname) for each in page.items), page.number, page.more, page.total)
    rows = await tx.all(
        "SELECT p.id, p.nickname FROM area_workers w JOIN people p ON p.id = w.person_id WHERE w.area_id = :area "
        "AND w.role = :role ORDER BY w.at, p.id LIMIT :limit OFFSET :offset",
        area=request.area_id,
        role=request.role,
        **window(number),
    )
    found = tuple((row["id"], row["nickname"]) for row in rows)
    return page_of(found, number)
