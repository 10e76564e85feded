-- A letter may tell leaders more than everybody else: where they see who of their groups comes. Each telling has one letter
-- a language, and one more for leaders where theirs is another.

ALTER TABLE letters ADD COLUMN leaders INTEGER NOT NULL DEFAULT 0 CHECK (leaders IN (0, 1));
DROP INDEX letters_of_subject;
CREATE UNIQUE INDEX letters_of_subject ON letters (subject, language, leaders) WHERE subject IS NOT NULL;
