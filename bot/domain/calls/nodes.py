"""Who answers a call to the county, node by node: kept with each answer, read from an index."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import Page, page_of, window
from bot.domain import groups
from bot.domain.calls.counting import ANSWERS
from bot.domain.calls.things import Call, seen_by, tidied
from bot.domain.people import Becoming, Person
from bot.domain.promises import Promise
from bot.locales import say
from bot.refusal import Refused
from bot.storage import Transaction, Value, filled

# Nodes that are no groups: everybody (who answered a call to a group counts there alone), those of no group, and the
# interest groups that hang under nothing, together.
COUNTY, NOBODYS, INTERESTS = 0, -1, -2
SILENT = "silent"
NODES_A_PAGE = 4
# Of so many people those who are silent are named page by page. Of more they stand in a file alone: to find a page of
# them is to go through all before it.
FEW = 1_000


@dataclass(frozen=True)
class Node:
    """Part of the county with how many were called there, and what they answered; `name` is empty for no group."""

    id: int
    name: str
    called: int
    coming: int
    not_now: int

    @property
    def silent(self) -> int:
        return max(0, self.called - self.coming - self.not_now)


# Questions

# In which nodes people are when the call goes out, each once however many groups of theirs are beneath.
IN_THEN = "m.since <= :sent_at AND (m.state = 'in' OR (m.left_from = 'in' AND m.left_at > :sent_at))"
EVERYBODY = "SELECT p.id AS person_id, 0 AS group_id, 0 AS own FROM people p WHERE p.id > :after AND p.id <= :last"
NODES = f"""
    {EVERYBODY}
    UNION SELECT m.person_id, t.ancestor_id, 0 AS own FROM memberships m JOIN group_tree t ON t.group_id = m.group_id
        WHERE m.person_id > :after AND m.person_id <= :last AND {IN_THEN}
    UNION SELECT m.person_id, m.group_id, 1 FROM memberships m
        WHERE m.person_id > :after AND m.person_id <= :last AND {IN_THEN}
    UNION SELECT m.person_id, -2, 0 FROM memberships m JOIN group_tree t ON t.group_id = m.group_id
        JOIN groups g ON g.id = t.ancestor_id AND g.kind = 'interest' AND g.parent_id IS NULL
        WHERE m.person_id > :after AND m.person_id <= :last AND {IN_THEN}
    UNION SELECT p.id, -1, 0 FROM people p WHERE p.id > :after AND p.id <= :last
        AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.person_id = p.id AND {IN_THEN})
"""  # noqa: S608 - a text of our own
UNDER = "COALESCE((SELECT COALESCE(g.parent_id, CASE g.kind WHEN 'interest' THEN -2 ELSE 0 END) FROM groups g WHERE g.id = n.group_id), 0)"
TALLY = f"""
    INSERT INTO call_nodes (call_id, group_id, own, under_id, called)
    SELECT CAST(:call AS BIGINT), n.group_id, n.own, {UNDER}, COUNT(*) FROM ({NODES}) n
    WHERE EXISTS (SELECT 1 FROM outbox o WHERE o.key = CAST(:prefix AS TEXT) || n.person_id) GROUP BY n.group_id, n.own
    ORDER BY n.group_id, n.own
    ON CONFLICT (call_id, group_id, own) DO UPDATE SET called = call_nodes.called + excluded.called
"""  # noqa: S608 - texts of our own
# The same of one person later on: by the tree as it was then, which the nodes of the call have kept.
THEN = f"""
    WITH RECURSIVE up(group_id) AS (
        SELECT m.group_id FROM memberships m WHERE m.person_id = :person AND {IN_THEN}
        UNION SELECT k.under_id FROM up JOIN call_nodes k ON k.call_id = :call AND k.own = 0 AND k.group_id = up.group_id)
    SELECT k.group_id, k.own FROM up JOIN call_nodes k ON k.call_id = :call AND k.group_id = up.group_id AND k.own = 0
    UNION SELECT k.group_id, k.own FROM call_nodes k WHERE k.call_id = :call AND k.group_id = 0 AND k.own = 0
    UNION SELECT k.group_id, k.own FROM memberships m JOIN call_nodes k
        ON k.call_id = :call AND k.group_id = m.group_id AND k.own = 1 WHERE m.person_id = :person AND {IN_THEN}
    UNION SELECT k.group_id, k.own FROM call_nodes k WHERE k.call_id = :call AND k.group_id = -1 AND k.own = 0
        AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.person_id = :person AND {IN_THEN})
