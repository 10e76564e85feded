"""A sample county to try the bot with: all of it is made by the bot's own deeds, as people press and type, or leaders do."""

from bot.sandbox.county.cast import CAST, Part
from bot.sandbox.county.days import Days
from bot.sandbox.county.ground import Ground
from bot.sandbox.county.making import NEIGHBOURS, Progress, settle_in, unheard

__all__ = ["CAST", "NEIGHBOURS", "Days", "Ground", "Part", "Progress", "settle_in", "unheard"]
