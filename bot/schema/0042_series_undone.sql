-- What a series and its dates were before the newest change from a day on, so that it can be taken back within a minute.
CREATE TABLE series_changes (
    series_id INTEGER NOT NULL PRIMARY KEY REFERENCES series (id),
    was TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

-- Lists show of each series the next date alone.
CREATE INDEX activities_next_of_series ON activities (series_id, starts_at, id) WHERE state = 'open' AND series_id IS NOT NULL;
