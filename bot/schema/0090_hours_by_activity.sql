-- Hours that an activity brought, person by person and side by side: counts by origin add them up.

CREATE INDEX hours_records_standing ON hours_records (cause, person_id, minutes) WHERE state = 'standing';
