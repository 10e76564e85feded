"""A county of any size in the real schema: one SQL text for both databases, the numbers made by counting."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks import helping, later, serving, sharing
from benchmarks.later import COUNT

DAY = 24 * 3600
ACCOUNTS_FIRST = 100


@dataclass(frozen=True, slots=True)
class County:
    """How large it is. Everything else grows with the number of people, as it does in one county over the years."""

    people: int = 110_000
    groups: int = 7_300
    activities: int = 5_800
    participations: int = 1_500_000

    @property
    def ahead(self) -> int:
        """Activities that are still to come: the newest numbers."""
        return max(self.activities // 50, 4)

    @property
    def past(self) -> int:
        return self.activities - self.ahead

    @property
    def each(self) -> int:
        """Sign-ups an activity."""
        return self.participations // self.activities

    def tenth(self) -> "County":
        return self.part(10)

    def part(self, of: int) -> "County":
        return County(self.people // of, self.groups // of, self.activities // of, self.participations // of)


# The factors are prime to all sizes that are used, so that nobody is in the same place twice.
STEPS: tuple[tuple[str, str], ...] = (
    (
        "people",
        COUNT + "INSERT INTO people (id, telegram_id, nickname, language, role, registered_at) "
        "SELECT i, 1000000000 + i, "
        # A quarter has usual names, which some 200 bear each, and another one names that three bear.
        "CASE i % 4 WHEN 0 THEN 'Wang ' || CAST(i / 4 % :usual AS TEXT) WHEN 1 THEN 'Li ' || CAST(i / 4 % :rarer AS TEXT) "
        "ELSE 'P' || CAST(i AS TEXT) END, CASE WHEN i % 10 = 0 THEN 'en' ELSE 'zh_CN' END, "
        "CASE WHEN i <= 20 THEN 'admin' ELSE 'member' END, :now - i * 300 FROM n",
    ),
    (
        "people",
        COUNT + "INSERT INTO chats (bot, chat_id, kind, title, since) "
        "SELECT :bot, 1000000000 + i, 'private', '', :now - i * 300 FROM n",
    ),
    (
        "groups",
        COUNT + "INSERT INTO groups (id, name, about, capacity, members, made_at, made_by, kind, parent_id) "
        "SELECT i, 'Group ' || CAST(i AS TEXT), 'We meet each week.', CASE WHEN i % 3 = 0 THEN 2000 END, "
        ":members, :now - i * 1000, 1, "
        # The registry: an association, four branches, 687 teams under them, 150 schools; the others are interest groups.
        "CASE WHEN i = 1 THEN 'association' WHEN i <= 5 THEN 'branch' WHEN i <= 692 THEN 'team' "
        "WHEN i <= 842 THEN 'school' ELSE 'interest' END, "
        "CASE WHEN i BETWEEN 2 AND 5 THEN 1 WHEN i BETWEEN 6 AND 692 THEN i % 4 + 2 END FROM n",
    ),
    (
        "memberships",
        COUNT + "INSERT INTO memberships (group_id, person_id, state, since) "
        "SELECT (i - 1) % :groups + 1, ((i - 1) % :groups * 31 + (i - 1) / :groups * 409) % :people + 1, 'in', "
        ":now - i FROM n",
    ),
    (
        "groups",
        COUNT + "INSERT INTO leaders (group_id, person_id, since) SELECT i, ((i - 1) * 31) % :people + 1, :now FROM n",
    ),
    ("", "UPDATE people SET groups_led = (SELECT COUNT(*) FROM leaders l WHERE l.person_id = people.id)"),
    (
        "",
        "WITH RECURSIVE texts (kind, subject, text) AS (SELECT 'person', id, nickname FROM people "
        "UNION ALL SELECT 'group', id, name FROM groups UNION ALL SELECT 'group', id, about FROM groups "
        "UNION ALL SELECT 'name', id, name FROM groups), "
        "places (place) AS (SELECT 1 UNION ALL SELECT place + 1 FROM places WHERE place < 40) "
        "INSERT INTO pieces (kind, piece, subject) SELECT DISTINCT kind, lower(substr(text, place, size)), subject "
        "FROM texts JOIN places ON place <= length(text) CROSS JOIN (SELECT 1 AS size UNION ALL SELECT 2) sizes",
    ),
    (
        "past",
        COUNT + "INSERT INTO activities (id, kind, group_id, title, about, place, starts_at, ends_at, places, taken, "
        "points, state, settled_at, settled_by, made_at, made_by) "
        "SELECT i, CASE WHEN i % 4 = 0 THEN 'event' ELSE 'task' END, (i - 1) % :groups + 1, 'Task ' || CAST(i AS TEXT), "
        "'Bring gloves.', 'Riverside', :now - (:past - i + 2) * 20000, :now - (:past - i + 2) * 20000 + 7200, "
        ":each, :each, 10, 'confirmed', :now - (:past - i + 1) * 20000, 1, :now - (:past - i + 40) * 20000, 1 FROM n",
    ),
    (
        "ahead",
        COUNT + "INSERT INTO activities (id, kind, group_id, title, about, place, starts_at, ends_at, places, taken, "
        "waiting, points, made_at, made_by) "
        "SELECT :past + i, CASE WHEN i % 4 = 0 THEN 'event' ELSE 'task' END, (i - 1) % :groups + 1, "
        "'Task ' || CAST(:past + i AS TEXT), 'Bring gloves.', 'Riverside', :now + i * 7200, :now + i * 7200 + 3600, "
        ":each - 40, :each - 40, 40, 10, :now, 1 FROM n",
    ),
    (
        "participations",
        COUNT + "INSERT INTO participations (id, activity_id, person_id, state, since, made_at, came, confirmed_at, "
        "confirmed_by) SELECT i, activity, person, "
        "CASE WHEN activity > :past AND (i - 1) / :activities >= :each - 40 THEN 'waiting' ELSE 'in' END, at, at, "
        f"CASE WHEN activity <= :past THEN CASE WHEN {serving.MISSED} THEN 0 ELSE 1 END END, CASE WHEN activity <= :past THEN at END, "
        "CASE WHEN activity <= :past THEN CASE WHEN person = 1 THEN 2 ELSE 1 END END "
        "FROM (SELECT i, (i - 1) % :activities + 1 AS activity, "
        "((i - 1) % :activities * 31 + (i - 1) / :activities * 409) % :people + 1 AS person, "
        ":now - (:past - (i - 1) % :activities) * 20000 AS at FROM n) signed",
    ),
    (
        "people",
        COUNT + "INSERT INTO accounts (id, kind, unit, owner, made_at) "
        "SELECT :accounts_first + i, 'member', 'points', i, :now FROM n",
    ),
    (
        "",
        "INSERT INTO transfers (id, reason, cause, person_id, bot, came_from, at) "
        "SELECT p.id, a.kind, 'activity:' || CAST(a.id AS TEXT), p.person_id, :bot, 'update:1', p.since "
        "FROM participations p JOIN activities a ON a.id = p.activity_id WHERE p.came = 1",
    ),
    (
        "",
        "INSERT INTO entries (transfer_id, account_id, amount) "
        "SELECT id, person_id % 16 + 1, -10 FROM transfers UNION ALL "
        "SELECT id, :accounts_first + person_id, 10 FROM transfers ORDER BY 1, 2",
    ),
    (
        "",
        "UPDATE accounts SET balance = s.total FROM (SELECT account_id, SUM(amount) AS total FROM entries "
        "GROUP BY account_id) s WHERE s.account_id = accounts.id",
    ),
    (
        "topics",
        COUNT + "INSERT INTO council_topics (id, text, proposer_id, state, support, proposed_at) "
        "SELECT i, 'Topic ' || CAST(i AS TEXT), i, 'open', :supporters, :now - i FROM n",
    ),
    (
        "support",
        COUNT + "INSERT INTO council_support (topic_id, person_id, at) "
        "SELECT (i - 1) % :topics + 1, (i - 1) / :topics + 1, :now FROM n",
    ),
    ("", "INSERT INTO council_sessions (id, month, opened_at, closes_at) VALUES (1, '2026-11', :now, :now + 600000)"),
    (
        "ahead",
        COUNT + "INSERT INTO council_members (person_id, since) SELECT i, :now FROM n WHERE i <= 30",
    ),
    (
        "",
        "INSERT INTO letters (id, method, params, made_at, subject, language) "
        "VALUES (1, 'sendMessage', '{\"text\":\"Call\"}', :now, 'call:1', 'zh_CN')",
    ),
    (
        "",
        "INSERT INTO calls (id, kind, sender_id, audience, text, link, state, made_at, sent_at, enlisted_at) "
        "VALUES (1, 'announce', 1, 'county', 'Call', '', 'done', :now, :now, :now)",
    ),
    (
        "people",
        COUNT
        + "INSERT INTO outbox (bot, lane, chat_id, method, params, letter_id, key, state, due_at, made_at, done_at) "
        "SELECT :bot, 4, 1000000000 + i, 'sendMessage', '{}', 1, 'call:1:' || CAST(i AS TEXT), 'sent', :now, :now, :now "
        "FROM n",
    ),
    (
        "messages",
        COUNT + "INSERT INTO outbox (bot, lane, chat_id, method, params, state, due_at, made_at, done_at) "
        "SELECT :bot, 1, 1000000000 + i % :people, 'editMessageText', '{\"text\":\"Hello\"}', 'sent', :now - i, :now - i, "
        ":now - i FROM n",
    ),
    (
        "messages",
        COUNT + "INSERT INTO inbox (bot, update_id, line, payload, state, kept_at, done_at) "
        "SELECT :bot, i, 1000000000 + i % :people, '{}', 'done', :now - i, :now - i FROM n",
    ),
)


def statements(county: County, bot: int, now: int) -> list[str]:
    """All that fills an empty database of this version, in order."""
    sizes = {
        "people": county.people,
        "groups": county.groups,
        "memberships": county.people * 3,
        "past": county.past,
        "ahead": county.ahead,
        "activities": county.activities,
        "participations": county.each * county.activities,
        "topics": county.groups,
        "support": county.people // 4,
        "messages": county.people * 3,
        "shared": min(100, county.past),
        "schools": 3,
        **later.sizes(county.people, county.groups, county.ahead),
        **serving.sizes(county.people, county.past, county.ahead),
        **helping.sizes(county.people, county.groups),
    }
    values: dict[str, int | str] = {
        **sizes,
        **later.values(now),
        **serving.values(county.past, now),
        "bot": bot,
        "now": now,
        "each": county.each,
        "members": sizes["memberships"] // county.groups,
        "supporters": sizes["support"] // sizes["topics"],
        "accounts_first": ACCOUNTS_FIRST,
        "usual": max(county.people // 800, 1),
        # Those of one of these names live in the same area.
        "rarer": max(county.people // 600 * 50, 1),
    }
    return [
        written(sql, values | ({"n": sizes[size]} if size else {}))
        for size, sql in STEPS + later.LATER + serving.SERVING + helping.HELPING + sharing.SHARING
    ]


def written(sql: str, values: Mapping[str, int | str]) -> str:
    """The values in the text itself: they are ours alone, and PostgreSQL needn't guess what they are."""
    return re.sub(r":([a-z_]+)", lambda match: str(values[match[1]]), sql)
