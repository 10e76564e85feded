-- A picture that goes with the summary of a project, by Telegram's number for it: the bot keeps no pictures itself.

ALTER TABLE projects ADD COLUMN picture TEXT;
