"""What must hold of hours at every moment: each promise is one query for the rows that break it."""

from bot.domain.promises import Broken, Promise, broken
from bot.storage import Transaction

PROMISES = (
    Promise(
        "hours kept",
        "The sums kept of somebody's hours are those of the entries, grade by grade.",
        "SELECT k.person_id, k.a, k.b, k.c, k.d FROM hours_accounts k LEFT JOIN hours_entries e ON e.person_id = k.person_id "
        "GROUP BY k.person_id, k.a, k.b, k.c, k.d HAVING k.a <> COALESCE(SUM(e.minutes) FILTER (WHERE e.grade = 'A'), 0) "
        "OR k.b <> COALESCE(SUM(e.minutes) FILTER (WHERE e.grade = 'B'), 0) "
        "OR k.c <> COALESCE(SUM(e.minutes) FILTER (WHERE e.grade = 'C'), 0) "
        "OR k.d <> COALESCE(SUM(e.minutes) FILTER (WHERE e.grade = 'D'), 0)",
    ),
    Promise(
        "hours booked",
        "Every entry has an account.",
        "SELECT id AS entry_id FROM hours_entries WHERE person_id NOT IN (SELECT person_id FROM hours_accounts)",
    ),
    Promise(
        "hours stand",
        "A record that stands has its one entry, one that was taken back has that and its mirror, any other has none.",
        "SELECT r.id AS record_id, r.state FROM hours_records r LEFT JOIN hours_entries e ON e.record_id = r.id "
        "GROUP BY r.id, r.state, r.minutes HAVING COUNT(e.id) <> "
        "CASE r.state WHEN 'standing' THEN 1 WHEN 'reversed' THEN 2 ELSE 0 END "
        "OR COALESCE(SUM(e.minutes), 0) <> CASE r.state WHEN 'standing' THEN r.minutes ELSE 0 END",
    ),
    Promise(
        "hours told",
        "What is kept of who entered how much in a minute is what the records of it say.",
        "SELECT minute, entered_by FROM (SELECT minute, entered_by, records, minutes, steps FROM hours_told UNION ALL "
        "SELECT at / 60, entered_by, -COUNT(*) FILTER (WHERE state <> 'refused'), "
        "-COALESCE(SUM(minutes) FILTER (WHERE state <> 'refused'), 0), -COUNT(DISTINCT came_from) "
        "FROM hours_records WHERE grade <> 'A' GROUP BY at / 60, entered_by) s GROUP BY minute, entered_by "
        "HAVING SUM(records) <> 0 OR SUM(minutes) <> 0 OR SUM(steps) <> 0",
    ),
    Promise(
        "hours mirrored",
        "An entry says what its record says, and a reversal is the mirror image of an earlier entry of the same record.",
        "SELECT e.id AS entry_id FROM hours_entries e JOIN hours_records r ON r.id = e.record_id "
        "LEFT JOIN hours_entries o ON o.id = e.reverses WHERE e.person_id <> r.person_id OR e.grade <> r.grade "
        "OR (e.reverses IS NULL AND e.minutes <> r.minutes) OR (e.reverses IS NOT NULL AND (o.id IS NULL OR "
        "o.record_id <> e.record_id OR o.minutes <> -e.minutes OR o.id >= e.id))",
    ),
    Promise(
        "hours apart",
        "Nobody is at two places at once.",
        "SELECT x.id AS record_id, y.id AS other FROM hours_records x JOIN hours_records y ON y.person_id = x.person_id "
        "AND y.id > x.id AND y.begins < x.ends AND y.ends > x.begins WHERE x.state IN ('pending', 'standing') "
        "AND y.state IN ('pending', 'standing') AND x.grade <> 'D' AND y.grade <> 'D'",
    ),
    Promise(
        "hours agreed",
        "What stands has the agreements it needs.",
        "SELECT r.id AS record_id, r.needs FROM hours_records r WHERE r.state IN ('standing', 'reversed') AND ("
        "(r.needs = 1 AND NOT EXISTS (SELECT 1 FROM hours_approvals a WHERE a.record_id = r.id)) OR (r.needs >= 2 AND "
        "(SELECT COUNT(*) FROM hours_approvals a WHERE a.record_id = r.id AND a.kind = 'approval' AND a.as_admin = 1) "
        "< r.needs - 1))",
    ),
    Promise(
        "hours not one's own",
        "Nobody agrees to his own hours, nor, beside a roll-call, to those he entered.",
        "SELECT a.record_id FROM hours_approvals a JOIN hours_records r ON r.id = a.record_id "
        "WHERE a.approver_id = r.person_id OR a.person_id <> r.person_id OR (a.kind = 'approval' AND a.approver_id = r.entered_by) "
        "OR (a.kind = 'roll' AND (r.grade <> 'B' OR a.approver_id <> r.entered_by))",
    ),
    Promise(
        "hours no pairs",
        "In one month nobody agrees to the hours of somebody who agreed to his.",
        "SELECT x.record_id, y.record_id AS other FROM hours_approvals x JOIN hours_approvals y "
        "ON y.approver_id = x.person_id AND y.person_id = x.approver_id AND y.month = x.month",
    ),
    Promise(
        "hours signed",
        "An entry names its row in the audit log, by whoever told it, agreed, or took it back.",
        "SELECT e.id AS entry_id FROM hours_entries e LEFT JOIN audit n ON n.number = e.audit_number "
        "WHERE n.number IS NULL OR n.actor_id IS DISTINCT FROM COALESCE(e.approver_id, e.actor_id)",
    ),
    Promise(
        "hours disputed",
        "A dispute that was right has left nothing standing, and nobody judged what he had a hand in.",
        "SELECT d.id AS dispute_id FROM hours_disputes d JOIN hours_records r ON r.id = d.record_id "
        "WHERE (d.outcome = 'reversed' AND r.state NOT IN ('reversed', 'refused')) OR (d.outcome IN ('stands', 'reversed') AND "
        "(d.answered_by = r.entered_by OR EXISTS (SELECT 1 FROM hours_approvals a WHERE a.record_id = r.id "
        "AND a.approver_id = d.answered_by AND a.at <= d.answered_at)))",
    ),
    Promise(
        "stars earned",
        "A star that stands, or is public, has the hours it takes.",
        "SELECT s.person_id, s.star FROM (SELECT person_id, star, needed FROM hours_stars WHERE reopened_at IS NULL "
        "UNION ALL SELECT person_id, star, needed FROM hours_notices WHERE kind = 'star' AND state = 'open') s "
        "WHERE s.needed > (SELECT COALESCE(SUM(minutes), 0) FROM hours_entries e WHERE e.person_id = s.person_id)",
    ),
    Promise(
        "certificates true",
        "What a valid certificate says is what the entries come to.",
        "SELECT c.id AS certificate_id FROM hours_certificates c WHERE c.revoked_at IS NULL AND c.a + c.b + c.c + c.d <> ("
        "SELECT COALESCE(SUM(e.minutes), 0) FROM hours_entries e JOIN hours_records r ON r.id = e.record_id "
        "WHERE e.person_id = c.person_id AND r.day >= c.first_day AND r.day <= c.last_day AND (e.id <= c.last_entry "
        "OR e.reverses <= c.last_entry))",
    ),
    Promise(
        "hours guarded",
        "The triggers that refuse change and removal are in their place.",
        "WITH guards (name) AS (VALUES ('hours_entries_stay'), ('hours_entries_remain'), ('hours_entries_keep'), "
        "('hours_records_stay'), ('hours_records_proof'), ('hours_records_remain'), ('hours_records_keep'), "
        "('hours_approvals_stay'), ('hours_approvals_remain'), ('hours_approvals_keep')) "
        "SELECT name AS missing FROM guards WHERE name NOT IN (SELECT name FROM "
        "/*pg (SELECT tgname AS name, 'trigger' AS type FROM pg_trigger WHERE tgenabled <> 'D') AS*/ sqlite_master "
        "WHERE type = 'trigger')",
    ),
)


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well. Reads all hours: seconds for millions."""
    return await broken(tx, PROMISES)
