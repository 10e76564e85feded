-- People under 18: an age band instead of a birthday, and a guardian's consent where the law asks for one.

-- child: under 14; youth: 14 to 17; adult: 18 or older. NULL: registered before it was asked.
ALTER TABLE people ADD COLUMN age TEXT CHECK (age IN ('child', 'youth', 'adult'));

-- Before a guardian has agreed nothing is kept of a child but the hash of a token that it holds itself.
CREATE TABLE guardianships (
    id INTEGER PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    made_at INTEGER NOT NULL,
    guardian_id INTEGER REFERENCES people (id),
    consented_at INTEGER,
    -- The child, once it has come in with the token.
    person_id INTEGER REFERENCES people (id),
    withdrawn_at INTEGER,
    CHECK ((guardian_id IS NULL) = (consented_at IS NULL)),
    CHECK (withdrawn_at IS NULL OR consented_at IS NOT NULL),
    -- Nobody is his own guardian.
    CHECK (guardian_id <> person_id)
) STRICT;
CREATE INDEX guardianships_of_child ON guardianships (person_id) WHERE withdrawn_at IS NULL;
CREATE INDEX guardianships_of_guardian ON guardianships (guardian_id, person_id) WHERE withdrawn_at IS NULL;

-- Whoever is under 18 takes part only where somebody who leads is there for it; nobody, where it is for adults.
ALTER TABLE activities ADD COLUMN adults_only INTEGER NOT NULL DEFAULT 0 CHECK (adults_only IN (0, 1));
ALTER TABLE activities ADD COLUMN supervisor_id INTEGER REFERENCES people (id);
