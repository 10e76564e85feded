-- The shop: what points are exchanged for, how many pieces there are and from whom, and what people have reserved.

-- Where something is handed out or a privilege counts: the county's own counter, or a shop that takes part.
CREATE TABLE shop_partners (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    place TEXT NOT NULL,
    -- When it is open, in its own words.
    hours TEXT NOT NULL DEFAULT '',
    closed_at INTEGER,
    made_by INTEGER NOT NULL REFERENCES people (id),
    made_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX shop_partners_by_name ON shop_partners (name);

-- Who hands out there. One who left keeps the row, so that what was handed out can be told.
CREATE TABLE shop_clerks (
    partner_id INTEGER NOT NULL REFERENCES shop_partners (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    since INTEGER NOT NULL,
    left_at INTEGER,
    PRIMARY KEY (partner_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX shop_clerks_of_person ON shop_clerks (person_id, partner_id) WHERE left_at IS NULL;

-- A code that makes one person a clerk, once, for a day.
CREATE TABLE shop_clerk_codes (
    code TEXT NOT NULL PRIMARY KEY,
    partner_id INTEGER NOT NULL REFERENCES shop_partners (id),
    made_by INTEGER NOT NULL REFERENCES people (id),
    until INTEGER NOT NULL,
    used_by INTEGER REFERENCES people (id),
    used_at INTEGER,
    CHECK ((used_by IS NULL) = (used_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE shop_items (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    about TEXT NOT NULL DEFAULT '',
    partner_id INTEGER NOT NULL REFERENCES shop_partners (id),
    -- What one piece costs, in points.
    price INTEGER NOT NULL CHECK (price BETWEEN 1 AND 1000000),
    -- By Telegram's number for it: the bot keeps no pictures itself.
    picture TEXT,
    -- How many pieces a person may have within so many days; 0 days: ever. 0 pieces: as many as there are.
    limit_pieces INTEGER NOT NULL DEFAULT 0 CHECK (limit_pieces >= 0),
    limit_days INTEGER NOT NULL DEFAULT 0 CHECK (limit_days >= 0),
    -- For whom: a star (0: none asked for) and a group (NULL: everybody).
    star INTEGER NOT NULL DEFAULT 0 CHECK (star BETWEEN 0 AND 9),
    group_id INTEGER REFERENCES groups (id),
    opens_at INTEGER,
    closes_at INTEGER CHECK (closes_at > opens_at),
    -- For how many days it is kept for whoever reserved it.
    keep_days INTEGER NOT NULL DEFAULT 7 CHECK (keep_days BETWEEN 1 AND 90),
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
    made_by INTEGER NOT NULL REFERENCES people (id),
    made_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX shop_items_by_name ON shop_items (partner_id, name);
CREATE INDEX shop_items_in_order ON shop_items (state, price, id);

-- Pieces that came in together. How many of them are left is the balance of the lot's account in the ledger: of the kind
-- `sponsor` where somebody gave them, `stock` otherwise; its owner is the lot.
CREATE TABLE shop_lots (
    id INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES shop_items (id),
    pieces INTEGER NOT NULL CHECK (pieces >= 1),
    sponsor TEXT,
    -- The sponsor's own account with us, so that he can see what becomes of it.
    sponsor_id INTEGER REFERENCES people (id) CHECK (sponsor_id IS NULL OR sponsor IS NOT NULL),
    made_by INTEGER NOT NULL REFERENCES people (id),
    made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX shop_lots_of_item ON shop_lots (item_id, id);
CREATE INDEX shop_lots_of_sponsor ON shop_lots (sponsor_id, id) WHERE sponsor_id IS NOT NULL;

CREATE TABLE redemptions (
    id INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES shop_items (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    pieces INTEGER NOT NULL CHECK (pieces >= 1),
    -- What all pieces cost, in points, as they were priced then.
    points INTEGER NOT NULL CHECK (points >= 1),
    code TEXT NOT NULL,
    -- The screen it was reserved from: pressed twice, it is one redemption.
    key TEXT NOT NULL,
    -- reserved: points and pieces are set aside until it is one of the others, once.
    state TEXT NOT NULL DEFAULT 'reserved' CHECK (state IN ('reserved', 'collected', 'cancelled', 'lapsed', 'damaged')),
    -- The transfer that set them aside.
    reservation_id INTEGER UNIQUE REFERENCES transfers (id),
    made_at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    -- How many pieces were handed out, when, and who did it.
    handed INTEGER NOT NULL DEFAULT 0 CHECK (handed BETWEEN 0 AND pieces),
    settled_at INTEGER,
    settled_by INTEGER REFERENCES people (id),
    CHECK ((state = 'reserved') = (settled_at IS NULL)),
    CHECK ((state = 'collected') = (handed > 0))
) STRICT;
CREATE UNIQUE INDEX redemptions_once ON redemptions (person_id, key);
CREATE UNIQUE INDEX redemptions_by_code ON redemptions (code);
CREATE INDEX redemptions_of_person ON redemptions (person_id, id);
CREATE INDEX redemptions_of_item ON redemptions (item_id, person_id, made_at);

-- Who wants to be told when there is an item again: once, then `armed` is 0 and `fired_at` says when.
CREATE TABLE shop_wishes (
    item_id INTEGER NOT NULL REFERENCES shop_items (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    made_at INTEGER NOT NULL,
    armed INTEGER NOT NULL DEFAULT 1 CHECK (armed IN (0, 1)),
    fired_at INTEGER,
    PRIMARY KEY (item_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX shop_wishes_of_person ON shop_wishes (person_id);
