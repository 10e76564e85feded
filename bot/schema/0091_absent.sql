-- Who has told the leaders, once it had begun, that he does not come: the roll shows it.

ALTER TABLE participations ADD COLUMN absent_at INTEGER;
