-- What activities gave by the rules: what stood on the card, what kind and evidence made of it, and what the limits left. FEATURES row 78.

CREATE TABLE point_awards (
    person_id INTEGER NOT NULL REFERENCES people (id),
    cause TEXT NOT NULL,
    -- The county's day on which the activity began: it is that day's limit, and that month's, that it counts for.
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    grade TEXT NOT NULL CHECK (grade IN ('A', 'B', 'C')),
    on_card INTEGER NOT NULL CHECK (on_card > 0),
    earned INTEGER NOT NULL CHECK (earned >= 0),
    given INTEGER NOT NULL CHECK (given BETWEEN 0 AND earned),
    -- Which limit has cut it; '' where none has.
    cut_by TEXT NOT NULL CHECK (cut_by IN ('', 'activity_max', 'day_max', 'month_max')),
    rule INTEGER NOT NULL REFERENCES point_rules (version),
    transfer_id INTEGER UNIQUE REFERENCES transfers (id),
    -- One activity gives somebody points once.
    PRIMARY KEY (person_id, cause),
    CHECK ((cut_by = '') = (given = earned)),
    CHECK ((transfer_id IS NULL) = (given = 0))
) STRICT;
-- What somebody has been given for a day, and for a month.
CREATE INDEX point_awards_by_day ON point_awards (person_id, day, given);

-- Only tasks, duties and visits give points: the other kinds have nothing to multiply.
ALTER TABLE point_rules DROP COLUMN event_tenths;
ALTER TABLE point_rules DROP COLUMN training_tenths;
ALTER TABLE point_rules DROP COLUMN class_tenths;

-- [sqlite]
CREATE TRIGGER point_awards_stay BEFORE UPDATE ON point_awards BEGIN SELECT RAISE(ABORT, 'point_awards rows are never changed'); END;
CREATE TRIGGER point_awards_remain BEFORE DELETE ON point_awards BEGIN SELECT RAISE(ABORT, 'point_awards rows are never removed'); END;
-- [postgresql]
CREATE TRIGGER point_awards_stay BEFORE UPDATE ON point_awards FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER point_awards_remain BEFORE DELETE ON point_awards FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- [both]
