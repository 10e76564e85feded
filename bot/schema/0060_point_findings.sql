-- What looks unusual in how points are given, once somebody has looked at it.

CREATE TABLE point_findings_seen (
    id INTEGER PRIMARY KEY,
    -- The rule that points at it, whom it is about, and the second one where it is about two; 0 for none.
    rule TEXT NOT NULL,
    who INTEGER NOT NULL REFERENCES people (id),
    other INTEGER NOT NULL,
    -- The newest thing behind it: when another one comes on top, it is to be looked at again.
    newest INTEGER NOT NULL,
    word TEXT NOT NULL,
    seen_by INTEGER NOT NULL REFERENCES people (id) CHECK (seen_by <> who AND seen_by <> other),
    seen_at INTEGER NOT NULL,
    UNIQUE (rule, who, other, newest)
) STRICT;
-- What was given by hand lately.
CREATE INDEX grants_of_points_lately ON grants_of_points (asked_at);
