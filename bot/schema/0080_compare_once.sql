-- Whose name was just compared with all others need not be compared again: found among those who wait by the person.
CREATE INDEX people_to_compare_of_person ON people_to_compare (person_id);
