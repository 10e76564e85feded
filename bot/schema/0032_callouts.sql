-- Call-outs: brigades that stand by, what their people can do, and missions from the first message until everybody is back.

CREATE TABLE brigades (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    about TEXT NOT NULL DEFAULT '',
    -- NULL where its leader has left: county admins lead it until there is another one.
    leader_id INTEGER REFERENCES people (id),
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL REFERENCES people (id),
    closed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX brigades_by_name ON brigades (lower(name)) WHERE closed_at IS NULL;
CREATE INDEX brigades_by_leader ON brigades (leader_id) WHERE closed_at IS NULL;

CREATE TABLE brigade_members (
    brigade_id INTEGER NOT NULL REFERENCES brigades (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    -- applied: waits for the leader's word; invited: for his own; nobody is in without both.
    state TEXT NOT NULL CHECK (state IN ('applied', 'invited', 'in')),
    at INTEGER NOT NULL,
    by_id INTEGER NOT NULL REFERENCES people (id),
    PRIMARY KEY (brigade_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX brigades_of_person ON brigade_members (person_id, state);

-- What one can do that is called for. `key` names those whose words stand in the domain, in both languages.
CREATE TABLE skills (
    id INTEGER PRIMARY KEY,
    key TEXT UNIQUE,
    name TEXT NOT NULL DEFAULT '',
    -- Every area needs somebody with it: where nobody has it there is a hole.
    needed INTEGER NOT NULL DEFAULT 0 CHECK (needed IN (0, 1)),
    removed_at INTEGER,
    CHECK (key IS NOT NULL OR name <> '')
) STRICT;
CREATE UNIQUE INDEX skills_by_name ON skills (lower(name)) WHERE key IS NULL AND removed_at IS NULL;
INSERT INTO skills (key, needed) VALUES
    ('first_aid', 1), ('driving', 0), ('boat', 0), ('electrics', 0), ('radio', 0), ('swimming', 0), ('cooking', 0), ('tools', 0);

CREATE TABLE person_skills (
    person_id INTEGER NOT NULL REFERENCES people (id),
    skill_id INTEGER NOT NULL REFERENCES skills (id),
    PRIMARY KEY (person_id, skill_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX people_by_skill ON person_skills (skill_id, person_id);

-- How ready somebody is.
CREATE TABLE responders (
    person_id INTEGER NOT NULL PRIMARY KEY REFERENCES people (id),
    standby_until INTEGER NOT NULL DEFAULT 0,
    -- He rests after long service: nobody asks him before.
    rest_until INTEGER NOT NULL DEFAULT 0,
    -- He wants to be asked although he is in no brigade that is called out.
    willing INTEGER NOT NULL DEFAULT 0 CHECK (willing IN (0, 1)),
    -- What else he can do, in his own words.
    words TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX responders_willing ON responders (person_id) WHERE willing = 1;

CREATE TABLE areas (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    removed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX areas_by_name ON areas (lower(name)) WHERE removed_at IS NULL;

-- Who has said that he is there for an area, until when: a brigade, or one person.
CREATE TABLE area_covers (
    id INTEGER PRIMARY KEY,
    area_id INTEGER NOT NULL REFERENCES areas (id),
    brigade_id INTEGER REFERENCES brigades (id),
    person_id INTEGER REFERENCES people (id),
    until INTEGER NOT NULL,
    CHECK ((brigade_id IS NULL) <> (person_id IS NULL)),
    UNIQUE (area_id, brigade_id),
    UNIQUE (area_id, person_id)
) STRICT;
CREATE INDEX area_covers_of_person ON area_covers (person_id) WHERE person_id IS NOT NULL;

CREATE TABLE callouts (
    id INTEGER PRIMARY KEY,
    brigade_id INTEGER NOT NULL REFERENCES brigades (id),
    caller_id INTEGER NOT NULL REFERENCES people (id),
    place TEXT NOT NULL,
    -- NULL: whoever comes.
    skill_id INTEGER REFERENCES skills (id),
    wanted INTEGER NOT NULL CHECK (wanted BETWEEN 1 AND 500),
    -- A rehearsal: everything is as in earnest, each message says so, and the log does not count it.
    drill INTEGER NOT NULL DEFAULT 0 CHECK (drill IN (0, 1)),
    -- draft: its caller alone sees it; open: from the first message until everybody is back; closed: it is in the log.
    state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'open', 'closed', 'stood_down')),
    -- Minutes from the call-out on, while no time of day was written.
    within INTEGER NOT NULL DEFAULT 30,
    needed_at INTEGER,
    ends_at INTEGER,
    -- The ring that was asked last, and how many of the places are taken.
    ring INTEGER NOT NULL DEFAULT 0 CHECK (ring BETWEEN 0 AND 4),
    accepted INTEGER NOT NULL DEFAULT 0,
    made_at INTEGER NOT NULL,
    called_at INTEGER,
    began_at INTEGER,
    began_by INTEGER REFERENCES people (id),
    closed_at INTEGER,
    closed_by INTEGER REFERENCES people (id),
    -- The board as it was shown last.
    shown TEXT NOT NULL DEFAULT '',
    CHECK (accepted BETWEEN 0 AND wanted),
    CHECK ((state = 'draft') = (called_at IS NULL)),
    CHECK (state = 'draft' OR (needed_at IS NOT NULL AND ends_at IS NOT NULL)),
    CHECK ((state IN ('closed', 'stood_down')) = (closed_at IS NOT NULL))
) STRICT;
CREATE INDEX callouts_open ON callouts (id) WHERE state = 'open';
CREATE INDEX callouts_closed ON callouts (closed_at, id) WHERE state = 'closed' AND drill = 0;
CREATE INDEX callouts_of_caller ON callouts (caller_id, state);
CREATE INDEX callouts_of_brigade ON callouts (brigade_id, state);

CREATE TABLE callout_people (
    callout_id INTEGER NOT NULL REFERENCES callouts (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    ring INTEGER NOT NULL,
    drill INTEGER NOT NULL CHECK (drill IN (0, 1)),
    -- coming, there and back have a place; reserve waits for one; released: was told that nobody need come.
    state TEXT NOT NULL CHECK (state IN ('asked', 'declined', 'coming', 'reserve', 'there', 'back', 'released')),
    asked_at INTEGER NOT NULL,
    answered_at INTEGER,
    eta INTEGER,
    arrived_at INTEGER,
    -- Who said so: himself, or whoever called the roll.
    arrived_by INTEGER REFERENCES people (id),
    back_at INTEGER,
    back_by INTEGER REFERENCES people (id),
    -- Once a call-out, whatever ring he is in.
    PRIMARY KEY (callout_id, person_id),
    CHECK ((state = 'back') = (back_at IS NOT NULL)),
    CHECK (state <> 'there' OR arrived_at IS NOT NULL),
    CHECK (back_at IS NULL OR arrived_at IS NULL OR back_at >= arrived_at)
) STRICT, WITHOUT ROWID;
-- Nobody is sent to two places.
CREATE UNIQUE INDEX callout_one_place ON callout_people (person_id) WHERE state IN ('coming', 'there');
CREATE INDEX callouts_of_person ON callout_people (person_id, back_at);

CREATE TABLE kit (
    id INTEGER PRIMARY KEY,
    brigade_id INTEGER NOT NULL REFERENCES brigades (id),
    name TEXT NOT NULL,
    stock INTEGER NOT NULL CHECK (stock BETWEEN 0 AND 100000),
    -- How many of them are handed out; kept by the statements that hand out and take back.
    lent INTEGER NOT NULL DEFAULT 0,
    removed_at INTEGER,
    CHECK (lent BETWEEN 0 AND stock)
) STRICT;
CREATE UNIQUE INDEX kit_by_name ON kit (brigade_id, lower(name)) WHERE removed_at IS NULL;

CREATE TABLE kit_lent (
    id INTEGER PRIMARY KEY,
    kit_id INTEGER NOT NULL REFERENCES kit (id),
    callout_id INTEGER NOT NULL REFERENCES callouts (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    number INTEGER NOT NULL CHECK (number > 0),
    back INTEGER NOT NULL DEFAULT 0,
    at INTEGER NOT NULL,
    by_id INTEGER NOT NULL REFERENCES people (id),
    CHECK (back BETWEEN 0 AND number),
    UNIQUE (kit_id, callout_id, person_id)
) STRICT;
CREATE INDEX kit_lent_of_callout ON kit_lent (callout_id);
CREATE INDEX kit_lent_of_person ON kit_lent (person_id);
