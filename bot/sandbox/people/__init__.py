"""People who use the sandbox's Telegram: what they see, say, press and do in groups."""

from bot.sandbox.people.people import People
from bot.sandbox.people.persona import Persona
from bot.sandbox.people.seeing import Impossible, Received, Screen, Toast

__all__ = ["Impossible", "People", "Persona", "Received", "Screen", "Toast"]