"""  # noqa: S608 - a text of our own
PLACE = f"""
    INSERT INTO call_node_answers (call_id, group_id, own, answer, person_id)
    SELECT CAST(:call AS BIGINT), n.group_id, n.own, CAST(:answer AS TEXT), CAST(:person AS BIGINT) FROM ({THEN}) n
    ORDER BY n.group_id, n.own
"""  # noqa: S608 - a text of our own
PLACE_ALONE = """
    INSERT INTO call_node_answers (call_id, group_id, own, answer, person_id) VALUES (:call, 0, 0, :answer, :person)
"""
RECKON = f"""
    UPDATE call_nodes SET called = called + :more WHERE call_id = :call
    AND (group_id, own) IN (SELECT n.group_id, n.own FROM ({THEN}) n)
"""  # noqa: S608 - a text of our own
CALLED = """
    SELECT c.id, c.sent_at FROM calls c WHERE c.audience = 'county' AND c.tidied_at IS NULL AND EXISTS
        (SELECT 1 FROM outbox o WHERE o.key = 'call:' || CAST(c.id AS TEXT) || ':' || CAST(:person AS TEXT)) ORDER BY c.id
"""
# The names of one page alone are looked up.
ONE_PAGE = """
    SELECT * FROM call_nodes WHERE call_id = :call AND under_id = :id AND own = 0 AND group_id <> 0
    ORDER BY coming DESC, group_id LIMIT :limit OFFSET :offset
"""
TALLIED = "SELECT n.group_id AS id, COALESCE(g.name, '') AS name, n.called, n.coming, n.not_now"


async def has_nodes(tx: Transaction, call: Call) -> bool:
    """Is it counted node by node? Not calls to a group, nor those from before it was."""
    return (
        call.audience == "county"
        and await tx.value("SELECT 1 FROM call_nodes WHERE call_id = :id AND group_id <> 0 LIMIT 1", id=call.id)
        is not None
    )


async def is_of_before(tx: Transaction, call: Call) -> bool:
    """Was this call to the county answered by people whom nobody counted node by node, because it was sent before that?"""
    asked = call.audience == "county" and call.wants_answers and call.enlisted > 0
    return asked and not await has_nodes(tx, call)


OF_BEFORE = say(
    "This call was sent before answers were counted node by node: there are numbers of the whole county alone."
)


async def node(tx: Transaction, call: Call, node_id: int, *, own: bool = False) -> Node:
    """A node's numbers; with `own` those of its own members alone. Nought where nobody of it was called."""
    found = await tx.one(
        f"{TALLIED} FROM call_nodes n LEFT JOIN groups g ON g.id = n.group_id WHERE n.call_id = :call AND n.group_id = :id AND n.own = :own",
        call=call.id,
        id=node_id,
        own=int(own),
    )
    if found is not None:
        return Node(**found)
    return Node(node_id, (await groups.by_id(tx, node_id)).name if node_id > 0 else "", 0, 0, 0)


async def nodes_under(tx: Transaction, call: Call, node_id: int, number: int) -> Page:
    """A page of the nodes right under one, those first of which most come."""
    rows = await tx.all(
        f"{TALLIED} FROM ({ONE_PAGE}) n LEFT JOIN groups g ON g.id = n.group_id ORDER BY n.coming DESC, n.group_id",
        call=call.id,
        id=node_id,
        **window(number, NODES_A_PAGE),
    )
    return page_of((Node(**row) for row in rows), number, each=NODES_A_PAGE)


async def call_of_node(tx: Transaction, call_id: int, node_id: int, me: Person) -> Call:
    """The call, if this person may see this node's numbers: whoever may see all of them, and leaders of it or above it.

    Raises Refused otherwise.
    """
    call = await led_call(tx, call_id, me)
    if call and await is_of_before(tx, call):
        raise Refused(OF_BEFORE)
    if call and node_id > 0 and await groups.leads_above(tx, node_id, me):
        return call
    return await seen_by(tx, call_id, me)


