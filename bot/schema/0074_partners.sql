-- An activity shared with partners: places of their own for the people of a school, a branch, any group, and of all groups
-- beneath it.

-- For whose people the places of a role are; NULL: for everybody. They were taken out of another role; NULL: out of those
-- for everybody, whose role has no name.
ALTER TABLE activity_roles ADD COLUMN partner_id INTEGER REFERENCES groups (id);
ALTER TABLE activity_roles ADD COLUMN out_of INTEGER REFERENCES activity_roles (id);
-- 1: whoever has one of them keeps it, and what becomes free of them is everybody's.
ALTER TABLE activity_roles ADD COLUMN closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1));
CREATE UNIQUE INDEX activity_roles_of_partner ON activity_roles (activity_id, partner_id) WHERE partner_id IS NOT NULL;
