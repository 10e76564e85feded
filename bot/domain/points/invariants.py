"""What must hold of the ledger at every moment: each promise is one query for the rows that break it."""

from bot.domain.points import board, counting, tracing
from bot.domain.promises import Broken, Promise, broken
from bot.storage import Transaction

PROMISES = (
    Promise(
        "whole",
        "Each entry belongs to a transfer and to an account.",
        "SELECT e.transfer_id, e.account_id FROM entries e LEFT JOIN transfers t ON t.id = e.transfer_id "
        "LEFT JOIN accounts a ON a.id = e.account_id WHERE t.id IS NULL OR a.id IS NULL",
    ),
    Promise(
        "legs",
        "Each transfer has two legs or more.",
        "SELECT t.id AS transfer_id, t.cause, COUNT(e.account_id) AS legs FROM transfers t "
        "LEFT JOIN entries e ON e.transfer_id = t.id GROUP BY t.id, t.cause HAVING COUNT(e.account_id) < 2",
    ),
    Promise(
        "balanced",
        "The legs of a transfer come to nothing in each unit.",
        "SELECT e.transfer_id, a.unit, CAST(SUM(e.amount) AS BIGINT) AS comes_to FROM entries e "
        "JOIN accounts a ON a.id = e.account_id GROUP BY e.transfer_id, a.unit HAVING SUM(e.amount) <> 0",
    ),
    Promise(
        "books",
        "All accounts of a unit come to nothing together.",
        "SELECT unit, CAST(SUM(balance) AS BIGINT) AS comes_to FROM accounts GROUP BY unit HAVING SUM(balance) <> 0",
    ),
    Promise(
        "kept",
        "The balance kept on an account is the sum of its entries.",
        "SELECT a.id AS account_id, a.kind, a.owner, a.balance, CAST(COALESCE(s.amount, 0) AS BIGINT) AS entries "
        "FROM accounts a LEFT JOIN (SELECT account_id, SUM(amount) AS amount FROM entries GROUP BY account_id) s "
        "ON s.account_id = a.id WHERE a.balance <> COALESCE(s.amount, 0)",
    ),
    Promise(
        "floor",
        "No account but issue is below zero, and issue is never above it.",
        "SELECT id AS account_id, kind, owner, balance FROM accounts "
        "WHERE (kind <> 'issue' AND balance < 0) OR (kind = 'issue' AND balance > 0)",
    ),
    Promise(
        "source",
        "A unit comes only from issue and ends only in redeemed or expired; only a reversal goes the other way.",
        "SELECT t.id AS transfer_id, a.kind, e.amount FROM accounts a JOIN entries e ON e.account_id = a.id "
        "JOIN transfers t ON t.id = e.transfer_id WHERE t.reverses IS NULL "
        "AND ((a.kind = 'issue' AND e.amount > 0) OR (a.kind IN ('redeemed', 'expired') AND e.amount < 0))",
    ),
    Promise(
        "once",
        "One event is one transfer for one person.",
        "SELECT cause, reason, person_id, COUNT(*) AS times, MAX(id) AS last FROM transfers WHERE reverses IS NULL "
        "GROUP BY cause, reason, person_id HAVING COUNT(*) > 1",
    ),
    Promise(
        "reversed once",
        "A transfer is taken back once at most.",
        "SELECT reverses AS transfer_id, COUNT(*) AS times FROM transfers WHERE reverses IS NOT NULL "
        "GROUP BY reverses HAVING COUNT(*) > 1",
    ),
    Promise(
        "mirrored",
        "A reversal names an earlier transfer and is its mirror image, leg for leg.",
        "SELECT r.id AS transfer_id, r.reverses FROM transfers r LEFT JOIN transfers o ON o.id = r.reverses "
        "WHERE (r.reason = 'reversal' OR r.reverses IS NOT NULL) AND (o.id IS NULL OR o.id >= r.id OR EXISTS ("
        "SELECT 1 FROM entries e WHERE e.transfer_id = o.id AND NOT EXISTS (SELECT 1 FROM entries m "
        "WHERE m.transfer_id = r.id AND m.account_id = e.account_id AND m.amount = -e.amount)) OR "
        "(SELECT COUNT(*) FROM entries WHERE transfer_id = o.id) <> (SELECT COUNT(*) FROM entries WHERE transfer_id = r.id))",
    ),
    Promise(
        "ended once",
        "A reservation is ended once at most.",
        "SELECT resolves AS transfer_id, COUNT(*) AS times FROM transfers WHERE resolves IS NOT NULL "
        "GROUP BY resolves HAVING COUNT(*) > 1",
    ),
    Promise(
        "ended whole",
        "What ends a reservation takes out all that it had set aside, and nothing else.",
        "SELECT t.id AS transfer_id, t.resolves FROM transfers t WHERE t.resolves IS NOT NULL AND (t.resolves >= t.id OR EXISTS ("
        # COALESCE keeps SQLite from starting at all that was ever set aside, once for each reservation.
        "SELECT a.id FROM entries e JOIN accounts a ON a.id = e.account_id AND COALESCE(a.kind, '') = 'reserved' "
        "WHERE e.transfer_id IN (t.id, t.resolves) GROUP BY a.id HAVING SUM(e.amount) <> 0))",
    ),
    Promise(
        "set aside",
        "What is reserved is what the open reservations have set aside.",
        "SELECT a.id AS account_id, a.owner, a.balance FROM accounts a WHERE a.kind = 'reserved' AND a.balance <> COALESCE(("
        "SELECT SUM(e.amount) FROM entries e WHERE e.account_id = a.id AND e.amount > 0 "
        "AND NOT EXISTS (SELECT 1 FROM transfers r WHERE r.resolves = e.transfer_id)), 0)",
    ),
    Promise(
        "keyed",
        "A key that was made by whoever asked is one transfer.",
        "SELECT key, COUNT(*) AS times FROM transfers WHERE key IS NOT NULL GROUP BY key HAVING COUNT(*) > 1",
    ),
    Promise(
        "ruled",
        "The rules that a transfer names are a version that there is.",
        "SELECT t.id AS transfer_id, t.rule FROM transfers t LEFT JOIN point_rules r ON r.version = t.rule "
        "WHERE t.rule IS NOT NULL AND r.version IS NULL",
    ),
    Promise(
        "appeals",
        "What granted an appeal is an entry that takes the other one back or gives what was missing, and nothing else names it.",
        "SELECT p.id AS appeal_id, p.outcome FROM entry_appeals p WHERE (COALESCE(p.outcome, '') = 'adjusted') <> "
        "('appeal:' || p.id || ' ' || p.person_id IN (SELECT t.cause || ' ' || t.person_id FROM transfers t "
        "WHERE t.reason = 'adjust' AND t.cause LIKE 'appeal:%' AND t.person_id IS NOT NULL)) "
        "OR (COALESCE(p.outcome, '') = 'reversed') <> EXISTS ("
        "SELECT 1 FROM transfers t WHERE t.reverses = p.transfer_id AND t.cause = 'appeal:' || p.id)",
    ),
    Promise(
        "limits",
        "What activities of a day, and of a month, gave somebody was under the limit of the rules when it was given.",
        "SELECT a.person_id, a.cause, a.given FROM point_awards a JOIN point_rules r ON r.version = a.rule "
        "WHERE a.given > r.activity_max OR (r.day_max > 0 AND a.given > 0 AND r.day_max < (SELECT SUM(b.given) FROM point_awards b "
        "WHERE b.person_id = a.person_id AND b.day = a.day AND b.transfer_id <= a.transfer_id)) "
        "OR (r.month_max > 0 AND a.given > 0 AND r.month_max < (SELECT SUM(b.given) FROM point_awards b "
        "WHERE b.person_id = a.person_id AND SUBSTR(b.day, 1, 7) = SUBSTR(a.day, 1, 7) AND b.transfer_id <= a.transfer_id))",
    ),
    Promise(
        "awards",
        "What the rules gave for an activity is what its entry says, by the same version.",
        "SELECT a.person_id, a.cause, a.given FROM point_awards a LEFT JOIN transfers t ON t.id = a.transfer_id AND t.cause = a.cause "
        "AND t.rule = a.rule LEFT JOIN entries e ON e.transfer_id = t.id AND e.amount > 0 WHERE a.given <> COALESCE(e.amount, 0)",
    ),
    Promise(
        "by hand",
        "What was given by hand is booked once, as it was asked for, and what was not given is not.",
        "SELECT g.id AS grant_id, g.state, COUNT(e.amount) AS times FROM grants_of_points g "
        "LEFT JOIN transfers t ON t.reason = 'grant' AND t.cause = 'grant:' || g.id AND t.person_id = g.person_id "
        "LEFT JOIN entries e ON e.transfer_id = t.id AND e.amount = g.amount GROUP BY g.id, g.state "
        "HAVING COUNT(e.amount) <> CASE WHEN g.state = 'given' THEN 1 ELSE 0 END",
    ),
    Promise(
        "approved",
        "More than an admin gives alone was agreed to by a second one, who neither gave nor got it.",
        "SELECT t.id AS transfer_id, t.actor_id, t.approver_id, e.amount FROM transfers t "
        "JOIN point_rules r ON r.version = t.rule JOIN entries e ON e.transfer_id = t.id AND e.amount > r.granted_alone "
        "WHERE t.reason = 'grant' AND (t.approver_id IS NULL OR t.approver_id IN (t.actor_id, t.person_id))",
    ),
    Promise(
        "done as a whole",
        "What an update or a planned deed has moved, it has moved for good: it does not wait to be done.",
        "SELECT t.id AS transfer_id, t.came_from FROM transfers t JOIN inbox i ON t.came_from = 'update:' || i.update_id "
        "WHERE t.bot = i.bot AND i.state <> 'done' UNION ALL SELECT t.id, t.came_from FROM transfers t "
        "JOIN due d ON t.came_from = 'due:' || d.id WHERE t.bot = d.bot AND d.state = 'new'",
    ),
    Promise(
        "gifts",
        "A gift that waits is set aside; one that was given is with its receiver, and any other one with its giver again.",
        "SELECT f.id AS gift_id, f.state, a.balance FROM gifts f "
        "LEFT JOIN accounts a ON a.kind = 'reserved' AND a.unit = 'points' AND a.owner = -f.id "
        "LEFT JOIN transfers t ON t.resolves = f.reservation_id "
        "LEFT JOIN entries e ON e.transfer_id = t.id AND e.amount = f.amount "
        "LEFT JOIN accounts b ON b.id = e.account_id AND b.unit = 'points' AND ((b.kind = 'group' AND b.owner = f.group_id) "
        "OR (b.kind = 'member' AND b.owner = CASE WHEN f.state IN ('given', 'given_back') THEN f.person_id ELSE f.giver_id END)) "
        "WHERE a.id IS NULL OR a.balance <> CASE WHEN f.state = 'waiting' THEN f.amount ELSE 0 END "
        "OR (CASE WHEN f.state = 'waiting' THEN t.id ELSE b.id END IS NULL) <> (f.state = 'waiting') "
        "OR (f.state = 'given_back') <> ('giftback:' || f.id IN (SELECT cause FROM transfers WHERE cause LIKE 'giftback:%'))",
    ),
    Promise(
        "budgets",
        "What a group was granted is booked once, as it was asked for and agreed to; what was taken back is reversed.",
        "SELECT b.id AS grant_id, b.state, COUNT(a.id) AS times, COUNT(r.id) AS reversed FROM budget_grants b "
        "LEFT JOIN transfers t ON t.reason = 'budget' AND t.cause = 'budget:' || b.id "
        "LEFT JOIN point_rules v ON v.version = t.rule AND (t.approver_id <> t.actor_id OR v.granted_alone >= b.amount) "
        "LEFT JOIN entries e ON e.transfer_id = t.id AND e.amount = b.amount AND v.version IS NOT NULL "
        "LEFT JOIN accounts a ON a.id = e.account_id AND a.kind = 'group' AND a.owner = b.group_id "
        "LEFT JOIN transfers r ON r.reverses = t.id GROUP BY b.id, b.state "
        "HAVING COUNT(a.id) <> CASE WHEN b.state IN ('given', 'taken_back') THEN 1 ELSE 0 END "
        "OR COUNT(r.id) <> CASE WHEN b.state = 'taken_back' THEN 1 ELSE 0 END",
    ),
    Promise(
        "rewards",
        "A reward went from the group's budget to the person, within the rules, and to nobody who gave it; what was a slip went back.",
        "SELECT w.round_id, w.person_id FROM rewards w JOIN reward_rounds o ON o.id = w.round_id "
        "LEFT JOIN transfers t ON t.reason = 'reward' AND t.cause = 'reward:' || o.id AND t.person_id = w.person_id "
        "LEFT JOIN accounts a ON a.kind = 'group' AND a.unit = 'points' AND a.owner = o.group_id "
        "LEFT JOIN entries e ON e.transfer_id = t.id AND e.account_id = a.id AND e.amount = -o.amount "
        "LEFT JOIN point_rules r ON r.version = t.rule WHERE e.amount IS NULL OR o.given_by = w.person_id "
        "OR o.amount > r.budget_once "
        "OR (o.undone_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM transfers k WHERE k.reverses = t.id))",
    ),
    Promise(
        "whose",
        "A transfer about a person moves that person's account.",
        "SELECT t.id AS transfer_id, t.person_id FROM transfers t WHERE t.person_id IS NOT NULL AND NOT EXISTS ("
        "SELECT 1 FROM entries e JOIN accounts a ON a.id = e.account_id "
        "WHERE e.transfer_id = t.id AND a.kind = 'member' AND a.owner = t.person_id)",
    ),
    Promise(
        "heirs",
        "The account of a record that became another's is empty, and the other one is in use or was left for good.",
        "SELECT a.id AS account_id, a.owner, a.heir, a.balance FROM accounts a JOIN people i ON i.id = a.heir "
        "WHERE a.balance <> 0 OR i.merged_into IS NOT NULL",
    ),
    Promise(
        "signed",
        "A transfer names what it came from; what somebody did, and every reversal, has its row in the audit log, by the same person.",
        "SELECT t.id AS transfer_id, t.actor_id, t.audit_number FROM transfers t LEFT JOIN audit n ON n.number = t.audit_number "
        "WHERE t.came_from = '' OR (t.audit_number IS NOT NULL AND (n.number IS NULL OR n.actor_id IS DISTINCT FROM t.actor_id)) "
        "OR (t.audit_number IS NULL AND (t.reverses IS NOT NULL OR t.actor_id IS NOT NULL))",
    ),
    Promise(
        "sealed",
        "Whatever is older than the last ten thousand transfers has its place in the chain.",
        "SELECT t.id AS transfer_id, t.at FROM transfers t WHERE t.id <= (SELECT newest - 10000 FROM seals_head) "
        "AND NOT EXISTS (SELECT 1 FROM seals s WHERE s.transfer_id = t.id)",
    ),
    Promise(
        "closed list",
        "Every reason is on the closed list.",
        "SELECT id AS transfer_id, reason FROM transfers WHERE reason NOT IN (SELECT reason FROM reasons)",
    ),
    Promise(
        "guarded",
        "The triggers that refuse change and removal are in their place.",
        "WITH guards (name) AS (VALUES ('entries_stay'), ('entries_remain'), ('entries_keep'), ('transfers_stay'), "
        "('transfers_remain'), ('transfers_keep'), ('seals_stay'), ('seals_remain'), ('seals_keep'), ('accounts_stay'), ('accounts_remain')) "
        "SELECT name AS missing FROM guards WHERE name NOT IN (SELECT name FROM "
        "/*pg (SELECT tgname AS name, 'trigger' AS type FROM pg_trigger WHERE tgenabled <> 'D') AS*/ sqlite_master "
        "WHERE type = 'trigger')",
    ),
)


async def invariants(tx: Transaction) -> list[Broken]:
    """Every promise that does not hold just now; empty when all is well. Reads the whole ledger: seconds for millions."""
    return await broken(tx, (*PROMISES, *counting.PROMISES, *tracing.PROMISES, *board.PROMISES))
