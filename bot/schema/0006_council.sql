-- The youth council: who sits in it, its monthly sessions, the topics with their supporters, and what came of them.

CREATE TABLE council_members (
    person_id INTEGER NOT NULL PRIMARY KEY REFERENCES people (id),
    since INTEGER NOT NULL,
    given_by INTEGER REFERENCES people (id)
) STRICT;

CREATE TABLE council_sessions (
    id INTEGER PRIMARY KEY,
    -- The month it is held for, such as 2026-11: the scheduler opens one only for a month that has none.
    month TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
    opened_at INTEGER NOT NULL,
    -- Until when topics are collected.
    closes_at INTEGER NOT NULL,
    closed_at INTEGER,
    -- NULL: the scheduler.
    opened_by INTEGER REFERENCES people (id),
    closed_by INTEGER REFERENCES people (id),
    -- How many topics its agenda has.
    topics INTEGER NOT NULL DEFAULT 0,
    CHECK ((state = 'closed') = (closed_at IS NOT NULL))
) STRICT;
-- One session at a time, whoever opens it.
CREATE UNIQUE INDEX council_sessions_open ON council_sessions (state) WHERE state = 'open';
CREATE INDEX council_sessions_month ON council_sessions (month);

CREATE TABLE council_topics (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL,
    -- NULL once the proposer was forgotten: the topic stays without a name.
    proposer_id INTEGER REFERENCES people (id),
    -- draft: held back until the proposer has looked at similar ones; open: waits for the next agenda; agenda: on it;
    -- answered: its outcome is recorded; withdrawn: taken back while it was open.
    state TEXT NOT NULL CHECK (state IN ('draft', 'open', 'agenda', 'answered', 'withdrawn')),
    -- Kept by the same statements that let supporters in and out.
    support INTEGER NOT NULL DEFAULT 0 CHECK (support >= 0),
    session_id INTEGER REFERENCES council_sessions (id),
    -- Its place on the agenda, from 1.
    place INTEGER CHECK (place > 0),
    outcome TEXT,
    answered_by INTEGER REFERENCES people (id),
    answered_at INTEGER,
    proposed_at INTEGER NOT NULL,
    CHECK ((session_id IS NULL) = (place IS NULL)),
    CHECK ((state IN ('agenda', 'answered')) = (session_id IS NOT NULL)),
    CHECK ((state = 'answered') = (outcome IS NOT NULL))
) STRICT;
CREATE INDEX council_topics_open ON council_topics (support DESC, id) WHERE state = 'open';
CREATE UNIQUE INDEX council_topics_agenda ON council_topics (session_id, place) WHERE session_id IS NOT NULL;
CREATE INDEX council_topics_of_person ON council_topics (proposer_id, state);

CREATE TABLE council_support (
    topic_id INTEGER NOT NULL REFERENCES council_topics (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    at INTEGER NOT NULL,
    -- Once a person and topic, however often the button is tapped.
    PRIMARY KEY (topic_id, person_id)
) STRICT;
CREATE INDEX council_support_by_person ON council_support (person_id);

-- Months of which the admins were told that no session was held, or none with topics: once each.
CREATE TABLE council_flags (
    month TEXT NOT NULL PRIMARY KEY,
    why TEXT NOT NULL CHECK (why IN ('none', 'empty')),
    at INTEGER NOT NULL
) STRICT;
