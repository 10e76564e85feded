-- Duty posts and their rotas: what is served each week, who may be drawn, who was drawn and why, who takes over from whom.

CREATE TABLE rota_posts (
    id INTEGER PRIMARY KEY,
    -- Its leaders answer for the post.
    group_id INTEGER NOT NULL REFERENCES groups (id),
    name TEXT NOT NULL CHECK (name <> ''),
    place TEXT NOT NULL CHECK (place <> ''),
    -- 1: every member of the group serves; 0: those who said that they do.
    everybody INTEGER NOT NULL CHECK (everybody IN (0, 1)),
    -- How often one person is drawn at most: in a week, and in a whole draw (NULL: no limit).
    week_max INTEGER NOT NULL CHECK (week_max BETWEEN 1 AND 7),
    draw_max INTEGER CHECK (draw_max BETWEEN 1 AND 200),
    -- After how many duties somebody is experienced.
    experienced_after INTEGER NOT NULL CHECK (experienced_after BETWEEN 0 AND 50),
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL REFERENCES people (id),
    closed_at INTEGER
) STRICT;
CREATE INDEX rota_posts_of_group ON rota_posts (group_id, id) WHERE closed_at IS NULL;

-- What is served each week, as local wall time: the instants are computed for each day, so that a clock change moves none.
CREATE TABLE rota_slots (
    id INTEGER PRIMARY KEY,
    post_id INTEGER NOT NULL REFERENCES rota_posts (id),
    -- 0 is Monday.
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    -- Minutes after midnight, and how long.
    minute INTEGER NOT NULL CHECK (minute BETWEEN 0 AND 1439),
    length INTEGER NOT NULL CHECK (length BETWEEN 15 AND 1440),
    people INTEGER NOT NULL CHECK (people BETWEEN 1 AND 20),
    removed_at INTEGER
) STRICT;
CREATE INDEX rota_slots_of_post ON rota_slots (post_id, weekday, minute) WHERE removed_at IS NULL;

