-- What a supervisor looks at is found without reading every record: what somebody entered for others lately, what came
-- within a day of its publication (the longest that can be set), and who has hours of grade C at all.

CREATE INDEX hours_records_told ON hours_records (at, entered_by, ends, minutes, grade, state, came_from)
WHERE grade <> 'A';
CREATE INDEX hours_records_hurried ON hours_records (at, entered_by, published_at, minutes)
WHERE at - published_at < 86400;
CREATE INDEX hours_accounts_afterwards ON hours_accounts (person_id) WHERE c > 0;

-- Whether a child that is picked up has, or had, a guardian here.
CREATE INDEX guardianships_of_picked_up ON guardianships (person_id) WHERE guardian_id IS NOT NULL;
