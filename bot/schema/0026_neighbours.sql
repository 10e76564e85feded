-- Neighbours: people without Telegram whom a leader registers; and teams, which sign up as one.

-- Who was registered by a leader, and the code with which he comes in himself. He is a person like everybody else, only
-- without a Telegram account, so that hours and points wait for him where they belong.
CREATE TABLE neighbours (
    person_id INTEGER NOT NULL PRIMARY KEY REFERENCES people (id),
    group_id INTEGER NOT NULL REFERENCES groups (id),
    made_by INTEGER NOT NULL REFERENCES people (id),
    made_at INTEGER NOT NULL,
    -- The hash of the newest code that was handed out.
    code_hash TEXT UNIQUE,
    -- When he came in with it.
    joined_at INTEGER
) STRICT;
CREATE INDEX neighbours_of_group ON neighbours (group_id, person_id) WHERE joined_at IS NULL;

CREATE TABLE teams (
    id INTEGER PRIMARY KEY,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    group_id INTEGER NOT NULL REFERENCES groups (id),
    made_by INTEGER NOT NULL REFERENCES people (id),
    made_at INTEGER NOT NULL,
    -- NULL while its people are being chosen.
    signed_up_at INTEGER
) STRICT;
-- One choice at a time for each leader, group and activity.
CREATE UNIQUE INDEX teams_chosen ON teams (activity_id, group_id, made_by) WHERE signed_up_at IS NULL;
CREATE INDEX teams_of_activity ON teams (activity_id, id) WHERE signed_up_at IS NOT NULL;

CREATE TABLE team_members (
    team_id INTEGER NOT NULL REFERENCES teams (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    PRIMARY KEY (team_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_members_of_person ON team_members (person_id);
