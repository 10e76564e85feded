-- Privileges: what counts at a counter for whoever shows his card, by star and role; and each card that was checked there.

CREATE TABLE privileges (
    id INTEGER PRIMARY KEY,
    partner_id INTEGER NOT NULL REFERENCES shop_partners (id),
    title TEXT NOT NULL,
    -- From which star on (0: everybody), and in which role (empty: in any).
    star INTEGER NOT NULL DEFAULT 0 CHECK (star BETWEEN 0 AND 9),
    role TEXT NOT NULL DEFAULT '' CHECK (role IN ('', 'leader', 'admin')),
    made_by INTEGER NOT NULL REFERENCES people (id),
    made_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX privileges_of_partner ON privileges (partner_id, id) WHERE ended_at IS NULL;

-- A card that was good. Its code lives for one half minute (`step`): nobody uses the same one twice, here or elsewhere.
CREATE TABLE shop_visits (
    person_id INTEGER NOT NULL REFERENCES people (id),
    step INTEGER NOT NULL,
    partner_id INTEGER NOT NULL REFERENCES shop_partners (id),
    clerk_id INTEGER NOT NULL REFERENCES people (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (person_id, step)
) STRICT, WITHOUT ROWID;
CREATE INDEX shop_visits_at_partner ON shop_visits (partner_id, at);

-- Cards that were not good, so that nobody can try one code after another.
CREATE TABLE shop_misses (
    id INTEGER PRIMARY KEY,
    clerk_id INTEGER NOT NULL REFERENCES people (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX shop_misses_of_clerk ON shop_misses (clerk_id, at);

-- What was handed out at a counter within a month.
CREATE INDEX redemptions_settled ON redemptions (item_id, settled_at) WHERE state = 'collected';
