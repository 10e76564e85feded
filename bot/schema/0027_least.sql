-- An activity may need a number of people: its leaders hear in time when it is short of them, or it is called off by itself.

-- NULL: it takes place with however many come.
ALTER TABLE activities ADD COLUMN least INTEGER CHECK (least > 0);
-- So many hours before the start it is looked at, once.
ALTER TABLE activities ADD COLUMN least_hours INTEGER NOT NULL DEFAULT 48 CHECK (least_hours > 0);
-- 1: it is called off by itself then; 0: its leaders are asked.
ALTER TABLE activities ADD COLUMN lapses INTEGER NOT NULL DEFAULT 0 CHECK (lapses IN (0, 1));
ALTER TABLE activities ADD COLUMN lacked_at INTEGER;
-- How many had signed up when it was called off for want of people; NULL: it was not, or for another reason.
ALTER TABLE activities ADD COLUMN lacked INTEGER CHECK (lacked >= 0);
