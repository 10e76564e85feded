-- Figures of days that are over, so that no screen counts years anew. docs/decisions/0007 explains them.

CREATE TABLE days (
    -- Midnights, and the zone they are midnights of: a county that moves to another zone has other days.
    starts_at INTEGER NOT NULL,
    zone TEXT NOT NULL,
    ends_at INTEGER NOT NULL,
    -- People who registered then and are still here, sign-ups that were made, people confirmed as having come, and
    -- points issued less those taken back.
    registered INTEGER NOT NULL,
    sign_ups INTEGER NOT NULL,
    confirmed INTEGER NOT NULL,
    points INTEGER NOT NULL,
    -- How many people wrote something in the thirty days before its end; kept of the newest day alone, and history.
    active INTEGER,
    PRIMARY KEY (starts_at, zone),
    CHECK (ends_at > starts_at)
) STRICT;

-- What is written or corrected of a day that is kept changes its figures in the same transaction. No day is longer than
-- 25 hours. Rows of these tables are never removed.
-- [sqlite]
CREATE TRIGGER days_of_people AFTER INSERT ON people WHEN NEW.forgotten_at IS NULL
BEGIN
    UPDATE days SET registered = registered + 1
    WHERE starts_at BETWEEN NEW.registered_at - 90000 AND NEW.registered_at AND ends_at > NEW.registered_at;
END;
CREATE TRIGGER days_of_leavers AFTER UPDATE OF forgotten_at ON people
WHEN (OLD.forgotten_at IS NULL) <> (NEW.forgotten_at IS NULL)
BEGIN
    UPDATE days SET registered = registered + CASE WHEN NEW.forgotten_at IS NULL THEN 1 ELSE -1 END
    WHERE starts_at BETWEEN NEW.registered_at - 90000 AND NEW.registered_at AND ends_at > NEW.registered_at;
END;
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
CREATE TRIGGER days_of_points AFTER INSERT ON entries
WHEN EXISTS (SELECT 1 FROM accounts WHERE id = NEW.account_id AND kind = 'issue' AND unit = 'points')
BEGIN
    UPDATE days SET points = points - NEW.amount FROM transfers t WHERE t.id = NEW.transfer_id
    AND starts_at BETWEEN t.at - 90000 AND t.at AND ends_at > t.at;
END;
-- [postgresql]
CREATE FUNCTION days_of_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' OR (OLD.forgotten_at IS NULL) <> (NEW.forgotten_at IS NULL) THEN
        UPDATE days SET registered = registered + CASE WHEN NEW.forgotten_at IS NULL THEN 1 ELSE -1 END
        WHERE starts_at BETWEEN NEW.registered_at - 90000 AND NEW.registered_at AND ends_at > NEW.registered_at;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER days_of_people AFTER INSERT OR UPDATE OF forgotten_at ON people
FOR EACH ROW EXECUTE FUNCTION days_of_people();
CREATE FUNCTION days_of_sign_ups() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE days SET sign_ups = sign_ups + 1
    WHERE starts_at BETWEEN NEW.made_at - 90000 AND NEW.made_at AND ends_at > NEW.made_at;
    RETURN NULL;
END $$;
CREATE TRIGGER days_of_sign_ups AFTER INSERT ON participations
FOR EACH ROW EXECUTE FUNCTION days_of_sign_ups();
CREATE FUNCTION days_of_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE days SET confirmed = confirmed - 1 WHERE OLD.came = 1
    AND starts_at BETWEEN OLD.confirmed_at - 90000 AND OLD.confirmed_at AND ends_at > OLD.confirmed_at;
    UPDATE days SET confirmed = confirmed + 1 WHERE NEW.came = 1
    AND starts_at BETWEEN NEW.confirmed_at - 90000 AND NEW.confirmed_at AND ends_at > NEW.confirmed_at;
    RETURN NULL;
END $$;
CREATE TRIGGER days_of_confirmed AFTER UPDATE OF came, confirmed_at ON participations
FOR EACH ROW WHEN (OLD.confirmed_at IS NOT NULL OR NEW.confirmed_at IS NOT NULL) EXECUTE FUNCTION days_of_confirmed();
CREATE FUNCTION days_of_points() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE days SET points = points - NEW.amount FROM transfers t, accounts a
    WHERE t.id = NEW.transfer_id AND a.id = NEW.account_id AND a.kind = 'issue' AND a.unit = 'points'
    AND starts_at BETWEEN t.at - 90000 AND t.at AND ends_at > t.at;
    RETURN NULL;
END $$;
CREATE TRIGGER days_of_points AFTER INSERT ON entries FOR EACH ROW EXECUTE FUNCTION days_of_points();
-- [both]

-- Lists of people are read in the order of their numbers.
CREATE INDEX people_in_order ON people (id) WHERE forgotten_at IS NULL;
