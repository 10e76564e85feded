"""A town with something in it: groups, tasks, events, points and a council, made through the door."""

from tests.town import Town


async def furnished(town: Town) -> None:
    """Fill the town by the bot's own deeds, so that every screen has something to show."""
