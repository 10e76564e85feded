-- The county's figures of points: what was issued, redeemed and let expire, by month, group, kind and grade of evidence.

-- Each transfer by which points came into the world or left it, under what it is counted. Written once it is sealed.
CREATE TABLE point_lines (
    flow TEXT NOT NULL CHECK (flow IN ('issued', 'redeemed', 'expired')),
    -- The county's month, such as 202611.
    month INTEGER NOT NULL,
    -- The group of the activity, or whose budget it is; 0 of none.
    group_id INTEGER NOT NULL,
    -- The kind of the activity; for the rest the reason of the entry.
    kind TEXT NOT NULL,
    -- How well the hours of the same activity were proved then, A to D; empty where there are none.
    grade TEXT NOT NULL,
    transfer_id INTEGER NOT NULL REFERENCES transfers (id),
    -- What was taken back stands under the same as what it takes back, below zero.
    amount INTEGER NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (flow, month, group_id, kind, grade, transfer_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX point_lines_of_transfer ON point_lines (transfer_id, flow);

-- Their sums, kept by the statement that writes them, so that no screen adds up millions. `which` says by what a sum is
-- told apart: by nothing (all), one of the three, or all of them (cell). Month 0 is all months together.
CREATE TABLE point_figures (
    which TEXT NOT NULL CHECK (which IN ('all', 'group', 'kind', 'grade', 'cell')),
    flow TEXT NOT NULL,
    group_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    grade TEXT NOT NULL,
    month INTEGER NOT NULL,
    -- How many lines, and what they come to.
    n INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (which, flow, group_id, kind, grade, month)
) STRICT, WITHOUT ROWID;
-- The largest first, of a month or of all.
CREATE INDEX point_figures_ranked ON point_figures (which, flow, month, amount DESC, group_id, kind, grade);

-- Up to which place of the ledger's chain they are counted. Whoever counts holds this row.
CREATE TABLE point_figures_head (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    place INTEGER NOT NULL
) STRICT;
INSERT INTO point_figures_head (id, place) VALUES (1, 0);
