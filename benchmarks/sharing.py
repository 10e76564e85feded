"""What a county has of shared activities: the last hundred, each with three of its 150 schools."""

from benchmarks.later import COUNT

# Places by role: three tenths of those who signed up came by a school's places.
SCHOOL = "693 + (a.id * 7 + {which} * 13) % 150"
ORDINAL = "(participations.id - 1) / :activities % 10"
SHARED = "a.id > :past - :shared AND a.id <= :past"

SHARING: tuple[tuple[str, str], ...] = (
    (
        "",
        "INSERT INTO activity_roles (activity_id, name, places) "
        f"SELECT a.id, '', :each FROM activities a WHERE {SHARED}",
    ),
    (
        "schools",
        COUNT + "INSERT INTO activity_roles (activity_id, name, places, conditions, partner_id) "
        f"SELECT a.id, g.name, :each, '[[\"group\", ' || CAST(g.id AS TEXT) || ', \"\"]]', g.id FROM n "
        f"JOIN activities a ON {SHARED} JOIN groups g ON g.id = {SCHOOL.format(which='(i - 1)')}",
    ),
    (
        "",
        "UPDATE participations SET role_id = (SELECT r.id FROM activity_roles r JOIN activities a ON a.id = r.activity_id "
        "WHERE a.id = participations.activity_id AND COALESCE(r.partner_id, 0) = "
        f"CASE WHEN {ORDINAL} < :schools THEN {SCHOOL.format(which='(' + ORDINAL + ')')} ELSE 0 END) "
        "WHERE activity_id > :past - :shared AND activity_id <= :past",
    ),
    (
        "",
        "UPDATE activity_roles SET places = s.n, taken = s.n FROM (SELECT role_id, COUNT(*) AS n FROM participations "
        "WHERE role_id IS NOT NULL GROUP BY role_id) s WHERE s.role_id = activity_roles.id",
    ),
    (
        "",
        "UPDATE activities SET places = NULL, role_places = :each, special = 1 "
        "WHERE id > :past - :shared AND id <= :past",
    ),
    (
        "",
        "INSERT INTO shares (activity_id, partner_id, places, made_at, made_by) "
        "SELECT activity_id, partner_id, places, :now, 1 FROM activity_roles WHERE partner_id IS NOT NULL",
    ),
)
