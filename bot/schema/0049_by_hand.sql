-- Points that admins give by hand; above an amount, a second admin agrees before anything is booked.

CREATE TABLE grants_of_points (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES people (id),
    amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 1000000),
    why TEXT NOT NULL,
    -- Made with the form that it came from: told again it is the same grant.
    key TEXT NOT NULL UNIQUE,
    asked_by INTEGER NOT NULL REFERENCES people (id) CHECK (asked_by <> person_id),
    asked_at INTEGER NOT NULL,
    -- The row of the audit log in which it was asked for.
    audit_number INTEGER NOT NULL REFERENCES audit (number),
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'given', 'declined')),
    settled_by INTEGER REFERENCES people (id) CHECK (settled_by <> person_id),
    settled_at INTEGER,
    CHECK ((state = 'waiting') = (settled_at IS NULL))
) STRICT;
CREATE INDEX grants_of_points_waiting ON grants_of_points (id) WHERE state = 'waiting';
CREATE INDEX grants_of_points_of ON grants_of_points (person_id);
