-- "Still coming?", and places that go from one to another: who looks for a stand-in, who is asked, who took over.

-- When he last said that he comes; older than `asked_at`, or NULL: he has been asked and has not answered.
ALTER TABLE participations ADD COLUMN coming_at INTEGER;
-- For whose sign-up he stands in.
ALTER TABLE participations ADD COLUMN stands_for INTEGER REFERENCES participations (id);

-- A place whose owner keeps it until somebody takes it over.
CREATE TABLE handovers (
    id INTEGER PRIMARY KEY,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    -- The sign-up whose place it is.
    giver_id INTEGER NOT NULL REFERENCES participations (id),
    -- Who looks: its owner himself, or a leader for one who does not answer.
    by_id INTEGER NOT NULL REFERENCES people (id),
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'taken', 'ended')),
    taker_id INTEGER REFERENCES people (id),
    made_at INTEGER NOT NULL,
    done_at INTEGER,
    CHECK ((state = 'taken') = (taker_id IS NOT NULL)),
    CHECK ((state = 'open') = (done_at IS NULL))
) STRICT;
-- One search a place at a time.
CREATE UNIQUE INDEX handovers_open ON handovers (giver_id) WHERE state = 'open';
CREATE INDEX handovers_of_activity ON handovers (activity_id, state, id);

-- Who was asked to take a place, and why it was to be had: each is asked once a cause.
CREATE TABLE place_asks (
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    cause TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (activity_id, cause, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX place_asks_of_person ON place_asks (person_id, at);
