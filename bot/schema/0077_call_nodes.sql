-- Who answers a call to the county, node by node of the tree of groups: kept with each answer, for a county is too large
-- to be counted at each look. In which groups somebody is, is asked of the moment at which the call went out.

-- Each node with how many of its people were called and have answered; somebody in several groups beneath counts once.
CREATE TABLE call_nodes (
    call_id INTEGER NOT NULL REFERENCES calls (id),
    -- A group; -1: those who are in none; -2: the interest groups that hang under none, together.
    group_id INTEGER NOT NULL,
    -- 1: its own members alone; 0: those of all that hangs under it, too.
    own INTEGER NOT NULL CHECK (own IN (0, 1)),
    -- Under which node it is listed; 0: at the top.
    under_id INTEGER NOT NULL,
    called INTEGER NOT NULL DEFAULT 0,
    coming INTEGER NOT NULL DEFAULT 0,
    not_now INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (call_id, group_id, own)
) STRICT, WITHOUT ROWID;
CREATE INDEX call_nodes_under ON call_nodes (call_id, under_id, coming DESC, group_id) WHERE own = 0;

-- In which nodes each answer counts.
CREATE TABLE call_node_answers (
    call_id INTEGER NOT NULL REFERENCES calls (id),
    group_id INTEGER NOT NULL,
    own INTEGER NOT NULL,
    answer TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES people (id),
    PRIMARY KEY (call_id, group_id, own, answer, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX call_node_answers_of_person ON call_node_answers (person_id, call_id);
-- [sqlite]
CREATE TRIGGER call_node_answers_come AFTER INSERT ON call_node_answers BEGIN
    INSERT INTO call_nodes (call_id, group_id, own, under_id, coming, not_now)
    VALUES (NEW.call_id, NEW.group_id, NEW.own, COALESCE((SELECT COALESCE(g.parent_id, CASE g.kind WHEN 'interest' THEN -2 ELSE 0 END)
        FROM groups g WHERE g.id = NEW.group_id), 0), NEW.answer = 'coming', NEW.answer = 'not_now')
    ON CONFLICT (call_id, group_id, own) DO UPDATE SET coming = coming + excluded.coming, not_now = not_now + excluded.not_now;
END;
CREATE TRIGGER call_node_answers_go AFTER DELETE ON call_node_answers BEGIN
    UPDATE call_nodes SET coming = coming - (OLD.answer = 'coming'), not_now = not_now - (OLD.answer = 'not_now')
    WHERE call_id = OLD.call_id AND group_id = OLD.group_id AND own = OLD.own;
END;
-- [postgresql]
CREATE FUNCTION count_node_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE call_nodes SET coming = coming - (OLD.answer = 'coming')::int, not_now = not_now - (OLD.answer = 'not_now')::int
        WHERE call_id = OLD.call_id AND group_id = OLD.group_id AND own = OLD.own;
    ELSE
        INSERT INTO call_nodes AS n (call_id, group_id, own, under_id, coming, not_now)
        VALUES (NEW.call_id, NEW.group_id, NEW.own, COALESCE((SELECT COALESCE(g.parent_id, CASE g.kind WHEN 'interest' THEN -2 ELSE 0 END)
            FROM groups g WHERE g.id = NEW.group_id), 0), (NEW.answer = 'coming')::int, (NEW.answer = 'not_now')::int)
        ON CONFLICT (call_id, group_id, own)
            DO UPDATE SET coming = n.coming + excluded.coming, not_now = n.not_now + excluded.not_now;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER call_node_answers_change AFTER INSERT OR DELETE ON call_node_answers
    FOR EACH ROW EXECUTE FUNCTION count_node_answer();
