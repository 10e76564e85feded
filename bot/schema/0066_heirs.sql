-- The accounts of records that became another's are found by whose they are now: what expires when is asked of all of a
-- person's together.

CREATE INDEX accounts_left_behind ON accounts (heir) WHERE heir IS NOT NULL;
