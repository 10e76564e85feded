-- Activities of several kinds (volunteer tasks, events), and who takes part in them.

CREATE TABLE activities (
    id INTEGER PRIMARY KEY,
    -- The kinds are listed in the domain, where each has its words and rules: a new kind needs no new table.
    kind TEXT NOT NULL,
    -- NULL: the whole county's.
    group_id INTEGER REFERENCES groups (id),
    title TEXT NOT NULL,
    about TEXT NOT NULL DEFAULT '',
    place TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    -- NULL: as many as like. `taken` and `waiting` are kept by the same statements that let people in and out.
    places INTEGER CHECK (places > 0),
    taken INTEGER NOT NULL DEFAULT 0 CHECK (taken >= 0),
    waiting INTEGER NOT NULL DEFAULT 0 CHECK (waiting >= 0),
    -- What everybody who came gets.
    points INTEGER NOT NULL DEFAULT 0 CHECK (points BETWEEN 0 AND 1000),
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'cancelled', 'confirmed')),
    -- Why it was cancelled; when it was cancelled or confirmed, and by whom.
    reason TEXT NOT NULL DEFAULT '',
    settled_at INTEGER,
    settled_by INTEGER REFERENCES people (id),
    -- 1: its card stands in a Telegram group and is drawn anew when something changes.
    posted INTEGER NOT NULL DEFAULT 0 CHECK (posted IN (0, 1)),
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL REFERENCES people (id),
    CHECK (ends_at > starts_at),
    CHECK ((state = 'open') = (settled_at IS NULL)),
    -- A place is never given twice, and nobody waits while one is free.
    CONSTRAINT activities_never_oversold CHECK (places IS NULL OR taken <= places),
    CONSTRAINT activities_queue_moves CHECK (waiting = 0 OR (places IS NOT NULL AND taken = places))
) STRICT;
CREATE INDEX activities_ahead ON activities (kind, starts_at, id) WHERE state = 'open';
CREATE INDEX activities_of_group ON activities (group_id, starts_at, id) WHERE state = 'open';
CREATE INDEX activities_open ON activities (starts_at, id) WHERE state = 'open';
CREATE INDEX activities_by_maker ON activities (made_by);

-- One row a sign-up. Their ids are the order of the queue; whoever undoes his withdrawal has his old row, and so his
-- old place in the queue, again.
CREATE TABLE participations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    -- in: has a place; waiting: in the queue; out: withdrew.
    state TEXT NOT NULL CHECK (state IN ('in', 'waiting', 'out')),
    -- Which state was withdrawn from.
    was TEXT CHECK (was IN ('in', 'waiting')),
    -- When this state began.
    since INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    -- 1 came, 0 missed, NULL not said yet: only a mark until it is confirmed.
    came INTEGER CHECK (came IN (0, 1)),
    confirmed_at INTEGER,
    confirmed_by INTEGER REFERENCES people (id),
    CHECK ((confirmed_at IS NULL) = (confirmed_by IS NULL)),
    CHECK (confirmed_at IS NULL OR (state = 'in' AND came IS NOT NULL)),
    -- Nobody confirms himself.
    CHECK (confirmed_by IS NULL OR confirmed_by <> person_id)
) STRICT;
-- One live participation a person and activity, whatever is tapped how often.
CREATE UNIQUE INDEX participations_live ON participations (activity_id, person_id) WHERE state <> 'out';
CREATE INDEX participations_of_activity ON participations (activity_id, state, id);
CREATE INDEX participations_of_person ON participations (person_id, state, activity_id);

-- At most one edit of a remembered message waits to be sent: this finds it.
CREATE INDEX outbox_remembering ON outbox (bot, remember) WHERE remember IS NOT NULL AND done_at IS NULL;
