-- Two records of one person become one: an admin asks, a second one agrees, and so does whoever it is about.

-- The record that a person's things went on to. Always one that is in use: whoever merges it on points this on, too.
ALTER TABLE people ADD COLUMN merged_into INTEGER REFERENCES people (id);
-- The account from which a merged record was used: whoever writes from it is told where the record went.
ALTER TABLE people ADD COLUMN once_telegram_id INTEGER;
CREATE INDEX people_merged ON people (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX people_once ON people (once_telegram_id) WHERE once_telegram_id IS NOT NULL;

-- The person to whom everything goes on that still comes to a merged record's account.
ALTER TABLE accounts ADD COLUMN heir INTEGER REFERENCES people (id);

CREATE TABLE merges (
    id INTEGER PRIMARY KEY,
    -- The record that goes, and the one that stays.
    old_id INTEGER NOT NULL REFERENCES people (id),
    into_id INTEGER NOT NULL REFERENCES people (id),
    -- What the one that goes was called; empty once the person is forgotten.
    old_name TEXT NOT NULL,
    asked_by INTEGER NOT NULL REFERENCES people (id),
    asked_at INTEGER NOT NULL,
    agreed_by INTEGER REFERENCES people (id),
    agreed_at INTEGER,
    -- waiting: for a second admin; asked: the person is asked; done; declined: somebody said no, or nobody said yes.
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'asked', 'done', 'declined')),
    -- Until when the person is waited for.
    until INTEGER,
    -- 1: said from this account that both are the same person.
    old_yes INTEGER NOT NULL DEFAULT 0 CHECK (old_yes IN (0, 1)),
    into_yes INTEGER NOT NULL DEFAULT 0 CHECK (into_yes IN (0, 1)),
    settled_by INTEGER REFERENCES people (id),
    settled_at INTEGER,
    CHECK (old_id <> into_id),
    -- Nobody decides about himself, and nobody alone.
    CHECK (asked_by <> old_id AND asked_by <> into_id),
    CHECK (agreed_by <> asked_by AND agreed_by <> old_id AND agreed_by <> into_id),
    CHECK ((agreed_by IS NULL) = (agreed_at IS NULL)),
    CHECK (state NOT IN ('asked', 'done') OR agreed_by IS NOT NULL),
    CHECK ((state IN ('waiting', 'asked')) = (settled_at IS NULL))
) STRICT;
CREATE INDEX merges_of_old ON merges (old_id);
CREATE INDEX merges_of_into ON merges (into_id);
CREATE INDEX merges_open ON merges (id) WHERE state IN ('waiting', 'asked');
