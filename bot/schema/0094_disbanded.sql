-- Nobody is in a brigade that was disbanded: whoever was went on being called out by others.

DELETE FROM brigade_members WHERE brigade_id IN (SELECT id FROM brigades WHERE closed_at IS NOT NULL);
