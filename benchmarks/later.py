"""What a county has beside groups, tasks and points: stand-bys, templates and series, rotas, call-outs, honours, the shop."""

import json
from datetime import UTC, date, datetime, timedelta

from bot.dates import Repeat, Unit
from bot.domain.activities import Kind
from bot.domain.series import Model

COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n) "
SHIFT_DAYS_PAST, SHIFT_DAYS_AHEAD = 350, 14
SLOTS, SERVERS, BRIGADE, NOMINATED = 14, 60, 200, 200
SKILL_FIRST_AID = 1
MODEL = Model(Kind.TASK, "Task", "Bring gloves.", "Riverside", 7200, 30, 10).kept()
RULE = json.dumps(Repeat(Unit.WEEK, weekdays=(5,)).kept())

LATER: tuple[tuple[str, str], ...] = (
    ("standbys", COUNT + "INSERT INTO standbys (person_id, takes, parts) SELECT i * 5, 1, 0 FROM n"),
    (
        "standbys",
        COUNT + "INSERT INTO standby_words (person_id, kind, word, pattern) "
        "SELECT i * 5, CASE i % 3 WHEN 0 THEN 'interest' WHEN 1 THEN 'area' ELSE 'skill' END, "
        "CASE WHEN i % 40 = 1 THEN 'riverside' ELSE 'word ' || CAST(i % 500 AS TEXT) END, "
        "CASE WHEN i % 40 = 1 THEN '%riverside%' ELSE '%word ' || CAST(i % 500 AS TEXT) || '%' END FROM n",
    ),
    (
        "groups",
        COUNT + "INSERT INTO templates (group_id, name, model, weekday, minute, made_at, made_by) "
        f"SELECT i, 'Template ' || CAST(i AS TEXT), '{MODEL}', 5, 540, :now, 1 FROM n",
    ),
    (
        "series",
        COUNT
        + "INSERT INTO series (id, group_id, model, rule, first_day, minute, state_at, next_at, made_at, made_by) "
        f"SELECT i, i, '{MODEL}', '{RULE}', '2026-01-03', 540, :now, :now + 86400, :now, 1 FROM n",
    ),
    ("", "UPDATE activities SET series_id = id - :past, series_day = '2026-12-05' WHERE id > :past"),
    (
        "followers",
        COUNT + "INSERT INTO series_followers (series_id, person_id, made_at) SELECT i % :series + 1, i, :now FROM n",
    ),
    (
        "posts",
        COUNT + "INSERT INTO rota_posts (id, group_id, name, place, everybody, week_max, experienced_after, made_at, "
        "made_by) SELECT i, i, 'Post ' || CAST(i AS TEXT), 'Library', 0, 3, 2, :now, 1 FROM n",
    ),
    (
        "slots",
        COUNT + "INSERT INTO rota_slots (id, post_id, weekday, minute, length, people) "
        "SELECT i, (i - 1) / :slots_each + 1, (i - 1) % 7, 540 + (i - 1) % :slots_each / 7 * 240, 180, 2 FROM n",
    ),
    (
        "servers",
        COUNT + "INSERT INTO rota_servers (post_id, person_id, weekdays, since) "
        "SELECT (i - 1) % :posts + 1, ((i - 1) % :posts * 31 + (i - 1) / :posts * 409) % :people + 1, 127, :now FROM n",
    ),
    (
        "",
        "WITH days (n, day) AS (VALUES :days) INSERT INTO rota_shifts (id, post_id, slot_id, day, starts_at, ends_at, "
        "people, taken) SELECT (d.n * :posts + p.id) * 2 + half, p.id, "
        "(p.id - 1) * :slots_each + d.n % 7 + half * 7 + 1, d.day, :now + (d.n - :shift_days_past) * 86400 + half * 14400, "
        ":now + (d.n - :shift_days_past) * 86400 + half * 14400 + 10800, 2, 2 "
        "FROM days d CROSS JOIN rota_posts p CROSS JOIN (SELECT 0 AS half UNION ALL SELECT 1) halves",
    ),
    (
        "",
        "INSERT INTO rota_duties (shift_id, person_id, state, how, since, made_at) SELECT h.id, "
        "((h.post_id - 1) * 31 + (h.id / 2 / :posts * 2 + seat) % :servers_each * 409) % :people + 1, 'on', 'drawn', "
        ":now, :now FROM rota_shifts h CROSS JOIN (SELECT 0 AS seat UNION ALL SELECT 1) seats",
    ),
    (
        "brigades",
        COUNT + "INSERT INTO brigades (id, name, leader_id, made_at, made_by) "
        "SELECT i, 'Brigade ' || CAST(i AS TEXT), i, :now, 1 FROM n",
    ),
    (
        "brigaded",
        COUNT + "INSERT INTO brigade_members (brigade_id, person_id, state, at, by_id) "
        "SELECT (i - 1) % :brigades + 1, i, 'in', :now, 1 FROM n",
    ),
    (
        "brigaded",
        COUNT
        + "INSERT INTO responders (person_id, standby_until) SELECT i, CASE i % 2 WHEN 0 THEN :now + 86400 ELSE 0 END "
        "FROM n",
    ),
    ("brigaded", COUNT + f"INSERT INTO person_skills (person_id, skill_id) SELECT i, {SKILL_FIRST_AID} FROM n"),
    (
        "missions",
        COUNT
        + "INSERT INTO callouts (id, brigade_id, caller_id, place, wanted, state, needed_at, ends_at, ring, accepted, "
        "made_at, called_at, began_at, began_by, closed_at, closed_by) "
        "SELECT i, (i - 1) % :brigades + 1, (i - 1) % :brigades + 1, 'West bridge', 30, 'closed', :now - i * 9000, "
        ":now - i * 9000 + 7200, 1, 30, :now - i * 9000, :now - i * 9000, :now - i * 9000, 1, :now - i * 9000 + 7200, 1 FROM n",
    ),
    (
        "",
        "INSERT INTO callout_people (callout_id, person_id, ring, drill, state, asked_at, answered_at, arrived_at, "
        "arrived_by, back_at, back_by) SELECT c.id, m.person_id, 1, 0, 'back', c.called_at, c.called_at, c.called_at, 1, "
        "c.closed_at, 1 FROM callouts c JOIN brigade_members m ON m.brigade_id = c.brigade_id AND m.person_id % 7 = c.id % 7",
    ),
    (
        "honours",
        COUNT + "INSERT INTO honours (id, title, about, until, made_by, made_at) "
        "SELECT i, 'Honour ' || CAST(i AS TEXT), 'For service.', :now + (i - 20) * 86400, 1, :now FROM n",
    ),
    (
        "nominations",
        COUNT
        + "INSERT INTO nominations (honour_id, person_id, by_id, why, minutes, star, state, made_at, reviewed_by, "
        "until, settled_at) SELECT (i - 1) % :honours + 1, 50 + i, 2, 'Always there.', 900, 1, "
        "CASE WHEN (i - 1) % :honours >= 20 THEN 'public' ELSE 'awarded' END, :now, 1, :now + 86400, "
        "CASE WHEN (i - 1) % :honours >= 20 THEN NULL ELSE :now END FROM n",
    ),
    (
        "partners",
        COUNT + "INSERT INTO shop_partners (id, name, place, made_by, made_at) "
        "SELECT i, 'Shop ' || CAST(i AS TEXT), 'High street', 1, :now FROM n",
    ),
    (
        "items",
        COUNT + "INSERT INTO shop_items (id, name, partner_id, price, made_by, made_at) "
        "SELECT i, 'Item ' || CAST(i AS TEXT), i % :partners + 1, i % 50 + 1, 1, :now FROM n",
    ),
    (
        "items",
        COUNT + "INSERT INTO accounts (id, kind, unit, owner, balance, made_at) "
        "SELECT :accounts_first + :people + i, 'stock', 'goods:' || CAST(i AS TEXT), i, 50, :now FROM n",
    ),
    (
        "redeemed",
        COUNT
        + "INSERT INTO redemptions (item_id, person_id, pieces, points, code, key, state, made_at, until, handed, "
        "settled_at, settled_by) SELECT i % :items + 1, i, 1, 5, 'code' || CAST(i AS TEXT), 'key', 'collected', :now - i, "
        ":now, 1, :now - i, 1 FROM n",
    ),
    (
        "partners",
        COUNT + "INSERT INTO privileges (partner_id, title, made_by, made_at) SELECT i, 'Tea', 1, :now FROM n",
    ),
)


