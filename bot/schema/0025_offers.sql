-- Offers of places: when somebody was told of his, from which on his time counts. NULL: he has not been told yet.
ALTER TABLE participations ADD COLUMN asked_at INTEGER;