async def led_call(tx: Transaction, call_id: int, me: Person) -> Call | None:
    """A call to the county of which a leader sees his own groups' numbers, because all of them are not for him."""
    row = await tx.one("SELECT * FROM calls WHERE id = :id AND audience = 'county' AND sent_at IS NOT NULL", id=call_id)
    call = Call(**row) if row else None
    if call is None or not me.leads or not call.wants_answers:
        return None
    try:
        await seen_by(tx, call_id, me)
    except Refused:
        return call
    return None


async def may_see_node_names(tx: Transaction, node_id: int, me: Person, *, own: bool) -> bool:
    """Admins and auditors see the names of every node, leaders those of their own group's members, and nobody else any."""
    return me.reads_all or (own and node_id > 0 and await groups.leads(tx, node_id, me))


ANSWERED = """
    SELECT p.nickname FROM (SELECT person_id FROM call_node_answers WHERE call_id = :call AND group_id = :node
        AND own = :own AND answer = :which ORDER BY person_id LIMIT :limit OFFSET :offset) a
    JOIN people p ON p.id = a.person_id ORDER BY a.person_id
"""
SAID_NOTHING = """
    SELECT p.nickname FROM people p WHERE p.forgotten_at IS NULL AND {there}
    AND NOT EXISTS (SELECT 1 FROM call_answers a WHERE a.call_id = :call AND a.person_id = p.id)
    AND EXISTS (SELECT 1 FROM outbox o WHERE o.key = CAST(:prefix AS TEXT) || p.id)
    ORDER BY p.id LIMIT :limit OFFSET :offset
"""
THERE_OWN = f"p.id IN (SELECT m.person_id FROM memberships m WHERE {IN_THEN} AND m.group_id = :node)"  # noqa: S608
THERE = f"""
    p.id IN (SELECT m.person_id FROM memberships m WHERE {IN_THEN} AND m.group_id IN (
        WITH RECURSIVE down(group_id) AS (SELECT CAST(:node AS BIGINT) UNION SELECT k.group_id FROM down JOIN call_nodes k
            ON k.call_id = :call AND k.under_id = down.group_id AND k.own = 0)
        SELECT group_id FROM down))
"""  # noqa: S608 - a text of our own
THERE_NOBODYS = f"NOT EXISTS (SELECT 1 FROM memberships m WHERE m.person_id = p.id AND {IN_THEN})"  # noqa: S608
THERE_OF = {COUNTY: "1 = 1", NOBODYS: THERE_NOBODYS}


def is_paged(call: Call, found: Node, which: str) -> bool:
    """Is a list of names short enough to be turned page by page? Those who answered always are, by their index."""
    # Whoever is in no group is found among everybody.
    among = call.enlisted if found.id in (COUNTY, NOBODYS) else found.called
    return which in ANSWERS or among <= FEW


async def node_names(
    tx: Transaction, call: Call, node_id: int, which: str, me: Person, *, own: bool, limit: int, offset: int = 0
) -> Sequence[str]:
    """The nicknames behind a node's number, in the order in which they registered. Raises Refused where one may not."""
    if not await may_see_node_names(tx, node_id, me, own=own):
        raise Refused(
            say(
                "Names are seen by county admins and auditors, and by leaders those of their own members. Nothing was changed."
            )
        )
    if which in ANSWERS:
        sql = ANSWERED
    elif call.is_tidied:
        raise tidied()
    else:
        sql = SAID_NOTHING.format(there=THERE_OWN if own else THERE_OF.get(node_id, THERE))
    known: dict[str, Value] = {
        "call": call.id,
        "node": node_id,
        "own": int(own),
        "which": which,
        "sent_at": call.sent_at,
    }
    known |= {"prefix": f"{call.name}:", "limit": limit, "offset": offset}
    return [row["nickname"] for row in await tx.all(sql, **{name: known[name] for name in known if f":{name}" in sql})]


# Deeds


async def tally(tx: Transaction, call: Call, after: int, last: int) -> None:
    """Count those of a slice of people who were called, in each node in which they are."""
    if call.audience == "county" and call.wants_answers:
        await tx.run(TALLY, call=call.id, prefix=f"{call.name}:", sent_at=call.sent_at, after=after, last=last)


