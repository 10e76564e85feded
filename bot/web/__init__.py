"""What is reached by HTTP: Telegram's webhook, and whether the bot is well."""


class CannotListen(Exception):
    """The port is taken or may not be used. Nothing was served."""
