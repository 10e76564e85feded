-- Sign-ups know more states: asked for a place that is drawn or given later, and offered one that has to be accepted; and
-- how somebody came, or why not.
-- [sqlite]
CREATE TABLE participations_anew (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    -- applied: asks for a place that is drawn or given later; waiting: in the queue; offered: a place is kept for him
    -- until he answers; in: has a place; out: withdrew, or was not chosen.
    state TEXT NOT NULL CHECK (state IN ('applied', 'waiting', 'offered', 'in', 'out')),
    -- Which state was withdrawn from.
    was TEXT CHECK (was IN ('applied', 'waiting', 'offered', 'in')),
    -- When this state began.
    since INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    -- 1 came, 0 missed, NULL not said yet: only a mark until it is confirmed.
    came INTEGER CHECK (came IN (0, 1)),
    confirmed_at INTEGER,
    confirmed_by INTEGER REFERENCES people (id),
    -- Until when an offered place is kept.
    until INTEGER,
    -- Of those who came: late, or left early; of those who did not: excused. NULL: neither.
    how TEXT,
    CHECK ((confirmed_at IS NULL) = (confirmed_by IS NULL)),
    CHECK (confirmed_at IS NULL OR (state = 'in' AND came IS NOT NULL)),
    -- Nobody confirms himself.
    CHECK (confirmed_by IS NULL OR confirmed_by <> person_id),
    CONSTRAINT participations_offers_end CHECK ((state = 'offered') = (until IS NOT NULL)),
    CONSTRAINT participations_how
        CHECK (how IS NULL OR (how IN ('late', 'left') AND came = 1) OR (how = 'excused' AND came = 0))
) STRICT;
INSERT INTO participations_anew
    SELECT id, activity_id, person_id, state, was, since, made_at, came, confirmed_at, confirmed_by, NULL, NULL
    FROM participations;
DROP TABLE participations;
ALTER TABLE participations_anew RENAME TO participations;
CREATE UNIQUE INDEX participations_live ON participations (activity_id, person_id) WHERE state <> 'out';
CREATE INDEX participations_of_activity ON participations (activity_id, state, id);
CREATE INDEX participations_of_person ON participations (person_id, state, activity_id);
CREATE INDEX participations_made ON participations (made_at);
CREATE INDEX participations_confirmed ON participations (confirmed_at, came) WHERE came = 1;
CREATE TRIGGER days_of_sign_ups AFTER INSERT ON participations
BEGIN
    UPDATE days SET sign_ups = sign_ups + 1
    WHERE starts_at BETWEEN NEW.made_at - 90000 AND NEW.made_at AND ends_at > NEW.made_at;
END;
CREATE TRIGGER days_of_confirmed AFTER UPDATE OF came, confirmed_at ON participations
WHEN OLD.confirmed_at IS NOT NULL OR NEW.confirmed_at IS NOT NULL
BEGIN
    UPDATE days SET confirmed = confirmed - 1 WHERE OLD.came = 1
    AND starts_at BETWEEN OLD.confirmed_at - 90000 AND OLD.confirmed_at AND ends_at > OLD.confirmed_at;
    UPDATE days SET confirmed = confirmed + 1 WHERE NEW.came = 1
    AND starts_at BETWEEN NEW.confirmed_at - 90000 AND NEW.confirmed_at AND ends_at > NEW.confirmed_at;
END;
-- [postgresql]
ALTER TABLE participations DROP CONSTRAINT participations_state_check;
ALTER TABLE participations ADD CONSTRAINT participations_state_check
    CHECK (state IN ('applied', 'waiting', 'offered', 'in', 'out'));
ALTER TABLE participations DROP CONSTRAINT participations_was_check;
ALTER TABLE participations ADD CONSTRAINT participations_was_check
    CHECK (was IN ('applied', 'waiting', 'offered', 'in'));
ALTER TABLE participations ADD COLUMN until INTEGER;
ALTER TABLE participations ADD COLUMN how TEXT;
ALTER TABLE participations ADD CONSTRAINT participations_offers_end CHECK ((state = 'offered') = (until IS NOT NULL));
ALTER TABLE participations ADD CONSTRAINT participations_how
    CHECK (how IS NULL OR (how IN ('late', 'left') AND came = 1) OR (how = 'excused' AND came = 0));
