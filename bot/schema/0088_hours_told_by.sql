-- What somebody entered for others, as it stands in what is kept of him. What was entered when stands in hours_records_told.

DROP INDEX hours_records_entered;
CREATE INDEX hours_records_told_by ON hours_records (entered_by, id) WHERE entered_by <> person_id;