-- On which weekdays somebody serves at a post: the sum of 1 (Monday), 2, 4 ... 64. 0: not at all.
CREATE TABLE rota_servers (
    post_id INTEGER NOT NULL REFERENCES rota_posts (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    weekdays INTEGER NOT NULL CHECK (weekdays BETWEEN 0 AND 127),
    since INTEGER NOT NULL,
    PRIMARY KEY (post_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX rota_servers_of_person ON rota_servers (person_id, post_id);

-- When somebody is away, from one day to another, both included.
CREATE TABLE rota_away (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES people (id),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    CHECK (first_day <= last_day)
) STRICT;
CREATE INDEX rota_away_of_person ON rota_away (person_id, last_day);

-- Draws: a preview until it is published. Whoever has `inputs` and `seed` comes to the same `outcome`.
CREATE TABLE rota_drawings (
    id INTEGER PRIMARY KEY,
    post_id INTEGER NOT NULL REFERENCES rota_posts (id),
    -- A Monday.
    first_day TEXT NOT NULL,
    weeks INTEGER NOT NULL CHECK (weeks BETWEEN 1 AND 26),
    seed TEXT NOT NULL,
    inputs TEXT NOT NULL,
    outcome TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL REFERENCES people (id),
    published_at INTEGER,
    undone_at INTEGER,
    CHECK (undone_at IS NULL OR published_at IS NOT NULL)
) STRICT;
-- The seed of a first day stays: looking again gives no other lots.
CREATE UNIQUE INDEX rota_drawings_preview ON rota_drawings (post_id, first_day) WHERE published_at IS NULL;
CREATE INDEX rota_drawings_of_post ON rota_drawings (post_id, first_day, id);

-- What a published draw meant for each who could be drawn: how many duties, how often he had served, and when last.
CREATE TABLE rota_shares (
    drawing_id INTEGER NOT NULL REFERENCES rota_drawings (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    duties INTEGER NOT NULL,
    served INTEGER NOT NULL,
    last_at INTEGER,
    PRIMARY KEY (drawing_id, person_id)
) STRICT, WITHOUT ROWID;

-- One slot on one day.
CREATE TABLE rota_shifts (
    id INTEGER PRIMARY KEY,
    post_id INTEGER NOT NULL REFERENCES rota_posts (id),
    slot_id INTEGER NOT NULL REFERENCES rota_slots (id),
    day TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    people INTEGER NOT NULL,
    -- How many are on; changed by the statements that let somebody on or off.
    taken INTEGER NOT NULL DEFAULT 0 CHECK (taken BETWEEN 0 AND people),
    -- How many gaps there have been: each change is told once.
    gaps INTEGER NOT NULL DEFAULT 0,
    -- When its leader said who served.
    settled_at INTEGER,
    settled_by INTEGER REFERENCES people (id),
    UNIQUE (slot_id, day),
    CHECK (starts_at < ends_at),
    CHECK ((settled_at IS NULL) = (settled_by IS NULL))
) STRICT;
CREATE INDEX rota_shifts_of_post ON rota_shifts (post_id, starts_at);

-- Somebody on a shift. Who is off it stays as a row: it says what was.
CREATE TABLE rota_duties (
    id INTEGER PRIMARY KEY,
    shift_id INTEGER NOT NULL REFERENCES rota_shifts (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    state TEXT NOT NULL CHECK (state IN ('on', 'off')),
    -- drawn; taken: a gap; stood: in for somebody who looked for one; swapped.
    how TEXT NOT NULL CHECK (how IN ('drawn', 'taken', 'stood', 'swapped')),
    drawing_id INTEGER REFERENCES rota_drawings (id),
    -- The duty of somebody else that this one stands for.
    from_id INTEGER REFERENCES rota_duties (id),
    -- Why it is off: redrawn, given up, relieved by somebody, swapped, the slot or the person is gone, an undone step.
    why TEXT CHECK (why IN ('redrawn', 'given', 'relieved', 'swapped', 'gone', 'undone')),
    -- When this state began.
    since INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    -- Since when he looks for somebody to take over.
    seeking_at INTEGER,
    -- 1 served, 0 missed, NULL not said yet: only a mark until the shift is settled.
    came INTEGER CHECK (came IN (0, 1)),
    -- What the next one should know.
    note TEXT NOT NULL DEFAULT '',
    noted_at INTEGER,
    CHECK ((state = 'off') = (why IS NOT NULL)),
    CHECK (seeking_at IS NULL OR state = 'on')
) STRICT;
-- Nobody twice on one shift.
CREATE UNIQUE INDEX rota_duties_once ON rota_duties (shift_id, person_id) WHERE state = 'on';
CREATE INDEX rota_duties_of_person ON rota_duties (person_id, state, shift_id);
CREATE INDEX rota_duties_of_shift ON rota_duties (shift_id, state, id);
CREATE INDEX rota_duties_of_drawing ON rota_duties (drawing_id) WHERE drawing_id IS NOT NULL;

-- Mine for yours: open until one of the two ends it.
CREATE TABLE rota_swaps (
    id INTEGER PRIMARY KEY,
    mine_id INTEGER NOT NULL REFERENCES rota_duties (id),
    theirs_id INTEGER NOT NULL REFERENCES rota_duties (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'taken', 'declined', 'withdrawn', 'undone')),
    made_at INTEGER NOT NULL,
    settled_at INTEGER,
    CHECK ((state = 'open') = (settled_at IS NULL)),
    CHECK (mine_id <> theirs_id)
) STRICT;
CREATE UNIQUE INDEX rota_swaps_open ON rota_swaps (mine_id, theirs_id) WHERE state = 'open';
CREATE INDEX rota_swaps_of_theirs ON rota_swaps (theirs_id) WHERE state = 'open';

-- Who was asked to fill what (`gap:12:1`, `seek:7`): nobody twice.
CREATE TABLE rota_asked (
    subject TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES people (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (subject, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX rota_asked_of_person ON rota_asked (person_id);
