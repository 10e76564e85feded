"""The youth council: its members, its monthly sessions, and topics from the proposal to the outcome."""

from typing import Any

from bot.domain.council.members import Seat, add, remove, seats, seats_number, sits
from bot.domain.council.sessions import (
    OPENING_GRACE_HOURS,
    Session,
    ask,
    close_due,
    close_early,
    closing,
    current,
    held,
    month_words,
    next_opening,
    open_by_hand,
    open_due,
    session,
    tell_agenda,
)
from bot.domain.council.topics import (
    OUTCOME_CHARACTERS_MAX,
    TELL_OUTCOME,
    TOPIC_CHARACTERS_MAX,
    UNDO_SECONDS,
    Topic,
    agenda,
    answer,
    by_id,
    check_answerable,
    clean_outcome,
    clean_topic,
    insist,
    is_similar,
    may_answer,
    open_number,
    open_topics,
    propose,
    support,
    supports,
    tell_outcome,
    tokens,
    unanswer,
    unsupport,
    withdraw,
)
from bot.domain.people import Becoming, Person, move, rows_of, share, stay, told
from bot.domain.promises import Broken, Promise, broken
from bot.storage import Transaction

DEEDS = {
    "council.open": open_due,
    "council.ask": ask,
    "council.close": close_due,
    "council.tell.agenda": tell_agenda,
    TELL_OUTCOME: tell_outcome,
}

__all__ = [
    "DEEDS",
    "MERGED",
    "OPENING_GRACE_HOURS",
    "OUTCOME_CHARACTERS_MAX",
    "TELL_OUTCOME",
    "TOPIC_CHARACTERS_MAX",
    "UNDO_SECONDS",
    "Seat",
    "Session",
    "Topic",
    "add",
    "agenda",
    "answer",
    "by_id",
    "check_answerable",
    "clean_outcome",
    "clean_topic",
    "close_early",
    "closing",
    "current",
    "forget",
    "held",
    "insist",
    "invariants",
    "is_similar",
    "known_of",
    "may_answer",
    "merged",
    "month_words",
    "next_opening",
    "open_by_hand",
    "open_number",
    "open_topics",
    "propose",
    "remove",
    "seats",
    "seats_number",
    "session",
    "sits",
    "support",
    "supports",
    "tokens",
    "unanswer",
    "unsupport",
    "withdraw",
]


KNOWN = {
    "seat in the council": "SELECT * FROM council_members WHERE person_id = :id",
    "topics proposed": "SELECT * FROM council_topics WHERE proposer_id = :id ORDER BY id",
    "topics supported": "SELECT * FROM council_support WHERE person_id = :id ORDER BY topic_id",
}


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Everything the council keeps of somebody, for /mydata."""
    return await rows_of(tx, KNOWN, person)


async def forget(tx: Transaction, person: Person) -> None:
    """Topics stay, without a name; support for open ones is taken back, and the order of past agendas stays as told."""
    await tx.run(
        "UPDATE council_topics SET support = support - 1 WHERE state = 'open' "
        "AND id IN (SELECT topic_id FROM council_support WHERE person_id = :id)",
        id=person.id,
    )
    await tx.run("DELETE FROM council_support WHERE person_id = :id", id=person.id)
    await tx.run("DELETE FROM council_members WHERE person_id = :id", id=person.id)
    await tx.run("DELETE FROM council_topics WHERE proposer_id = :id AND state = 'draft'", id=person.id)
    await tx.run("UPDATE council_topics SET proposer_id = NULL WHERE proposer_id = :id", id=person.id)


PROMISES = (
    Promise(
        "support",
        "The kept support of an open topic is the number of its supporters.",
        "SELECT t.id, t.support, COUNT(s.person_id) AS counted FROM council_topics t LEFT JOIN council_support s "
        "ON s.topic_id = t.id WHERE t.state = 'open' GROUP BY t.id, t.support HAVING t.support <> COUNT(s.person_id)",
    ),
    Promise(
        "agenda",
        "A session has as many topics as stand on its agenda.",
        "SELECT s.id, s.topics, COUNT(t.id) AS counted FROM council_sessions s LEFT JOIN council_topics t "
        "ON t.session_id = s.id GROUP BY s.id, s.topics HAVING s.topics <> COUNT(t.id)",
    ),
)


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well."""
    return await broken(tx, PROMISES)


MERGED = (
    *told("council_members", "person_id"),
    *stay("council_members", "given_by"),
    *stay("council_sessions", "opened_by", "closed_by"),
    move("council_topics", "proposer_id"),
    *stay("council_topics", "answered_by"),
    *told("council_support", "person_id"),
)
# Support that is one too many: both records gave it, or it would be for his own topic.
DOUBLE = """
    DELETE FROM council_support WHERE (person_id = :old AND topic_id IN (
        SELECT topic_id FROM council_support WHERE person_id = :into))
    OR (person_id IN (:old, :into) AND topic_id IN (SELECT id FROM council_topics WHERE proposer_id = :into))
    RETURNING topic_id
"""


async def merged(tx: Transaction, it: Becoming) -> None:
    """Topics go on; each is supported once by one person, and not by its own proposer. A seat is not carried over."""
    await share(tx, MERGED, it)
    for row in await tx.all(DOUBLE, old=it.old.id, into=it.into.id):
        await tx.run(
            "UPDATE council_topics SET support = support - 1 WHERE id = :id AND state = 'open'", id=row["topic_id"]
        )
    await tx.run("UPDATE council_support SET person_id = :into WHERE person_id = :old", old=it.old.id, into=it.into.id)
    await tx.run("DELETE FROM council_members WHERE person_id = :old", old=it.old.id)
