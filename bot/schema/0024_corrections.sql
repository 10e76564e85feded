-- What was said of somebody's attendance before it was corrected, and by whom: never changed, never removed.

CREATE TABLE corrections (
    id INTEGER PRIMARY KEY,
    participation_id INTEGER NOT NULL REFERENCES participations (id),
    -- What was confirmed before, by whom and when; signed: nothing was.
    was TEXT NOT NULL CHECK (was IN ('signed', 'came', 'late', 'left', 'missed', 'excused')),
    was_by INTEGER REFERENCES people (id),
    was_at INTEGER,
    became TEXT NOT NULL CHECK (became IN ('came', 'late', 'left', 'missed', 'excused')),
    actor_id INTEGER NOT NULL REFERENCES people (id),
    at INTEGER NOT NULL,
    came_from TEXT NOT NULL CHECK (came_from <> ''),
    audit_number INTEGER NOT NULL REFERENCES audit (number),
    -- A correction says something else.
    CHECK (became <> was),
    CHECK ((was = 'signed') = (was_by IS NULL)),
    CHECK ((was_by IS NULL) = (was_at IS NULL))
) STRICT;
CREATE INDEX corrections_of_sign_up ON corrections (participation_id, id);

-- [sqlite]
CREATE TRIGGER corrections_stay BEFORE UPDATE ON corrections
BEGIN SELECT RAISE(ABORT, 'corrections rows are never changed'); END;
CREATE TRIGGER corrections_remain BEFORE DELETE ON corrections
BEGIN SELECT RAISE(ABORT, 'corrections rows are never removed'); END;
CREATE TRIGGER corrections_keep BEFORE INSERT ON corrections WHEN EXISTS (SELECT 1 FROM corrections WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'corrections rows are never replaced'); END;
-- [postgresql]
CREATE TRIGGER corrections_stay BEFORE UPDATE ON corrections FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER corrections_remain BEFORE DELETE ON corrections FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER corrections_keep BEFORE TRUNCATE ON corrections FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- [both]
