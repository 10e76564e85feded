-- Honours: who is nominated for what, whether the record bears it out, who looked at it, and who knows better.

CREATE TABLE honours (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    about TEXT NOT NULL,
    -- What the record has to show: minutes of service, and a star (0: none).
    minutes INTEGER NOT NULL DEFAULT 0 CHECK (minutes >= 0),
    star INTEGER NOT NULL DEFAULT 0 CHECK (star BETWEEN 0 AND 9),
    -- Until when people can be nominated.
    until INTEGER NOT NULL,
    made_by INTEGER NOT NULL REFERENCES people (id),
    made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX honours_in_order ON honours (until, id);

CREATE TABLE nominations (
    id INTEGER PRIMARY KEY,
    honour_id INTEGER NOT NULL REFERENCES honours (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    by_id INTEGER NOT NULL REFERENCES people (id),
    why TEXT NOT NULL,
    -- What the record showed when he was nominated.
    minutes INTEGER NOT NULL,
    star INTEGER NOT NULL,
    -- nominated: waits for an admin; public: may be objected to; awarded; refused, by an admin or an objection; declined,
    -- by himself.
    state TEXT NOT NULL DEFAULT 'nominated' CHECK (state IN ('nominated', 'public', 'awarded', 'refused', 'declined')),
    made_at INTEGER NOT NULL,
    reviewed_by INTEGER REFERENCES people (id),
    -- Until when it is public.
    until INTEGER,
    settled_at INTEGER,
    CHECK (by_id <> person_id),
    -- Whoever looked at it neither nominated nor is nominated.
    CHECK (reviewed_by <> person_id AND reviewed_by <> by_id),
    CHECK ((state IN ('nominated', 'public')) = (settled_at IS NULL)),
    CHECK (state NOT IN ('public', 'awarded') OR (reviewed_by IS NOT NULL AND until IS NOT NULL))
) STRICT;
-- Once a person and honour, however many think of him.
CREATE UNIQUE INDEX nominations_once ON nominations (honour_id, person_id);
CREATE INDEX nominations_waiting ON nominations (id) WHERE state = 'nominated';
CREATE INDEX nominations_public ON nominations (until, id) WHERE state = 'public';
CREATE INDEX nominations_of_person ON nominations (person_id, state, id);

CREATE TABLE honour_objections (
    nomination_id INTEGER NOT NULL REFERENCES nominations (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    words TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- 1: it was right, 0: it was not.
    upheld INTEGER CHECK (upheld IN (0, 1)),
    answered_by INTEGER REFERENCES people (id),
    PRIMARY KEY (nomination_id, person_id),
    CHECK ((upheld IS NULL) = (answered_by IS NULL)),
    CHECK (answered_by <> person_id)
) STRICT, WITHOUT ROWID;
