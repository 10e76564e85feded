-- Who missed something may say why, and may appeal: somebody who did not confirm it answers.

CREATE TABLE excuses (
    participation_id INTEGER NOT NULL PRIMARY KEY REFERENCES participations (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    reason TEXT NOT NULL CHECK (reason IN ('ill', 'family', 'transport', 'other')),
    words TEXT NOT NULL DEFAULT '',
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX excuses_of_person ON excuses (person_id, at);

CREATE TABLE appeals (
    id INTEGER PRIMARY KEY,
    participation_id INTEGER NOT NULL REFERENCES participations (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    -- Who had confirmed it.
    against_id INTEGER NOT NULL REFERENCES people (id),
    opened_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    -- Nobody answered in time: it went up to the county.
    raised_at INTEGER,
    -- withdrawn: it was corrected without an answer, or he left for good.
    outcome TEXT CHECK (outcome IN ('stands', 'came', 'excused', 'withdrawn')),
    answered_at INTEGER,
    answered_by INTEGER REFERENCES people (id),
    -- What one person said is appealed against once.
    UNIQUE (participation_id, against_id),
    CHECK ((outcome IS NULL) = (answered_at IS NULL)),
    CHECK (answered_by IS NULL OR outcome IS NOT NULL),
    -- Neither who confirmed it nor whom it is about answers.
    CHECK (answered_by <> against_id),
    CHECK (answered_by <> person_id)
) STRICT;
CREATE UNIQUE INDEX appeals_open ON appeals (participation_id) WHERE outcome IS NULL;
CREATE INDEX appeals_of_person ON appeals (person_id, id);
