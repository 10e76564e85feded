-- Who leads at all: it decides what commands there are, at every update.

-- How many open groups somebody leads, so that whoever is loaded needs no second question. Kept by the deeds that make
-- and dismiss leaders, close groups and open them again; `leaders` says which ones.
ALTER TABLE people ADD COLUMN groups_led INTEGER NOT NULL DEFAULT 0 CHECK (groups_led >= 0);
UPDATE people SET groups_led = (
    SELECT COUNT(*) FROM leaders l JOIN groups g ON g.id = l.group_id
    WHERE l.person_id = people.id AND g.closed_at IS NULL
) WHERE id IN (SELECT person_id FROM leaders);
