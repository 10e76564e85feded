-- Where people meet, and how far from it somebody was who checked in. Where he was is kept nowhere.

-- In millionths of a degree.
ALTER TABLE activities ADD COLUMN latitude INTEGER CHECK (latitude BETWEEN -90000000 AND 90000000);
ALTER TABLE activities ADD COLUMN longitude INTEGER CHECK (longitude BETWEEN -180000000 AND 180000000);

-- A flag for the leader, of the newest location that somebody sent during a stay: rounded, so that it says no more than near or far.
CREATE TABLE stay_distances (
    stay_id INTEGER NOT NULL PRIMARY KEY REFERENCES stays (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    metres INTEGER NOT NULL CHECK (metres BETWEEN 0 AND 20000 AND metres % 50 = 0),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX stay_distances_of_person ON stay_distances (person_id);
