-- What is published for a group without a Telegram group is told to its members one by one.

-- How many members were told that it was published, or will be when their quiet hours end.
ALTER TABLE activities ADD COLUMN told INTEGER NOT NULL DEFAULT 0 CHECK (told >= 0);
