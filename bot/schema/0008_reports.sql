-- What admins look at, and the menus of commands.

-- The menu that was last sent for a scope and language (`default:en`) or for one person (`person:12`), by its digest:
-- nothing is sent when nothing changed.
CREATE TABLE menus (
    bot INTEGER NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (bot, name)
) STRICT;

-- What the panel and /stats count is found by these, however long the tables have grown. The columns of their conditions
-- stand in them too: else SQLite looks each row up to see what it knows already.
CREATE INDEX inbox_broken ON inbox (bot, update_id) WHERE state = 'broken';
CREATE INDEX outbox_troubled ON outbox (bot, id) WHERE state IN ('failed', 'unsure');
CREATE INDEX due_troubled ON due (bot, id) WHERE state IN ('late', 'broken');
CREATE INDEX people_here ON people (registered_at, id, forgotten_at) WHERE forgotten_at IS NULL;
CREATE INDEX participations_made ON participations (made_at);
CREATE INDEX participations_confirmed ON participations (confirmed_at, came) WHERE came = 1;
CREATE INDEX accounts_highest ON accounts (kind, unit, balance DESC, owner) WHERE balance > 0;
CREATE INDEX transfers_in_time ON transfers (at, id);

-- What was said by somebody and told to him: for /mydata and /forget.
CREATE INDEX inbox_by_line ON inbox (line, kept_at) WHERE state <> 'new';
CREATE INDEX outbox_by_chat ON outbox (chat_id, id);
CREATE INDEX outbox_menus ON outbox (id) WHERE method IN ('setMyCommands', 'deleteMyCommands');
CREATE INDEX outbox_files ON outbox (file_id) WHERE file_id IS NOT NULL;
