-- What groups offer, and what a meeting paired it with.

CREATE TABLE offers (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    about TEXT NOT NULL DEFAULT '',
    group_id INTEGER NOT NULL REFERENCES groups (id),
    -- NULL once he was forgotten.
    person_id INTEGER REFERENCES people (id),
    made_at INTEGER NOT NULL,
    closed_at INTEGER
) STRICT;
CREATE INDEX offers_open ON offers (id) WHERE closed_at IS NULL;
CREATE INDEX offers_of_person ON offers (person_id);

CREATE TABLE pairs (
    id INTEGER PRIMARY KEY,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    project_id INTEGER NOT NULL REFERENCES projects (id),
    offer_id INTEGER NOT NULL REFERENCES offers (id),
    -- taken: the offer's group has claimed the need, whose course goes on from there.
    state TEXT NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'taken', 'declined')),
    at INTEGER NOT NULL,
    by_id INTEGER NOT NULL REFERENCES people (id),
    UNIQUE (activity_id, project_id, offer_id)
) STRICT;
