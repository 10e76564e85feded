-- What is planned for a subject is found by the same index that keeps it from being planned twice: one index less to write
-- for each of 100,000 reminders.
DROP INDEX due_subject;
-- [sqlite]
CREATE TABLE due_anew (
    id INTEGER PRIMARY KEY,
    bot INTEGER NOT NULL,
    deed TEXT NOT NULL,
    subject TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    -- After this instant it is reported as too late instead of done.
    until INTEGER,
    -- missed: too late when its turn came; late: and the admins have been told.
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'missed', 'late', 'broken')),
    attempts INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER NOT NULL,
    error TEXT,
    done_at INTEGER,
    UNIQUE (bot, subject, deed, due_at)
) STRICT;
INSERT INTO due_anew SELECT * FROM due;
DROP TABLE due;
ALTER TABLE due_anew RENAME TO due;
CREATE INDEX due_waiting ON due (bot, retry_at) WHERE state = 'new';
CREATE INDEX due_missed ON due (bot) WHERE state = 'missed';
-- [postgresql]
ALTER TABLE due DROP CONSTRAINT due_bot_deed_subject_due_at_key;
ALTER TABLE due ADD UNIQUE (bot, subject, deed, due_at);
