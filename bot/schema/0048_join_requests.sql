-- Requests to be let into a Telegram group, of those who were not in its interest group yet: answered once they are.

CREATE TABLE join_requests (
    bot INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    -- As Telegram calls him: he may not have registered yet.
    telegram_id INTEGER NOT NULL,
    -- The update that told of it, by which it is answered once.
    request TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    PRIMARY KEY (bot, chat_id, telegram_id)
) STRICT;
CREATE INDEX join_requests_of_person ON join_requests (telegram_id);
CREATE INDEX join_requests_by_age ON join_requests (asked_at);
