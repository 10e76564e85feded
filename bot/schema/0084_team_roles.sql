-- Of a team each may come as something of their own.

-- NULL, or a role that is there no more: as the first role there is, until the leader says something else.
ALTER TABLE team_members ADD COLUMN role_id INTEGER;
