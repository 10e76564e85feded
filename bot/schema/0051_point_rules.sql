-- The rules of points, version by version: entries name the version they were made by. FEATURES row 78.

CREATE TABLE point_rules (
    version INTEGER NOT NULL PRIMARY KEY,
    -- The most that one activity gives a person.
    activity_max INTEGER NOT NULL CHECK (activity_max BETWEEN 0 AND 1000),
    -- So much an admin gives by hand alone; for more a second one agrees.
    granted_alone INTEGER NOT NULL CHECK (granted_alone BETWEEN 0 AND 1000000),
    -- The most that one person is given by hand in a month of the county's calendar.
    granted_month INTEGER NOT NULL CHECK (granted_month BETWEEN 0 AND 1000000),
    why TEXT NOT NULL,
    made_by INTEGER REFERENCES people (id),
    made_at INTEGER NOT NULL
) STRICT;
INSERT INTO point_rules (version, activity_max, granted_alone, granted_month, why, made_at)
VALUES (1, 1000, 50, 500, '', 0);

-- [sqlite]
CREATE TRIGGER point_rules_stay BEFORE UPDATE ON point_rules BEGIN SELECT RAISE(ABORT, 'point_rules rows are never changed'); END;
CREATE TRIGGER point_rules_remain BEFORE DELETE ON point_rules BEGIN SELECT RAISE(ABORT, 'point_rules rows are never removed'); END;
-- [postgresql]
CREATE TRIGGER point_rules_stay BEFORE UPDATE ON point_rules FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER point_rules_remain BEFORE DELETE ON point_rules FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- [both]
