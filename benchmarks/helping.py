"""What a county has of help where people live: areas and who works there, service points, requests, needs, offers, meetings."""

from benchmarks.later import COUNT
from bot.domain.services import BLOCKS

WORKERS_EACH = 6
KINDS = " ".join(f"WHEN {at} THEN '{key}'" for at, key in enumerate(BLOCKS))

HELPING: tuple[tuple[str, str], ...] = (
    ("areas", COUNT + "INSERT INTO areas (id, name) SELECT i, 'Area ' || CAST(i AS TEXT) FROM n"),
    ("residents", COUNT + "INSERT INTO residents (person_id, area_id, at) SELECT i, i % :areas + 1, :now FROM n"),
    (
        "workers",
        COUNT + "INSERT INTO area_workers (area_id, person_id, role, at, by_id) "
        "SELECT (i - 1) % :areas + 1, i % (2 * :areas) + 1, CASE (i - 1) / :areas WHEN 0 THEN 'liaison' "
        "WHEN 1 THEN 'liaison' WHEN 4 THEN 'information' WHEN 5 THEN 'publicity' ELSE 'grid' END, :now, 1 FROM n",
    ),
    ("teams", COUNT + "INSERT INTO area_teams (group_id, area_id, at) SELECT i, i % :areas + 1, :now FROM n"),
    (
        "helpers",
        COUNT + f"INSERT INTO service_points (group_id, block, at) SELECT i, CASE i % {len(BLOCKS)} {KINDS} END, :now "
        "FROM n",
    ),
    (
        "helpers",
        COUNT + "INSERT INTO leaders (group_id, person_id, since) SELECT i, i % 40 + 1, :now FROM n WHERE true "
        "ON CONFLICT DO NOTHING",
    ),
    (
        "",
        "UPDATE people SET groups_led = (SELECT COUNT(*) FROM leaders l WHERE l.person_id = people.id) WHERE id <= 40",
    ),
    # Half of them ask their area's liaisons; one in ten is a duty. One in fifty still waits.
    (
        "requests",
        COUNT
        + "INSERT INTO service_requests (id, block, group_id, area_id, asker_id, words, state, handler_id, made_at, "
        "replied_at, done_at, outcome, minutes, content) SELECT i, "
        f"CASE WHEN i % 10 = 4 THEN 'grid' ELSE CASE i / 10 % {len(BLOCKS)} {KINDS} END END, "
        "CASE WHEN i % 2 = 1 THEN i / 2 % :helpers + 1 END, CASE WHEN i % 2 = 0 THEN i / 2 % :areas + 1 END, "
        "CASE WHEN i % 10 = 4 THEN NULL ELSE i * 7 % :people + 1 END, 'Who can help on Friday?', "
        "CASE i % 50 WHEN 0 THEN 'open' WHEN 1 THEN 'taken' ELSE 'done' END, "
        "CASE WHEN i % 50 <> 0 THEN i % (2 * :areas) + 1 END, :now - i * 600, "
        "CASE WHEN i % 50 <> 0 THEN :now - i * 600 + 300 END, CASE WHEN i % 50 > 1 THEN :now - i * 600 + 900 END, "
        "CASE WHEN i % 50 > 1 THEN 'Done.' ELSE '' END, CASE WHEN i % 50 > 1 THEN 30 END, "
        "CASE WHEN i % 50 > 1 THEN i % 3 END FROM n",
    ),
    (
        "words",
        COUNT + "INSERT INTO service_words (request_id, by_id, words, private, at) "
        "SELECT (i - 1) / 2 + 1, i % :people + 1, 'I am on my way.', 0, :now - i FROM n",
    ),
    # One in five needs is free.
    (
        "needs",
        COUNT + "INSERT INTO projects (id, title, about, place, by_at, people, giver_id, state, since, holder_id, "
        "holder_group_id, held_until, done, helped, made_at) SELECT i, 'Need ' || CAST(i AS TEXT), "
        "CASE WHEN i % 40 = 0 THEN 'A van for the riverside.' ELSE 'Shelves for the library.' END, 'Riverside', "
        ":now + i * 600, 5, i % :people + 1, CASE WHEN i % 5 = 0 THEN 'published' ELSE 'summarised' END, :now - i, "
        "CASE WHEN i % 5 > 0 THEN 1 END, CASE WHEN i % 5 > 0 THEN i % :groups + 1 END, CASE WHEN i % 5 > 0 THEN :now END, "
        "CASE WHEN i % 5 > 0 THEN 'All of it.' END, CASE WHEN i % 5 > 0 THEN 5 END, :now - i FROM n",
    ),
    (
        "offers",
        COUNT + "INSERT INTO offers (id, title, about, group_id, person_id, made_at, closed_at) "
        "SELECT i, 'Offer ' || CAST(i AS TEXT), CASE WHEN i % 40 = 0 THEN 'A van.' ELSE 'Hands and time.' END, "
        "i % :groups + 1, i % :people + 1, :now - i, CASE WHEN i % 5 = 0 THEN :now END FROM n",
    ),
    (
        "",
        "WITH RECURSIVE texts (kind, subject, text) AS (SELECT 'need', id, title FROM projects WHERE state = 'published' "
        "UNION ALL SELECT 'need', id, place FROM projects WHERE state = 'published' "
        "UNION ALL SELECT 'need', id, about FROM projects WHERE state = 'published' "
        "UNION ALL SELECT 'offer', id, title FROM offers WHERE closed_at IS NULL "
        "UNION ALL SELECT 'offer', id, about FROM offers WHERE closed_at IS NULL "
        "UNION ALL SELECT 'offer', o.id, g.name FROM offers o JOIN groups g ON g.id = o.group_id WHERE o.closed_at IS NULL), "
        "places (place) AS (SELECT 1 UNION ALL SELECT place + 1 FROM places WHERE place < 40) "
        "INSERT INTO pieces (kind, piece, subject) SELECT DISTINCT kind, lower(substr(text, place, size)), subject "
        "FROM texts JOIN places ON place <= length(text) CROSS JOIN (SELECT 1 AS size UNION ALL SELECT 2) sizes",
    ),
    (
        "meetings",
        COUNT + "INSERT INTO activities (id, kind, title, place, starts_at, ends_at, points, made_at, made_by) "
        "SELECT :activities + i, 'meeting', 'Sharing', 'Library', :now + 86400, :now + 90000, 0, :now, 1 FROM n",
    ),
    (
        "pairs",
        COUNT + "INSERT INTO pairs (activity_id, project_id, offer_id, at, by_id) "
        "SELECT :activities + (i - 1) % :meetings + 1, (i - 1) / :meetings + 1, (i - 1) / :meetings + 1, :now, 1 FROM n",
    ),
)


def sizes(people: int, groups: int) -> dict[str, int]:
    """How many of each there are in a county of this size."""
    areas = max(people // 550, 3)
    return {
        "areas": areas,
        "residents": people // 2,
        "workers": areas * WORKERS_EACH,
        "teams": max(groups // 10, 1),
        "helpers": max(groups // 20, 1),
        "requests": people // 4,
        "words": people // 4 * 2,
        "needs": max(people // 20, 60),
        "offers": max(groups // 4, 20),
        "meetings": 10,
        "pairs": 10 * 15,
    }
