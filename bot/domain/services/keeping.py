"""What services keep of one person, how they forget him, and what must be so of all rows together."""

from typing import Any

from bot import due
from bot.domain import people
from bot.domain.people import Becoming, Person, rows_of
from bot.domain.promises import Broken, Promise, broken
from bot.domain.services import asking
from bot.domain.services.telling import DONE, LATE, tell_new
from bot.domain.services.things import LATE_STEPS
from bot.storage import Transaction

KNOWN = {
    "requests": "SELECT * FROM service_requests WHERE asker_id = :id ORDER BY id",
    "requests seen to": "SELECT id, block, group_id, area_id, state, made_at, replied_at, done_at, outcome, minutes, content "
    "FROM service_requests WHERE handler_id = :id ORDER BY id",
    "said": "SELECT id, request_id, words, private, at FROM service_words WHERE by_id = :id ORDER BY id",
    "works for": "SELECT w.role, w.at, a.name FROM area_workers w JOIN areas a ON a.id = w.area_id "
    "WHERE w.person_id = :id ORDER BY w.at, w.role",
}
# What he asked for goes with all that was said about it; what he did for others stays as a number.
FORGET = (
    "DELETE FROM service_words WHERE by_id = :id OR request_id IN (SELECT id FROM service_requests "
    "WHERE asker_id = :id AND block NOT IN ('grid', 'information', 'publicity'))",
    "UPDATE service_requests SET words = '', outcome = '' WHERE asker_id = :id "
    "AND block NOT IN ('grid', 'information', 'publicity')",
    "UPDATE service_requests SET state = 'withdrawn' WHERE asker_id = :id AND state IN ('open', 'taken', 'blocked') "
    "AND block NOT IN ('grid', 'information', 'publicity')",
    "UPDATE service_requests SET asker_id = NULL WHERE asker_id = :id",
    "DELETE FROM area_workers WHERE person_id = :id",
)
KEPT = "SELECT block, state, n, replied, reply_seconds, rated, content FROM service_figures WHERE n <> 0"
COUNTED = (
    "SELECT block, state, COUNT(*), COUNT(replied_at), CAST(COALESCE(SUM(replied_at - made_at), 0) AS BIGINT), "
    "COUNT(content), CAST(COALESCE(SUM(content), 0) AS BIGINT) FROM service_requests GROUP BY block, state"
)
PROMISES = (
    Promise(
        "whose it is",
        "Whoever asked for help does not see to it himself.",
        "SELECT id FROM service_requests WHERE asker_id = handler_id AND state IN ('taken', 'blocked') AND block NOT IN ('grid', 'information', 'publicity')",
    ),
    Promise(
        "asked once",
        "Only whoever asked for help that is done has said how it was.",
        "SELECT id FROM service_requests WHERE content IS NOT NULL AND (state <> 'done' "
        "OR block IN ('grid', 'information', 'publicity'))",
    ),
    Promise(
        "how it goes",
        "What is kept of each kind of help is what its requests come to.",
        f"SELECT block, state FROM ({KEPT} EXCEPT {COUNTED}) missing UNION SELECT block, state FROM ({COUNTED} EXCEPT {KEPT}) more",  # noqa: S608
    ),
)


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Every row of services from or about this person, by what it is."""
    return await rows_of(tx, KNOWN, person)


async def forget(tx: Transaction, person: Person) -> None:
    """What he asked for is withdrawn and its words go; what he had waits for somebody else."""
    mine = "SELECT id FROM service_requests WHERE asker_id = :id AND state <> 'withdrawn' ORDER BY id"
    for row in await tx.all(mine, id=person.id):
        for subject, deed in (
            (f"request:{row['id']}", DONE),
            *((f"request:{row['id']}:{n}", LATE) for n in LATE_STEPS),
        ):
            await due.drop(tx, subject, deed)
    for sql in FORGET:
        await tx.run(sql, id=person.id)
    held = await tx.all(
        "UPDATE service_requests SET state = 'open', handler_id = NULL "
        "WHERE handler_id = :id AND state IN ('taken', 'blocked') RETURNING id",
        id=person.id,
    )
    for row in sorted(held, key=lambda row: row["id"]):
        await tell_new(tx, await asking.by_id(tx, row["id"]), but=person)


MERGED = (
    people.move("service_requests", "asker_id"),
    people.move("service_requests", "handler_id"),
    people.move("service_words", "by_id"),
    people.go("area_workers", "person_id"),
    *people.stay("area_workers", "by_id"),
)


async def merged(tx: Transaction, it: Becoming) -> None:
    """Requests go on under the other number; what he would see to for himself waits for somebody else."""
    await people.share(tx, MERGED, it)
    own = await tx.all(
        "UPDATE service_requests SET state = 'open', handler_id = NULL WHERE asker_id = :id AND handler_id = :id "
        "AND state IN ('taken', 'blocked') AND block NOT IN ('grid', 'information', 'publicity') RETURNING id",
        id=it.into.id,
    )
    for row in sorted(own, key=lambda row: row["id"]):
        await tell_new(tx, await asking.by_id(tx, row["id"]), but=it.into)


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well."""
    return await broken(tx, PROMISES)
