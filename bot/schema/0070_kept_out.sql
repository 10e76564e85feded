-- A guardian says of one activity that it is not for the child: until the guardian signs it up, it can't sign up by itself.
ALTER TABLE participations ADD COLUMN kept_out INTEGER NOT NULL DEFAULT 0 CHECK (kept_out IN (0, 1));
