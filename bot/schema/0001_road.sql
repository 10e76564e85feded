-- The road of a message: what we were told, what we have to tell, what we have to do later. Instants are Unix seconds.

-- Every update that Telegram handed us, once. It is committed here before Telegram hears that we have it.
CREATE TABLE inbox (
    bot INTEGER NOT NULL,
    update_id INTEGER NOT NULL,
    -- Updates of one line are handled in their order: a private chat or a person's presses (the person's Telegram id),
    -- or a group (its negative id).
    line INTEGER NOT NULL,
    -- Emptied once the retention time is over; the row stays as the memory that this update was handled.
    payload TEXT,
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'broken')),
    attempts INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    kept_at INTEGER NOT NULL,
    done_at INTEGER,
    PRIMARY KEY (bot, update_id)
) STRICT;
CREATE INDEX inbox_waiting ON inbox (bot, line, update_id) WHERE state = 'new';
-- Without it the oldest that waits is looked for among all that was ever handled.
CREATE INDEX inbox_in_order ON inbox (bot, update_id) WHERE state = 'new';
CREATE INDEX inbox_failing ON inbox (bot, retry_at) WHERE state = 'new' AND attempts > 0;
CREATE INDEX inbox_finished ON inbox (done_at) WHERE state <> 'new';

-- Documents and pictures that wait to be sent, once each however many people get them.
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    content BLOB NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

-- One text for many recipients: the outbox rows of a broadcast share it instead of carrying a copy each.
CREATE TABLE letters (
    id INTEGER PRIMARY KEY,
    method TEXT NOT NULL,
    params TEXT NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

-- Everything the bot has to tell Telegram. Written in the transaction of its cause, sent by the dispatcher.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    bot INTEGER NOT NULL,
    -- 0 button answers, 1 replies, 2 urgent calls, 3 reminders, 4 broadcasts
    lane INTEGER NOT NULL CHECK (lane BETWEEN 0 AND 4),
    chat_id INTEGER,
    method TEXT NOT NULL,
    params TEXT NOT NULL,
    letter_id INTEGER REFERENCES letters (id),
    file_id INTEGER REFERENCES files (id),
    -- 1: may not be sent twice; after a crash in the very moment of sending it is reported instead of repeated.
    once INTEGER NOT NULL DEFAULT 0,
    -- What may be told only once, whoever asks for it again (`remind:12:55:24`).
    key TEXT UNIQUE,
    -- Remembers the sent message under this name, so that a later screen can edit it.
    remember TEXT,
    -- later: its time has not come; new: to be sent; taken: a dispatcher has it; sending: on its way and not repeatable.
    state TEXT NOT NULL DEFAULT 'new'
        CHECK (state IN ('later', 'new', 'taken', 'sending', 'sent', 'failed', 'blocked', 'unsure', 'dropped')),
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    message_id INTEGER,
    error TEXT,
    made_at INTEGER NOT NULL,
    done_at INTEGER
) STRICT;
CREATE INDEX outbox_waiting ON outbox (bot, lane, id) WHERE state = 'new';
CREATE INDEX outbox_taken ON outbox (bot, state) WHERE state IN ('taken', 'sending');
CREATE INDEX outbox_later ON outbox (bot, due_at) WHERE state = 'later';
CREATE INDEX outbox_letter ON outbox (letter_id, state) WHERE letter_id IS NOT NULL;
CREATE INDEX outbox_finished ON outbox (done_at) WHERE done_at IS NOT NULL;

-- Messages that are edited again: the live card of an activity, the progress of a call.
CREATE TABLE remembered (
    bot INTEGER NOT NULL,
    name TEXT NOT NULL,
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    PRIMARY KEY (bot, name)
) STRICT;

-- What is to be done at its time. The unique pair is the scheduler's memory: planning twice plans once.
CREATE TABLE due (
    id INTEGER PRIMARY KEY,
    bot INTEGER NOT NULL,
    deed TEXT NOT NULL,
    subject TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    -- After this instant it is reported as too late instead of done.
    until INTEGER,
    -- missed: too late when its turn came; late: and the admins have been told.
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'missed', 'late', 'broken')),
    attempts INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER NOT NULL,
    error TEXT,
    done_at INTEGER,
    UNIQUE (bot, deed, subject, due_at)
) STRICT;
CREATE INDEX due_waiting ON due (bot, retry_at) WHERE state = 'new';
CREATE INDEX due_missed ON due (bot) WHERE state = 'missed';
CREATE INDEX due_subject ON due (bot, subject) WHERE state = 'new';

-- Every chat the bot knows: private ones, and groups it was added to.
CREATE TABLE chats (
    bot INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('private', 'group', 'supergroup', 'channel')),
    title TEXT NOT NULL,
    -- open: we may write; blocked: the person blocked us; gone: we were removed, or the group became another one.
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'blocked', 'gone')),
    became INTEGER,
    since INTEGER NOT NULL,
    PRIMARY KEY (bot, chat_id)
) STRICT;

-- Questions that somebody is being asked, one after another; a restart in the middle harms nothing.
CREATE TABLE forms (
    -- Never used twice: an old form's button must not answer a new form.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    bot INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    -- Who is asked, by Telegram id: somebody who is just registering has no number yet.
    telegram_id INTEGER NOT NULL,
    form TEXT NOT NULL,
    step INTEGER NOT NULL DEFAULT 0,
    -- known: JSON handed in when the form was opened; answers: JSON by question.
    known TEXT NOT NULL,
    answers TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (bot, chat_id, telegram_id)
) STRICT;

-- Signs of life, one row a part: doctor and the admins' panel read them.
CREATE TABLE pulse (
    bot INTEGER NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (bot, name)
) STRICT;
