-- The ledger's chain: each transfer, with its entries, gets a place in it, and each place's hash covers the one before.

-- Sealed in batches, at most a minute after they were written, so that awards never wait for the chain's head.
CREATE TABLE seals (
    place INTEGER NOT NULL PRIMARY KEY,
    transfer_id INTEGER NOT NULL UNIQUE REFERENCES transfers (id),
    hash TEXT NOT NULL
) STRICT;

-- The end of the chain; `newest` is the highest number of a transfer in it. Whoever seals locks this row first.
CREATE TABLE seals_head (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    place INTEGER NOT NULL,
    hash TEXT NOT NULL,
    newest INTEGER NOT NULL
) STRICT;
INSERT INTO seals_head (id, place, hash, newest) VALUES (1, 0, '', 0);

-- [sqlite]
CREATE TRIGGER seals_stay BEFORE UPDATE ON seals BEGIN SELECT RAISE(ABORT, 'seals rows are never changed'); END;
CREATE TRIGGER seals_remain BEFORE DELETE ON seals BEGIN SELECT RAISE(ABORT, 'seals rows are never removed'); END;
CREATE TRIGGER seals_keep BEFORE INSERT ON seals
WHEN EXISTS (SELECT 1 FROM seals WHERE place = NEW.place OR transfer_id = NEW.transfer_id)
BEGIN SELECT RAISE(ABORT, 'seals rows are never replaced'); END;
-- [postgresql]
CREATE TRIGGER seals_stay BEFORE UPDATE ON seals FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER seals_remain BEFORE DELETE ON seals FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER seals_keep BEFORE TRUNCATE ON seals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- [both]
