-- A gift that is final, and that a county admin took back for its giver: whoever did it. Its state is given_back then.
ALTER TABLE gifts ADD COLUMN reversed_by INTEGER REFERENCES people (id);
