-- Help where people live: what groups help in, who works for an area, and each request until it is done.

-- A group that helps in something is a service point.
CREATE TABLE service_points (
    group_id INTEGER NOT NULL REFERENCES groups (id),
    -- The kinds of help are listed in the domain.
    block TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (group_id, block)
) STRICT, WITHOUT ROWID;
CREATE INDEX service_points_by_block ON service_points (block, group_id);

CREATE TABLE area_workers (
    area_id INTEGER NOT NULL REFERENCES areas (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    -- liaison: hears of what residents ask for; the others are given duties.
    role TEXT NOT NULL CHECK (role IN ('liaison', 'grid', 'information', 'publicity')),
    at INTEGER NOT NULL,
    by_id INTEGER NOT NULL REFERENCES people (id),
    PRIMARY KEY (area_id, person_id, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX area_workers_of_person ON area_workers (person_id);

-- What a resident asks for, or what the county gives an area's workers to do.
CREATE TABLE service_requests (
    id INTEGER PRIMARY KEY,
    -- A kind of help, or a worker's role for a duty.
    block TEXT NOT NULL,
    -- Whose it is: a service point's, or that of an area's workers.
    group_id INTEGER REFERENCES groups (id),
    area_id INTEGER REFERENCES areas (id),
    -- NULL once he was forgotten.
    asker_id INTEGER REFERENCES people (id),
    words TEXT NOT NULL,
    by_at INTEGER,
    -- open: nobody has it; blocked: its handler can't go on, and has said why.
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'taken', 'blocked', 'done', 'withdrawn')),
    handler_id INTEGER REFERENCES people (id),
    made_at INTEGER NOT NULL,
    -- When whoever asked first heard a word from a handler.
    replied_at INTEGER,
    done_at INTEGER,
    -- What was done, or why it can't go on.
    outcome TEXT NOT NULL DEFAULT '',
    minutes INTEGER CHECK (minutes > 0),
    -- What whoever asked said of it, once: 2 yes, 1 partly, 0 no.
    content INTEGER CHECK (content IN (0, 1, 2)),
    CHECK ((group_id IS NULL) <> (area_id IS NULL)),
    CHECK ((state IN ('taken', 'blocked', 'done')) = (handler_id IS NOT NULL) OR state = 'withdrawn'),
    CHECK ((state = 'done') = (done_at IS NOT NULL))
) STRICT;
CREATE INDEX service_requests_of_asker ON service_requests (asker_id, id);
CREATE INDEX service_requests_of_handler ON service_requests (handler_id, state, id);
CREATE INDEX service_requests_of_group ON service_requests (group_id, state, id) WHERE group_id IS NOT NULL;
CREATE INDEX service_requests_of_area ON service_requests (area_id, state, id) WHERE area_id IS NOT NULL;
CREATE INDEX service_requests_waiting ON service_requests (made_at) WHERE state = 'open';

-- What was said about it; a private note is for its author alone.
CREATE TABLE service_words (
    id INTEGER PRIMARY KEY,
    request_id INTEGER NOT NULL REFERENCES service_requests (id),
    by_id INTEGER NOT NULL REFERENCES people (id),
    words TEXT NOT NULL,
    private INTEGER NOT NULL DEFAULT 0 CHECK (private IN (0, 1)),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX service_words_of_request ON service_words (request_id, id);
CREATE INDEX service_words_of_person ON service_words (by_id);
