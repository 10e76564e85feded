-- Volunteer teams that belong to an area, and in which area somebody lives, as he says himself.

CREATE TABLE area_teams (
    -- A team belongs to one area.
    group_id INTEGER NOT NULL PRIMARY KEY REFERENCES groups (id),
    area_id INTEGER NOT NULL REFERENCES areas (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX area_teams_of_area ON area_teams (area_id);

CREATE TABLE residents (
    person_id INTEGER NOT NULL PRIMARY KEY REFERENCES people (id),
    area_id INTEGER NOT NULL REFERENCES areas (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX residents_of_area ON residents (area_id);
