-- What a draw went by beside the seed: the day on which somebody last served, '' for never; NULL: was not drawn.
ALTER TABLE participations ADD COLUMN served TEXT;
