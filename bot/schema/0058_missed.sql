-- Who was missed without excuse, by person: so few of all sign-ups that nobody is looked for among those who came.
CREATE INDEX participations_missed ON participations (person_id, state) WHERE came = 0;
