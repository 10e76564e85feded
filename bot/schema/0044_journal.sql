-- The journal: a transfer may have any number of legs, names the rule it was made by, and a reservation ends in exactly one way.

-- grant: given by hand; gift: from person to person or group; budget: from the county to a group; reward: out of a group's
-- budget; redeem: set aside for a redemption; collect, lapse, cancel: how a reservation ends; stock, donation, damage: pieces
-- that come in, are given by a sponsor, are written off; expiry; merge: two records of one person; adjust: by the county.
INSERT INTO reasons (reason)
VALUES ('grant'), ('gift'), ('budget'), ('reward'), ('redeem'), ('collect'), ('lapse'), ('cancel'), ('stock'), ('donation'),
    ('damage'), ('expiry'), ('merge'), ('adjust');

-- The version of the rules it was made by.
ALTER TABLE transfers ADD COLUMN rule INTEGER;
-- Made by whoever asks, before he asks: told again it is the same transfer.
ALTER TABLE transfers ADD COLUMN key TEXT;
-- The reservation that this one ends.
ALTER TABLE transfers ADD COLUMN resolves INTEGER REFERENCES transfers (id);
CREATE UNIQUE INDEX transfers_by_key ON transfers (key) WHERE key IS NOT NULL;
CREATE UNIQUE INDEX transfers_end_once ON transfers (resolves) WHERE resolves IS NOT NULL;
