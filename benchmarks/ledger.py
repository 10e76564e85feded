"""A ledger of any size as a county has it after three years: tasks, redemptions, gifts, budgets, rewards and two sets of rules."""

from dataclasses import dataclass

from benchmarks.county import BOT
from benchmarks.filling import written
from benchmarks.later import COUNT
from bot.domain import audit, people, points
from bot.storage import Storage, Transaction

# Primes, so that nobody comes twice to the same activity, and not always for the same.
ACTIVITIES, TURNS = 5_801, 101
YEARS_SECONDS = 100_000_000
REWARDED = 3
REDEEMED, RESERVED, GROUPS = 10_000_000, 20_000_000, 40_000_000


@dataclass(frozen=True, slots=True)
class Bank:
    """How large it is, and how many transfers are posted on top of it."""

    people: int = 110_000
    transfers: int = 1_000_000
    posted: int = 10_000
    groups: int = 7_300

    def part(self, of: int) -> "Bank":
        return Bank(self.people // of, self.transfers // of, self.posted // of, self.groups // of)

    @property
    def filled(self) -> int:
        """All that is there before something is posted: each group was given a budget, and rewarded some."""
        return self.transfers + self.groups * (1 + REWARDED)

    @property
    def corrected(self) -> int:
        return self.transfers // 1_000


# Of a hundred and one transfers three hand something out, two give points away and two end those gifts: one of them is
# taken back. The newest gifts still wait. Everybody earns twice first: nobody spends what he does not have.
KIND = (
    "CASE WHEN i % 101 IN (45, 65, 85) AND i > 2 * :people THEN 'collect' "
    "WHEN i % 101 IN (5, 25) AND i > 2 * :people THEN 'gift' "
    "WHEN i % 101 IN (6, 26) AND i - 1 > 2 * :people AND i <= :n - :n / 200 "
    "THEN CASE i % 101 WHEN 6 THEN 'gift' ELSE 'cancel' END ELSE 'task' END"
)
TO = "CASE i % 101 WHEN 6 THEN (i + 1009) % :people + 1 ELSE (i - 1) % :people + 1 END"

STEPS: tuple[tuple[str, str], ...] = (
    (
        "people",
        COUNT + "INSERT INTO people (id, telegram_id, nickname, language, role, registered_at) "
        "SELECT i, 1000000000 + i, 'P' || CAST(i AS TEXT), CASE WHEN i % 10 = 0 THEN 'en' ELSE 'zh_CN' END, "
        "CASE WHEN i <= 20 THEN 'admin' ELSE 'member' END, :now FROM n",
    ),
    (
        "people",
        COUNT + "INSERT INTO chats (bot, chat_id, kind, title, since) "
        "SELECT :bot, 1000000000 + i, 'private', '', :now FROM n",
    ),
    (
        "people",
        COUNT
        + "INSERT INTO accounts (id, kind, unit, owner, made_at) SELECT :members + i, 'member', 'points', i, :now FROM n",
    ),
    ("", "INSERT INTO accounts (id, kind, unit, owner, made_at) VALUES (:redeemed, 'redeemed', 'points', 0, :now)"),
    (
        "",
        "INSERT INTO point_rules (version, activity_max, granted_alone, granted_month, why, made_at, expiry_years) "
        "VALUES (2, 1000, 50, 500, 'Shorter', :now - :years / 2, 2)",
    ),
    (
        "groups",
        COUNT + "INSERT INTO groups (id, name, about, members, made_at, made_by) "
        "SELECT i, 'Group ' || CAST(i AS TEXT), '', 0, :now, 1 FROM n",
    ),
    # Each can be found by its first letter.
    (
        "groups",
        COUNT + "INSERT INTO pieces (kind, piece, subject) SELECT 'name', 'g', i FROM n",
    ),
    (
        "activities",
        COUNT + "INSERT INTO activities (id, kind, group_id, title, about, place, starts_at, ends_at, places, taken, "
        "points, state, settled_at, settled_by, made_at, made_by) "
        "SELECT i, CASE WHEN i % 3 = 0 THEN 'duty' ELSE 'task' END, i % :groups + 1, 'Task', '', '', "
        ":now - i * 20000 - 7200, :now - i * 20000, "
        "1, 0, 10, 'confirmed', :now - i * 20000, i % 50 + 1, :now - i * 20000, i % 50 + 1 FROM n",
    ),
    # Tasks and gifts in the order in which they were booked.
    (
        "transfers",
        COUNT + ", k(i, reason) AS (SELECT i, " + KIND + " FROM n) "
        "INSERT INTO transfers (id, reason, cause, person_id, bot, came_from, at, rule, resolves) "
        "SELECT i, reason, CASE reason WHEN 'task' THEN 'activity:' || CAST(i % :activities + 1 AS TEXT) "
        "WHEN 'collect' THEN 'redemption:' || CAST(i AS TEXT) "
        "ELSE 'gift:' || CAST(CASE WHEN i % 101 IN (6, 26) THEN i - 1 ELSE i END AS TEXT) END, "
        "CASE WHEN i % 101 IN (6, 26) AND reason <> 'task' THEN " + TO + " ELSE i % :people + 1 END, "
        ":bot, 'update:1', :now - (:n - i) * (:years / :n), 1, "
        "CASE WHEN i % 101 IN (6, 26) AND reason <> 'task' THEN i - 1 END FROM k",
    ),
    (
        "",
        "INSERT INTO accounts (id, kind, unit, owner, made_at) SELECT :reserved + id, 'reserved', 'points', -id, at "
        "FROM transfers WHERE reason = 'gift' AND resolves IS NULL",
    ),
    (
        "",
        "INSERT INTO gifts (id, giver_id, person_id, amount, words, key, made_at, final_at, reservation_id, state, settled_at) "
        "SELECT t.id, t.person_id, (t.id + 1010) % :people + 1, 5, '', 'gift ' || CAST(t.id AS TEXT), t.at, "
        "t.at + 86400, t.id, CASE e.reason WHEN 'gift' THEN 'given' WHEN 'cancel' THEN 'taken_back' ELSE 'waiting' END, "
        "e.at FROM transfers t LEFT JOIN transfers e ON e.resolves = t.id WHERE t.reason = 'gift' AND t.resolves IS NULL",
    ),
    (
        "",
        "INSERT INTO entries (transfer_id, account_id, amount) "
        "SELECT id, CASE WHEN reason = 'task' THEN person_id % 16 + 1 WHEN reason = 'collect' THEN :redeemed "
        "ELSE :reserved + COALESCE(resolves, id) END, "
        "CASE WHEN reason = 'task' THEN -10 WHEN resolves IS NULL THEN 5 ELSE -5 END FROM transfers UNION ALL "
        "SELECT id, :members + person_id, CASE WHEN reason = 'task' THEN 10 WHEN resolves IS NULL THEN -5 ELSE 5 END "
        "FROM transfers ORDER BY 1, 2",
    ),
    # Of five hundred tasks one was appealed against: most appeals were answered, the newest wait.
    (
        "",
        "INSERT INTO entry_appeals (transfer_id, person_id, why, opened_at, due_at, outcome, answer, answered_at, answered_by) "
        "SELECT id, person_id, 'Too few', at, at + 604800, CASE WHEN id < :transfers - :transfers / 100 THEN 'refused' END, '', "
        "CASE WHEN id < :transfers - :transfers / 100 THEN at + 86400 END, "
        "CASE WHEN id < :transfers - :transfers / 100 THEN CASE person_id WHEN 1 THEN 2 ELSE 1 END END "
        "FROM transfers WHERE reason = 'task' AND id % 505 = 2",
    ),
    # Each group's budget, and whom its leader rewarded out of it.
    (
        "groups",
        COUNT
        + "INSERT INTO accounts (id, kind, unit, owner, made_at) SELECT :budgets + i, 'group', 'points', i, :now FROM n",
    ),
    (
        "groups",
        COUNT + "INSERT INTO budget_grants (id, group_id, amount, why, key, asked_by, asked_at, audit_number, state, "
        "settled_by, settled_at) SELECT i, i, 50, '', 'budget ' || CAST(i AS TEXT), 1, :now, 1, 'given', 1, :now FROM n",
    ),
    (
        "groups",
        COUNT + "INSERT INTO transfers (id, reason, cause, bot, came_from, at, rule) "
        "SELECT :transfers + i, 'budget', 'budget:' || CAST(i AS TEXT), :bot, 'update:1', :now, 2 FROM n",
    ),
    (
        "groups",
        COUNT + "INSERT INTO reward_rounds (id, group_id, amount, why, key, given_by, given_at) "
        "SELECT i, i, 5, '', 'round ' || CAST(i AS TEXT), 1, :now FROM n",
    ),
    (
        "rewards",
        COUNT + "INSERT INTO rewards (round_id, person_id) SELECT (i - 1) / 3 + 1, (i * 5) % (:people - 1) + 2 FROM n",
    ),
    (
        "rewards",
        COUNT + "INSERT INTO transfers (id, reason, cause, person_id, bot, came_from, at, rule) "
        "SELECT :transfers + :groups + i, 'reward', 'reward:' || CAST((i - 1) / 3 + 1 AS TEXT), (i * 5) % (:people - 1) + 2, "
        ":bot, 'update:1', :now, 2 FROM n",
    ),
    (
        "",
        "INSERT INTO entries (transfer_id, account_id, amount) "
        "SELECT id, id % 16 + 1, -50 FROM transfers WHERE id > :transfers AND reason = 'budget' UNION ALL "
        "SELECT id, :budgets + id - :transfers, 50 FROM transfers WHERE id > :transfers AND reason = 'budget' UNION ALL "
        "SELECT id, :budgets + (id - :transfers - :groups - 1) / 3 + 1, -5 FROM transfers WHERE id > :transfers "
        "AND reason = 'reward' UNION ALL "
        "SELECT id, :members + person_id, 5 FROM transfers WHERE id > :transfers AND reason = 'reward' ORDER BY 1, 2",
    ),
    (
        "",
        "UPDATE accounts SET balance = s.total FROM (SELECT account_id, SUM(amount) AS total FROM entries "
        "GROUP BY account_id) s WHERE s.account_id = accounts.id",
    ),
)


def statements(bank: Bank, now: int) -> list[str]:
    """All that fills an empty ledger of this version, in order."""
    sizes = {
        "people": bank.people,
        "transfers": bank.transfers,
        "groups": bank.groups,
        "rewards": bank.groups * REWARDED,
        "activities": ACTIVITIES,
    }
    places = {"members": 1_000, "redeemed": REDEEMED, "reserved": RESERVED, "budgets": GROUPS}
    values = {"bot": BOT, "now": now, "years": YEARS_SECONDS, **places, **sizes}
    return [written(sql, values | ({"n": sizes[size]} if size else {})) for size, sql in STEPS]


def sequences(bank: Bank) -> list[str]:
    """PostgreSQL goes on behind what was numbered here."""
    last = {"transfers": bank.filled, "accounts": GROUPS + bank.groups, "gifts": bank.transfers}
    return [f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {number})" for table, number in last.items()]


async def note(tx: Transaction) -> None:
    """What the budgets were granted by."""
    await audit.note(tx, "points.budget", "benchmark", by=None)


async def correct(storage: Storage, bank: Bank) -> None:
    """Take some entries and some gifts back, as admins do, and some of that again."""
    admin = await storage.read(lambda tx: people.by_id(tx, 1))
    first = 2 * bank.people // TURNS + 1
    for turn in range(bank.corrected):
        # The first of each hundred and one was for a task.
        number = (first + turn * 7) * TURNS + 1
        made = await storage.transact(lambda tx, n=number: points.reverse(tx, n, by=1, cause=f"wrong:{n}"))  # type: ignore[misc]
        if turn % 4 == 0:
            await storage.transact(lambda tx, n=made: points.reverse(tx, n, by=1, cause=f"wrong:{n}"))  # type: ignore[misc]
        if turn % 8 == 1:
            gift = number + 4
            await storage.transact(lambda tx, n=gift: points.reverse_gift(tx, n, by=admin))  # type: ignore[misc]
