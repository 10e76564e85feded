"""Dates and times as people write them in Chinese and English, and how instants are shown."""

from bot.dates.counts import read_count
from bot.dates.items import Why
from bot.dates.local import instant_of, next_local
from bot.dates.meaning import Reading
from bot.dates.reading import Unreadable, read, read_duration
from bot.dates.repeating import Repeated, read_hours, read_repeat
from bot.dates.repeats import LAST, Repeat, Unit, instant_on
from bot.dates.showing import written, written_clock, written_day, written_month, written_range

__all__ = [
    "LAST",
    "Reading",
    "Repeat",
    "Repeated",
    "Unit",
    "Unreadable",
    "Why",
    "instant_of",
    "instant_on",
    "next_local",
    "read",
    "read_count",
    "read_duration",
    "read_hours",
    "read_repeat",
    "written",
    "written_clock",
    "written_day",
    "written_month",
    "written_range",
]
