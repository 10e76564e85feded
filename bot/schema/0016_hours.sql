-- Hours of service: what is claimed of somebody's time (records), what of it counts (entries), who agreed, who objects.

-- Why an entry may be. The list is closed: another reason comes with a migration, never at run time.
CREATE TABLE hours_reasons (
    reason TEXT NOT NULL PRIMARY KEY
) STRICT;
-- own: checked in and out himself; roll: the leader's roll-call; afterwards: written later, with proof and a second
-- approver; carried: brought along from elsewhere; reversal: takes back what another entry gave.
INSERT INTO hours_reasons (reason) VALUES ('own'), ('roll'), ('afterwards'), ('carried'), ('reversal');

-- What a person's entries come to, by grade of evidence, in minutes; kept by the statements that write them. Whoever
-- credits or approves holds these rows first, so that two at once can't overlap or pass a limit together.
CREATE TABLE hours_accounts (
    person_id INTEGER NOT NULL PRIMARY KEY REFERENCES people (id),
    a INTEGER NOT NULL DEFAULT 0 CHECK (a >= 0),
    b INTEGER NOT NULL DEFAULT 0 CHECK (b >= 0),
    c INTEGER NOT NULL DEFAULT 0 CHECK (c >= 0),
    d INTEGER NOT NULL DEFAULT 0 CHECK (d >= 0)
) STRICT;

-- One stretch of somebody's time as it was told to us. Only `state`, `needs` and what follows them ever change.
CREATE TABLE hours_records (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES people (id),
    grade TEXT NOT NULL CHECK (grade IN ('A', 'B', 'C', 'D')),
    minutes INTEGER NOT NULL CHECK (minutes > 0),
    -- What was planned for it; NULL where nothing was.
    planned_minutes INTEGER CHECK (planned_minutes > 0),
    begins INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    -- The county's day on which it began: the day's limits count by it.
    day TEXT NOT NULL,
    -- What it was for, such as `activity:12`, and in words.
    cause TEXT NOT NULL CHECK (cause <> ''),
    title TEXT NOT NULL CHECK (title <> ''),
    group_id INTEGER REFERENCES groups (id),
    evidence TEXT NOT NULL DEFAULT '',
    -- When what it was for was published: a record made minutes later is looked at.
    published_at INTEGER,
    entered_by INTEGER NOT NULL REFERENCES people (id),
    bot INTEGER NOT NULL,
    -- The update, due row or command line in whose transaction it was written, and its place in the audit chain.
    came_from TEXT NOT NULL CHECK (came_from <> ''),
    audit_number INTEGER NOT NULL REFERENCES audit (number),
    at INTEGER NOT NULL,
    -- short: less than the share of the planned time that counts; pending: waits for approvals; standing: it counts;
    -- refused: an approver said no; reversed: it counted, and was taken back.
    state TEXT NOT NULL CHECK (state IN ('short', 'pending', 'standing', 'refused', 'reversed')),
    -- 0 nobody's approval, 1 a second person's, 2 a county admin's, 3 two county admins'.
    needs INTEGER NOT NULL CHECK (needs BETWEEN 0 AND 3),
    settled_at INTEGER,
    settled_by INTEGER REFERENCES people (id),
    CHECK (ends > begins),
    CHECK (minutes * 60 <= ends - begins),
    -- Nobody vouches for his own time but by his own check-in.
    CHECK (grade = 'A' OR entered_by <> person_id),
    CHECK (grade <> 'C' OR needs >= 1),
    CHECK (grade <> 'D' OR needs >= 2)
) STRICT;
-- One event is one record, however often it is told, as long as it was not refused or taken back.
CREATE UNIQUE INDEX hours_records_once ON hours_records (person_id, cause, begins)
WHERE state IN ('short', 'pending', 'standing');
CREATE INDEX hours_records_of_person ON hours_records (person_id, id);
CREATE INDEX hours_records_of_day ON hours_records (person_id, day);
CREATE INDEX hours_records_in_time ON hours_records (person_id, ends);
CREATE INDEX hours_records_pending ON hours_records (id) WHERE state = 'pending';
CREATE INDEX hours_records_entered ON hours_records (at, entered_by);

