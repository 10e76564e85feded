"""What volunteering leaves behind: who was there and by what evidence, hours, stars, feedback, absences, children, the log."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from benchmarks.later import COUNT

ACTIVITY_SECONDS = 20_000
ZONE = ZoneInfo("Asia/Shanghai")
# Of a sign-up `i`: three in a hundred did not come.
MISSED = "i % 33 = 7"
# Six in ten checked in and out by themselves; the others' leader called the roll.
OWN = "p.id % 10 < 6"
LEADER = "CASE (a.group_id - 1) * 31 % :people + 1 WHEN p.person_id THEN 1 ELSE (a.group_id - 1) * 31 % :people + 1 END"
TOLD_BY = f"CASE WHEN {OWN} THEN p.person_id ELSE {LEADER} END"
CAME = "FROM participations p JOIN activities a ON a.id = p.activity_id WHERE p.came = 1"
PENDING_FROM, CERTIFIED_FROM = 10_000_000, 1_000_000

SERVING: tuple[tuple[str, str], ...] = (
    (
        "audited",
        COUNT + "INSERT INTO audit (number, at, bot, actor_id, deed, subject, details, cause, previous, hash) "
        "SELECT i, :now - (:audited - i) * 1000, :bot, i % 20 + 1, 'activities.confirmed', "
        "'activity:' || CAST(i % :past + 1 AS TEXT), '{}', 'update:1', 'before', 'after' FROM n",
    ),
    (
        "",
        "CREATE TEMPORARY TABLE calendar (n INTEGER NOT NULL PRIMARY KEY, day TEXT NOT NULL UNIQUE, month INTEGER NOT NULL)",
    ),
    ("", "INSERT INTO calendar (n, day, month) VALUES :calendar"),
    ("", "UPDATE audit_head SET number = :audited, hash = 'after'"),
    (
        "",
        "INSERT INTO stays (id, participation_id, person_id, activity_id, state, began_at, ended_at, in_way, out_way, "
        "in_actor, out_actor, in_step, out_step, in_from, out_from) "
        "SELECT p.id, p.id, p.person_id, a.id, 'done', a.starts_at, a.ends_at, 'code', 'code', p.person_id, p.person_id, "
        f"a.starts_at / 30, a.ends_at / 30, 'update:1', 'update:2' {CAME} AND {OWN}",
    ),
    (
        "",
        "INSERT INTO hours_records (id, person_id, grade, minutes, "
        "planned_minutes, begins, ends, day, cause, title, group_id, published_at, entered_by, bot, came_from, "
        "audit_number, at, state, needs, settled_at, settled_by) "
        f"SELECT p.id, p.person_id, CASE WHEN {OWN} THEN 'A' ELSE 'B' END, 120, 120, a.starts_at, a.ends_at, d.day, "
        f"'activity:' || CAST(a.id AS TEXT), a.title, a.group_id, a.made_at, {TOLD_BY}, :bot, "
        f"'update:' || CAST(a.id AS TEXT), a.id, a.settled_at, 'standing', CASE WHEN {OWN} THEN 0 ELSE 1 END, "
        f"a.settled_at, {TOLD_BY} FROM participations p JOIN activities a ON a.id = p.activity_id "
        "JOIN calendar d ON d.n = (a.starts_at - :first_at) / 86400 WHERE p.came = 1",
    ),
    # They are written as counting here, without having waited.
    (
        "",
        "UPDATE turnouts SET minutes = c.minutes FROM (SELECT activity_id, role_id, CAST(SUM(minutes) AS BIGINT) AS minutes "
        "FROM counted_sign_ups GROUP BY activity_id, role_id) c "
        "WHERE turnouts.activity_id = c.activity_id AND turnouts.role_id = c.role_id",
    ),
    (
        "",
        "INSERT INTO hours_entries (id, record_id, person_id, grade, minutes, reason, cause, actor_id, bot, came_from, "
        "audit_number, at) SELECT id, id, person_id, grade, minutes, CASE grade WHEN 'A' THEN 'own' ELSE 'roll' END, "
        "cause, entered_by, bot, came_from, audit_number, at FROM hours_records ORDER BY id",
    ),
    (
        "",
        "INSERT INTO hours_approvals (record_id, approver_id, person_id, "
        "kind, as_admin, month, came_from, audit_number, at) SELECT h.id, h.entered_by, h.person_id, 'roll', 0, d.month, "
        "h.came_from, h.audit_number, h.at FROM hours_records h JOIN calendar d ON d.day = h.day WHERE h.grade = 'B'",
    ),
    (
        "",
        "INSERT INTO hours_accounts (person_id, a, b) SELECT person_id, "
        "SUM(CASE grade WHEN 'A' THEN minutes ELSE 0 END), SUM(CASE grade WHEN 'B' THEN minutes ELSE 0 END) "
        "FROM hours_entries GROUP BY person_id",
    ),
    (
        "pending",
        COUNT + "INSERT INTO hours_records (id, person_id, grade, minutes, planned_minutes, begins, ends, day, cause, "
        "title, group_id, evidence, published_at, entered_by, bot, came_from, audit_number, at, state, needs) "
        f"SELECT {PENDING_FROM} + i, 100 + i, 'C', 120, 120, a.starts_at - 9000, a.starts_at - 1800, :today, "
        "'activity:' || CAST(a.id AS TEXT), a.title, a.group_id, 'A photograph of the list', a.made_at, i % 20 + 1, :bot, "
        "'update:' || CAST(i AS TEXT), i, :now - i * 600, 'pending', 1 + i % 2 FROM n JOIN activities a ON a.id = i",
    ),
    (
        "",
        "INSERT INTO hours_disputes (record_id, person_id, words, opened_at, due_at, outcome, answered_at, answered_by) "
        "SELECT id, person_id, 'I was not there.', :now - 90000, :now + 90000, "
        "CASE WHEN id % 13000 = 6 THEN NULL ELSE 'stands' END, CASE WHEN id % 13000 = 6 THEN NULL ELSE :now END, "
        "CASE WHEN id % 13000 = 6 THEN NULL ELSE 1 END FROM hours_records WHERE id % 650 = 6 AND person_id <> 1",
    ),
    (
        "people",
        COUNT
        + "INSERT INTO hours_notices (id, kind, person_id, star, needed, minutes, opened_at, until, state, settled_at) "
        "SELECT i, 'star', i, 1, 1200, 1800, :now - 900000, CASE WHEN i % 400 = 1 THEN :now + 90000 ELSE :now - 400000 END, "
        "CASE WHEN i % 400 = 1 THEN 'open' ELSE 'done' END, CASE WHEN i % 400 = 1 THEN NULL ELSE :now - 400000 END "
        "FROM n WHERE i % 400 = 1 OR i % 5 = 0",
    ),
    (
        "",
        "INSERT INTO hours_stars (person_id, star, needed, notice_id, awarded_at) "
        "SELECT person_id, star, needed, id, settled_at FROM hours_notices WHERE state = 'done'",
    ),
    (
        "people",
        COUNT
        + "INSERT INTO hours_notices (id, kind, person_id, first_day, last_day, minutes, opened_at, until, state, "
        f"settled_at) SELECT {CERTIFIED_FROM} + i, 'certificate', i, '2023-01-01', :today, 1200, :now - 900000, "
        ":now - 400000, 'done', :now - 400000 FROM n WHERE i % 20 = 0",
    ),
    (
        "",
        "INSERT INTO hours_certificates (code, person_id, name, first_day, last_day, a, b, c, d, last_entry, notice_id, "
        "issued_at) SELECT 'CODE' || CAST(n.id AS TEXT), n.person_id, 'P', n.first_day, n.last_day, 1200, 0, 0, 0, "
        "MAX(e.id), n.id, n.settled_at FROM hours_notices n "
        "JOIN hours_entries e ON e.person_id = n.person_id WHERE n.kind = 'certificate' GROUP BY n.id",
    ),
    (
        "",
        "INSERT INTO excuses (participation_id, person_id, reason, at) SELECT id, person_id, 'ill', :now "
        "FROM participations WHERE came = 0 AND id % 2 = 0",
    ),
    (
        "",
        "INSERT INTO appeals (participation_id, person_id, against_id, opened_at, due_at, outcome, answered_at, "
        "answered_by) SELECT id, person_id, confirmed_by, :now - 90000, :now + 90000, "
        "CASE WHEN activity_id % 500 = 0 THEN NULL ELSE 'stands' END, CASE WHEN activity_id % 500 = 0 THEN NULL ELSE :now END, "
        "CASE WHEN activity_id % 500 = 0 THEN NULL ELSE 3 END FROM participations "
        "WHERE came = 0 AND activity_id % 10 = 0 AND person_id <> 3",
    ),
    (
        "",
        "INSERT INTO corrections (participation_id, was, was_by, was_at, became, actor_id, at, came_from, audit_number) "
        "SELECT id, 'missed', 2, :now, 'came', 1, :now, 'update:1', 1 FROM participations WHERE came = 1 AND id % 500 = 9",
    ),
    (
        "",
        "INSERT INTO feedback (activity_id, person_id, mood, words, at) SELECT activity_id, person_id, 4 - id % 7 / 2, "
        "CASE WHEN id % 100 = 1 THEN 'It was cold.' ELSE '' END, :now FROM participations WHERE came = 1 AND id % 5 = 1",
    ),
    (
        "",
        "INSERT INTO feedback_remarks (activity_id, person_id, remark) SELECT activity_id, person_id, "
        "CASE mood WHEN 1 THEN 'long' ELSE 'friendly' END FROM feedback WHERE person_id % 3 = 0",
    ),
    (
        "",
        "INSERT INTO thanks (activity_id, person_id, by_id, word, at) SELECT activity_id, person_id, 1, 'helpful', :now "
        "FROM participations WHERE came = 1 AND id % 50 = 3 AND person_id <> 1",
    ),
    (
        "standbys",
        COUNT + "INSERT INTO watches (activity_id, person_id, what, made_at) "
        "SELECT :past + i % :ahead + 1, i, 'open', :now FROM n",
    ),
    (
        "",
        "INSERT INTO handovers (activity_id, giver_id, by_id, state, taker_id, made_at, done_at) SELECT activity_id, id, "
        "person_id, CASE WHEN id % 3 = 0 THEN 'open' ELSE 'taken' END, CASE WHEN id % 3 = 0 THEN NULL ELSE 1 END, :now, "
        "CASE WHEN id % 3 = 0 THEN NULL ELSE :now END FROM participations WHERE activity_id > :past AND state = 'in' "
        "AND person_id <> 1 AND id % 40 = 0",
    ),
    (
        "children",
        COUNT + "INSERT INTO guardianships (token_hash, made_at, guardian_id, consented_at, person_id) "
        "SELECT 'token' || CAST(i AS TEXT), :now, i + 20, :now, :people - i + 1 FROM n",
    ),
    ("", "UPDATE people SET age = CASE id % 2 WHEN 0 THEN 'child' ELSE 'youth' END WHERE id > :people - :children"),
    (
        "children",
        COUNT + "INSERT INTO pickers (child_id, name, named_by, named_at) "
        "SELECT :people - i + 1, 'Grandmother', i + 20, :now FROM n",
    ),
    (
        "",
        "INSERT INTO pick_ups (activity_id, child_id, guardian_id, at, noted_by) SELECT p.activity_id, p.person_id, "
        "g.guardian_id, a.ends_at, 1 FROM participations p JOIN guardianships g ON g.person_id = p.person_id "
        "JOIN activities a ON a.id = p.activity_id WHERE p.came = 1",
    ),
    (
        "neighbours",
        COUNT + "INSERT INTO people (id, nickname, language, registered_at) "
        "SELECT :people + i, 'N' || CAST(i AS TEXT), 'zh_CN', :now FROM n",
    ),
    (
        "neighbours",
        COUNT + "INSERT INTO neighbours (person_id, group_id, made_by, made_at) "
        "SELECT :people + i, i % 10 + 1, 1, :now FROM n",
    ),
    (
        "teams",
        COUNT + "INSERT INTO teams (id, activity_id, group_id, made_by, made_at, signed_up_at) "
        "SELECT i, :past + i % :ahead + 1, i % :groups + 1, 1, :now, :now FROM n",
    ),
    (
        "team_members",
        COUNT + "INSERT INTO team_members (team_id, person_id) SELECT (i - 1) / 5 + 1, i FROM n",
    ),
)


def sizes(people: int, past: int, ahead: int) -> dict[str, int]:
    """How many of each there are in a county of this size."""
    teams = ahead * 3
    return {
        "audited": max(people // 5, past),
        "pending": min(300, past),
        "children": people // 20,
        "neighbours": people // 100,
        "teams": teams,
        "team_members": min(teams * 5, people),
    }


def values(past: int, now: int) -> dict[str, int | str]:
    """What else the statements name."""
    first = datetime.fromtimestamp(now - (past + 2) * ACTIVITY_SECONDS, UTC).astimezone(ZONE)
    first = first.replace(hour=0, minute=0, second=0, microsecond=0)
    many = (now - int(first.timestamp())) // 86400 + 1
    days = [(first + timedelta(days=n)).date() for n in range(many)]
    return {
        "first_at": int(first.timestamp()),
        "calendar": ", ".join(f"({n}, '{day.isoformat()}', {day:%Y%m})" for n, day in enumerate(days)),
        "today": f"'{days[-1].isoformat()}'",
    }
