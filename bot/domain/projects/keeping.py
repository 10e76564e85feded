"""What is kept of somebody, how it is forgotten, and what must be so of all rows together."""

from typing import Any

from bot.domain import people
from bot.domain.people import Becoming, Person, rows_of
from bot.domain.projects import asking
from bot.domain.projects.stepping import FREE, end_claim, move
from bot.domain.projects.things import Step
from bot.domain.promises import Broken, Promise, broken
from bot.storage import Transaction

KNOWN = {
    "needs": "SELECT * FROM projects WHERE giver_id = :id ORDER BY id",
    "claims": "SELECT c.*, p.title FROM project_claims c JOIN projects p ON p.id = c.project_id "
    "WHERE c.person_id = :id ORDER BY c.id",
    "steps": "SELECT * FROM project_steps WHERE by_id = :id ORDER BY at, project_id, number",
    "offers": "SELECT * FROM offers WHERE person_id = :id ORDER BY id",
    "pairs": "SELECT * FROM pairs WHERE by_id = :id ORDER BY id",
    "feedback": "SELECT * FROM project_feedback WHERE person_id = :id ORDER BY project_id",
}


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Everything these tables keep of somebody, for /mydata."""
    return await rows_of(tx, KNOWN, person)


async def forget(tx: Transaction, person: Person) -> None:
    """Needs stay, without a name; what he claimed for himself is free again; what his group claimed stays with it.

    The pictures of what he claimed go with him.
    """
    held = await tx.all(
        "SELECT id FROM projects WHERE holder_id = :id AND holder_group_id IS NULL AND state IN ('claimed', 'underway') "
        "ORDER BY id",
        id=person.id,
    )
    for row in held:
        project = await asking.locked(tx, row["id"])
        if project.is_held:
            await move(tx, project.id, Step.RETURN, by=person.id, values=FREE)
            await end_claim(tx, project.id, "returned")
    await tx.run("UPDATE projects SET giver_id = NULL WHERE giver_id = :id", id=person.id)
    await tx.run("UPDATE offers SET person_id = NULL WHERE person_id = :id", id=person.id)
    await tx.run("UPDATE projects SET picture = NULL WHERE holder_id = :id", id=person.id)
    await tx.run("DELETE FROM project_feedback WHERE person_id = :id", id=person.id)


PROMISES = (
    Promise(
        "where it stands",
        "A project stands where the last row of its history says.",
        "SELECT p.id, p.state, p.step FROM projects p LEFT JOIN project_steps s ON s.project_id = p.id "
        "AND s.number = p.step AND s.state = p.state WHERE s.number IS NULL OR EXISTS "
        "(SELECT 1 FROM project_steps l WHERE l.project_id = p.id AND l.number > p.step)",
    ),
    Promise(
        "one claimant",
        "What is claimed or undertaken has one live claim, and nothing else has one.",
        "SELECT p.id, p.state, COUNT(c.id) AS live FROM projects p LEFT JOIN project_claims c ON c.project_id = p.id "
        "AND c.ended_at IS NULL GROUP BY p.id, p.state "
        "HAVING COUNT(c.id) <> CASE WHEN p.state IN ('claimed', 'underway') THEN 1 ELSE 0 END",
    ),
    Promise(
        "whose claim",
        "The live claim is that of whoever the project names.",
        "SELECT p.id FROM projects p JOIN project_claims c ON c.project_id = p.id AND c.ended_at IS NULL "
        "WHERE c.person_id <> p.holder_id OR c.group_id IS DISTINCT FROM p.holder_group_id",
    ),
    Promise(
        "undertaken",
        "What is being undertaken or was summed up has an activity.",
        "SELECT p.id FROM projects p WHERE p.state IN ('underway', 'summarised') "
        "AND NOT EXISTS (SELECT 1 FROM project_activities a WHERE a.project_id = p.id)",
    ),
    Promise(
        "released",
        "Points wait only for the summary of a claim that is live.",
        "SELECT a.id FROM activities a WHERE a.held = 1 AND NOT EXISTS (SELECT 1 FROM project_activities pa "
        "JOIN project_claims c ON c.id = pa.claim_id WHERE pa.activity_id = a.id AND c.ended_at IS NULL)",
    ),
    Promise(
        "watched",
        "Each live claim has an instant at which it is looked at, until its summary is overdue.",
        "SELECT c.id FROM project_claims c JOIN projects p ON p.id = c.project_id WHERE c.ended_at IS NULL "
        "AND p.state = 'claimed' AND NOT EXISTS (SELECT 1 FROM due d WHERE d.deed = 'projects.watch' "
        "AND d.subject = 'project:' || CAST(p.id AS TEXT) || ':' || CAST(c.id AS TEXT) AND d.state = 'new')",
    ),
    Promise(
        "needs to be found",
        "Every need that is free is found by its words, and no other one is looked for.",
        "SELECT p.id FROM projects p WHERE (p.state = 'published') <> "
        "EXISTS (SELECT 1 FROM pieces w WHERE w.kind = 'need' AND w.subject = p.id)",
    ),
    Promise(
        "offers to be found",
        "Every open offer is found by its words, and no other one is looked for.",
        "SELECT o.id FROM offers o WHERE (o.closed_at IS NULL) <> "
        "EXISTS (SELECT 1 FROM pieces w WHERE w.kind = 'offer' AND w.subject = o.id)",
    ),
)


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well."""
    return await broken(tx, PROMISES)


MERGED = (
    people.move("projects", "giver_id"),
    people.move("projects", "holder_id"),
    people.move("offers", "person_id"),
    *people.stay("pairs", "by_id"),
    *people.stay("project_steps", "by_id"),
    people.move("project_claims", "person_id"),
    people.move("project_feedback", "person_id", once=("project_id",)),
)


async def merged(tx: Transaction, it: Becoming) -> None:
    """Needs and claims go on under the other number; each step says who took it then."""
    await people.share(tx, MERGED, it)
