-- What is planned again and again: an activity without its date.

CREATE TABLE templates (
    id INTEGER PRIMARY KEY,
    -- NULL: the county's, kept by its admins, for every group.
    group_id INTEGER REFERENCES groups (id),
    name TEXT NOT NULL,
    -- The activity without its date, as JSON: what publishing asks for, so that it needs no columns of its own.
    model TEXT NOT NULL,
    -- When it usually begins, by the clocks of the county: 0 is Monday, minutes after midnight.
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    minute INTEGER NOT NULL CHECK (minute BETWEEN 0 AND 1439),
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL REFERENCES people (id),
    -- Deleted; for a minute it can be brought back.
    gone_at INTEGER
) STRICT;
-- No two of a group with the same name.
CREATE UNIQUE INDEX templates_of_group ON templates (COALESCE(group_id, 0), lower(name)) WHERE gone_at IS NULL;
CREATE INDEX templates_by_maker ON templates (made_by);
