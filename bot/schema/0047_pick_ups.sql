-- Who may pick a child up, as its guardian says, and who did.

CREATE TABLE pickers (
    id INTEGER PRIMARY KEY,
    child_id INTEGER NOT NULL REFERENCES people (id),
    -- As the guardian calls them; empty once the child or the guardian has left.
    name TEXT NOT NULL,
    named_by INTEGER NOT NULL REFERENCES people (id),
    named_at INTEGER NOT NULL,
    gone_at INTEGER
) STRICT;
CREATE UNIQUE INDEX pickers_of_child ON pickers (child_id, lower(name)) WHERE gone_at IS NULL;
CREATE INDEX pickers_by_guardian ON pickers (named_by);

CREATE TABLE pick_ups (
    id INTEGER PRIMARY KEY,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    child_id INTEGER NOT NULL REFERENCES people (id),
    -- NULL: the guardian.
    picker_id INTEGER REFERENCES pickers (id),
    guardian_id INTEGER NOT NULL REFERENCES people (id),
    at INTEGER NOT NULL,
    noted_by INTEGER NOT NULL REFERENCES people (id),
    undone_at INTEGER
) STRICT;
-- Nobody is picked up twice.
CREATE UNIQUE INDEX pick_ups_once ON pick_ups (activity_id, child_id) WHERE undone_at IS NULL;
CREATE INDEX pick_ups_of_child ON pick_ups (child_id, id);
