-- The leaderboard, where a county wants one: what people earned in each month, year and in all, kept so that it need not be summed.

CREATE TABLE point_earned (
    person_id INTEGER NOT NULL REFERENCES people (id),
    -- The county's month, such as 202611, its year, such as 2026, or 0: all of it.
    period INTEGER NOT NULL,
    -- What was taken back is off; a month in which more was taken back than earned is below zero.
    amount INTEGER NOT NULL,
    PRIMARY KEY (person_id, period)
) STRICT, WITHOUT ROWID;
CREATE INDEX point_earned_ranked ON point_earned (period, amount DESC, person_id);

-- Up to which place of the chain it is summed.
CREATE TABLE point_earned_head (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    place INTEGER NOT NULL
) STRICT;
INSERT INTO point_earned_head (id, place) VALUES (1, 0);

-- Who lets the others see his nickname there. Everybody else stands there without one.
CREATE TABLE point_names (
    person_id INTEGER NOT NULL PRIMARY KEY REFERENCES people (id)
) STRICT;
