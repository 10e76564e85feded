-- Points of an activity by which a need is undertaken wait until it has been summed up what came of it.

-- 1: who came can be confirmed, but nobody is given points yet.
ALTER TABLE activities ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1));
