"""What is exported: eight tables, by numbers and nicknames, never a Telegram id."""

from dataclasses import dataclass, field

from bot.domain.reports import words
from bot.domain.reports.words import Words
from bot.locales import Said, say

ROWS_MAX = 200_000


@dataclass(frozen=True)
class Column:
    """A column: what stands above it, and which of the query's it is.

    `is_instant`: Unix seconds, shown as local time; `is_month`: such as 202611; `words`: how values of ours are said;
    `causes`: how what stands before the number of activity:12 is; `wide`: in characters.
    """

    title: Said
    name: str
    is_instant: bool = False
    is_month: bool = False
    causes: Words = field(default_factory=dict)
    words: Words = field(default_factory=dict)
    wide: int = 12


@dataclass(frozen=True)
class Sheet:
    """One table: its name in callback data and files, its title, its columns, and the query, newest rows first."""

    name: str
    title: Said
    columns: tuple[Column, ...]
    sql: str


PERSON = Column(say("Person number"), "person_id")
NICKNAME = Column(say("Nickname"), "nickname", wide=16)
# Where everybody of a shared activity comes from: each partner by the places of its own, and all the others in one row.
ORIGINS = """
    WITH origins AS (
        SELECT s.activity_id, s.partner_id, COALESCE(r.places, 0) AS places FROM shares s
            LEFT JOIN activity_roles r ON r.activity_id = s.activity_id AND r.partner_id = s.partner_id
        UNION ALL SELECT a.id, 0, COALESCE(NULLIF(a.role_places, 0), a.places + a.kept, 0) - COALESCE((SELECT SUM(r.places)
            FROM activity_roles r WHERE r.activity_id = a.id AND r.partner_id IS NOT NULL), 0)
        FROM activities a WHERE a.id IN (SELECT activity_id FROM shares)
    ), turned_out AS (
        SELECT t.activity_id, COALESCE(r.partner_id, 0) AS partner_id, SUM(t.signed_up) AS signed_up, SUM(t.came) AS came,
            SUM(t.minutes) AS minutes
        FROM turnouts t LEFT JOIN activity_roles r ON r.id = t.role_id
        WHERE t.activity_id IN (SELECT activity_id FROM shares) GROUP BY t.activity_id, COALESCE(r.partner_id, 0)
    )
    SELECT a.id AS activity_id, a.title, a.starts_at, NULLIF(o.partner_id, 0) AS partner_id, COALESCE(g.name, '') AS partner,
        COALESCE(s.state, '') AS share, o.places, CAST(COALESCE(i.signed_up, 0) AS BIGINT) AS signed_up,
        CAST(COALESCE(i.came, 0) AS BIGINT) AS came, CAST(COALESCE(i.minutes, 0) AS BIGINT) AS minutes
    FROM origins o JOIN activities a ON a.id = o.activity_id LEFT JOIN groups g ON g.id = o.partner_id
    LEFT JOIN shares s ON s.activity_id = o.activity_id AND s.partner_id = o.partner_id
    LEFT JOIN turned_out i ON i.activity_id = o.activity_id AND i.partner_id = o.partner_id
    WHERE a.state <> 'cancelled' ORDER BY a.id DESC, o.partner_id
"""
SHEETS = {
    sheet.name: sheet
    for sheet in (
        Sheet(
            "people",
            say("People"),
            (
                PERSON,
                NICKNAME,
                Column(say("Role"), "role", words=words.ROLES),
                Column(say("Language"), "language", words=words.LANGUAGES),
                Column(say("Registered"), "registered_at", is_instant=True),
            ),
            "SELECT id AS person_id, nickname, role, language, registered_at FROM people WHERE forgotten_at IS NULL "
            "ORDER BY id DESC",
        ),
        Sheet(
            "groups",
            say("Groups"),
            (
                Column(say("Group number"), "group_id"),
                Column(say("Group"), "name", wide=20),
                Column(say("Kind"), "kind", words=words.GROUPS),
                Column(say("Hangs under"), "parent_id"),
                Column(say("Members"), "members"),
                Column(say("Capacity"), "capacity"),
                Column(say("Leaders"), "leaders"),
                Column(say("Made"), "made_at", is_instant=True),
                Column(say("Closed"), "closed_at", is_instant=True),
            ),
            "SELECT id AS group_id, name, kind, parent_id, members, capacity, made_at, closed_at, "
            "(SELECT COUNT(*) FROM leaders l WHERE l.group_id = groups.id) AS leaders FROM groups ORDER BY id DESC",
        ),
        Sheet(
            "activities",
            say("Activities"),
            (
                Column(say("Activity number"), "activity_id"),
                Column(say("Kind"), "kind", words=words.KINDS),
                Column(say("Title"), "title", wide=30),
                Column(say("Group"), "group_name", wide=20),
                Column(say("Place"), "place", wide=24),
                Column(say("Begins"), "starts_at", is_instant=True),
                Column(say("Ends"), "ends_at", is_instant=True),
                Column(say("Places"), "places"),
                Column(say("Signed up"), "taken"),
                Column(say("Waiting"), "waiting"),
                Column(say("Points each"), "points"),
                Column(say("State"), "state", words=words.STATES),
            ),
            "SELECT a.id AS activity_id, a.kind, a.title, g.name AS group_name, a.place, a.starts_at, a.ends_at, "
            "COALESCE(NULLIF(a.role_places, 0), a.places + a.kept) AS places, a.taken, "
            "a.waiting + a.role_waiting AS waiting, a.points, CASE WHEN a.state <> 'open' OR a.starts_at > :now THEN a.state "
            "WHEN a.ends_at > :now THEN 'running' ELSE 'over' END AS state FROM activities a LEFT JOIN groups g ON g.id = a.group_id "
            "ORDER BY a.id DESC",
        ),
        Sheet(
            "signups",
            say("Sign-ups"),
            (
                Column(say("Activity number"), "activity_id"),
                Column(say("Title"), "title", wide=30),
                PERSON,
                NICKNAME,
                Column(say("Role there"), "role"),
                Column(say("State"), "state", words=words.PLACES),
                Column(say("Signed up at"), "made_at", is_instant=True),
                Column(say("Came"), "came", words=words.CAME),
                Column(say("Confirmed"), "confirmed_at", is_instant=True),
                Column(say("Confirmed by"), "confirmed_by"),
            ),
            "SELECT p.activity_id, a.title, p.person_id, w.nickname, r.name AS role, p.state, p.made_at, p.came, p.confirmed_at, "
            "p.confirmed_by FROM participations p JOIN activities a ON a.id = p.activity_id "
            "JOIN people w ON w.id = p.person_id LEFT JOIN activity_roles r ON r.id = p.role_id ORDER BY p.id DESC",
        ),
        Sheet(
            "origins",
            say("Shared activities"),
            (
                Column(say("Activity number"), "activity_id"),
                Column(say("Title"), "title", wide=30),
                Column(say("Begins"), "starts_at", is_instant=True),
                Column(say("Partner's number"), "partner_id"),
                Column(say("Partner"), "partner", words=words.OTHERS, wide=20),
                Column(say("State of the share"), "share", words=words.SHARES),
                Column(say("Places"), "places"),
                Column(say("Signed up"), "signed_up"),
                Column(say("Came"), "came"),
                Column(say("Minutes that count"), "minutes"),
            ),
            ORIGINS,
        ),
        Sheet(
            "hours",
            say("Hours"),
            (
                Column(say("Record number"), "record_id"),
                Column(say("Begins"), "begins", is_instant=True),
                PERSON,
                NICKNAME,
                Column(say("For"), "title", wide=30),
                Column(say("Group"), "group_name", wide=20),
                Column(say("Minutes"), "minutes"),
                Column(say("Grade"), "grade"),
                Column(say("State"), "state", words=words.HOURS),
                Column(say("Written by"), "entered_by"),
                Column(say("Written down"), "at", is_instant=True),
            ),
            "SELECT h.id AS record_id, h.begins, h.person_id, w.nickname, h.title, g.name AS group_name, h.minutes, h.grade, "
            "h.state, h.entered_by, h.at FROM hours_records h JOIN people w ON w.id = h.person_id "
            "LEFT JOIN groups g ON g.id = h.group_id ORDER BY h.id DESC",
        ),
        Sheet(
            "points",
            say("Points"),
            (
                Column(say("Entry number"), "transfer_id"),
                Column(say("When"), "at", is_instant=True),
                PERSON,
                NICKNAME,
                Column(say("Points"), "amount"),
                Column(say("Reason"), "reason", words=words.REASONS),
                Column(say("For"), "cause", causes=words.SUBJECTS, wide=20),
                Column(say("Written by"), "actor_id"),
            ),
            "SELECT t.id AS transfer_id, t.at, a.owner AS person_id, w.nickname, e.amount, t.reason, t.cause, t.actor_id "
            "FROM transfers t JOIN entries e ON e.transfer_id = t.id JOIN accounts a ON a.id = e.account_id "
            "AND a.kind = 'member' AND a.unit = 'points' JOIN people w ON w.id = a.owner ORDER BY t.id DESC",
        ),
        Sheet(
            "figures",
            say("Figures of points"),
            (
                Column(say("Month"), "month", is_month=True),
                Column(say("What"), "flow", words=words.FLOWS),
                Column(say("Group number"), "group_id"),
                Column(say("Group"), "name", wide=20),
                Column(say("Kind"), "kind", words=words.CAUSES),
                Column(say("Grade"), "grade"),
                Column(say("Entries"), "n"),
                Column(say("Points"), "amount"),
            ),
            "SELECT f.month, f.flow, NULLIF(f.group_id, 0) AS group_id, g.name, f.kind, f.grade, f.n, f.amount "
            "FROM point_figures f LEFT JOIN groups g ON g.id = f.group_id WHERE f.which = 'cell' "
            "ORDER BY f.month DESC, f.flow, f.group_id, f.kind, f.grade",
        ),
    )
}
