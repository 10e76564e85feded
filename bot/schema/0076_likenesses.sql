-- Who may have two records: names as they are compared, whom to compare next, and the pairs that were found.

-- Each name as it is meant: small letters, no spaces, simplified characters. The bot writes it when it compares.
CREATE TABLE folded_names (
    person_id INTEGER NOT NULL PRIMARY KEY REFERENCES people (id),
    name TEXT NOT NULL
) STRICT;
CREATE INDEX folded_names_by_name ON folded_names (name, person_id);

-- Whose name, group, area or account has changed: compared within a second, then taken off.
CREATE TABLE people_to_compare (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES people (id)
) STRICT;

CREATE TABLE likenesses (
    -- The older record, by its number, and the younger one.
    one_id INTEGER NOT NULL REFERENCES people (id),
    other_id INTEGER NOT NULL REFERENCES people (id),
    -- Why they are thought to be one person: JSON, pairs of a sign and the number of the group or area it is about.
    signs TEXT NOT NULL,
    weight INTEGER NOT NULL,
    found_at INTEGER NOT NULL,
    -- Who said that they are two, which is kept for good.
    denied_by INTEGER REFERENCES people (id),
    denied_at INTEGER,
    PRIMARY KEY (one_id, other_id),
    CHECK (one_id < other_id),
    CHECK ((denied_by IS NULL) = (denied_at IS NULL))
) STRICT;
CREATE INDEX likenesses_open ON likenesses (weight DESC, other_id DESC, one_id) WHERE denied_at IS NULL;
CREATE INDEX likenesses_of_other ON likenesses (other_id);

INSERT INTO people_to_compare (person_id) SELECT id FROM people WHERE forgotten_at IS NULL ORDER BY id;
-- [sqlite]
CREATE TRIGGER people_come AFTER INSERT ON people BEGIN
    INSERT INTO people_to_compare (person_id) VALUES (NEW.id);
END;
CREATE TRIGGER people_renamed AFTER UPDATE OF nickname, telegram_id ON people WHEN NEW.forgotten_at IS NULL BEGIN
    INSERT INTO people_to_compare (person_id) VALUES (NEW.id);
END;
CREATE TRIGGER people_gone AFTER UPDATE OF forgotten_at ON people WHEN NEW.forgotten_at IS NOT NULL BEGIN
    DELETE FROM people_to_compare WHERE person_id = NEW.id;
    DELETE FROM folded_names WHERE person_id = NEW.id;
    DELETE FROM likenesses WHERE one_id = NEW.id OR other_id = NEW.id;
END;
CREATE TRIGGER members_come AFTER INSERT ON memberships WHEN NEW.state = 'in' BEGIN
    INSERT INTO people_to_compare (person_id) VALUES (NEW.person_id);
END;
CREATE TRIGGER members_change AFTER UPDATE OF state, person_id ON memberships
    WHEN NEW.state = 'in' OR OLD.state = 'in' BEGIN
    INSERT INTO people_to_compare (person_id) VALUES (NEW.person_id);
END;
CREATE TRIGGER residents_come AFTER INSERT ON residents BEGIN
    INSERT INTO people_to_compare (person_id) VALUES (NEW.person_id);
END;
CREATE TRIGGER residents_move AFTER UPDATE ON residents BEGIN
    INSERT INTO people_to_compare (person_id) VALUES (NEW.person_id);
END;
CREATE TRIGGER residents_leave AFTER DELETE ON residents BEGIN
    INSERT INTO people_to_compare (person_id) VALUES (OLD.person_id);
END;
CREATE TRIGGER neighbours_come AFTER INSERT ON neighbours BEGIN
    INSERT INTO people_to_compare (person_id) VALUES (NEW.person_id);
END;
CREATE TRIGGER accounts_lost AFTER UPDATE OF state ON chats WHEN NEW.kind = 'private' AND NEW.state <> OLD.state BEGIN
    INSERT INTO people_to_compare (person_id) SELECT id FROM people WHERE telegram_id = NEW.chat_id;
END;
-- [postgresql]
CREATE FUNCTION compare_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO people_to_compare (person_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER people_come AFTER INSERT ON people FOR EACH ROW EXECUTE FUNCTION compare_person();
CREATE TRIGGER people_renamed AFTER UPDATE OF nickname, telegram_id ON people FOR EACH ROW
    WHEN (NEW.forgotten_at IS NULL) EXECUTE FUNCTION compare_person();
CREATE FUNCTION forget_likenesses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM people_to_compare WHERE person_id = NEW.id;
    DELETE FROM folded_names WHERE person_id = NEW.id;
    DELETE FROM likenesses WHERE one_id = NEW.id OR other_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER people_gone AFTER UPDATE OF forgotten_at ON people FOR EACH ROW
    WHEN (NEW.forgotten_at IS NOT NULL) EXECUTE FUNCTION forget_likenesses();
CREATE FUNCTION compare_whoever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO people_to_compare (person_id) VALUES (OLD.person_id);
    ELSE
        INSERT INTO people_to_compare (person_id) VALUES (NEW.person_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER members_come AFTER INSERT ON memberships FOR EACH ROW
    WHEN (NEW.state = 'in') EXECUTE FUNCTION compare_whoever();
CREATE TRIGGER members_change AFTER UPDATE OF state, person_id ON memberships FOR EACH ROW
    WHEN (NEW.state = 'in' OR OLD.state = 'in') EXECUTE FUNCTION compare_whoever();
CREATE TRIGGER residents_change AFTER INSERT OR UPDATE OR DELETE ON residents FOR EACH ROW
    EXECUTE FUNCTION compare_whoever();
CREATE TRIGGER neighbours_come AFTER INSERT ON neighbours FOR EACH ROW EXECUTE FUNCTION compare_whoever();
CREATE FUNCTION compare_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO people_to_compare (person_id) SELECT id FROM people WHERE telegram_id = NEW.chat_id;
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_lost AFTER UPDATE OF state ON chats FOR EACH ROW
    WHEN (NEW.kind = 'private' AND NEW.state <> OLD.state) EXECUTE FUNCTION compare_account();
