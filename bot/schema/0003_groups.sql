-- Interest groups: who is in, who leads, who waits, and the Telegram group where they talk.

CREATE TABLE groups (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    about TEXT NOT NULL DEFAULT '',
    -- NULL: as many as like. `members` is kept by the same statements that let people in and out.
    capacity INTEGER CHECK (capacity > 0),
    members INTEGER NOT NULL DEFAULT 0 CHECK (members >= 0),
    -- The Telegram group of its members, at most one group a chat, and the language in which the bot posts there.
    chat_id INTEGER UNIQUE,
    chat_language TEXT CHECK (chat_language IN ('zh_CN', 'en')),
    made_at INTEGER NOT NULL,
    made_by INTEGER REFERENCES people (id),
    closed_at INTEGER,
    CHECK (capacity IS NULL OR members <= capacity),
    CHECK ((chat_id IS NULL) = (chat_language IS NULL))
) STRICT;
-- A name belongs to one open group, however it is written; a closed group's name is free again.
CREATE UNIQUE INDEX groups_by_name ON groups (lower(name)) WHERE closed_at IS NULL;
CREATE INDEX groups_listed ON groups (name, id) WHERE closed_at IS NULL;

CREATE TABLE memberships (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id INTEGER NOT NULL REFERENCES groups (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    -- in: a member; waiting: in the queue, in the order of ids; left: was one of these.
    state TEXT NOT NULL CHECK (state IN ('in', 'waiting', 'left')),
    -- When he got in, or into the queue; leaving does not touch it, so that leaving can be undone.
    since INTEGER NOT NULL,
    left_from TEXT CHECK (left_from IN ('in', 'waiting')),
    left_at INTEGER,
    -- Who removed him, and why; NULL where he left by himself.
    removed_by INTEGER REFERENCES people (id),
    removed_why TEXT CHECK (removed_why IN ('absent', 'wish', 'rules', 'other', 'closed')),
    CHECK ((state = 'left') = (left_at IS NOT NULL AND left_from IS NOT NULL))
) STRICT;
-- One live membership a person and group, whatever is tapped how often.
CREATE UNIQUE INDEX memberships_live ON memberships (group_id, person_id) WHERE state <> 'left';
CREATE INDEX memberships_of_person ON memberships (person_id, state);
CREATE INDEX memberships_of_group ON memberships (group_id, state, id);

CREATE TABLE leaders (
    group_id INTEGER NOT NULL REFERENCES groups (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    since INTEGER NOT NULL,
    given_by INTEGER REFERENCES people (id),
    PRIMARY KEY (group_id, person_id)
) STRICT;
CREATE INDEX leaders_by_person ON leaders (person_id);