-- Who agreed that a record is true. `roll`: the leader who called the roll, whose word is enough for grade B.
CREATE TABLE hours_approvals (
    record_id INTEGER NOT NULL REFERENCES hours_records (id),
    approver_id INTEGER NOT NULL REFERENCES people (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL CHECK (kind IN ('roll', 'approval')),
    as_admin INTEGER NOT NULL CHECK (as_admin IN (0, 1)),
    -- The county's month, such as 202611: who approved for me in it can't be approved by me.
    month INTEGER NOT NULL,
    came_from TEXT NOT NULL CHECK (came_from <> ''),
    audit_number INTEGER NOT NULL REFERENCES audit (number),
    at INTEGER NOT NULL,
    PRIMARY KEY (record_id, approver_id),
    CHECK (approver_id <> person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX hours_approvals_pairs ON hours_approvals (approver_id, person_id, month);

-- The ledger of hours: minutes that count (+) or were taken back (-).
CREATE TABLE hours_entries (
    id INTEGER PRIMARY KEY,
    record_id INTEGER NOT NULL REFERENCES hours_records (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    grade TEXT NOT NULL CHECK (grade IN ('A', 'B', 'C', 'D')),
    minutes INTEGER NOT NULL CHECK (minutes <> 0),
    reason TEXT NOT NULL REFERENCES hours_reasons (reason),
    cause TEXT NOT NULL CHECK (cause <> ''),
    -- Who told it (or took it back), and who agreed.
    actor_id INTEGER NOT NULL REFERENCES people (id),
    approver_id INTEGER REFERENCES people (id),
    bot INTEGER NOT NULL,
    came_from TEXT NOT NULL CHECK (came_from <> ''),
    audit_number INTEGER NOT NULL REFERENCES audit (number),
    -- The entry that this one takes back. UNIQUE: nothing is taken back twice.
    reverses INTEGER UNIQUE REFERENCES hours_entries (id),
    at INTEGER NOT NULL,
    CHECK ((reverses IS NOT NULL) = (reason = 'reversal')),
    CHECK ((reverses IS NOT NULL) = (minutes < 0)),
    CHECK (reverses < id),
    CHECK (approver_id <> person_id AND approver_id <> actor_id)
) STRICT;
CREATE UNIQUE INDEX hours_entries_once ON hours_entries (record_id) WHERE reverses IS NULL;
CREATE INDEX hours_entries_of_person ON hours_entries (person_id, id);

-- "This is wrong": said by the one whose hours they are, answered by somebody who neither entered nor approved them.
CREATE TABLE hours_disputes (
    id INTEGER PRIMARY KEY,
    record_id INTEGER NOT NULL REFERENCES hours_records (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    words TEXT NOT NULL DEFAULT '',
    opened_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    -- When it went up to the county, because nobody had answered.
    raised_at INTEGER,
    outcome TEXT CHECK (outcome IN ('stands', 'reversed', 'withdrawn')),
    answered_at INTEGER,
    answered_by INTEGER REFERENCES people (id),
    CHECK ((outcome IS NULL) = (answered_at IS NULL)),
    CHECK (outcome = 'withdrawn' OR answered_by <> person_id)
) STRICT;
-- Once a record: what was answered is answered.
CREATE UNIQUE INDEX hours_disputes_once ON hours_disputes (record_id) WHERE outcome IS NULL OR outcome <> 'withdrawn';
CREATE INDEX hours_disputes_open ON hours_disputes (id) WHERE outcome IS NULL;

-- What is made public before it counts: a star, or a certificate.
CREATE TABLE hours_notices (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('star', 'certificate')),
    person_id INTEGER NOT NULL REFERENCES people (id),
    -- Which star, and the minutes it takes; NULL for a certificate.
    star INTEGER CHECK (star BETWEEN 1 AND 9),
    needed INTEGER,
    -- The period of a certificate: days, both included; NULL for a star.
    first_day TEXT,
    last_day TEXT,
    -- What it comes to when it is made public.
    minutes INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    -- open: may be objected to; done: it came; refused: an objection was right; withdrawn: the hours are no longer there.
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'refused', 'withdrawn')),
    settled_at INTEGER,
    CHECK ((kind = 'star') = (star IS NOT NULL AND needed IS NOT NULL)),
    CHECK ((kind = 'certificate') = (first_day IS NOT NULL AND last_day IS NOT NULL)),
    CHECK ((state = 'open') = (settled_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX hours_notices_live ON hours_notices (kind, person_id) WHERE state = 'open';
CREATE INDEX hours_notices_open ON hours_notices (until, id) WHERE state = 'open';

CREATE TABLE hours_objections (
    notice_id INTEGER NOT NULL REFERENCES hours_notices (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    words TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- 1: it was right, 0: it was not.
    upheld INTEGER CHECK (upheld IN (0, 1)),
    answered_at INTEGER,
    answered_by INTEGER REFERENCES people (id),
    PRIMARY KEY (notice_id, person_id),
    CHECK ((upheld IS NULL) = (answered_at IS NULL)),
    CHECK (answered_by <> person_id)
) STRICT, WITHOUT ROWID;

-- Stars that were awarded. `reopened_at`: hours were taken back, and what is left is not enough any more.
CREATE TABLE hours_stars (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES people (id),
    star INTEGER NOT NULL CHECK (star BETWEEN 1 AND 9),
    needed INTEGER NOT NULL,
    notice_id INTEGER NOT NULL UNIQUE REFERENCES hours_notices (id),
    awarded_at INTEGER NOT NULL,
    reopened_at INTEGER
) STRICT;
CREATE UNIQUE INDEX hours_stars_once ON hours_stars (person_id, star) WHERE reopened_at IS NULL;

-- Certificates: what they say stays as it was said; a wrong one is revoked, never changed.
CREATE TABLE hours_certificates (
    id INTEGER PRIMARY KEY,
    -- Twelve characters at random, by which anybody can ask whether it is true.
    code TEXT NOT NULL UNIQUE,
    person_id INTEGER NOT NULL REFERENCES people (id),
    -- The name on it; emptied when the person is forgotten.
    name TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    a INTEGER NOT NULL,
    b INTEGER NOT NULL,
    c INTEGER NOT NULL,
    d INTEGER NOT NULL,
    -- The newest entry that it counts.
    last_entry INTEGER NOT NULL REFERENCES hours_entries (id),
    notice_id INTEGER NOT NULL UNIQUE REFERENCES hours_notices (id),
    issued_at INTEGER NOT NULL,
    revoked_at INTEGER,
    revoked_by INTEGER REFERENCES people (id),
    why TEXT CHECK (why IN ('reversed', 'wrong', 'forgotten')),
    CHECK ((revoked_at IS NULL) = (why IS NULL))
) STRICT;
CREATE INDEX hours_certificates_of_person ON hours_certificates (person_id, id);

-- A group's last activities, when hours for one of them are entered afterwards.
CREATE INDEX activities_lately ON activities (group_id, starts_at) WHERE state <> 'cancelled';

-- Nothing written is changed or removed. `_keep` stops the statement that would go around the other two: REPLACE on
-- SQLite, TRUNCATE on PostgreSQL.
-- [sqlite]
CREATE TRIGGER hours_entries_stay BEFORE UPDATE ON hours_entries
BEGIN SELECT RAISE(ABORT, 'hours_entries rows are never changed'); END;
CREATE TRIGGER hours_entries_remain BEFORE DELETE ON hours_entries
BEGIN SELECT RAISE(ABORT, 'hours_entries rows are never removed'); END;
CREATE TRIGGER hours_entries_keep BEFORE INSERT ON hours_entries WHEN EXISTS (SELECT 1 FROM hours_entries WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'hours_entries rows are never replaced'); END;
CREATE TRIGGER hours_records_stay BEFORE UPDATE OF id, person_id, grade, minutes, planned_minutes, begins, ends, day, cause,
    title, group_id, published_at, entered_by, bot, came_from, audit_number, at ON hours_records
BEGIN SELECT RAISE(ABORT, 'a record of hours never becomes another'); END;
-- A proof is only ever emptied, when the person is forgotten.
CREATE TRIGGER hours_records_proof BEFORE UPDATE OF evidence ON hours_records WHEN NEW.evidence <> ''
BEGIN SELECT RAISE(ABORT, 'a proof is never changed'); END;
CREATE TRIGGER hours_records_remain BEFORE DELETE ON hours_records
BEGIN SELECT RAISE(ABORT, 'hours_records rows are never removed'); END;
CREATE TRIGGER hours_records_keep BEFORE INSERT ON hours_records WHEN EXISTS (SELECT 1 FROM hours_records WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'hours_records rows are never replaced'); END;
CREATE TRIGGER hours_approvals_stay BEFORE UPDATE ON hours_approvals
BEGIN SELECT RAISE(ABORT, 'hours_approvals rows are never changed'); END;
CREATE TRIGGER hours_approvals_remain BEFORE DELETE ON hours_approvals
BEGIN SELECT RAISE(ABORT, 'hours_approvals rows are never removed'); END;
CREATE TRIGGER hours_approvals_keep BEFORE INSERT ON hours_approvals
WHEN EXISTS (SELECT 1 FROM hours_approvals WHERE record_id = NEW.record_id AND approver_id = NEW.approver_id)
BEGIN SELECT RAISE(ABORT, 'hours_approvals rows are never replaced'); END;
-- [postgresql]
CREATE TRIGGER hours_entries_stay BEFORE UPDATE ON hours_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER hours_entries_remain BEFORE DELETE ON hours_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER hours_entries_keep BEFORE TRUNCATE ON hours_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER hours_records_stay BEFORE UPDATE OF id, person_id, grade, minutes, planned_minutes, begins, ends, day, cause,
    title, group_id, published_at, entered_by, bot, came_from, audit_number, at ON hours_records
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER hours_records_proof BEFORE UPDATE OF evidence ON hours_records
FOR EACH ROW WHEN (NEW.evidence <> '') EXECUTE FUNCTION refuse_change();
CREATE TRIGGER hours_records_remain BEFORE DELETE ON hours_records FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER hours_records_keep BEFORE TRUNCATE ON hours_records FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER hours_approvals_stay BEFORE UPDATE ON hours_approvals FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER hours_approvals_remain BEFORE DELETE ON hours_approvals FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER hours_approvals_keep BEFORE TRUNCATE ON hours_approvals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- [both]
