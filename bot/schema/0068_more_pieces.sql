-- What more is found by any part of it: open offers, needs that are free, and the names of open groups by themselves, so that
-- a name which was mistyped is compared with the few that are like it. What is closed or taken has no pieces: it isn't looked at.
-- [sqlite]
CREATE TABLE pieces_anew (
    kind TEXT NOT NULL CHECK (kind IN ('person', 'group', 'name', 'offer', 'need')),
    -- As the bot writes it in small letters.
    piece TEXT NOT NULL,
    subject INTEGER NOT NULL,
    PRIMARY KEY (kind, piece, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO pieces_anew SELECT * FROM pieces;
DROP TABLE pieces;
ALTER TABLE pieces_anew RENAME TO pieces;
CREATE INDEX pieces_of_subject ON pieces (kind, subject);

WITH RECURSIVE texts (kind, subject, text) AS (
    SELECT 'name', id, folded(name) FROM groups WHERE closed_at IS NULL
    UNION ALL SELECT 'offer', id, folded(title) FROM offers WHERE closed_at IS NULL
    UNION ALL SELECT 'offer', id, folded(about) FROM offers WHERE closed_at IS NULL
    UNION ALL SELECT 'offer', o.id, folded(g.name) FROM offers o JOIN groups g ON g.id = o.group_id WHERE o.closed_at IS NULL
    UNION ALL SELECT 'need', id, folded(title) FROM projects WHERE state = 'published'
    UNION ALL SELECT 'need', id, folded(place) FROM projects WHERE state = 'published'
    UNION ALL SELECT 'need', id, folded(about) FROM projects WHERE state = 'published'
),
places (place) AS (SELECT 1 UNION ALL SELECT place + 1 FROM places WHERE place < 2000)
INSERT INTO pieces (kind, piece, subject)
SELECT DISTINCT kind, substr(text, place, size), subject
FROM texts JOIN places ON place <= length(text) CROSS JOIN (SELECT 1 AS size UNION ALL SELECT 2) sizes;
-- [postgresql]
ALTER TABLE pieces DROP CONSTRAINT pieces_kind_check;
ALTER TABLE pieces ADD CONSTRAINT pieces_kind_check CHECK (kind IN ('person', 'group', 'name', 'offer', 'need'));

WITH RECURSIVE texts (kind, subject, text) AS (
    SELECT 'name', id, lower(name) FROM groups WHERE closed_at IS NULL
    UNION ALL SELECT 'offer', id, lower(title) FROM offers WHERE closed_at IS NULL
    UNION ALL SELECT 'offer', id, lower(about) FROM offers WHERE closed_at IS NULL
    UNION ALL SELECT 'offer', o.id, lower(g.name) FROM offers o JOIN groups g ON g.id = o.group_id WHERE o.closed_at IS NULL
    UNION ALL SELECT 'need', id, lower(title) FROM projects WHERE state = 'published'
    UNION ALL SELECT 'need', id, lower(place) FROM projects WHERE state = 'published'
    UNION ALL SELECT 'need', id, lower(about) FROM projects WHERE state = 'published'
),
places (place) AS (SELECT 1 UNION ALL SELECT place + 1 FROM places WHERE place < 2000)
INSERT INTO pieces (kind, piece, subject)
SELECT DISTINCT kind, substr(text, place, size), subject
FROM texts JOIN places ON place <= length(text) CROSS JOIN (SELECT 1 AS size UNION ALL SELECT 2) sizes;
