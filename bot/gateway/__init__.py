"""Telegram in: the poller, the webhook's intake, python-telegram-bot's Application, and the worker between them."""
