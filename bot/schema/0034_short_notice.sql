-- Short notice: who can be asked for a place at the last moment and what suits him, and who wants to hear of an activity.

CREATE TABLE standbys (
    person_id INTEGER NOT NULL PRIMARY KEY REFERENCES people (id),
    -- 1: may be asked for places at short notice.
    takes INTEGER NOT NULL DEFAULT 0 CHECK (takes IN (0, 1)),
    -- When he is free: a bit for each weekday's morning, afternoon and evening, Monday's morning the lowest. 0: any time.
    parts INTEGER NOT NULL DEFAULT 0 CHECK (parts BETWEEN 0 AND 2097151)
) STRICT;
CREATE INDEX standbys_taking ON standbys (person_id) WHERE takes = 1;

-- What suits him, word by word, in small letters; `pattern` finds the word in a text.
CREATE TABLE standby_words (
    person_id INTEGER NOT NULL REFERENCES standbys (person_id),
    kind TEXT NOT NULL CHECK (kind IN ('interest', 'area', 'skill')),
    word TEXT NOT NULL,
    pattern TEXT NOT NULL,
    PRIMARY KEY (person_id, kind, word)
) STRICT, WITHOUT ROWID;

-- Who wants to hear when a place is free, or when people are short. It fires once; then it is used up.
CREATE TABLE watches (
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    what TEXT NOT NULL CHECK (what IN ('open', 'short')),
    armed INTEGER NOT NULL DEFAULT 1 CHECK (armed IN (0, 1)),
    made_at INTEGER NOT NULL,
    fired_at INTEGER,
    PRIMARY KEY (activity_id, what, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX watches_of_person ON watches (person_id, activity_id);
