-- An activity shared with partners: which of its places were given to whom, and what became of that.

CREATE TABLE shares (
    id INTEGER PRIMARY KEY,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    partner_id INTEGER NOT NULL REFERENCES groups (id),
    -- As many as it was shared with last; how many there are now stands in its role.
    places INTEGER NOT NULL CHECK (places > 0),
    -- Out of which role they were taken; NULL: out of those that are open to all.
    out_of INTEGER REFERENCES activity_roles (id),
    -- on: its people sign up. given_back: what was unused is everybody's. declined: by the partner, for a reason.
    -- withdrawn: by whoever shared it. In the last three whoever is in keeps his place, and what becomes free is everybody's.
    state TEXT NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'given_back', 'declined', 'withdrawn')),
    reason TEXT NOT NULL DEFAULT '',
    -- So many hours before the start unused places are given back by themselves; NULL: never.
    back_hours INTEGER CHECK (back_hours > 0),
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL REFERENCES people (id),
    settled_at INTEGER,
    settled_by INTEGER REFERENCES people (id),
    -- A partner is shared an activity with once; shared again, it is the same row.
    UNIQUE (activity_id, partner_id)
) STRICT;
CREATE INDEX shares_of_partner ON shares (partner_id, activity_id);
