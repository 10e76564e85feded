-- «This entry is wrong»: said by the one whose entry it is, once, and answered by somebody who had no hand in it. FEATURES section E.

CREATE TABLE entry_appeals (
    id INTEGER PRIMARY KEY,
    transfer_id INTEGER NOT NULL REFERENCES transfers (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    why TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    -- By when it is answered; moved on each time that it was not.
    due_at INTEGER NOT NULL,
    -- When nobody had answered in time, and it went up.
    raised_at INTEGER,
    outcome TEXT CHECK (outcome IN ('reversed', 'adjusted', 'refused', 'withdrawn')),
    -- What whoever answered gave as the reason.
    answer TEXT NOT NULL DEFAULT '',
    answered_at INTEGER,
    answered_by INTEGER REFERENCES people (id) CHECK (answered_by <> person_id),
    -- Each entry of somebody is appealed against once.
    UNIQUE (transfer_id, person_id),
    CHECK ((outcome IS NULL) = (answered_at IS NULL)),
    CHECK ((outcome IN ('reversed', 'adjusted', 'refused')) = (answered_by IS NOT NULL) OR outcome IS NULL)
) STRICT;
CREATE INDEX entry_appeals_open ON entry_appeals (id) WHERE outcome IS NULL;
CREATE INDEX entry_appeals_of ON entry_appeals (person_id);
