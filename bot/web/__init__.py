"""What is reached by HTTP: Telegram's webhook, and whether the bot is well."""
