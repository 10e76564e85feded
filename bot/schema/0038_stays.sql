-- Check-in and check-out by codes that change every half minute.

-- What codes are computed from, one secret an activity and a person: never shown, never exported.
CREATE TABLE secrets (
    subject TEXT NOT NULL PRIMARY KEY,
    secret TEXT NOT NULL CHECK (length(secret) = 64),
    made_at INTEGER NOT NULL
) STRICT;

-- A live screen with an activity's code: who has it open, and until when.
CREATE TABLE doors (
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    until INTEGER NOT NULL,
    PRIMARY KEY (activity_id, person_id)
) STRICT;

CREATE TABLE stays (
    id INTEGER PRIMARY KEY,
    participation_id INTEGER NOT NULL REFERENCES participations (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    -- open: is there; done: left again; lapsed: when it ended was never said.
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'lapsed')),
    began_at INTEGER NOT NULL,
    ended_at INTEGER,
    -- code: his own, from the leader's screen; shown: his own code, which the leader opened; roll: the leader's word.
    in_way TEXT NOT NULL CHECK (in_way IN ('code', 'shown')),
    out_way TEXT CHECK (out_way IN ('code', 'shown', 'roll')),
    in_actor INTEGER NOT NULL REFERENCES people (id),
    out_actor INTEGER REFERENCES people (id),
    -- Which half minutes' codes they were.
    in_step INTEGER NOT NULL,
    out_step INTEGER,
    in_from TEXT NOT NULL CHECK (in_from <> ''),
    out_from TEXT,
    CHECK ((state = 'done') = (ended_at IS NOT NULL)),
    CHECK ((ended_at IS NULL) = (out_way IS NULL)),
    CHECK ((out_way IS NULL) = (out_actor IS NULL)),
    CHECK (ended_at >= began_at),
    -- Whoever acts with his own code is himself, and nobody opens his own.
    CHECK ((in_way = 'code') = (in_actor = person_id)),
    CHECK (out_way IS NULL OR (out_way = 'code') = (out_actor = person_id)),
    -- Nobody uses one code twice.
    UNIQUE (participation_id, in_step),
    UNIQUE (participation_id, out_step),
    CHECK (out_step > in_step)
) STRICT;
-- Nobody is at two places at once.
CREATE UNIQUE INDEX stays_open ON stays (person_id) WHERE state = 'open';
CREATE INDEX stays_of_person ON stays (person_id, id);
CREATE INDEX stays_of_activity ON stays (activity_id, state, id);

-- Codes that were none, so that nobody finds one by trying.
CREATE TABLE wrong_codes (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES people (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX wrong_codes_of_person ON wrong_codes (person_id, at);

-- [sqlite]
CREATE TRIGGER stays_stay BEFORE UPDATE ON stays WHEN OLD.state <> 'open' OR NEW.id <> OLD.id
    OR NEW.participation_id <> OLD.participation_id OR NEW.began_at <> OLD.began_at OR NEW.in_way <> OLD.in_way
    OR NEW.in_step <> OLD.in_step
BEGIN SELECT RAISE(ABORT, 'stays rows are never changed'); END;
CREATE TRIGGER stays_remain BEFORE DELETE ON stays
BEGIN SELECT RAISE(ABORT, 'stays rows are never removed'); END;
CREATE TRIGGER stays_keep BEFORE INSERT ON stays WHEN EXISTS (SELECT 1 FROM stays WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'stays rows are never replaced'); END;
-- [postgresql]
CREATE TRIGGER stays_stay BEFORE UPDATE ON stays FOR EACH ROW WHEN (OLD.state <> 'open' OR NEW.id <> OLD.id
    OR NEW.participation_id <> OLD.participation_id OR NEW.began_at <> OLD.began_at OR NEW.in_way <> OLD.in_way
    OR NEW.in_step <> OLD.in_step) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stays_remain BEFORE DELETE ON stays FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stays_keep BEFORE TRUNCATE ON stays FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- [both]
