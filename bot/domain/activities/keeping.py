"""What is kept of somebody, and what must be so of all rows together."""

from typing import Any

from bot.domain.people import Person, rows_of
from bot.domain.promises import Broken, Promise, broken
from bot.storage import Row, Transaction

KNOWN = {
    "sign-ups": "SELECT p.*, a.title, a.starts_at FROM participations p JOIN activities a ON a.id = p.activity_id "
    "WHERE p.person_id = :id ORDER BY p.id",
    "corrections": "SELECT c.* FROM corrections c JOIN participations p ON p.id = c.participation_id "
    "WHERE p.person_id = :id ORDER BY c.id",
    "told when sign-up opens": "SELECT activity_id, made_at FROM activity_openings WHERE person_id = :id ORDER BY id",
    "handed over": "SELECT h.* FROM handovers h JOIN participations p ON p.id = h.giver_id "
    "WHERE p.person_id = :id OR h.by_id = :id OR h.taker_id = :id ORDER BY h.id",
    "asked for places": "SELECT * FROM place_asks WHERE person_id = :id ORDER BY at",
    "short notice": "SELECT s.*, w.kind, w.word FROM standbys s LEFT JOIN standby_words w ON w.person_id = s.person_id "
    "WHERE s.person_id = :id ORDER BY w.kind, w.word",
    "watches": "SELECT * FROM watches WHERE person_id = :id ORDER BY activity_id, what",
    "picked up": "SELECT * FROM pick_ups WHERE child_id = :id OR guardian_id = :id ORDER BY id",
    "stays": "SELECT * FROM stays WHERE person_id = :id ORDER BY id",
    "distances": "SELECT * FROM stay_distances WHERE person_id = :id ORDER BY at",
    # What codes are computed from is told to nobody.
    "wrong codes": "SELECT at FROM wrong_codes WHERE person_id = :id ORDER BY id",
    "excuses": "SELECT * FROM excuses WHERE person_id = :id ORDER BY at",
    "appeals": "SELECT * FROM appeals WHERE person_id = :id ORDER BY id",
}


async def known_of(tx: Transaction, person: Person) -> dict[str, Any]:
    """Everything these tables keep of somebody, for /mydata."""
    published = await tx.all("SELECT * FROM activities WHERE made_by = :id ORDER BY id", id=person.id)
    return {**await rows_of(tx, KNOWN, person), "published": [_without_seed(row) for row in published]}


def _without_seed(row: Row) -> dict[str, Any]:
    """What is drawn with stays secret until the draw, for whoever published it, too."""
    return {name: row[name] for name in row.keys() if name != "seed" or row["drawn_at"] is not None}  # noqa: SIM118


