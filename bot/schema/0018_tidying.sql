-- What was sent to many is kept for some weeks; then its rows go and what was counted of them stays.

-- From when on a call's numbers are no longer made up from its rows: it is set before the first of them goes.
ALTER TABLE calls ADD COLUMN tidied_at INTEGER;
