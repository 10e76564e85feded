-- How many signed up for an activity, came, and with how many minutes that count, by what they take part as: a month by
-- origin adds up a hundred activities with all their people. docs/decisions/0020 explains it.

-- What each who is in adds to those numbers.
CREATE VIEW counted_sign_ups AS
SELECT p.id, p.activity_id, COALESCE(p.role_id, 0) AS role_id, p.person_id, 1 AS signed_up,
    CASE WHEN p.came = 1 AND p.confirmed_at IS NOT NULL THEN 1 ELSE 0 END AS came,
    CASE WHEN p.came = 1 THEN (SELECT CAST(COALESCE(SUM(h.minutes), 0) AS BIGINT) FROM hours_records h
        WHERE h.cause = 'activity:' || CAST(p.activity_id AS TEXT) AND h.person_id = p.person_id AND h.state = 'standing')
        ELSE 0 END AS minutes
FROM participations p WHERE p.state = 'in';

CREATE TABLE turnouts (
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    -- 0: of those without a role.
    role_id INTEGER NOT NULL,
    signed_up INTEGER NOT NULL CHECK (signed_up >= 0),
    came INTEGER NOT NULL CHECK (came >= 0),
    minutes INTEGER NOT NULL CHECK (minutes >= 0),
    PRIMARY KEY (activity_id, role_id)
) STRICT, WITHOUT ROWID;
INSERT INTO turnouts (activity_id, role_id, signed_up, came, minutes)
SELECT activity_id, role_id, CAST(SUM(signed_up) AS BIGINT), CAST(SUM(came) AS BIGINT), CAST(SUM(minutes) AS BIGINT)
FROM counted_sign_ups GROUP BY activity_id, role_id;

-- What somebody adds is taken out before anything of it changes, and put in as it has become. No hours count from the
-- moment they are written: they begin as ones that wait.
-- [sqlite]
CREATE TRIGGER turnouts_before BEFORE UPDATE OF activity_id, role_id, person_id, state, came, confirmed_at ON participations
WHEN OLD.state = 'in'
BEGIN
    UPDATE turnouts SET signed_up = turnouts.signed_up - c.signed_up, came = turnouts.came - c.came,
        minutes = turnouts.minutes - c.minutes
    FROM counted_sign_ups c WHERE c.id = OLD.id AND turnouts.activity_id = c.activity_id AND turnouts.role_id = c.role_id;
END;
CREATE TRIGGER turnouts_after AFTER UPDATE OF activity_id, role_id, person_id, state, came, confirmed_at ON participations
WHEN NEW.state = 'in'
BEGIN
    INSERT INTO turnouts (activity_id, role_id, signed_up, came, minutes)
    SELECT activity_id, role_id, signed_up, came, minutes FROM counted_sign_ups WHERE id = NEW.id
    ON CONFLICT (activity_id, role_id) DO UPDATE SET signed_up = turnouts.signed_up + excluded.signed_up,
        came = turnouts.came + excluded.came, minutes = turnouts.minutes + excluded.minutes;
END;
CREATE TRIGGER turnouts_of_new AFTER INSERT ON participations WHEN NEW.state = 'in'
BEGIN
    INSERT INTO turnouts (activity_id, role_id, signed_up, came, minutes)
    SELECT activity_id, role_id, signed_up, came, minutes FROM counted_sign_ups WHERE id = NEW.id
    ON CONFLICT (activity_id, role_id) DO UPDATE SET signed_up = turnouts.signed_up + excluded.signed_up,
        came = turnouts.came + excluded.came, minutes = turnouts.minutes + excluded.minutes;
END;
CREATE TRIGGER turnouts_of_hours AFTER UPDATE OF state ON hours_records
WHEN (OLD.state = 'standing') <> (NEW.state = 'standing')
BEGIN
    UPDATE turnouts SET minutes = turnouts.minutes + CASE NEW.state WHEN 'standing' THEN NEW.minutes ELSE -NEW.minutes END
    FROM participations p WHERE p.person_id = NEW.person_id AND p.state = 'in' AND p.came = 1
    AND NEW.cause = 'activity:' || CAST(p.activity_id AS TEXT)
    AND turnouts.activity_id = p.activity_id AND turnouts.role_id = COALESCE(p.role_id, 0);
END;
-- [postgresql]
CREATE FUNCTION take_out_of_turnouts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE turnouts SET signed_up = turnouts.signed_up - c.signed_up, came = turnouts.came - c.came,
        minutes = turnouts.minutes - c.minutes
    FROM counted_sign_ups c WHERE c.id = OLD.id AND turnouts.activity_id = c.activity_id AND turnouts.role_id = c.role_id;
    RETURN NEW;
END $$;
CREATE FUNCTION put_into_turnouts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO turnouts (activity_id, role_id, signed_up, came, minutes)
    SELECT activity_id, role_id, signed_up, came, minutes FROM counted_sign_ups WHERE id = NEW.id
    ON CONFLICT (activity_id, role_id) DO UPDATE SET signed_up = turnouts.signed_up + excluded.signed_up,
        came = turnouts.came + excluded.came, minutes = turnouts.minutes + excluded.minutes;
    RETURN NULL;
END $$;
-- Somebody's sign-up is held, so that none who marks at the same time that he came misses these hours, nor they him.
CREATE FUNCTION hours_into_turnouts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE presence RECORD;
BEGIN
    FOR presence IN SELECT activity_id, COALESCE(role_id, 0) AS role_id, came FROM participations
        WHERE person_id = NEW.person_id AND state = 'in' AND NEW.cause = 'activity:' || CAST(activity_id AS TEXT)
        FOR NO KEY UPDATE
    LOOP
        UPDATE turnouts SET minutes = minutes + CASE NEW.state WHEN 'standing' THEN NEW.minutes ELSE -NEW.minutes END
        WHERE presence.came = 1 AND activity_id = presence.activity_id AND role_id = presence.role_id;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER turnouts_before BEFORE UPDATE OF activity_id, role_id, person_id, state, came, confirmed_at ON participations
FOR EACH ROW WHEN (OLD.state = 'in') EXECUTE FUNCTION take_out_of_turnouts();
CREATE TRIGGER turnouts_after AFTER UPDATE OF activity_id, role_id, person_id, state, came, confirmed_at ON participations
FOR EACH ROW WHEN (NEW.state = 'in') EXECUTE FUNCTION put_into_turnouts();
CREATE TRIGGER turnouts_of_new AFTER INSERT ON participations
FOR EACH ROW WHEN (NEW.state = 'in') EXECUTE FUNCTION put_into_turnouts();
CREATE TRIGGER turnouts_of_hours AFTER UPDATE OF state ON hours_records
FOR EACH ROW WHEN ((OLD.state = 'standing') <> (NEW.state = 'standing')) EXECUTE FUNCTION hours_into_turnouts();
-- [both]