async def place(tx: Transaction, call: Call, answer: str, by: Person) -> None:
    """Count somebody's answer in each node in which he was when he was called; an earlier one counts no more."""
    await tx.run("DELETE FROM call_node_answers WHERE person_id = :by AND call_id = :call", by=by.id, call=call.id)
    values: dict[str, Value] = {"call": call.id, "answer": answer, "person": by.id}
    if call.audience == "county":
        await tx.run(PLACE, sent_at=call.sent_at, **values)
    else:
        await tx.run(PLACE_ALONE, **values)


async def leave_nodes(tx: Transaction, person: Person) -> None:
    """Whoever is forgotten was not called anywhere."""
    await _reckon(tx, person.id, -1)
    await tx.run("DELETE FROM call_node_answers WHERE person_id = :person", person=person.id)


async def _reckon(tx: Transaction, person_id: int, more: int) -> None:
    """Count somebody once more, or once less, in each node in which he was called."""
    for row in await tx.all(CALLED, person=str(person_id)):
        await tx.run(RECKON, call=row["id"], sent_at=row["sent_at"], person=person_id, more=more)


async def uncount(tx: Transaction, it: Becoming) -> None:
    """Before the groups of two records are one: neither was called anywhere, until it is known where the one that stays was."""
    for person in (it.old, it.into):
        await _reckon(tx, person.id, -1)


RENAMED = """
    UPDATE outbox SET key = CASE WHEN EXISTS (SELECT 1 FROM outbox o WHERE o.key = CAST(:now AS TEXT)) THEN NULL
        ELSE CAST(:now AS TEXT) END WHERE key = :before
"""


async def unite(tx: Transaction, it: Becoming) -> None:
    """Answers go on to the record that stays, where it has none of its own."""
    await tx.run(
        "DELETE FROM call_node_answers WHERE person_id = :old AND call_id IN "
        "(SELECT call_id FROM call_answers WHERE person_id = :into)",
        old=it.old.id,
        into=it.into.id,
    )
    await tx.run(
        "UPDATE call_node_answers SET person_id = :into WHERE person_id = :old", old=it.old.id, into=it.into.id
    )


ANSWERED_BY = """
    SELECT c.*, a.answer FROM call_answers a JOIN calls c ON c.id = a.call_id
    WHERE a.person_id = :into AND c.tidied_at IS NULL ORDER BY c.id
"""


async def recount(tx: Transaction, it: Becoming) -> None:
    """Whoever was called under either number was called once, wherever one of the two was, and his answer counts there."""
    for row in await tx.all("SELECT id FROM calls WHERE sent_at IS NOT NULL AND tidied_at IS NULL ORDER BY id"):
        name = f"call:{row['id']}"
        await tx.run(RENAMED, before=f"{name}:{it.old.id}", now=f"{name}:{it.into.id}")
    await _reckon(tx, it.into.id, 1)
    for row in await tx.all(ANSWERED_BY, into=it.into.id):
        await place(tx, filled(Call, row), row["answer"], it.into)


PROMISES = (
    Promise(
        "call nodes",
        "What is kept of the nodes of a call is what its answers come to there.",
        "SELECT n.call_id, n.group_id, n.own FROM call_nodes n LEFT JOIN call_node_answers a "
        "ON a.call_id = n.call_id AND a.group_id = n.group_id AND a.own = n.own "
        "GROUP BY n.call_id, n.group_id, n.own, n.coming, n.not_now HAVING n.coming <> COUNT(a.person_id) FILTER "
        "(WHERE a.answer = 'coming') OR n.not_now <> COUNT(a.person_id) FILTER (WHERE a.answer = 'not_now')",
    ),
    Promise(
        "call answers",
        "Each answer to a call counts once for everybody who was called.",
        "SELECT a.call_id, a.person_id FROM call_answers a LEFT JOIN call_node_answers n ON n.call_id = a.call_id "
        "AND n.group_id = 0 AND n.own = 0 AND n.answer = a.answer AND n.person_id = a.person_id WHERE n.call_id IS NULL "
        "UNION ALL SELECT n.call_id, n.person_id FROM call_node_answers n LEFT JOIN call_answers a "
        "ON a.call_id = n.call_id AND a.person_id = n.person_id WHERE n.group_id = 0 AND a.call_id IS NULL",
    ),
)
