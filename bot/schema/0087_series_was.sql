-- What a series was before it was stopped, so that a stop which is taken back lets none go on that was paused or had ended.
ALTER TABLE series ADD COLUMN was TEXT CHECK (was IN ('on', 'paused', 'ended'));
