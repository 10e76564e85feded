-- What the county grants a group to reward with, and whom its leaders reward. The points themselves are in the account `group`.

-- Above an amount, or when the asker belongs to the group, a second admin agrees before anything is booked.
CREATE TABLE budget_grants (
    id INTEGER PRIMARY KEY,
    group_id INTEGER NOT NULL REFERENCES groups (id),
    amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 1000000),
    why TEXT NOT NULL,
    -- Made with the form that it came from: told again it is the same grant.
    key TEXT NOT NULL UNIQUE,
    asked_by INTEGER NOT NULL REFERENCES people (id),
    asked_at INTEGER NOT NULL,
    -- The row of the audit log in which it was asked for.
    audit_number INTEGER NOT NULL REFERENCES audit (number),
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'given', 'declined', 'taken_back')),
    settled_by INTEGER REFERENCES people (id),
    settled_at INTEGER,
    CHECK ((state = 'waiting') = (settled_at IS NULL))
) STRICT;
CREATE INDEX budget_grants_waiting ON budget_grants (id) WHERE state = 'waiting';
CREATE INDEX budget_grants_of ON budget_grants (group_id);

-- One reason and one amount, for one person or for several at once; taken back as a whole within a minute.
CREATE TABLE reward_rounds (
    id INTEGER PRIMARY KEY,
    group_id INTEGER NOT NULL REFERENCES groups (id),
    amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 1000000),
    why TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    given_by INTEGER NOT NULL REFERENCES people (id),
    given_at INTEGER NOT NULL,
    undone_at INTEGER
) STRICT;
CREATE INDEX reward_rounds_by ON reward_rounds (given_by, given_at);

CREATE TABLE rewards (
    round_id INTEGER NOT NULL REFERENCES reward_rounds (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    PRIMARY KEY (round_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX rewards_of_person ON rewards (person_id);

-- Whom a leader has ticked on the roll and not rewarded yet.
CREATE TABLE reward_choices (
    leader_id INTEGER NOT NULL REFERENCES people (id),
    group_id INTEGER NOT NULL REFERENCES groups (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    PRIMARY KEY (leader_id, group_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reward_choices_of_person ON reward_choices (person_id);
