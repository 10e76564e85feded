-- The ledger: accounts, transfers between them, and the signed entries that a transfer consists of. docs/ledger.md explains it.

-- Why something may be moved. The list is closed: another reason comes with a migration, never at run time.
CREATE TABLE reasons (
    reason TEXT NOT NULL PRIMARY KEY
) STRICT;
-- task, event: credited for taking part; reversal: takes back what another transfer did.
INSERT INTO reasons (reason) VALUES ('task'), ('event'), ('reversal');

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    -- Where a unit comes from (issue), whose it is (member, group, county, sponsor, fund, stock), what is promised but not
    -- yet handed out (reserved), and where it ends (redeemed, expired).
    kind TEXT NOT NULL CHECK (
        kind IN ('issue', 'member', 'group', 'county', 'sponsor', 'fund', 'stock', 'reserved', 'redeemed', 'expired')
    ),
    -- Pieces of two goods are two units: a cup can't be booked against an umbrella.
    unit TEXT NOT NULL CHECK (unit IN ('points', 'fen') OR unit LIKE 'goods:%'),
    -- The number of the person, group, item ... of that kind; for issue, redeemed and expired the number of the purse.
    owner INTEGER NOT NULL DEFAULT 0,
    -- The sum of the account's entries, kept by the statements that write them.
    balance INTEGER NOT NULL DEFAULT 0,
    made_at INTEGER NOT NULL,
    -- Nobody can spend what he hasn't got, and what was issued can't become less than nothing.
    CHECK (CASE WHEN kind = 'issue' THEN balance <= 0 ELSE balance >= 0 END),
    UNIQUE (kind, unit, owner)
) STRICT;

-- The purses that points are issued from. They come first, so that whoever locks accounts in the order of their ids
-- locks the purse before any member's account: docs/decisions/0004.
INSERT INTO accounts (kind, unit, owner, made_at)
VALUES ('issue', 'points', 0, 0), ('issue', 'points', 1, 0), ('issue', 'points', 2, 0), ('issue', 'points', 3, 0),
    ('issue', 'points', 4, 0), ('issue', 'points', 5, 0), ('issue', 'points', 6, 0), ('issue', 'points', 7, 0),
    ('issue', 'points', 8, 0), ('issue', 'points', 9, 0), ('issue', 'points', 10, 0), ('issue', 'points', 11, 0),
    ('issue', 'points', 12, 0), ('issue', 'points', 13, 0), ('issue', 'points', 14, 0), ('issue', 'points', 15, 0);

CREATE TABLE transfers (
    id INTEGER PRIMARY KEY,
    reason TEXT NOT NULL REFERENCES reasons (reason),
    -- What it is for, such as `activity:12`.
    cause TEXT NOT NULL CHECK (cause <> ''),
    -- Whom it is about; NULL where it is about nobody, such as a group's budget.
    person_id INTEGER REFERENCES people (id),
    -- Who did it (NULL: the bot of itself) and who agreed, where a rule asks for a second pair of eyes.
    actor_id INTEGER REFERENCES people (id),
    approver_id INTEGER REFERENCES people (id) CHECK (approver_id <> actor_id),
    bot INTEGER NOT NULL,
    -- The update, due row or command line in whose transaction it was written.
    came_from TEXT NOT NULL CHECK (came_from <> ''),
    -- Its place in the audit chain; only what the bot does of itself may be without one.
    audit_number INTEGER REFERENCES audit (number) CHECK (audit_number IS NOT NULL OR actor_id IS NULL),
    -- The transfer that this one takes back. UNIQUE: nothing is taken back twice.
    reverses INTEGER UNIQUE REFERENCES transfers (id),
    at INTEGER NOT NULL,
    CHECK ((reverses IS NOT NULL) = (reason = 'reversal')),
    CHECK (reverses < id)
) STRICT;
-- One event is one transfer, however often it is told. A reversal's own key is what it reverses.
CREATE UNIQUE INDEX transfers_once ON transfers (cause, reason, COALESCE(person_id, 0)) WHERE reverses IS NULL;

-- The legs of a transfer: what each account gains (+) or gives (-). For each unit they come to nothing.
CREATE TABLE entries (
    transfer_id INTEGER NOT NULL REFERENCES transfers (id),
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    amount INTEGER NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (transfer_id, account_id)
) STRICT, WITHOUT ROWID;
-- An account's newest entries, and its sum, without touching the table.
CREATE INDEX entries_of_account ON entries (account_id, transfer_id, amount);

-- Nothing written is changed or removed. `_keep` stops the statement that would go around the other two: REPLACE on
-- SQLite, TRUNCATE on PostgreSQL. Of an account only the balance ever changes.
-- [sqlite]
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries rows are never changed'); END;
CREATE TRIGGER entries_remain BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries rows are never removed'); END;
CREATE TRIGGER entries_keep BEFORE INSERT ON entries
WHEN EXISTS (SELECT 1 FROM entries WHERE transfer_id = NEW.transfer_id AND account_id = NEW.account_id)
BEGIN SELECT RAISE(ABORT, 'entries rows are never replaced'); END;
CREATE TRIGGER transfers_stay BEFORE UPDATE ON transfers BEGIN SELECT RAISE(ABORT, 'transfers rows are never changed'); END;
CREATE TRIGGER transfers_remain BEFORE DELETE ON transfers BEGIN SELECT RAISE(ABORT, 'transfers rows are never removed'); END;
CREATE TRIGGER transfers_keep BEFORE INSERT ON transfers WHEN EXISTS (SELECT 1 FROM transfers WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'transfers rows are never replaced'); END;
CREATE TRIGGER accounts_stay BEFORE UPDATE OF id, kind, unit, owner ON accounts
BEGIN SELECT RAISE(ABORT, 'an account never becomes another'); END;
CREATE TRIGGER accounts_remain BEFORE DELETE ON accounts BEGIN SELECT RAISE(ABORT, 'accounts rows are never removed'); END;
-- [postgresql]
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entries_remain BEFORE DELETE ON entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entries_keep BEFORE TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfers_stay BEFORE UPDATE ON transfers FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfers_remain BEFORE DELETE ON transfers FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfers_keep BEFORE TRUNCATE ON transfers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER accounts_stay BEFORE UPDATE OF id, kind, unit, owner ON accounts FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER accounts_remain BEFORE DELETE ON accounts FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- [both]