def sizes(people: int, groups: int, ahead: int) -> dict[str, int]:
    """How many of each there are in a county of this size."""
    posts, brigades, partners = max(people // 1_100, 2), max(people // 5_500, 2), max(people // 2_000, 3)
    return {
        "standbys": people // 5,
        "series": max(min(groups, ahead), 1),
        "followers": people // 4,
        "posts": posts,
        "slots": posts * SLOTS,
        "servers": posts * SERVERS,
        "brigades": brigades,
        "brigaded": min(brigades * BRIGADE, people),
        "missions": brigades * 50,
        "honours": 30,
        "nominations": min(30 * NOMINATED, people - 60),
        "partners": partners,
        "items": max(people // 300, 20),
        "redeemed": people // 4,
    }


def values(now: int) -> dict[str, int | str]:
    """What else the statements name."""
    first = datetime.fromtimestamp(now, UTC).date() - timedelta(days=SHIFT_DAYS_PAST)
    days = ((n, first + timedelta(days=n)) for n in range(SHIFT_DAYS_PAST + SHIFT_DAYS_AHEAD))
    return {
        "days": ", ".join(_day(n, day) for n, day in days),
        "shift_days_past": SHIFT_DAYS_PAST,
        "slots_each": SLOTS,
        "servers_each": SERVERS,
    }


def _day(n: int, day: date) -> str:
    return f"({n}, '{day.isoformat()}')"
