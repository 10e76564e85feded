-- Calls: a leader's recruiting call or an admin's announcement, to whom it went, and what was answered.

CREATE TABLE calls (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('recruit', 'announce')),
    sender_id INTEGER NOT NULL REFERENCES people (id),
    -- The group that calls, or whose members an announcement is for; NULL for an announcement to the county.
    group_id INTEGER REFERENCES groups (id),
    -- NULL until the sender has chosen.
    audience TEXT CHECK (audience IN ('group', 'county')),
    text TEXT NOT NULL,
    -- Where “I'm in” leads, as a button's data; `own`: the card of the group that calls; empty: nowhere.
    link TEXT NOT NULL,
    -- draft: shown to the sender alone; sending; done: everything has arrived or failed; withdrawn: deleted everywhere.
    state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'sending', 'done', 'withdrawn', 'cancelled')),
    made_at INTEGER NOT NULL,
    sent_at INTEGER,
    -- When the last recipient was put into the outbox.
    enlisted_at INTEGER,
    -- How many were put there; and those of the audience who had no open chat with us at that moment.
    enlisted INTEGER NOT NULL DEFAULT 0,
    unreachable INTEGER NOT NULL DEFAULT 0,
    -- What became of them. While it is under way what was marked since `counted_to` is added every few seconds, for a
    -- hundred thousand rows can't be counted anew each time; at the end all of them are counted once.
    sent INTEGER NOT NULL DEFAULT 0,
    blocked INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    dropped INTEGER NOT NULL DEFAULT 0,
    counted_to INTEGER NOT NULL DEFAULT 0,
    -- How many deletions were ordered when it was withdrawn.
    erased INTEGER NOT NULL DEFAULT 0,
    -- The numbers as the sender's screen showed them last.
    shown TEXT NOT NULL DEFAULT '',
    CHECK ((state IN ('draft', 'cancelled')) = (sent_at IS NULL)),
    CHECK (sent_at IS NULL OR audience IS NOT NULL),
    CHECK (audience IS NULL OR audience = 'county' OR group_id IS NOT NULL)
) STRICT;
CREATE INDEX calls_by_group ON calls (group_id, sent_at);
CREATE INDEX calls_by_sender ON calls (sender_id, id);

-- Its text once in each language; the outbox rows of all recipients share these.
CREATE TABLE call_letters (
    call_id INTEGER NOT NULL REFERENCES calls (id),
    language TEXT NOT NULL,
    letter_id INTEGER NOT NULL UNIQUE REFERENCES letters (id),
    PRIMARY KEY (call_id, language)
) STRICT;

CREATE TABLE call_answers (
    call_id INTEGER NOT NULL REFERENCES calls (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    answer TEXT NOT NULL CHECK (answer IN ('coming', 'not_now')),
    at INTEGER NOT NULL,
    -- One answer a person, which may be changed.
    PRIMARY KEY (call_id, person_id)
) STRICT;
CREATE INDEX call_answers_by_person ON call_answers (person_id);
