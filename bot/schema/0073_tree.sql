-- The groups of a county as one tree: under an association its branches, under these their teams; schools beside them.
ALTER TABLE groups ADD COLUMN kind TEXT NOT NULL DEFAULT 'interest'
    CHECK (kind IN ('interest', 'association', 'branch', 'school', 'team'));
-- Under which group it hangs; NULL: under none.
ALTER TABLE groups ADD COLUMN parent_id INTEGER REFERENCES groups (id);
CREATE INDEX groups_of_parent ON groups (parent_id, name, id);
CREATE INDEX groups_of_kind ON groups (kind, name, id) WHERE closed_at IS NULL;
-- Each group with every group above it, and with itself: whatever is asked of a whole branch is one join. The database
-- keeps it by itself, whichever deed hangs a group elsewhere.
CREATE TABLE group_tree (
    ancestor_id INTEGER NOT NULL REFERENCES groups (id),
    group_id INTEGER NOT NULL REFERENCES groups (id),
    PRIMARY KEY (ancestor_id, group_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_tree_upwards ON group_tree (group_id, ancestor_id);
INSERT INTO group_tree (ancestor_id, group_id) SELECT id, id FROM groups;
-- [sqlite]
CREATE TRIGGER groups_rooted AFTER INSERT ON groups BEGIN
    INSERT INTO group_tree (ancestor_id, group_id)
    SELECT ancestor_id, NEW.id FROM group_tree WHERE group_id = NEW.parent_id UNION ALL SELECT NEW.id, NEW.id;
END;
CREATE TRIGGER groups_hung AFTER UPDATE OF parent_id ON groups WHEN OLD.parent_id IS NOT NEW.parent_id BEGIN
    DELETE FROM group_tree
    WHERE group_id IN (SELECT group_id FROM group_tree WHERE ancestor_id = NEW.id)
        AND ancestor_id IN (SELECT ancestor_id FROM group_tree WHERE group_id = NEW.id AND ancestor_id <> NEW.id);
    INSERT INTO group_tree (ancestor_id, group_id)
    SELECT above.ancestor_id, below.group_id FROM group_tree above CROSS JOIN group_tree below
    WHERE above.group_id = NEW.parent_id AND below.ancestor_id = NEW.id;
END;
-- [postgresql]
CREATE FUNCTION root_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO group_tree (ancestor_id, group_id)
    SELECT ancestor_id, NEW.id FROM group_tree WHERE group_id = NEW.parent_id UNION ALL SELECT NEW.id, NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER groups_rooted AFTER INSERT ON groups FOR EACH ROW EXECUTE FUNCTION root_group();
CREATE FUNCTION hang_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM group_tree
    WHERE group_id IN (SELECT group_id FROM group_tree WHERE ancestor_id = NEW.id)
        AND ancestor_id IN (SELECT ancestor_id FROM group_tree WHERE group_id = NEW.id AND ancestor_id <> NEW.id);
    INSERT INTO group_tree (ancestor_id, group_id)
    SELECT above.ancestor_id, below.group_id FROM group_tree above CROSS JOIN group_tree below
    WHERE above.group_id = NEW.parent_id AND below.ancestor_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER groups_hung AFTER UPDATE OF parent_id ON groups FOR EACH ROW
    WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id) EXECUTE FUNCTION hang_group();
