-- Where a stranger's link leads, until he registers: whoever says hello first must not lose the poster he came from.

ALTER TABLE chats ADD COLUMN wanted TEXT;
