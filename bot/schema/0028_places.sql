-- Who gets a place, by more than who came first: places by role, conditions, a time in which to sign up, and the ways to
-- choose among more people than places.

-- first: first come. lottery: drawn at the end of signing up. recent: who served longest ago first. review: leaders decide.
ALTER TABLE activities ADD COLUMN mode TEXT NOT NULL DEFAULT 'first'
    CHECK (mode IN ('first', 'lottery', 'recent', 'review'));
-- From when until when people can sign up; NULL: from the publishing, and to the start.
ALTER TABLE activities ADD COLUMN opens_at INTEGER;
ALTER TABLE activities ADD COLUMN closes_at INTEGER;
-- What everybody has to bring with him, as JSON: pairs of a kind and a value. The kinds are listed in the domain.
ALTER TABLE activities ADD COLUMN conditions TEXT NOT NULL DEFAULT '[]';
-- What the draw is made with: kept to oneself until then, while its hash has been published.
ALTER TABLE activities ADD COLUMN seed TEXT NOT NULL DEFAULT '';
ALTER TABLE activities ADD COLUMN drawn_at INTEGER;
-- Places that are kept for people who come for the first time, beside `places`; they are moved there one by one.
ALTER TABLE activities ADD COLUMN kept INTEGER NOT NULL DEFAULT 0 CHECK (kept >= 0);
-- How many ask for a place that is drawn or given later.
ALTER TABLE activities ADD COLUMN applied INTEGER NOT NULL DEFAULT 0 CHECK (applied >= 0);
-- With places by role, `places` is NULL and `waiting` 0, and these are the sums of the roles; 0: there are no roles.
ALTER TABLE activities ADD COLUMN role_places INTEGER NOT NULL DEFAULT 0 CHECK (role_places >= 0);
ALTER TABLE activities ADD COLUMN role_waiting INTEGER NOT NULL DEFAULT 0 CHECK (role_waiting >= 0);
-- 1: more than a free place decides, so the statement that only counts places must not let anybody in.
ALTER TABLE activities ADD COLUMN special INTEGER NOT NULL DEFAULT 0 CHECK (special IN (0, 1));
-- The training that whoever comes has afterwards, and for how many months; empty: none.
ALTER TABLE activities ADD COLUMN teaches TEXT NOT NULL DEFAULT '';
ALTER TABLE activities ADD COLUMN valid_months INTEGER CHECK (valid_months > 0);

CREATE TABLE activity_roles (
    id INTEGER PRIMARY KEY,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    name TEXT NOT NULL,
    places INTEGER NOT NULL CHECK (places > 0),
    taken INTEGER NOT NULL DEFAULT 0 CHECK (taken >= 0),
    waiting INTEGER NOT NULL DEFAULT 0 CHECK (waiting >= 0),
    conditions TEXT NOT NULL DEFAULT '[]',
    -- As for activities: a place is never given twice, and nobody waits while one is free.
    CONSTRAINT activity_roles_never_oversold CHECK (taken <= places),
    CONSTRAINT activity_roles_queue_moves CHECK (waiting = 0 OR taken = places),
    UNIQUE (activity_id, name)
) STRICT;

-- As what somebody takes part. NULL: the activity has no roles.
ALTER TABLE participations ADD COLUMN role_id INTEGER REFERENCES activity_roles (id);
-- The queue goes by this number, then by id: the place that was drawn, 0 for whoever was not drawn, -1 for whoever came in
-- by a place that was kept for first-timers.
ALTER TABLE participations ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;

-- Who wants to hear when signing up opens.
CREATE TABLE activity_openings (
    id INTEGER PRIMARY KEY,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    made_at INTEGER NOT NULL,
    UNIQUE (activity_id, person_id)
) STRICT;
