"""A Telegram of our own on loopback: for tests, and to try the bot without a token."""
