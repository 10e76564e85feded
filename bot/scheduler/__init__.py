"""Time knocks on the same door: all that the bot does of itself, once."""

from bot.scheduler.ticking import ATTEMPTS_MAX, TICK_SECONDS, Scheduler
from bot.scheduler.timetable import DEEDS, Daily, Deed, Together, timetable

__all__ = ["ATTEMPTS_MAX", "DEEDS", "TICK_SECONDS", "Daily", "Deed", "Scheduler", "Together", "timetable"]
