-- What somebody entered in a minute, of which no own check-in is the proof: the supervisor's list adds up a month of it, and
-- finds in it who entered many records in a minute one by one.

CREATE TABLE hours_told (
    -- Unix seconds / 60.
    minute INTEGER NOT NULL,
    entered_by INTEGER NOT NULL REFERENCES people (id),
    -- Of those that were not refused.
    records INTEGER NOT NULL CHECK (records >= 0),
    minutes INTEGER NOT NULL CHECK (minutes >= 0),
    -- With how many updates, refused or not: a roll is called with one.
    steps INTEGER NOT NULL CHECK (steps > 0),
    PRIMARY KEY (minute, entered_by)
) STRICT, WITHOUT ROWID;
CREATE INDEX hours_told_one_by_one ON hours_told (minute) WHERE steps > 1;
INSERT INTO hours_told (minute, entered_by, records, minutes, steps)
SELECT at / 60, entered_by, COUNT(*) FILTER (WHERE state <> 'refused'),
    CAST(COALESCE(SUM(minutes) FILTER (WHERE state <> 'refused'), 0) AS BIGINT), COUNT(DISTINCT came_from)
FROM hours_records WHERE grade <> 'A' GROUP BY at / 60, entered_by;

-- [sqlite]
CREATE TRIGGER hours_told_anew AFTER INSERT ON hours_records WHEN NEW.grade <> 'A'
BEGIN
    INSERT INTO hours_told (minute, entered_by, records, minutes, steps)
    VALUES (NEW.at / 60, NEW.entered_by, 1, NEW.minutes, 1)
    ON CONFLICT (minute, entered_by) DO UPDATE
    SET records = hours_told.records + 1, minutes = hours_told.minutes + excluded.minutes,
        steps = hours_told.steps + CASE WHEN EXISTS (SELECT 1 FROM hours_records r
            WHERE r.grade <> 'A' AND r.at >= NEW.at / 60 * 60 AND r.at < NEW.at / 60 * 60 + 60
            AND r.entered_by = NEW.entered_by AND r.came_from = NEW.came_from AND r.id <> NEW.id) THEN 0 ELSE 1 END;
END;
CREATE TRIGGER hours_told_refused AFTER UPDATE OF state ON hours_records
WHEN NEW.grade <> 'A' AND (OLD.state = 'refused') <> (NEW.state = 'refused')
BEGIN
    UPDATE hours_told SET records = records + CASE NEW.state WHEN 'refused' THEN -1 ELSE 1 END,
        minutes = minutes + CASE NEW.state WHEN 'refused' THEN -NEW.minutes ELSE NEW.minutes END
    WHERE minute = NEW.at / 60 AND entered_by = NEW.entered_by;
END;
-- [postgresql]
CREATE FUNCTION hours_told_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO hours_told (minute, entered_by, records, minutes, steps)
    VALUES (NEW.at / 60, NEW.entered_by, 1, NEW.minutes, 1)
    ON CONFLICT (minute, entered_by) DO UPDATE
    SET records = hours_told.records + 1, minutes = hours_told.minutes + excluded.minutes,
        steps = hours_told.steps + CASE WHEN EXISTS (SELECT 1 FROM hours_records r
            WHERE r.grade <> 'A' AND r.at >= NEW.at / 60 * 60 AND r.at < NEW.at / 60 * 60 + 60
            AND r.entered_by = NEW.entered_by AND r.came_from = NEW.came_from AND r.id <> NEW.id) THEN 0 ELSE 1 END;
    RETURN NULL;
END $$;
CREATE FUNCTION hours_told_refused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE hours_told SET records = records + CASE NEW.state WHEN 'refused' THEN -1 ELSE 1 END,
        minutes = minutes + CASE NEW.state WHEN 'refused' THEN -NEW.minutes ELSE NEW.minutes END
    WHERE minute = NEW.at / 60 AND entered_by = NEW.entered_by;
    RETURN NULL;
END $$;
CREATE TRIGGER hours_told_anew AFTER INSERT ON hours_records
FOR EACH ROW WHEN (NEW.grade <> 'A') EXECUTE FUNCTION hours_told_anew();
CREATE TRIGGER hours_told_refused AFTER UPDATE OF state ON hours_records
FOR EACH ROW WHEN (NEW.grade <> 'A' AND (OLD.state = 'refused') <> (NEW.state = 'refused'))
EXECUTE FUNCTION hours_told_refused();
-- [both]
-- Long after the end: a limit of closing is an hour at least.
CREATE INDEX hours_records_late ON hours_records (at, entered_by, ends, minutes, grade)
WHERE grade <> 'A' AND at - ends > 3600;
