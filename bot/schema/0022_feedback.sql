-- Feedback, both ways and once: how an activity was for somebody who came, and a word of thanks from whoever led it.

CREATE TABLE feedback (
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    -- 4 very good, 3 good, 2 so-so, 1 not good.
    mood INTEGER NOT NULL CHECK (mood BETWEEN 1 AND 4),
    words TEXT NOT NULL DEFAULT '',
    at INTEGER NOT NULL,
    PRIMARY KEY (activity_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX feedback_of_person ON feedback (person_id, activity_id);

-- What was ticked beside it. The words stand in the domain.
CREATE TABLE feedback_remarks (
    activity_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    remark TEXT NOT NULL,
    PRIMARY KEY (activity_id, person_id, remark),
    FOREIGN KEY (activity_id, person_id) REFERENCES feedback (activity_id, person_id)
) STRICT, WITHOUT ROWID;

-- Somebody did not feel safe: for the county's admins alone, until one of them has taken care of it.
CREATE TABLE feedback_worries (
    id INTEGER PRIMARY KEY,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    words TEXT NOT NULL,
    at INTEGER NOT NULL,
    taken_by INTEGER REFERENCES people (id),
    taken_at INTEGER,
    settled_at INTEGER,
    UNIQUE (activity_id, person_id),
    CHECK ((taken_by IS NULL) = (taken_at IS NULL)),
    CHECK (settled_at IS NULL OR taken_at IS NOT NULL),
    -- Nobody takes care of what he told himself.
    CHECK (taken_by <> person_id)
) STRICT;
CREATE INDEX feedback_worries_open ON feedback_worries (id) WHERE settled_at IS NULL;

CREATE TABLE thanks (
    id INTEGER PRIMARY KEY,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    by_id INTEGER NOT NULL REFERENCES people (id),
    -- What for. The words stand in the domain.
    word TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- Once a person and activity, whoever of its leaders says it.
    UNIQUE (activity_id, person_id),
    CHECK (by_id <> person_id)
) STRICT;
CREATE INDEX thanks_of_person ON thanks (person_id, id);
