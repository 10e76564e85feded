-- Points that members give away: set aside at once, and with the receiver once they can't be taken back any more.

CREATE TABLE gifts (
    id INTEGER PRIMARY KEY,
    giver_id INTEGER NOT NULL REFERENCES people (id),
    -- One of the two: a person, or the budget of a group.
    person_id INTEGER REFERENCES people (id) CHECK (person_id <> giver_id),
    group_id INTEGER REFERENCES groups (id),
    amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 1000000),
    -- What is said with it; empty where nothing is.
    words TEXT NOT NULL,
    -- Made with the form that it came from: told again it is the same gift.
    key TEXT NOT NULL UNIQUE,
    made_at INTEGER NOT NULL,
    final_at INTEGER NOT NULL CHECK (final_at >= made_at),
    -- The transfer that set the points aside, in the account `reserved` of owner -id: the owners above nothing are the
    -- reservations of the shop.
    reservation_id INTEGER UNIQUE REFERENCES transfers (id),
    -- taken_back: by the giver, in time; given_back: by the receiver, afterwards; off: it could not come about.
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'given', 'taken_back', 'given_back', 'off')),
    settled_at INTEGER,
    CHECK ((person_id IS NULL) <> (group_id IS NULL)),
    CHECK ((state = 'waiting') = (settled_at IS NULL))
) STRICT;
-- What somebody has given in a month, and what he got.
CREATE INDEX gifts_of_giver ON gifts (giver_id, made_at);
CREATE INDEX gifts_of_person ON gifts (person_id);
CREATE INDEX gifts_of_group ON gifts (group_id);
