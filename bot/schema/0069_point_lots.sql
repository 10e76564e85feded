-- From which entry each point had come that somebody holds, that was redeemed or that expired. docs/decisions/0017.

-- Each transfer that issues points is a lot. These are its parts, wherever they are now: written as the ledger is counted, in
-- the order of its chain, so that what an account's parts come to is what it held at the place that is counted.
CREATE TABLE point_lots (
    -- Who holds them; or what they went to, redeemed or expired.
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    -- The transfer by which they went there; 0: somebody holds them.
    gone_by INTEGER NOT NULL,
    lot INTEGER NOT NULL REFERENCES transfers (id),
    -- When they came to whoever holds them, or held them before they were set aside or went: by that they expire.
    since INTEGER NOT NULL,
    amount INTEGER NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (account_id, gone_by, lot, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX point_lots_of ON point_lots (lot);

-- What was redeemed at once can be of several groups, kinds and grades: a line for each.
DROP INDEX point_lines_of_transfer;
CREATE INDEX point_lines_of_transfer ON point_lines (transfer_id, flow);
-- What was counted without lots is counted again, a slice at a time.
DELETE FROM point_lines;
DELETE FROM point_figures;
UPDATE point_figures_head SET place = 0 WHERE id = 1;