PROMISES = (
    Promise(
        "places",
        "No place is given twice.",
        "SELECT id, places, taken FROM activities WHERE places IS NOT NULL AND taken > places",
    ),
    Promise(
        "counts",
        "The kept numbers of places, had or offered, and of those who wait are those of the rows.",
        "SELECT a.id, a.taken, a.waiting, a.role_waiting, COUNT(p.id) FILTER (WHERE p.state IN ('in', 'offered')) AS counted_in, "
        "COUNT(p.id) FILTER (WHERE p.state = 'waiting') AS counted_waiting "
        "FROM activities a LEFT JOIN participations p ON p.activity_id = a.id GROUP BY a.id, a.taken, a.waiting, a.role_waiting "
        "HAVING a.taken <> COUNT(p.id) FILTER (WHERE p.state IN ('in', 'offered')) "
        "OR a.waiting + a.role_waiting <> COUNT(p.id) FILTER (WHERE p.state = 'waiting')",
    ),
    Promise(
        "applications",
        "The kept number of those who ask for a place is that of the rows.",
        "SELECT a.id, a.applied, COUNT(p.id) AS counted FROM activities a "
        "LEFT JOIN participations p ON p.activity_id = a.id AND p.state = 'applied' GROUP BY a.id, a.applied "
        "HAVING a.applied <> COUNT(p.id)",
    ),
    Promise(
        "roles",
        "The kept numbers of a role are those of its rows.",
        "SELECT r.id, r.taken, r.waiting FROM activity_roles r LEFT JOIN participations p ON p.role_id = r.id "
        "GROUP BY r.id, r.taken, r.waiting HAVING r.taken <> COUNT(p.id) FILTER (WHERE p.state IN ('in', 'offered')) "
        "OR r.waiting <> COUNT(p.id) FILTER (WHERE p.state = 'waiting')",
    ),
    Promise(
        "sums of roles",
        "An activity's numbers are the sums of its roles'.",
        "SELECT a.id, a.role_places, a.taken, a.role_waiting FROM activities a JOIN activity_roles r "
        "ON r.activity_id = a.id GROUP BY a.id, a.role_places, a.taken, a.role_waiting "
        "HAVING a.role_places <> SUM(r.places) OR a.taken <> SUM(r.taken) OR a.role_waiting <> SUM(r.waiting)",
    ),
    Promise(
        "turnouts",
        "What is kept of how many signed up, came and with how many minutes is the sum of those who are in.",
        "SELECT activity_id, role_id FROM (SELECT activity_id, role_id, signed_up, came, minutes FROM turnouts UNION ALL "
        "SELECT activity_id, role_id, -signed_up, -came, -minutes FROM counted_sign_ups) s GROUP BY activity_id, role_id "
        "HAVING SUM(signed_up) <> 0 OR SUM(came) <> 0 OR SUM(minutes) <> 0",
    ),
    Promise(
        "told",
        "At least as many members were told of an activity as have its word.",
        "SELECT a.id, a.told, COUNT(o.id) AS counted FROM activities a "
        "JOIN letters l ON l.subject = 'activities.published:' || CAST(a.id AS TEXT) "
        "JOIN outbox o ON o.letter_id = l.id AND o.state <> 'dropped' GROUP BY a.id, a.told HAVING a.told < COUNT(o.id)",
    ),
    Promise(
        "moves",
        "Nobody waits while a place is free.",
        "SELECT id, places, taken, waiting FROM activities WHERE waiting > 0 AND (places IS NULL OR taken < places)",
    ),
    Promise(
        "queue",
        "Nobody gets in, or is offered a place, past somebody who was waiting before him.",
        "SELECT w.id AS waiting, i.id AS overtook FROM participations w JOIN participations i "
        "ON i.activity_id = w.activity_id AND i.state IN ('in', 'offered') AND i.role_id IS NOT DISTINCT FROM w.role_id "
        "AND (i.turn > w.turn OR (i.turn = w.turn AND i.id > w.id)) AND i.since > w.since AND i.stands_for IS NULL "
        "WHERE w.state = 'waiting'",
    ),
    Promise(
        "offers",
        "Each offer ends: its end is planned, and none outlasts the start.",
        "SELECT p.id, p.until FROM participations p JOIN activities a ON a.id = p.activity_id "
        "WHERE p.state = 'offered' AND a.state = 'open' AND (p.until > a.starts_at OR NOT EXISTS (SELECT 1 FROM due d "
        "WHERE d.deed = 'activities.lapse' AND d.subject = 'activity:' || CAST(a.id AS TEXT) AND d.state = 'new'))",
    ),
    Promise(
        "handed over",
        "Whoever stands in has the place of one who has left; who looks for a stand-in has his still.",
        "SELECT h.id, h.state, p.state AS giver FROM handovers h JOIN participations p ON p.id = h.giver_id "
        "WHERE (h.state = 'taken' AND NOT EXISTS (SELECT 1 FROM participations t WHERE t.stands_for = h.giver_id)) "
        "OR (h.state = 'open' AND p.state <> 'in')",
    ),
    Promise(
        "once",
        "Each person has one live participation in an activity.",
        "SELECT activity_id, person_id, COUNT(*) AS live FROM participations WHERE state <> 'out' "
        "GROUP BY activity_id, person_id HAVING COUNT(*) > 1",
    ),
    Promise(
        "reminders",
        "There is one reminder a sign-up and instant.",
        "SELECT bot, subject, due_at, COUNT(*) AS planned FROM due WHERE deed = 'activities.remind' "
        "GROUP BY bot, subject, due_at HAVING COUNT(*) > 1",
    ),
    Promise(
        "withdrawn",
        "Nobody is reminded of what he withdrew from.",
        "SELECT d.subject, d.due_at FROM due d JOIN participations p ON d.subject = 'signup:' || CAST(p.id AS TEXT) "
        "WHERE d.deed = 'activities.remind' AND d.state = 'new' AND p.state = 'out'",
    ),
    Promise(
        "held",
        "Nobody has been given points that still wait.",
        "SELECT a.id, t.id AS transfer_id FROM activities a JOIN transfers t ON t.cause = 'activity:' || CAST(a.id AS TEXT) "
        "WHERE a.held = 1",
    ),
    Promise(
        "four eyes",
        "Nobody confirmed himself.",
        "SELECT id FROM participations WHERE confirmed_by = person_id",
    ),
    Promise(
        "one place",
        "Nobody was at two places at once.",
        "SELECT a.id AS first, b.id AS second FROM stays a JOIN stays b ON b.person_id = a.person_id AND b.id > a.id "
        "WHERE b.began_at < a.ended_at OR (a.state = 'open' AND b.state = 'open')",
    ),
    Promise(
        "appeals",
        "Nobody answers an appeal against what he confirmed, or for himself, and each open one has its day.",
        "SELECT e.id FROM appeals e WHERE e.answered_by IN (e.against_id, e.person_id) OR (e.outcome IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM due d WHERE d.deed = 'activities.appeal' AND d.subject = 'appeal:' || CAST(e.id AS TEXT) "
        "AND d.state = 'new'))",
    ),
    Promise(
        "corrections",
        "What a correction said stands until the next one says otherwise.",
        "SELECT c.id FROM corrections c JOIN participations p ON p.id = c.participation_id "
        "LEFT JOIN corrections n ON n.id = (SELECT MIN(id) FROM corrections WHERE participation_id = c.participation_id "
        "AND id > c.id) WHERE c.became <> COALESCE(n.was, p.how, CASE WHEN p.came = 1 THEN 'came' ELSE 'missed' END)",
    ),
    Promise(
        "confirmed",
        "Only what was confirmed as a whole has people who were confirmed.",
        "SELECT p.id FROM participations p JOIN activities a ON a.id = p.activity_id "
        "WHERE p.confirmed_at IS NOT NULL AND a.state <> 'confirmed'",
    ),
)


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well. Reads all sign-ups: seconds for millions."""
    return await broken(tx, PROMISES)
