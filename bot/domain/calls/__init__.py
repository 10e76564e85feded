"""Calls: a leader's recruiting or an admin's announcement, sent to many, counted, answered, withdrawn."""

from typing import Any

from bot.domain.calls.answering import answer
from bot.domain.calls.counting import ANSWERS, LISTS, Counts, counts, may_see_names, names
from bot.domain.calls.drafting import (
    COUNTY_CALL_DAYS,
    Reach,
    address,
    cancel,
    draft,
    reach,
)
from bot.domain.calls.nodes import (
    COUNTY,
    INTERESTS,
    NOBODYS,
    OF_BEFORE,
    SILENT,
    Node,
    call_of_node,
    has_nodes,
    is_of_before,
    is_paged,
    leave_nodes,
    led_call,
    may_see_node_names,
    node,
    node_names,
    nodes_under,
    recount,
    uncount,
    unite,
)
from bot.domain.calls.nodes import PROMISES as NODES_PROMISES
from bot.domain.calls.sending import enlist, number_lines, progress, progress_card, send
from bot.domain.calls.things import (
    OWN,
    TEXT_CHARACTERS_MAX,
    Call,
    by_id,
    clean_text,
    draft_of,
    group_name,
    letter,
    managed_by,
    may_manage,
    past,
    seen_by,
)
from bot.domain.calls.withdrawing import deletable, erase, withdraw
from bot.domain.people import Becoming, Person, move, rows_of, share, stay, told
from bot.domain.promises import Broken, Promise, broken
from bot.storage import Transaction

__all__ = [
    "ANSWERS",
    "COUNTY",
    "COUNTY_CALL_DAYS",
    "INTERESTS",
    "LISTS",
    "MERGED",
    "NOBODYS",
    "OF_BEFORE",
    "OWN",
    "SILENT",
    "TEXT_CHARACTERS_MAX",
    "Call",
    "Counts",
    "Node",
    "Reach",
    "address",
    "answer",
    "by_id",
    "call_of_node",
    "cancel",
    "clean_text",
    "counts",
    "deletable",
    "draft",
    "draft_of",
    "enlist",
    "erase",
    "forget",
    "group_name",
    "has_nodes",
    "invariants",
    "is_of_before",
    "is_paged",
    "known_of",
    "led_call",
    "letter",
    "managed_by",
    "may_manage",
    "may_see_names",
    "may_see_node_names",
    "merged",
    "names",
    "node",
    "node_names",
    "nodes_under",
    "number_lines",
    "past",
    "progress",
    "progress_card",
    "reach",
    "seen_by",
    "send",
    "uncount",
    "withdraw",
]


KNOWN = {
    "calls written": "SELECT * FROM calls WHERE sender_id = :id ORDER BY id",
    "calls answered": "SELECT * FROM call_answers WHERE person_id = :id ORDER BY call_id",
}


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Every call somebody wrote, and every answer he gave, for /mydata."""
    return await rows_of(tx, KNOWN, person)


async def forget(tx: Transaction, person: Person) -> None:
    """What waits for him is not sent, his answers and drafts go; calls that he sent stay under his number."""
    await tx.run(
        "UPDATE outbox SET state = 'dropped', chat_id = NULL, done_at = :now "
        "WHERE chat_id = :chat AND letter_id IS NOT NULL AND state IN ('new', 'later')",
        now=tx.now,
        chat=person.telegram_id,
    )
    await leave_nodes(tx, person)
    await tx.run("DELETE FROM call_answers WHERE person_id = :id", id=person.id)
    await tx.run("DELETE FROM calls WHERE sender_id = :id AND sent_at IS NULL", id=person.id)


MERGED = (
    *stay("calls", "sender_id"),
    move("call_answers", "person_id", once=("call_id",), rest="goes"),
    *told("call_node_answers", "person_id"),
)


async def merged(tx: Transaction, it: Becoming) -> None:
    """Answers go on, one a call; drafts of the old record go."""
    await tx.run("DELETE FROM calls WHERE sender_id = :old AND sent_at IS NULL", old=it.old.id)
    await unite(tx, it)
    await share(tx, MERGED, it)
    await recount(tx, it)


# Of a call that is under way or withdrawn they are counted on; of one that was tidied the rows are gone.
PROMISES = (
    Promise(
        "calls",
        "The kept numbers of a call that is out are those of its rows.",
        "SELECT c.id, c.enlisted, c.sent, c.blocked, c.failed, c.dropped, COUNT(o.id) AS counted FROM calls c "
        "LEFT JOIN letters l ON l.subject = 'call:' || CAST(c.id AS TEXT) LEFT JOIN outbox o ON o.letter_id = l.id "
        "WHERE c.state = 'done' AND c.tidied_at IS NULL "
        "GROUP BY c.id, c.enlisted, c.sent, c.blocked, c.failed, c.dropped HAVING c.enlisted <> COUNT(o.id) "
        "OR c.sent <> COUNT(o.id) FILTER (WHERE o.state = 'sent') "
        "OR c.blocked <> COUNT(o.id) FILTER (WHERE o.state = 'blocked') "
        "OR c.failed <> COUNT(o.id) FILTER (WHERE o.state IN ('failed', 'unsure')) "
        "OR c.dropped <> COUNT(o.id) FILTER (WHERE o.state = 'dropped')",
    ),
    *NODES_PROMISES,
)


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well. Reads the rows of a month's calls."""
    return await broken(tx, PROMISES)
