-- Activities that repeat by a rule. Its occurrences are activities like all others, made some weeks ahead.

CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    -- NULL: the whole county's.
    group_id INTEGER REFERENCES groups (id),
    -- What an occurrence is but its date, and by which rule the days come: both as JSON.
    model TEXT NOT NULL,
    rule TEXT NOT NULL,
    -- From this local day (ISO 8601) on the rule is counted; minutes after midnight by the clocks of the county.
    first_day TEXT NOT NULL,
    minute INTEGER NOT NULL CHECK (minute BETWEEN 0 AND 1499),
    -- paused: makes none until it is let go on. ended: makes none any more.
    state TEXT NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'paused', 'ended')),
    -- Since when; a stop is taken back within a minute.
    state_at INTEGER NOT NULL,
    -- When the next occurrence is to be made; NULL: the rule has no more.
    next_at INTEGER,
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL REFERENCES people (id)
) STRICT;
CREATE INDEX series_due ON series (next_at) WHERE state = 'on' AND next_at IS NOT NULL;
CREATE INDEX series_of_group ON series (group_id, id);
CREATE INDEX series_by_maker ON series (made_by);

-- Who wants to be in each of them; signed up for each that is made, by its rules.
CREATE TABLE series_followers (
    id INTEGER PRIMARY KEY,
    series_id INTEGER NOT NULL REFERENCES series (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    made_at INTEGER NOT NULL,
    UNIQUE (series_id, person_id)
) STRICT;
CREATE INDEX series_followers_of_person ON series_followers (person_id);

ALTER TABLE activities ADD COLUMN series_id INTEGER REFERENCES series (id);
-- The day (ISO 8601) for which it was made, also where it was moved to another: none is made twice.
ALTER TABLE activities ADD COLUMN series_day TEXT;
CREATE UNIQUE INDEX activities_of_series ON activities (series_id, series_day) WHERE series_id IS NOT NULL;
