"""How instants, days and ranges are shown: with their weekday, and with the year where it isn't this one."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

# For each language: a day of this year, a day of another year, and what stands between day and time.
PATTERNS = {
    "zh_CN": ("M月d日 EEEE", "y年M月d日 EEEE", " "),
    "en": ("EEE d MMM", "EEE d MMM y", ", "),
}
MONTHS = {"zh_CN": "y年M月", "en": "MMMM y"}
# Parsed once: Babel takes ten times longer to find a locale by its name than to format a date.
LOCALES = {language: Locale.parse(language) for language in PATTERNS}


def written(instant: datetime, *, zone: ZoneInfo, language: str, today: date | None = None) -> str:
    """11月28日 星期六 15:00, or Sat 28 Nov, 15:00. The year is left out only where `today` is in the same one."""
    day = written_day(instant.astimezone(zone).date(), language=language, today=today)
    return day + PATTERNS[language][2] + _time(instant, zone)


# The same few days stand on nearly every screen.
@lru_cache(maxsize=1024)
def written_day(day: date, *, language: str, today: date | None = None) -> str:
    """11月28日 星期六, or Sat 28 Nov. The year is left out only where `today` is in the same one."""
    this_year, another_year, _ = PATTERNS[language]
    pattern = this_year if today and today.year == day.year else another_year
    return format_date(day, pattern, locale=LOCALES[language])


def written_month(day: date, *, language: str) -> str:
    """2026年11月, or November 2026."""
    return format_date(day, MONTHS[language], locale=LOCALES[language])


def written_range(start: datetime, end: datetime, *, zone: ZoneInfo, language: str, today: date | None = None) -> str:
    """11月28日 星期六 15:00–17:00; both days where they differ."""
    opening = written(start, zone=zone, language=language, today=today)
    if start.astimezone(zone).date() == end.astimezone(zone).date():
        return f"{opening}–{_time(end, zone)}"
    return f"{opening} – {written(end, zone=zone, language=language, today=today)}"


def written_clock(minute: int) -> str:
    """19:30, from minutes after midnight; 24:30 is half past midnight of the next day."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _time(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).isoformat(timespec="minutes")[11:16]
