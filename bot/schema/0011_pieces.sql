-- Search by any part of a name: all pieces of one and two characters of each text that can be searched. Two, because that
-- is how long many Chinese words and names are; what is longer is where all of its pieces are, and is then looked at.

CREATE TABLE pieces (
    kind TEXT NOT NULL CHECK (kind IN ('person', 'group')),
    -- As the database itself writes it in small letters.
    piece TEXT NOT NULL,
    subject INTEGER NOT NULL,
    PRIMARY KEY (kind, piece, subject)
) STRICT, WITHOUT ROWID;
-- What is said anew is taken out first.
CREATE INDEX pieces_of_subject ON pieces (kind, subject);

WITH RECURSIVE texts (kind, subject, text) AS (
    SELECT 'person', id, nickname FROM people WHERE forgotten_at IS NULL
    UNION ALL SELECT 'group', id, name FROM groups
    UNION ALL SELECT 'group', id, about FROM groups
),
places (place) AS (SELECT 1 UNION ALL SELECT place + 1 FROM places WHERE place < 500)
INSERT INTO pieces (kind, piece, subject)
SELECT DISTINCT kind, lower(substr(text, place, size)), subject
FROM texts JOIN places ON place <= length(text) CROSS JOIN (SELECT 1 AS size UNION ALL SELECT 2) sizes;
