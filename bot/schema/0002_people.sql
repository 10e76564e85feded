-- People, the audit chain, and the code that makes the first admin.

CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    -- Who it is on Telegram; emptied when the person is forgotten, and nothing else leads back to him.
    telegram_id INTEGER UNIQUE,
    nickname TEXT NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('zh_CN', 'en')),
    role TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'auditor', 'admin')),
    -- Quiet hours in minutes after midnight, the county's time; both NULL where there are none.
    quiet_from INTEGER CHECK (quiet_from BETWEEN 0 AND 1439),
    quiet_to INTEGER CHECK (quiet_to BETWEEN 0 AND 1439),
    -- Hours before an event at which this person is reminded; NULL: the county's setting.
    event_lead_hours INTEGER,
    registered_at INTEGER NOT NULL,
    forgotten_at INTEGER,
    CHECK ((quiet_from IS NULL) = (quiet_to IS NULL)),
    CHECK (forgotten_at IS NULL OR telegram_id IS NULL)
) STRICT;
CREATE INDEX people_by_role ON people (role) WHERE role <> 'member';
CREATE INDEX people_by_name ON people (nickname);

-- Who did what that others rely on. Each row's hash covers the one before it. No personal data in `details`: only ids.
CREATE TABLE audit (
    number INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    bot INTEGER NOT NULL,
    actor_id INTEGER REFERENCES people (id),
    deed TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL,
    -- The update, due row or command line that caused it.
    cause TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_actor ON audit (actor_id, number);
CREATE INDEX audit_by_subject ON audit (subject, number);

-- The end of the chain: whoever adds a row changes this one first, so that two can't add at once.
CREATE TABLE audit_head (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_head (id, number, hash) VALUES (1, 0, '');

-- One-time codes that make the first admin; only their hash is kept.
CREATE TABLE claim_codes (
    hash TEXT NOT NULL PRIMARY KEY,
    made_at INTEGER NOT NULL,
    used_at INTEGER,
    used_by INTEGER REFERENCES people (id)
) STRICT;

-- [sqlite]
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER audit_remains BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are never removed'); END;
-- [postgresql]
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% rows are never changed or removed', TG_TABLE_NAME; END $$;
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- [both]
