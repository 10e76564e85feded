-- Whatever is told to many is told in one way: a letter knows what it is for and in which language, and each telling has
-- one letter a language.

ALTER TABLE letters ADD COLUMN subject TEXT;
ALTER TABLE letters ADD COLUMN language TEXT;
UPDATE letters SET
    subject = (SELECT 'call:' || CAST(call_id AS TEXT) FROM call_letters WHERE letter_id = letters.id),
    language = (SELECT language FROM call_letters WHERE letter_id = letters.id);
DROP TABLE call_letters;
CREATE UNIQUE INDEX letters_of_subject ON letters (subject, language) WHERE subject IS NOT NULL;

-- Who came is asked at the end too, also of what was published before that was so.
INSERT INTO due (bot, deed, subject, due_at, retry_at)
SELECT bot, 'activities.over', subject, due_at - 86400, due_at - 86400 FROM due
WHERE deed = 'activities.unconfirmed' AND state = 'new'
ON CONFLICT DO NOTHING;
